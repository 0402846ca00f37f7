"""How the page looks and speaks: both languages, both modes, laptop and phone, and by keyboard alone."""

from typing import Any

import pytest

from tests.browser.board import after_update, draw
from ui.shared.texts import TEXTS

LAPTOP = {"width": 1280, "height": 800}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def box(page: Any, selector: str) -> dict[str, float]:
    return page.locator(selector).bounding_box()


def inside(page: Any, *selectors: str) -> bool:
    """All of it on the screen, without scrolling."""
    screen = page.viewport_size
    boxes = [box(page, selector) for selector in selectors]
    return all(b["x"] >= 0 and b["x"] + b["width"] <= screen["width"] for b in boxes) and all(
        b["y"] >= 0 and b["y"] + b["height"] <= screen["height"] for b in boxes
    )


@pytest.mark.parametrize(("locale", "language"), [("en-GB", "en"), ("zh-CN", "zh"), ("zh-TW", "zh"), ("fr-FR", "en")])
def test_the_browser_chooses_the_language(open_page: Any, locale: str, language: str) -> None:
    page = open_page(locale=locale)
    text = TEXTS[language]
    page.wait_for_function("(title) => document.title === title", arg=text["title"])
    assert page.locator("h1").inner_text() == text["headline"]
    assert page.locator(".board").get_attribute("lang") == language
    assert page.locator(".surprise").inner_text() == text["surprise"]
    assert page.locator(".ink").get_attribute("aria-label") == text["canvas"]
    words = page.locator(".board").inner_text()
    assert "undefined" not in words and "{" not in words


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_everything_fits_a_laptop(open_page: Any, locale: str) -> None:
    page = open_page(viewport=LAPTOP, locale=locale)
    squares = [box(page, f".{name} .frame") for name in ("digit", "noisy", "denoised")]
    assert len({round(b["width"]) for b in squares}) == len({round(b["y"]) for b in squares}) == 1
    assert squares[0]["width"] >= 280 and box(page, ".amount")["width"] > 750
    assert inside(page, ".board", "footer")
    assert page.evaluate("document.documentElement.scrollHeight") <= LAPTOP["height"]


@pytest.mark.parametrize(
    ("size", "side"),
    [((1366, 657), 290), ((1280, 720), 270), ((2560, 1440), 760), ((768, 1024), 320), ((820, 1180), 350)],
)
def test_everything_is_in_view_and_the_screen_is_used(open_page: Any, size: tuple[int, int], side: int) -> None:
    for locale in ("en-US", "zh-CN"):
        page = open_page(viewport={"width": size[0], "height": size[1]}, locale=locale)
        assert inside(page, ".board", ".ink", ".before", ".after", ".settings", ".clean-only", ".save", "footer")
        assert page.evaluate("document.documentElement.scrollHeight") <= size[1]
        assert box(page, ".ink")["width"] >= side
        bars = [bar.bounding_box() for bar in page.locator(".reader li").all()]
        assert all(b["x"] + b["width"] <= size[0] and b["y"] + b["height"] <= size[1] for b in bars)


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_a_phone_shows_canvas_slider_and_both_pictures_at_once(open_page: Any, locale: str) -> None:
    page = open_page(locale=locale, **PHONE)
    assert inside(page, "h1", ".ink", ".tools", ".amount", ".noisy .frame", ".denoised .frame", ".noisy .scores")
    assert box(page, ".ink")["width"] >= 260 and box(page, ".noisy .frame")["width"] >= 150
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.locator(".clean-only").scroll_into_view_if_needed()
    assert page.evaluate("scrollX") == 0


@pytest.mark.parametrize(
    "size", [(375, 553), (667, 375), (568, 320), (700, 640), (844, 390), (768, 1024), (1024, 768), (1280, 600)]
)
def test_there_is_room_to_draw_on_every_screen(open_page: Any, size: tuple[int, int]) -> None:
    page = open_page(viewport={"width": size[0], "height": size[1]})
    assert inside(page, ".ink") and box(page, ".ink")["width"] >= 200
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert box(page, ".noisy .frame")["width"] == box(page, ".denoised .frame")["width"] >= 150
    left, right = box(page, ".digit"), box(page, ".noisy")
    apart = right["x"] >= left["x"] + left["width"] or right["y"] >= left["y"] + left["height"]
    tools = [tool.bounding_box() for tool in page.locator(".tools > :not([type=file])").all()]
    assert apart and all(tool["x"] + tool["width"] <= left["x"] + left["width"] + 1 for tool in tools)


