"""The latent plane of the Inside tab: a point that follows the noise, and a picture wherever it is moved."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import denoiser
from denoiser.pictures import from_bytes, to_bytes
from tests.browser.board import draw, pixels
from tests.browser.training import finished_run, open_train
from ui.inside.texts import INSIDE_TEXTS
from ui.shared.task_texts import TASK_TEXTS

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "locale": "zh-CN"}
VIEW = '.view[data-view="latent"]'
POINT = f"{VIEW} .latent-point"
ENGLISH = INSIDE_TEXTS["en"]


@pytest.fixture(scope="module")
def model() -> Any:
    return denoiser.load("dense_autoencoder", device="cpu").model


def updates(page: Any) -> int:
    return int(page.get_attribute(VIEW, "data-updates") or 0)


def after(page: Any, act: Callable[[], Any]) -> None:
    """Do something, and wait until what is decoded is that of the place where the point is."""
    before = updates(page)
    act()
    page.wait_for_function(
        """([view, before]) => {
            const { updates, code } = document.querySelector(view).dataset;
            const now = Number(document.querySelector(`${view} .latent-point`).getAttribute('aria-valuenow'));
            return Number(updates) > before && Math.abs(JSON.parse(code)[0] - now) < 0.001;
        }""",
        arg=[VIEW, before],
    )


def open_latent(page: Any) -> None:
    page.click('[role="tab"][data-tab-id="inside"]')
    after(page, lambda: page.click('.inside .views [data-view="latent"]'))


def code(page: Any) -> list[float]:
    return json.loads(page.get_attribute(VIEW, "data-code"))


def centre(page: Any, selector: str = POINT) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def reach(page: Any) -> float:
    """How far apart the ends of the first number are."""
    return float(page.get_attribute(POINT, "aria-valuemax")) - float(page.get_attribute(POINT, "aria-valuemin"))


@torch.no_grad()
def is_decoded(page: Any, model: Any) -> None:
    """What is shown is what the package's own decoder makes of the code that is named."""
    expected = to_bytes(model.decoder(torch.tensor([code(page)])).reshape(28, 28))
    assert np.abs(pixels(page, ".latent-decoded").astype(int) - expected).max() <= 1


@torch.no_grad()
def expected_code(page: Any, model: Any, amount: float) -> list[float]:
    """Where the package puts the digit that is shown; it has been rounded to whole levels on its way to this test."""
    digit = from_bytes(pixels(page, ".inside .truth"))
    noisy = denoiser.corrupt(digit, amount, "gaussian", generator=torch.Generator().manual_seed(3))
    return model.encoder(noisy.flatten(1))[0].tolist()


def test_it_asks_for_nothing_unless_it_is_open(page: Any) -> None:
    asked = []
    page.on("request", lambda request: asked.append(request.post_data or ""))

    def latent() -> int:
        return sum("latent_" in body for body in asked)

    draw(page)
    page.click('[role="tab"][data-tab-id="inside"]')
    page.locator(".inside .task-amount").fill("40")
    assert latent() == 0
    after(page, lambda: page.click('.inside .views [data-view="latent"]'))
    assert latent() == 2  # the plane, and the digit in it
    after(page, lambda: page.locator(".inside .task-amount").fill("60"))
    assert latent() == 3  # the plane is kept
    page.click('.inside .views [data-view="flow"]')
    page.locator(".inside .task-amount").fill("80")
    page.click('[role="tab"][data-tab-id="draw"]')
    draw(page)
    assert latent() == 3


