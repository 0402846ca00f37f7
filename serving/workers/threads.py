"""The simplest workers: threads of this process."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from denoiser.train.recipes import LONGEST_RUN
from denoiser.watch.events import Event, Job
from serving.workers.contract import Task
from serving.workers.messages import messages_of, understood


class ThreadWorkers:
    """Trains in the thread that iterates: for tests, and for where processes cannot be had. Drawing slows down."""

    def __init__(self, at_once: int = 2, longest: float = LONGEST_RUN) -> None:
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
        yield from understood(messages_of(self._job, self._goes_on))

    def stop(self) -> None:
        self._stopped.set()

    def _goes_on(self) -> bool:
        return not self._stopped.is_set() and not self._closing.is_set()
