"""Sliders under a finger: it may scroll the page across them, and moves them sideways or by a tap."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.board import updates
from tests.browser.training import open_train

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
AMOUNT, LOWEST, HIGHEST = ".board .amount", ".training [name=lowest]", ".training [name=highest]"


def swipe(page: Any, start: tuple[float, float], *ways: tuple[float, float]) -> None:
    """A finger put down there, moved by each of these distances in turn, and lifted."""
    touch = page.context.new_cdp_session(page)
    x, y = start
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for dx, dy in ways:
        for _ in range(10):
            x, y = x + dx / 10, y + dy / 10
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def place(page: Any, slider: str, share: float) -> tuple[float, float]:
    box = page.locator(slider).bounding_box()
    return box["x"] + share * box["width"], box["y"] + box["height"] / 2


def thumb(page: Any, slider: str) -> tuple[float, float]:
    share = value(page, slider) / 100
    box, width = page.locator(slider).bounding_box(), 28 if slider == AMOUNT else 18
    return box["x"] + width / 2 + share * (box["width"] - width), box["y"] + box["height"] / 2


def value(page: Any, slider: str) -> float:
    return page.locator(slider).evaluate("(slider) => slider.valueAsNumber")


@pytest.fixture
def phone(open_page: Callable[..., Any]) -> Any:
    return open_page(**PHONE)


@pytest.fixture
def training(phone: Any) -> Any:
    open_train(phone)
    phone.locator(".setup > summary").click()
    phone.locator(LOWEST).scroll_into_view_if_needed()
    return phone


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_a_thumb_that_scrolls_the_page_leaves_the_noise_alone(phone: Any, share: float) -> None:
    heard = "document.querySelector('.amount').addEventListener('input', () => { window.heard = true; })"
    phone.evaluate(heard)
    before = value(phone, AMOUNT), updates(phone)
    swipe(phone, place(phone, AMOUNT, share), (3, -40), (30, -200))
    phone.wait_for_function("() => scrollY > 100")
    assert (value(phone, AMOUNT), updates(phone)) == before and not phone.evaluate("window.heard")


def test_a_sideways_drag_moves_the_thumb_with_the_finger(phone: Any) -> None:
    box = phone.locator(AMOUNT).bounding_box()
    x, y = thumb(phone, AMOUNT)
    swipe(phone, (x + 10, y), (-0.4 * (box["width"] - 28), 5), (0, -60))  # held off its middle; later it may wander
    assert value(phone, AMOUNT) == pytest.approx(30, abs=1) and phone.evaluate("scrollY") == 0
    phone.wait_for_function("() => Number(document.querySelector('.board').dataset.updates) > 1")
    assert phone.locator(".board output").inner_text() == f"{value(phone, AMOUNT):.0f} %"


def test_a_tap_sets_the_slider_there(phone: Any) -> None:
    for share in (0.2, 0.8):
        swipe(phone, place(phone, AMOUNT, share))
        box = phone.locator(AMOUNT).bounding_box()
        expected = 100 * (share * box["width"] - 14) / (box["width"] - 28)
        assert value(phone, AMOUNT) == pytest.approx(expected, abs=1)


def test_mouse_and_keyboard_move_it_as_ever(page: Any) -> None:
    page.mouse.click(*place(page, AMOUNT, 0.5))
    assert value(page, AMOUNT) == 50
    page.mouse.down()
    page.mouse.move(*place(page, AMOUNT, 0.25))
    page.mouse.up()
    assert value(page, AMOUNT) == pytest.approx(25, abs=2)
    page.keyboard.press("End")
    assert value(page, AMOUNT) == 100


def test_training_s_sliders_scroll_and_slide_alike(training: Any) -> None:
    width = training.locator(LOWEST).bounding_box()["width"] - 18
    swipe(training, thumb(training, LOWEST), (0.4 * width, 0))
    assert value(training, LOWEST) == 40 and training.locator(".amounts").inner_text() == "40 – 100 %"
    scrolled = training.evaluate("scrollY")
    swipe(training, thumb(training, HIGHEST), (-2, -30), (-20, -150))
    training.wait_for_function("(before) => scrollY > before", arg=scrolled)
    assert value(training, HIGHEST) == 100
