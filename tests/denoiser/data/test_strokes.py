"""Strokes against closed forms and symmetry; recorded files written by hand, whole and damaged."""

import gzip
import json
import math
import tracemalloc
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from denoiser.canvas import digit_from_drawing
from denoiser.data import strokes
from denoiser.data.strokes import draw_strokes, placed, read_stroke_file, stroke_digits

HOOK = np.array([[0.2, 0.3], [0.5, 0.15], [0.7, 0.4], [0.45, 0.8]])


def area(strokes: list[np.ndarray], width: float, size: int = 112) -> float:
    """Of the ink, as a share of the canvas."""
    return float(draw_strokes(strokes, width=width, size=size).sum()) / 255 / size**2


def write(path: Path, records: Any) -> Path:
    text = json.dumps(records).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


def record(label: Any = 1, strokes: Any = None) -> dict[str, Any]:
    return {"label": label, "strokes": [[[250, 50], [250, 450]]] if strokes is None else strokes}


def labels(path: Path, **options: Any) -> list[int]:
    digits = stroke_digits(path, **options)
    assert digits.labels is not None
    return digits.labels.tolist()


def fault(path: Path, **options: Any) -> str:
    """The message of the ValueError: one line with the file's name and, after a semicolon, a remedy."""
    with pytest.raises(ValueError) as caught:
        stroke_digits(path, **options)
    message = str(caught.value)
    assert "\n" not in message and len(message) < 250
    return message


@pytest.mark.parametrize("width", [8 / 280, 16 / 280, 28 / 280])
@pytest.mark.parametrize("end", [(0.8, 0.3), (0.3, 0.9), (0.75, 0.62)])
def test_a_line_is_a_bar_with_two_half_discs(width: float, end: tuple[float, float]) -> None:
    line = np.array([(0.2, 0.3), end])
    expected = math.dist(*line) * width + math.pi * (width / 2) ** 2
    assert area([line], width) == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("dot", [np.array([[0.4, 0.6]]), np.array([[0.4, 0.6]] * 3)])
def test_a_single_point_is_a_disc(dot: np.ndarray) -> None:
    # The renderer draws a small disc as a polygon inside of it, hence a little less ink.
    assert area([dot], 0.1) == pytest.approx(math.pi * 0.05**2, rel=0.03)
    rows, columns = np.nonzero(draw_strokes([dot], width=0.1))
    assert (columns.mean() + 0.5) / 112 == pytest.approx(0.4, abs=0.002)
    assert (rows.mean() + 0.5) / 112 == pytest.approx(0.6, abs=0.002)


def test_joins_are_round() -> None:
    # Outside of a right angle lies a quarter disc: two lines, two half discs at the ends, and the overlap
    # inside of the corner, a square of half the width, once less.
    corner = np.array([[0.2, 0.7], [0.7, 0.7], [0.7, 0.2]])
    width = 0.1
    quarter = math.pi * (width / 2) ** 2 / 4
    expected = 2 * 0.5 * width - (width / 2) ** 2 + 5 * quarter
    assert area([corner], width) == pytest.approx(expected, rel=0.005)


def test_drawing_commutes_with_reflection_and_transposition() -> None:
    drawn = draw_strokes([HOOK], width=0.08).astype(int)
    mirrored = draw_strokes([HOOK * [-1, 1] + [1, 0]], width=0.08)
    flipped = draw_strokes([HOOK * [1, -1] + [0, 1]], width=0.08)
    turned = draw_strokes([HOOK[:, ::-1]], width=0.08)
    for picture in (mirrored[:, ::-1], flipped[::-1], turned.T):
        assert np.abs(picture - drawn).max() <= 8  # of 255: the renderer counts in 1/256 of a pixel


def test_drawing_does_not_depend_on_the_direction_or_on_points_in_between() -> None:
    dense = np.concatenate([np.linspace(a, b, 9) for a, b in pairwise(HOOK)])
    drawn = draw_strokes([HOOK], width=0.08).astype(int)
    for same in (HOOK[::-1], dense):
        assert np.abs(draw_strokes([same], width=0.08) - drawn).mean() < 0.1


def test_two_strokes_are_drawn_over_each_other() -> None:
    first, second = np.array([[0.2, 0.2], [0.8, 0.8]]), np.array([[0.8, 0.2], [0.2, 0.8]])
    both = draw_strokes([first, second], width=0.05)
    apart = np.maximum(draw_strokes([first], width=0.05), draw_strokes([second], width=0.05))
    assert np.abs(both.astype(int) - apart).mean() < 0.2
    assert both.max() == 255 and not draw_strokes([], width=0.05).any()


def test_what_lies_outside_of_the_canvas_is_cut_off() -> None:
    assert area([np.array([[-5.0, 0.5], [5.0, 0.5]])], 0.1) == pytest.approx(0.1, rel=0.01)


