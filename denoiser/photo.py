"""Where on a photo a digit is written. Paper, light and shadow are estimated locally; desk and lines are left out.

Contrast is measured against the paper around it, so that a shadow, which darkens ink and paper by the same factor,
changes nothing. Things are looked for at several contrasts, from felt pens down to hard pencils, and the likeliest
is taken out alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from PIL import Image

from denoiser.extras import require

LOOK = 1000  # pixels: the longer side at which a photo is looked over; the lengths below are measured there
COARSE = 4  # times smaller again for the paper: without its ink it is smooth
STROKES = (0.1, 0.033)  # of the longer side: how thick a stroke may be; what is dark over more is desk or shadow
CONTRASTS = (0.5, 0.36, 0.26, 0.18, 0.13, 0.09)  # between ink and paper
MOST_PIECES = 5000  # at one contrast: beyond that it is that of grain and of wood
SMALLEST = 10  # pixels: a digit's height
SHARPEST, SOFTEST = 0.1, 0.04  # share of its contrast by which ink begins within a pixel; a shadow begins more softly
FAINTEST = 0.8  # score of what is a digit, and not a speck
CLOSEUP = 160  # pixels: a digit's height when it is taken out


class Box(NamedTuple):
    """In pixels, `right` and `bottom` not included."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def width(self) -> int:
        return self.right - self.left

    def near(self, other: Box, gap: float = 0) -> bool:
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across >= -gap and down >= -gap

    def shared(self, other: Box) -> float:
        """Part of the smaller box that lies in both."""
        across = max(0, min(self.right, other.right) - max(self.left, other.left))
        down = max(0, min(self.bottom, other.bottom) - max(self.top, other.top))
        return across * down / min(self.height * self.width, other.height * other.width)

    def touches(self, shape: tuple[int, ...]) -> bool:
        """Whether it reaches the border of the picture."""
        return self.left == 0 or self.top == 0 or self.right == shape[1] or self.bottom == shape[0]


class Thing(NamedTuple):
    """Connected ink."""

    box: Box
    strength: float  # contrast with the paper, 0 to 1
    thick: float  # pixels: of its strokes
    score: float  # how much it looks like what the photo was taken for: strong, large, sharp, in the middle


class Found(NamedTuple):
    """The likeliest digit on a photo."""

    ink: np.ndarray  # float32 [h, w] in [0, 1], the digit's alone
    box: tuple[float, ...]  # left, top, right, bottom, as shares of width and height
    several: bool  # whether other things could be meant just as well
    score: float


def find_digit(grey: np.ndarray) -> Found | None:
    """Find the digit on a photo.

    Args:
        grey: ``[H, W]`` of any real type in 0–255, ink darker or brighter than paper.

    Returns:
        The likeliest digit, or None where nothing is written.

    Raises:
        ValueError: SciPy, which is loaded with the first photo, is not installed.
    """
    require("photos", "finding a digit on a picture")
    grey = grey.astype(np.float32)
    found = _darker(grey)
    if found is None or np.median(grey[::8, ::8]) < 128:  # chalk on a board, unless it is a page in the dark
        bright = _darker(255 - grey)
        found = max(filter(None, (found, bright)), key=lambda x: x.score, default=None)
    return found


def _darker(grey: np.ndarray) -> Found | None:
    scale = min(1, LOOK / max(grey.shape))
    size = max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale))
    small = _resized(grey, size, Image.Resampling.BOX)
    things = _things(small)
    if not things:
        return None
    digit, *others = things
    box, ink = _taken_out(grey, small.shape, digit)
    shares = tuple(float(x) for x in np.array(box) / np.tile(size, 2))
    last_resort = digit.box.touches(small.shape)
    return Found(ink, shares, any(_as_likely(x, digit) for x in others), 0 if last_resort else digit.score)


def _things(grey: np.ndarray) -> list[Thing]:
    """All that may be written by hand, the likeliest first."""
    from scipy import ndimage

    every: list[Thing] = []
    for stroke in STROKES:
        contrast = ndimage.gaussian_filter(1 - grey / np.maximum(_paper(grey, stroke), 1), 0.7)
        slope = np.hypot(*np.gradient(contrast))
        every += [thing for level in CONTRASTS for thing in _at(level, contrast, slope, grey)]
    whole = [thing for thing in every if not thing.box.touches(grey.shape)]
    kept: list[Thing] = []
    for thing in sorted(whole or every, key=lambda x: -x.score):
        if not any(thing.box.shared(x.box) > 0.3 for x in kept):
            kept.append(thing)
    return kept


