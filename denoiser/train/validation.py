"""The score of a run on held-out digits, and the best weights so far."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from denoiser.data import Digits
from denoiser.models import CLASSIFIERS
from denoiser.precision import Precision
from denoiser.train.config import TrainingConfig
from denoiser.train.noising import corrupt_shares, evaluation_amounts, shared_out

VALIDATION_DIGITS = 512  # digits: enough to tell two steps of a run apart, in the time of about two updates
BATCH = 256
SEED = 28  # of the noise: the same for every run, so that two runs can be compared


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
    """Held-out digits under the noise that a run learns, the same at every score.

    The amounts are the midpoints of an even division of `evaluation_amounts`, shuffled over the digits.

    Args:
        digits: held out; the first `VALIDATION_DIGITS` are used.
        config: of the run; its kinds and amounts of noise count.
        device: where the network is.
    """

    def __init__(self, digits: Digits, config: TrainingConfig, device: torch.device) -> None:
        self.reads = config.model in CLASSIFIERS
        clean = digits.images[:VALIDATION_DIGITS]
        self.clean = clean.to(device)
        self.labels = digits.labels[:VALIDATION_DIGITS].to(device) if digits.labels is not None else None
        generator = torch.Generator().manual_seed(SEED)
        low, high = evaluation_amounts(config)
        amounts = low + (high - low) * (torch.randperm(len(clean), generator=generator) + 0.5) / len(clean)
        self.noisy = corrupt_shares(clean, amounts, shared_out(config.kinds, len(clean)), generator).to(device)

    def nothing(self) -> float:
        """The MSE of the noisy pictures themselves: what doing nothing scores."""
        return F.mse_loss(self.noisy, self.clean).item()

    def knowing_nothing(self) -> float:
        """What can be scored without looking: by doing nothing or with the mean digit, or with the commonest label."""
        if self.labels is not None and self.reads:
            return 1 - self.labels.bincount().max().item() / len(self.labels)
        return min(self.nothing(), self.clean.var(dim=0, unbiased=False).mean().item())

    def score(self, model: nn.Module, how: Precision) -> float:
        """MSE of the denoised pictures, clipped to [0, 1]; of a classifier the share of clean digits read wrongly."""
        result = predictions(model, self.clean if self.reads else self.noisy, how)
        if self.reads:
            assert self.labels is not None  # a classifier's digits are labelled
            return (result.argmax(dim=1) != self.labels).double().mean().item()
        return F.mse_loss(result.clamp(0, 1), self.clean).item()


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