@pytest.mark.parametrize(
    ("stroke", "options"),
    [
        (HOOK, {"width": 0.0}),
        (HOOK, {"width": 1.5}),
        (HOOK, {"width": math.nan}),
        (HOOK, {"width": 0.1, "size": 0}),
        (HOOK, {"width": 0.1, "size": 5000}),
        (HOOK[:0], {"width": 0.1}),
        (HOOK[0], {"width": 0.1}),
        (HOOK * math.nan, {"width": 0.1}),
    ],
)
def test_bad_strokes_are_refused(stroke: np.ndarray, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+$"):
        draw_strokes([stroke], **options)


def test_placed_puts_the_box_where_it_is_told() -> None:
    points = np.array([[3.0, 1.0], [5.0, 5.0]])  # twice as high as wide
    top_left = placed(points, extent=0.8, at=np.array([0.0, 0.0]), width=0.1)
    middle = placed(points, extent=0.8, at=np.array([0.5, 0.5]), width=0.1)
    np.testing.assert_allclose(top_left, [[0.05, 0.05], [0.45, 0.85]])
    np.testing.assert_allclose(middle, [[0.3, 0.1], [0.7, 0.9]])


@pytest.mark.parametrize("name", ["pen.json", "pen.json.gz"])
def test_a_recorded_file_is_read(tmp_path: Path, name: str) -> None:
    file = write(tmp_path / name, [record(4, [[[0, 0], [250, 125]], [[500, 500]]]), record(9)])
    (first, strokes), (second, _) = read_stroke_file(file)
    assert (first, second) == (4, 9)
    np.testing.assert_array_equal(strokes[0], [[0, 0], [0.5, 0.25]])
    np.testing.assert_array_equal(strokes[1], [[1, 1]])


def test_recorded_digits_keep_their_order_and_their_writers(tmp_path: Path) -> None:
    file = write(tmp_path / "pen.json", [record(i) for i in range(10)])
    twice = [i // 2 for i in range(20)]
    assert labels(file) == list(range(10)) and labels(file, copies=2) == twice
    assert labels(file, writers="train") == list(range(8))
    assert labels(file, writers="validation") == [8, 9]
    assert labels(file, digits=(7, 3)) == [3, 7]


def test_recorded_digits_come_out_as_they_were_written(tmp_path: Path) -> None:
    bend = [[150, 60], [160, 300], [210, 420], [340, 430]]
    digits = stroke_digits(write(tmp_path / "pen.json", [record(6, [bend])]), copies=50)
    plain = digit_from_drawing(draw_strokes([np.array(bend) / 500], width=18 / 280))
    likeness = torch.nn.functional.cosine_similarity(digits.images.mean(0).flatten(), plain.flatten(), dim=0)
    assert likeness > 0.85
    assert len(digits.images.unique(dim=0)) == 50


def test_the_seed_alone_decides(tmp_path: Path) -> None:
    file = write(tmp_path / "pen.json", [record(i) for i in range(5)])
    once = stroke_digits(file, seed=3, copies=4)
    np.random.seed(1)
    torch.manual_seed(1)
    again, other = stroke_digits(file, seed=3, copies=4), stroke_digits(file, seed=4, copies=4)
    assert torch.equal(once.images, again.images) and not torch.equal(once.images, other.images)


@pytest.mark.parametrize(
    ("records", "word"),
    [
        ([], "list"),
        ({"label": 1}, "list"),
        ([record(), [1, 2]], "digit 1"),
        ([{"label": 1}], "strokes"),
        ([record(10)], "label 10"),
        ([record(True)], "label True"),
        ([record("7" * 1000)], "label 7"),
        ([record(1, [])], "no strokes"),
        ([record(1, [[]])], "empty"),
        ([record(1, [3])], "empty"),
        ([record(1, [[[1, 2], [3]]])], "[x, y]"),
        ([record(1, [[[1, 2, 3]]])], "[x, y]"),
        ([record(1, [[["a", "b"]]])], "[x, y]"),
        ([record(1, [[[1, None]]])], "far outside"),
        ([record(1, [[[1, math.nan]]])], "far outside"),
        ([record(1, [[[1, math.inf]]])], "far outside"),
        ([record(1, [[[1, 10**400]]])], "[x, y]"),
        ([record(1, [[[1, 1e6]]])], "far outside"),
        ([record(1, [[[1, 2]] * 5001])], "5000 points"),
    ],
)
def test_wrong_contents_are_named_in_one_line(tmp_path: Path, records: Any, word: str) -> None:
    file = write(tmp_path / "pen.json", records)
    message = fault(file)
    assert str(file) in message and word in message and ";" in message


def test_damaged_files_are_named_in_one_line(tmp_path: Path) -> None:
    whole = gzip.compress(json.dumps([record()] * 50).encode())
    flipped = whole[:-8] + bytes(8)
    for data, word in ((whole[:-30], "gzip"), (whole[:5], "gzip"), (flipped, "gzip"), (b"", "empty")):
        file = tmp_path / "pen.json.gz"
        file.write_bytes(data)
        assert word in fault(file)
    for text in (b"[{", b"\xff\xfe[]", b"[" * 100_000):
        file.write_bytes(text)
        assert "JSON" in fault(file)


def test_a_small_gzip_of_endless_spaces_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strokes, "LARGEST_FILE", 2**20)
    file = tmp_path / "pen.json.gz"
    file.write_bytes(gzip.compress(b" " * 16 * 2**20))
    tracemalloc.start()
    assert "more than 1,048,576 bytes" in fault(file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * 2**20


def test_bad_choices_are_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "pen.json", [record(1)] * 5)
    assert "all, train, validation" in fault(file, writers="some")
    assert "copies" in fault(file, copies=0)
    assert "seed -1" in fault(file, seed=-1)
    assert "choose" in fault(file, digits=(2,))
    assert "choose" in fault(file, digits=(12,))
    with pytest.raises(OSError):
        stroke_digits(tmp_path / "missing.json")
