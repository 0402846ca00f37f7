"""Small parts that several networks share."""

from __future__ import annotations

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

MOST_DROPOUT = 0.9
BINS = 32  # of the histogram that chooses the tone curves
HIDDEN = 64  # units between histogram and tone curves
STEEP = 4.0  # slope of a tone curve at first


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
        return x + self.mix(mean).view(*mean.shape, 1, 1)


class ToneCurves(nn.Module):
    """The picture as several curves of its brightness show it, chosen by the picture's own histogram.

    A curve is ``clip(slope · pixel + offset, 0, 1)``. What a pixel says depends on how much noise there is: of blend
    noise at amount a, only ink is brighter than a and only background darker than 1 − a. The histogram tells the
    amount, so a small network sets slopes and offsets by it, to tell apart what is worth telling apart.

    Pictures ``[N, 1, H, W]`` in [0, 1] become ``[N, 4·curves, H/2, W/2]``, every 2×2 pixels as channels (pixel
    unshuffle). The first curve starts as the picture itself, the others as steps at even distances, up and down.
    A hint ``[N, HIDDEN]`` helps to choose where more is known of the noise than the histogram.
    """

    def __init__(self, curves: int) -> None:
        super().__init__()
        self.curves = curves
        # Plain numbers: for arithmetic without data, on the device "meta", PyTorch would import itself for two seconds.
        slopes = [1.0] + [STEEP * (-1) ** curve for curve in range(1, curves)]
        centres = [0.5] + [(curve + 0.5) / curves for curve in range(1, curves)]  # where a curve is ½
        offsets = [0.5 - slope * centre for slope, centre in zip(slopes, centres, strict=True)]
        self.hidden = nn.Linear(BINS, HIDDEN)
        self.choose = no_update_at_first(nn.Linear(HIDDEN, 2 * curves, bias=False))
        self.choose.bias = nn.Parameter(torch.tensor([*slopes, *offsets]))

    def forward(self, pictures: Tensor, hint: Tensor | None = None) -> Tensor:
        n, _, height, width = pictures.shape
        # In float32 even under autocast: bfloat16 takes amounts that differ by 1 in 256 for the same.
        with torch.autocast(pictures.device.type, enabled=False):
            slope, offset = self.chosen(pictures, hint)
            pixels = F.pixel_unshuffle(pictures, 2).permute(0, 2, 3, 1).reshape(n, -1, 1)  # channels last
            toned = torch.addcmul(offset, pixels, slope).clamp(0, 1)  # [N, H·W, curves]
            return toned.view(n, height // 2, width // 2, -1).permute(0, 3, 1, 2)

    def chosen(self, pictures: Tensor, hint: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Slopes and offsets of the curves for these pictures, ``[N, 1, curves]`` each."""
        hidden = self.hidden(8 * self.excess(pictures))
        curves = self.choose(F.relu(hidden if hint is None else hidden + hint))
        slope, offset = curves.view(len(pictures), 2, 1, self.curves).unbind(1)
        return slope, offset

    @staticmethod
    def excess(pictures: Tensor) -> Tensor:
        """By how much the pixels exceed each of BINS levels, ``mean(relu(pixel − level))``, ``[N, BINS]``.

        It is the histogram, summed up twice, and changes without jumps.
        """
        levels = torch.arange(0, 1, 1 / BINS, device=pictures.device)[:, None]
        return (pictures.flatten(1)[:, None] - levels).clamp_(min=0).mean(dim=2)


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


def dropout_generator(model: nn.Module, device: torch.device) -> Generator:
    """One generator for all dropout masks of a network on this device."""
    generator = torch.Generator(device=device)
    for module in model.modules():
        if isinstance(module, Dropout):
            module.generator = generator
    return generator


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
