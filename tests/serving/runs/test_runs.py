"""The registry of runs: who trains, who waits, what a watcher sees, and how a run ends."""

import base64
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import denoiser
from serving.errors import Busy, NoTimeLeft, TrainingFailed, UnknownRun, WorkerDied
from serving.runs.registry import Runs
from tests.serving.scripted import (
    CHECKPOINT,
    OVER,
    PICTURES,
    SETTINGS,
    ScriptedWorkers,
    ended,
    kept,
    snapshot,
    started,
)


def test_a_page_that_comes_back_sees_the_whole_run(runs: Runs, workers: ScriptedWorkers, state_of: Any) -> None:
    token = runs.start(SETTINGS)
    (task,) = workers.tasks
    curve, since = [], 0
    task.say(started())
    for step in range(1, 8):
        task.say(snapshot(step, step / 10, score=1 / step))
        state_of(token, "running", step=step)
        answer = runs.watch(token, since)
        curve += answer["losses"]
        assert answer["fresh"] is (since == 0) and ("settings" in answer) is (since == 0)
        assert (answer["started"] is None) is (since > 0)
        since = answer["version"]
    again, nothing_new = runs.watch(token), runs.watch(token, since)
    assert again["losses"] == curve == [[step, 0.5] for step in range(1, 8)]
    assert again["fresh"] and again["started"]["labels"] == [None, *range(9)]
    assert again["started"]["layers"] == [["down.0", [2, 3], 7, True]]
    for name in ("clean", "noisy"):
        assert base64.b64decode(again["started"][name]) == PICTURES.tobytes()
    assert base64.b64decode(again["samples"]) == PICTURES.tobytes() and again["frames"] == 7
    assert again["best"] == {"step": 7, "mse": pytest.approx(1 / 7)}
    assert nothing_new["losses"] == [] and nothing_new["samples"] is None and not nothing_new["fresh"]
    assert json.loads(json.dumps(again, allow_nan=False)) == again
    frames = runs.frames(token)
    assert frames["steps"] == list(range(1, 8)) and base64.b64decode(frames["samples"]) == 7 * PICTURES.tobytes()


@pytest.mark.parametrize("since", [-1, 10**6])
def test_a_version_that_never_was_gives_everything(runs: Runs, since: int) -> None:
    assert runs.watch(runs.start(SETTINGS), since)["fresh"]


def test_what_cannot_be_written_in_json_stays_out_of_the_curve(
    runs: Runs, workers: ScriptedWorkers, state_of: Any
) -> None:
    token = runs.start(SETTINGS)
    workers.tasks[0].say(started(), snapshot(1, 0.1, loss=float("nan"), score=float("inf")), snapshot(2, 0.2))
    answer = state_of(token, "running", step=2)
    assert answer["losses"] == [[2, 0.5]] and answer["validation"] == [] and answer["best"] is None


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "A" * 10_000, None, 7, [], {}])
def test_a_guessed_token_opens_nothing_and_says_no_more_than_an_expired_one(runs: Runs, token: Any) -> None:
    runs.start(SETTINGS)
    looks: list[Any] = [
        *(runs.watch, runs.stop, runs.denoiser, runs.checkpoint, runs.card, runs.timelapse, runs.frames, runs.name),
        lambda token: runs.go_on(token, 5),
    ]
    for look in looks:
        with pytest.raises(UnknownRun, match="not known here, or no longer"):
            look(token)


def test_tokens_cannot_be_guessed(runs: Runs) -> None:
    tokens = {runs.start(SETTINGS) for _ in range(4)}
    assert len(tokens) == 4 and all(len(base64.urlsafe_b64decode(token + "=")) == 32 for token in tokens)
    assert not any(token in str(runs.watch(token)) for token in tokens)


