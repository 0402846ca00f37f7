"""Small random movements of a digit: rotation, shift, scale, slant, crop. Never a flip: mirrored, it is no digit."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from denoiser.pictures import SIDE, check_pictures


@dataclass(frozen=True)
class Augmentation:
    """How far a digit may move at most: degrees, pixels, a fraction of its size, and a horizontal shear.

    `crop` is how many pixels may be cut off at each side; what is left is stretched to the whole picture.
    """

    rotation: float = 10.0
    shift: float = 1.5
    scale: float = 0.1
    slant: float = 0.15
    crop: float = 0.0

    def alone(self, move: str) -> Augmentation:
        """The same, but all other movements are none; ValueError for a move that there is not."""
        moves = [each.name for each in fields(self)]
        if move not in moves:
            raise ValueError(f"no move is called {move!r}: choose one of {', '.join(moves)}")
        return replace(self, **{each: 0.0 for each in moves if each != move})


def augment(images: Tensor, how: Augmentation, generator: Generator) -> Tensor:
    """Move every picture by its own random affine map, with bilinear resampling and black around it.

    Args:
        images: float32 ``[N, 1, 28, 28]`` in [0, 1].
        how: the largest movements; each is drawn uniformly between minus and plus that, a crop from 0 up to it.
        generator: on the CPU, where the N·5 numbers are drawn, and N·4 more where pictures are cropped.

    Returns:
        float32 ``[N, 1, 28, 28]`` in [0, 1].
    """
    check_pictures(images)
    u = torch.rand(5, len(images), generator=generator) * 2 - 1
    angle = u[0] * math.radians(how.rotation)
    size = 1 + u[1] * how.scale
    slant = u[2] * how.slant
    dx, dy = u[3:] * how.shift * 2 / SIDE  # affine_grid measures the picture from -1 to 1
    cos, sin = angle.cos() / size, angle.sin() / size
    rows = [torch.stack([cos, slant - sin, dx], dim=1), torch.stack([sin, cos, dy], dim=1)]
    maps = torch.stack(rows, dim=1)  # [N, 2, 3], from where a pixel is to where it comes from
    if how.crop:
        maps = _cropped(maps, how.crop, generator)
    grid = F.affine_grid(maps, list(images.shape), align_corners=False)
    moved = F.grid_sample(images, grid.to(images.device), align_corners=False)
    return moved.clamp(0, 1)


def _cropped(maps: Tensor, most: float, generator: Generator) -> Tensor:
    """The same maps, after which a window is cut out of the moved picture and stretched to its size."""
    left, right, top, bottom = torch.rand(4, len(maps), generator=generator) * most / SIDE
    share = torch.stack([1 - left - right, 1 - top - bottom], dim=1)  # of the sides that is left, [N, 2]
    centre = torch.stack([left - right, top - bottom], dim=1)
    linear = maps[:, :, :2]
    return torch.cat([linear * share[:, None], linear @ centre[:, :, None] + maps[:, :, 2:]], dim=2)
