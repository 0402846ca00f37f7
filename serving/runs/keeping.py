"""Which runs are let go of, and when: memory is bounded, and what nobody asks for makes room."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from serving.runs.queue import RunQueue
from serving.runs.run import Run

MOST_RUN_BYTES = 512 * 2**20  # of weights, states and pictures, of all runs
LARGE_RUN = 32 * 2**20  # bytes: finished runs that are larger take at most half of that, and drive out each other
UNWATCHED = "nobody was watching, so this run left the queue: start it again"


@dataclass(frozen=True)
class Limits:
    """What is kept, and for how long."""

    patience: float = 30  # seconds after which a waiting run that nobody watches leaves the queue
    keep_seconds: float = 3600  # after which a finished run that nobody asks for is forgotten
    most_kept: int = 64  # finished runs
    most_bytes: int = MOST_RUN_BYTES  # of memory, for all of them


class Keeper:
    """Forgets what is due among `runs`, from a thread that begins with `start`; `lock` guards the runs, and wakes it.

    The longest unwatched go first, those without weights before all others. Uploaded ones may take a quarter of the
    places.
    """

    def __init__(self, runs: dict[str, Run], queue: RunQueue, limits: Limits, lock: threading.Condition) -> None:
        self._runs, self._queue, self._limits, self._lock = runs, queue, limits, lock
        self._thread: threading.Thread | None = None
        self._closed = False

    def start(self) -> None:
        """With the lock held; more than once is no harm."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._keep, name="runs-keeper", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Without the lock: wait until the thread has ended."""
        with self._lock:
            self._closed = True
            self._lock.notify_all()
        if self._thread is not None:
            self._thread.join(10)

    def _keep(self) -> None:
        with self._lock:
            while not self._closed:
                self._leave_queue()
                self._forget()
                due = self._next_due()
                self._lock.wait(max(0.01, due - time.monotonic()) if due < float("inf") else None)

    def _leave_queue(self) -> None:
        now = time.monotonic()
        for run in self._queue.waiting():
            if run.seen + self._limits.patience <= now:
                self._queue.leave(run, UNWATCHED)

    def _forget(self) -> None:
        limits, now = self._limits, time.monotonic()
        for run in self._ended():
            if run.seen + limits.keep_seconds <= now:
                del self._runs[run.token]
        uploaded = [run for run in self._ended() if run.settings is None]
        for run in uploaded[: max(0, len(uploaded) - limits.most_kept // 4)]:
            del self._runs[run.token]
        large = [run for run in self._ended() if run.bytes > LARGE_RUN]
        while sum(run.bytes for run in large) > limits.most_bytes // 2:
            del self._runs[large.pop(0).token]
        ended, size = self._ended(), sum(run.bytes for run in self._runs.values())
        while ended and (len(ended) > limits.most_kept or size > limits.most_bytes):
            size -= ended[0].bytes
            del self._runs[ended.pop(0).token]

    def _next_due(self) -> float:
        dues = [run.seen + self._limits.patience for run in self._queue.waiting()]
        dues += [run.seen + self._limits.keep_seconds for run in self._ended()]
        return min(dues, default=float("inf"))

    def _ended(self) -> list[Run]:
        """In the order in which they are given up."""
        ended = [run for run in self._runs.values() if run.state == "ended"]
        return sorted(ended, key=lambda run: (run.usable, run.seen))
