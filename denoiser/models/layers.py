"""Small parts that several networks share."""

from __future__ import annotations

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

MOST_DROPOUT = 0.9


def no_update_at_first(layer: nn.Conv2d | nn.Linear, bias: float = 0.0) -> nn.Conv2d | nn.Linear:
    """Set a layer's weights to zero: the residual branch that ends in it starts as the identity."""
    nn.init.zeros_(layer.weight)
    if layer.bias is not None:
        nn.init.constant_(layer.bias, bias)
    return layer


class GlobalContext(nn.Module):
    """Adds to every position a learned function of the picture's mean activation (shape is kept)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.mix = no_update_at_first(nn.Linear(width, width))

    def forward(self, x: Tensor) -> Tensor:
        mean = F.avg_pool2d(F.relu(x), x.shape[-2:]).flatten(1)  # [N, width]; its gradient has x's memory layout
        return x + self.mix(mean)[:, :, None, None]


class Dropout(nn.Module):
    """Dropout whose masks come from a generator of its own instead of the global one.

    `generator` is set by whoever trains; without one a fresh mask is drawn from an unpredictable seed.
    """

    def __init__(self, probability: float) -> None:
        super().__init__()
        self.probability = probability
        self.generator: Generator | None = None

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.probability == 0:
            return x
        if self.generator is None:
            self.generator = torch.Generator(device=x.device)
            self.generator.seed()
        keep = torch.rand(x.shape, generator=self.generator, device=x.device) >= self.probability
        return x * keep / (1 - self.probability)


def check_share(config: object, **limits: tuple[float, float]) -> None:
    """The same as `check_whole` for numbers that need not be whole, such as a probability."""
    for name, (lowest, highest) in limits.items():
        value = getattr(config, name)
        if type(value) not in (int, float) or not lowest <= value <= highest:  # NaN fails the comparison
            raise ValueError(f"{name} must be a number from {lowest} to {highest}, not {value!r}")


def check_whole(config: object, **limits: tuple[int, int]) -> None:
    """Check that the named fields of a configuration are whole numbers within their limits.

    A checkpoint is somebody else's file: an absurd width must fail here, before memory is asked for.

    Raises:
        ValueError: naming the field, its value and the limits.
    """
    for name, (lowest, highest) in limits.items():
        value = getattr(config, name)
        if type(value) is not int or not lowest <= value <= highest:
            raise ValueError(f"{name} must be a whole number from {lowest} to {highest}, not {value!r}")
