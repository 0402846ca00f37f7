"""The Train tab on every screen, with a run that is over: nothing is cut off, torn apart, or laid over another."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.board import draw
from tests.browser.test_page import PHONE, inside
from tests.browser.training import finished_run, open_train, wait_for_state
from ui.train.texts import ENGLISH

SIZES = [
    *((320, 640), (360, 740), (414, 800), (560, 800), (640, 400), (740, 360), (768, 1024), (820, 1180)),
    *((1000, 700), (1024, 768), (1280, 800), (1366, 657), (1920, 1080), (2560, 1440)),
]
PARTS = [".go", ".setup > summary", ".news", ".figures", ".samples", ".panel:not([hidden])", ".lapse", ".actions"]
CUT_OFF = """() => [...document.querySelectorAll('.training *')].filter((node) => {
    const { left, right, width } = node.getBoundingClientRect();
    return width && !node.closest('svg, .unseen') && (left < -0.5 || right > innerWidth + 0.5);
}).map((node) => node.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def run(address: str) -> str:
    return finished_run(address)


@pytest.fixture(params=["en-US", "zh-CN"])
def ended(open_page: Callable[..., Any], run: str, request: pytest.FixtureRequest) -> Any:
    page = open_page(locale=request.param)
    draw(page)
    open_train(page, run)
    wait_for_state(page, "ended")
    return page


def resize(page: Any, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def overlaps(page: Any, parts: list[str]) -> list[tuple[str, str]]:
    boxes = {part: box for part in parts if (box := page.locator(part).bounding_box()) and box["height"]}

    def over(a: dict[str, float], b: dict[str, float]) -> bool:
        across = a["x"] < b["x"] + b["width"] - 1 and b["x"] < a["x"] + a["width"] - 1
        return across and a["y"] < b["y"] + b["height"] - 1 and b["y"] < a["y"] + a["height"] - 1

    names = list(boxes)
    return [(one, other) for i, one in enumerate(names) for other in names[:i] if over(boxes[one], boxes[other])]


def test_every_screen_shows_all_of_it_in_order(ended: Any) -> None:
    for size in SIZES:
        resize(ended, size)
        assert ended.evaluate(CUT_OFF) == [], size
        assert ended.evaluate("document.documentElement.scrollWidth") <= size[0], size
        assert overlaps(ended, PARTS) == [], size
        tops = ended.locator(".line:first-child .cell").evaluate_all(
            "cells => cells.map((cell) => cell.getBoundingClientRect()).map(({ top, height }) => [top, height])"
        )
        side = tops[0][1]
        rows = sorted({round(top, 1) for top, _ in tops})
        assert len(rows) == 3 and all(b - a < side + 5 for a, b in zip(rows, rows[1:], strict=False)), size
        curve, digits = (ended.locator(part).bounding_box() for part in (".panel.curve", ".samples"))
        gap = curve["y"] - max(digits["y"], ended.locator(".cell.clean").last.bounding_box()["y"] + side)
        assert gap < 40, (size, gap)  # the curve follows at once
        assert ended.locator(".plot").bounding_box()["height"] >= 90, size


def test_a_comparison_has_one_slider_and_its_words_lie_under_no_other(ended: Any) -> None:
    ended.click(".versus")
    ended.wait_for_selector(".comparison[data-updates]")
    words = [f".comparison .{name} figcaption" for name in ("digit", "noisy", "mine", "shipped")]
    for size in SIZES:
        resize(ended, size)
        assert ended.evaluate(CUT_OFF) == [], size
        assert overlaps(ended, [*words, ".comparison .slider", ".figures", ".actions", ".samples", ".news"]) == [], size
        assert not ended.locator(".moment").is_visible() and ended.locator("#compare-amount").is_visible()
    ended.click(".versus")
    assert ended.locator(".moment").is_visible()


def test_what_could_not_be_compared_is_no_longer_said_when_it_can(open_page: Callable[..., Any], run: str) -> None:
    page = open_page()
    page.click(".clear")
    open_train(page, run)
    wait_for_state(page, "ended")
    page.click(".versus")
    fault = page.locator('[data-fault="action"]')
    assert fault.inner_text() == ENGLISH["compare_draw"]
    page.get_by_role("tab").first.click()
    draw(page)
    page.get_by_role("tab").nth(1).click()
    page.wait_for_selector(".comparison[data-updates]")
    assert fault.inner_text() == ""


def test_the_first_column_says_whose_digit_it_is(open_page: Callable[..., Any]) -> None:
    page = open_page()
    open_train(page)
    label = "getComputedStyle(document.querySelector('.cell.noisy'), '::before').content"
    assert page.evaluate(label) == f'"{ENGLISH["yours"]}"'
    page.get_by_role("tab").first.click()
    page.click(".clear")
    page.get_by_role("tab").nth(1).click()
    page.wait_for_function("() => document.querySelectorAll('.cell.noisy').length === 10")
    assert page.evaluate(label) == "none"


def test_on_a_phone_the_settings_are_a_button_beside_start(open_page: Callable[..., Any]) -> None:
    page = open_page(**PHONE)
    open_train(page)
    assert inside(page, ".go", ".setup > summary")
    start, fold = (page.locator(part).bounding_box() for part in (".go", ".setup > summary"))
    assert abs(start["y"] - fold["y"]) < 2 and fold["height"] == start["height"] >= 44
    page.locator(".setup > summary").focus()
    page.keyboard.press("Enter")
    form = page.locator("#training-network").bounding_box()
    assert form["y"] < start["y"] + 100 and overlaps(page, [".setup .form", *PARTS]) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360
