"""The other side of the pipe: a process that trains what it is told, and exits when nobody is left to tell it."""

from __future__ import annotations

import gc
import logging
import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import torch

from denoiser.events import Job
from denoiser.live import LiveSettings
from denoiser.snapshots import snapshots

log = logging.getLogger(__name__)

WARM_STEPS = 3
LOOK = 0.4  # seconds over which the share of processor time is taken
CROWDED = 0.65  # of the time that its threads could have
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 8.0  # seconds with one thread before all are tried again


@dataclass(frozen=True)
class Ready:
    """The process waits for a job."""


@dataclass(frozen=True)
class Failed:
    """In place of further messages: one line for the visitor."""

    line: str


def told(job: Job, goes_on: Callable[[], bool]) -> Iterator[Any]:
    """What the run of this job has to say; where it goes wrong the last of it is `Failed`."""
    try:
        yield from snapshots(job, goes_on)
    except (ValueError, OSError) as error:  # words meant for people
        yield Failed(" ".join(str(error).split()))
    except Exception as error:
        log.exception("a training run failed")
        yield Failed(f"the training failed ({type(error).__name__}): try other settings")


def serve(pipe: Connection, nice: int, warm_up: bool) -> None:
    """What a worker process does all its life."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the server, which then ends its workers
    if hasattr(os, "nice"):
        os.nice(nice)
    desk = Desk(pipe)
    threading.Thread(target=desk.listen, daemon=True).start()
    if warm_up:
        for _ in told(Job(LiveSettings()), desk.warms_on):
            pass
    try:
        while True:
            pipe.send(Ready())
            for message in told(desk.next_job(), desk.goes_on):
                pipe.send(message)
            _clean_up()
    except OSError:  # the server is gone
        return


class Desk:
    """What the server has said so far: a job, stop, or how many threads to use."""

    def __init__(self, pipe: Connection) -> None:
        self._jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._pipe = pipe
        self._stopped = False
        self._threads = self._threads_in_use = torch.get_num_threads()
        self._crowd = Crowd()
        self._warm_steps = 0

    def listen(self) -> None:
        """Take what comes. A broken pipe means that the server is gone, even by kill -9: so is this process, then."""
        try:
            while True:
                match self._pipe.recv():
                    case "run", job:
                        self._stopped = False
                        self._jobs.put(job)
                    case ("stop",):
                        self._stopped = True
                    case "threads", count:
                        self._threads = count
        except (EOFError, OSError):
            os._exit(0)

    def next_job(self) -> Job:
        """Wait for a job; the time spent waiting says nothing about how crowded the machine is."""
        job = self._jobs.get()
        self._crowd = Crowd()
        return job

    def goes_on(self) -> bool:
        """Asked after every step, by the thread that trains: OpenMP's number of threads belongs to a thread."""
        threads = self._crowd.threads(self._threads)
        if threads != self._threads_in_use:
            self._threads_in_use = threads
            torch.set_num_threads(threads)
        return not self._stopped

    def warms_on(self) -> bool:
        self._warm_steps += 1
        return self._warm_steps < WARM_STEPS


class Crowd:
    """How many threads a run uses: all it may, or one while others keep its threads from running.

    The threads of an operation wait for each other, so that on two cores, one of which is busy with what has a higher
    priority, two threads are ten times slower than one. Whether they run shows in the processor time they get.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, used: Callable[[], float] = time.process_time
    ) -> None:
        self._clock, self._used = clock, used
        self._alone = False  # one thread, for now
        self._until = 0.0  # when it tries them all again
        self._pause = FIRST_PAUSE
        self._since = clock(), used()

    def threads(self, most: int) -> int:
        """To be asked after every step; `most` is how many it may use."""
        now, used = self._clock(), self._used()
        elapsed = now - self._since[0]
        if self._alone:
            if now < self._until:
                return 1
            self._alone, self._since = False, (now, used)
        elif elapsed >= LOOK:
            share = (used - self._since[1]) / (elapsed * most)
            self._since = now, used
            if most > 1 and share < CROWDED:
                self._alone, self._until = True, now + self._pause
                self._pause = min(LONGEST_PAUSE, 2 * self._pause)
                return 1
            self._pause = FIRST_PAUSE
        return most


def _clean_up() -> None:
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def cores(limit: str = "/sys/fs/cgroup/cpu.max") -> int:
    """How many processors this process may keep busy, also in a container, whose share is in the file `limit`."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        with open(limit) as file:
            quota, period = file.read().split()
        return max(1, min(count, round(int(quota) / int(period))))
    except (OSError, ValueError):  # no such limit, or "max"
        return count
