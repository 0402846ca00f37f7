"""The queue for the workers: who trains now, who is next, and how long that may take."""

from __future__ import annotations

import contextvars
import heapq
import logging
import threading
import time
from collections.abc import Callable

from denoiser.watch.events import Ended
from serving.errors import Fault, QueueFull, TrainingFailed, WorkerDied
from serving.runs.answers import Place
from serving.runs.run import Run
from serving.workers.contract import Task, Workers

log = logging.getLogger(__name__)

START_SECONDS = 2.0  # seconds from a free worker to the first step
NEWEST_COUNTS = 0.3  # weight of the last run in the average pace
KILLED = "the process that trained this run is gone: what it had kept is here, and can go on"
LOST = "the process that trained this run is gone before anything was kept: start it again"
BROKEN = "the training failed: start it again"


class RunQueue:
    """Runs in the order in which they came. Every method is called with `lock` held, which also guards the runs.

    `when_over` is called, with the lock held, when a run has ended.
    """

    def __init__(
        self, workers: Workers, at_once: int, waiting: int, lock: threading.Condition, when_over: Callable[[], None]
    ) -> None:
        self._workers, self._at_once, self._waiting = workers, at_once, waiting
        self._lock, self._when_over = lock, when_over
        self._queue: list[Run] = []
        self._tasks: dict[Task, tuple[Run, threading.Thread]] = {}
        self._pace = 1.2  # seconds per second of training, lately
        self._closed = False

    def check_room(self) -> None:
        """QueueFull where one more cannot join."""
        if self._closed or (len(self._queue) >= self._waiting and len(self._tasks) >= self._at_once):
            raise QueueFull

    def join(self, run: Run) -> None:
        self._queue.append(run)
        self._begin_next()

    def leave(self, run: Run, message: str = "") -> None:
        """End a waiting run."""
        self._queue.remove(run)
        run.end("stopped", message)

    def waiting(self) -> list[Run]:
        return list(self._queue)

    def tasks_of(self, run: Run) -> list[Task]:
        """What trains it; to be stopped without the lock."""
        return [task for task, (its_run, _) in self._tasks.items() if its_run is run and run.state == "running"]

    def place(self, run: Run) -> Place:
        """The place of a waiting run, from 1, and the seconds until its turn if all before it take what they may."""
        if run not in self._queue:
            return {}
        place = self._queue.index(run)
        ends = [its_run.remaining(self._pace, START_SECONDS) for its_run, _ in self._tasks.values()]
        ends += [0.0] * (self._at_once - len(ends))
        heapq.heapify(ends)
        for before in self._queue[:place]:
            heapq.heapreplace(ends, ends[0] + before.remaining(self._pace, START_SECONDS))
        return {"place": place + 1, "wait": round(ends[0], 1)}

    def others(self, run: Run) -> int:
        """How many other runs are trained now."""
        return sum(its_run is not run for its_run, _ in self._tasks.values())

    def close(self) -> list[tuple[Task, threading.Thread]]:
        """Nobody's turn comes any more; gives what is at work, to be stopped and joined without the lock."""
        self._closed = True
        for run in self.waiting():
            self.leave(run)
        return [(task, thread) for task, (_, thread) in self._tasks.items()]

    def _begin_next(self) -> None:
        while self._queue and len(self._tasks) < self._at_once and not self._closed:
            run = self._queue.pop(0)
            run.begin()
            task = self._workers.task(run.job(), run.budget - run.seconds)
            context, run.context = run.context, contextvars.Context()  # nobody's request outlives its turn
            work = threading.Thread(target=context.run, args=(self._train, run, task), name="training", daemon=True)
            self._tasks[task] = run, work
            work.start()

    def _train(self, run: Run, task: Task) -> None:
        """Listen to a run to its end; in a thread of its own, without the lock."""
        reason, message, over = "failed", BROKEN, False
        fault: Fault = "broken"
        try:
            for event in task:
                with self._lock:
                    run.take(event)
                    if isinstance(event, Ended):  # from now on it may go on, as another task
                        over = True
                        self._learn_pace(run)
        except WorkerDied:
            reason, message, fault = "killed", "", ""
        except TrainingFailed as error:
            message, fault = str(error), error.fault
        except Exception:
            log.exception("a training run broke off")
        finally:
            with self._lock:
                if not over:
                    run.end(reason, message or (KILLED if run.usable else LOST), fault)
                del self._tasks[task]
                self._begin_next()
                self._when_over()

    def _learn_pace(self, run: Run) -> None:
        trained, taken = run.seconds - run.trained, time.monotonic() - run.begun - START_SECONDS
        if trained > 1 and run.reason == "budget":
            self._pace += NEWEST_COUNTS * (min(5.0, max(1.0, taken / trained)) - self._pace)
