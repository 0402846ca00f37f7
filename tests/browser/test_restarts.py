"""A server that is killed in the middle of a run, and started again where it was."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.browser import wait_until_served
from tests.browser.training import TINY, begin, fill, points, row, step, wait_for_news, wait_for_state
from ui.train.texts import ENGLISH

SERVER = """
import sys
from denoiser.data import handwritten_digits
digits = {split: handwritten_digits(200, seed=seed) for split, seed in (("train", 1), ("validation", 2))}
import denoiser.watch.snapshots
denoiser.watch.snapshots.kept_digits = lambda source, split: digits[split]  # few, so that a run begins at once
from serving.runs.registry import Runs
from serving.workers.threads import ThreadWorkers
from ui.page import build_page, launch_options
runs = Runs(ThreadWorkers())
page = build_page(runs=runs)
page.launch(server_port=int(sys.argv[1]), quiet=True, **launch_options(runs))
"""


class Server:
    """The page in a process of its own, which can be killed and started again on its port."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-c", SERVER, str(self.port)], env=dict(os.environ))
        wait_until_served(self.address, self.process)

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    server.start()
    yield server
    server.kill()


@pytest.fixture
def page(chromium: Any, server: Server) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(server.address)
    page.wait_for_selector(".board")
    page.get_by_role("tab").nth(1).click()
    page.wait_for_selector(".training .cell")
    yield page
    context.close()


def news(page: Any) -> str:
    return page.locator(".news").inner_text()


def test_a_killed_server_leaves_the_picture_and_a_new_one_is_offered_the_same_settings(
    page: Any, server: Server
) -> None:
    begin(page, seconds=120, learning_rate="0.002")
    page.wait_for_function("() => document.querySelector('.training-line').getAttribute('d').split(' ').length > 5")
    server.kill()
    wait_for_news(page, "lost")
    assert news(page) == ENGLISH["news_lost"]
    pictures, curve, steps = row(page, "denoised"), points(page), step(page)
    assert steps > 0 and curve > 3
    server.start()
    wait_for_news(page, "restarted")
    assert news(page) == ENGLISH["news_restarted"].replace("{button}", page.locator(".go").inner_text())
    assert (row(page, "denoised"), points(page), step(page)) == (pictures, curve, steps)
    for name, value in {**TINY, "seconds": 120, "learning_rate": "0.002"}.items():
        assert page.locator(f'.training [name="{name}"]').input_value() == str(value)
    assert page.locator(".training .use").is_disabled() and not page.locator(".own-list").is_visible()
    page.get_by_role("tab").first.click()  # and back: still there
    page.get_by_role("tab").nth(1).click()
    assert row(page, "denoised") == pictures
    page.click(".go")
    wait_for_state(page, "running")
    page.click(".go")
    wait_for_state(page, "ended")


def test_a_run_that_was_over_is_told_from_one_that_expired(page: Any, server: Server) -> None:
    begin(page, seconds=1)
    wait_for_state(page, "ended")
    pictures = row(page, "denoised")
    fill(page, seconds="77")
    server.kill()
    server.start()
    page.click(".go-on")
    wait_for_news(page, "restarted")
    assert row(page, "denoised") == pictures and page.locator("#training-seconds").input_value() == "77"
    page.evaluate("() => { localStorage.setItem('denoiser.run', 'x'.repeat(43)) }")
    page.reload()
    page.wait_for_selector(".board", state="attached")  # it comes back to this tab
    page.get_by_role("tab").nth(1).click()
    wait_for_news(page, "gone")  # of a run that nobody here saw, no restart is known
    assert news(page) == ENGLISH["news_gone"]
