"""Digits that are not drawn: from the data, from a file; and the result taken home."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from denoiser.canvas import digit_from_drawing
from denoiser.data import draw_strokes
from denoiser.picture_files import nearest
from tests.browser.board import DENOISED, INK, INSET, NOISY, after_update, draw, hint_says, pixels

SEVEN = draw_strokes([np.array([[0.3, 0.2], [0.7, 0.2], [0.45, 0.85]])], width=0.08, size=300)
NOISE = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)


def file(name: str, picture: np.ndarray | bytes, kind: str = "PNG", **how: Any) -> dict[str, Any]:
    data = io.BytesIO()
    if isinstance(picture, bytes):
        data.write(picture)
    else:
        Image.fromarray(picture).save(data, kind, **how)
    return {"name": name, "mimeType": "image/png", "buffer": data.getvalue()}


@pytest.mark.parametrize("drawn", [SEVEN, 255 - SEVEN, np.stack([SEVEN] * 3 + [SEVEN], -1)])
def test_an_uploaded_digit_is_found_centred_and_bright_on_dark(page: Any, drawn: np.ndarray) -> None:
    after_update(page, lambda: page.set_input_files("[type=file]", file("seven.png", drawn)))
    digit = pixels(page, INSET)
    assert digit.max() > 200 and np.median(digit) == 0
    assert np.abs(np.argwhere(digit > 127).mean(0) - 13.5).max() < 3


def test_a_large_photo_is_made_smaller_in_the_browser(page: Any) -> None:
    grain = np.random.default_rng(0).integers(0, 30, (1600, 1600, 3), dtype=np.uint8)
    paper = 200 + grain
    paper[400:1200, 750:850] = 20 + grain[400:1200, 750:850]
    photo = file("photo.png", paper)
    assert len(photo["buffer"]) > 2**20
    crop_of(page, photo)
    after_update(page, lambda: page.click(".crop .use"))
    digit = pixels(page, INSET)
    assert digit[:, 12:16].max() > 200 and digit[:, :8].max() == 0


def test_few_bytes_may_be_many_pixels(page: Any) -> None:
    paper = np.full((1600, 1600), 230, dtype=np.uint8)
    paper[400:1200, 750:850] = 20
    photo = file("photo.png", paper)
    assert len(photo["buffer"]) < 2**20 < paper.size
    after_update(page, lambda: page.set_input_files("[type=file]", photo))
    digit = pixels(page, INSET)
    assert digit[:, 12:16].max() > 200 and digit[:, :8].max() == 0


def photo_of(ink: np.ndarray) -> np.ndarray:
    """Black ink on grey paper, with the grain of a sensor."""
    grain = np.random.default_rng(0).normal(0, 2, ink.shape)
    return np.clip(190 - 0.8 * ink.astype(float) + grain, 0, 255).astype(np.uint8)


def crop_of(page: Any, photo: dict[str, Any]) -> dict[str, float]:
    """Give it a photo; the box of the square that it proposes."""
    page.set_input_files("[type=file]", photo)
    page.wait_for_selector(".crop:not([hidden])")
    return page.locator(".square").bounding_box()


def near(page: Any, digit: np.ndarray) -> bool:
    """Whether the digit on the page is this one, give or take what a lens does to it."""
    expected = (digit_from_drawing(digit)[0, 0] * 255).round().numpy()
    return float(np.abs(pixels(page, INSET) - expected).mean()) < 12


def test_a_photo_is_read_where_the_square_is_and_enter_is_enough(page: Any) -> None:
    page.focus(".upload")
    scene = np.zeros((900, 1200), np.uint8)
    scene[500:800, 700:1000] = SEVEN
    crop_of(page, file("photo.png", photo_of(scene)))
    assert page.evaluate("document.activeElement.className") == "square"
    after_update(page, lambda: page.keyboard.press("Enter"))
    assert near(page, SEVEN) and page.locator(".crop").is_hidden()
    assert page.evaluate("document.activeElement.className") == "upload"


def test_of_several_things_the_visitor_marks_one(page: Any) -> None:
    one = draw_strokes([np.array([[0.5, 0.15], [0.5, 0.85]])], width=0.08, size=300)
    scene = np.zeros((600, 900), np.uint8)
    scene[150:450, 100:400], scene[150:450, 550:850] = one, SEVEN
    crop_of(page, file("row.png", photo_of(scene)))
    assert "Several things" in page.locator(".crop p").inner_text()
    view = page.locator(".crop .view").bounding_box()
    scale = view["width"] / 900
    for x, digit in ((250, one), (700, SEVEN)):
        if page.locator(".crop").is_hidden():
            crop_of(page, file("row.png", photo_of(scene)))
        middle = view["y"] + view["height"] / 2
        page.mouse.click(view["x"] + x * scale, middle)
        after_update(page, lambda: page.click(".crop .use"))
        assert near(page, digit)


def test_the_square_obeys_keys_and_pointer_and_stays_on_the_photo(page: Any) -> None:
    scene = np.zeros((900, 1200), np.uint8)
    scene[300:600, 450:750] = SEVEN
    before = crop_of(page, file("photo.png", photo_of(scene)))
    square, view = page.locator(".square"), page.locator(".crop .view").bounding_box()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    moved = square.bounding_box()
    assert moved["x"] > before["x"] and moved["y"] > before["y"] and moved["width"] == pytest.approx(before["width"])
    page.keyboard.press("+")
    assert square.bounding_box()["width"] > moved["width"]
    for _ in range(3):
        page.keyboard.press("-")
    small = square.bounding_box()
    assert small["width"] < moved["width"]
    corner = small["x"] + small["width"] + 3, small["y"] + small["height"] + 3
    page.mouse.move(*corner)
    page.mouse.down()
    page.mouse.move(corner[0] + 900, corner[1] + 900, steps=4)
    page.mouse.up()
    large = square.bounding_box()
    assert (large["x"], large["y"]) == pytest.approx((small["x"], small["y"]), abs=1)
    assert large["width"] > small["width"]
    assert large["y"] + large["height"] <= view["y"] + view["height"] + 1
    for _ in range(60):
        page.keyboard.press("Shift+ArrowLeft")
    assert square.bounding_box()["x"] >= view["x"] - 1


def test_a_photo_can_be_declined_and_the_drawing_stays(page: Any) -> None:
    draw(page)
    before = pixels(page, INK)
    for decline in (lambda: page.keyboard.press("Escape"), lambda: page.click(".crop .cancel")):
        crop_of(page, file("photo.png", photo_of(np.pad(SEVEN, 150))))
        decline()
        assert page.locator(".crop").is_hidden() and np.array_equal(pixels(page, INK), before)
    crop_of(page, file("photo.png", photo_of(np.pad(SEVEN, 150))))
    after_update(page, lambda: page.click(".surprise"))
    assert page.locator(".crop").is_hidden() and not np.array_equal(pixels(page, INK), before)


def test_a_square_without_ink_is_asked_again(page: Any) -> None:
    crop_of(page, file("blank.png", photo_of(np.zeros((600, 800), np.uint8))))
    assert "No ink" in page.locator(".crop p").inner_text()
    with page.expect_response("**/component_server/"):
        page.keyboard.press("Enter")
    page.wait_for_selector(".crop:not([hidden])")
    page.keyboard.press("Escape")


def test_noise_is_told_from_a_photo_without_ink(page: Any) -> None:
    page.set_input_files("[type=file]", file("noise.png", NOISE))
    hint_says(page, "just clean it")
    page.set_input_files("[type=file]", file("white.png", np.full((300, 300), 230, np.uint8)))
    hint_says(page, "come closer")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (b"this is no picture", "not a picture"),
        (file("", SEVEN)["buffer"][:300], "damaged"),
        (np.zeros((1, 1), np.uint8), "too small"),
        (np.zeros((9000, 9000), bool), "too many pixels"),
        (np.zeros((3000, 3000), np.uint8), "No ink"),
        (np.zeros((100, 100), np.uint8), "No ink"),
        (b"x" * (2**20 + 1), "not a picture"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_hint_and_the_drawing_stays(page: Any, wrong: Any, words: str) -> None:
    draw(page)
    before = pixels(page, INK)
    page.set_input_files("[type=file]", file("wrong.png", wrong))
    hint_says(page, words)
    assert np.array_equal(pixels(page, INK), before)
    draw(page, [(0.2, 0.9), (0.8, 0.9)])


def test_just_clean_it_takes_the_pixels_as_they_are(page: Any) -> None:
    after_update(page, lambda: page.click(".clean-only"))
    for times in (1, 4, 10):
        noise = np.roll(NOISE, times, 0)
        large = noise.repeat(times, 0).repeat(times, 1)
        after_update(page, lambda large=large: page.set_input_files("[type=file]", file("noisy.png", large)))
        assert np.array_equal(pixels(page, NOISY), noise)
    assert page.locator(".scores").all_inner_texts() == ["", ""]
    assert all(page.locator(f".{name}").is_disabled() for name in ("amount", "kind", "seed", "new-noise"))
    assert page.locator(".model").is_enabled()


@pytest.mark.parametrize("how", [{}, {"compress_level": 0}], ids=["many pixels", "many bytes"])
def test_just_clean_it_never_smooths_not_even_a_large_picture(page: Any, how: dict[str, int]) -> None:
    after_update(page, lambda: page.click(".clean-only"))
    large = file("noisy.png", NOISE.repeat(60, 0).repeat(60, 1), **how)
    assert (len(large["buffer"]) > 2**20) == bool(how)
    after_update(page, lambda: page.set_input_files("[type=file]", large))
    assert np.array_equal(pixels(page, NOISY), NOISE)


def test_noise_that_cannot_be_compressed_still_fits(page: Any) -> None:
    after_update(page, lambda: page.click(".clean-only"))
    noise = np.random.default_rng(0).integers(0, 256, (1428, 1428, 4), dtype=np.uint8)
    after_update(page, lambda: page.set_input_files("[type=file]", file("noisy.png", noise)))
    assert pixels(page, NOISY).std() > 20


def test_a_picture_can_be_told_noisy_after_it_came(page: Any) -> None:
    noisy = np.maximum(NOISE // 8, nearest(SEVEN))
    after_update(page, lambda: page.set_input_files("[type=file]", file("noisy.png", noisy)))
    assert not np.array_equal(pixels(page, NOISY), noisy)
    after_update(page, lambda: page.click(".clean-only"))
    assert np.array_equal(pixels(page, NOISY), noisy)
    after_update(page, lambda: page.click(".clean-only"))
    assert page.locator(".noisy .scores").inner_text() != ""


def test_a_picture_can_be_dropped_and_pasted(page: Any) -> None:
    after_update(page, lambda: page.click(".clean-only"))
    encoded = list(file("", NOISE)["buffer"])
    give = """([selector, type, holder, bytes]) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], 'noisy.png', { type: 'image/png' }));
        const event = new Event(type, { bubbles: true, cancelable: true });
        event[holder] = data;
        document.querySelector(selector).dispatchEvent(event);
        window.defaultPrevented = event.defaultPrevented;
    }"""
    drops = [[place, "drop", "dataTransfer"] for place in (".ink", "h1", "body")]
    for way in (*drops, ["body", "paste", "clipboardData"]):
        page.click(".clear")
        after_update(page, lambda way=way: page.evaluate(give, [*way, encoded]))
        assert way[1] == "paste" or page.evaluate("window.defaultPrevented")  # or the file replaces the page
        assert np.array_equal(pixels(page, NOISY), NOISE)
    page.evaluate(give, ["footer", "dragover", "dataTransfer", encoded])
    assert page.evaluate("window.defaultPrevented")


def test_the_result_is_saved_as_a_png_that_can_be_read_back(page: Any, tmp_path: Path) -> None:
    draw(page)
    with page.expect_download() as download:
        page.click(".save")
    download.value.save_as(tmp_path / "result.png")
    with Image.open(tmp_path / "result.png") as saved:
        assert saved.format == "PNG" and saved.size == (280, 280)
        shrunk = np.asarray(saved.convert("L"))[5::10, 5::10]
    assert np.array_equal(shrunk, pixels(page, DENOISED))
