"""A run as a short film: the noisy digits, the same digits as the network gives them back, and the truth."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

SCALE = 3  # screen pixels per pixel of a digit
GAP = 2  # pixels between two rows
LINE = 3  # screen pixels: height of the line that shows how far the run is
ACCENT = (192, 58, 18)
FIRST, EACH, LAST = 800, 70, 2500  # milliseconds
GREYS = 255  # colours of the palette but one, which is the accent's


def timelapse(frames: list[tuple[int, bytes]], noisy: bytes, clean: bytes) -> bytes:
    """An animated GIF of the samples over time.

    Args:
        frames: steps and samples, at least one; as all pictures uint8 [N, 28, 28].
    """
    last_step = max(1, frames[-1][0])
    pictures = [_frame([noisy, samples, clean], step / last_step) for step, samples in frames]
    durations = [EACH] * len(pictures)
    durations[0], durations[-1] = FIRST, LAST
    file = io.BytesIO()
    pictures[0].save(file, "GIF", save_all=True, append_images=pictures[1:], duration=durations, loop=0, optimize=False)
    return file.getvalue()


def _frame(rows_of_digits: list[bytes], progress: float) -> Image.Image:
    digits = [np.frombuffer(row, np.uint8).reshape(-1, 28, 28) for row in rows_of_digits]
    rows = [np.concatenate(list(row), axis=1) for row in digits]  # each [28, N * 28]
    gap = np.zeros((GAP, rows[0].shape[1]), np.uint8)
    grid = np.concatenate([rows[0], gap, rows[1], gap, rows[2]])
    grid = np.minimum(grid, GREYS - 1).repeat(SCALE, axis=0).repeat(SCALE, axis=1)
    line = np.zeros((LINE, grid.shape[1]), np.uint8)
    line[:, : round(progress * grid.shape[1])] = GREYS
    picture = Image.fromarray(np.concatenate([grid, line]), mode="P")
    picture.putpalette([grey for value in range(GREYS) for grey in (value,) * 3] + list(ACCENT))
    return picture
