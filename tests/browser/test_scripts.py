"""Scripts that do not arrive, or start late: nothing is silent, and whoever comes later is waited for."""

from typing import Any

import pytest

from benchmarks.browser import READY
from ui.shared.scripts import SCRIPT
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
    told = "([place, words]) => document.querySelector(place)?.textContent === words"
    page.route("**/scripts/*", lambda route: route.abort())
    page.goto(address)
    page.wait_for_function(told, arg=[".hint", words])
    page.wait_for_function(told, arg=[".head h1", words])
    page.get_by_role("tab").nth(1).click()
    page.wait_for_function(told, arg=[".news", words])
    page.unroute_all()
    page.reload()
    page.wait_for_selector(READY)
    assert page.locator(".hint").inner_text() == TEXTS[language]["hint_start"]


def test_a_script_that_does_not_arrive_at_once_is_asked_for_again(empty: Any, address: str) -> None:
    page = empty()
    page.route(lambda url: "/scripts/" in url and not url.endswith("?again"), lambda route: route.abort())
    page.goto(f"{address}/#train")
    page.wait_for_selector(".training .cell.own canvas:not(.empty)")  # what Draw lends: they share their modules
    page.get_by_role("tab").first.click()
    page.wait_for_selector(READY)


def test_train_waits_for_a_drawing_that_comes_late(empty: Any, address: str) -> None:
    page = empty()
    late = "const { start } = draw_board;\ndraw_board.start = (...all) => { window.arrive = () => start(...all); };\n"
    body = SCRIPT.decode().replace("\nexport {", f"\n{late}export {{")
    page.route("**/scripts/*", lambda route: route.fulfill(body=body, content_type="text/javascript"))
    page.goto(f"{address}/#train")
    page.wait_for_selector(".training .cell")
    assert page.locator(".board").get_attribute("data-updates") == "0" and page.locator(".cell.own").count() == 0
    page.evaluate("window.arrive()")
    page.wait_for_selector(".cell.own canvas:not(.empty)")
