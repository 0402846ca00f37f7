"""One run as the registry knows it: what was asked for, how it stands, and all that a page needs to show it."""

from __future__ import annotations

import contextvars
import math
import time
from dataclasses import asdict, replace
from typing import Any

import numpy as np

import denoiser
from denoiser.pictures import to_bytes
from denoiser.train.recipes import LONGEST_RUN
from denoiser.train.tasks import TASKS
from denoiser.watch.events import Ended, Event, Job, Kept, Preparing, Snapshot, Started
from denoiser.watch.settings import RunSettings
from serving.encoding import to_base64
from serving.errors import Fault
from serving.learned import learned_by
from serving.runs.answers import Answer, Best, Numbers, Start, State, Whole
from serving.runs.history import Curve, Frames

# How a run stands before its first step.
BEFORE = Snapshot(
    step=0,
    seconds=0.0,
    seconds_left=0.0,
    progress=0.0,
    learning_rate=0.0,
    pictures=0,
    rate=0.0,
    losses=(),
    validation=(),
    fitted=(),
    samples=np.zeros((0, 28, 28), np.uint8),
)


class Run:
    """State and history of one run. Not thread safe: the registry holds its lock around every call.

    `version` grows with every change; whoever says which one they know gets what is new since.
    """

    def __init__(self, token: str, name: str, model: str, settings: RunSettings | None = None) -> None:
        self.token, self.name, self.model, self.settings = token, name, model, settings
        self.training: object = asdict(settings.config()) if settings is not None else None
        self.drawing: np.ndarray | None = None
        self.start: bytes | None = None  # the checkpoint that is fine-tuned
        self.context = contextvars.copy_context()  # whose request this is: a rented GPU asks
        self.state: State = "waiting"
        self.reason, self.message = "", ""
        self.fault: Fault = ""
        self.version = 1
        self.fresh_from = 0  # the version from which a watcher's picture of the run may be added to
        self.seen = time.monotonic()  # when somebody last asked for it
        self.begun = self.ended = 0.0
        self.trained = 0.0  # seconds of training before it was begun for the last time
        self.preparing = ""  # what it waits for, from its turn to its start
        self.started: Start | None = None
        self.losses, self.validation, self.frames = Curve(), Curve(average=False), Frames()
        self.fitted = Curve(average=False)  # the same error on digits that it learns from, where these are few
        self.times = Curve(average=False)  # seconds of training at a step
        self.last: Snapshot | None = None
        self.checkpoint: bytes | None = None
        self.resume: bytes | None = None
        self.weights = 0  # counts the checkpoints
        self.metrics: dict[str, float] | None = None
        self._kept = (0, 0.0)  # step and seconds of training at which `resume` stands
        self._started_at = self._samples_at = 0  # versions
        self._samples = ""

    @property
    def usable(self) -> bool:
        return self.checkpoint is not None

    @property
    def reads(self) -> bool:
        """Whether its network reads digits; else it denoises them."""
        return TASKS[self.model].reads

    @property
    def can_go_on(self) -> bool:
        return self.state == "ended" and self.resume is not None and self.seconds < LONGEST_RUN - 1

    @property
    def seconds(self) -> float:
        """Of training so far."""
        return self.last.seconds if self.last is not None else 0.0

    @property
    def budget(self) -> float:
        """Seconds of training it may take in all."""
        return self.settings.seconds if self.settings is not None else 0.0

    @property
    def bytes(self) -> int:
        return sum(len(part or b"") for part in (self.checkpoint, self.resume, self.start)) + self.frames.bytes

    def job(self) -> Job:
        assert self.settings is not None  # only what was started here is trained here
        start = self.start if self.resume is None else None
        return Job(self.settings, drawing=self.drawing, start=start, state=self.resume)

    def begin(self) -> None:
        self.state, self.preparing = "running", "worker"
        self.begun, self.trained = time.monotonic(), self.seconds
        self.version += 1

    def take(self, event: Event) -> None:
        """Remember what the run says."""
        self.version += 1
        match event:
            case Preparing():
                self.preparing = event.what
            case Started():
                self.preparing = ""
                self._take_start(event)
            case Snapshot():
                self._take_snapshot(event)
            case Kept():
                self.checkpoint, self.resume, self._kept = event.checkpoint, event.state, (event.step, self.seconds)
                self.weights += 1
            case Ended():
                self.checkpoint, self.resume, self.metrics = event.checkpoint, event.state, event.metrics
                self.weights += 1
                self._kept = (self.last.step if self.last is not None else 0), self.seconds
                self.start = None  # it has weights of its own now
                self.end(event.reason, event.message)

    def end(self, reason: str, message: str = "", fault: Fault = "") -> None:
        self.version += 1
        self.state, self.preparing = "ended", ""
        self.reason, self.message, self.fault = reason, message, fault
        self.ended = time.monotonic()
        for curve in self._curves:
            curve.flush(self.version)

    def wait_to_go_on(self, seconds: float) -> None:
        """Queue again, for so many more seconds; what came after the state that is left is forgotten."""
        assert self.settings is not None
        step, trained = self._kept
        if self.last is not None:
            self.last = replace(self.last, step=step, seconds=trained)
        self.settings = replace(self.settings, seconds=trained + seconds)
        self.version += 1
        self.fresh_from = self.version
        for curve in self._curves:
            curve.cut(step, self.version)
        self.frames.cut(step)
        self.state, self.metrics = "waiting", None
        self.reason, self.message, self.fault = "", "", ""
        self.context = contextvars.copy_context()
        self.seen = time.monotonic()

    def remaining(self, pace: float, start: float) -> float:
        """Seconds until it ends, as far as can be foreseen: `start` to begin, `pace` per second of training."""
        if self.state == "running" and self.last is not None and self.last.seconds > self.trained:
            return self.last.seconds_left * pace
        elapsed = time.monotonic() - self.begun if self.state == "running" else 0.0
        return max(1.0, start + (self.budget - self.seconds) * pace - elapsed)

    def answer(self, since: int) -> Answer:
        """What is new since that version; all of it where that version is not known any more."""
        oldest = max(1, self.fresh_from, *(curve.fresh_from for curve in self._curves))
        fresh = not oldest <= since <= self.version
        since = 0 if fresh else since
        whole: Whole = {"settings": self._settings(), "learned": learned_by(self.training)} if fresh else {}
        return {
            "state": self.state,
            "reason": self.reason,
            "message": self.message,
            "fault": self.fault,
            "preparing": self.preparing,
            "prepared": round(time.monotonic() - self.begun, 1) if self.preparing else 0.0,
            "version": self.version,
            "fresh": fresh,
            **whole,
            "started": self.started if self._started_at > since else None,
            "losses": [list(point) for point in self.losses.since(since)],
            "validation": [list(point) for point in self.validation.since(since)],
            "fitted": [list(point) for point in self.fitted.since(since)],
            "times": [list(point) for point in self.times.since(since)],
            "samples": self._samples if self._samples_at > since else None,
            "frames": len(self.frames),
            **self._numbers(),
            "best": self._best(),
            "usable": self.usable,
            "can_go_on": self.can_go_on,
            "metrics": self.metrics,
            "device": self.started["device"] if self.started else None,
            "reads": self.reads,
            "name": self.name,
        }

    @property
    def _curves(self) -> tuple[Curve, ...]:
        return self.losses, self.validation, self.fitted, self.times

    def _settings(self) -> dict[str, Any]:
        plain = asdict(self.settings) if self.settings is not None else {"model": self.model}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}

    def _numbers(self) -> Numbers:
        last, left = self.last or BEFORE, self.budget - self.seconds
        if self.state == "running" and self.last is not None:
            left = last.seconds_left
        return {
            "step": last.step,
            "pictures": last.pictures,
            "progress": last.progress,
            "rate": last.rate,
            "learning_rate": last.learning_rate,
            "seconds": last.seconds,
            "seconds_left": 0.0 if self.state == "ended" else left,
        }

    def _best(self) -> Best | None:
        lowest = self.validation.lowest()
        if lowest is None:
            return None
        step, value = lowest
        return {"step": step, "wrong": value} if self.reads else {"step": step, "mse": value}

    def _take_start(self, event: Started) -> None:
        first = self.started  # of a run that goes on, the untrained network is the one it began with
        self.started = {
            "device": event.device,
            "precision": event.precision,
            "source": event.source,
            "count": event.count,
            "parameters": event.parameters,
            "trained_parameters": event.trained_parameters,
            "can_be_told": event.can_be_told,
            "reads": event.reads,
            "resumable": event.resumable,
            "own_drawing": event.own_drawing,
            "nothing": event.nothing,
            "untrained": event.untrained if first is None else first["untrained"],
            "layers": [[layer.name, list(layer.shape), layer.weights, layer.trained] for layer in event.layers],
            "labels": list(event.labels),
            "clean": to_base64(event.clean),
            "noisy": to_base64(event.noisy),
        }
        self._started_at = self.version

    def _take_snapshot(self, event: Snapshot) -> None:
        self.losses.add(tuple(filter(_finite, event.losses)), self.version)
        self.validation.add(tuple(filter(_finite, event.validation)), self.version)
        self.fitted.add(tuple(filter(_finite, event.fitted)), self.version)
        self.times.add(((event.step, event.seconds),), self.version)
        self.frames.add(event.step, event.samples.tobytes())
        self._samples, self._samples_at = to_base64(event.samples), self.version
        self.last = replace(event, losses=(), validation=(), fitted=())


def digit_of(drawing: np.ndarray | None) -> np.ndarray | None:
    """What the network sees of a drawing, uint8 [28, 28]; None where there is no ink."""
    if drawing is None or not drawing.any():
        return None
    if drawing.shape == (28, 28) and drawing.dtype == np.uint8:
        return drawing
    digit = denoiser.digit_from_drawing(drawing)
    return to_bytes(digit[0, 0]) if digit.any() else None


def _finite(point: tuple[int, float]) -> bool:
    return math.isfinite(point[1])
