"""From canvas to 28×28: MNIST's recipe, checked on drawings whose answer is known."""

import numpy as np
import pytest
import torch

from denoiser import digit_from_drawing


def canvas(height=280, width=280):
    return np.zeros((height, width), dtype=np.uint8)


def seven(offset=(60, 80), scale=1, thick=20):
    picture = canvas()
    top, left = offset
    picture[top : top + thick, left : left + 100 * scale] = 255
    picture[top : top + 140 * scale, left + 100 * scale - thick : left + 100 * scale] = 255
    return picture


def centre_of_mass(digit):
    d = digit[0, 0].numpy()
    ticks = np.arange(28) + 0.5
    return d.sum(1) @ ticks / d.sum(), d.sum(0) @ ticks / d.sum()


def box(digit):
    ink = digit[0, 0].numpy() > 0.1
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    return np.ptp(rows) + 1, np.ptp(columns) + 1


def test_an_empty_canvas_gives_zeros():
    for value in (0, 255, 93):
        digit = digit_from_drawing(np.full((112, 112), value, dtype=np.uint8))
        assert digit.shape == (1, 1, 28, 28)
        assert digit.abs().max() == 0


def test_the_ink_fills_twenty_pixels_around_its_centre_of_mass():
    digit = digit_from_drawing(seven())
    assert digit.dtype == torch.float32
    assert 0.99 < digit.max() <= 1
    assert box(digit)[0] == 20
    assert box(digit)[1] == round(100 * 20 / 140)
    assert all(abs(c - 14.5) <= 0.5 for c in centre_of_mass(digit))


def test_where_and_how_large_it_was_drawn_does_not_matter():
    reference = digit_from_drawing(seven())
    assert torch.allclose(digit_from_drawing(seven(offset=(10, 150))), reference, atol=1e-6)
    doubled = np.kron(seven(offset=(0, 0))[:140, :100], np.ones((2, 2), dtype=np.uint8))
    moved = np.zeros((560, 560), dtype=np.uint8)
    moved[120:400, 160:360] = doubled
    assert torch.allclose(digit_from_drawing(moved), reference, atol=0.02)


def test_a_small_digit_drawn_large_comes_back():
    """Shrinking blurs an edge by half a pixel at most; nothing moves."""
    small = np.zeros((28, 28), dtype=np.uint8)
    small[4:24, 12:17] = 255
    digit = digit_from_drawing(np.kron(small, np.ones((10, 10), dtype=np.uint8)))[0, 0].numpy()
    difference = np.abs(digit - small / 255)
    inside = small.copy()
    inside[4:24, [12, 16]] = 0
    inside[[4, 23]] = 0
    assert difference[inside > 0].max() < 0.02
    assert difference.max() < 0.35
    assert digit[small == 0].max() == 0


def test_colour_polarity_and_transparency_give_the_same_digit():
    white_on_black = seven()
    reference = digit_from_drawing(white_on_black)
    black_on_white = 255 - white_on_black
    assert torch.allclose(digit_from_drawing(black_on_white), reference, atol=1e-6)
    rgb = np.repeat(white_on_black[..., None], 3, axis=2)
    assert torch.allclose(digit_from_drawing(rgb), reference, atol=1e-5)
    for ink in (0, 255):  # black or white ink on a transparent ground
        rgba = np.dstack([np.full((280, 280, 3), ink, dtype=np.uint8), white_on_black])
        assert torch.allclose(digit_from_drawing(rgba), reference, atol=1e-5)


def test_a_first_dot_stays_a_dot():
    picture = canvas()
    picture[200:214, 30:44] = 255
    digit = digit_from_drawing(picture)
    assert max(box(digit)) <= 4  # 14 of the smallest box of 112 pixels, times 20
    assert all(abs(c - 14.5) <= 0.5001 for c in centre_of_mass(digit))


def test_a_thin_pen_is_as_bright_as_a_thick_one():
    picture = canvas()
    picture[20:260, 138:142] = 255  # a third of one of the 28 pixels
    digit = digit_from_drawing(picture)
    assert float(digit.max()) > 0.95
    assert box(digit) == (20, 1) or box(digit) == (20, 2)


def test_a_photo_of_ink_on_uneven_paper_keeps_only_the_ink():
    shadow = np.linspace(170, 215, 280)[None, :].repeat(280, axis=0)
    grain = np.random.default_rng(0).normal(0, 3, (280, 280))
    photo = np.clip(np.where(seven() > 0, 40, shadow + grain), 0, 255).astype(np.uint8)
    digit = digit_from_drawing(photo)
    assert float((digit - digit_from_drawing(seven())).abs().mean()) < 0.03


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (3, 2, 4), (28, 28, 1), (9, 9, 2)])
def test_odd_shapes_never_fail(shape):
    pixels = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    digit = digit_from_drawing(pixels)
    assert digit.shape == (1, 1, 28, 28)
    assert digit.min() >= 0 and digit.max() <= 1


@pytest.mark.parametrize(
    ("pixels", "message"),
    [
        (np.zeros((28, 28)), "uint8"),
        ([[0]], "uint8"),
        (np.zeros(28, dtype=np.uint8), r"\[H, W\]"),
        (np.zeros((2, 2, 5), dtype=np.uint8), r"\[H, W\]"),
        (np.zeros((0, 5), dtype=np.uint8), "each side"),
        (np.zeros((1, 5000), dtype=np.uint8), "5000×1 pixels"),
    ],
)
def test_what_is_no_drawing_is_refused(pixels, message):
    with pytest.raises(ValueError, match=message):
        digit_from_drawing(pixels)
