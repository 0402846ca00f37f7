"""Who trains, who waits, and who knows their place."""

from typing import Any

import pytest

from serving.errors import Busy
from serving.runs.keeping import Limits
from serving.runs.queue import START_SECONDS
from serving.runs.registry import Runs
from tests.serving.scripted import (
    OVER,
    SETTINGS,
    ScriptedTask,
    ScriptedWorkers,
    ended,
    snapshot,
    started,
)


def test_two_train_at_once_and_the_others_know_their_place(runs: Runs, workers: ScriptedWorkers, state_of: Any) -> None:
    first, second, third, fourth, fifth = (runs.start(SETTINGS) for _ in range(5))
    workers.tasks[0].say(started(), snapshot(1, 3.0, left=7.0))
    workers.tasks[1].say(started(), snapshot(1, 8.0, left=2.0))
    for token in (first, second):
        state_of(token, "running", step=1)
    assert len(workers.tasks) == 2 and "place" not in runs.watch(first)
    answers = [state_of(token, "waiting") for token in (third, fourth, fifth)]
    assert [answer["place"] for answer in answers] == [1, 2, 3]
    pace = 1.2  # until runs have shown another one
    ends = [2 * pace, 7 * pace, 2 * pace + START_SECONDS + 10 * pace]
    assert [answer["wait"] for answer in answers] == [pytest.approx(end, abs=0.11) for end in ends]
    with pytest.raises(Busy, match="too many runs are waiting"):
        runs.start(SETTINGS)
    workers.tasks[1].say(ended(), OVER)
    assert state_of(third, "running") and runs.watch(fourth)["place"] == 1
    assert runs.start(SETTINGS)


def test_a_waiting_run_that_nobody_watches_leaves_the_queue(workers: ScriptedWorkers, until: Any) -> None:
    runs = Runs(workers, at_once=1, limits=Limits(patience=0.5))
    _, left, watched = (runs.start(SETTINGS) for _ in range(3))
    until(lambda: runs.watch(watched)["place"] == 1)
    answer = runs.watch(left)
    assert (answer["state"], answer["reason"]) == ("ended", "stopped") and "nobody was watching" in answer["message"]
    runs.close()


def test_a_run_may_go_on_before_its_worker_is_free(runs: Runs, workers: ScriptedWorkers, state_of: Any) -> None:
    token = runs.start(SETTINGS)
    workers.tasks[0].say(started(), snapshot(5, 2.0), ended())
    state_of(token, "ended")
    runs.go_on(token, 3)
    workers.tasks[0].say(OVER)
    workers.tasks[1].say(started(step=5), snapshot(6, 2.5))
    assert [step for step, _ in state_of(token, "running", step=6)["losses"]] == [5, 6]


def test_a_task_is_begun_in_the_context_of_who_asked(runs: Runs, workers: ScriptedWorkers, until: Any) -> None:
    import contextvars

    whose: contextvars.ContextVar[str] = contextvars.ContextVar("whose", default="nobody")
    found: list[str] = []
    iterate = ScriptedTask.__iter__

    def noting(task: ScriptedTask) -> Any:
        found.append(whose.get())
        return iterate(task)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ScriptedTask, "__iter__", noting)
        contextvars.copy_context().run(lambda: (whose.set("mine"), runs.start(SETTINGS)))
        until(lambda: found == ["mine"])
