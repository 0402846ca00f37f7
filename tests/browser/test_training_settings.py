"""The form of the Train tab: what it fills in, what it refuses and where it says so; and how the tab looks."""

from collections.abc import Callable
from typing import Any

import pytest

from denoiser.train.recipes import BRIEFEST, BY_OPTIMIZER, LONG, PRESETS
from denoiser.watch.settings import RunSettings
from tests.browser.test_page import LAPTOP, PHONE, contrast, inside
from tests.browser.training import fill, open_train
from ui.train.texts import TRAINING_TEXTS

ENGLISH = TRAINING_TEXTS["en"]


@pytest.fixture
def train(open_page: Callable[..., Any]) -> Any:
    page = open_page()
    open_train(page)
    return page


def value(page: Any, name: str) -> str:
    return page.locator(f'.training [name="{name}"]').input_value()


def test_the_tutorials_recipe_fills_the_form_and_says_what_comes_of_it(train: Any) -> None:
    fill(train, model="conv_autoencoder")
    recommended = {name: value(train, name) for name in ("learning_rate", "batch_size", "optimizer", "schedule")}
    train.locator(".pair label").nth(1).click()
    assert float(value(train, "learning_rate")) == 2e-5 and value(train, "batch_size") == "320"
    assert value(train, "schedule") == "constant" and train.locator("output.amounts").inner_text() == "0 %"
    assert (
        "512" in train.locator(".lesson").inner_text() and "never to denoise" in train.locator(".lesson").inner_text()
    )
    train.locator(".pair label").nth(0).click()
    assert {name: value(train, name) for name in recommended} == recommended
    assert train.locator("output.amounts").inner_text() == "0 – 100 %"
    assert train.locator(".lesson").inner_text() == ""


def test_each_budget_has_a_recipe_of_its_own_and_leaves_what_the_visitor_typed(train: Any) -> None:
    usual, brief, long = (RunSettings(seconds=seconds).config() for seconds in (15.0, BRIEFEST, LONG + 1))
    fill(train, learning_rate="0.012")
    fill(train, seconds="3")
    assert value(train, "batch_size") == str(brief.batch_size) != str(usual.batch_size)
    assert value(train, "schedule") == brief.schedule and value(train, "learning_rate") == "0.012"
    fill(train, seconds="")  # about to type another number
    fill(train, seconds="12")
    assert value(train, "batch_size") == str(usual.batch_size) and value(train, "schedule") == usual.schedule
    fill(train, seconds=f"{LONG + 1:g}")
    assert value(train, "weight_decay") == str(long.weight_decay) and value(train, "learning_rate") == "0.012"


def test_another_optimizer_brings_its_own_learning_rate_unless_one_was_typed(train: Any) -> None:
    recipe = RunSettings().config()
    fill(train, optimizer="adamw")
    numbers = {name: float(value(train, name)) for name in ("learning_rate", "weight_decay")}
    assert numbers == BY_OPTIMIZER["adamw"] != {name: getattr(recipe, name) for name in numbers}
    fill(train, seconds="100")  # a budget of another recipe
    assert value(train, "optimizer") == "adamw"
    assert {name: float(value(train, name)) for name in numbers} == numbers
    fill(train, learning_rate="0.003")
    fill(train, optimizer="sgd")
    assert value(train, "learning_rate") == "0.003" and float(value(train, "weight_decay")) == 0
    fill(train, optimizer="muon", seconds="15")
    assert float(value(train, "weight_decay")) == recipe.weight_decay and value(train, "learning_rate") == "0.003"


def test_only_networks_out_of_a_tutorial_offer_its_recipe(train: Any) -> None:
    for model, presets in PRESETS.items():
        fill(train, model=model)
        assert train.locator(".recipe").is_visible() == ("tutorial" in presets)


@pytest.mark.parametrize(
    ("name", "wrong", "says"),
    [
        ("seconds", "0", "from 1 to 600"),
        ("seconds", "601", "from 1 to 600"),
        ("seconds", "", "from 1 to 600"),
        ("learning_rate", "much", "such as 0.001"),
        ("learning_rate", "-1", "such as 0.001"),
        ("learning_rate", "1e", "such as 0.001"),
        ("weight_decay", "NaN", "from 0 to"),
        ("dropout", "1", "from 0 to 0.9"),
        ("patience", "1.5", "whole number"),
        ("batch_size", "0", "from 1 to 1024"),
        ("seed", "Infinity", "whole number"),
    ],
)
def test_a_wrong_number_is_told_where_it_is_and_nothing_is_lost(train: Any, name: str, wrong: str, says: str) -> None:
    asked: list[Any] = []
    train.on("request", lambda request: asked.append(request) if '"start"' in (request.post_data or "") else None)
    fill(train, **{name: wrong})
    train.click(".go")
    fault = train.locator(f'[data-fault="{name}"]')
    assert says in fault.inner_text() and fault.is_visible() and fault.get_attribute("role") == "alert"
    control = train.locator(f'.training [name="{name}"]')
    assert control.input_value() == wrong and control.get_attribute("aria-invalid") == "true"
    assert fault.get_attribute("id") in control.get_attribute("aria-describedby")
    assert train.evaluate("document.activeElement.name") == name
    assert train.locator(".training").get_attribute("data-state") == "idle" and asked == []
    fill(train, **{name: "1" if name != "dropout" else "0,5"})
    assert fault.inner_text() == "" and control.get_attribute("aria-invalid") is None


@pytest.mark.parametrize(("name", "choice"), [("digits", ".all"), ("kinds", ".chips label:nth-child(1)")])
def test_choosing_nothing_is_told_where_it_is(train: Any, name: str, choice: str) -> None:
    train.click(choice)
    train.click(".go")
    assert train.locator(f'[data-fault="{name}"]').inner_text() == ENGLISH[f"fault_{name}"]
    train.click(choice)
    assert train.locator(f'[data-fault="{name}"]').inner_text() == ""


