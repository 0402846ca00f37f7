"""What a visitor drew and chose is still there after a reload, in each tab of the browser; damage is ignored."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from benchmarks.browser import READY
from tests.browser.board import DENOISED, INK, INSET, NOISY, after_update, draw, pixels, settle

KEY = "denoiser.board"
SETTINGS = """() => Object.fromEntries(['amount', 'kind', 'model', 'seed', 'told', 'clean-only', 'pen'].map((name) => {
    const control = document.querySelector(name === 'pen' ? '[name=pen]:checked' : `.${name}`);
    return [name, control.type === 'checkbox' ? control.checked : control.value];
}))"""


def reload(page: Any) -> None:
    page.reload()
    come_back(page)


def come_back(page: Any) -> None:
    page.wait_for_selector(READY)
    settle(page)
    page.wait_for_function(
        "() => { const ink = document.querySelector('.ink'); return ink.width === ink.clientWidth; }"
    )


def near(a: np.ndarray, b: np.ndarray) -> bool:
    """The same but for what rounding to a tenth of a unit does to an edge."""
    return np.abs(a.astype(int) - b).mean() < 1


def test_a_reload_forgets_neither_drawing_nor_settings(page: Any) -> None:
    draw(page)
    draw(page, [(0.3, 0.9), (0.7, 0.9)])
    page.check("[name=pen] >> nth=2", force=True)
    after_update(page, lambda: page.select_option(".kind", "salt_pepper"))
    after_update(page, lambda: page.click(".new-noise"))
    after_update(page, lambda: page.check(".told"))
    page.locator(".amount").focus()
    after_update(page, lambda: page.keyboard.press("ArrowLeft"))
    before = page.evaluate(SETTINGS), [pixels(page, name) for name in (INK, INSET, NOISY, DENOISED)]
    reload(page)
    assert page.evaluate(SETTINGS) == before[0]
    assert all(near(pixels(page, name), kept) for name, kept in zip((INK, INSET), before[1], strict=False))
    after_update(page, lambda: page.click(".undo"))  # the strokes are strokes again
    draw(page, [(0.3, 0.9), (0.7, 0.9)])
    assert page.locator(".hint").inner_text() == ""


@pytest.mark.parametrize("how", [".surprise", ".example >> nth=5"])
def test_a_given_digit_is_kept_with_what_is_said_of_it(page: Any, how: str) -> None:
    after_update(page, lambda: page.click(how))
    given, said = pixels(page, INK), page.locator(".hint").inner_text()
    reload(page)
    assert np.array_equal(pixels(page, INK), given) and page.locator(".hint").inner_text() == said
    draw(page, [(0.02, 0.97), (0.1, 0.97)])
    assert pixels(page, INK)[: int(0.9 * len(given))].max() == 0


def test_a_picture_that_is_only_cleaned_is_kept_pixel_by_pixel(page: Any) -> None:
    after_update(page, lambda: page.click(".surprise"))
    after_update(page, lambda: page.click(".clean-only"))
    noisy = pixels(page, NOISY)
    reload(page)
    assert page.locator(".clean-only").is_checked() and page.locator(".amount").is_disabled()
    assert np.array_equal(pixels(page, NOISY), noisy)


def test_the_kept_pictures_are_there_at_once_without_the_opening_digit(page: Any) -> None:
    draw(page)
    denoised = pixels(page, DENOISED)
    held: list[Any] = []
    page.route("**/component_server/", lambda route: held.append(route))
    page.reload()
    page.wait_for_selector(READY)  # no answer of the server is needed
    assert np.array_equal(pixels(page, DENOISED), denoised) and page.locator(".hint").inner_text() == ""
    after_update(page, held[0].continue_)
    assert np.abs(pixels(page, DENOISED).astype(int) - denoised).mean() < 1


def test_an_emptied_canvas_is_the_beginning_again(page: Any) -> None:
    opening = pixels(page, INK)
    draw(page)
    page.click(".clear")
    reload(page)
    assert np.array_equal(pixels(page, INK), opening) and "Draw here" in page.locator(".hint").inner_text()
    assert page.locator(".undo").is_disabled()


def test_who_touched_nothing_asks_nothing_after_a_reload_either(page: Any) -> None:
    page.reload()
    page.wait_for_selector(READY)
    assert page.evaluate("[window.denoiserStats.length, document.querySelector('.board').dataset.busy]") == [0, "false"]
    assert page.evaluate("(key) => localStorage.getItem(key)", KEY) is None


@pytest.mark.parametrize(
    "damage",
    [
        "no JSON",
        "7",
        "null",
        '{"marks": 5, "settings": "x", "answer": []}',
        '{"marks": [{"points": [["a", 1]], "width": 20}], "settings": {"amount": "many", "kind": 7, "seed": -1}}',
        '{"marks": [{"points": [[1, 2]], "width": 1e9}], "settings": {"model": {}, "pen": "99", "told": "yes"}}',
        '{"marks": [{"picture": {"drawing": "AAAA", "plain": "AAAA"}, "fresh": true}]}',
        '{"marks": [{"points": [[9, 9]], "width": 20, "given": ["<b>", {}]}], "answer": {"noisy": {}}}',
    ],
)
def test_what_is_damaged_or_of_another_version_is_ignored(page: Any, damage: str) -> None:
    opening = pixels(page, INK)
    page.evaluate(
        "([key, words]) => [sessionStorage, localStorage].map((store) => store.setItem(key, words))", [KEY, damage]
    )
    reload(page)
    assert np.array_equal(pixels(page, INK), opening)
    settings = page.evaluate(SETTINGS)
    assert (settings["kind"], settings["seed"], settings["told"], settings["pen"]) == ("blend", "3", False, "20")
    draw(page)


def test_a_very_long_drawing_is_kept_as_the_picture_it_made(page: Any) -> None:
    draw(page)
    box = page.locator(INK).bounding_box()
    scribble = """([x, y, side]) => {
        const canvas = document.querySelector('.ink');
        canvas.setPointerCapture = () => {};
        const event = (type, i) => new PointerEvent(type, {
            pointerId: 1, bubbles: true,
            clientX: x + side * (0.5 + 0.3 * Math.sin(i / 7)), clientY: y + side * (0.2 + i / 50000),
        });
        canvas.dispatchEvent(event('pointerdown', 0));
        for (let i = 1; i < 30000; i++) canvas.dispatchEvent(event('pointerrawupdate', i));
        canvas.dispatchEvent(event('pointerup', 0));
    }"""
    after_update(page, lambda: page.evaluate(scribble, [box["x"], box["y"], box["width"]]))
    drawn = pixels(page, INSET)
    reload(page)
    assert len(page.evaluate("(key) => localStorage.getItem(key)", KEY)) < 200_000
    assert np.abs(pixels(page, INSET).astype(int) - drawn).mean() < 1
    seen = pixels(page, INK)
    draw(page, [(0.1, 0.97), (0.9, 0.97)])  # it was drawn, and not given: it stays
    assert (pixels(page, INK)[seen > 0] > 0).all()


def test_two_tabs_of_a_browser_keep_their_own_and_a_third_opens_with_the_newest(open_page: Callable[..., Any]) -> None:
    one = open_page()
    draw(one, [(0.3, 0.5), (0.7, 0.5)])
    reload(one)  # kept
    first = pixels(one, INK)
    two, three = one.context.new_page(), one.context.new_page()
    two.goto(one.url)
    come_back(two)
    assert np.array_equal(pixels(two, INK), first)
    after_update(two, lambda: two.click(".example >> nth=8"))
    reload(two)
    second = pixels(two, INK)
    reload(one)
    assert np.array_equal(pixels(one, INK), first)
    reload(two)
    assert np.array_equal(pixels(two, INK), second)
    three.goto(one.url)
    come_back(three)
    assert np.array_equal(pixels(three, INK), second)
