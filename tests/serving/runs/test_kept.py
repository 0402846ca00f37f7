"""What is kept of runs and uploads: weights to begin with, for how long, and how many."""

import time
from typing import Any

import pytest

from denoiser.inference import CHECKPOINTS
from serving.errors import TrainingFailed, UnknownRun
from serving.runs.keeping import Limits
from serving.runs.registry import Runs
from tests.serving.scripted import CHECKPOINT, OVER, SETTINGS, ScriptedWorkers, ended, snapshot, started


def test_weights_to_fine_tune_come_from_a_run_or_are_shipped(
    runs: Runs, workers: ScriptedWorkers, state_of: Any
) -> None:
    token = runs.start(SETTINGS)
    with pytest.raises(ValueError, match="no weights yet"):
        runs.start({}, of=token)
    workers.tasks[0].say(started(), snapshot(1, 1.0), ended(), OVER)
    state_of(token, "ended")
    state_of(runs.start({}, of=token), "running")
    assert workers.tasks[1].job.start == CHECKPOINT and workers.tasks[1].job.settings.model == "dense_autoencoder"
    state_of(runs.start({}, of="simple_unet"), "running")
    assert workers.tasks[2].job.start == (CHECKPOINTS / "simple_unet.safetensors").read_bytes()
    with pytest.raises(ValueError, match="these weights are of a dense_autoencoder"):
        runs.start({"model": "simple_unet"}, of=token)
    with pytest.raises(UnknownRun):
        runs.start({}, of="A" * 43)
    assert runs.watch(runs.start({}, of="lean_classifier"))["settings"]["model"] == "lean_classifier"
    for wrong in ("nope", "../checkpoints/simple_unet", "tutorial_classifier", 7):
        with pytest.raises(ValueError, match="unknown weights"):
            runs.start({}, of=wrong)  # type: ignore[arg-type]


def test_an_uploaded_checkpoint_becomes_a_finished_run(runs: Runs) -> None:
    token = runs.adopt(CHECKPOINT, "../my net.safetensors")
    answer = runs.watch(token)
    assert (answer["state"], answer["usable"], answer["can_go_on"], answer["losses"]) == ("ended", True, False, [])
    assert answer["name"] == "___my_net" and answer["settings"] == {"model": "dense_autoencoder"}
    assert runs.denoiser(token).info.parameters == 219_866 and runs.checkpoint(token) == CHECKPOINT
    with pytest.raises(ValueError, match="no pictures yet"):
        runs.timelapse(token)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a safetensors file"),
        (b"x" * 1000, "not a safetensors file"),
        (CHECKPOINT[:-100], "not a safetensors file"),
        (b"\xff" * 8 + b"{}", "not a safetensors file"),
        (b"x" * (16 * 2**20 + 1), "at most 16 MiB"),
    ],
)
def test_what_is_no_checkpoint_is_refused_in_one_line(runs: Runs, data: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        runs.adopt(data, "file.safetensors")
    assert "\n" not in str(caught.value)


def finish(runs: Runs, workers: ScriptedWorkers, state_of: Any, *last: Any) -> str:
    token = runs.start(SETTINGS)
    workers.tasks[-1].say(started(), snapshot(1, 1.0), *(last or (ended(),)), OVER)
    state_of(token, "ended")
    return token


def test_a_finished_run_is_forgotten_when_nobody_asks_for_it(workers: ScriptedWorkers, until: Any) -> None:
    runs = Runs(workers, limits=Limits(keep_seconds=0.6))
    tokens = runs.adopt(CHECKPOINT), runs.adopt(CHECKPOINT)
    deadline = time.monotonic() + 1.2
    while time.monotonic() < deadline:
        runs.watch(tokens[0])
        time.sleep(0.01)
    with pytest.raises(UnknownRun):
        runs.watch(tokens[1])
    runs.close()


def test_the_longest_unwatched_go_first_and_those_without_weights_before_them(
    workers: ScriptedWorkers, until: Any
) -> None:
    runs = Runs(workers, limits=Limits(most_kept=4))
    wait = lambda token, state: until(lambda: runs.watch(token)["state"] == state)  # noqa: E731
    old, newer = (finish(runs, workers, wait) for _ in range(2))
    empty = finish(runs, workers, wait, TrainingFailed("x"))
    runs.watch(old)
    third, fourth = (finish(runs, workers, wait) for _ in range(2))
    until(lambda: len(runs) <= 4)
    fifth = finish(runs, workers, wait)
    until(lambda: len(runs) <= 4)
    for gone in (empty, newer):
        with pytest.raises(UnknownRun):
            runs.watch(gone)
    assert all(runs.watch(token)["usable"] for token in (old, third, fourth, fifth))
    uploads = [runs.adopt(CHECKPOINT) for _ in range(3)]
    until(lambda: len(runs) <= 4)
    assert runs.watch(uploads[-1])["usable"], "uploads drive out each other"
    assert sum(known(runs, token) for token in (old, third, fourth, fifth)) == 3
    runs.close()


def known(runs: Runs, token: str) -> bool:
    try:
        return bool(runs.watch(token))
    except UnknownRun:
        return False


def test_the_memory_of_all_runs_is_bounded(workers: ScriptedWorkers, until: Any) -> None:
    runs = Runs(workers, limits=Limits(most_bytes=3 * len(CHECKPOINT) + 1000, most_kept=100))
    tokens = [runs.adopt(CHECKPOINT) for _ in range(10)]
    until(lambda: len(runs) == 3)
    assert [known(runs, token) for token in tokens] == 7 * [False] + 3 * [True]
    runs.close()
