"""The line to the server is cut and comes back: what is drawn meanwhile is asked for again, without another stroke."""

from typing import Any

import numpy as np

from benchmarks.browser import draw_stroke
from tests.browser.board import DENOISED, INK, after_update, draw, pixels, settle

SERVER = "**/component_server/"
CUT = ("component server", "503", "ERR_INTERNET_DISCONNECTED", "Failed to fetch")


def hint_is(page: Any, name: str) -> None:
    page.wait_for_function("(name) => document.querySelector('.board').dataset.hint === name", arg=name)


def test_offline_in_mid_stroke_then_online_the_picture_comes_by_itself(open_page: Any) -> None:
    page = open_page(tolerate=CUT)
    draw(page, [(0.3, 0.3), (0.7, 0.3)])
    box = page.locator(INK).bounding_box()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.3 * box["height"])
    after_update(page, page.mouse.down)
    before = pixels(page, DENOISED)
    page.context.set_offline(True)
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.9 * box["height"], steps=5)
    page.mouse.up()
    hint_is(page, "lost")
    assert np.array_equal(pixels(page, DENOISED), before)
    after_update(page, lambda: page.context.set_offline(False))
    hint_is(page, "")
    once = pixels(page, DENOISED)
    assert not np.array_equal(once, before)
    after_update(page, lambda: page.click(".new-noise"))
    page.fill(".seed", "3")
    after_update(page, lambda: page.locator(".seed").press("Enter"))
    assert np.array_equal(pixels(page, DENOISED), once)  # it was the newest state


def test_a_server_that_comes_back_is_asked_again_more_and_more_rarely(open_page: Any) -> None:
    page = open_page(tolerate=CUT)
    page.evaluate("""() => {
        window.asked = [];
        const fetch = window.fetch.bind(window);
        window.fetch = (...how) => {
            if (String(how[0]?.url ?? how[0]).includes('component_server')) window.asked.push(performance.now());
            return fetch(...how);
        };
    }""")
    page.route(SERVER, lambda route: route.fulfill(status=503, body="gone"))
    page.locator(".new-noise").click()
    page.wait_for_function("() => window.asked.length >= 4")
    pauses = np.diff(page.evaluate("window.asked"))
    assert (pauses > [400, 900, 1900]).all()
    after_update(page, lambda: page.unroute(SERVER))
    hint_is(page, "start")


def test_a_busy_server_is_asked_again_too(page: Any) -> None:
    page.route(SERVER, lambda route: route.fulfill(json={"hint": "busy", "error": "busy"}))
    draw_stroke(page, [(0.3, 0.3), (0.7, 0.3)])
    hint_is(page, "busy")
    after_update(page, lambda: page.unroute(SERVER))
    hint_is(page, "")


def test_nothing_is_asked_for_a_canvas_that_was_emptied_meanwhile(open_page: Any) -> None:
    page = open_page(tolerate=CUT)
    page.route(SERVER, lambda route: route.fulfill(status=503, body="gone"))
    draw_stroke(page, [(0.3, 0.3), (0.7, 0.3)])
    hint_is(page, "lost")
    page.click(".clear")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.unroute(SERVER)
    page.wait_for_timeout(1500)
    assert asked == [] and page.locator(".board").get_attribute("data-hint") == "no_ink"


def test_an_example_that_did_not_come_is_asked_for_by_hand(open_page: Any) -> None:
    page = open_page(tolerate=CUT)
    page.context.set_offline(True)
    page.click(".surprise")
    hint_is(page, "no_answer")
    page.context.set_offline(False)
    hint_is(page, "start")
    after_update(page, lambda: page.click(".surprise"))
    settle(page)
