"""Digits out of the data: by a press of a button, or of a key on the canvas."""

from typing import Any

import numpy as np

from denoiser.canvas import digit_from_drawing
from denoiser.data import load_digits
from denoiser.picture_files import enlarge
from tests.browser.board import INK, INSET, NOISY, after_update, hint_says, pixels


def test_surprise_is_a_digit_of_the_data(page: Any) -> None:
    data = load_digits("auto", "test")
    images = (data.images[:, 0] * 255).round().byte().numpy()
    seen = set()
    for _ in range(3):
        after_update(page, lambda: page.click(".surprise"))
        hint_says(page, f" from {data.source}." if data.source == "MNIST" else "made by this project")
        label = int(page.locator(".hint").inner_text().split()[1])
        redrawn = pixels(page, INSET)
        after_update(page, lambda: page.click(".clean-only"))  # now its pixels are taken as they came
        plain = pixels(page, NOISY)
        after_update(page, lambda: page.click(".clean-only"))
        assert (images[(data.labels == label).numpy()] == plain).all((1, 2)).any()
        expected = (digit_from_drawing(enlarge(plain))[0, 0] * 255).round().numpy()
        assert np.abs(redrawn - expected).max() <= 2  # grey levels: the canvas may round
        seen.add(plain.tobytes())
    assert len(seen) > 1


def test_a_key_on_the_canvas_fetches_that_digit(page: Any) -> None:
    page.locator(INK).focus()
    for key in "38":
        after_update(page, lambda key=key: page.keyboard.press(key))
        hint_says(page, f"A {key} ")
    page.keyboard.press("Delete")
    assert pixels(page, INK).max() == 0


def test_of_two_quick_keys_the_later_one_wins(page: Any) -> None:
    held: list[Any] = []

    def hold_the_first(route: Any) -> None:
        if held or '"example"' not in (route.request.post_data or ""):
            route.continue_()
        else:
            held.append(route)

    page.route("**/component_server/", hold_the_first)
    page.locator(INK).focus()
    page.keyboard.press("3")
    after_update(page, lambda: page.keyboard.press("8"))
    hint_says(page, "A 8 ")
    digit = pixels(page, INK)
    with page.expect_response("**/component_server/"):
        held[0].continue_()
    page.wait_for_timeout(200)
    hint_says(page, "A 8 ")
    assert np.array_equal(pixels(page, INK), digit)
