"""A run to be watched: one more generator on top of `TrainingRun`, whose every word can be pickled.

The same lines serve a thread, a worker process, a forked GPU slot or a cluster: a `Job` goes in, and out come what
stands at the start, snapshots several times a second, now and then all that is worth keeping, and the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import torch

from denoiser.checkpoint import checkpoint_bytes, checkpoint_from_bytes
from denoiser.data import Digits, kept_digits, limited
from denoiser.models import build, can_be_told, parameter_count
from denoiser.pictures import to_bytes
from denoiser.train.config import TrainingConfig
from denoiser.train.divergence import Watchdog
from denoiser.train.fine_tuning import origin
from denoiser.train.run import TrainingRun
from denoiser.train.state import state_bytes, state_from_bytes
from denoiser.train.step import Diverged, Step
from denoiser.train.validation import Validation
from denoiser.watch.events import Ended, Event, Job, Kept, Snapshot, Started
from denoiser.watch.pacing import Keeping, Scoring, Showing
from denoiser.watch.samples import sample_pictures

LOSSES_AT_ONCE = 6  # points of the curve that one snapshot may add
LARGE = 4_000_000  # weights: a larger network takes fewer digits to score, and no state of it is kept
SCORED, SCORED_IF_LARGE = 256, 128  # held-out digits that a score takes: whoever watches waits for it


def snapshots(job: Job, go_on: Callable[[], bool] = lambda: True) -> Iterator[Event]:
    """Train as a job says, and show how it goes.

    Args:
        job: what to train.
        go_on: asked after every step; False ends the run.

    Yields:
        one `Started`, then `Snapshot`s with a `Kept` between them every few seconds, and one `Ended`.

    Raises:
        ValueError, OSError: settings, start or state that do not fit, or data that cannot be read.
    """
    run = _run_of(job)
    watch, watchdog = _Watch(run, job), Watchdog(run)
    showing, keeping = Showing(job.every), Keeping(run, watch.large)
    yield watch.started()
    reason, message = "budget", ""
    while True:
        try:
            step = next(run, None)
            if step is not None:
                watchdog.note(step)
        except Diverged as error:
            reason, message = "diverged", str(error)
            break
        if step is None:
            reason = "early" if run.ended_early else "budget"
            break
        watch.note(step)
        if showing.is_due():
            with showing.timing():
                yield watch.snapshot(step)
        if keeping.is_due():
            with keeping.timing():
                yield watch.kept()
        if not go_on():
            reason = "stopped"
            break
    if watch.last is not None:
        if reason != "diverged":
            watch.validate()
        yield watch.snapshot(watch.last)
    yield watch.ended(reason, message)


class _Watch:
    """What the page sees of a run: sample pictures, stretches of the loss, scores."""

    def __init__(self, run: TrainingRun, job: Job) -> None:
        self.run = run
        self.large = _is_large(run.config)
        held_out = kept_digits(run.config.data, "validation")
        self.clean, self.labels = sample_pictures(held_out, run.config.digits, job.drawing)
        self.shown = run.task.sample_inputs(self.clean)
        self.last: Step | None = None
        self._own = job.drawing is not None
        self._losses: list[tuple[int, float]] = []
        self._scores: list[tuple[int, float]] = []
        self._fits: list[tuple[int, float]] = []
        self._known = self._learned_from()
        self._speed = _Speed(run)
        self._scoring, self._seen = Scoring(run, self.large), False

    def started(self) -> Started:
        """How it stands before the first step."""
        run = self.run
        layers = run.layers()
        return Started(
            device=str(run.device),
            precision=run.precision,
            source=run.data.source,
            count=len(run.data),
            parameters=parameter_count(run.model),
            trained_parameters=sum(layer.weights for layer in layers if layer.trained),
            can_be_told=can_be_told(run.config.model_config),
            reads=run.task.reads,
            resumable=not self.large,
            layers=layers,
            clean=to_bytes(self.clean[:, 0]),
            noisy=to_bytes(self.shown[:, 0]),
            labels=self.labels,
            own_drawing=self._own,
            nothing=run.validation.doing_nothing(),
            untrained=self._untrained(),
            step=run.step,
            seconds=run.seconds,
        )

    def _learned_from(self) -> Validation | None:
        """Digits of the training, scored as the held-out ones are: only so can the two errors be compared."""
        run = self.run
        if run.config.limit is None or run.task.reads:
            return None
        return Validation(run.data.spread(SCORED), run.config, run.device)

    def _untrained(self) -> float | None:
        """The first score. A classifier that knows nothing guesses: nobody need wait for that."""
        if not self.run.task.scored_untrained:
            return None
        # A run that goes on has its score already; to offer it again would wear out its patience.
        return self.run.validate() if self.run.step == 0 else self.run.score()

    def note(self, step: Step) -> None:
        """Remember what the next snapshot shows; validate when it is time to."""
        self.last = step
        self._losses.append((step.step, step.loss))
        if step.validation is not None:
            self._scores.append((step.step, step.validation))
        elif self._seen and self._scoring.is_due():  # whoever watches waits for the first step
            self.validate()

    def validate(self) -> None:
        """Score the run for the next snapshot."""
        with self._scoring.timing():
            self._scores.append((self.run.step, self.run.validate()))
            if self._known is not None:
                self._fits.append((self.run.step, self.run.score(self._known)))

    def snapshot(self, step: Step) -> Snapshot:
        """What is new since the last one."""
        losses, scores, fits = _stretches(self._losses), tuple(self._scores), tuple(self._fits)
        self._losses, self._scores, self._fits, self._seen = [], [], [], True
        budget = self.run.config.seconds or step.seconds
        return Snapshot(
            step=step.step,
            seconds=step.seconds,
            seconds_left=max(0.0, budget - step.seconds),
            progress=step.progress,
            learning_rate=step.learning_rate,
            pictures=step.pictures,
            rate=self._speed.rate(step),
            losses=losses,
            validation=scores,
            fitted=fits,
            samples=to_bytes(self.run.answers(self.shown).squeeze(1)),  # a picture has one channel
        )

    def kept(self) -> Kept:
        """All that is worth keeping now."""
        run = self.run
        state = state_bytes(run.state()) if not self.large else None
        return Kept(run.step, state, checkpoint_bytes(run.best_network(), run.info(self._metrics())))

    def ended(self, reason: str, message: str) -> Ended:
        """What is left of the run."""
        run = self.run
        info = run.info(self._metrics())
        checkpoint = checkpoint_bytes(run.best_network(), info)
        state = state_bytes(run.state()) if reason != "diverged" and not self.large else None
        return Ended(reason, message, info, self._metrics(), state, checkpoint)

    def _metrics(self) -> dict[str, float]:
        best = self.run.best
        if best.step < 0:  # a classifier that has not been scored yet
            return {}
        metrics = self.run.task.metrics(best.score)
        return {name: round(value, 6) for name, value in metrics.items()} | {"best_step": best.step}


def _is_large(config: TrainingConfig) -> bool:
    with torch.device("meta"):  # only to be counted
        return parameter_count(build(config.model, config.model_config)) > LARGE


class _Speed:
    """Pictures per second of training since the last question."""

    def __init__(self, run: TrainingRun) -> None:
        self._pictures, self._seconds, self._rate = run.step * run.config.batch_size, run.seconds, 0.0

    def rate(self, step: Step) -> float:
        """Up to this step; the last answer where no time has passed."""
        if step.seconds > self._seconds:
            self._rate = (step.pictures - self._pictures) / (step.seconds - self._seconds)
            self._pictures, self._seconds = step.pictures, step.seconds
        return self._rate


def _run_of(job: Job) -> TrainingRun:
    config, start = job.settings.config(), None
    if job.start is not None:
        start, info = checkpoint_from_bytes(job.start)
        if info.model != config.model:
            raise ValueError(f"that checkpoint is a {info.model}: choose that network to fine-tune it")
        model_config = dict(info.config) | {key: v for key, v in config.model_config.items() if key == "dropout"}
        config = replace(config, model_config=model_config, began_with=origin(info))
    data = _few(kept_digits(config.data, "train").only(config.digits), config.limit)
    held_out = kept_digits(config.data, "validation").only(config.digits)
    state = state_from_bytes(job.state) if job.state is not None else None
    if state is not None:  # what the run is stays as it was begun; the budget may have grown
        config = replace(state.config, seconds=config.seconds, steps=None)
    held_out = held_out.spread(SCORED_IF_LARGE if _is_large(config) else SCORED)
    return TrainingRun(config, state, data=data, held_out=held_out, start=start)


def _few(digits: Digits, limit: int | None) -> Digits:
    return digits if limit is None else digits.take(limited(len(digits), limit))


def _stretches(losses: list[tuple[int, float]]) -> tuple[tuple[int, float], ...]:
    """The mean loss of a few stretches of steps, given at the last step of each."""
    parts = np.array_split(np.array(losses), min(LOSSES_AT_ONCE, len(losses))) if losses else []
    return tuple((int(part[-1, 0]), float(part[:, 1].mean())) for part in parts)
