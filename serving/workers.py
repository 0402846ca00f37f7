"""Where runs are trained: what every kind of worker promises, and the simplest kind, threads."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Protocol

from denoiser.events import Event, Job
from denoiser.live import LONGEST
from serving.worker_process import Failed, told


class WorkerDied(RuntimeError):
    """The worker is gone: killed, out of memory, or hanging; what it had kept is all there is."""


class TrainingFailed(RuntimeError):
    """The run could not be trained; one line for the visitor."""


class Task(Protocol):
    """One run on a worker. Iterating trains; `stop`, from any thread, lets it end as soon as it can."""

    def __iter__(self) -> Iterator[Event]: ...

    def stop(self) -> None: ...


class Workers(Protocol):
    """Whoever trains runs. `longest` is the largest budget in seconds, `at_once` how many runs fit side by side."""

    longest: float
    at_once: int

    def warm(self) -> None:
        """Get ready in the background."""

    def task(self, job: Job, seconds: float) -> Task:
        """What trains for so many seconds once it is iterated over; it raises WorkerDied or TrainingFailed."""

    def close(self) -> None:
        """End everything that was started."""


class ThreadWorkers:
    """Trains in the thread that iterates: for tests, and for where processes cannot be had. Drawing slows down."""

    def __init__(self, at_once: int = 2, longest: float = LONGEST) -> None:
        self.at_once, self.longest = at_once, longest
        self._closing = threading.Event()

    def warm(self) -> None: ...

    def task(self, job: Job, seconds: float) -> Task:
        return _ThreadTask(job, self._closing)

    def close(self) -> None:
        self._closing.set()


class _ThreadTask:
    def __init__(self, job: Job, closing: threading.Event) -> None:
        self._job, self._closing = job, closing
        self._stopped = threading.Event()

    def __iter__(self) -> Iterator[Event]:
        yield from understood(told(self._job, self._goes_on))

    def stop(self) -> None:
        self._stopped.set()

    def _goes_on(self) -> bool:
        return not self._stopped.is_set() and not self._closing.is_set()


def understood(messages: Iterator[Event | Failed]) -> Iterator[Event]:
    """The messages, with a failure raised."""
    for message in messages:
        if isinstance(message, Failed):
            raise TrainingFailed(message.line)
        yield message
