"""What belongs to the page as a whole: its tabs, its address, its language, its foot, and no flash of anything else."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.board import after_update, in_board
from ui.shared.texts import TEXTS
from ui.shell.texts import SHELL_TEXTS

NARROW = {"width": 320, "height": 640}
SEEN = """() => {
    window.seen = [];
    const look = () => {
        for (const name of ['board', 'training']) {
            const part = document.querySelector(`.${name}`);
            const visible = part?.checkVisibility({ visibilityProperty: true });
            if (visible && window.seen.at(-1) !== name) window.seen.push(name);
        }
        requestAnimationFrame(look);
    };
    look();
}"""


def selected(page: Any, tab: str) -> None:
    page.wait_for_selector(f'[role="tab"][data-tab-id="{tab}"][aria-selected="true"]')
    page.wait_for_selector({"draw": ".board", "train": ".training", "compare": ".compare", "inside": ".inside"}[tab])


def go(page: Any, address: str) -> None:
    page.goto("about:blank")  # else another name is no other page
    page.goto(address)


def tab(page: Any, name: str) -> Any:
    return page.locator(f'[role="tab"][data-tab-id="{name}"]')


def focused(page: Any) -> str:
    return page.evaluate("document.activeElement.dataset.tabId ?? document.activeElement.className")


def test_a_reload_finds_the_same_tab_and_shows_no_other(page: Any, address: str) -> None:
    tab(page, "train").click()
    selected(page, "train")
    page.add_init_script(f"({SEEN})()")
    page.reload()
    selected(page, "train")
    assert page.evaluate("window.seen") == ["training"]
    go(page, address)  # without a name in the address, as from a bookmark
    selected(page, "train")
    assert page.evaluate("[window.seen, location.hash]") == [["training"], ""]


def test_the_name_in_the_address_wins(page: Any, address: str) -> None:
    tab(page, "train").click()
    selected(page, "train")
    go(page, f"{address}/#draw")
    selected(page, "draw")
    go(page, f"{address}/#train")
    selected(page, "train")
    go(page, f"{address}/#nothing")
    selected(page, "train")


def test_a_tab_opened_by_its_address_knows_the_drawing(page: Any, address: str) -> None:
    go(page, f"{address}/#train")
    selected(page, "train")
    assert in_board(page, "(board) => board.pixels().length") == 112 * 112


def test_back_and_forward_go_through_the_tabs(page: Any) -> None:
    tab(page, "train").click()
    selected(page, "train")
    assert page.evaluate("location.hash") == "#train"
    tab(page, "draw").click()
    selected(page, "draw")
    page.go_back()
    selected(page, "train")
    page.go_back()
    selected(page, "draw")
    assert page.evaluate("location.hash") == ""
    page.go_forward()
    selected(page, "train")
    page.evaluate("location.hash = '#draw'")
    selected(page, "draw")


def test_the_arrow_keys_move_between_the_tabs(page: Any) -> None:
    tab(page, "draw").focus()
    for key, name in (
        *(("ArrowRight", "train"), ("ArrowRight", "compare"), ("ArrowRight", "inside"), ("ArrowRight", "draw")),
        *(
            ("ArrowLeft", "inside"),
            ("Home", "draw"),
            ("End", "inside"),
            ("ArrowLeft", "compare"),
            ("ArrowLeft", "train"),
        ),
    ):
        page.keyboard.press(key)
        selected(page, name)
        assert focused(page) == name
    page.keyboard.press("Tab")
    assert focused(page) not in ("draw", "train", "compare", "inside")  # one stop for all of them
    page.keyboard.press("Shift+Tab")
    assert focused(page) == "train"


def test_a_tab_names_its_panel_and_the_panel_its_tab(page: Any) -> None:
    for at, name in enumerate(("draw", "train", "compare", "inside")):
        tab(page, name).click()
        selected(page, name)
        panel = page.locator('[role="tabpanel"]:visible')
        assert tab(page, name).get_attribute("aria-controls") == panel.get_attribute("id")
        assert panel.get_attribute("aria-labelledby") == tab(page, name).get_attribute("id") != ""
        stops = [t.get_attribute("tabindex") for t in page.locator('[role="tablist"] [role="tab"]').all()]
        assert stops == ["0" if place == at else "-1" for place in range(4)]


def test_the_keys_survive_that_the_row_is_drawn_anew(page: Any) -> None:
    page.evaluate("const row = document.querySelector('[role=tablist]'); row.replaceWith(row.cloneNode(true));")
    page.wait_for_selector('[data-tab-id="draw"][tabindex="0"]')
    page.evaluate("for (const t of document.querySelectorAll('[role=tab]')) t.removeAttribute('tabindex');")
    tab(page, "draw").focus()
    page.keyboard.press("ArrowRight")
    assert focused(page) == "train"


@pytest.mark.parametrize(("locale", "first", "other"), [("en-US", "en", "zh"), ("zh-CN", "zh", "en")])
def test_the_language_is_switched_by_keyboard_and_kept(
    open_page: Callable[..., Any], address: str, locale: str, first: str, other: str
) -> None:
    page = open_page(locale=locale)
    switch = page.locator(".language")
    assert switch.inner_text() == SHELL_TEXTS[other]["language"]
    assert switch.get_attribute("lang") == other  # its own words are in that language
    tab(page, "train").click()
    selected(page, "train")
    switch.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("(title) => document.title === title", arg=TEXTS[other]["title"])
    selected(page, "train")
    page.wait_for_function("() => document.activeElement.className === 'language'")
    assert page.locator("html").get_attribute("lang") == other
    assert tab(page, "draw").inner_text() == TEXTS[other]["tab_draw"]
    assert page.locator("h1").inner_text() == TEXTS[other]["headline"]
    go(page, f"{address}/#draw")
    selected(page, "draw")
    assert page.locator(".surprise").inner_text() == TEXTS[other]["surprise"]
    assert page.locator(".tour-start").inner_text() == SHELL_TEXTS[other]["tour"]
    page.locator(".language").click()
    page.wait_for_function("(title) => document.title === title", arg=TEXTS[first]["title"])


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_the_html_says_its_language_before_anything_is_drawn(open_page: Callable[..., Any], locale: str) -> None:
    page = open_page(locale=locale)
    page.add_init_script(
        "new MutationObserver(() => { window.first ??= document.documentElement.lang; })"
        ".observe(document, { childList: true, subtree: true })"
    )
    page.reload()
    page.wait_for_selector(".board")
    assert page.evaluate("window.first") == locale[:2]


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
@pytest.mark.parametrize("size", [(320, 640), (360, 740), (640, 400), (768, 1024), (1280, 800)])
def test_the_head_fits_every_screen(open_page: Callable[..., Any], locale: str, size: tuple[int, int]) -> None:
    page = open_page(locale=locale, viewport={"width": size[0], "height": size[1]})
    parts = [*page.locator('[role="tablist"] [role="tab"]').all(), *page.locator(".head .aids button").all()]
    boxes = sorted((part.bounding_box() for part in parts), key=lambda box: box["x"])
    assert len(boxes) == 6
    for left, right in zip(boxes, boxes[1:], strict=False):
        assert left["x"] >= 0 and left["x"] + left["width"] <= right["x"] + 0.5
    assert boxes[-1]["x"] + boxes[-1]["width"] <= size[0]
    assert max(box["y"] + box["height"] for box in boxes) - min(box["y"] for box in boxes) <= 36  # one row
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    words = page.evaluate("[...document.querySelectorAll('.head button')].every((b) => b.scrollWidth <= b.clientWidth)")
    assert words


@pytest.mark.parametrize(("size", "height"), [((360, 740), 100), ((1280, 800), 90)])
def test_a_tab_knows_how_much_stands_above_it(
    open_page: Callable[..., Any], size: tuple[int, int], height: int
) -> None:
    board = open_page(viewport={"width": size[0], "height": size[1]}).locator(".board-host:has(.board):visible").first
    assert board.evaluate("(host) => getComputedStyle(host).getPropertyValue('--head')") == f"{height}px"
    assert board.bounding_box()["y"] == height + 8  # and the gap between the two


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_foot_leads_to_the_readme(open_page: Callable[..., Any], locale: str, width: int) -> None:
    page = open_page(locale=locale, viewport={"width": width, "height": 800})
    link = page.locator("footer a", has_text=SHELL_TEXTS[locale[:2]]["readme"])
    with page.expect_popup() as opened:
        link.click()
    readme = opened.value
    assert readme.locator("html").get_attribute("lang") == locale[:2]
    assert readme.locator("img").first.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 1000
    assert readme.evaluate("document.documentElement.scrollWidth") <= width
    dots = "() => [...document.querySelectorAll('footer > *')].filter((part) => part.checkVisibility()).map((part) =>"
    dots += " ['::before', '::after'].map((end) => getComputedStyle(part, end).content).join('').includes('·'))"
    assert sum(page.evaluate(dots)) == page.locator("footer").locator("a:visible, .show-api:visible").count() - 1
    readme.locator("nav a").click()
    readme.wait_for_selector(".board")


def test_the_foot_keeps_its_links_when_gradio_draws_it_anew(page: Any) -> None:
    page.evaluate("document.querySelector('footer .ours').remove()")
    page.click(".clear")
    after_update(page, lambda: page.click(".surprise"))
    page.evaluate("document.querySelector('footer').append(document.createElement('span'))")
    page.wait_for_selector("footer .ours")
    assert page.locator("footer .ours").count() == 1


def test_the_page_shows_the_snippets_that_are_tried(open_page: Callable[..., Any], address: str) -> None:
    # Gradio asks for parts that this page has closed.
    page = open_page(tolerate=("Failed to load resource",))
    described = page.request.get(f"{address}/gradio_api/info").json()["named_endpoints"]
    page.click("footer .show-api")
    for label, language in (("Python", "python"), ("JavaScript", "javascript"), ("cURL", "bash"), ("CLI", "cli")):
        page.get_by_text(label, exact=True).first.click()
        shown = re.sub(r"\s+", " ", page.locator(".api-docs").inner_text())
        for endpoint in described.values():
            snippet = endpoint["code_snippets"][language].replace("{command}", "gradio", 1)
            assert re.sub(r"\s+", " ", snippet).strip() in shown, (label, snippet)
    words = page.locator(".api-docs").inner_text()
    assert "1st" not in words and "Picture of a digit" in words and "base64" in words