def test_the_point_goes_where_the_encoder_puts_the_noisy_digit(page: Any, model: Any) -> None:
    draw(page)
    open_latent(page)
    after(page, lambda: page.select_option(".inside .task-kind", "gaussian"))
    places = []
    for amount in (0, 30, 90):
        after(page, lambda amount=amount: page.locator(".inside .task-amount").fill(str(amount)))
        assert code(page) == pytest.approx(expected_code(page, model, amount / 100), abs=0.05)
        is_decoded(page, model)
        places.append((code(page)[0], centre(page)[0]))
    (code0, x0), _, (code1, x1) = places
    assert code0 != code1 and (x1 - x0) * (code1 - code0) > 0
    assert np.array_equal(pixels(page, ".inside .truth"), pixels(page, ".inset"))
    read = page.inner_text(".latent-read")
    said = page.inner_text(".latent-result")
    first, second = (f"{number:.2f}".replace("-", "−") for number in code(page))
    assert f"({first}, {second})" in said and said in page.get_attribute(f"{VIEW} .latent-plane canvas", "aria-label")
    assert read.split()[2].strip(",") in said.rsplit(" ", 1)[1] and said == page.get_attribute(POINT, "aria-valuetext")


def test_dragging_decodes_what_the_decoder_makes_of_each_place(page: Any, model: Any) -> None:
    open_latent(page)
    own, (x, y) = code(page), centre(page)
    back = page.locator(".latent-back")
    assert back.is_disabled()
    page.mouse.move(x + 4, y + 3)  # held beside its middle, it does not jump
    page.mouse.down()
    for step in range(1, 6):
        after(page, lambda step=step: page.mouse.move(x + 4 + 20 * step, y + 3 - 15 * step))
        is_decoded(page, model)
        assert centre(page) == pytest.approx((x + 100 * step / 5, y - 75 * step / 5), abs=1)
    page.mouse.up()
    moved = code(page)
    assert moved[0] > own[0] and moved[1] > own[1]
    assert page.inner_text(".latent-result").startswith("At (")
    x, y = centre(page, f"{VIEW} .latent-plane")
    after(page, lambda: page.mouse.click(x, y))  # anywhere in the plane
    assert centre(page) == pytest.approx((x, y), abs=1)
    is_decoded(page, model)
    after(page, lambda: back.click())
    assert code(page) == pytest.approx(own) and back.is_disabled()
    page.mouse.move(*centre(page))
    page.mouse.down()
    after(page, lambda: page.mouse.move(3000, -3000))  # no farther than the plane reaches
    page.mouse.up()
    assert code(page)[0] == pytest.approx(float(page.get_attribute(POINT, "aria-valuemax")), abs=0.001)


def test_arrow_keys_move_the_point_and_escape_leads_back(page: Any, model: Any) -> None:
    open_latent(page)
    after(page, lambda: page.locator(".inside .task-amount").fill("10"))
    own = code(page)
    page.focus(POINT)
    page.keyboard.press("Shift+ArrowRight")
    after(page, lambda: page.keyboard.press("ArrowRight"))
    assert code(page)[0] - own[0] == pytest.approx(0.11 * reach(page), rel=0.01)
    assert code(page)[1] == pytest.approx(own[1])
    page.keyboard.press("ArrowUp")
    after(page, lambda: page.keyboard.press("ArrowLeft"))
    assert code(page)[1] > own[1]
    is_decoded(page, model)
    after(page, lambda: page.keyboard.press("Escape"))
    assert code(page) == pytest.approx(own)
    after(page, lambda: page.keyboard.press("ArrowDown"))
    after(page, lambda: page.locator(".inside .task-amount").fill("11"))  # the digit is where to look again
    assert page.inner_text(".latent-result").startswith("This digit")


