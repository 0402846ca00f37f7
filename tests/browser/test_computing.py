"""The browser computes by itself: the same pictures, no request, and the server wherever it cannot."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.browser import READY, draw_stroke
from tests.browser.board import DENOISED, INSET, NOISY, SEVEN, after_update, draw, hint_says, pixels, settle, updates

CURLS = [
    [(0.3, 0.3), (0.6, 0.2), (0.7, 0.4), (0.4, 0.55), (0.7, 0.7), (0.5, 0.85), (0.3, 0.75)],
    [(0.5, 0.2), (0.5, 0.8)],
    [(0.2, 0.5), (0.25, 0.5)],
    [(0.02, 0.1), (0.98, 0.9)],
]
TIME = ".where .time"
WORKER = "Worker = class extends Worker { constructor(...how) { super(...how); (window.workers ??= []).push(this); } }"


def computes_here(page: Any, here: bool = True) -> None:
    """Choose it, and wait until the picture that is shown was computed here."""
    page.select_option(".where select", "here" if here else "server")
    words = "computed here" if here else "on the server"
    draw_again = "(words) => document.querySelector('.where .time').textContent.includes(words)"
    for _ in range(60):
        if page.evaluate(draw_again, words):
            return
        page.wait_for_timeout(250)
        after_update(page, lambda: page.locator(".amount").press("ArrowRight"))
        after_update(page, lambda: page.locator(".amount").press("ArrowLeft"))
    raise AssertionError(page.locator(TIME).text_content())


def readings(page: Any) -> np.ndarray:
    shares = "(bars) => bars.map((bar) => Number(bar.style.getPropertyValue('--share')))"
    return np.array(page.locator(".reader li").evaluate_all(shares))


def seen(page: Any) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """Pictures, readings and scores."""
    settle(page)
    pictures = [pixels(page, where).astype(int) for where in (INSET, NOISY, DENOISED)]
    scores = [float(number) for number in re.findall(r"[\d.]+", " ".join(page.locator(".scores").all_text_contents()))]
    return pictures, readings(page), np.array(scores)


@pytest.fixture
def here(open_page: Any) -> Any:
    page = open_page(computes=True)
    computes_here(page)
    return page


@pytest.mark.parametrize("kind", ["blend", "gaussian", "salt_pepper", "speckle"])
def test_what_it_computes_is_what_the_server_computes(here: Any, kind: str) -> None:
    page = here
    after_update(page, lambda: page.select_option(".kind", kind))
    for number, stroke in enumerate(CURLS):
        page.click(".clear")
        draw(page, stroke)
        computes_here(page)
        ours = seen(page)
        computes_here(page, here=False)
        after_update(page, lambda: page.locator(".amount").press("ArrowRight"))
        after_update(page, lambda: page.locator(".amount").press("ArrowLeft"))
        theirs = seen(page)
        assert max(np.abs(a - b).max() for a, b in zip(ours[0], theirs[0], strict=True)) <= 1, number
        assert np.abs(ours[1] - theirs[1]).max() <= 0.001, number
        assert len(ours[2]) == 4 and np.abs(ours[2] - theirs[2]).max() <= 0.101  # as they are rounded
        assert ours[0][1].any()
        computes_here(page)


def test_while_it_computes_the_server_receives_no_request(here: Any) -> None:
    page = here
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.click(".clear")
    for stroke in CURLS:
        draw(page, stroke)
    for _ in range(5):
        after_update(page, lambda: page.locator(".amount").press("ArrowLeft"))
    assert asked == []
    after_update(page, lambda: page.select_option(".kind", "poisson"))  # drawn on the server
    assert len(asked) == 1 and "component_server" in asked[0]
    assert page.locator(".where").get_attribute("title") == "Poisson noise is drawn on the server"


def test_without_the_network_drawing_and_saving_go_on(open_page: Any) -> None:
    page = open_page(computes=True, tolerate=("ERR_INTERNET_DISCONNECTED", "Failed to fetch", "component server"))
    computes_here(page)
    box = page.locator(".ink").bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    after_update(page, page.mouse.down)
    page.context.set_offline(True)
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.3 * box["height"], steps=5)
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.8 * box["height"], steps=5)
    page.mouse.up()
    settle(page)
    assert pixels(page, INSET)[20:].any() and page.locator(".board").get_attribute("data-hint") == ""
    before = pixels(page, DENOISED)
    after_update(page, lambda: page.locator(".amount").press("Home"))
    assert not np.array_equal(pixels(page, DENOISED), before)
    with page.expect_download() as saved:
        page.click(".save")
    assert Path(saved.value.path()).read_bytes().startswith(b"\x89PNG")
    page.click(".surprise")  # needs the server
    hint_says(page, "No answer from the server")
    page.context.set_offline(False)
    page.wait_for_function("() => document.querySelector('.board').dataset.hint !== 'no_answer'")


def test_another_network_is_fetched_and_computes_here_too(here: Any) -> None:
    page = here
    after_update(page, lambda: page.select_option(".model", "dense_autoencoder"))
    computes_here(page)
    draw(page)
    ours = seen(page)
    computes_here(page, here=False)
    after_update(page, lambda: page.locator(".amount").press("ArrowRight"))
    after_update(page, lambda: page.locator(".amount").press("ArrowLeft"))
    assert max(np.abs(a - b).max() for a, b in zip(ours[0], seen(page)[0], strict=True)) <= 1


@pytest.mark.parametrize(
    "script", ["delete window.WebAssembly", "WebAssembly.validate = () => false", "delete window.Worker"]
)
def test_a_browser_that_cannot_asks_the_server(open_page: Any, script: str) -> None:
    page = open_page(computes=True)
    page.add_init_script(script)
    page.reload()
    page.select_option(".where select", "here")
    draw(page)
    assert "on the server" in page.locator(TIME).text_content()
    assert page.locator(".where").get_attribute("title") == "This browser cannot compute it; the server does"


@pytest.mark.parametrize("damage", [lambda body: body[: len(body) // 2], lambda body: b"no module", lambda body: b""])
def test_a_damaged_runtime_leaves_it_to_the_server(open_page: Any, damage: Any) -> None:
    page = open_page(tolerate=("wasm", "Aborted"))
    broken = {"count": 0}

    def spoil(route: Any) -> None:
        broken["count"] += 1
        answer = route.fetch()
        route.fulfill(status=200, headers={"content-type": "application/wasm"}, body=damage(answer.body()))

    page.context.route("**/worker/*.wasm", spoil)
    page.select_option(".where select", "here")
    page.wait_for_function("() => document.querySelector('.board').dataset.hint !== undefined")
    draw(page)
    draw(page)
    assert broken["count"] >= 1 and "on the server" in page.locator(TIME).text_content()


def test_a_worker_that_does_not_arrive_is_asked_for_again(open_page: Any) -> None:
    page = open_page(tolerate=("ERR_FAILED",))
    cut: list[str] = []

    def abort(route: Any) -> None:
        cut.append(route.request.url)
        route.abort()

    page.context.route("**/worker/*.js", abort)
    page.select_option(".where select", "here")
    for _ in range(100):
        page.evaluate("() => window.dispatchEvent(new Event('online'))")
        page.wait_for_timeout(50)
        if len(cut) >= 4:
            break
    assert len(cut) >= 4  # more often than a worker that fails is begun anew
    draw(page)
    assert "on the server" in page.locator(TIME).text_content() and page.locator(".hint").text_content() == ""
    page.context.unroute("**/worker/*.js")
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    computes_here(page)


def test_a_server_of_another_version_goes_on_by_itself(open_page: Any) -> None:
    page = open_page(tolerate=("404",))
    page.context.route("**/worker/*.onnx", lambda route: route.fulfill(status=404, body="{}"))
    with page.expect_response("**/worker/*.onnx"):
        page.select_option(".where select", "here")
    draw(page)
    assert "on the server" in page.locator(TIME).text_content() and page.locator(".hint").text_content() == ""


def test_a_browser_that_computes_something_else_is_not_used(open_page: Any) -> None:
    page = open_page()

    def spoil(route: Any) -> None:
        body = bytearray(route.fetch().body())
        body[40_000:40_400] = bytes(400)
        route.fulfill(status=200, body=bytes(body))

    page.context.route("**/worker/*.weights", spoil)
    page.select_option(".where select", "here")
    hint_says(page, "computes something else")
    draw(page)
    assert "on the server" in page.locator(TIME).text_content()


@pytest.mark.parametrize("fault", ["terminate()", "onmessage = null"])
def test_a_worker_that_dies_or_hangs_loses_no_stroke(open_page: Any, fault: str) -> None:
    page = open_page()
    page.add_init_script(WORKER)
    page.reload()
    computes_here(page)
    page.evaluate(f"() => {{ const one = window.workers.at(-1); one.{fault}; }}")
    draw(page, SEVEN)  # the server answers after some seconds
    assert pixels(page, DENOISED).any()
    computes_here(page)  # with a new worker
    assert page.evaluate("window.workers.length") == 2
    page.evaluate(f"() => {{ const one = window.workers.at(-1); one.{fault}; }}")
    page.click(".clear")
    draw(page, CURLS[0])
    assert "on the server" in page.locator(TIME).text_content()


def test_a_page_that_nobody_sees_computes_nothing(here: Any) -> None:
    page = here
    see = """(seen) => {
        Object.defineProperty(document, 'hidden', { value: !seen, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
    }"""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(see, False)
    before = updates(page)
    draw_stroke(page, SEVEN)
    page.wait_for_timeout(500)
    assert updates(page) == before and asked == []
    after_update(page, lambda: page.evaluate(see, True))
    assert pixels(page, INSET).any() and "computed here" in page.locator(TIME).text_content()


def test_two_tabs_compute_each_for_itself(here: Any) -> None:
    one = here
    other = one.context.new_page()
    other.goto(one.url)
    for page in (other, one):
        page.bring_to_front()
        computes_here(page)
    draw(one, CURLS[1])
    other.bring_to_front()
    other.click(".clear")
    draw(other, CURLS[0])
    one.bring_to_front()
    after_update(one, lambda: one.locator(".amount").press("ArrowLeft"))
    assert not np.array_equal(pixels(one, INSET), pixels(other, INSET))
    assert all("computed here" in page.locator(TIME).text_content() for page in (one, other))


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_on_a_phone_the_line_leaves_room_for_saving(open_page: Any, locale: str) -> None:
    page = open_page(viewport={"width": 360, "height": 740}, locale=locale)
    page.select_option(".where select", "server")
    after_update(page, lambda: page.locator(".amount").press("ArrowLeft"))
    words, save, picture = (page.locator(one).bounding_box() for one in (TIME, ".save", ".denoised"))
    assert words["x"] + words["width"] <= save["x"]
    assert save["x"] + save["width"] <= picture["x"] + picture["width"] + 1


def test_no_picture_waits_for_a_network_that_is_slow_to_arrive(open_page: Any) -> None:
    page = open_page()
    page.add_init_script(WORKER)
    page.reload()
    computes_here(page)
    page.context.route("**/worker/*.weights", lambda route: None)  # never comes
    after_update(page, lambda: page.select_option(".model", "simple_unet"))
    page.wait_for_timeout(500)
    after_update(page, lambda: page.select_option(".model", "residual_unet"))
    page.wait_for_timeout(4500)  # longer than the patience with one picture
    draw(page)
    assert "computed here" in page.locator(TIME).text_content()
    assert page.evaluate("window.workers.length") == 1


def test_the_choice_is_remembered(here: Any) -> None:
    page = here
    draw(page)
    page.wait_for_timeout(1000)
    page.reload()
    page.wait_for_selector(READY)
    assert page.locator(".where select").input_value() == "here"
    kept = json.loads(page.evaluate("localStorage.getItem('denoiser.board')"))
    assert kept["settings"]["where"] == "here"


def test_a_stroke_is_painted_while_the_network_is_fetched(open_page: Any) -> None:
    page = open_page()
    page.context.route("**/worker/*.wasm", lambda route: None)  # never comes
    page.select_option(".where select", "here")
    draw_stroke(page, SEVEN)
    settle(page)
    assert pixels(page, DENOISED).any() and "on the server" in page.locator(TIME).text_content()
