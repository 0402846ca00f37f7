"""The data in the Inside tab: digits with labels, numbers, bytes, versions of a digit, and what is read in digits."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import denoiser
from denoiser.data.own import OWN_SOURCE
from denoiser.data.statistics import statistics
from denoiser.pictures import from_bytes, to_bytes
from denoiser.train.augmentation import Augmentation, augment
from serving.data_page import READ, READ_SEED
from tests.browser.board import draw, pixels
from tests.browser.training import finished_run, open_train
from ui.inside.data_texts import DATA_TEXTS

ENGLISH = DATA_TEXTS["en"]
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "locale": "zh-CN"}
TRIED = "(count) => document.querySelector('.data-score').dataset.tried === String(count)"


def open_data(page: Any) -> None:
    page.click('[role="tab"][data-tab-id="inside"]')
    page.click('.inside .views [data-view="data"]')
    page.wait_for_selector(".data-sheet li")
    page.wait_for_selector(".data-versions li")
    page.wait_for_function(TRIED, arg=500, timeout=60_000)


@pytest.fixture(scope="module")
def digits() -> denoiser.Digits:
    return denoiser.load_digits("auto", "test")


def captions(page: Any, selector: str) -> list[str]:
    return page.locator(f"{selector} li span").all_inner_texts()


def test_it_asks_for_nothing_before_it_is_opened_and_then_shows_the_test_digits(
    page: Any, digits: denoiser.Digits
) -> None:
    asked = []
    page.on("request", lambda request: asked.append(request.post_data or ""))
    draw(page)
    page.click('[role="tab"][data-tab-id="inside"]')
    page.wait_for_selector(".inside .views")
    assert not any("data_" in body for body in asked)
    open_data(page)
    found, chosen = statistics(digits), digits.sample(64, 0)
    assert captions(page, ".data-sheet") == [str(label) for label in chosen.labels.tolist()]  # type: ignore[union-attr]
    assert np.array_equal(pixels(page, ".data-sheet li:nth-child(7) canvas"), to_bytes(chosen.images[6, 0]))
    assert page.inner_text(".data-mean") == f"{found.mean:.4f}"
    assert page.inner_text(".data-deviation") == f"{found.deviation:.4f}"
    assert page.inner_text(".data-black") == f"{100 * found.black:.1f} %"
    assert f"{len(digits):,}" in page.inner_text(".data-source")
    page.click('.data-splits [data-split="test"]')
    assert page.locator('.data-splits [data-split="test"]').get_attribute("aria-pressed") == "true"
    label = page.get_attribute(".data-classes svg", "aria-label")
    assert all(f"{digit}: {count:,}" in label for digit, count in enumerate(found.classes or ()))
    before = captions(page, ".data-sheet")
    page.click(".data-sheet .data-others")
    page.wait_for_function(
        "(labels) => [...document.querySelectorAll('.data-sheet li')].map((li) => li.textContent).join() !== labels",
        arg=",".join(before),
    )


def test_bars_are_as_high_as_their_numbers_on_either_scale(page: Any, digits: denoiser.Digits) -> None:
    open_data(page)
    counts = np.array(statistics(digits).levels).reshape(32, 8).sum(axis=1)

    def heights() -> np.ndarray:
        bars = page.locator(".data-levels rect").evaluate_all("(all) => all.map((bar) => bar.height.baseVal.value)")
        return np.array(bars) / max(bars)

    assert np.allclose(heights(), np.log10(1 + counts) / np.log10(1 + counts.max()), atol=1e-3)
    page.uncheck(".data-log")
    assert np.allclose(heights(), counts / counts.max(), atol=1e-3)


def test_the_digit_is_augmented_as_in_training(page: Any) -> None:
    draw(page)
    open_data(page)
    versions = page.locator(".data-versions li")
    assert versions.count() == 13
    digit = from_bytes(pixels(page, ".data-versions li:nth-child(1) canvas"))
    assert np.array_equal(to_bytes(digit[0, 0]), pixels(page, ".truth"))

    def shown(place: int) -> np.ndarray:
        return pixels(page, f".data-versions li:nth-child({place + 2}) canvas").astype(int)

    def expected(how: Augmentation) -> np.ndarray:
        return to_bytes(augment(digit.expand(12, 1, 28, 28), how, torch.Generator().manual_seed(0))[:, 0])

    # The digit has been rounded to whole levels on its way to this test.
    assert np.abs(expected(Augmentation())[4] - shown(4)).max() <= 3
    before = shown(4)
    page.select_option(".data-move", "rotation")
    page.wait_for_function("() => document.querySelector('.data-moves').textContent.includes('±0 pixels')")
    wait_for_another(page, ".data-versions li:nth-child(6) canvas", before)
    assert np.abs(expected(Augmentation().alone("rotation"))[4] - shown(4)).max() <= 3
    before = shown(4)
    page.click(".data-augmented .data-others")
    wait_for_another(page, ".data-versions li:nth-child(6) canvas", before)


def wait_for_another(page: Any, selector: str, before: np.ndarray) -> None:
    for _ in range(100):
        if not np.array_equal(pixels(page, selector), before):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{selector} never changed")


def test_bytes_are_explained_to_whoever_comes_by_keyboard(page: Any, digits: denoiser.Digits) -> None:
    open_data(page)
    groups = page.locator(".data-groups code").all_inner_texts()
    header = bytes.fromhex("".join(groups[:4]))
    assert header[:4] == b"\0\0\x08\x03" and int.from_bytes(header[4:8], "big") == len(digits)
    page.focus(".data-groups button:nth-child(1)")
    page.keyboard.press("Tab")
    said = page.inner_text(".data-meaning")
    assert said == ENGLISH["data_count_about"].replace("{number}", f"{len(digits):,}")
    shown = page.locator(".data-rows code").evaluate_all(
        "(all) => all.map((cell) => [cell.innerText, cell.style.color, getComputedStyle(cell).backgroundColor])"
    )
    first = to_bytes(digits.images[0, 0]).flatten().tolist()
    assert [int(text, 16) for text, *_ in shown] == first
    assert [background for *_, background in shown] == [f"rgb({byte}, {byte}, {byte})" for byte in first]


def test_what_is_read_wrongly_is_marked_and_found(page: Any, digits: denoiser.Digits) -> None:
    open_data(page)
    tried = digits.sample(READ, READ_SEED)
    read, labels = denoiser.load_classifier()(tried.images).argmax(dim=1), tried.labels
    assert labels is not None
    wrong = (read != labels).nonzero()[:, 0]
    right = int((read == labels)[:500].sum())
    assert page.inner_text(".data-score").startswith(f"{right} of 500 ") and f"{right / 5:.1f} %" in page.inner_text(
        ".data-score"
    )
    assert len(captions(page, ".data-tried")) == 24
    page.check(".data-wrong")
    page.wait_for_function(TRIED, arg=len(tried), timeout=60_000)
    page.wait_for_function("(n) => document.querySelectorAll('.data-tried li').length === n", arg=min(24, len(wrong)))
    expected = [f"{labels[place]} → {read[place]} ✗" for place in wrong[:24].tolist()]
    assert captions(page, ".data-tried") == expected
    assert page.locator(".data-tried li.wrong").count() == len(expected)


@pytest.fixture(scope="module")
def run(address: str) -> str:
    return finished_run(address, model="lean_classifier", batch_size=16)


def test_a_classifier_of_the_visitors_own_is_tried_and_one_that_is_gone_leaves(
    open_page: Callable[..., Any], run: str
) -> None:
    page = open_page()
    own = [{"token": run, "name": "Mine", "reads": True}, {"token": run[:-4] + "AAAA", "name": "Gone", "reads": True}]
    page.evaluate("(own) => localStorage.setItem('denoiser.networks', JSON.stringify(own))", own)
    page.reload()
    open_train(page)
    open_data(page)
    shipped = page.inner_text(".data-score")
    page.select_option(".data-reader", label="Mine")
    page.wait_for_function(
        "(before) => document.querySelector('.data-score').dataset.tried === '500' &&"
        " document.querySelector('.data-score').textContent !== before",
        arg=shipped,
        timeout=60_000,
    )
    page.select_option(".data-reader", label="Gone")
    page.wait_for_function("() => document.querySelectorAll('.data-reader option').length === 2")
    page.wait_for_function("(words) => document.querySelector('.data-score').textContent === words", arg=shipped)
    assert page.input_value(".data-reader") == "default"


def test_without_a_digit_the_rest_is_there(page: Any) -> None:
    page.click(".board .clear")
    page.click('[role="tab"][data-tab-id="inside"]')
    page.click('.inside .views [data-view="data"]')
    page.wait_for_function(TRIED, arg=500, timeout=60_000)
    assert page.locator(".data-versions li").count() == 0 and page.locator(".data-sheet li").count() == 64
    page.click(".inside .task-test")
    page.wait_for_selector(".data-versions li")
    assert page.inner_text(".inside .task-news") == ""


def test_it_fits_a_phone_and_speaks_chinese(open_page: Callable[..., Any], digits: denoiser.Digits) -> None:
    page = open_page(**PHONE)
    open_data(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    source = DATA_TEXTS["zh"]["data_own"] if digits.source == OWN_SOURCE else digits.source
    assert page.inner_text(".data-source").startswith(source)
    page.tap(".data-groups button:nth-child(4)")
    assert page.inner_text(".data-meaning") == DATA_TEXTS["zh"]["data_columns_about"].replace("{number}", "28")
