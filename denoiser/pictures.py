"""What a picture is inside this package, checked in one place."""

from __future__ import annotations

import torch
from torch import Tensor

SIDE = 28


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
