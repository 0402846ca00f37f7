"""What is folded away in the Train tab is seen, what no longer applies is reset, and what was typed is kept."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from denoiser.watch.settings import RunSettings
from tests.browser.test_page import PHONE
from tests.browser.training import fill, open_train
from ui.train.texts import TRAINING_TEXTS

ENGLISH = TRAINING_TEXTS["en"]


@pytest.fixture
def train(open_page: Callable[..., Any]) -> Any:
    page = open_page()
    open_train(page)
    return page


def title(page: Any, fold: str) -> str:
    return page.locator(f".{fold} > summary .chosen").text_content()


def value(page: Any, name: str) -> str:
    return page.locator(f'.training [name="{name}"]').input_value()


def reset_words(page: Any) -> str:
    return page.locator(".reset").inner_text()


def test_what_is_folded_away_and_not_as_usual_stands_in_the_title(train: Any) -> None:
    assert title(train, "expert") == title(train, "finetune") == ""
    fill(train, optimizer="adamw", batch_size="48", seed="5")
    assert title(train, "expert") == "AdamW · batch size 48 · seed 5"
    train.evaluate("document.querySelector('[name=augment]').click()")
    assert title(train, "expert") == "AdamW · batch size 48 · augmentation · seed 5"
    fill(train, of="residual_unet")
    train.evaluate("document.querySelector('[name=trained]').click()")
    assert title(train, "finetune") == f"Residual U-Net · {ENGLISH['decoder_alone']}"
    train.click(".finetune summary")
    assert not train.locator(".finetune .chosen").is_visible()  # open, it speaks for itself


def test_another_network_resets_what_no_longer_applies_and_says_so(train: Any) -> None:
    fill(train, of="residual_unet", learning_rate="0.003")
    train.evaluate("document.querySelector('[name=trained]').click()")
    fill(train, model="simple_unet")
    assert value(train, "of") == "" and not train.locator("[name=trained]").is_checked()
    assert title(train, "finetune") == title(train, "expert") == ""
    assert reset_words(train) == ENGLISH["reset"].replace("{folds}", f"{ENGLISH['finetune']}, {ENGLISH['expert']}")
    fill(train, model="dense_autoencoder")  # now there was nothing to reset
    assert reset_words(train) == ""


def test_the_decoder_alone_is_offered_only_with_weights_to_start_from(train: Any) -> None:
    train.click(".finetune summary")
    assert not train.locator("[name=trained]").is_visible()
    fill(train, of="residual_unet")
    train.check("[name=trained]")
    fill(train, of="")
    assert not train.locator("[name=trained]").is_visible() and not train.locator("[name=trained]").is_checked()


def test_a_new_visit_finds_the_settings_and_can_have_the_recommended_ones_again(train: Any) -> None:
    assert not train.locator(".recommend").is_visible()
    fill(train, model="simple_unet", seconds="33", learning_rate="0,003", data="own", of="simple_unet")
    train.evaluate("document.querySelector('[name=trained]').click()")
    train.locator(".digits label").nth(4).click()
    again = train.context.new_page()
    train.close()
    again.goto(train.url)
    again.wait_for_selector(".board", state="attached")
    open_train(again)
    kept = {"model": "simple_unet", "seconds": "33", "learning_rate": "0,003", "data": "own", "of": "simple_unet"}
    assert {name: value(again, name) for name in kept} == kept and again.locator("[name=trained]").is_checked()
    assert not again.locator(".digits input").nth(4).is_checked()
    again.click(".recommend")
    usual = RunSettings("simple_unet").config()
    assert (
        float(value(again, "learning_rate")) == usual.learning_rate and float(value(again, "seconds")) == usual.seconds
    )
    assert (value(again, "model"), value(again, "data"), value(again, "of")) == ("simple_unet", "auto", "")
    assert again.locator(".digits input:checked").count() == 10 and not again.locator(".recommend").is_visible()


@pytest.mark.parametrize(
    "damaged",
    [
        "{",
        "null",
        '"text"',
        '[null, 7, ["model"], ["model", 7, null], {"0": "model"}]',
        '[["model", "gpt", null], ["data", "/etc", null], ["of", "nobody", null], ["preset", "x\\"]", true]]',
        json.dumps([["model", "simple_unet", None]] + [["seconds", "9" * 5000, None]] * 2),
    ],
)
def test_damaged_settings_are_ignored(open_page: Callable[..., Any], damaged: str) -> None:
    page = open_page()
    page.evaluate("(words) => localStorage.setItem('denoiser.training-form', words)", damaged)
    open_train(page)
    assert (value(page, "model"), value(page, "data"), value(page, "seconds")) == ("residual_unet", "auto", "15")


def test_on_a_phone_the_closed_settings_say_what_is_not_as_usual(open_page: Callable[..., Any]) -> None:
    page = open_page(**PHONE)
    open_train(page)
    words = page.locator(".side > .chosen")
    assert not words.is_visible()
    fill(page, model="simple_unet", seconds="20", lowest="30", optimizer="sgd", of="simple_unet")
    assert words.inner_text() == "Simple U-Net · 30 – 100 % · 20 s · Simple U-Net · SGD"
    page.click(".setup > summary")
    assert not words.is_visible()


def test_the_data_is_called_by_what_the_server_has(train: Any) -> None:
    options = "[...document.querySelector('[name=data]').options].map((one) => [one.text, one.disabled])"
    for mnist, found in ((False, "data.own"), (True, "data.mnist")):
        train.route("**/component_server/", lambda route, _, mnist=mnist: route.fulfill(json={"mnist": mnist}))
        train.get_by_role("tab").first.click()
        with train.expect_response("**/component_server/"):
            train.get_by_role("tab").nth(1).click()
        words = ENGLISH["data.auto"].replace("{found}", ENGLISH[found])
        train.wait_for_function(f"(words) => {options}[0][0] === words", arg=words)
        assert [disabled for _, disabled in train.evaluate(options)] == [False, not mnist, False, not mnist]


def test_the_linear_axis_tells_its_values_apart(train: Any) -> None:
    train.click(".legend .toggle")
    ticks = train.evaluate(
        """() => [...document.querySelectorAll('.axes text[text-anchor="end"]')]
            .filter((node) => node.getAttribute('x') < 46)
            .map((node) => [Number(node.textContent), Number(node.getAttribute('y'))])"""
    )
    assert len(ticks) >= 4 and ticks[0][0] == 0
    slopes = [(y - ticks[0][1]) / number for number, y in ticks[1:]]
    assert max(slopes) - min(slopes) == pytest.approx(0, abs=1e-6)  # what stands there is where it is


def test_chinese_counts_seconds_in_chinese(open_page: Callable[..., Any]) -> None:
    page = open_page(locale="zh-CN")
    open_train(page)
    times = page.locator(".axes text").all_text_contents()
    assert "15 秒" in times and not any(words.endswith(" s") for words in times)


def test_all_digits_is_a_switch_that_looks_like_one(train: Any) -> None:
    look = "() => getComputedStyle(document.querySelector('.all')).backgroundColor"
    pressed = train.evaluate(look)
    train.click(".all")
    train.mouse.move(0, 0)
    assert train.evaluate(look) != pressed
