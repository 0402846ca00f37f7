"""Handwritten digits made by the project itself: the alphabet in :mod:`glyphs`, by random hands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache

import numpy as np
import torch

from denoiser.canvas import digits_from_canvases
from denoiser.data.digits import Digits, chosen_digits
from denoiser.data.glyphs import GLYPHS, Glyph, PenPath, path_of
from denoiser.data.strokes import AT_ONCE, CANVAS, PENS, draw_strokes, placed, seeded

MOST_DIGITS = 1_000_000

# How much hands differ: standard deviations, lengths as fractions of the digit's box.
JITTER = 0.03  # of each control point
RESTART = 0.03  # of where each further stroke begins
WAVES = ((0.5, 0.06), (1.2, 0.015))  # (cycles across the box, amplitude) of the paper's distortions
ASPECT = (-0.08, 0.22)  # mean and deviation of log(width / height)
SLANT = (0.12, 0.22)  # mean and deviation of the horizontal shift over the height; positive leans right
TURN = 0.09  # radians
BOLDNESS = (-1.95, 0.34)  # mean and deviation of log(line width / longer side)
SMALLEST = 0.4  # of the canvas: the shortest longer side of a digit with the pen's width
LARGEST = 0.88  # of the canvas: the longest one without it


def handwritten_digits(
    count: int,
    *,
    seed: int,
    digits: Sequence[int] = tuple(range(10)),
    tick: Callable[[int], object] = lambda digits: None,
) -> Digits:
    """Write digits: each a random way of writing it, by a random hand, drawn and reduced like a visitor's.

    Args:
        count: how many, 1 to 1,000,000.
        seed: 0 or more; the same seed gives the same digits, whatever else is random in the program.
        digits: the labels to write, each equally often, or once more where that does not divide.
        tick: called with the number of digits done since the last call, for a progress bar.

    Returns:
        ``count`` pictures in random order.

    Raises:
        ValueError: a count, seed or label outside of these.
    """
    if not 1 <= count <= MOST_DIGITS:
        raise ValueError(f"{count} digits: ask for 1 to {MOST_DIGITS:,}")
    wanted, rng = chosen_digits(digits), seeded(seed)
    labels = rng.permutation(np.resize(np.array(wanted), count))
    images = torch.empty(count, 1, 28, 28)
    for digit in wanted:
        places = np.flatnonzero(labels == digit)
        for glyph, own in zip(GLYPHS[digit], _shares(GLYPHS[digit], places, rng), strict=True):
            for few, pictures in zip(_parts(own), _written(glyph, len(own), rng), strict=True):
                images[few] = pictures
                tick(len(few))
    return Digits(images, torch.from_numpy(labels).long(), source=f"handwriting, seed {seed}")


def _shares(glyphs: tuple[Glyph, ...], places: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    """Deal places out among the ways of writing a digit, as common as their weights say."""
    weights = np.array([glyph.weight for glyph in glyphs])
    chosen = rng.choice(len(glyphs), size=len(places), p=weights / weights.sum())
    return [places[chosen == i] for i in range(len(glyphs))]


def _parts(values: np.ndarray) -> list[np.ndarray]:
    """As many at a time as are centred at once."""
    return np.split(values, range(AT_ONCE, len(values), AT_ONCE)) if len(values) else []


def _written(glyph: Glyph, count: int, rng: np.random.Generator) -> Iterator[torch.Tensor]:
    """The glyph by so many hands, in parts, as pictures ``[n, 1, 28, 28]``."""
    path = _path(glyph)
    points = _handled(path, count, rng)
    widths, extents = _pens(count, rng)
    points = placed(points, extent=extents, at=rng.uniform(size=(count, 2)), width=widths)
    for part in _parts(np.arange(count)):
        hands = zip(points[part], widths[part], strict=True)
        yield digits_from_canvases(
            np.stack([draw_strokes(np.split(digit, path.ends), width=float(width)) for digit, width in hands])
        )


def _handled(path: PenPath, count: int, rng: np.random.Generator) -> np.ndarray:
    """The path's points ``[count, m, 2]`` as different hands put them, in no particular place or size."""
    care = np.exp(rng.normal(0, 0.5, (count, 1, 1)))
    slips = rng.normal(size=(count, *path.control.shape))
    slips[:, 1:] = 0.6 * slips[:, :-1] + 0.8 * slips[:, 1:]  # a slip carries over to the next point
    control = path.control + care * JITTER * slips
    hurry = rng.uniform(0, 1, (count, 1, 1))
    points = (1 - hurry) * (path.sharp @ control) + hurry * (path.soft @ control)
    for end in path.ends:  # a pen that was lifted does not come down exactly where it should
        points[:, end:] += rng.normal(0, RESTART, (count, 1, 2))
    points = _warped(points - 0.5, rng)
    written: np.ndarray = points @ _affine(count, rng)
    return written


def _warped(points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Push points about by a few random waves across the paper, long strong ones and short weak ones."""
    count = len(points)
    for cycles, amplitude in WAVES:
        direction = rng.normal(0, cycles, (count, 2, 2))
        phase = rng.uniform(0, 2 * np.pi, (count, 1, 2))
        push = amplitude * rng.normal(size=(count, 2, 2))
        points = points + np.sin(2 * np.pi * points @ direction + phase) @ push  # [count, m, 2]
    return points


def _affine(count: int, rng: np.random.Generator) -> np.ndarray:
    """Random proportions, slant and rotation: matrices ``[count, 2, 2]`` for points as rows."""
    aspect = np.exp(rng.normal(*ASPECT, count))
    slant = rng.normal(*SLANT, count)
    angle = rng.normal(0, TURN, count)
    one, zero = np.ones(count), np.zeros(count)
    stretch = np.stack([aspect, zero, zero, one], axis=1).reshape(count, 2, 2)
    lean = np.stack([one, zero, -slant, one], axis=1).reshape(count, 2, 2)
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.stack([cos, sin, -sin, cos], axis=1).reshape(count, 2, 2)
    combined: np.ndarray = stretch @ lean @ turn
    return combined


def _pens(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Pen widths and digit sizes ``[count]``, fractions of the canvas: lines as bold as in MNIST."""
    thinnest, thickest = (pen / CANVAS for pen in PENS)
    bold = np.exp(rng.normal(*BOLDNESS, count)).clip(thinnest / LARGEST, thickest / (SMALLEST - thickest))
    low, high = np.maximum(SMALLEST / (1 + bold), thinnest / bold), np.minimum(LARGEST, thickest / bold)
    extents = rng.uniform(low, high)
    return bold * extents, extents


@cache
def _path(glyph: Glyph) -> PenPath:
    return path_of(glyph)
