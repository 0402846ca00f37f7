"""From what somebody drew to the 28×28 picture the networks know: MNIST's own recipe, as one pure function."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image

from denoiser.extras import is_installed
from denoiser.photo import Found, find_digit
from denoiser.pictures import SIDE

CENTRE = 14.5  # where MNIST puts the centre of mass, measured from the edge: the middle of the 15th pixel
BOX = 20  # MNIST scales the ink's longer side to this many pixels
SMALLEST_BOX = 0.4  # of the canvas's shorter side: a first dot stays a dot
LARGEST_SIDE = 4096  # pixels; beyond that a picture is refused before any work is done
FAINTEST_INK = 24  # grey levels between ink and paper; less is an empty canvas
SMALLEST_PHOTO = 40  # pixels: the shorter side; less is a digit's own picture, and not one of a page
MOST_PIXELS = 2_000_000  # of a photo that are looked at: a larger one is made smaller first


def digit_from_drawing(pixels: np.ndarray) -> torch.Tensor:
    """Turn a canvas or a photo of one digit into the picture MNIST would have made of it.

    The ink's bounding box is scaled to 20×20 pixels (never counted smaller than 40 % of the canvas, so that
    a dot stays a dot) and pasted with its centre of mass at the centre of 28×28, as described for MNIST by
    LeCun et al., http://yann.lecun.com/exdb/mnist. Ink may be bright on dark or dark on bright, in colour,
    off-centre, thin or thick, on a transparent ground. A picture whose border is not all of one level is a photo:
    there the likeliest digit is looked for, and its own box is what is scaled (`look` tells what else was seen).

    Args:
        pixels: uint8 array ``[H, W]`` (grey), ``[H, W, 2]`` (grey, alpha), ``[H, W, 3]`` (RGB) or
            ``[H, W, 4]`` (RGBA), sides from 1 to 4096.

    Returns:
        float32 tensor ``[1, 1, 28, 28]`` in [0, 1], ink bright on dark; all zeros where there is no ink.

    Raises:
        ValueError: another shape, size or dtype.
    """
    grey = _grey(_checked(pixels))
    border = _border(grey)
    if _is_photo(grey, border):
        return _from_photo(find_digit(grey))
    return _from_canvas(grey, border)


class Sight(NamedTuple):
    """What a picture shows."""

    digit: torch.Tensor  # [1, 1, 28, 28], as `digit_from_drawing` returns it
    photo: bool  # or else a canvas, a scan, a picture of a few pixels
    several: bool  # things that look alike, as a row of digits does: the digit is one of them, and may be the wrong one
    box: tuple[float, ...] | None  # of the digit: left, top, right, bottom, as shares of width and height


def look(pixels: np.ndarray) -> Sight:
    """Do as `digit_from_drawing`, and tell a photo from a canvas and several things from a digit."""
    grey = _grey(_checked(pixels))
    border = _border(grey)
    photo = _is_photo(grey, border)
    # On a canvas it only finds out whether there are several things: whoever has no package for photos does without.
    searched = min(grey.shape) >= SMALLEST_PHOTO and (photo or is_installed("photos"))
    found = find_digit(grey) if searched else None
    digit = _from_photo(found) if photo else _from_canvas(grey, border)
    return Sight(digit, photo, found is not None and found.several, found and found.box)


def _from_canvas(grey: np.ndarray, border: _Border) -> torch.Tensor:
    digit = np.zeros((SIDE, SIDE), dtype=np.float32)
    paper = _paper(grey, border)
    box = _bounding_box(grey, paper) if paper is not None else None
    if paper is not None and box is not None:
        small = _scaled(grey, paper, box)
        top, left = _place(small)
        digit[top : top + small.shape[0], left : left + small.shape[1]] = small
    return torch.from_numpy(digit)[None, None]


def _from_photo(found: Found | None) -> torch.Tensor:
    digit = np.zeros((SIDE, SIDE), dtype=np.float32)
    if found is not None:
        strong = found.ink > 0.25
        rows, columns = np.flatnonzero(strong.any(axis=1)), np.flatnonzero(strong.any(axis=0))
        left, top, right, bottom = int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
        scale = BOX / max(right - left, bottom - top)
        size = max(1, round((right - left) * scale)), max(1, round((bottom - top) * scale))
        inside = (left, top, right, bottom)
        small = _bright(np.asarray(Image.fromarray(found.ink).resize(size, Image.Resampling.BILINEAR, box=inside)))
        top, left = _place(small)
        digit[top : top + small.shape[0], left : left + small.shape[1]] = small
    return torch.from_numpy(digit)[None, None]


class _Border(NamedTuple):
    level: float  # grey: of most of it
    floor: float  # unevenness of the paper: what is nearer to its level than this is no ink


class _Paper(NamedTuple):
    """What the ink stands out from, in grey levels: `sign` is 1 for ink brighter than the paper, −1 for darker."""

    level: float
    sign: int
    floor: float  # unevenness of the paper: what is nearer to its level than this is no ink
    contrast: float  # of the strongest ink

    def ink(self, grey: np.ndarray) -> np.ndarray:
        """Strength of the ink, float32 in [0, 1]."""
        distance = (grey.astype(np.float32) - self.level) * self.sign
        return np.clip((distance - self.floor) / (self.contrast - self.floor), 0, 1)


def _checked(pixels: np.ndarray) -> np.ndarray:
    if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8:
        raise ValueError("a drawing must be a numpy array of uint8 pixels: convert it with .astype('uint8')")
    if pixels.ndim not in (2, 3) or (pixels.ndim == 3 and pixels.shape[2] not in (1, 2, 3, 4)):
        raise ValueError(f"a drawing must be [H, W] or [H, W, 1 to 4 channels], not {list(pixels.shape)}")
    if not all(1 <= side <= LARGEST_SIDE for side in pixels.shape[:2]):
        height, width = pixels.shape[:2]
        raise ValueError(f"a drawing of {width}×{height} pixels: each side must be 1 to {LARGEST_SIDE}; resize it")
    return _reduced(pixels) if pixels.shape[0] * pixels.shape[1] > MOST_PIXELS else pixels


def _reduced(pixels: np.ndarray) -> np.ndarray:
    """Averaged over whole squares, which takes a tenth of the time of any other way."""
    times = math.ceil((pixels.shape[0] * pixels.shape[1] / MOST_PIXELS) ** 0.5)
    return np.asarray(Image.fromarray(pixels[..., 0] if pixels.shape[2:] == (1,) else pixels).reduce(times))


def _grey(pixels: np.ndarray) -> np.ndarray:
    """``[H, W]`` luminance in 0–255, transparent parts filled with what contrasts with the rest."""
    if pixels.ndim == 2:
        return pixels
    channels = pixels.shape[2]
    colour = pixels[..., :3] if channels >= 3 else pixels[..., :1]
    weights = np.array([0.299, 0.587, 0.114] if channels >= 3 else [1.0], dtype=np.float32)  # ITU-R BT.601
    grey = colour.astype(np.float32) @ weights
    if channels in (1, 3):
        return grey
    alpha = pixels[..., -1].astype(np.float32) / 255
    visible = float(alpha.sum())
    bright = visible > 0 and float((grey * alpha).sum()) / visible > 127
    return grey * alpha + (0.0 if bright else 255.0) * (1 - alpha)


def _border(grey: np.ndarray) -> _Border:
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]]).astype(np.float32)
    level = _quantile(border, 0.5)
    # Shadows and grain of a photo stay below this floor; a canvas has none.
    return _Border(level, 2 * _quantile(np.abs(border - level), 0.75))


def _is_photo(grey: np.ndarray, border: _Border) -> bool:
    """Whether its border is not of one level, nor, as of a canvas that is drawn upon up to the edge, of two."""
    if border.floor == 0 or min(grey.shape) < SMALLEST_PHOTO:
        return False
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    extreme = np.count_nonzero(edge == grey.min()) + np.count_nonzero(edge == grey.max())
    return bool(extreme < 0.75 * edge.size)


def _paper(grey: np.ndarray, border: _Border) -> _Paper | None:
    """The paper, whose colour and unevenness the picture's border shows; None where nothing stands out from it."""
    level, floor = border
    brighter, darker = float(grey.max()) - level, level - float(grey.min())
    contrast = max(brighter, darker)
    if contrast < FAINTEST_INK or contrast <= floor:
        return None
    return _Paper(level, 1 if brighter >= darker else -1, floor, contrast)


