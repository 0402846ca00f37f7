"""What a picture is inside this package, checked in one place, and how it becomes bytes and comes back."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

SIDE = 28  # pixels: of a picture
DRAWING = 112  # pixels: of the canvas as it is sent for a picture to be made of it


def check_pictures(pictures: Tensor) -> None:
    """Accept float32 ``[N, 1, 28, 28]``; the values are the caller's promise to lie in [0, 1].

    Raises:
        ValueError: another type, dtype or shape, in one line.
    """
    if not isinstance(pictures, Tensor):
        raise ValueError(f"pictures must be a float32 tensor [N, 1, 28, 28], not {type(pictures).__name__}")
    if pictures.dtype != torch.float32:
        raise ValueError(f"pictures must be float32 in [0, 1], not {pictures.dtype}: convert with .float()")
    if pictures.ndim != 4 or tuple(pictures.shape[1:]) != (1, SIDE, SIDE):
        raise ValueError(f"pictures must be [N, 1, 28, 28], not {list(pictures.shape)}: add or drop dimensions")


def bytes_of(values: Tensor) -> Tensor:
    """Pixels or probabilities in [0, 1] as a uint8 tensor of the same shape, in 255ths.

    They are rounded to the nearest, an exact half to the even one; what lies outside of [0, 1] is clipped.
    """
    return (values.clamp(0, 1) * 255).round().to(torch.uint8)


def to_bytes(values: Tensor) -> np.ndarray:
    """The same as an array."""
    return bytes_of(values).cpu().numpy()


def from_bytes(pixels: np.ndarray) -> Tensor:
    """Grey pixels, uint8 ``[28, 28]`` or ``[N, 28, 28]``, as pictures: float32 ``[N, 1, 28, 28]`` in [0, 1]."""
    return torch.from_numpy(pixels.astype(np.float32) / 255).reshape(-1, 1, SIDE, SIDE)
