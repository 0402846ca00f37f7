"""Pen and slider: live while they move, one request at a time, and nothing drawn is ever lost."""

from typing import Any

import numpy as np
import pytest

from benchmarks.browser import draw_stroke
from denoiser.picture_files import encode_png
from tests.browser.board import DENOISED, INK, INSET, NOISY, SEVEN, after_update, draw, pixels, settle, updates


def test_it_opens_with_a_noisy_example_and_asks_nothing_for_it(open_page: Any) -> None:
    page = open_page()
    assert updates(page) == 1
    assert page.evaluate("window.denoiserStats.length") == 0
    assert pixels(page, INK).max() == 255 and pixels(page, INSET).max() > 200
    assert pixels(page, NOISY).std() > 20 and pixels(page, DENOISED).std() > 20
    assert "Draw here" in page.locator(".hint").inner_text()


def test_pictures_follow_the_pen_before_it_is_lifted(page: Any) -> None:
    box = page.locator(INK).bounding_box()

    def move(x: float, y: float) -> None:
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])

    move(0.3, 0.2)
    after_update(page, page.mouse.down)
    dot = pixels(page, INSET)
    after_update(page, lambda: move(0.7, 0.2))
    bar = pixels(page, INSET)
    after_update(page, lambda: move(0.45, 0.8))
    assert dot.max() > 200 and len({picture.tobytes() for picture in (dot, bar, pixels(page, INSET))}) == 3
    page.mouse.up()


def test_the_first_stroke_replaces_the_example_and_undo_brings_it_back(page: Any) -> None:
    example, noisy = pixels(page, INK), pixels(page, NOISY)
    assert page.locator(".undo").is_disabled()
    draw(page)
    assert pixels(page, INK)[example > 0].mean() < 128 and page.locator(".hint").inner_text() == ""
    after_update(page, lambda: page.click(".undo"))
    assert np.array_equal(pixels(page, INK), example) and page.locator(".undo").is_disabled()
    assert np.abs(pixels(page, NOISY).astype(int) - noisy).mean() < 1  # another renderer drew it, at the same place


def test_undo_and_clear_go_back_stroke_by_stroke(page: Any) -> None:
    draw(page, [(0.3, 0.3), (0.7, 0.3)])
    one = pixels(page, INK)
    draw(page, [(0.3, 0.7), (0.7, 0.7)])
    two = pixels(page, INK)
    page.click(".clear")
    assert pixels(page, INK).max() == 0
    after_update(page, lambda: page.click(".undo"))
    assert np.array_equal(pixels(page, INK), two)
    after_update(page, lambda: page.keyboard.press("Control+z"))
    assert np.array_equal(pixels(page, INK), one)


