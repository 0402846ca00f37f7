"""The score of a run on held-out digits, and the best weights so far."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from denoiser.data import Digits
from denoiser.precision import Precision
from denoiser.train.config import TrainingConfig
from denoiser.train.tasks import task_of

VALIDATION_DIGITS = 512  # digits: enough to tell two steps of a run apart, in the time of about two updates
BATCH = 256


@dataclass
class Best:
    """The weights that did best on held-out digits, and how many scores have not beaten them since."""

    score: float = float("inf")
    step: int = -1  # none so far
    unimproved: int = 0
    weights: dict[str, Tensor] = field(default_factory=dict, repr=False)

    def offer(self, score: float, step: int, model: nn.Module) -> None:
        """Keep a copy of these weights if they score lower (better) than the best so far."""
        if score < self.score:
            self.score, self.step, self.unimproved = score, step, 0
            self.weights = {key: tensor.detach().clone() for key, tensor in model.state_dict().items()}
        else:
            self.unimproved += 1


class Validation:
    """Held-out digits, and what a network is given of them, the same at every score. All errors are the task's.

    Args:
        digits: held out; the first `VALIDATION_DIGITS` are used.
        config: of the run; its network and its kinds and amounts of noise count.
        device: where the network is.

    Raises:
        ValueError: digits without labels for a classifier.
    """

    def __init__(self, digits: Digits, config: TrainingConfig, device: torch.device) -> None:
        self._task = task_of(config)
        self._task.check(digits)
        chosen = digits.take(range(min(VALIDATION_DIGITS, len(digits))))
        self.inputs, self.truth = self._task.held_out_inputs(chosen.images).to(device), chosen.to(device)

    def score(self, model: nn.Module, how: Precision) -> float:
        """The error of a network."""
        return self._task.error(predictions(model, self.inputs, how), self.truth)

    def doing_nothing(self) -> float:
        """The error of doing nothing: of the noisy pictures themselves, or of a guess."""
        return self._task.doing_nothing(self.inputs, self.truth)

    def knowing_nothing(self) -> float:
        """What can be reached without looking: by doing nothing or with the mean digit, or with the commonest label."""
        return self._task.knowing_nothing(self.inputs, self.truth)


def predictions(model: nn.Module, pictures: Tensor, how: Precision) -> Tensor:
    """What a network in training makes of pictures ``[N, 1, 28, 28]`` on its device, float32; it goes on training."""
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad(), how.autocast(pictures.device):
            results = [model(part.to(memory_format=how.memory_format)) for part in pictures.split(BATCH)]
    finally:
        model.train(was_training)
    return torch.cat(results).float()
