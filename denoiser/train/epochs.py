"""The epochs of a run: how many are over, when the last one ends, and the mean loss of each."""

from __future__ import annotations

import math

from denoiser.train.config import TrainingConfig


class Epochs:
    """Counts epochs from the steps alone, so that a resumed run counts as if it had never stopped.

    An epoch is `config.passes` passes over the data. The step whose batch reaches over the end of an epoch belongs to
    the epoch that it ends; on data smaller than a batch one step may end several.

    Args:
        config: of the run.
        digits: how many there are to learn from.
        losses: sum and number of the losses noted since the last epoch ended, as a resumed run has them.
    """

    def __init__(self, config: TrainingConfig, digits: int, losses: tuple[float, int] = (0.0, 0)) -> None:
        self._batch_size = config.batch_size
        self._pictures = config.passes * digits  # that make an epoch
        self.losses = losses
        ends = [math.ceil(config.epochs * self._pictures / self._batch_size)] if config.epochs is not None else []
        ends += [config.steps] if config.steps is not None else []
        self.last_step: int | None = max(1, min(ends)) if ends else None  # the budget; None where only time is one

    def over(self, step: int) -> int:
        """How many epochs are over after that many steps."""
        return step * self._batch_size // self._pictures

    def note(self, step: int, loss: float) -> float | None:
        """Take the loss of a step; the mean loss of the epoch where the step ends one, else None."""
        total, count = self.losses[0] + loss, self.losses[1] + 1
        ends = self.over(step) > self.over(step - 1)
        self.losses = (0.0, 0) if ends else (total, count)
        return total / count if ends else None
