"""Bytes in base64: from strangers, and pixels to the page."""

from __future__ import annotations

import base64
import math

import numpy as np


def to_base64(pixels: np.ndarray) -> str:
    """The bytes of an array, as the page takes them."""
    return base64.b64encode(pixels.tobytes()).decode()


def from_base64(text: object, name: str, most: int) -> bytes:
    """Return the bytes that `text` stands for; ValueError, in one line that calls it `name`, if it is no text in
    base64 or longer than `most` bytes need."""
    if not isinstance(text, str):
        raise ValueError(f"{name} must be text in base64")
    if len(text) > 4 * math.ceil(most / 3):
        raise ValueError(f"{name} is too long: at most {most:,} bytes, in base64")
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:  # binascii's own for what is not base64, a plain one for what is not even ASCII
        raise ValueError(f"{name} is not valid base64") from None
