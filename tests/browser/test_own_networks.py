"""The visitor's own networks: named, drawn with, taken home, removed and brought back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import denoiser
from tests.browser.board import after_update
from tests.browser.training import finished_run, open_train, wait_for_state
from ui.train.texts import ENGLISH

LEFT = """() => JSON.parse(localStorage.getItem('denoiser.networks')).map(({ name }) => name)"""


@pytest.fixture(scope="module")
def run(address: str) -> str:
    return finished_run(address)


@pytest.fixture
def mine(open_page: Callable[..., Any], run: str) -> Any:
    page = open_page(tolerate=("404",))
    lost = [{"token": "z" * 43, "name": "An older one", "model": "simple_unet", "parameters": 309_057}]
    page.evaluate("(list) => localStorage.setItem('denoiser.networks', JSON.stringify(list))", lost)
    open_train(page, run)
    wait_for_state(page, "ended")
    page.click(".own-list > summary")
    return page


def names(page: Any) -> list[str]:
    return [name.input_value() for name in page.locator(".own-list input").all()]


def test_each_is_listed_and_gets_the_name_that_is_typed(mine: Any, run: str) -> None:
    assert names(mine) == ["My Dense autoencoder", "An older one"]
    assert mine.locator(".own-list small").nth(1).inner_text() == "Simple U-Net · 309,057 weights"
    name = mine.locator(".own-list input").first
    name.fill("  Fives \n only ")
    name.press("Enter")
    assert mine.evaluate(LEFT) == ["Fives only", "An older one"] == names(mine)
    assert mine.evaluate("document.activeElement.getAttribute('aria-label')") == "Draw with it: Fives only"
    name.fill("")
    name.press("Tab")
    assert names(mine)[0] == "Fives only"  # nothing is no name
    name.fill("another")
    name.press("Escape")
    assert mine.evaluate(LEFT)[0] == "Fives only"
    assert mine.locator(f'#training-of option[value="{run}"]').text_content() == "Fives only"
    after_update(mine, lambda: mine.locator(".own-use").first.click())
    assert mine.locator(".board .model").evaluate("(node) => node.selectedOptions[0].text") == "Fives only"


def test_what_is_removed_leaves_every_list_and_can_be_brought_back(mine: Any, run: str) -> None:
    after_update(mine, lambda: mine.locator(".own-use").first.click())
    mine.get_by_role("tab").nth(1).click()
    option = mine.locator(f'.board .model option[value="{run}"], #training-of option[value="{run}"]')
    assert option.count() == 2
    mine.locator(".own-remove").first.focus()
    mine.keyboard.press("Enter")
    assert names(mine) == ["An older one"] and option.count() == 0
    assert (
        ENGLISH["own_removed"].replace("{name}", "My Dense autoencoder") in mine.locator(".own-list .gone").inner_text()
    )
    assert mine.evaluate("document.activeElement.className") == "own-undo"
    mine.keyboard.press("Enter")
    assert names(mine) == ["My Dense autoencoder", "An older one"] and option.count() == 2
    assert mine.evaluate("document.activeElement.value") == "My Dense autoencoder"


def test_what_is_removed_stays_removed(mine: Any) -> None:
    mine.locator(".own-remove").first.click()
    mine.reload()
    mine.wait_for_selector(".board", state="attached")  # it comes back to this tab
    open_train(mine)
    assert mine.locator(".training").get_attribute("data-state") == "idle" and names(mine) == ["An older one"]


def test_its_file_is_given_and_one_that_is_gone_says_so(mine: Any, tmp_path: Path) -> None:
    with mine.expect_download() as download:
        mine.locator(".own-save").first.click()
    download.value.save_as(tmp_path / "mine.safetensors")
    assert denoiser.load(tmp_path / "mine.safetensors").info.model == "dense_autoencoder"
    mine.locator(".own-save").nth(1).click()
    mine.wait_for_function("() => document.querySelector('[data-fault=mine]').textContent")
    assert mine.locator('[data-fault="mine"]').inner_text() == ENGLISH["fault_gone"]
    assert names(mine) == ["My Dense autoencoder"]
