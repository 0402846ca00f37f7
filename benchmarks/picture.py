"""The pictures of the page in the README.

`python -m benchmarks.picture benchmarks/page.png` and `python -m benchmarks.picture benchmarks/train.png --train`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.browser import READY, launch_chromium, running_app


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--locale", default="en-US")
    parser.add_argument("--train", action="store_true", help="the Train tab, after a default run")
    parser.add_argument("--dark", action="store_true")
    options = parser.parse_args()
    with running_app() as address, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        page = browser.new_page(
            viewport={"width": 1280, "height": 760},
            device_scale_factor=2,
            locale=options.locale,
            color_scheme="dark" if options.dark else "light",
        )
        page.goto(address)
        page.wait_for_selector(READY)
        if options.train:
            train(page)
        options.out.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=options.out)
        browser.close()


def train(page: Page) -> None:
    page.get_by_role("tab").nth(1).click()
    page.click(".training .go")
    page.wait_for_selector('.training[data-state="ended"]', timeout=300_000)
    page.wait_for_timeout(500)  # the button's colour takes a moment to change


if __name__ == "__main__":
    main()
