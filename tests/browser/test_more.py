"""All amounts of noise at once, the one from which on the digit is no longer read, and noise that plays."""

from typing import Any

import numpy as np
import pytest

from tests.browser.board import DENOISED, NOISY, PIXELS, after_update, draw, pixels, settle
from tests.browser.test_computing import computes_here

LABEL = "() => document.querySelector('.strip').getAttribute('aria-label')"
AMOUNT = "() => document.querySelector('.amount').value"


@pytest.fixture
def here(open_page: Any) -> Any:
    page = open_page(computes=True)
    draw(page)
    computes_here(page)
    page.wait_for_function("() => !document.querySelector('.show-strip').disabled")
    return page


def tiles_of(page: Any) -> list[np.ndarray]:
    """Once all of them are there: noisy and denoised, [16, 2, 28, 28]."""
    page.wait_for_function(f"() => ({LABEL})().includes('read as')")
    canvases = page.locator(".strip canvas")
    found = []
    for place in range(canvases.count()):
        side, values = page.evaluate(PIXELS, f".strip canvas:nth-child({place + 1})")
        picture = np.array(values, np.uint8).reshape(57, side)
        found.append(np.stack([picture[:28], picture[29:]]))
    return found


def verdict(page: Any) -> str:
    return page.locator(".after p").text_content().split()[2]


def slide_to(page: Any, percent: int) -> None:
    if int(page.evaluate(AMOUNT)) != percent:
        move = "(slider, to) => { slider.value = to; slider.dispatchEvent(new Event('input', { bubbles: true })); }"
        after_update(page, lambda: page.locator(".amount").evaluate(move, percent))


def test_every_tile_is_what_the_slider_shows_there(here: Any) -> None:
    page = here
    page.click(".show-strip")
    tiles = tiles_of(page)
    assert len(tiles) == 16 and all(tile[1].any() for tile in tiles)
    for place in (2, 9, 15):
        after_update(page, lambda place=place: page.locator(".strip canvas").nth(place).click())
        assert int(page.evaluate(AMOUNT)) == round(100 * place / 15)
        assert np.array_equal(pixels(page, NOISY), tiles[place][0])
        assert np.array_equal(pixels(page, DENOISED), tiles[place][1])


def test_the_mark_is_where_the_digit_is_no_longer_read(here: Any) -> None:
    page = here
    after_update(page, lambda: page.select_option(".model", "dense_autoencoder"))  # gives up soon
    computes_here(page)
    page.click(".show-strip")
    tiles_of(page)
    assert page.locator(".flip").is_visible()
    at = round(100 * float(page.locator(".flip").evaluate("(mark) => mark.style.getPropertyValue('--at')")))
    assert f"From {at} % on" in page.evaluate(LABEL)
    slide_to(page, 0)
    digit = verdict(page)
    assert f"no longer read as {digit}" in page.evaluate(LABEL)
    slide_to(page, at - 1)
    assert verdict(page) == digit
    slide_to(page, at)
    assert verdict(page) != digit


def test_tiles_follow_the_pen_and_ask_nothing_of_the_server(here: Any) -> None:
    page = here
    page.click(".show-strip")
    before = tiles_of(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    first = "() => document.querySelector('.strip canvas').toDataURL()"
    then = page.evaluate(first)
    page.click(".clear")
    draw(page, [(0.5, 0.2), (0.5, 0.8)])
    page.wait_for_function(f"(then) => ({first})() !== then", arg=then)
    side, values = page.evaluate(PIXELS, ".strip canvas:nth-child(1)")
    assert not np.array_equal(np.array(values, np.uint8).reshape(57, side)[:28], before[0][0])
    assert asked == []


def test_what_the_server_draws_has_no_tiles(here: Any) -> None:
    page = here
    page.click(".show-strip")
    tiles_of(page)
    after_update(page, lambda: page.select_option(".kind", "poisson"))
    context = "document.querySelector('.strip canvas').getContext('2d')"
    page.wait_for_function(f"() => {context}.getImageData(0, 0, 28, 28).data.every((value) => !value)")
    assert page.locator(".flip").is_hidden()
    page.click(".show-strip")
    assert page.locator(".show-strip").is_disabled() and page.locator(".play-noise").is_disabled()
    assert page.locator(".play-noise").get_attribute("title") == "Once this browser computes by itself"


def test_noise_plays_seed_by_seed_and_stops_at_one_of_them(here: Any) -> None:
    page = here
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    first = int(page.input_value(".seed"))
    page.click(".play-noise")
    page.wait_for_function("(first) => Number(document.querySelector('.seed').value) > first + 20", arg=first)
    page.click(".play-noise")
    settle(page)
    last = int(page.input_value(".seed"))
    assert len(asked) == 1 + (last - first) // 64 and all("worker/noise" in each for each in asked)
    ours = pixels(page, NOISY)
    computes_here(page, here=False)
    assert int(page.input_value(".seed")) == last and np.array_equal(pixels(page, NOISY), ours)


def test_a_page_opens_calm(open_page: Any) -> None:
    page = open_page()
    assert page.locator(".strip").is_hidden() and page.locator(".show-strip").is_disabled()
    assert page.locator(".play-noise").get_attribute("aria-pressed") == "false"
