"""A GPU that is rented by the run: ZeroGPU on Hugging Face Spaces, through the module `spaces`.

`spaces.GPU` makes of a generator function one that runs in a forked process while it holds a GPU: what it is given and
what it yields is pickled, and no lock or variable of this process is shared with it. What does reach it is memory that
was shared before the fork; that is how a run is stopped.
"""

from __future__ import annotations

import importlib
import logging
import mmap
import os
import threading
from collections.abc import Generator, Iterator
from contextlib import closing
from types import ModuleType
from typing import Any

from denoiser.watch.events import Event, Job
from serving.errors import TrainingFailed, WorkerDied
from serving.workers.contract import Task, Workers
from serving.workers.messages import Failed, messages_of, understood
from serving.workers.processes import ProcessWorkers

log = logging.getLogger(__name__)

LONGEST_SLOT = 60.0  # seconds: a visitor has a few minutes of GPU a day
EXTRA = 15  # seconds asked for beyond the budget: to start, to score, to keep
SLOTS = 2
_stops = mmap.mmap(-1, SLOTS)  # shared with every process that is forked; one byte for each run at work


def rented_gpu() -> ModuleType | None:
    """The module `spaces` where this is a Space that rents GPUs, else None.

    It must be imported before CUDA is touched, and its decorator applied before the page is launched.
    """
    if os.environ.get("SPACES_ZERO_GPU", "").lower() not in ("1", "t", "true"):
        return None
    try:
        return importlib.import_module("spaces")
    except ImportError:
        log.warning("this Space has ZeroGPU, but no module `spaces`: pip install spaces; runs are trained on the CPU")
        return None


def best_workers() -> Workers:
    """Rented GPUs where there are any; else processes, on the GPU of this machine if it has one."""
    spaces = rented_gpu()
    return ProcessWorkers() if spaces is None else RentedGpuWorkers(spaces)


def drawing_device() -> str | None:
    """Where drawings are denoised: a rented GPU is not there between two runs; None is the best there is."""
    return "cpu" if rented_gpu() is not None else None


class RentedGpuWorkers:
    """Trains in what `spaces.GPU` provides. The iterating thread waits for the GPU, and closing frees it."""

    def __init__(self, spaces: Any, at_once: int = SLOTS, longest: float = LONGEST_SLOT) -> None:
        self.at_once, self.longest = min(at_once, SLOTS), longest
        self._train = spaces.GPU(duration=_duration)(_on_gpu)
        self._changing = threading.Lock()
        self._places = list(range(SLOTS))
        self._tasks: set[_RentedTask] = set()

    def warm(self) -> None: ...

    def task(self, job: Job, seconds: float) -> Task:
        return _RentedTask(self, job, seconds)

    def close(self) -> None:
        with self._changing:
            for task in self._tasks:
                task.stop()

    def open(self, task: _RentedTask, job: Job, seconds: float) -> tuple[int, Generator[Event | Failed, None, None]]:
        """A place among those at work, and the run's messages; WorkerDied where no place is free."""
        with self._changing:
            if not self._places:
                raise WorkerDied("no place for another run")
            self._tasks.add(task)
            place = self._places.pop()
        _stops[place] = 0
        return place, self._train(job, place, seconds)

    def give_back(self, task: _RentedTask, place: int) -> None:
        with self._changing:
            self._tasks.discard(task)
            self._places.append(place)


class _RentedTask:
    def __init__(self, workers: RentedGpuWorkers, job: Job, seconds: float) -> None:
        self._workers, self._job, self._seconds = workers, job, seconds
        self._changing = threading.Lock()
        self._place: int | None = None
        self._stopped = False

    def stop(self) -> None:
        with self._changing:
            self._stopped = True
            if self._place is not None:
                _stops[self._place] = 1

    def __iter__(self) -> Iterator[Event]:
        place, messages = self._workers.open(self, self._job, self._seconds)
        with self._changing:
            self._place = place
            _stops[place] = self._stopped
        begun = False
        try:
            with closing(messages):
                for event in understood(messages):
                    begun = True
                    yield event
        except (TrainingFailed, GeneratorExit):
            raise
        except Exception as error:  # gr.Error of `spaces`: no GPU, no time left, or a run that was cut off
            line = " ".join(str(getattr(error, "message", error)).split())
            raise (WorkerDied(line) if begun else TrainingFailed(line)) from error
        finally:
            with self._changing:
                self._place = None
            self._workers.give_back(self, place)


def _duration(job: Job, place: int, seconds: float) -> int:
    """Seconds of GPU to ask for."""
    return round(seconds) + EXTRA


def _on_gpu(job: Job, place: int, seconds: float) -> Iterator[Event | Failed]:
    """What runs in the forked process."""
    yield from messages_of(job, lambda: not _stops[place])
