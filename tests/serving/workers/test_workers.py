"""Threads and processes: the same run from both, and what happens to a process reaches nobody else."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from denoiser.checkpoint import checkpoint_from_bytes
from denoiser.watch.events import Ended, Job, Preparing, Snapshot, Started
from denoiser.watch.settings import RunSettings
from serving.errors import TrainingFailed, WorkerDied
from serving.runs.registry import Runs
from serving.workers.processes import ProcessWorkers
from serving.workers.threads import ThreadWorkers
from tests.serving.working import LONG, SETTINGS, alive

pytestmark = pytest.mark.usefixtures("few_digits")


@pytest.fixture
def runs(processes: ProcessWorkers) -> Runs:
    return Runs(processes)  # not closed, as that would close the workers


def job(**changes: Any) -> Job:
    return Job(RunSettings.of(SETTINGS | changes), every=0.02)


def test_a_process_trains_what_a_thread_trains(processes: ProcessWorkers) -> None:
    steps, both = 10, []
    for workers in (ThreadWorkers(), processes):
        # A rate that does not follow the clock, and a snapshot of every step: none is averaged with its neighbours.
        task = workers.task(replace(job(seconds=300, preset="tutorial"), every=0.0), 300)
        losses: list[tuple[int, float]] = []
        for event in task:
            if isinstance(event, Snapshot):
                losses += event.losses
            if len(losses) >= steps:
                task.stop()
        assert isinstance(event, Ended) and event.reason == "stopped"
        both.append([loss for _, loss in losses[:steps]])
    # Each may choose its own number format, which moves a loss by far less than one batch differs from the next.
    assert both[0][0] == pytest.approx(both[1][0], rel=5e-3)
    assert np.abs(np.subtract(*both)).max() < 0.3 * np.ptp(both[0]) and np.corrcoef(both)[0, 1] > 0.95


def test_a_process_serves_one_run_after_the_other(processes: ProcessWorkers, until: Any) -> None:
    pids = []
    for _ in range(2):
        waits, first, *_, last = (e for e in processes.task(job(), 1) if e != Preparing("worker"))
        pids.append(processes.pids)
        assert (
            waits == Preparing("digits")
            and isinstance(first, Started)
            and isinstance(last, Ended)
            and last.reason == "budget"
        )
        assert checkpoint_from_bytes(last.checkpoint)[1].steps > 0
    assert pids[0] == pids[1] and len(pids[0]) == 1


def test_what_cannot_be_trained_is_one_line_and_the_process_lives_on(processes: ProcessWorkers) -> None:
    list(processes.task(job(), 1))
    before = processes.pids
    with pytest.raises(TrainingFailed) as caught:
        list(processes.task(Job(RunSettings.of(SETTINGS), start=b"no checkpoint"), 1))
    assert "not a safetensors file" in str(caught.value) and "\n" not in str(caught.value)
    assert processes.pids == before and isinstance(list(processes.task(job(), 1))[-1], Ended)


def test_a_fault_of_ours_is_one_line_with_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serving.workers.messages.snapshots", lambda job, goes_on: {}["missing"])
    with pytest.raises(TrainingFailed, match=r"the training failed \(KeyError\): try other settings") as caught:
        list(ThreadWorkers().task(job(), 1))
    assert caught.value.fault == "settings"


def test_it_says_what_it_waits_for(few_digits: None) -> None:
    workers = ProcessWorkers(at_once=1, warm_up=False)
    try:
        cold, warm = list(workers.task(job(), 1)), list(workers.task(job(), 1))
    finally:
        workers.close()
    assert cold[:2] == [Preparing("worker"), Preparing("digits")] and isinstance(cold[2], Started)
    assert warm[0] == Preparing("digits") and isinstance(warm[1], Started)


def test_a_stop_before_the_first_word_is_heard(processes: ProcessWorkers) -> None:
    task = processes.task(job(seconds=300), 300)
    task.stop()
    *_, last = task
    assert isinstance(last, Ended) and last.reason == "stopped" and last.info.steps == 1


def test_a_killed_process_takes_only_its_own_run_with_it(runs: Runs, processes: ProcessWorkers, until: Any) -> None:
    token = runs.start(LONG)
    until(lambda: runs.watch(token)["usable"])
    (pid,) = processes.pids
    os.kill(pid, signal.SIGKILL)
    answer = until(lambda: (a := runs.watch(token))["state"] == "ended" and a)
    assert answer["reason"] == "killed" and answer["usable"] and answer["can_go_on"] and answer["message"]
    (fresh,) = until(lambda: processes.pids != [pid] and processes.pids)
    kept = checkpoint_from_bytes(runs.checkpoint(token))[1]
    runs.go_on(token, 1)
    until(lambda: (a := runs.watch(token))["state"] == "ended" and a["reason"] == "budget")
    answer = runs.watch(token)
    assert answer["step"] > kept.steps and processes.pids == [fresh]
    steps = [step for step, _ in answer["losses"]]
    assert steps == sorted(set(steps)) and steps[-1] == answer["step"]


def test_the_log_tells_how_a_process_ended(processes: ProcessWorkers, caplog: pytest.LogCaptureFixture) -> None:
    events = iter(processes.task(job(seconds=300), 300))
    assert isinstance(next(e for e in events if not isinstance(e, Preparing)), Started)
    (pid,) = processes.pids
    os.kill(pid, signal.SIGTERM)
    with pytest.raises(WorkerDied):
        list(events)
    assert "exit code -15" in caplog.text


@pytest.mark.parametrize("moment", ["at once", "while it starts"])
def test_a_process_may_be_killed_at_any_moment(runs: Runs, processes: ProcessWorkers, until: Any, moment: str) -> None:
    list(processes.task(job(), 1))  # it is there, and ready
    token = runs.start(LONG)
    until(lambda: runs.watch(token)["state"] == "running")
    if moment == "while it starts":
        time.sleep(0.05)
    for pid in processes.pids:
        os.kill(pid, signal.SIGKILL)
    # Killed before it had the job, another process has it now, and the run goes on as if nothing had been.
    until(lambda: (a := runs.watch(token))["reason"] == "killed" or a["step"] > 0)
    if runs.watch(token)["state"] == "running":
        runs.stop(token)
        until(lambda: runs.watch(token)["state"] == "ended")
    assert isinstance(list(processes.task(job(), 1))[-1], Ended)


def test_an_idle_process_that_dies_is_replaced(processes: ProcessWorkers, until: Any) -> None:
    list(processes.task(job(), 1))
    (pid,) = processes.pids
    os.kill(pid, signal.SIGKILL)
    until(lambda: processes.pids not in ([], [pid]))
    assert isinstance(list(processes.task(job(), 1))[-1], Ended)


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs SIGSTOP")
def test_a_process_that_hangs_is_killed(few_digits: None, until: Any) -> None:
    workers = ProcessWorkers(at_once=1, nice=0, warm_up=False, silence=1.0)
    task = workers.task(job(seconds=300, model="simple_unet"), 300)
    with pytest.raises(WorkerDied):
        for event in task:
            if isinstance(event, Snapshot) and alive(workers.pids[0]):
                os.kill(workers.pids[0], signal.SIGSTOP)
    workers.close()


@pytest.mark.parametrize(("available", "threads"), [(1, (1, 1)), (2, (2, 1)), (4, (4, 2)), (5, (5, 2)), (64, (8, 8))])
def test_runs_share_the_cores(available: int, threads: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    class Quiet:
        def __init__(self, *how: Any) -> None:
            self.process, self.ready = type("Process", (), {"is_alive": lambda self: False, "sentinel": None})(), False
            self.sent: list[int] = []
            self.threads, self.deadline = 0, float("inf")

        def kill(self) -> None: ...

        def extend(self, seconds: float) -> None: ...

        def send_threads(self) -> None:
            self.sent.append(self.threads)

    monkeypatch.setattr("serving.workers.processes.Worker", Quiet)
    monkeypatch.setattr("serving.workers.processes.cores", lambda: available)
    workers = ProcessWorkers()
    first = workers.take()
    second = workers.take()
    workers.give_back(first)
    assert first.sent == list(threads) and second.sent == [threads[1], threads[0]]
    workers.close()


def test_a_process_that_does_not_start_is_no_run_and_no_endless_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    workers, spawned = ProcessWorkers(at_once=1, warm_up=False), []
    spawn = workers._spawned

    def doomed() -> Any:
        spawned.append(spawn())
        spawned[-1].process.kill()
        return spawned[-1]

    monkeypatch.setattr(workers, "_spawned", doomed)
    with pytest.raises(WorkerDied, match="is gone"):
        list(workers.task(job(), 1))
    assert len(spawned) == 2
    workers.close()


SERVER = """
import time
from serving.workers.processes import ProcessWorkers
from serving.runs.registry import Runs
if __name__ == "__main__":
    workers = ProcessWorkers(at_once=2, nice=0, warm_up=False)
    runs = Runs(workers)
    runs.warm()
    token = runs.start({"model": "dense_autoencoder", "data": "mnist", "seconds": 300.0})
    while runs.watch(token)["step"] == 0:
        time.sleep(0.05)
    print(*workers.pids, flush=True)
    time.sleep(600)
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_no_process_outlives_the_server(few_digits: None, tmp_path: Path, until: Any, end: signal.Signals) -> None:
    script = tmp_path / "server.py"
    script.write_text(SERVER)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    server = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=environment)
    assert server.stdout is not None
    pids = [int(pid) for pid in server.stdout.readline().split()]
    assert len(pids) == 2 and all(map(alive, pids))
    server.send_signal(end)
    server.wait()
    until(lambda: not any(map(alive, pids)))