@pytest.mark.parametrize("size", [(667, 375), (844, 390)])
def test_a_phone_on_its_side_shows_canvas_slider_and_both_pictures_at_once(
    open_page: Any, size: tuple[int, int]
) -> None:
    page = open_page(viewport={"width": size[0], "height": size[1]}, has_touch=True, is_mobile=True)
    assert inside(page, ".ink", ".amount", ".noisy .frame", ".denoised .frame")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_in_both_modes(open_page: Any, scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    for selector in (".note", ".scores", ".surprise", ".reader .best", ".setting small", "h1"):
        assert contrast(page, selector) >= 4.5, selector
    for selector in (".pens label:nth-of-type(1) i", ".pens input:checked + i"):
        assert contrast(page, selector, "backgroundColor") >= 3, selector
    page.evaluate("document.querySelector('.reader i').style.color = 'var(--faint)'")
    assert contrast(page, ".reader i", behind=".reader i") >= 3  # a bar on its track
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (luminance(background) < 0.2) == (scheme == "dark")


def contrast(page: Any, selector: str, colour: str = "color", behind: str = "body") -> float:
    """WCAG's ratio of a colour to what is behind it."""
    wanted = [(selector, colour), (behind, "backgroundColor")]
    read = "(wanted) => wanted.map(([s, name]) => getComputedStyle(document.querySelector(s))[name])"
    colours = page.evaluate(read, wanted)
    bright, dark = sorted(map(luminance, colours), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    channels = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_what_a_screen_reader_is_told(page: Any) -> None:
    def attribute(selector: str, name: str) -> str | None:
        return page.locator(selector).get_attribute(name)

    assert attribute(".ink", "role") == "application"
    assert attribute(".ink", "aria-roledescription") == TEXTS["en"]["canvas_role"]
    draw(page)
    page.locator(".amount").focus()
    after_update(page, lambda: page.keyboard.press("End"))
    assert attribute(".amount", "aria-valuetext") == "100 %"
    assert all(f"{digit}: " in attribute(".before", "aria-label") for digit in range(10))
    assert attribute(".before", "aria-label").count("%") == 11  # the best one, and all ten
    style = "(name) => getComputedStyle(document.querySelector('.hint'))[name]"
    assert page.locator(".hint").inner_text() == "" and page.evaluate(style, "backgroundImage") == "none"
    assert page.evaluate(style, "display") == "block"  # words in what was not rendered may go unheard


def test_the_chosen_pen_is_marked_by_more_than_its_colour(page: Any) -> None:
    ring = "(s) => getComputedStyle(document.querySelector(s)).boxShadow"
    assert page.evaluate(ring, ".pens input:checked + i") != "none"
    assert page.evaluate(ring, ".pens input:not(:checked) + i") == "none"


def test_every_control_has_a_name_and_is_reached_by_keyboard_with_a_visible_ring(page: Any) -> None:
    after_update(page, lambda: page.click(".surprise"))  # so that undo can be pressed
    page.evaluate("document.activeElement.blur()")
    wanted = {"ink", "undo", "clear", "surprise", "upload", "amount", "save", "kind", "model", "seed"}
    wanted |= {"new-noise", "clean-only", "pen", "example"}
    for _ in range(40):
        page.keyboard.press("Tab")
        name, label, ring = page.evaluate("""() => {
            const node = document.activeElement;
            const name = node.name || [...node.classList].find((c) => !['icon', 'picture'].includes(c)) || '';
            const label = node.ariaLabel || node.labels?.[0]?.innerText || node.innerText || '';
            const shown = node.name === 'pen' ? node.nextElementSibling : node.matches('.ink') ? node.parentNode : node;
            return [name, label, getComputedStyle(shown).outlineStyle];
        }""")
        if name in wanted:
            assert label.strip() and ring == "solid", (name, label, ring)
            wanted.discard(name)
    assert wanted == set()


def test_a_wrong_seed_is_a_hint_and_the_last_one_stays(page: Any) -> None:
    for wrong in ("-1", "2147483648", "1.5", "seven", ""):
        page.fill(".seed", wrong)
        page.locator(".seed").press("Enter")
        assert "whole number" in page.locator(".hint").inner_text()
        assert page.locator(".seed").get_attribute("aria-invalid") == "true"
    page.fill(".seed", "2147483647")
    after_update(page, lambda: page.locator(".seed").press("Enter"))
    assert "whole number" not in page.locator(".hint").inner_text()


def test_nothing_moves_while_hints_come_and_go(page: Any) -> None:
    def places() -> list[dict[str, float]]:
        return [b.bounding_box() for b in page.locator(".board > *, .frame, .tools > *, footer").all()]

    before = places()
    page.click(".clear")
    assert places() == before
    after_update(page, lambda: page.click(".surprise"))
    assert places() == before
    after_update(page, lambda: page.click(".clean-only"))
    assert places() == before
