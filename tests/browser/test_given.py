"""Digits that were given and digits that were drawn; the way back and forth; what a screen reader hears of them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from denoiser.picture_files import encode_png
from tests.browser.board import INK, after_update, draw, pixels, settle

DOT = np.pad(np.full((10, 10), 255, np.uint8), 9)


def hint(page: Any) -> str:
    return page.locator(".hint").inner_text()


def opacity(page: Any) -> str:
    return page.evaluate("getComputedStyle(document.querySelector('.ink')).opacity")


def give(page: Any, how: str) -> None:
    if how == "file":
        picture = {"name": "dot.png", "mimeType": "image/png", "buffer": encode_png(DOT)}
        after_update(page, lambda: page.set_input_files("[type=file]", picture))
    elif how == "key":
        page.locator(INK).focus()
        after_update(page, lambda: page.keyboard.press("4"))
    elif how != "opening":
        after_update(page, lambda: page.click(how))


@pytest.mark.parametrize("how", ["opening", ".surprise", ".example >> nth=4", "key", "file"])
def test_the_first_stroke_replaces_whatever_was_given_and_undo_brings_it_back(page: Any, how: str) -> None:
    give(page, how)
    given, said = pixels(page, INK), hint(page)
    assert "replace" in said
    draw(page, [(0.02, 0.97), (0.1, 0.97)])
    drawn = pixels(page, INK)
    assert drawn[: int(0.9 * len(drawn))].max() == 0 and hint(page) == ""
    draw(page, [(0.5, 0.5), (0.6, 0.5)])  # the second one is added
    assert (pixels(page, INK)[drawn > 0] > 0).all()
    for _ in range(2):
        after_update(page, lambda: page.click(".undo"))
    assert np.array_equal(pixels(page, INK), given) and hint(page) == said


def test_what_is_said_of_a_given_digit_stays_while_it_is_there(page: Any) -> None:
    after_update(page, lambda: page.click(".example >> nth=7"))
    said = hint(page)
    assert said.startswith("A 7 ")
    page.locator(".amount").focus()
    after_update(page, lambda: page.keyboard.press("End"))
    assert hint(page) == said
    after_update(page, lambda: page.click(".undo"))
    assert hint(page).startswith("Draw here")


def test_a_given_digit_makes_way_under_the_pen(page: Any) -> None:
    assert opacity(page) == "1"
    page.locator(INK).hover()
    page.wait_for_function("() => getComputedStyle(document.querySelector('.ink')).opacity < 0.7")
    draw(page)
    page.wait_for_function("() => getComputedStyle(document.querySelector('.ink')).opacity === '1'")


def test_redo_brings_back_what_undo_took_until_something_new_is_drawn(page: Any) -> None:
    redo = page.locator(".redo")
    assert redo.is_disabled()
    seen = []
    for y in (0.3, 0.5, 0.7):
        draw(page, [(0.2, y), (0.8, y)])
        seen.append(pixels(page, INK))
    for _ in range(2):
        after_update(page, lambda: page.click(".undo"))
    assert np.array_equal(pixels(page, INK), seen[0])
    after_update(page, lambda: page.keyboard.press("Control+Shift+Z"))
    assert np.array_equal(pixels(page, INK), seen[1])
    after_update(page, lambda: page.keyboard.press("Control+y"))
    assert np.array_equal(pixels(page, INK), seen[2]) and redo.is_disabled()
    after_update(page, lambda: page.click(".undo"))
    after_update(page, redo.click)
    assert np.array_equal(pixels(page, INK), seen[2])
    after_update(page, lambda: page.click(".undo"))
    draw(page, [(0.5, 0.1), (0.5, 0.9)])
    assert redo.is_disabled()


def test_clear_can_be_undone_and_redone(page: Any) -> None:
    draw(page)
    drawn = pixels(page, INK)
    page.click(".clear")
    after_update(page, lambda: page.click(".undo"))
    assert np.array_equal(pixels(page, INK), drawn)
    page.click(".redo")
    assert pixels(page, INK).max() == 0 and "Draw a digit" in hint(page)


def test_ten_buttons_fetch_their_digits_by_keyboard_too(page: Any) -> None:
    buttons = page.locator(".digits button")
    assert buttons.all_inner_texts() == list("0123456789")
    buttons.first.focus()
    for key, label in (("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", 9), ("Home", 0), ("End", 9)):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.textContent") == str(label)
    after_update(page, lambda: page.keyboard.press("Enter"))
    assert hint(page).startswith("A 9 ")
    page.keyboard.press("Tab")  # the ten are one stop
    assert page.evaluate("document.activeElement.className") == "ink"


def test_the_ring_around_the_canvas_is_seen(open_page: Callable[..., Any]) -> None:
    for options in ({}, {"color_scheme": "dark"}, {"viewport": {"width": 360, "height": 740}}):
        page = open_page(**options)
        page.locator(".digits button").first.focus()
        frame = page.locator(".digit .frame").bounding_box()
        around = {"x": frame["x"] - 5, "y": frame["y"] + 40, "width": 5, "height": 20}
        before = page.screenshot(clip=around)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "ink"
        assert page.screenshot(clip=around) != before


@pytest.mark.parametrize(("locale", "words"), [("en-US", "Noisy: Read as "), ("zh-CN", "加噪后: 识别为 ")])
def test_readings_are_told_once_the_pen_rests_and_not_before(
    open_page: Callable[..., Any], locale: str, words: str
) -> None:
    page = open_page(locale=locale)
    page.evaluate("""() => {
        window.told = [];
        const region = document.querySelector('.readings');
        new MutationObserver(() => window.told.push(region.textContent)).observe(region, { childList: true });
    }""")
    box = page.locator(INK).bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 60)
    page.mouse.down()
    after_update(page, lambda: page.mouse.move(box["x"] + 100, box["y"] + 200))
    page.wait_for_timeout(1200)  # longer than a pen rests
    assert page.evaluate("window.told") == []  # still down
    page.mouse.up()
    page.wait_for_function("() => window.told.length === 1")
    settle(page)
    told = page.evaluate("window.told[0]")
    assert told.startswith(words) and told.count("%") == 2
    for bars in (".before p", ".after p"):
        assert page.locator(bars).inner_text() in told
    assert page.locator(".readings").get_attribute("aria-live") == "polite"
