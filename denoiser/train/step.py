"""What is known of a step once it was made."""

from __future__ import annotations

from dataclasses import dataclass


class Diverged(ValueError):
    """The loss became infinite or not a number; the weights are those before that update."""


@dataclass(frozen=True)
class Step:
    """One update, after it was made.

    `step` counts from 1, `loss` is that batch's, `learning_rate` the one used, `pictures` all seen so far,
    `seconds` the time spent training, `progress` the share of the budget that is used up, in [0, 1]. `validation` is
    the score on held-out digits (see `TrainingRun.validate`) where one was taken after this step, else None. `epoch`
    is the number of epochs that are over, `epoch_loss` the mean loss of the one that this step ended, else None.

    Every loss is a mean, per pixel where a network denoises: also where the recipe minimises the sum of all pixels'
    errors a hundredfold, so that it can be compared with other runs, with the validation score, and with a limit.
    """

    step: int
    loss: float
    learning_rate: float
    pictures: int
    seconds: float
    progress: float
    validation: float | None = None
    epoch: int = 0
    epoch_loss: float | None = None
