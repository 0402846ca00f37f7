"""A rented GPU, with a module that does what `spaces` does: it forks, and pickles what goes in and out."""

import multiprocessing
import os
import pickle
import sys
import threading
import types
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from denoiser.watch.events import Ended, Job
from denoiser.watch.settings import RunSettings
from serving.errors import TrainingFailed, WorkerDied
from serving.runs.registry import Runs
from serving.workers import zerogpu
from serving.workers.processes import ProcessWorkers
from serving.workers.zerogpu import EXTRA, RentedGpuWorkers, best_workers, drawing_device

pytestmark = [
    pytest.mark.usefixtures("few_digits"),
    pytest.mark.skipif(sys.platform != "linux", reason="ZeroGPU forks"),
]
SETTINGS = {"model": "dense_autoencoder", "data": "mnist", "batch_size": 16, "seconds": 1.0}


class FullMark(Exception):
    """As `gr.Error`: its words are in `message`, and its text is their repr."""

    def __init__(self, message: str) -> None:
        super().__init__(repr(message))
        self.message = message


class Spaces(types.ModuleType):
    """What is used of it. `slots` counts the GPUs that are taken."""

    def __init__(self) -> None:
        super().__init__("spaces")
        self.slots, self.durations, self.pids = 0, [], []
        self.refusal: str | None = None

    def GPU(self, duration: Callable[..., int]) -> Callable[..., Any]:
        def decorate(task: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
            def handler(*arguments: Any) -> Iterator[Any]:
                if self.refusal:
                    raise FullMark(self.refusal)
                self.durations.append(duration(*arguments))
                yield from self._forked(task, pickle.dumps(arguments))

            return handler

        return decorate

    def _forked(self, task: Callable[..., Iterator[Any]], arguments: bytes) -> Iterator[Any]:
        context = multiprocessing.get_context("fork")
        ours, theirs = context.Pipe()
        closed = context.Event()

        def work() -> None:
            generator = task(*pickle.loads(arguments))
            for item in generator:
                if closed.is_set():
                    generator.close()
                    break
                theirs.send(item)
            theirs.send(None)

        process = context.Process(target=work, daemon=True)
        process.start()
        theirs.close()
        self.pids.append(process.pid)
        self.slots += 1
        try:
            while (item := ours.recv()) is not None:
                yield item
        except EOFError:
            raise FullMark("GPU task aborted") from None
        finally:
            closed.set()
            with suppress(EOFError):
                while ours.recv() is not None:
                    pass
            process.join()
            self.slots -= 1


@pytest.fixture
def spaces(monkeypatch: pytest.MonkeyPatch) -> Spaces:
    module = Spaces()
    monkeypatch.setitem(sys.modules, "spaces", module)
    monkeypatch.setenv("SPACES_ZERO_GPU", "true")
    return module


@pytest.fixture
def runs(spaces: Spaces) -> Iterator[Runs]:
    workers = best_workers()
    assert isinstance(workers, RentedGpuWorkers)
    runs = Runs(workers)
    yield runs
    runs.close()
    assert spaces.slots == 0


def job(**changes: Any) -> Job:
    return Job(RunSettings.of(SETTINGS | changes), every=0.02)


def test_elsewhere_nothing_is_rented(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPACES_ZERO_GPU", raising=False)
    monkeypatch.setitem(sys.modules, "spaces", Spaces())
    workers = best_workers()
    assert isinstance(workers, ProcessWorkers) and drawing_device() is None
    workers.close()


def test_without_the_module_a_space_still_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPACES_ZERO_GPU", "1")
    monkeypatch.setitem(sys.modules, "spaces", None)
    assert isinstance(best_workers(), ProcessWorkers)


def test_the_drawing_needs_no_slot(spaces: Spaces) -> None:
    assert drawing_device() == "cpu"


def test_a_run_is_trained_in_a_forked_process_and_can_go_on(runs: Runs, spaces: Spaces, until: Any) -> None:
    token = runs.start(SETTINGS)
    answer = until(lambda: (a := runs.watch(token))["state"] == "ended" and a)
    assert (answer["reason"], answer["step"]) == ("budget", answer["losses"][-1][0]) and answer["step"] > 0
    assert runs.denoiser(token).info.steps > 0 and os.getpid() not in spaces.pids
    runs.go_on(token, 2)
    again = until(lambda: (a := runs.watch(token))["state"] == "ended" and a)
    assert again["step"] > answer["step"] and spaces.durations == [1 + EXTRA, 2 + EXTRA]


def test_stop_reaches_the_forked_process_and_keeps_its_weights(runs: Runs, spaces: Spaces, until: Any) -> None:
    tokens = [runs.start(SETTINGS | {"seconds": 60.0}) for _ in range(2)]
    for token in tokens:
        until(lambda token=token: runs.watch(token)["step"] > 0)
    assert spaces.slots == 2
    runs.stop(tokens[0])
    answer = until(lambda: (a := runs.watch(tokens[0]))["state"] == "ended" and a)
    assert answer["reason"] == "stopped" and answer["usable"] and runs.watch(tokens[1])["state"] == "running"
    until(lambda: spaces.slots == 1)
    runs.stop(tokens[1])


def test_closing_the_task_frees_the_slot(spaces: Spaces) -> None:
    workers = RentedGpuWorkers(spaces)
    events = iter(workers.task(job(seconds=60), 60))
    next(events)
    assert spaces.slots == 1
    events.close()  # type: ignore[attr-defined]
    assert spaces.slots == 0
    assert isinstance(list(workers.task(job(), 1))[-1], Ended)


def test_a_run_that_is_cut_off_keeps_what_it_had(spaces: Spaces) -> None:
    task = RentedGpuWorkers(spaces).task(job(seconds=60), 60)
    with pytest.raises(WorkerDied, match="GPU task aborted"):
        for _ in task:
            os.kill(spaces.pids[-1], 9)


def test_no_gpu_to_be_had_is_one_line(runs: Runs, spaces: Spaces, until: Any) -> None:
    spaces.refusal = "You have exceeded your\nGPU quota"
    token = runs.start(SETTINGS)
    answer = until(lambda: (a := runs.watch(token))["state"] == "ended" and a)
    assert (answer["reason"], answer["message"]) == ("failed", "You have exceeded your GPU quota")


def test_a_mistake_in_the_forked_process_comes_back_as_its_line(spaces: Spaces) -> None:
    with pytest.raises(TrainingFailed, match="not a safetensors file"):
        list(RentedGpuWorkers(spaces).task(Job(RunSettings.of(SETTINGS), start=b"nothing"), 1))


def test_a_run_is_short_where_a_visitor_has_few_minutes(runs: Runs) -> None:
    with pytest.raises(ValueError, match="at most|60 seconds at a time"):
        runs.start(SETTINGS | {"seconds": 61.0})


def test_places_are_given_back_and_are_only_so_many(spaces: Spaces) -> None:
    workers, started = RentedGpuWorkers(spaces), threading.Barrier(zerogpu.SLOTS + 1)

    def train() -> None:
        events = iter(workers.task(job(seconds=60), 60))
        next(events)
        started.wait()
        started.wait()
        events.close()  # type: ignore[attr-defined]

    threads = [threading.Thread(target=train) for _ in range(zerogpu.SLOTS)]
    for thread in threads:
        thread.start()
    started.wait()
    with pytest.raises(WorkerDied, match="no place"):
        list(workers.task(job(), 1))
    started.wait()
    for thread in threads:
        thread.join()
    assert isinstance(list(workers.task(job(), 1))[-1], Ended)