def test_stop_is_sensible_at_every_moment(runs: Runs, workers: ScriptedWorkers, state_of: Any) -> None:
    first, second, waiting = (runs.start(SETTINGS) for _ in range(3))
    runs.stop(waiting)
    runs.stop(waiting)
    answer = runs.watch(waiting)
    assert (answer["state"], answer["reason"], answer["usable"], answer["can_go_on"]) == (
        "ended",
        "stopped",
        False,
        False,
    )
    runs.stop(first)  # before its first step
    runs.stop(first)
    assert workers.tasks[0].stops == 2
    workers.tasks[0].say(started(), snapshot(1, 0.1), ended("stopped"), OVER)
    assert state_of(first, "ended", reason="stopped")["usable"]
    runs.stop(first)
    assert runs.watch(first)["reason"] == "stopped" and workers.tasks[0].stops == 2
    assert runs.watch(second)["state"] == "running" and workers.tasks[1].stops == 0


@pytest.mark.parametrize("reason", ["budget", "early", "diverged"])
def test_the_end_leaves_what_the_run_says(runs: Runs, workers: ScriptedWorkers, state_of: Any, reason: str) -> None:
    token = runs.start(SETTINGS)
    state = None if reason == "diverged" else b"end"
    workers.tasks[0].say(started(), snapshot(3, 1.0), ended(reason, "a line", state), OVER)
    answer = state_of(token, "ended", reason=reason)
    assert answer["message"] == "a line" and answer["metrics"] == {"validation_mse": 0.02, "best_step": 3}
    assert answer["usable"] and answer["can_go_on"] is (reason != "diverged")
    assert runs.checkpoint(token) == CHECKPOINT


def test_a_killed_run_goes_on_from_what_was_kept(runs: Runs, workers: ScriptedWorkers, state_of: Any) -> None:
    token = runs.start(SETTINGS)
    workers.tasks[0].say(started(), snapshot(1, 1.0, score=0.3), snapshot(2, 2.0), kept(2), snapshot(3, 3.0, score=0.1))
    before = state_of(token, "running", step=3)
    assert before["usable"] and not before["can_go_on"]
    workers.tasks[0].say(WorkerDied("gone"))
    answer = state_of(token, "ended", reason="killed")
    assert answer["usable"] and answer["can_go_on"] and "\n" not in answer["message"] and answer["message"]
    assert [step for step, _ in answer["losses"]] == [1, 2, 3] and runs.checkpoint(token) == CHECKPOINT
    runs.go_on(token, 4)
    state_of(token, "running")
    task = workers.tasks[1]
    assert task.job.state == b"state" and task.job.settings.seconds == 2.0 + 4 and task.seconds == 4
    task.say(started(untrained=0.05, step=2), snapshot(3, 2.5))
    answer = runs.watch(token, before["version"]) | state_of(token, "running", step=3)
    assert answer["fresh"] and answer["losses"] == [[1, 0.5], [2, 0.5], [3, 0.5]]
    assert answer["validation"] == [[1, 0.3]] and answer["best"] == {"step": 1, "mse": 0.3}
    assert answer["times"][0] == [1, 1.0] and answer["times"][-1] == [3, 2.5]
    assert answer["started"]["untrained"] == 0.2


def test_a_run_that_is_killed_before_anything_was_kept_can_only_begin_anew(
    runs: Runs, workers: ScriptedWorkers, state_of: Any
) -> None:
    token = runs.start(SETTINGS)
    workers.tasks[0].say(started(), snapshot(1, 0.1), WorkerDied("gone"))
    answer = state_of(token, "ended", reason="killed")
    assert not answer["usable"] and not answer["can_go_on"] and "start it again" in answer["message"]
    for ask in (runs.denoiser, runs.checkpoint, runs.card):
        with pytest.raises(ValueError, match="no weights yet"):
            ask(token)
    with pytest.raises(ValueError, match="cannot go on"):
        runs.go_on(token, 5)


@pytest.mark.parametrize(
    ("error", "message", "fault"),
    [
        (TrainingFailed("no such data"), "no such data", ""),
        (TrainingFailed("the training failed (X)", "settings"), "the training failed (X)", "settings"),
        (KeyError("x"), "the training failed", "broken"),
    ],
)
def test_a_failure_is_one_line_and_the_next_run_begins(
    runs: Runs, workers: ScriptedWorkers, state_of: Any, error: Exception, message: str, fault: str
) -> None:
    first, _, third = (runs.start(SETTINGS) for _ in range(3))
    workers.tasks[0].say(error)
    answer = state_of(first, "ended", reason="failed")
    assert message in answer["message"] and answer["fault"] == fault
    state_of(third, "running")


