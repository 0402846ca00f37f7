"""The tour: never uninvited, on the real controls, on every screen, in both languages, and by keyboard."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.board import after_update
from tests.browser.test_shell import focused, go, selected
from ui.shell.texts import SHELL_TEXTS

STOPS = {
    "noise": ".board .slider",
    "network": ".board .setting:has(.model)",
    "psnr": ".board .denoised .scores",
    "reader": ".board .reader.after",
    "training": ".training .go",
}
SCREENS = {
    "laptop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True},
    "narrow": {"viewport": {"width": 320, "height": 568}},
    "tablet": {"viewport": {"width": 768, "height": 1024}},
    "zoomed": {"viewport": {"width": 640, "height": 400}},
}
# Until the frame after next moves nothing any more.
PLACES = """(selector) => new Promise((done) => {
    const box = (s) => document.querySelector(s)?.getBoundingClientRect().toJSON();
    const all = () => ({ target: box(selector), ring: box('.ring'), card: box('.card') });
    let before = '';
    const look = () => {
        const now = all();
        if (JSON.stringify(now) === before && now.target?.width && now.ring.width > now.target.width) return done(now);
        before = JSON.stringify(now);
        requestAnimationFrame(() => requestAnimationFrame(look));
    };
    look();
})"""


def at(page: Any, stop: str, language: str = "en") -> None:
    title = SHELL_TEXTS[language][f"tour_{stop}"]
    page.wait_for_function("(title) => document.querySelector('#tour-title')?.textContent === title", arg=title)
    page.wait_for_selector(".card:visible")


def check_places(page: Any, stop: str, screen: dict[str, int]) -> None:
    places = page.evaluate(PLACES, STOPS[stop])
    target, ring, card = places["target"], places["ring"], places["card"]
    assert ring["left"] < target["left"] and ring["right"] > target["right"]
    assert ring["top"] < target["top"] and ring["bottom"] > target["bottom"]
    assert target["top"] >= 0 and target["bottom"] <= screen["height"] + 1, (stop, places)
    assert card["left"] >= 0 and card["right"] <= screen["width"] and card["top"] >= 0, (stop, places)
    assert card["bottom"] <= screen["height"], (stop, places)
    aside = card["right"] <= target["left"] or card["left"] >= target["right"]
    assert aside or card["bottom"] <= target["top"] or card["top"] >= target["bottom"], (stop, places)


def test_nobody_is_shown_around_uninvited(page: Any) -> None:
    assert page.locator(".card:visible").count() == page.locator(".ring:visible").count() == 0
    page.reload()
    page.wait_for_selector(".board")
    assert page.locator(".card:visible").count() == 0


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
@pytest.mark.parametrize("screen", SCREENS)
def test_every_stop_is_beside_the_control_it_speaks_of(open_page: Callable[..., Any], locale: str, screen: str) -> None:
    page, language = open_page(locale=locale, **SCREENS[screen]), locale[:2]
    page.click(".tour-start")
    for number, stop in enumerate(STOPS, 1):
        at(page, stop, language)
        check_places(page, stop, SCREENS[screen]["viewport"])  # type: ignore[arg-type]
        words = page.locator(".card").inner_text()
        assert str(number) in page.locator(".card .place").inner_text() and "{" not in words
        if number < len(STOPS):
            page.click(".card .next")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    page.click(".card .back")
    at(page, "reader", language)
    check_places(page, "reader", SCREENS[screen]["viewport"])  # type: ignore[arg-type]


def test_a_link_leads_to_a_stop_and_the_way_back_out_of_it(page: Any, address: str) -> None:
    go(page, f"{address}/#tour-3")
    at(page, "psnr")
    page.click(".card .next")
    at(page, "reader")
    assert page.evaluate("location.hash") == "#tour-4"
    page.reload()
    at(page, "reader")
    go(page, f"{address}/#tour")
    at(page, "noise")
    page.keyboard.press("Escape")
    assert page.evaluate("location.hash") == "#draw"
    page.click(".tour-start")
    at(page, "noise")
    page.go_back()
    page.wait_for_selector(".card", state="hidden")
    assert page.evaluate("location.hash") == "#draw"
    go(page, f"{address}/#tour-5")
    selected(page, "train")
    at(page, "training")


def test_the_tour_by_keyboard_ends_where_training_starts(page: Any) -> None:
    page.locator(".tour-start").focus()
    page.keyboard.press("Enter")
    for stop in STOPS:
        at(page, stop)
        assert focused(page) == "next"
        page.keyboard.press("Enter")
    page.wait_for_selector(".card", state="hidden")
    selected(page, "train")
    assert page.evaluate("document.activeElement.matches('.training .go')")
    assert page.evaluate("location.hash") == "#train"


@pytest.mark.parametrize("how", ["Escape", "button", "tab"])
def test_the_tour_is_left_at_any_time(page: Any, how: str) -> None:
    page.click(".tour-start")
    page.click(".card .next")
    at(page, "network")
    if how == "Escape":
        page.locator("#board-kind").focus()  # it need not have the focus
        page.keyboard.press("Escape")
    elif how == "button":
        page.click(".card .close")
    else:
        page.click('[role="tab"][data-tab-id="train"]')
        selected(page, "train")
    page.wait_for_selector(".card", state="hidden")
    assert page.locator(".ring:visible").count() == 0
    if how != "tab":
        assert focused(page) == "tour-start"


def test_the_control_can_be_tried_while_its_card_is_open(page: Any) -> None:
    page.click(".tour-start")
    at(page, "noise")
    box = page.locator(".amount").bounding_box()
    after_update(page, lambda: page.mouse.click(box["x"] + box["width"] * 0.2, box["y"] + box["height"] / 2))
    assert 15 <= int(page.locator(".amount").input_value()) <= 25
    assert page.locator(".card:visible").count() == 1


def test_what_a_screen_reader_hears_of_it(page: Any) -> None:
    page.click(".tour-start")
    at(page, "noise")
    text = SHELL_TEXTS["en"]
    dialog = page.get_by_role("dialog", name=text["tour_noise"])
    assert dialog.get_attribute("aria-describedby") == "tour-text"
    assert dialog.get_by_role("button", name=text["tour_close"]).count() == 1
    live = page.locator(".card [aria-live=polite]")
    assert text["tour_noise_text"] in live.inner_text()
    page.keyboard.press("Enter")
    at(page, "network")
    assert "341,140" in live.inner_text() and focused(page) == "next"