@pytest.mark.parametrize("interrupt", ["clear", "undo", "Control+z", "Delete", "surprise", "5", "file"])
def test_a_stroke_ends_where_something_else_happens_to_the_canvas(page: Any, interrupt: str) -> None:
    box = page.locator(INK).bounding_box()

    def move(x: float, y: float) -> None:
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])

    def act() -> None:
        if interrupt == "file":
            drawn = np.zeros((28, 28), np.uint8)
            drawn[5:23, 12:16] = 255
            picture = {"name": "one.png", "mimeType": "image/png", "buffer": encode_png(drawn)}
            page.set_input_files("[type=file]", picture)
        elif interrupt in ("clear", "undo", "surprise"):
            page.evaluate("(name) => document.querySelector(`.${name}`).click()", interrupt)
        else:
            page.keyboard.press(interrupt)

    draw(page, [(0.3, 0.3), (0.7, 0.3)])
    move(0.2, 0.5)
    after_update(page, page.mouse.down)
    after_update(page, lambda: move(0.4, 0.6))
    if interrupt in ("clear", "Delete"):
        act()
    else:
        after_update(page, act)
    left, hint = pixels(page, INK), page.locator(".hint").inner_text()
    for place in ((0.6, 0.8), (0.9, 0.9)):
        move(*place)
    page.mouse.up()
    assert np.array_equal(pixels(page, INK), left) and page.locator(".hint").inner_text() == hint
    assert (left.max() == 0) == (interrupt in ("clear", "Delete"))
    draw(page, [(0.1, 0.95), (0.9, 0.95)])
    assert pixels(page, INK)[int(0.95 * len(left)), len(left) // 2] == 255


def test_an_empty_canvas_is_a_hint(page: Any) -> None:
    page.click(".clear")
    assert "Draw a digit" in page.locator(".hint").inner_text()
    assert pixels(page, NOISY).max() == pixels(page, DENOISED).max() == pixels(page, INSET).max() == 0
    assert page.locator(".save").is_disabled() and page.locator(".noisy .scores").inner_text() == ""
    draw(page)
    assert pixels(page, DENOISED).max() > 0 and page.locator(".save").is_enabled()


def test_never_more_than_one_request_is_in_flight(page: Any) -> None:
    flying, most = set(), 0

    def start(request: Any) -> None:
        nonlocal most
        if "component_server" in request.url:
            flying.add(request)
            most = max(most, len(flying))

    page.on("request", start)
    page.on("requestfinished", lambda request: flying.discard(request))
    for _ in range(3):
        draw_stroke(page, SEVEN, steps=20)
    page.locator(".amount").focus()
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    settle(page)
    assert most == 1 and updates(page) > 5


def test_a_request_that_takes_forever_is_a_hint_and_still_the_only_one(page: Any) -> None:
    held: list[Any] = []
    page.route("**/component_server/", lambda route: route.continue_() if held[:1] == [None] else held.append(route))
    draw_stroke(page, SEVEN)
    page.evaluate("() => { const now = performance.now.bind(performance); performance.now = () => now() + 20_000; }")
    draw_stroke(page, [(0.3, 0.9), (0.7, 0.9)])
    assert "No answer" in page.locator(".hint").inner_text()
    assert len(held) == 1 and page.locator(".board").get_attribute("data-busy") == "true"
    first, held[:] = held[0], [None]
    before = updates(page)
    after_update(page, first.continue_)
    assert updates(page) == before + 2 and page.locator(".hint").inner_text() == ""  # its answer, and the newest state


def test_the_last_stroke_is_always_answered(page: Any) -> None:
    draw_stroke(page, SEVEN, steps=40)
    settle(page)
    once = pixels(page, DENOISED)
    after_update(page, lambda: page.click(".new-noise"))
    seed = page.locator(".seed")
    after_update(page, lambda: (seed.fill("3"), seed.press("Enter")))
    assert np.array_equal(pixels(page, DENOISED), once)


def test_latency_is_measured_in_the_page(page: Any) -> None:
    draw_stroke(page, SEVEN, steps=20, pause=1 / 120)
    settle(page)
    stats = page.evaluate("window.denoiserStats")
    assert len(stats) >= 3
    assert all(0 < entry["trip"] < entry["latency"] < 20_000 for entry in stats)


def test_latency_ends_after_the_frame_is_painted(page: Any) -> None:
    # What a script does in the same frame, after the answer was shown, delays the painting and has to count.
    page.evaluate("""() => {
        const ask = window.requestAnimationFrame.bind(window);
        window.requestAnimationFrame = (run) => ask((time) => {
            run(time);
            for (const start = performance.now(); performance.now() - start < 50;);
        });
    }""")
    draw(page)
    page.wait_for_function("() => window.denoiserStats.length > 0")
    stats = page.evaluate("window.denoiserStats")
    assert all(entry["latency"] - entry["trip"] >= 49 for entry in stats)


def test_the_slider_updates_live_and_nothing_is_noisy_at_zero(page: Any) -> None:
    draw(page)
    page.locator(".amount").focus()
    seen = []
    for key in ("Home", "PageUp", "End"):
        after_update(page, lambda key=key: page.keyboard.press(key))
        seen.append(pixels(page, NOISY))
        if key == "Home":
            assert np.array_equal(seen[0], pixels(page, INSET))
            assert "∞" in page.locator(".noisy .scores").inner_text()
            assert page.locator("output").inner_text() == "0 %"
    assert len({picture.tobytes() for picture in seen}) == 3


@pytest.mark.parametrize("name", ["kind", "model"])
def test_every_choice_is_applied_at_once_and_explained(page: Any, name: str) -> None:
    draw(page)
    choices = page.locator(f".{name} option").all()
    answers, words = set(), set()
    for choice in choices[1:] + choices[:1]:
        after_update(page, lambda choice=choice: page.select_option(f".{name}", choice.get_attribute("value")))
        answers.add(pixels(page, DENOISED).tobytes())
        words.add(page.locator(f"#board-{name}-about").inner_text())
    assert len(answers) == len(words) == len(choices) >= 4


def test_a_finger_draws_and_a_second_one_is_ignored(open_page: Any) -> None:
    page = open_page(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    box = page.locator(INK).bounding_box()
    touch = page.context.new_cdp_session(page)

    def fingers(kind: str, *places: tuple[float, float]) -> None:
        points = [
            {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"], "id": number}
            for number, (x, y) in enumerate(places)
        ]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    after_update(page, lambda: fingers("touchStart", (0.3, 0.3)))
    after_update(page, lambda: fingers("touchMove", (0.7, 0.3)))
    drawn = pixels(page, INK)
    fingers("touchStart", (0.7, 0.3), (0.2, 0.9))
    fingers("touchMove", (0.7, 0.3), (0.8, 0.9))
    after_update(page, lambda: fingers("touchMove", (0.7, 0.6), (0.8, 0.9)))
    fingers("touchEnd")
    added = (pixels(page, INK) > 0) & (drawn == 0)
    assert added.any() and not added[int(0.8 * len(added)) :].any()
    assert page.evaluate("scrollY") == 0


def test_a_lost_server_costs_nothing_but_a_hint(open_page: Any) -> None:
    page = open_page(tolerate=("component server", "503"))
    page.route("**/component_server/", lambda route: route.fulfill(status=503, body="gone"))
    draw_stroke(page, SEVEN)
    page.wait_for_function("() => document.querySelector('.hint').textContent.includes('No answer')")
    drawn = pixels(page, INK)
    page.unroute("**/component_server/")
    draw(page, [(0.3, 0.9), (0.7, 0.9)])
    assert page.locator(".hint").inner_text() == ""
    assert (pixels(page, INK)[drawn > 0] > 0).all()


def test_a_busy_server_is_a_hint_in_the_visitors_words(open_page: Any) -> None:
    page = open_page(locale="zh-CN")
    page.route("**/component_server/", lambda route: route.fulfill(json={"hint": "busy", "error": "busy"}))
    draw_stroke(page, SEVEN)
    page.wait_for_function("() => document.querySelector('.hint').textContent.includes('访客')")
    page.unroute("**/component_server/")
    draw(page)


def test_the_network_is_told_the_noise_where_that_is_wanted_and_possible(page: Any) -> None:
    draw(page)
    noisy, denoised, note = pixels(page, NOISY), pixels(page, DENOISED), page.locator(".noisy .note")
    assert note.inner_text() == "all that the network gets to see"
    after_update(page, lambda: page.check(".told"))
    assert np.array_equal(pixels(page, NOISY), noisy) and not np.array_equal(pixels(page, DENOISED), denoised)
    assert note.inner_text() == "this, and which noise it is"
    after_update(page, lambda: page.select_option(".model", "simple_unet"))
    assert page.locator(".tell").is_hidden() and note.inner_text() == "all that the network gets to see"
    after_update(page, lambda: page.select_option(".model", "residual_unet"))
    assert page.locator(".told").is_checked()
    after_update(page, lambda: page.click(".clean-only"))  # nobody knows the noise of a picture that has it already
    assert page.locator(".tell").is_hidden() and page.locator(".hint").inner_text() == ""
    after_update(page, lambda: page.click(".clean-only"))
    after_update(page, lambda: page.uncheck(".told"))
    assert np.array_equal(pixels(page, DENOISED), denoised)
