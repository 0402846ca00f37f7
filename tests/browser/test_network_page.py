"""The view of the Inside tab that shows how a network is made: its graph, and what its steps cost."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import denoiser
from denoiser.models import build, parameter_count
from denoiser.models.flow import Flow
from denoiser.models.summary import summary, totals
from tests.browser.training import finished_run
from ui.inside.network_texts import NETWORK_TEXTS

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "locale": "zh-CN"}
VIEW = '.inside .view[data-view="network"]'


def shown(page: Any, name: str) -> None:
    page.wait_for_selector(f'{VIEW}[data-network="{name}"][data-waiting="false"]')


def open_network(page: Any) -> None:
    page.click('[role="tab"][data-tab-id="inside"]')
    page.click('.inside .views [data-view="network"]')
    shown(page, "residual_unet")


def boxes(page: Any) -> list[str]:
    return page.locator(f"{VIEW} .stage").evaluate_all("(all) => all.map(({ dataset }) => dataset.name)")


def cells(page: Any, at: int) -> list[str]:
    return page.locator(f"{VIEW} tbody tr > :nth-child({at})").all_inner_texts()


def number(text: str) -> int:
    return 0 if text == "–" else int(text.replace(",", ""))


def test_graph_and_table_are_the_networks_own(page: Any) -> None:
    asked = []
    page.on("request", lambda request: asked.append(request.post_data or ""))
    page.click('[role="tab"][data-tab-id="inside"]')
    page.wait_for_timeout(500)
    assert not any("network_page" in body for body in asked)
    open_network(page)
    page.select_option(".inside-network", "simple_unet")
    shown(page, "simple_unet")
    model = denoiser.load("simple_unet").model
    assert boxes(page) == [stage.name for stage in Flow(model).stages]
    assert page.locator(f"{VIEW} .skip").count() == page.locator(f"{VIEW} .skip-name").count() == 2
    assert "309,057" in page.get_attribute(f"{VIEW} svg", "aria-label")
    rows = summary(model)
    weighty = [row for row in rows if row["parameters"]]
    assert cells(page, 1) == [row["layer"] for row in weighty]
    assert [number(text) for text in cells(page, 5)] == [row["multiply_adds"] for row in weighty]
    page.check(".network-every")
    assert cells(page, 2) == [row["type"] for row in rows]
    assert [number(text) for text in cells(page, 4)] == [row["parameters"] for row in rows]
    foot = [number(text) for text in page.locator(f"{VIEW} tfoot td").all_inner_texts()[2:]]
    assert foot == [totals(rows)["parameters"], totals(rows)["multiply_adds"]]
    most = page.inner_text(".network-most")  # two layers of 102,464 weights, and two of 10,035,200 multiply-adds
    assert "weights: 7×7, 66.3 %" in most and "multiply-adds: 14×14, 64 %" in most
    before = len([body for body in asked if "network_page" in body])
    assert not page.locator(".inside .task").is_visible()  # it is the same whatever is drawn
    page.select_option(".inside-network", "residual_unet")
    shown(page, "residual_unet")
    assert len([body for body in asked if "network_page" in body]) == before == 2


def test_the_books_network_is_said_to_have_no_skip_connections(page: Any) -> None:
    open_network(page)
    page.select_option(".inside-network", "conv_autoencoder")
    shown(page, "conv_autoencoder")
    assert "no skip connections" in page.inner_text(".network-note")
    assert page.locator(f"{VIEW} .skip").count() == 0 and page.locator(f"{VIEW} .stage").count() == 7


def test_who_reads_is_offered_here_and_the_choice_above_comes_first(page: Any) -> None:
    open_network(page)
    page.select_option(".network-shown", "tutorial_classifier")
    shown(page, "tutorial_classifier")
    assert f"{parameter_count(build('tutorial_classifier')):,} weights" in page.inner_text(".network-totals")
    assert "99.7 %" in page.inner_text(".network-most")
    page.select_option(".network-shown", "lean_classifier")
    shown(page, "lean_classifier")
    page.select_option(".inside-network", "dense_autoencoder")
    shown(page, "dense_autoencoder")
    assert page.input_value(".network-shown") == ""


def test_the_graph_is_saved_as_a_file_of_its_own(page: Any) -> None:
    open_network(page)
    with page.expect_download() as saved:
        page.click(".network-save")
    assert saved.value.suggested_filename == "residual_unet.svg"
    drawn = ET.fromstring(Path(saved.value.path()).read_text("utf-8"))
    assert [each.get("data-name") for each in drawn.iter() if each.get("class") == "stage"] == boxes(page)
    assert "var(" not in ET.tostring(drawn, "unicode") and "currentColor" not in ET.tostring(drawn, "unicode")


@pytest.fixture(scope="module")
def reader(address: str) -> str:
    return finished_run(address, model="lean_classifier", batch_size=16, digits=[0, 1])


def test_a_reader_of_the_visitors_own_is_shown_and_one_that_is_gone_leaves(
    open_page: Callable[..., Any], reader: str
) -> None:
    page = open_page()
    own = [{"token": reader, "name": "Mine", "reads": True}, {"token": "G" * 43, "name": "Gone", "reads": True}]
    page.evaluate("(own) => localStorage.setItem('denoiser.networks', JSON.stringify(own))", own)
    page.reload()
    open_network(page)
    page.select_option(".network-shown", "G" * 43)
    page.wait_for_selector(f'.network-shown:not(:has(option[value="{"G" * 43}"]))', state="attached")
    page.select_option(".network-shown", reader)
    page.wait_for_function("() => /203,178/.test(document.querySelector('.network-totals').textContent)")


def test_it_fits_a_phone_speaks_chinese_and_is_readable_in_the_dark(open_page: Callable[..., Any]) -> None:
    page = open_page(**PHONE, color_scheme="dark")
    open_network(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.inner_text(".network-save") == NETWORK_TEXTS["zh"]["network_save"]
    assert "跳跃连接" in page.text_content(f"{VIEW} .skip-name")
    frame = page.locator(".network-graph")
    assert frame.get_attribute("tabindex") == "0"
    assert frame.evaluate("(frame) => frame.scrollWidth > frame.clientWidth")
    # As large on the screen as it is drawn, but for a fifth: letters of 12 pixels are 10.
    scale = page.locator(f"{VIEW} svg").evaluate(
        "(svg) => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width"
    )
    assert scale > 0.79
    light = "(node) => getComputedStyle(node).fill.match(/\\d+/g).slice(0, 3).every((part) => part > 120)"
    assert page.locator(f"{VIEW} .stage .name").first.evaluate(light)
    assert not page.locator(f"{VIEW} .stage .box").first.evaluate(light)