def test_one_digit_comes_to_the_front_and_the_picture_is_saved(page: Any) -> None:
    open_latent(page)
    canvas = f"{VIEW} .latent-plane canvas"
    three = page.locator(".latent-legend button").nth(3)

    def picture() -> np.ndarray:
        with page.expect_download() as download:
            page.click(".latent-save")
        assert download.value.suggested_filename == "latent_plane.png"
        return np.asarray(Image.open(BytesIO(Path(download.value.path()).read_bytes())).convert("RGB"))

    def coloured(shown: np.ndarray, digit: int) -> int:
        """Pixels of just the colour that the legend gives to a digit."""
        button = page.locator(".latent-legend button").nth(digit)
        colour = button.evaluate("(node) => getComputedStyle(node).color.match(/\\d+/g).map(Number)")
        return int((shown == colour).all(axis=2).sum())

    page.mouse.move(0, 0)
    before = picture()
    side = page.evaluate("(selector) => document.querySelector(selector).width", canvas)
    assert before.shape == (side, side, 3)
    three.click()
    page.mouse.move(0, 0)
    assert three.get_attribute("aria-pressed") == "true"
    after_it = picture()
    assert coloured(after_it, 3) > coloured(before, 3) / 2 and coloured(after_it, 1) == 0
    three.click()
    page.mouse.move(0, 0)
    assert np.array_equal(picture(), before)


def test_without_a_digit_the_point_starts_in_the_middle(page: Any, model: Any) -> None:
    page.click(".board .clear")
    open_latent(page)
    assert page.inner_text(".inside .task-news") == TASK_TEXTS["en"]["hint_task_empty"]
    middle = centre(page)
    is_decoded(page, model)
    page.focus(POINT)
    after(page, lambda: page.keyboard.press("ArrowLeft"))
    assert centre(page)[0] < middle[0] and page.locator(".latent-back").is_disabled()
    after(page, lambda: page.click(".inside .task-test"))
    assert page.inner_text(".inside .task-news") == "" and pixels(page, ".latent-given").any()


@pytest.fixture(scope="module")
def run(address: str) -> str:
    return finished_run(address, model="dense_autoencoder")


def test_the_visitors_own_has_a_plane_and_for_another_kind_the_shipped_one_stands_in(
    open_page: Callable[..., Any], run: str
) -> None:
    page = open_page()
    own = [
        {"token": run, "name": "Mine", "model": "dense_autoencoder"},
        {"token": run[:-4] + "AAAA", "name": "Gone", "model": "dense_autoencoder"},
    ]
    page.evaluate("(own) => localStorage.setItem('denoiser.networks', JSON.stringify(own))", own)
    page.reload()
    open_train(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.post_data or ""))
    open_latent(page)
    assert page.inner_text(".latent-note") == ENGLISH["latent_instead"]
    shipped = code(page)
    after(page, lambda: page.select_option(".inside-network", "dense_autoencoder"))
    assert page.locator(".latent-note").is_hidden() and code(page) == shipped
    assert sum("latent_plane" in body for body in asked) == 1
    after(page, lambda: page.select_option(".inside-network", run))
    assert page.locator(".latent-note").is_hidden() and code(page) != shipped
    assert any("latent_plane" in body and run in body for body in asked)
    after(page, lambda: page.select_option(".inside-network", run[:-4] + "AAAA"))
    assert page.locator(".inside-network option").all_inner_texts()[-1] == "Mine"
    assert page.inner_text(".latent-note") == ENGLISH["latent_instead"]


def test_it_fits_a_phone_speaks_chinese_and_follows_a_finger(open_page: Callable[..., Any], model: Any) -> None:
    page = open_page(**PHONE)
    open_latent(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.inner_text(".latent-back") == INSIDE_TEXTS["zh"]["latent_back"]
    page.locator(f"{VIEW} .latent-plane").scroll_into_view_if_needed()
    x, y = centre(page, f"{VIEW} .latent-plane")
    after(page, lambda: page.touchscreen.tap(x, y))
    assert centre(page) == pytest.approx((x, y), abs=1)
    is_decoded(page, model)
    client = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": across, "y": down} for across, down in points]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    touch("touchStart", (x, y))
    after(page, lambda: touch("touchMove", (x - 60, y + 30)))
    touch("touchEnd")
    assert centre(page) == pytest.approx((x - 60, y + 30), abs=1)
    is_decoded(page, model)
