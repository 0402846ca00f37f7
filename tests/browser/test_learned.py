"""What a network of the visitor's learned: Draw takes it over, names it, and says where something else is asked."""

from typing import Any

import pytest

from tests.browser.board import after_update, draw, settle
from tests.browser.training import TINY, call, fill, finished_run, open_train, wait_for_state

NARROW = {"kinds": ["salt_pepper"], "amounts": [0.2, 0.8], "digits": [0, 1]}


@pytest.fixture(scope="module")
def narrow(address: str) -> str:
    """The token of a finished run that learned salt and pepper alone, within a range, and two digits."""
    return finished_run(address, **NARROW)


def chosen(page: Any) -> tuple[str, str]:
    return page.locator(".board .kind").input_value(), page.locator(".amount").input_value()


def about(page: Any) -> str:
    return page.locator("#board-model-about").inner_text()


def unlearned(page: Any) -> str:
    return page.locator(".unlearned").inner_text()


@pytest.mark.parametrize(("before", "after"), [("95", "80"), ("5", "20"), ("50", "50")])
def test_draw_takes_over_kind_and_range_of_what_was_learned(page: Any, narrow: str, before: str, after: str) -> None:
    draw(page)
    page.locator(".amount").fill(before)
    open_train(page, narrow)
    wait_for_state(page, "ended")
    after_update(page, lambda: page.click(".training .use"))
    assert chosen(page) == ("salt_pepper", after) and page.locator("output").first.inner_text() == f"{after} %"
    assert about(page).startswith("Trained by you on salt and pepper, 20–80 %, digits 0 1. ") and unlearned(page) == ""


def test_chosen_by_hand_it_is_named_and_what_it_never_learned_too(page: Any, narrow: str) -> None:
    draw(page)
    open_train(page, narrow)
    wait_for_state(page, "ended")
    after_update(page, lambda: page.click(".training .use"))
    after_update(page, lambda: page.select_option(".board .model", "residual_unet"))
    after_update(page, lambda: page.select_option(".board .kind", "blend"))
    assert "Trained by you" not in about(page) and unlearned(page) == ""
    after_update(page, lambda: page.select_option(".board .model", narrow))
    assert "salt and pepper, 20–80 %" in about(page) and chosen(page)[0] == "blend"  # by hand nothing else changes
    assert unlearned(page) == "It learned salt and pepper, not this noise."
    after_update(page, lambda: page.select_option(".board .kind", "salt_pepper"))
    assert unlearned(page) == ""
    after_update(page, lambda: page.locator(".amount").fill("90"))
    assert unlearned(page) == "It learned 20 to 80 %, not this amount."
    page.reload()
    page.wait_for_selector(".board:not([data-updates='0'])")
    settle(page)
    assert page.locator(".board .model").input_value() == narrow and chosen(page) == ("salt_pepper", "90")


def test_shipped_networks_say_what_they_never_learned(page: Any) -> None:
    after_update(page, lambda: page.select_option(".board .model", "simple_unet"))
    assert unlearned(page) == ""
    after_update(page, lambda: page.select_option(".board .kind", "speckle"))
    assert unlearned(page) == "It learned blend, not this noise."
    after_update(page, lambda: page.select_option(".board .model", "residual_unet"))
    assert unlearned(page) == ""


def test_it_is_named_in_chinese(open_page: Any, narrow: str) -> None:
    page = open_page(locale="zh-CN")
    draw(page)
    open_train(page, narrow)
    wait_for_state(page, "ended")
    after_update(page, lambda: page.click(".training .use"))
    assert about(page).startswith("你训练的：椒盐噪声，20–80 %，数字 0 1。")


def test_what_diverged_is_offered_nowhere(page: Any, address: str) -> None:
    wild = TINY | {"preset": "tutorial", "optimizer": "sgd", "learning_rate": 1000.0, "seconds": 20}
    open_train(page, call(address, "start", {"settings": wild, "drawing": None, "of": None})["token"])
    wait_for_state(page, "ended")
    assert page.locator(".training").get_attribute("data-news") == "diverged"
    assert page.locator(".training .use").is_disabled() and page.locator(".versus").is_disabled()
    assert page.evaluate("localStorage.getItem('denoiser.networks') ?? '[]'") == "[]"
    fill(page, model="dense_autoencoder")
    names = page.locator("#training-of option").all_inner_texts()
    assert not any(name.startswith("My ") for name in names)


def test_draw_follows_when_a_network_is_renamed_or_removed(page: Any, narrow: str) -> None:
    draw(page)
    open_train(page, narrow)
    wait_for_state(page, "ended")
    after_update(page, lambda: page.click(".training .use"))
    change = """(run) => {
        const list = JSON.parse(localStorage.getItem('denoiser.networks'));
        const changed = run === 'name' ? [{ ...list[0], name: 'Pepper' }] : [];
        localStorage.setItem('denoiser.networks', JSON.stringify(changed));
        window.dispatchEvent(new StorageEvent('storage', { key: 'denoiser.networks' }));
    }"""
    page.evaluate(change, "name")
    assert page.locator(".board .model option:checked").inner_text() == "Pepper"
    after_update(page, lambda: page.evaluate(change, "gone"))
    assert page.locator(".board .model").input_value() == "residual_unet"
