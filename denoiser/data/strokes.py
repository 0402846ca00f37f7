"""Pen strokes: drawn the way the page's canvas draws them, and read from a file of recorded handwriting."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch

from denoiser.canvas import digits_from_canvases
from denoiser.data.contents import contents
from denoiser.data.digits import Digits, chosen_digits
from denoiser.pictures import DRAWING

CANVAS = 280  # pixels: the side of the page's canvas, in which pens are measured
PENS = (8, 28)  # pixels of the canvas: the thinnest and the thickest pen
AT_ONCE = 64  # drawings that are centred together: they stay in the processor's cache
PEN_FILE_SIDE = 500.0  # units: the side of the box in which a file of strokes is recorded
VALIDATION_SHARE = 0.2  # of a file, from its end: one block, so that writers are not torn apart

# A file larger than any real recording is refused before it fills the memory.
LARGEST_FILE = 64 * 2**20  # bytes, unpacked
MOST_DIGITS = 100_000
MOST_POINTS = 5_000  # of one digit
LARGEST_COORDINATE = 4 * PEN_FILE_SIDE

Recording = tuple[int, list[np.ndarray]]


def draw_strokes(strokes: Iterable[np.ndarray], *, width: float, size: int = DRAWING) -> np.ndarray:
    """Draw strokes with a round pen, antialiased, as an HTML canvas does with round caps and joins.

    Args:
        strokes: arrays ``[k, 2]`` of points (x to the right, y down), the canvas being the unit square; a
            single point is a dot. What lies outside is cut off.
        width: of the pen, as a fraction of the canvas's side, above 0 and at most 1.
        size: side of the picture in pixels, 1 to 4096.

    Returns:
        uint8 array ``[size, size]``, white ink on black.

    Raises:
        ValueError: a width, a size, a stroke's shape or a coordinate outside of these.
    """
    if not 0 < width <= 1:
        raise ValueError(f"pen width {width}: give a fraction of the canvas's side, above 0 and at most 1")
    if not 1 <= size <= 4096:
        raise ValueError(f"picture of {size} pixels: give a side from 1 to 4096")
    # Imported here because it costs more than the rest of this package.
    from matplotlib.path import Path as Polyline
    from matplotlib.transforms import IdentityTransform

    renderer = _renderer(size)
    pen = renderer.new_gc()
    pen.set_linewidth(width * size)
    pen.set_capstyle("round")
    pen.set_joinstyle("round")
    pen.set_snap(False)
    for stroke in strokes:
        line = Polyline(_upwards(_checked_stroke(stroke), size))
        line.should_simplify = False
        renderer.draw_path(pen, line, IdentityTransform())
    ink: np.ndarray = np.asarray(renderer.buffer_rgba())[..., 3].copy()
    return ink


def read_stroke_file(path: str | Path) -> list[Recording]:
    """Read recorded handwriting: a JSON list of ``{"label": 8, "strokes": [[[x, y], …], …]}``, plain or gzip.

    Args:
        path: of the file. Its points are in a 500 × 500 box, x to the right, y down.

    Returns:
        For each digit its label, 0 to 9, and its strokes: float64 arrays ``[k, 2]``, the box being the unit
        square.

    Raises:
        OSError: the file cannot be opened.
        ValueError: it is damaged, or holds something else; one line says what and where.
    """
    records = _parsed(Path(path))
    if not isinstance(records, list) or not records:
        raise ValueError(f"{path}: expected a list of digits with labels and strokes; use another file")
    if len(records) > MOST_DIGITS:
        raise ValueError(f"{path}: {len(records)} digits, at most {MOST_DIGITS} are read; split the file")
    return [_recording(record, f"{path}: digit {number}") for number, record in enumerate(records)]


def stroke_digits(
    path: str | Path,
    *,
    seed: int = 0,
    writers: str = "all",
    copies: int = 1,
    digits: Sequence[int] = tuple(range(10)),
) -> Digits:
    """Draw recorded digits the way visitors do: a pen of 8 to 28 of 280 pixels, placed and sized freely.

    Args:
        path: a file as :func:`read_stroke_file` reads it, its writers one after the other.
        seed: of the pens, places, sizes and slants; the same seed gives the same digits.
        writers: "all", "train" (the first 80 % of the file) or "validation" (the rest).
        copies: how often each recorded digit is drawn, 1 to 1000, each time differently.
        digits: the labels to keep.

    Returns:
        The pictures, in the file's order, the copies of a digit side by side.

    Raises:
        OSError: the file cannot be opened.
        ValueError: it is damaged, or an argument is not one of these, or no digit is left.
    """
    if not 1 <= copies <= 1000:
        raise ValueError(f"{copies} copies of each digit: give a number from 1 to 1000")
    wanted = chosen_digits(digits)
    chosen = [(label, strokes) for label, strokes in _of_writers(path, writers) if label in wanted]
    if not chosen:
        raise ValueError(f"{path}: no digits among {wanted} by {writers} writers; choose others")
    rng = seeded(seed)
    drawings = (_as_visitor(strokes, rng) for _, strokes in chosen for _ in range(copies))
    images = [digits_from_canvases(np.stack(few)) for few in iter(lambda: list(islice(drawings, AT_ONCE)), [])]
    labels = torch.tensor([label for label, _ in chosen for _ in range(copies)], dtype=torch.int64)
    return Digits(torch.cat(images), labels, source=f"{Path(path).name} ({writers} writers)")


def seeded(seed: int) -> np.random.Generator:
    """Return a generator of its own for a seed, 0 or more; ValueError for another one."""
    if seed < 0:
        raise ValueError(f"seed {seed}: give 0 or a positive number")
    return np.random.default_rng(seed)


def _renderer(size: int) -> Any:
    """An empty sheet of Agg, a vector renderer exact to 1/256 pixel, and faster than Pillow's lines."""
    from matplotlib.backends.backend_agg import RendererAgg

    return RendererAgg(size, size, 72)  # type: ignore[no-untyped-call]  # 72 dots an inch: a point is a pixel


