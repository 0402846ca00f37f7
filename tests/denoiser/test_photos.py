"""Photos of handwritten digits: what share is read, and what is no digit."""

from collections import defaultdict

import numpy as np
import pytest
from PIL import Image

from denoiser import canvas, digit_from_drawing, load_classifier
from denoiser.canvas import look
from denoiser.data import draw_strokes
from denoiser.picture_files import OWN_LARGEST_FILE, OWN_LARGEST_PICTURE, decode_picture
from tests.photographs import conditions, photograph, scenes

TEN = draw_strokes(
    [np.array([[0.2, 0.3], [0.2, 0.7]]), np.array([[0.6, 0.3], [0.8, 0.5], [0.6, 0.7], [0.4, 0.5], [0.6, 0.3]])],
    width=0.05,
    size=400,
)
ONE = draw_strokes([np.array([[0.4, 0.3], [0.5, 0.2], [0.5, 0.8]])], width=0.06, size=400)


def pixels_of(jpeg):
    return decode_picture(jpeg, largest_file=OWN_LARGEST_FILE, largest_picture=OWN_LARGEST_PICTURE)


def lit(ink, light=200.0, grain=2.0, seed=0):
    """Black ink on paper, as a sensor sees it."""
    shape = ink.shape
    noise = np.random.default_rng(seed).normal(0, grain, shape)
    return np.clip(light * (1 - 0.8 * ink / 255) + noise, 0, 255).astype(np.uint8)


def test_of_fifty_photos_at_least_forty_five_are_read():
    reader = load_classifier()
    read = defaultdict(list)
    for scene in scenes(50, seed=1):
        sight = look(pixels_of(photograph(scene)))
        right = sight.photo and not sight.several and int(reader(sight.digit).argmax()) == scene.label
        for condition in ("all", *conditions(scene)):
            read[condition].append(right)
    shares = ", ".join(f"{name}: {sum(right)} of {len(right)}" for name, right in sorted(read.items()))
    print(shares)
    assert sum(read["all"]) >= 45, shares


def test_the_box_is_that_of_the_ink():
    ink = np.zeros((600, 800), np.uint8)
    ink[150:350, 500:530] = 255
    ink[150:180, 430:530] = 255
    for times in (1, 3):
        found = look(lit(ink).repeat(times, 0).repeat(times, 1)).box
        assert found == pytest.approx((430 / 800, 150 / 600, 530 / 800, 350 / 600), abs=0.005)


def test_a_row_of_digits_is_several_things():
    rows = []
    for scene in scenes(30, seed=3):
        if scene.height < 0.25 * min(scene.size) and max(scene.size) < 1500:
            rows.append(look(pixels_of(photograph(scene, others=(scene.label, 4)))).several)
    assert sum(rows) >= 0.8 * len(rows) > 4


@pytest.mark.parametrize("picture", [TEN, 255 - TEN, lit(TEN)], ids=["white on black", "black on white", "photo"])
def test_two_digits_are_several_things_on_any_ground(picture):
    assert look(picture).several
    assert not look(picture[:, 120:]).several


def test_paper_without_ink_is_nothing():
    blank = lit(np.zeros((600, 800)))
    shaded = (blank * np.linspace(0.5, 1, 800)).astype(np.uint8)
    for photo in (blank, shaded):
        sight = look(photo)
        assert sight.photo and sight.box is None and not sight.digit.any()


def test_chalk_on_a_board_is_read_as_ink_on_paper():
    expected = digit_from_drawing(lit(ONE))
    assert float((digit_from_drawing(255 - lit(ONE)) - expected).abs().mean()) < 0.02


def test_what_a_shadow_covers_is_the_same_digit():
    expected = digit_from_drawing(lit(ONE))
    shadow = 1 - 0.5 / (1 + np.exp((np.arange(400) - 205) / 6))  # ends within the digit
    assert float((digit_from_drawing(lit(ONE, light=200 * shadow)) - expected).abs().mean()) < 0.03


def test_a_canvas_is_never_searched(monkeypatch):
    """Every pen event asks for it; also when ink reaches the edge, or covers most of it."""
    monkeypatch.setattr(canvas, "find_digit", lambda grey: pytest.fail("searched"))
    scribble = np.zeros((112, 112), np.uint8)
    scribble[:60, 40:] = 255
    for drawing in (TEN, 255 - TEN, scribble, np.stack([ONE] * 3, -1), np.zeros((112, 112), np.uint8)):
        digit_from_drawing(drawing)


def test_a_photo_is_made_smaller_before_it_is_searched(monkeypatch):
    seen = []
    monkeypatch.setattr(canvas, "find_digit", lambda grey: seen.append(grey.size))
    photo = np.asarray(Image.fromarray(lit(ONE)).resize((4000, 3000)).convert("RGB"))
    digit_from_drawing(photo)
    assert seen and max(seen) <= canvas.MOST_PIXELS
