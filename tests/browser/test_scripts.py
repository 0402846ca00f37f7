"""Scripts that do not arrive, or arrive late: nothing is silent, and whoever comes later is waited for."""

from typing import Any

import pytest

from benchmarks.browser import READY
from ui.shared.texts import TEXTS


@pytest.fixture
def empty(chromium: Any) -> Any:
    """A function that gives a page that has not asked for anything yet."""
    contexts = []

    def open_it(locale: str = "en-US") -> Any:
        contexts.append(chromium.new_context(viewport={"width": 1280, "height": 800}, locale=locale))
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        return page

    yield open_it
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("zh-CN", "zh")])
def test_a_script_that_does_not_arrive_is_told_and_a_reload_helps(
    empty: Any, address: str, locale: str, language: str
) -> None:
    page, words = empty(locale), TEXTS[language]["hint_not_loaded"]
    page.route("**/scripts/*/shared/sliders.js", lambda route: route.abort())
    page.goto(address)
    page.wait_for_function("(words) => document.querySelector('.hint')?.textContent === words", arg=words)
    page.wait_for_selector(".head h1:text-matches('.')")
    assert page.locator(".head h1").inner_text() == TEXTS[language]["headline"]  # the head needs no sliders
    page.get_by_role("tab").nth(1).click()
    page.wait_for_function("(words) => document.querySelector('.news')?.textContent === words", arg=words)
    page.unroute_all()
    page.reload()
    page.wait_for_selector(".training .cell")
    page.get_by_role("tab").first.click()
    page.wait_for_selector(READY)
    assert page.locator(".hint").inner_text() == TEXTS[language]["hint_start"]


def test_train_waits_for_a_drawing_that_comes_late(empty: Any, address: str) -> None:
    page, held = empty(), list[Any]()
    page.route("**/scripts/*/draw/board.js", lambda route: held.append(route))
    page.goto(f"{address}/#train")
    page.wait_for_selector(".training .cell")
    assert page.locator(".board").get_attribute("data-updates") == "0" and page.locator(".cell.own").count() == 0
    for route in held:
        route.continue_()
    page.wait_for_selector(".cell.own canvas:not(.empty)")
