"""Networks that learn to read digits: watched until they read them rightly, and used as the reader in Draw."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.board import after_update, draw, in_board
from tests.browser.training import PATIENCE, TINY, figure, fill, finished_run, open_train, wait_for_state
from ui.shared.texts import TEXTS
from ui.train.reading_texts import READING_TEXTS
from ui.train.texts import TRAINING_TEXTS

READS = {"model": "lean_classifier", "batch_size": 16, "digits": [0, 1]}
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "locale": "zh-CN"}
CELLS = """() => [...document.querySelectorAll('.cell.read')].map((cell) => [
    cell.querySelector('b').textContent, cell.querySelector('small').textContent, cell.dataset.mark,
    getComputedStyle(cell.querySelector('b')).textDecorationLine])"""
ALL_RIGHT = "() => { const m = [...document.querySelectorAll('.cell.read')].map((cell) => cell.dataset.mark);"
ALL_RIGHT += " return m.includes('✓') && !m.includes('✗'); }"


@pytest.fixture(scope="module")
def run(address: str) -> str:
    return finished_run(address, **READS)


def choose_zero_and_one(page: Any) -> None:
    page.click(".all")
    for digit in "01":
        page.click(f".digits label:nth-child({int(digit) + 1})")


def labels(page: Any) -> list[str]:
    return page.locator(".cell.clean").evaluate_all("cells => cells.map((cell) => cell.dataset.digit)")


def test_what_does_not_apply_is_hidden_and_the_page_says_what_is_learned(open_page: Callable[..., Any]) -> None:
    english = READING_TEXTS["en"]
    page = open_page()
    open_train(page)
    fill(page, model="tutorial_classifier")
    assert page.locator(".chips").is_hidden() and page.locator("[name=lowest]").is_hidden()
    assert english["news_idle_read"].replace("{button}", TRAINING_TEXTS["en"]["start"]) == page.inner_text(".news")
    assert page.inner_text("#training-network-about") == english["model.tutorial_classifier.about"]
    assert page.inner_text(".legend b") == english["curve_read"] and page.locator(".versus").is_hidden()
    assert page.locator(".cell.noisy").count() == 0 and page.locator(".cell.read").count() == 11
    page.locator(".pair label").nth(1).click()
    values = {name: page.locator(f'.training [name="{name}"]').input_value() for name in ("optimizer", "batch_size")}
    assert values == {"optimizer": "adam", "batch_size": "64"}
    assert float(page.locator("[name=dropout]").input_value()) == 0.5
    assert page.inner_text(".lesson") == english["tutorial.tutorial_classifier"]
    fill(page, model="residual_unet")
    assert page.locator(".chips").is_visible() and page.locator(".cell.noisy").count() == 11
    assert page.inner_text(".legend b") == TRAINING_TEXTS["en"]["curve"] and page.locator(".versus").is_visible()


def test_one_sees_it_learn_to_read(open_page: Callable[..., Any]) -> None:
    page = open_page()
    open_train(page)
    choose_zero_and_one(page)
    begin_reading(page, seconds=200)
    page.wait_for_function(ALL_RIGHT, timeout=PATIENCE)
    page.click(".go")
    wait_for_state(page, "ended")
    truth, cells = labels(page), page.evaluate(CELLS)
    for label, (digit, share, mark, line) in zip(truth, cells, strict=True):
        right = None if label == TRAINING_TEXTS["en"]["yours"] else digit == label
        assert mark == {None: "", True: "✓", False: "✗"}[right]
        assert (line == "line-through") == (right is False) and 10 <= int(share.removesuffix(" %")) <= 100
    assert float(figure(page, "best").removesuffix(" %")) > 60 and page.locator(".levels text").count() == 1
    about = page.locator(".samples").get_attribute("aria-label")
    assert all(f"{digit}, {share}" in about for digit, share, *_ in cells)
    page.locator(".moment").focus()
    page.keyboard.press("Home")
    page.wait_for_selector(".cursor line", state="attached")
    first = page.evaluate(CELLS)
    assert first != cells and any(mark == "✗" for *_, mark, _ in first)  # before it could read


def begin_reading(page: Any, **values: Any) -> None:
    fill(page, **(TINY | {"model": "lean_classifier", "batch_size": 16} | values))
    page.click(".go")
    page.wait_for_function("() => document.querySelector('.samples').dataset.read === 'shown'", timeout=PATIENCE)


def test_it_reads_in_draw_until_another_is_chosen(open_page: Callable[..., Any], run: str) -> None:
    page = open_page()
    bars = page.locator(".reader.after")
    shipped = bars.get_attribute("aria-label")
    assert page.locator("#board-reader").is_hidden()
    open_train(page, run)
    wait_for_state(page, "ended")
    after_update(page, lambda: page.click(".training .use"))
    assert page.locator("#board-reader").is_visible() and page.locator("#board-reader").input_value() == run
    assert page.locator(".board .model").input_value() == "residual_unet"  # who denoises is another question
    own = bars.get_attribute("aria-label")
    assert own != shipped
    after_update(page, lambda: page.select_option("#board-reader", "default"))
    assert bars.get_attribute("aria-label") == shipped
    after_update(page, lambda: page.select_option("#board-reader", run))
    assert bars.get_attribute("aria-label") == own


def test_a_reader_that_is_gone_is_a_kind_word_and_the_network_stays(open_page: Callable[..., Any]) -> None:
    page = open_page()
    lost = {"token": "z" * 43, "name": "My lost one", "model": "lean_classifier", "parameters": 5, "reads": True}
    page.select_option(".board .model", "simple_unet")
    in_board(page, "(board, lost) => board.useReader(lost)", lost)
    page.wait_for_function(
        "(words) => document.querySelector('.hint').textContent === words", arg=TEXTS["en"]["hint_reader_gone"]
    )
    assert page.locator("#board-reader").is_hidden() and page.locator(".board .model").input_value() == "simple_unet"
    draw(page)


def test_it_can_be_trained_further_and_taken_home(open_page: Callable[..., Any], run: str, tmp_path: Any) -> None:
    page = open_page()
    open_train(page, run)
    wait_for_state(page, "ended")
    options = page.locator("#training-of option").evaluate_all("all => all.map(({ value }) => value)")
    assert options == ["", "lean_classifier", run] and page.locator(".decoder").is_hidden()
    with page.expect_download() as download:
        page.click("[data-file=checkpoint]")
    download.value.save_as(tmp_path / "mine.safetensors")
    page.set_input_files(".training [type=file]", tmp_path / "mine.safetensors")
    expected = READING_TEXTS["en"]["news_uploaded_read"].replace("{button}", TRAINING_TEXTS["en"]["start_again"])
    page.wait_for_function("(words) => document.querySelector('.news').textContent === words", arg=expected)
    assert page.locator("#training-network").input_value() == "lean_classifier"
    assert page.locator(".training .use").is_enabled()


@pytest.mark.parametrize("options", [PHONE, {"viewport": {"width": 768, "height": 1024}}, {}])
def test_every_part_is_seen_on_every_screen(open_page: Callable[..., Any], run: str, options: dict[str, Any]) -> None:
    page = open_page(**options)
    open_train(page, run)
    wait_for_state(page, "ended")
    page.wait_for_selector(".cell.read b:not(:empty)")
    assert page.locator(".cell.read").count() == 10
    width = page.viewport_size["width"]
    for part in page.locator(".samples, .legend > *, .figures div, .actions > *:visible, .cell.read").all():
        box = part.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width + 0.5
    cell, curve = page.locator(".cell.read").last.bounding_box(), page.locator(".panel.curve").bounding_box()
    assert cell["y"] + cell["height"] <= curve["y"]
