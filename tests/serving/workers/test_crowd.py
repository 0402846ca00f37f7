"""How many threads a run uses beside others, by a clock of the test's own."""

import os
import time
from multiprocessing import Pipe
from pathlib import Path

import pytest
import torch

from denoiser.watch.events import Job
from denoiser.watch.settings import RunSettings
from serving.workers.child import Desk
from serving.workers.crowd import FIRST_PAUSE, LONGEST_PAUSE, LOOK, Crowd, cores


class Machine:
    """A clock, and the processor time that the run gets: `cores` of it while it uses more than one thread."""

    def __init__(self) -> None:
        self.now = self.used = 0.0
        self.cores = 2.0
        self.crowd = Crowd(lambda: self.now, lambda: self.used)

    def run(self, seconds: float, most: int = 2) -> list[int]:
        """The threads after each step of 50 ms."""
        answers, threads = [], most
        for _ in range(round(seconds / 0.05)):
            self.now += 0.05
            self.used += 0.05 * min(self.cores, threads)
            threads = self.crowd.threads(most)
            answers.append(threads)
        return answers


def test_a_run_alone_uses_all_it_may() -> None:
    assert set(Machine().run(10)) == {2}


def test_beside_a_busy_core_it_uses_one_thread_and_tries_again_ever_more_rarely() -> None:
    machine = Machine()
    machine.cores = 1.1
    answers = machine.run(60)
    assert answers.count(1) / len(answers) > 0.85
    tries = [i for i, (a, b) in enumerate(zip(answers, answers[1:], strict=False)) if (a, b) == (1, 2)]
    gaps = [(b - a) * 0.05 for a, b in zip(tries, tries[1:], strict=False)]
    assert gaps[0] < FIRST_PAUSE * 2 + LOOK + 0.2 and gaps == sorted(gaps)
    assert abs(gaps[-1] - LONGEST_PAUSE - LOOK) < 0.2


def test_when_the_others_are_gone_it_uses_all_again() -> None:
    machine = Machine()
    machine.cores = 1.0
    machine.run(5)
    machine.cores = 2.0
    assert set(machine.run(20)[-200:]) == {2}


def test_a_lower_share_is_obeyed_at_once() -> None:
    machine = Machine()
    machine.run(1)
    assert set(machine.run(5, most=1)) == {1}


def test_the_wait_for_a_job_is_not_taken_for_a_crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[int] = []
    monkeypatch.setattr(torch, "get_num_threads", lambda: 2)
    monkeypatch.setattr(torch, "set_num_threads", chosen.append)
    pipe, theirs = Pipe()
    desk = Desk(theirs)
    time.sleep(LOOK + 0.1)  # nobody wants anything
    monkeypatch.setattr(desk, "_jobs", type("Waiting", (), {"get": lambda _: Job(RunSettings())})())
    assert desk.next_job().settings == RunSettings()
    assert desk.goes_on() and chosen == []  # no fewer than its two
    pipe.close()


def test_cores_are_those_we_may_use(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert 1 <= cores() <= (os.cpu_count() or 1)
    for text, most in (("150000 100000", 2), ("50000 100000", 1), ("max 100000", cores()), ("", cores())):
        limit = tmp_path / "cpu.max"
        limit.write_text(text)
        assert cores(str(limit)) == min(cores(), most)
