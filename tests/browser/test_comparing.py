"""The Compare tab: one digit, one noise, and everybody who takes it out, side by side."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from denoiser.classical import Classical
from denoiser.noise import corrupt
from denoiser.pictures import from_bytes, to_bytes
from tests.browser.board import draw, pixels
from tests.browser.training import finished_run, open_train
from ui.compare.texts import COMPARE_TEXTS
from ui.shared.task_texts import TASK_TEXTS
from ui.shared.texts import TEXTS

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "locale": "zh-CN"}


def updates(page: Any) -> int:
    return int(page.evaluate("document.querySelector('.compare')?.dataset.updates ?? 0"))  # drawn once it is opened


def after(page: Any, act: Callable[[], Any]) -> None:
    before = updates(page)
    act()
    page.wait_for_function("(n) => Number(document.querySelector('.compare')?.dataset.updates) > n", arg=before)
    page.wait_for_function("() => !document.querySelector('.rivals .waiting')")
    page.wait_for_timeout(600)  # the slow ones, which are asked apart


def open_compare(page: Any) -> None:
    after(page, lambda: page.click('[role="tab"][data-tab-id="compare"]'))


def order(page: Any) -> list[str]:
    return page.locator(".rivals li").evaluate_all("(items) => items.map(({ dataset }) => dataset.name)")


def score(page: Any, name: str) -> float:
    return float(page.inner_text(f'.rivals [data-name="{name}"] small:nth-of-type(2)').split()[1])


def test_it_asks_for_nothing_before_it_is_opened_and_then_shows_what_the_package_gives(page: Any) -> None:
    asked = []
    page.on("request", lambda request: asked.append(request.post_data or ""))
    draw(page)
    assert not any("contend" in body for body in asked)
    open_compare(page)
    assert any("contend" in body for body in asked)
    digit = from_bytes(pixels(page, ".truth"))
    assert np.array_equal(pixels(page, ".truth"), pixels(page, ".inset"))
    noisy = corrupt(digit, 0.5, generator=torch.Generator().manual_seed(3))
    for name, expected in (
        ("nothing", noisy),
        ("total_variation", Classical("total_variation")(noisy, "blend", 0.5)),
        ("non_local_means", Classical("non_local_means")(noisy, "blend", 0.5)),
    ):
        shown = pixels(page, f'.rivals [data-name="{name}"] canvas').astype(int)
        # The digit has been rounded to whole levels on its way to this test.
        assert np.abs(shown - to_bytes(expected[0, 0])).max() <= 6, name
    assert score(page, "residual_unet") > score(page, "total_variation") > score(page, "nothing")
    assert page.inner_text(".rivals .best b") == TEXTS["en"]["model.residual_unet"]


def test_noise_and_order_are_the_visitors_choice(page: Any) -> None:
    open_compare(page)
    given = order(page)
    before = score(page, "nothing")
    after(page, lambda: page.locator(".task-amount").fill("80"))
    assert score(page, "nothing") < before
    assert page.inner_text(".compare output") == "80 %"
    noisy = pixels(page, '.rivals [data-name="nothing"] canvas')
    after(page, lambda: page.click(".task-noise"))
    assert not np.array_equal(noisy, pixels(page, '.rivals [data-name="nothing"] canvas'))
    page.select_option(".compare-order", "psnr")
    scores = [score(page, name) for name in order(page)]
    assert scores == sorted(scores, reverse=True) and sorted(order(page)) == sorted(given)
    after(page, lambda: page.select_option(".task-kind", "salt_pepper"))
    assert set(np.unique(pixels(page, '.rivals [data-name="nothing"] canvas'))) >= {0, 255}
    page.select_option(".compare-order", "given")
    assert order(page) == given


def test_a_test_digit_stands_in_and_the_own_one_comes_back(page: Any) -> None:
    open_compare(page)
    own = pixels(page, ".truth")
    after(page, lambda: page.click(".task-test"))
    assert not np.array_equal(own, pixels(page, ".truth"))
    assert page.get_attribute(".task-test", "aria-pressed") == "true"
    after(page, lambda: page.click(".task-yours"))
    assert np.array_equal(own, pixels(page, ".truth"))


def open_sweep(page: Any) -> None:
    page.click('.views [data-view="sweep"]')
    wait_for_sweep(page)


def wait_for_sweep(page: Any) -> None:
    everybody = page.locator(".curves li").count()
    page.wait_for_function(f"() => document.querySelector('.film').dataset.swept === '{everybody}'", timeout=60_000)


def test_a_sweep_shows_every_amount_and_from_which_on_the_digit_is_lost(page: Any) -> None:
    draw(page)
    open_compare(page)
    open_sweep(page)
    first = pixels(page, ".film canvas:first-child", tall=True)
    assert np.array_equal(first[:28], pixels(page, ".truth")) and first[29:].any()
    label = page.get_attribute(".curves svg", "aria-label")
    assert TEXTS["en"]["model.residual_unet"] in label and "%" in label
    assert page.locator(".curve").count() == page.locator(".curves li").count()
    before = pixels(page, ".film canvas:nth-child(9)", tall=True)
    page.click(f".curves li:has-text('{COMPARE_TEXTS['en']['rival.median_filter']}') button")
    after_it = pixels(page, ".film canvas:nth-child(9)", tall=True)
    assert np.array_equal(before[:28], after_it[:28]) and not np.array_equal(before[29:], after_it[29:])
    page.select_option(".task-kind", "gaussian")
    page.wait_for_function("() => Number(document.querySelector('.film').dataset.swept) < 5")
    wait_for_sweep(page)
    assert not np.array_equal(after_it[:28], pixels(page, ".film canvas:nth-child(9)", tall=True)[:28])
    page.click(".film canvas:nth-child(4)")
    assert page.inner_text(".compare output") == "20 %"
    after(page, lambda: page.click('.views [data-view="beside"]'))


def test_the_map_shows_where_networks_do_harm(page: Any) -> None:
    open_compare(page)
    page.click('.views [data-view="map"]')
    rows = page.locator(".map tbody tr").count()
    page.wait_for_function(f"() => document.querySelector('.map table').dataset.rows === '{rows}'", timeout=60_000)
    assert page.locator(".map tbody tr").first.locator("td").count() == 20
    first = page.locator(".map tbody tr").first.locator("td").all_inner_texts()
    assert all(text.startswith("+") for text in first)  # the default network learned every kind
    harmed = page.locator(".map .harm").all_inner_texts()
    assert harmed and all(text.startswith("−") for text in harmed)


def test_without_a_digit_it_says_where_to_get_one(page: Any) -> None:
    page.click(".board .clear")
    page.click('[role="tab"][data-tab-id="compare"]')
    words = TASK_TEXTS["en"]["hint_task_empty"]
    page.wait_for_function("(words) => document.querySelector('.task-news').textContent === words", arg=words)
    assert not pixels(page, ".truth").any()
    after(page, lambda: page.click(".task-test"))
    assert page.inner_text(".task-news") == ""


@pytest.fixture(scope="module")
def run(address: str) -> str:
    return finished_run(address, model="dense_autoencoder")


def test_a_network_of_the_visitors_own_competes_and_one_that_is_gone_leaves(
    open_page: Callable[..., Any], run: str
) -> None:
    page = open_page()
    own = [{"token": run, "name": "Mine"}, {"token": run[:-4] + "AAAA", "name": "Gone"}]
    page.evaluate("(own) => localStorage.setItem('denoiser.networks', JSON.stringify(own))", own)
    page.reload()
    open_train(page)
    open_compare(page)
    page.wait_for_function(
        "() => document.querySelectorAll('.rivals b').length && "
        "![...document.querySelectorAll('.rivals b')].some((b) => b.textContent === 'Gone')"
    )
    page.wait_for_selector(f'.rivals [data-name="{run}"]:not(.waiting)')
    assert page.inner_text(f'.rivals [data-name="{run}"] b') == "Mine"


def test_it_fits_a_phone_and_speaks_chinese(open_page: Callable[..., Any]) -> None:
    page = open_page(**PHONE)
    open_compare(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.inner_text(".task-yours") == TASK_TEXTS["zh"]["task_yours"]
    label = page.get_attribute('.rivals [data-name="total_variation"] canvas', "aria-label")
    assert COMPARE_TEXTS["zh"]["rival.total_variation"] in label and "PSNR" in label
