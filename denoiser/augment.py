"""Small random movements of a digit: rotation, shift, scale, slant. Never a flip: a mirrored digit is no digit."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from denoiser.pictures import SIDE, check_pictures


@dataclass(frozen=True)
class Augmentation:
    """How far a digit may move at most: degrees, pixels, a fraction of its size, and a horizontal shear."""

    rotation: float = 10.0
    shift: float = 1.5
    scale: float = 0.1
    slant: float = 0.15


def augment(images: Tensor, how: Augmentation, generator: Generator) -> Tensor:
    """Move every picture by its own random affine map, with bilinear resampling and black around it.

    Args:
        images: float32 ``[N, 1, 28, 28]`` in [0, 1].
        how: the largest movements; each is drawn uniformly between minus and plus that.
        generator: on the CPU, where the N·5 numbers are drawn.

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
    grid = F.affine_grid(torch.stack(rows, dim=1), list(images.shape), align_corners=False)
    moved = F.grid_sample(images, grid.to(images.device), align_corners=False)
    return moved.clamp(0, 1)
