"""A run in the browser: watched from the first to the last step, stopped, gone on with, lost and found again."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from denoiser.watch.settings import RunSettings
from serving.runs.run import Run
from tests.browser.board import INSET, draw, pixels
from tests.browser.training import (
    TINY,
    begin,
    figure,
    fill,
    finished_run,
    open_train,
    points,
    row,
    step,
    wait_for_news,
    wait_for_state,
)
from ui.train.texts import ENGLISH, TRAINING_TEXTS


@pytest.fixture(scope="module")
def run(address: str) -> str:
    return finished_run(address)


@pytest.fixture
def train(open_page: Callable[..., Any]) -> Any:
    page = open_page()
    open_train(page)
    return page


def places(page: Any) -> list[dict[str, float]]:
    selectors = ".go, .news, .samples, .panel.curve, .lapse, .figures, .actions, .side"
    return [place.bounding_box() for place in page.locator(selectors).all()]


def test_one_press_trains_and_everything_is_seen_to_move(open_page: Any) -> None:
    page = open_page()
    draw(page)
    mine = pixels(page, INSET)
    open_train(page)
    assert page.locator(".training").get_attribute("data-state") == "idle"
    assert news(page) == ENGLISH["news_idle"].replace("{button}", page.locator(".go").inner_text())
    assert row(page, "clean")[0] == mine.flatten().tolist()  # it shows beforehand that it will be there
    before = places(page)
    begin(page)
    first = row(page, "denoised")
    assert row(page, "clean")[0] == mine.flatten().tolist()
    wait_for_state(page, "ended")
    assert places(page) == before
    last = row(page, "denoised")
    clean, noisy = (np.array(row(page, name), float) for name in ("clean", "noisy"))
    assert last != first and len(last) == 11
    assert ((np.array(last) - clean) ** 2).mean() < ((noisy - clean) ** 2).mean()  # it does denoise
    assert points(page) > 3 and points(page, "validation-line") >= 2
    assert step(page) > 10 and figure(page, "device") and figure(page, "best") != "–"
    assert page.locator(".levels text").count() == 2
    assert (
        "of the error that the noise made is gone" in news(page)
        and page.locator(".go").inner_text() == ENGLISH["start_again"]
    )


def test_start_keeps_the_focus(train: Any) -> None:
    fill(train, **TINY)
    train.locator(".go").focus()
    train.keyboard.press("Enter")
    wait_for_state(train, "running")
    assert train.evaluate("document.activeElement.className") == "go"
    train.keyboard.press("Enter")  # it is Stop now
    wait_for_state(train, "ended")
    assert train.evaluate("document.activeElement.className") == "go"


def news(page: Any) -> str:
    return page.locator(".news").inner_text()


def test_the_digits_that_are_learned_are_a_choice(train: Any) -> None:
    train.click(".all")
    assert train.locator(".all").get_attribute("aria-pressed") == "false"
    for digit in "01":
        train.click(f".digits label:nth-child({int(digit) + 1})")
    begin(train)
    shown = train.locator(".cell.clean").evaluate_all("cells => cells.map((cell) => cell.dataset.digit)")
    assert shown == [ENGLISH["yours"], *"0101010101"] and "own digits" in news(train)


def test_it_stops_and_goes_on_from_where_it_stopped(train: Any) -> None:
    begin(train, seconds=60)
    train.wait_for_function("() => !document.querySelector('.use').disabled")
    assert train.locator("#training-network").is_disabled()
    train.click(".go")
    wait_for_news(train, "stopped")
    stopped_at, drawn = step(train), points(train)
    fill(train, seconds=1)
    assert train.locator(".go-on").inner_text() == ENGLISH["go_on"].replace("{seconds}", "1")
    train.evaluate("""() => {
        const shown = window.shownMeanwhile = [];
        new MutationObserver(() => shown.push(document.querySelector('.samples').dataset.denoised))
            .observe(document.querySelector('.samples'), { attributeFilter: ['data-denoised'] });
    }""")
    train.click(".go-on")
    train.wait_for_function("() => document.activeElement.matches('.go')")  # its own button can no longer be pressed
    wait_for_state(train, "running")
    wait_for_state(train, "ended")
    assert step(train) > stopped_at and points(train) > drawn
    assert set(train.evaluate("shownMeanwhile")) == {"shown"}  # the digits stay until the next ones come


def test_a_reload_finds_the_run_with_its_whole_curve(train: Any) -> None:
    begin(train, seconds=60)
    train.wait_for_function("() => document.querySelector('.training-line').getAttribute('d').split(' ').length > 10")
    drawn = points(train)
    train.reload()
    train.wait_for_selector(".board", state="attached")  # it comes back to this tab
    open_train(train)
    wait_for_state(train, "running")
    train.wait_for_function("() => document.querySelector('.samples').dataset.denoised === 'shown'")
    assert points(train) >= drawn and train.locator("#training-seconds").input_value() == "60"
    assert train.locator("#training-network").input_value() == "dense_autoencoder"
    train.click(".go")
    wait_for_state(train, "ended")


def test_two_tabs_of_a_browser_show_the_same_run(train: Any) -> None:
    other = train.context.new_page()
    other.goto(train.url)
    other.wait_for_selector(".board", state="attached")  # the address names the other tab
    open_train(other)
    begin(train, seconds=60)
    wait_for_state(other, "running")
    other.click(".go")
    wait_for_state(other, "ended")
    train.bring_to_front()
    wait_for_state(train, "ended")
    assert step(train) == step(other) > 0 and points(train) == points(other)


def test_another_visitor_sees_nothing_of_it(open_page: Any, run: str) -> None:
    mine, theirs = open_page(), open_page()
    open_train(mine, run)
    wait_for_state(mine, "ended")
    open_train(theirs)
    assert theirs.locator(".training").get_attribute("data-state") == "idle"
    assert theirs.locator("#training-of optgroup").count() == 1  # the shipped ones


def test_a_cut_line_is_told_and_the_run_is_found_again(open_page: Any) -> None:
    page = open_page(tolerate=("component server", "503"))
    open_train(page)
    begin(page, seconds=60)
    page.route("**/component_server/", lambda route: route.fulfill(status=503, body="gone"))
    wait_for_news(page, "lost")
    shown = points(page)
    page.unroute("**/component_server/")
    wait_for_news(page, "running")
    assert points(page) >= shown
    page.click(".go")
    wait_for_state(page, "ended")


def test_a_run_that_is_gone_is_a_kind_word_and_the_settings_stay(open_page: Any) -> None:
    page = open_page()
    open_train(page, "x" * 43)
    wait_for_news(page, "gone")
    assert page.locator(".training").get_attribute("data-state") == "idle" and page.locator(".go").is_enabled()
    assert page.evaluate("localStorage.getItem('denoiser.run')") is None


def test_whoever_waits_sees_their_place(train: Any) -> None:
    settings = {"model": "simple_unet", "digits": [0, 1], "seconds": 20}
    waiting = {"state": "waiting", "place": 3, "wait": 41, "version": 1, "fresh": True, "settings": settings}

    def answer(route: Any) -> None:
        asked = route.request.post_data_json["fn_name"]
        route.fulfill(json={"token": "y" * 43} if asked == "start" else waiting)

    train.route("**/component_server/", answer)
    train.click(".go")
    wait_for_state(train, "waiting")
    assert news(train) == "Number 3 in the queue, about 40 s to go."
    assert train.locator(".go").inner_text() == ENGLISH["leave_queue"]


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_a_run_that_failed_says_why_in_the_visitors_language(open_page: Any, locale: str) -> None:
    words = TRAINING_TEXTS[locale[:2]]
    line = "a line of the server"
    for fault, says in (("settings", words["fault_settings"]), ("broken", words["fault_broken"]), ("", line)):
        run = Run("y" * 43, "mine", "dense_autoencoder", RunSettings("dense_autoencoder"))
        run.end("failed", line, fault)
        page, answer = open_page(locale=locale), run.answer(0) | {"others": 0, "boot": "1"}
        page.route("**/component_server/", lambda route, _, answer=answer: route.fulfill(json=answer))
        open_train(page, "y" * 43)
        wait_for_news(page, "failed")
        assert page.locator('[data-fault="run"]').inner_text() == says


def test_the_past_can_be_walked_and_played(open_page: Any, run: str) -> None:
    page = open_page()
    open_train(page, run)
    wait_for_state(page, "ended")
    last = row(page, "denoised")
    page.locator(".moment").focus()
    page.keyboard.press("Home")
    page.wait_for_selector(".cursor line", state="attached")
    first = row(page, "denoised")
    assert first != last and page.locator(".moment").get_attribute("aria-valuetext").startswith("step ")
    page.click(".play")
    page.wait_for_function("() => { const m = document.querySelector('.moment'); return m.value === m.max; }")
    page.wait_for_selector('[data-lapse="still"]')
    assert row(page, "denoised") == last


def test_the_curve_has_two_scales(open_page: Any, run: str) -> None:
    page = open_page()
    open_train(page, run)
    wait_for_state(page, "ended")
    logarithmic, ticks = page.locator(".training-line").get_attribute("d"), page.locator(".axes").text_content()
    page.click(".legend .toggle")
    assert page.locator(".training-line").get_attribute("d") != logarithmic
    assert page.locator(".axes").text_content() != ticks
    assert "validation 0." in page.locator(".chart").get_attribute("aria-label")
