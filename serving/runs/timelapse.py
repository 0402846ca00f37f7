"""A run as a short film: the noisy digits, the same digits as the network gives them back, and the truth.

Of a classifier: the digits, and below each what the network reads it as.
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFont

SCALE = 3  # screen pixels per pixel of a digit
TILE = 28 * SCALE
GAP = 2  # pixels between two rows
LINE = 3  # screen pixels: height of the line that shows how far the run is
ACCENT = (192, 58, 18)
FIRST, EACH, LAST = 800, 70, 2500  # milliseconds
GREYS = 255  # colours of the palette but one, which is the accent's
INK, SUBDUED = 250, 150
NUMERAL, SMALL = 46, 17  # screen pixels: heights of the letters


def timelapse(frames: list[tuple[int, bytes]], noisy: bytes, clean: bytes) -> bytes:
    """An animated GIF of the samples over time.

    Args:
        frames: steps and samples, at least one; as all pictures uint8 [N, 28, 28].
    """
    above, below = [_row(noisy), _gap(noisy)], [_gap(noisy), _row(clean)]
    sheets = [np.concatenate([*above, _row(samples), *below]) for _, samples in frames]
    return _film([step for step, _ in frames], sheets)


def reading_timelapse(frames: list[tuple[int, bytes]], clean: bytes, labels: list[int | None]) -> bytes:
    """The same of a classifier.

    Args:
        frames: steps and readings, uint8 [N, 10] in 255ths.
        clean: the N pictures, uint8 [N, 28, 28], and their labels; None where the truth is not known.
    """
    digits = _row(clean)
    sheets = []
    for _, samples in frames:
        readings = np.frombuffer(samples, np.uint8).reshape(-1, 10)
        tiles = [_as_read(reading, label) for reading, label in zip(readings, labels, strict=True)]
        sheets.append(np.concatenate([digits, _gap(clean), np.concatenate(tiles, axis=1)]))
    return _film([step for step, _ in frames], sheets)


def _row(pictures: bytes) -> np.ndarray:
    """Pictures side by side, as large as they are shown."""
    row = np.concatenate(list(np.frombuffer(pictures, np.uint8).reshape(-1, 28, 28)), axis=1)
    return np.minimum(row, GREYS - 1).repeat(SCALE, axis=0).repeat(SCALE, axis=1)


def _gap(pictures: bytes) -> np.ndarray:
    return np.zeros((GAP * SCALE, len(pictures) // 28 * SCALE), np.uint8)


def _as_read(reading: np.ndarray, label: int | None) -> np.ndarray:
    """What a digit is read as, and how surely; crossed out where that is wrong."""
    digit = int(reading.argmax())
    tile = Image.new("L", (TILE, TILE))
    pen = ImageDraw.Draw(tile)
    wrong = label is not None and digit != label
    pen.text((TILE / 2, 34), str(digit), SUBDUED if wrong else INK, ImageFont.load_default(NUMERAL), anchor="mm")
    sure = f"{round(100 * int(reading[digit]) / 255)} %"
    pen.text((TILE / 2, 70), sure, SUBDUED, ImageFont.load_default(SMALL), anchor="mm")
    if wrong:
        pen.line((22, 52, TILE - 22, 16), GREYS, width=3)
    return np.asarray(tile)


def _film(steps: list[int], sheets: list[np.ndarray]) -> bytes:
    """An animated GIF of grey sheets, 255 in the accent's colour, with a line below that grows with the steps."""
    pictures = [_framed(sheet, step / max(1, steps[-1])) for step, sheet in zip(steps, sheets, strict=True)]
    durations = [EACH] * len(pictures)
    durations[0], durations[-1] = FIRST, LAST
    file = io.BytesIO()
    pictures[0].save(file, "GIF", save_all=True, append_images=pictures[1:], duration=durations, loop=0, optimize=False)
    return file.getvalue()


def _framed(sheet: np.ndarray, progress: float) -> Image.Image:
    line = np.zeros((LINE, sheet.shape[1]), np.uint8)
    line[:, : round(progress * sheet.shape[1])] = GREYS
    picture = Image.fromarray(np.concatenate([sheet, line]), mode="P")
    picture.putpalette([grey for value in range(GREYS) for grey in (value,) * 3] + list(ACCENT))
    return picture