def _checked_stroke(stroke: np.ndarray) -> np.ndarray:
    points = np.asarray(stroke, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) == 0:
        raise ValueError(f"a stroke must be an array [k, 2] of at least one point, not {list(points.shape)}")
    if not np.isfinite(points).all():
        raise ValueError("a stroke has a point that is not a finite number: leave that point out")
    return points


def _upwards(points: np.ndarray, size: int) -> np.ndarray:
    """Pixels with y up, as the renderer counts; a dot becomes a line too short to see, with caps."""
    if (points == points[0]).all():
        points = points[0] + np.array([[0.0, 0.0], [1e-2 / size, 0.0]])
    return points * [size, -size] + [0, size]


def _parsed(path: Path) -> Any:
    text = contents(path, LARGEST_FILE)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError(f"{path}: not valid JSON; fetch the file again") from None


def _recording(record: Any, where: str) -> Recording:
    if not isinstance(record, dict) or not {"label", "strokes"} <= record.keys():
        raise ValueError(f'{where}: expected {{"label": …, "strokes": …}}; correct or remove it')
    label, strokes = record["label"], record["strokes"]
    if type(label) is not int or not 0 <= label <= 9:
        raise ValueError(f"{where}: label {str(label)[:20]} is not a digit from 0 to 9; correct or remove it")
    if not isinstance(strokes, list) or not strokes or not all(isinstance(s, list) and s for s in strokes):
        raise ValueError(f"{where}: it has no strokes, or an empty one; remove it")
    if sum(len(stroke) for stroke in strokes) > MOST_POINTS:
        raise ValueError(f"{where}: more than {MOST_POINTS} points; thin it out or remove it")
    return label, [_recorded_stroke(stroke, where) for stroke in strokes]


def _recorded_stroke(stroke: list[Any], where: str) -> np.ndarray:
    try:
        points = np.array(stroke, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        points = np.empty(0)
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"{where}: a stroke must be a list of [x, y] points; correct or remove it")
    if not (np.abs(points) <= LARGEST_COORDINATE).all():  # not-a-number fails this too
        raise ValueError(f"{where}: a point lies far outside of the 500 × 500 box; correct or remove it")
    return points / PEN_FILE_SIDE


def _of_writers(path: str | Path, writers: str) -> list[Recording]:
    recordings = read_stroke_file(path)
    first_held_out = round(len(recordings) * (1 - VALIDATION_SHARE))
    blocks = {
        "all": recordings,
        "train": recordings[:first_held_out],
        "validation": recordings[first_held_out:],
    }
    if writers not in blocks:
        raise ValueError(f'writers "{writers}": choose one of {", ".join(blocks)}')
    return blocks[writers]


def _as_visitor(strokes: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """One digit on a canvas, leaning a little more or less, in any pen, somewhere."""
    width = rng.uniform(*PENS) / CANVAS
    angle, slant = rng.normal(0, math.radians(4)), rng.normal(0, 0.08)
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    lean = np.array([[1.0, 0.0], [-slant, 1.0]])  # rows are points: x − slant·y, y
    points = np.concatenate(strokes) @ turn @ lean
    points = placed(points, extent=rng.uniform(0.4, 0.95 - width), at=rng.uniform(size=2), width=width)
    ends = np.cumsum([len(stroke) for stroke in strokes])[:-1]
    return draw_strokes(np.split(points, ends), width=width)


def placed(points: np.ndarray, *, extent: Any, at: np.ndarray, width: Any) -> np.ndarray:
    """Scale points to an extent and move them to a place where a pen of this width stays on the canvas.

    Args:
        points: ``[..., k, 2]``.
        extent: longer side of their box afterwards, a fraction of the canvas: a number or ``[...]``.
        at: ``[..., 2]`` in [0, 1]: 0 puts the box at the left or top edge, 1 at the right or bottom one.
        width: of the pen, a fraction of the canvas: a number or ``[...]``.
    """
    low, high = points.min(axis=-2), points.max(axis=-2)  # [..., 2]
    scale = np.asarray(extent) / np.maximum((high - low).max(axis=-1), 1e-6)
    free = 1 - (high - low) * scale[..., None] - np.asarray(width)[..., None]  # [..., 2]
    corner = np.asarray(width)[..., None] / 2 + at * np.maximum(free, 0)
    moved: np.ndarray = (points - low[..., None, :]) * scale[..., None, None] + corner[..., None, :]
    return moved
