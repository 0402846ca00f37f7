"""MNIST's own recipe for drawings on even paper, in tensor operations of fixed shape: whatever runs ONNX runs them."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from denoiser.pictures import SIDE

CENTRE = 14.5  # where MNIST puts the centre of mass, measured from the edge: the middle of the 15th pixel
BOX = 20  # MNIST scales the ink's longer side to this many pixels
SMALLEST_BOX = 0.4  # of the canvas's shorter side: a first dot stays a dot
FAINTEST_INK = 24  # grey levels between ink and paper; less is an empty canvas
SMALLEST_PHOTO = 40  # pixels: the shorter side; less is a digit's own picture, and not one of a page
# Ink that is alike on both sides has its centre just between two pixels, where rounding errors would decide, and each
# machine has its own: this part of a pixel, ten times as much as they make up, decides instead.
TIE = 2**-14


class Border(NamedTuple):
    """What the borders of pictures show of their paper, in grey levels, each ``[N, 1, 1]``."""

    level: Tensor  # of most of it
    floor: Tensor  # unevenness of the paper: what is nearer to its level than this is no ink
    photo: Tensor  # bool: not of one level, nor, as of a canvas that is drawn upon up to the edge, of two


def border_of(grey: Tensor) -> Border:
    """Look at the borders of pictures, float32 ``[N, H, W]`` in 0–255."""
    edge = torch.cat([grey[:, :1].flatten(1), grey[:, -1:].flatten(1), grey[:, :, 0], grey[:, :, -1]], dim=1)
    level = _ranked(edge, 1, 2)
    # Shadows and grain of a photo stay below this floor; a canvas has none.
    floor = 2 * _ranked((edge - level).abs(), 3, 4)
    darkest, brightest = grey.amin(dim=(1, 2))[:, None], grey.amax(dim=(1, 2))[:, None]
    extremes = (edge == darkest).sum(dim=1, keepdim=True) + (edge == brightest).sum(dim=1, keepdim=True)
    photo = (floor > 0) & (4 * extremes < 3 * edge.shape[1])
    large = min(grey.shape[1:]) >= SMALLEST_PHOTO
    return Border(level[..., None], floor[..., None], photo[..., None] & large)


def centred(grey: Tensor, border: Border) -> Tensor:
    """The ink of canvases as MNIST would have it.

    Its bounding box, of what is at least a quarter as strong as the strongest ink, is scaled to 20×20 pixels (never
    counted smaller than 40 % of the canvas) and pasted with its centre of mass at the centre of 28×28, as described by
    LeCun et al., http://yann.lecun.com/exdb/mnist.

    Args:
        grey: float32 ``[N, H, W]`` in 0–255.
        border: as `border_of` finds it.

    Returns:
        float32 ``[N, 1, 28, 28]`` in [0, 1], ink bright on dark; all zeros where there is no ink.
    """
    level, floor, _ = border
    brighter, darker = grey.amax(dim=(1, 2), keepdim=True) - level, level - grey.amin(dim=(1, 2), keepdim=True)
    contrast = torch.maximum(brighter, darker)
    distance = torch.where(brighter >= darker, grey - level, level - grey)
    strength = ((distance - floor) / (contrast - floor)).clamp(0, 1)
    strong = distance > torch.floor(floor + 0.25 * (contrast - floor))
    visible = (contrast >= FAINTEST_INK) & (contrast > floor)
    return fitted(strength, strong & visible, SMALLEST_BOX * min(grey.shape[1:]))


def fitted(strength: Tensor, strong: Tensor, smallest: float = 0.0) -> Tensor:
    """The ink in its box, scaled and pasted as for `centred`.

    Args:
        strength: float32 ``[N, H, W]`` in [0, 1].
        strong: bool ``[N, H, W]``: what the box is drawn around.
        smallest: pixels: the box is never counted smaller.

    Returns:
        float32 ``[N, 1, 28, 28]`` in [0, 1]; all zeros where nothing is strong.
    """
    (top, tall), (left, wide) = _extent(strong.any(dim=2)), _extent(strong.any(dim=1))
    longest = torch.maximum(tall, wide).clamp(min=smallest)
    height, width = _scaled(tall, longest), _scaled(wide, longest)
    rows = _weights(top, tall, height, strength.shape[1])
    columns = _weights(left, wide, width, strength.shape[2])
    small = _bright(rows @ strength @ columns.mT)  # [N, 20, 20], of which height × width are used
    placed = _place(small.sum(dim=2), height) @ small @ _place(small.sum(dim=1), width).mT
    return torch.where(strong.any(dim=2).any(dim=1)[:, None, None], placed, 0.0)[:, None]


def _extent(there: Tensor) -> tuple[Tensor, Tensor]:
    """Where the true values of each line of ``[N, L]`` begin and how far they reach, ``[N, 1, 1]``.

    Anything where there is none.
    """
    places = torch.arange(float(there.shape[1]))
    first = torch.where(there, places, torch.inf).amin(dim=1)
    reach = torch.where(there, places, -1.0).amax(dim=1) - first + 1
    return first[:, None, None], reach[:, None, None]


def _scaled(side: Tensor, longest: Tensor) -> Tensor:
    """A side of the box in pixels of the small picture, at least 1. A half is exact in this division on any machine."""
    return torch.round(BOX * side / longest).clamp(min=1)


def _weights(start: Tensor, length: Tensor, count: Tensor, side: int) -> Tensor:
    """How much each of `side` pixels counts in each of `count` pixels that `length` of them, from `start`, become.

    A triangle as wide as two of the new pixels, or, where they are smaller, of the old ones: as Pillow resizes.

    Returns:
        ``[N, 20, side]``, each row summing to 1; zeros from row `count` on.
    """
    scale = length / count
    rows = _middles(BOX)[:, None]
    distances = (_middles(side) - start - rows * scale).abs()
    weights = (1 - distances / scale.clamp(min=1)).clamp(min=0)
    return torch.where(rows < count, weights / weights.sum(dim=2, keepdim=True), 0.0)


def _bright(small: Tensor) -> Tensor:
    """A pen thinner than one of the 28 pixels fades when shrunk; MNIST's ink is always bright."""
    faint = small <= 0.1 * small.amax(dim=(1, 2), keepdim=True)
    ordered = torch.where(faint, -1.0, small).flatten(1).sort(dim=1).values  # those that are not faint come last
    count = (~faint).sum(dim=(1, 2))
    rank = (BOX * BOX - count + 4 * (count - 1) // 5).clamp(max=BOX * BOX - 1)
    return (small / ordered.gather(1, rank[:, None])[:, :, None]).clamp(0, 1)


def _place(mass: Tensor, count: Tensor) -> Tensor:
    """Which of 28 lines each of 20 becomes, ``[N, 28, 20]``, so that the centre of their mass comes to the centre."""
    centre = (mass @ _middles(BOX) / mass.sum(dim=1))[:, None, None]
    start = torch.floor(CENTRE - centre + 0.5 - TIE).clamp(min=0)
    start = torch.minimum(start, SIDE - count)
    return (torch.arange(float(SIDE))[:, None] == torch.arange(float(BOX)) + start).float()


def _middles(count: int) -> Tensor:
    """Of so many pixels in a row, ``[count]``."""
    return torch.arange(float(count)) + 0.5


def _ranked(values: Tensor, numerator: int, denominator: int) -> Tensor:
    """The sorted value at this fraction of each line of ``[N, L]``, ``[N, 1]``."""
    rank = numerator * (values.shape[1] - 1) // denominator
    return values.sort(dim=1).values[:, rank : rank + 1]
