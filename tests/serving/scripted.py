"""Workers whose runs say what a test tells them to, so that every moment of a run can be looked at."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from typing import Any

import numpy as np

from denoiser.checkpoint import Info, checkpoint_bytes
from denoiser.models import build
from denoiser.train.fine_tuning import Layer
from denoiser.watch.events import Ended, Job, Kept, Snapshot, Started
from serving.errors import WorkerDied

PICTURES = np.arange(10 * 28 * 28, dtype=np.uint32).astype(np.uint8).reshape(10, 28, 28)
CHECKPOINT = checkpoint_bytes(build("dense_autoencoder", {}), Info("dense_autoencoder"))
SETTINGS = {"model": "dense_autoencoder", "seconds": 10.0}
OVER = object()


class ScriptedTask:
    def __init__(self, job: Job, seconds: float) -> None:
        self.job, self.seconds, self.stops = job, seconds, 0
        self._words: queue.Queue[Any] = queue.Queue()

    def say(self, *words: Any) -> None:
        """Events, or exceptions to be raised; OVER ends the task."""
        for word in words:
            self._words.put(word)

    def stop(self) -> None:
        self.stops += 1

    def __iter__(self) -> Iterator[Any]:
        while (word := self._words.get()) is not OVER:
            if isinstance(word, Exception):
                raise word
            yield word


class ScriptedWorkers:
    longest, at_once = 600.0, 2

    def __init__(self) -> None:
        self.tasks: list[ScriptedTask] = []

    def warm(self) -> None: ...

    def task(self, job: Job, seconds: float) -> ScriptedTask:
        self.tasks.append(ScriptedTask(job, seconds))
        return self.tasks[-1]

    def close(self) -> None:
        for task in self.tasks:
            task.say(WorkerDied("closed"), OVER)


def started(**changes: Any) -> Started:
    values: dict[str, Any] = {
        **{"device": "cpu", "precision": "float32", "source": "MNIST", "count": 200, "parameters": 7},
        **{"trained_parameters": 7, "layers": (Layer("down.0", (2, 3), 7, True),)},
        **{"can_be_told": False, "reads": False, "resumable": True},
        **{"clean": PICTURES, "noisy": PICTURES, "labels": (None, *range(9)), "own_drawing": True},
        **{"nothing": 0.1, "untrained": 0.2, "step": 0, "seconds": 0.0},
    }
    return Started(**values | changes)


def snapshot(step: int, seconds: float, left: float = 5.0, score: float | None = None, loss: float = 0.5) -> Snapshot:
    scores = () if score is None else ((step, score),)
    return Snapshot(step, seconds, left, 0.5, 1e-3, step * 8, 800.0, ((step, loss),), scores, (), PICTURES)


def kept(step: int, state: bytes = b"state") -> Kept:
    return Kept(step, state, CHECKPOINT)


def ended(reason: str = "budget", message: str = "", state: bytes | None = b"end") -> Ended:
    metrics = {"validation_mse": 0.02, "best_step": 3}
    return Ended(reason, message, Info("dense_autoencoder"), metrics, state, CHECKPOINT)