def test_what_the_server_refuses_is_told_too(train: Any) -> None:
    for answer, name, says in (
        ({"hint": "mnist"}, "data", ENGLISH["fault_mnist"]),
        ({"hint": "of"}, "of", ENGLISH["fault_of"]),
        ({"hint": "full"}, "run", ENGLISH["fault_full"]),
        ({"error": "no such thing"}, "run", "no such thing"),
    ):
        train.route("**/component_server/", lambda route, _, answer=answer: route.fulfill(json=answer))
        train.click(".go")
        train.wait_for_function(
            "([name, says]) => document.querySelector(`[data-fault=${name}]`).textContent.includes(says)",
            arg=[name, says],
        )
        assert train.locator(".go").is_enabled() and train.locator(".go").inner_text() == ENGLISH["start"]
        train.unroute("**/component_server/")


def test_the_lowest_amount_never_passes_the_highest(train: Any) -> None:
    fill(train, lowest=60)
    fill(train, highest=40)
    assert train.locator("output.amounts").inner_text() == "40 %"
    fill(train, lowest=70)
    assert train.locator("output.amounts").inner_text() == "70 %"


def test_a_reload_keeps_what_was_typed(train: Any) -> None:
    fill(train, model="simple_unet", seconds="33", learning_rate="0,003", data="own")
    train.locator(".digits label").nth(4).click()
    train.reload()
    train.wait_for_selector(".board", state="attached")  # it comes back to this tab
    open_train(train)
    assert [value(train, name) for name in ("model", "seconds", "learning_rate", "data")] == [
        "simple_unet",
        "33",
        "0,003",
        "own",
    ]
    assert not train.locator(".digits input").nth(4).is_checked() and train.locator(".digits input").nth(5).is_checked()


def test_every_control_has_a_name_and_every_expert_a_sentence(train: Any) -> None:
    train.click(".expert summary")
    nameless = train.evaluate(
        """() => [...document.querySelectorAll('.training :is(input, select, button):not([tabindex="-1"])')]
            .filter((node) => !(node.ariaLabel || node.labels?.[0]?.textContent || node.textContent || '').trim())
            .map((node) => node.outerHTML)"""
    )
    assert nameless == []
    fields = train.locator(".field")
    assert fields.count() >= 8
    assert all(len(about) > 20 for about in fields.locator(".about").all_text_contents())


def test_all_of_it_is_reached_by_keyboard_with_a_visible_ring(train: Any) -> None:
    wanted = {"model", "digit", "kind", "lowest", "highest", "data", "seconds", "all", "log"}
    train.locator("h1").click()
    for _ in range(60):
        train.keyboard.press("Tab")
        name, ring = train.evaluate("""() => {
            const node = document.activeElement;
            const shown = node.matches('.digits input, .chips input') ? node.nextElementSibling : node;
            const seen = getComputedStyle(shown).outlineStyle === 'solid' || node.matches('.range :focus-visible');
            return [node.name || [...node.classList].at(-1) || '', seen];
        }""")
        if name in wanted:
            assert ring, name
            wanted.discard(name)
    assert wanted == set()


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_it_fits_a_laptop(open_page: Any, locale: str) -> None:
    page = open_page(viewport=LAPTOP, locale=locale)
    open_train(page)
    assert inside(page, ".training", ".go", ".samples", ".plot", ".figures", ".actions", "footer")
    assert page.evaluate("document.documentElement.scrollHeight") <= LAPTOP["height"]
    assert page.locator(".cell").first.bounding_box()["width"] >= 80
    assert page.locator(".plot").bounding_box()["height"] >= 150
    words = page.locator(".training").inner_text()
    assert "undefined" not in words and "{" not in words
    language = locale[:2]
    assert page.locator(".go").inner_text() == TRAINING_TEXTS[language]["start"]
    words = TRAINING_TEXTS[language]
    assert page.locator(".news").inner_text() == words["news_idle"].replace("{button}", words["start"])


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_a_phone_shows_start_digits_and_curve_at_once(open_page: Any, locale: str) -> None:
    page = open_page(locale=locale, **PHONE)
    open_train(page)
    assert inside(page, ".go", ".news", ".figures", ".samples", ".plot")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.locator(".cell").first.bounding_box()["width"] >= 45
    assert not page.locator("#training-network").is_visible()
    page.click(".setup > summary")
    assert page.locator("#training-network").is_visible()
    page.click(".expert summary")
    assert page.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("size", [(375, 553), (667, 375), (768, 1024), (1024, 768), (1280, 600), (1920, 1080)])
def test_nothing_overlaps_on_any_screen(open_page: Any, size: tuple[int, int]) -> None:
    page = open_page(viewport={"width": size[0], "height": size[1]})
    open_train(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    parts = (".go", ".news", ".samples", ".panel.curve", ".lapse", ".figures", ".actions")
    boxes = {part: page.locator(part).bounding_box() for part in parts}
    for one in parts:
        for other in parts:
            a, b = boxes[one], boxes[other]
            apart = a["y"] >= b["y"] + b["height"] - 1 or b["y"] >= a["y"] + a["height"] - 1
            apart |= a["x"] >= b["x"] + b["width"] or b["x"] >= a["x"] + a["width"]
            assert one == other or apart, (one, other)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_in_both_modes(open_page: Any, scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    open_train(page)
    for selector in (".news", ".about", ".legend .key", ".figures dt", ".name.denoised", ".fold summary"):
        assert contrast(page, selector) >= 4.5, selector
    assert contrast(page, ".go", behind=".go") >= 4.5
    assert contrast(page, '[role="tab"].selected') >= 4.5
