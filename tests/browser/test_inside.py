"""The Inside tab: the flow of a digit through a network, what breaks it, and where it looks."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import denoiser
from denoiser.models.flow import Edits, Flow
from denoiser.pictures import from_bytes, to_bytes
from tests.browser.board import draw, pixels
from ui.inside.flow_texts import FLOW_TEXTS
from ui.shared.task_texts import TASK_TEXTS

WORDS = FLOW_TEXTS["en"]
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "locale": "zh-CN"}


def after(page: Any, act: Callable[[], Any], view: str = "flow") -> None:
    """Act, and wait until the view shows what came of it."""
    shown = f".inside .view[data-view='{view}']"
    count = f"() => Number(document.querySelector(`{shown}`)?.dataset.updates ?? 0)"
    before = page.evaluate(count)
    act()
    page.wait_for_function(f"(n) => ({count})() > n", arg=before)
    page.wait_for_timeout(150)  # another answer may follow


def open_inside(page: Any) -> None:
    after(page, lambda: page.click('[role="tab"][data-tab-id="inside"]'))


def noisy_of(page: Any) -> torch.Tensor:
    """As rounded as the page shows it."""
    return from_bytes(pixels(page, ".flow-noisy canvas"))


def test_it_asks_for_nothing_before_it_is_opened_and_then_shows_what_the_network_does(page: Any) -> None:
    asked = []
    page.on("request", lambda request: asked.append(request.post_data or ""))
    draw(page)
    assert not any('"flow' in body for body in asked)
    open_inside(page)
    assert any('"flow"' in body for body in asked)
    assert np.array_equal(pixels(page, ".truth"), pixels(page, ".inset"))
    network = denoiser.load("residual_unet", device="cpu")
    expected = to_bytes(network(noisy_of(page))[0, 0]).astype(int)
    assert np.abs(pixels(page, ".flow-whole canvas").astype(int) - expected).max() <= 8  # the noisy one was rounded
    stages = page.locator(".flow-stage").evaluate_all("(all) => all.map(({ dataset }) => dataset.stage)")
    assert set(stages) == {stage.name for stage in Flow(network.model).stages}


def test_a_skip_connection_is_cut_by_a_switch_and_mended(page: Any) -> None:
    open_inside(page)
    after(page, lambda: page.select_option(".inside-network", "simple_unet"))
    before = pixels(page, ".flow-whole canvas")
    skip = page.locator(".flow-skip input[data-skip='down1 add_1']")
    after(page, lambda: skip.uncheck())
    flow = Flow(denoiser.load("simple_unet", device="cpu").model)
    broken = flow.run(noisy_of(page), Edits(cut=frozenset({("down1", "add_1")})))["up3"].clamp(0, 1)
    shown = pixels(page, ".flow-edited canvas").astype(int)
    assert np.abs(shown - to_bytes(broken[0, 0])).max() <= 8
    assert np.array_equal(pixels(page, ".flow-whole canvas"), before)
    page.wait_for_function(
        "(w) => document.querySelector('.flow-cost').textContent.includes(w)", arg="64 test digits lose"
    )
    lost = float(page.inner_text(".flow-cost").split(" lose ")[1].split()[0])
    assert lost > 3
    after(page, lambda: page.click(".flow-mend"))
    assert skip.is_checked() and not page.locator(".flow-edited").is_visible()


def test_a_channel_is_chosen_by_pointer_and_keyboard_and_silenced(page: Any) -> None:
    open_inside(page)
    after(page, lambda: page.select_option(".inside-network", "simple_unet"))
    flow = Flow(denoiser.load("simple_unet", device="cpu").model)
    channel = int(flow.run(noisy_of(page))["down2"][0].mean(dim=(1, 2)).argmax())  # one that makes a difference
    canvas = page.locator(".flow-stage[data-stage='down2'] canvas")
    columns = int(canvas.evaluate("(node) => getComputedStyle(node.closest('figure')).getPropertyValue('--columns')"))
    row, column = divmod(channel, columns)
    box = canvas.bounding_box()
    rows = math.ceil(64 / columns)
    canvas.click(position={"x": box["width"] * (column + 0.5) / columns, "y": box["height"] * (row + 0.5) / rows})
    chosen = "(name) => document.querySelector('.flow-channel').dataset.shown === name"
    page.wait_for_function(chosen, arg=f"down2 {channel}")
    canvas.focus()
    for key, other in (("Home", 0), ("ArrowRight", 1), ("ArrowDown", 1 + columns), ("End", 63)):
        page.keyboard.press(key)
        page.wait_for_function(chosen, arg=f"down2 {other}")
    canvas.click(position={"x": box["width"] * (column + 0.5) / columns, "y": box["height"] * (row + 0.5) / rows})
    page.wait_for_function(chosen, arg=f"down2 {channel}")
    after(page, lambda: page.check(".flow-silent"))
    words = WORDS["flow_silent_part"].format(stage=f"{WORDS['flow_type.Conv2d']} 2", channel=channel)
    assert page.locator(".flow-parts button").inner_text().startswith(words)
    page.locator(".flow-next button").first.click()
    page.wait_for_function("() => document.querySelector('.flow-channel').dataset.shown.startsWith('down3 ')")
    assert not page.is_checked(".flow-silent")
    after(page, lambda: page.locator(".flow-parts button").click())
    assert not page.locator(".flow-broken").is_visible()


def test_a_frozen_stage_hides_the_digit_from_what_follows(page: Any) -> None:
    """At the narrowest place of a network without skip connections everything that it knows of the digit is lost."""
    open_inside(page)
    after(page, lambda: page.select_option(".inside-network", "dense_autoencoder"))
    page.locator(".flow-stage[data-stage='encoder_6'] canvas").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('.flow-channel').dataset.shown === 'encoder_6 0'")
    after(page, lambda: page.check(".flow-frozen"))
    frozen = pixels(page, ".flow-edited canvas")
    after(page, lambda: page.click(".task-test"))
    assert np.array_equal(pixels(page, ".flow-edited canvas"), frozen)


def test_where_it_looks_follows_pointer_and_keyboard(page: Any) -> None:
    open_inside(page)
    after(page, lambda: page.click('.inside [data-view="looks"]'), "looks")
    canvas = page.locator(".looks-output")
    box = canvas.bounding_box()
    after(
        page, lambda: page.mouse.move(box["x"] + box["width"] * 5.5 / 28, box["y"] + box["height"] * 8.5 / 28), "looks"
    )
    assert page.inner_text(".looks-line").startswith("Row 9, column 6: ")
    canvas.focus()
    after(page, lambda: page.keyboard.press("ArrowDown"), "looks")
    assert page.inner_text(".looks-line").startswith("Row 10, column 6: ")
    after(page, lambda: page.locator(".task-amount").fill("10"), "looks")
    few = int(page.inner_text(".looks-line").split(": ")[1].split()[0])
    after(page, lambda: page.locator(".task-amount").fill("80"), "looks")
    assert int(page.inner_text(".looks-line").split(": ")[1].split()[0]) > few


def test_without_a_digit_it_says_where_to_get_one(page: Any) -> None:
    page.click(".board .clear")
    page.click('[role="tab"][data-tab-id="inside"]')
    words = TASK_TEXTS["en"]["hint_task_empty"]
    page.wait_for_function("(w) => document.querySelector('.inside .task-news')?.textContent === w", arg=words)
    after(page, lambda: page.click(".inside .task-test"))
    assert page.inner_text(".inside .task-news") == ""


@pytest.mark.parametrize("view", ["flow", "looks"])
def test_a_phone_shows_all_of_it_in_its_width(open_page: Callable[..., Any], view: str) -> None:
    page = open_page(**PHONE)
    open_inside(page)
    if view != "flow":
        after(page, lambda: page.tap(f'.inside [data-view="{view}"]'), view)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.inner_text(f'.inside [data-view="{view}"] .about').startswith(FLOW_TEXTS["zh"][f"{view}_about"][:8])


def test_each_view_leads_on_and_the_last_one_to_the_next_tab(page: Any) -> None:
    page.click('[role="tab"][data-tab-id="compare"]')
    views = page.locator(".compare .views button")
    for place in range(1, views.count()):
        button = page.locator(".compare .view-next")
        title = views.nth(place).inner_text()
        assert title in button.inner_text()
        button.click()
        assert page.get_attribute(".compare .views [aria-pressed='true']", "data-view") == views.nth(
            place
        ).get_attribute("data-view")
    assert page.inner_text(".compare .view-next") == TASK_TEXTS["en"]["view_next"].format(title="Inside")
    page.click(".compare .view-next")
    assert page.locator(".inside").is_visible()
    assert not page.locator("footer .next-tab").is_visible()
    page.click('[role="tab"][data-tab-id="draw"]')
    assert page.inner_text("footer .next-tab") == "Next: Train →"
    page.click("footer .next-tab")
    assert page.locator(".training").is_visible() and page.url.endswith("#train")


def test_a_view_is_saved_as_it_is_seen(page: Any, tmp_path: Path) -> None:
    open_inside(page)
    after(page, lambda: page.click('.inside [data-view="looks"]'), "looks")
    with page.expect_download() as download:
        page.click(".inside .view-save")
    assert download.value.suggested_filename == "looks.png"
    download.value.save_as(tmp_path / "looks.png")
    saved = np.array(Image.open(tmp_path / "looks.png").convert("L")).astype(int)
    view = page.locator(".inside .view[data-view='looks']").bounding_box()
    assert saved.shape == (math.ceil(2 * view["height"] + 64), math.ceil(2 * view["width"] + 64))
    box = page.locator(".looks-output").bounding_box()
    left, top, side = 2 * (box["x"] - view["x"]), 2 * (box["y"] - view["y"]), 2 * box["width"]
    places = (32 + (np.arange(28) + 0.5) * side / 28).round().astype(int)
    shown = pixels(page, ".looks-output").astype(int)
    found = saved[np.ix_(places + round(top), places + round(left))]
    assert (np.abs(found - shown) <= 2).mean() > 0.98  # the mark lies over some
    words = page.locator(".looks-line").bounding_box()
    line = saved[round(2 * (words["y"] - view["y"])) + 32 :][: round(2 * words["height"])]
    assert line.min() < 100 < 200 < line.max()
