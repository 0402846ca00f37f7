"""What a training step sees: which digits, moved how, under which noise. A function of seed and step alone."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from denoiser.data import Digits
from denoiser.models import can_be_told
from denoiser.train.augmentation import augment
from denoiser.train.config import TrainingConfig
from denoiser.train.noising import corrupt_shares, describe_shares, joined, shared_out

TOLD_SHARE = 0.5  # of the pictures, where a network can be told their noise: it learns to do without, too
LEAST_ERROR = 2.5e-7  # added to a picture's MSE: at 0 its root has no gradient


class Batch(NamedTuple):
    """Noisy and clean pictures ``[batch_size, 1, 28, 28]``, and how much each counts, ``[batch_size, 1, 1, 1]``.

    None for the weights says that all count alike; else their mean is 1, but for chance. `told` is their noise as
    `described`, or zeros where a network is to do without; None for one that cannot be told.
    """

    noisy: Tensor
    clean: Tensor
    weights: Tensor | None
    told: Tensor | None = None

    def loss(self, denoised: Tensor, measure: str = "mse") -> Tensor:
        """The weighted loss, one of `LOSSES`, of what a network makes of the noisy pictures."""
        if measure == "mse" and self.weights is None:
            return F.mse_loss(denoised, self.clean)  # one operation instead of three
        errors = (denoised - self.clean).square()
        if measure == "rmse":
            errors = (errors.mean(dim=(1, 2, 3), keepdim=True) + LEAST_ERROR).sqrt()
        if self.weights is not None:
            errors = self.weights * errors
        return errors.sum() if measure == "sum" else errors.mean()


class Batches:
    """All digits as one tensor on the device, and the batch of any step.

    Nothing is remembered from step to step, so a run that was interrupted sees what it would have seen.

    Args:
        data: the digits to learn from.
        config: its batch size, sampling, kinds and amounts of noise, movements and seed are used.
        device: where the digits lie and the noise is drawn.
    """

    def __init__(self, data: Digits, config: TrainingConfig, device: torch.device) -> None:
        self.config = config
        self.device = device
        self.images = data.images.to(device)  # [count, 1, 28, 28]
        if config.pixel_scale != 1:
            self.images = self.images * config.pixel_scale
        self.labels = data.labels.to(device) if data.labels is not None else None
        self._small = torch.Generator()  # amounts and movements: few numbers, drawn on the CPU
        # Apple's MPS draws no Poisson numbers: there the noise comes from the CPU.
        self._noise = torch.Generator(device=device if device.type == "cuda" else "cpu")
        self._pass: tuple[int, Tensor] = (-1, torch.empty(0))
        self._shares = joined(shared_out(config.kinds, config.batch_size))
        # Amounts of a kind come one from each of as many even parts of their range as it has pictures. Each is
        # uniform, but together they leave no gaps: loss and gradient scatter less (stratified sampling).
        parts = [torch.ones(count) / count for _, count in self._shares if count]
        self._parts = torch.cat(parts)
        self._lowest = torch.cat([part * torch.arange(len(part)) for part in parts])

    def noisy_and_clean(self, step: int) -> Batch:
        """What a step, counted from 1, trains a denoiser on."""
        clean, _ = self._clean(step)
        self._noise.manual_seed(mixed_seed(self.config.seed, 2 * step + 1))
        amounts, weights = self._amounts(len(clean))
        noisy = corrupt_shares(clean, amounts, self._shares, self._noise)
        told = None
        if can_be_told(self.config.model_config):
            known = describe_shares(amounts, self._shares)
            told = (known * (torch.rand(len(known), 1, generator=self._small) < TOLD_SHARE)).to(self.device)
        return Batch(noisy, clean, weights, told)

    def _amounts(self, count: int) -> tuple[Tensor, Tensor | None]:
        """The next amounts, ``[count]``, in [low, high], and the weights that go with them."""
        (low, high), strength = self.config.amounts, self.config.importance_sampling
        places = torch.addcmul(self._lowest, self._parts, torch.rand(count, generator=self._small))
        weights = None
        if strength:
            left = (1 - places).clamp_(min=0)
            weights = ((1 + strength) * left**strength).view(-1, 1, 1, 1).to(self.device)
            places = 1 - left ** (1 + strength)
        return (low + (high - low) * places).clamp_(max=high), weights  # rounded, they may lie above

    def clean_and_labels(self, step: int) -> tuple[Tensor, Tensor | None]:
        """The clean pictures of a step and their labels ``[batch_size]``, if they have any."""
        clean, chosen = self._clean(step)
        return clean, self.labels[chosen] if self.labels is not None else None

    def _clean(self, step: int) -> tuple[Tensor, Tensor]:
        """The clean pictures of a step, and their places in the data."""
        self._small.manual_seed(mixed_seed(self.config.seed, 2 * step))
        chosen = self._chosen(step).to(self.device)
        clean = self.images.index_select(0, chosen)
        if self.config.augment is not None:
            clean = augment(clean, self.config.augment, self._small)
        return clean, chosen

    def _chosen(self, step: int) -> Tensor:
        """Places of the step's digits, ``[batch_size]``: in one pass over the shuffled data after the other, or any."""
        count, missing = len(self.images), self.config.batch_size
        if self.config.sampling == "replacement":
            generator = torch.Generator().manual_seed(mixed_seed(self.config.seed, -step))
            return torch.randint(count, (missing,), generator=generator)
        start, parts = (step - 1) * missing, []
        while missing:  # twice at a seam, more often where a batch is larger than the data
            number, place = divmod(start, count)
            parts.append(self._shuffled(number, count)[place : place + missing])
            start, missing = start + len(parts[-1]), missing - len(parts[-1])
        return torch.cat(parts)

    def _shuffled(self, number: int, count: int) -> Tensor:
        """The order of one pass over the data; the last one is kept, since all its steps ask for it."""
        if self._pass[0] != number:
            generator = torch.Generator().manual_seed(mixed_seed(self.config.seed, -1 - number))
            self._pass = number, torch.randperm(count, generator=generator)
        return self._pass[1]


def mixed_seed(seed: int, number: int) -> int:
    """A 63-bit seed made of two numbers, unrelated to its neighbours' (SplitMix64, Steele et al. 2014)."""
    word = 0xFFFFFFFFFFFFFFFF
    z = (seed * 0xD1342543DE82EF95 + number * 0x9E3779B97F4A7C15) & word
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & word
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & word
    return (z ^ (z >> 31)) >> 1
