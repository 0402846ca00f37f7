"""Whether a run has gone astray for good, although its loss is still a number."""

from __future__ import annotations

from denoiser.train.run import TrainingRun
from denoiser.train.step import Diverged, Step

EVERY = 50  # steps between two looks at the gradient, and steps in a row above the limit


class Watchdog:
    """Shown every step, it notices a run that has diverged into weights from which nothing can be learned.

    A learning rate that is far too high does not always end in infinity: a saturated tanh and dead ReLUs give a
    finite loss and no gradient at all, and batch normalisation bounds what would else explode.
    """

    def __init__(self, run: TrainingRun) -> None:
        self._run = run
        self._limit = run.task.worst_loss
        self._above = 0

    def note(self, step: Step) -> None:
        """Look at a step; `Diverged` is raised, and the run closed, where there is no way back."""
        self._above = self._above + 1 if step.loss > self._limit else 0
        if self._above >= EVERY:
            self._end(f"the loss has been above {self._limit:.3g} for {EVERY} steps up to step {step.step:,}")
        elif step.step % EVERY == 0 and step.loss > 0 and not self._has_gradient():
            self._end(f"no gradient is left at step {step.step:,}")

    def _has_gradient(self) -> bool:
        gradients = [weight.grad for weight in self._run.model.parameters() if weight.grad is not None]
        return any(bool(gradient.any()) for gradient in gradients)

    def _end(self, what: str) -> None:
        self._run.close()
        raise Diverged(f"{what}: lower the learning rate")
