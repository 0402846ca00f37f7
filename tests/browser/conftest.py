"""One app and one Chromium for all browser tests; each test gets a fresh page that must stay free of complaints."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

SAVING_DATA = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"
REMEDY = "no browser: pip install playwright, and apt-get install chromium or playwright install chromium"


def _missing(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}; {REMEDY}")
    pytest.skip(f"{reason}; {REMEDY}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    try:
        from playwright.sync_api import Error, sync_playwright

        from benchmarks.browser import launch_chromium
    except ImportError as error:
        _missing(str(error))
    with sync_playwright() as playwright:
        try:
            browser = launch_chromium(playwright)
        except Error as error:
            _missing(str(error).splitlines()[0])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(chromium: Any) -> Iterator[str]:
    from benchmarks.browser import running_app

    with running_app() as url:
        yield url


@pytest.fixture
def open_page(chromium: Any, address: str) -> Iterator[Callable[..., Any]]:
    """A function that opens the page, ready to draw on; its options are those of a browser context.

    With `computes` the browser computes by itself, as it does unless data shall be saved.
    """
    from benchmarks.browser import READY

    contexts, complaints = [], []

    def open_it(tolerate: tuple[str, ...] = (), computes: bool = False, **options: Any) -> Any:
        options = {"viewport": {"width": 1280, "height": 800}, "locale": "en-US"} | options
        contexts.append(chromium.new_context(**options))
        if not computes:
            contexts[-1].add_init_script(SAVING_DATA)
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)

        def complain(text: str) -> None:
            if not any(part in text for part in tolerate):
                complaints.append(text)

        def listen(message: Any) -> None:
            if message.type in ("error", "warning"):
                complain(f"console: {message.text}")

        def watch(request: Any) -> None:
            if not request.url.startswith((address, "data:", "blob:")):
                complain(f"request to another host: {request.url}")

        page.on("console", listen)
        page.on("pageerror", lambda error: complain(f"error: {error}"))
        page.on("request", watch)
        page.goto(address)
        page.wait_for_selector(READY)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(open_page: Callable[..., Any]) -> Any:
    return open_page()
