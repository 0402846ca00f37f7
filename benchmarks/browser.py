"""The real page in a real browser, for whatever is measured, pictured or tested there."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, Playwright

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
READY = '.board[data-updates]:not([data-updates="0"])'


def chromium_path() -> str | None:
    """A Chromium of the system; None leaves it to Playwright to find its own."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def launch_chromium(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=chromium_path(), args=QUIET)


@contextmanager
def running_app(command: Sequence[str] = ("app.py",)) -> Iterator[str]:
    """`python app.py` as a visitor meets it, in a process of its own, on any free port; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    quiet = {**os.environ, "DENOISER_DOWNLOAD": "0"}
    app = subprocess.Popen([sys.executable, *command, "--port", str(port)], stdout=subprocess.DEVNULL, env=quiet)
    try:
        wait_until_served(address, app)
        yield address
    finally:
        app.terminate()
        app.wait()


def wait_until_served(address: str, app: subprocess.Popen[bytes], seconds: float = 120) -> None:
    """Return as soon as the page is there; RuntimeError if it never is."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and app.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("app.py did not start: run it by hand to see why")


def draw_stroke(page: Page, points: list[tuple[float, float]], steps: int = 6, pause: float = 0.0) -> None:
    """Draw with the mouse; points are fractions of the canvas, and each stretch has so many moves."""
    box: Any = page.locator(".ink").bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for (x0, y0), (x1, y1) in zip(places, places[1:], strict=False):
        for step in range(1, steps + 1):
            page.mouse.move(x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps)
            time.sleep(pause)
    page.mouse.up()
