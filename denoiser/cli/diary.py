"""What is written and kept after every epoch of a run: its loss, its scores, and a numbered checkpoint now and then."""

from __future__ import annotations

import time
from functools import cached_property
from typing import Any

from denoiser.cli.console import say_beside_bar, warn
from denoiser.cli.options import Plan
from denoiser.train.run import TrainingRun
from denoiser.train.step import Step
from denoiser.train.validation import VALIDATION_DIGITS, Validation

READ = ("training", "validation")  # digits of which a classifier's share read rightly is written
SCORES_COST = 0.1  # of the time of training, at most, where that is the budget: on few digits epochs are brief


class Diary:
    """Shown every step, it writes a line on every epoch, and remembers what it wrote.

    A denoiser's epochs have their mean loss and the MSE on held-out digits; a classifier's their mean loss and the
    shares of digits read rightly, of those it learns from and of held-out ones, both unmoved and without dropout.

    Args:
        run: a run, and `chosen` where its numbered checkpoints belong and how often they are written.
        quiet: whether to remember only.
    """

    def __init__(self, run: TrainingRun, chosen: Plan, quiet: bool) -> None:
        self._run, self._chosen, self._quiet = run, chosen, quiet
        self._saved = run.epochs.over(run.step)
        self._took = 0.0
        self.epochs: list[dict[str, Any]] = []

    def note(self, step: Step) -> None:
        """Write a line on the epoch that this step ended, if it ended one."""
        if step.epoch_loss is None:
            return
        scores = self._scores(step)
        facts: dict[str, Any] = {"epoch": step.epoch, "step": step.step, "loss": step.epoch_loss, **scores}
        if (path := self._save(step.epoch, scores)) is not None:
            facts["saved"] = path
        self.epochs.append(facts)
        if not self._quiet:
            say_beside_bar(self._line(facts))

    def _scores(self, step: Step) -> dict[str, float]:
        run = self._run
        if run.config.seconds is not None and self._took > SCORES_COST * step.seconds:
            return {}
        start = time.perf_counter()
        score = step.validation if step.validation is not None else run.score()
        scores = run.task.epoch_metrics(score, lambda: run.score(self._learned))
        self._took += time.perf_counter() - start
        return scores

    @cached_property
    def _learned(self) -> Validation:
        """Digits from all over those that are learned, to be read."""
        return Validation(self._run.data.spread(VALIDATION_DIGITS), self._run.config, self._run.device)

    def _save(self, epoch: int, scores: dict[str, float]) -> str | None:
        """Write a numbered checkpoint if it is time to, and return where; one that cannot be written is a pity."""
        every = self._chosen.pauses.epochs
        if not every or epoch // every == self._saved // every:
            return None
        self._saved = epoch
        path = self._chosen.numbered(epoch)
        try:
            self._run.save(path, scores)
        except OSError as error:
            warn(f"The checkpoint of epoch {epoch} was not saved: {error}")
            return None
        return str(path)

    def _line(self, facts: dict[str, Any]) -> str:
        epochs = self._run.config.epochs
        parts = [f"loss {facts['loss']:.5f}"]
        parts += [f"{name} accuracy {facts[key]:.1%}" for name in READ if (key := f"{name}_accuracy") in facts]
        parts += [f"validation MSE {facts['validation_mse']:.5f}"] if "validation_mse" in facts else []
        parts += [f"saved {facts['saved']}"] if "saved" in facts else []
        return f"Epoch {facts['epoch']:,}{f' of {epochs:,g}' if epochs else ''}: " + ", ".join(parts)