def _paper(grey: np.ndarray, stroke: float) -> np.ndarray:
    """What the page would look like without ink: shadows and desk stay, what is as narrow as a stroke goes."""
    from scipy import ndimage

    height, width = grey.shape
    coarse = _resized(grey, (max(1, width // COARSE), max(1, height // COARSE)), Image.Resampling.BOX)
    reach = max(3, round(stroke * max(coarse.shape)))
    closed = ndimage.grey_closing(ndimage.median_filter(coarse, 3), (reach, reach), mode="nearest")
    return _resized(ndimage.gaussian_filter(closed, 1.5), (width, height), Image.Resampling.BILINEAR)


def _at(level: float, contrast: np.ndarray, slope: np.ndarray, grey: np.ndarray) -> Iterator[Thing]:
    """What holds together at a contrast."""
    from scipy import ndimage

    labels, count = _pieces(contrast > level)
    if count > MOST_PIECES:
        return
    for number, (rows, columns) in enumerate(ndimage.find_objects(labels), 1):
        box = Box(columns.start, rows.start, columns.stop, rows.stop)
        if not _plausible(box, grey.shape):
            continue
        own = labels[rows, columns] == number
        edge = _edge(own)
        strength = float(np.quantile(contrast[rows, columns][own], 0.85))
        sharp = float(np.quantile(slope[rows, columns][edge], 0.6)) / strength
        thick = 2 * float(own.sum() / edge.sum())
        if sharp < SOFTEST or thick < max(box.height, box.width) / 40 or _ends_page(box, grey, strength):
            continue
        score = strength * box.height**0.7 * _central(box, grey.shape) * min(1, sharp / SHARPEST)
        if score > FAINTEST:
            yield Thing(box, strength, thick, score)


def _plausible(box: Box, shape: tuple[int, ...]) -> bool:
    if box.height < SMALLEST or not box.width / 3 < box.height < 14 * box.width:
        return False
    return not box.touches(shape) or box.height > 0.6 * shape[0]  # of a picture cut close around the digit


def _central(box: Box, shape: tuple[int, ...]) -> float:
    x = (box.left + box.right) / 2 / shape[1] - 0.5
    y = (box.top + box.bottom) / 2 / shape[0] - 0.5
    return float(np.exp(-(x * x + y * y) / 0.12))


def _ends_page(box: Box, grey: np.ndarray, strength: float) -> bool:
    """Whether it is narrow, has another surface on its left than on its right, and is not much darker than both."""
    if box.height < 3 * box.width:
        return False
    left = grey[box.top : box.bottom, max(0, box.left - 6) : max(1, box.left - 1)]
    right = grey[box.top : box.bottom, min(grey.shape[1] - 1, box.right + 1) : box.right + 6]
    one, other = float(np.median(left)), float(np.median(right))
    darker, brighter = sorted((one, other))
    return darker < 0.8 * brighter and (1 - strength) * brighter > 0.65 * darker


def _as_likely(thing: Thing, digit: Thing) -> bool:
    """Whether it is another digit or letter by the same pen."""
    sizes = thing.box.height / digit.box.height, thing.thick / digit.thick
    alike = all(0.5 < size < 2 for size in sizes) and thing.strength > 0.6 * digit.strength
    if not alike or thing.score < 0.15 * digit.score or _belongs(thing.box, digit.box):
        return False
    # What is narrow is a one if it stands beside the other; elsewhere it may be a piece of a line.
    left, top, right, bottom = digit.box
    reach = digit.box.height
    beside = Box(left - reach, top + reach // 4, right + reach, bottom - reach // 4)
    return thing.box.height < 4 * thing.box.width or thing.box.near(beside)


def _belongs(part: Box, main: Box) -> bool:
    """Whether it is a stroke of the same digit, where the pen was lifted."""
    size = max(main.height, main.width)
    across = min(part.right, main.right) - max(part.left, main.left)
    stacked = across > 0.3 * min(part.width, main.width)
    gap = 0.12 if stacked or part.height < 0.45 * main.height else 0.04
    return max(part.height, part.width) > 0.06 * size and part.near(main, gap * size)


def _taken_out(grey: np.ndarray, shape: tuple[int, ...], digit: Thing) -> tuple[Box, np.ndarray]:
    """Its box and its ink alone, from as much of the full resolution as is of use; the box is of the small `shape`."""
    size = max(digit.box.height, digit.box.width)
    room = math.ceil(0.35 * size) + 3
    left, top = max(0, digit.box.left - room), max(0, digit.box.top - room)
    right, bottom = min(shape[1], digit.box.right + room), min(shape[0], digit.box.bottom + room)
    scale = min(grey.shape[1] / shape[1], max(1.0, CLOSEUP / size))
    close = _cut(grey, shape, Box(left, top, right, bottom), scale)
    contrast = _close_contrast(close, digit.thick * scale, scale)
    seed = Box(*(round((x - start) * scale) for x, start in zip(digit.box, (left, top) * 2, strict=True)))
    mask = _own_ink(contrast, seed, digit.strength, scale)
    ink = np.where(_grown(mask), np.clip((contrast / digit.strength - 0.3) / 0.6, 0, 1), 0).astype(np.float32)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    inner = Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    whole = Box(*(round(x / scale) + start for x, start in zip(inner, (left, top) * 2, strict=True)))
    return whole, ink[max(0, inner.top - 2) : inner.bottom + 2, max(0, inner.left - 2) : inner.right + 2]


def _cut(grey: np.ndarray, shape: tuple[int, ...], box: Box, scale: float) -> np.ndarray:
    """A box of the small picture from the large one, so many times larger than it is in the small one."""
    down, across = grey.shape[0] / shape[0], grey.shape[1] / shape[1]
    place = (
        box.left * across,
        box.top * down,
        min(box.right * across, grey.shape[1]),
        min(box.bottom * down, grey.shape[0]),
    )
    size = max(1, round(box.width * scale)), max(1, round(box.height * scale))
    return np.asarray(Image.fromarray(grey).resize(size, Image.Resampling.BOX, box=place))


def _close_contrast(close: np.ndarray, thick: float, scale: float) -> np.ndarray:
    """With the paper as near as the pen allows: a finger's shadow is wider than a stroke."""
    from scipy import ndimage

    reach = max(3, round(3 * thick) + 2)
    calm = ndimage.gaussian_filter(close, 0.7 * scale**0.5)
    closed = ndimage.grey_closing(calm, (reach, reach), mode="nearest")
    paper = ndimage.gaussian_filter(closed, reach / 6)
    return ndimage.gaussian_filter(1 - close / np.maximum(paper, 1), 0.5 * scale**0.5)


def _own_ink(contrast: np.ndarray, seed: Box, strength: float, scale: float) -> np.ndarray:
    """Mask of the digit: what is connected with what was found, as faint as it goes without running into lines."""
    from scipy import ndimage

    slope = np.hypot(*np.gradient(contrast)) * scale
    mask = np.zeros(contrast.shape, dtype=bool)
    for level in (0.4, 0.5, 0.6):
        labels, count = _pieces(contrast > level * strength)
        if count == 0:
            return mask | (contrast >= contrast.max())
        boxes = [Box(c.start, r.start, c.stop, r.stop) for r, c in ndimage.find_objects(labels)]
        inside = labels[seed.top : seed.bottom, seed.left : seed.right]
        main = int(np.argmax(np.bincount(inside.ravel(), minlength=count + 1)[1:]))
        own = [main + 1]
        for number, box in enumerate(boxes, 1):
            if number != main + 1 and not box.touches(contrast.shape) and _belongs(box, boxes[main]):
                edge = _edge(labels[box.top : box.bottom, box.left : box.right] == number)
                if np.median(slope[box.top : box.bottom, box.left : box.right][edge]) > 1.5 * SOFTEST * strength:
                    own.append(number)
        mask = np.isin(labels, own)
        if max(boxes[main].height, boxes[main].width) < 1.3 * max(seed.height, seed.width) + 4:
            break
    return mask


def _pieces(mask: np.ndarray) -> tuple[np.ndarray, int]:
    from scipy import ndimage

    labels, count = ndimage.label(mask, structure=np.ones((3, 3)))
    return labels, int(count)


def _edge(mask: np.ndarray) -> np.ndarray:
    from scipy import ndimage

    edge: np.ndarray = mask & ~ndimage.binary_erosion(mask)
    return edge


def _grown(mask: np.ndarray) -> np.ndarray:
    from scipy import ndimage

    grown: np.ndarray = ndimage.binary_dilation(mask, np.ones((3, 3)))
    return grown


def _resized(picture: np.ndarray, size: tuple[int, int], how: Image.Resampling) -> np.ndarray:
    return np.asarray(Image.fromarray(picture).resize(size, how))
