"""The view of memory: a picture, and the training digits that are nearest to it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from denoiser.data import load_digits
from denoiser.neighbours import Neighbours
from denoiser.pictures import from_bytes
from tests.browser.board import draw, pixels
from tests.browser.test_comparing import PHONE
from ui.compare.neighbours_texts import NEIGHBOURS_TEXTS

ROWS = ".neighbours-rows"
FIRST = 240_000  # ms: where nobody has trained yet, the project's own digits have to be written first


def updates(page: Any) -> int:
    return int(page.evaluate(f"document.querySelector('{ROWS}')?.dataset.updates ?? 0"))


def after(page: Any, act: Callable[[], Any]) -> None:
    before = updates(page)
    act()
    page.wait_for_function(
        f"(n) => Number(document.querySelector('{ROWS}')?.dataset.updates ?? 0) > n", arg=before, timeout=FIRST
    )


def open_neighbours(page: Any) -> None:
    page.click('[role="tab"][data-tab-id="compare"]')
    page.wait_for_selector('.views [data-view="neighbours"]')
    after(page, lambda: page.click('.views [data-view="neighbours"]'))


def near(page: Any, row: str) -> list[float]:
    texts = page.locator(f'{ROWS} [data-picture="{row}"] li small').all_inner_texts()
    return [float(text.split()[1]) for text in texts]


def test_it_shows_what_the_package_finds_and_says_what_it_means(page: Any) -> None:
    draw(page)
    open_neighbours(page)
    known = Neighbours(load_digits("auto", "train"))
    assert f"{len(known):,}" in page.inner_text(".neighbours-searched")
    for row in ("clean", "noisy"):
        found = known.nearest(from_bytes(pixels(page, f'{ROWS} [data-picture="{row}"] figure canvas')))
        assert np.allclose(near(page, row), found.rmse[0], atol=0.003), row
        first = pixels(page, f'{ROWS} [data-picture="{row}"] li canvas')
        assert np.array_equal(first.flatten(), known.pixels[found.places[0, 0]].numpy()), row
    own = float(page.inner_text(f'{ROWS} [data-picture="denoised"] figure small').split()[0])
    verdict = page.inner_text(".neighbours-verdict")
    understood = NEIGHBOURS_TEXTS["en"]["neighbours_understood"].split("{")[0]
    assert verdict.startswith(understood) == (own <= near(page, "denoised")[0]) and f"{own:.3f}" in verdict
    assert own < 0.3 and page.locator(f"{ROWS} canvas").count() == 27


def test_noise_and_network_are_the_visitors_choice_and_an_empty_canvas_leaves_nothing(page: Any) -> None:
    open_neighbours(page)
    before = pixels(page, f'{ROWS} [data-picture="denoised"] figure canvas')
    after(page, lambda: page.select_option(".neighbours-network", "dense_autoencoder"))
    assert not np.array_equal(before, pixels(page, f'{ROWS} [data-picture="denoised"] figure canvas'))
    noisy = near(page, "noisy")[0]
    after(page, lambda: page.locator(".task-amount").fill("90"))
    assert near(page, "noisy")[0] > noisy
    page.click('[role="tab"]:first-child')
    page.click(".board .clear")
    page.click('[role="tab"][data-tab-id="compare"]')
    page.wait_for_function(f"() => !document.querySelector('{ROWS}').children.length")
    assert page.inner_text(".neighbours-verdict") == ""
    after(page, lambda: page.click(".task-test"))
    assert page.locator(f"{ROWS} canvas").count() == 27


def test_it_fits_a_phone_and_speaks_chinese(open_page: Callable[..., Any]) -> None:
    page = open_page(**PHONE)
    open_neighbours(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    label = page.get_attribute(f'{ROWS} [data-picture="denoised"] ol', "aria-label")
    assert label.startswith(NEIGHBOURS_TEXTS["zh"]["neighbours_denoised"]) and "；" in label