def _bounding_box(grey: np.ndarray, paper: _Paper) -> tuple[int, int, int, int] | None:
    """(left, top, right, bottom) of what is at least a quarter as strong as the strongest ink."""
    # Whole levels, so that a canvas of bytes is compared as bytes: most of the time goes into this line.
    distance = math.floor(paper.floor + 0.25 * (paper.contrast - paper.floor))
    level = round(paper.level)
    strong = grey > level + distance if paper.sign > 0 else grey < level - distance
    rows, columns = np.flatnonzero(strong.any(axis=1)), np.flatnonzero(strong.any(axis=0))
    if rows.size == 0:
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _scaled(grey: np.ndarray, paper: _Paper, box: tuple[int, int, int, int]) -> np.ndarray:
    """The ink in the box, its longer side at most 20 pixels, in full brightness also where the pen was thin."""
    left, top, right, bottom = box
    longest = max(right - left, bottom - top, SMALLEST_BOX * min(grey.shape))
    width = max(1, round((right - left) * BOX / longest))
    height = max(1, round((bottom - top) * BOX / longest))
    margin = math.ceil(longest / BOX) + 1  # of the box: as far as the edge of a small pixel looks
    x, y = max(0, left - margin), max(0, top - margin)
    ink = paper.ink(grey[y : bottom + margin, x : right + margin])
    # Bilinear resizing in Pillow averages over the whole footprint when it shrinks.
    inside = (left - x, top - y, right - x, bottom - y)
    small = np.asarray(Image.fromarray(ink).resize((width, height), Image.Resampling.BILINEAR, box=inside))
    return _bright(small)


def _bright(small: np.ndarray) -> np.ndarray:
    """A pen thinner than one of the 28 pixels fades when shrunk; MNIST's ink is always bright."""
    faint = _quantile(small[small > 0.1 * small.max()], 0.8)
    return np.clip(small / faint, 0, 1)


def _place(small: np.ndarray) -> tuple[int, int]:
    """Top-left corner that brings the centre of mass to the centre of the 28×28 picture."""
    mass = small.sum()
    height, width = small.shape
    centre_y = float(small.sum(axis=1) @ (np.arange(height) + 0.5) / mass)
    centre_x = float(small.sum(axis=0) @ (np.arange(width) + 0.5) / mass)
    top, left = round(CENTRE - centre_y), round(CENTRE - centre_x)
    return min(max(top, 0), SIDE - height), min(max(left, 0), SIDE - width)


def _quantile(values: np.ndarray, fraction: float) -> float:
    """The sorted value at this fraction; ten times faster than numpy's interpolating one on a few values."""
    rank = int(fraction * (values.size - 1))
    return float(np.partition(values, rank)[rank])