def test_go_on_has_bounds(runs: Runs, workers: ScriptedWorkers, state_of: Any) -> None:
    token = runs.start(SETTINGS | {"seconds": 598.0})
    with pytest.raises(ValueError, match="has not ended"):
        runs.go_on(token, 5)
    workers.tasks[0].say(started(), snapshot(5, 590.0), ended("stopped"), OVER)
    state_of(token, "ended")
    for seconds in (0, -1, 601, float("nan"), float("inf"), "5", None, True):
        with pytest.raises(ValueError, match="seconds must be a number from 1 to 600"):
            runs.go_on(token, seconds)
    with pytest.raises(NoTimeLeft, match="600 seconds in all: give it at most 10 more") as refused:
        runs.go_on(token, 11)
    assert refused.value.left == 10
    runs.go_on(token, 10)
    workers.tasks[1].say(started(), snapshot(6, 600.1), ended(), OVER)
    assert not state_of(token, "ended", step=6)["can_go_on"]


@pytest.mark.parametrize(
    "settings",
    [None, [], {"model": "gpt"}, {"seconds": 0}, {"seconds": 601}, {"digits": []}, {"more": 1}, {"seed": "x"}],
)
def test_wrong_settings_are_one_line(runs: Runs, workers: ScriptedWorkers, settings: Any) -> None:
    with pytest.raises(ValueError) as caught:
        runs.start(settings)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 200 and workers.tasks == []


def test_a_drawing_is_shown_as_the_digit_it_becomes(runs: Runs, workers: ScriptedWorkers, state_of: Any) -> None:
    drawing = np.zeros((112, 112), np.uint8)
    drawing[20:90, 50:60] = 255
    digit = (denoiser.digit_from_drawing(drawing)[0, 0] * 255).round().byte().numpy()
    for given, shown in ((drawing, digit), (digit, digit), (np.zeros((112, 112), np.uint8), None)):
        token = runs.start(SETTINGS, given)
        state_of(token, "running")
        job = workers.tasks[-1].job
        assert job.drawing is None if shown is None else np.array_equal(job.drawing, shown)
        workers.tasks[-1].say(started(), snapshot(1, 1.0), ended())
        state_of(token, "ended")
        workers.tasks[-1].say(OVER)
    with pytest.raises(ValueError):
        runs.start(SETTINGS, np.zeros(5, np.uint8) + 1)


def test_thirty_watchers_see_the_same_curve(runs: Runs, workers: ScriptedWorkers) -> None:
    token = runs.start(SETTINGS)
    watching = threading.Barrier(31)

    def watch() -> list[list[float]]:
        curve, since = [], 0
        watching.wait()
        while True:
            answer = runs.watch(token, since)
            curve = answer["losses"] if answer["fresh"] else curve + answer["losses"]
            since = answer["version"]
            if answer["state"] == "ended":
                return curve

    with ThreadPoolExecutor(30) as pool:
        curves = [pool.submit(watch) for _ in range(30)]
        watching.wait()
        workers.tasks[0].say(started(), *(snapshot(step, step / 1000) for step in range(1, 2501)), ended(), OVER)
    first = curves[0].result()
    assert len(first) < 2000 and first[-1][0] == 2500 and all(curve.result() == first for curve in curves)


def test_closing_ends_everything(workers: ScriptedWorkers) -> None:
    before = set(threading.enumerate())
    runs = Runs(workers)
    tokens = [runs.start(SETTINGS) for _ in range(4)]
    assert {thread.name for thread in set(threading.enumerate()) - before} >= {"training", "runs-keeper"}
    runs.close()
    assert [runs.watch(token)["state"] for token in tokens] == 4 * ["ended"]
    assert set(threading.enumerate()) <= before
    with pytest.raises(Busy):
        runs.start(SETTINGS)
