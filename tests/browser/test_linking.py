"""A link, a line of code and a picture file hold the whole board, and bring back each pixel of it."""

import contextlib
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from benchmarks.browser import READY
from tests.browser.board import DENOISED, INK, INSET, NOISY, after_update, draw, hint_says, pixels, settle

CLIPBOARD = """() => {
    delete window.copied;
    Object.defineProperty(navigator, 'clipboard', {
        configurable: true, value: { writeText: async (words) => { window.copied = words; } },
    });
}"""
SENT = """async () => {
    const { href } = document.querySelector('link[rel="modulepreload"][href*="scripts/"]');
    return [...(await import(href)).shared_drawing.drawing.board.pixels()];
}"""


def copied(page: Any, what: str) -> str:
    page.evaluate(CLIPBOARD)
    page.click(".share")
    page.click(f'.share-menu [data-what="{what}"]')
    page.wait_for_function("() => window.copied !== undefined")
    words = page.evaluate("() => { const words = window.copied; delete window.copied; return words; }")
    page.keyboard.press("Escape")
    return words


def board(page: Any) -> list[np.ndarray]:
    """The drawing as it is sent, and the pictures."""
    settle(page)
    return [np.array(page.evaluate(SENT)), *(pixels(page, where) for where in (INK, INSET, NOISY, DENOISED))]


def same(ours: list[np.ndarray], theirs: list[np.ndarray]) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(ours, theirs, strict=True))


def set_up(page: Any) -> None:
    page.locator("[name=pen]").nth(2).check()
    draw(page, [(0.31, 0.22), (0.71, 0.27), (0.52, 0.5), (0.44, 0.86)])
    draw(page, [(0.33, 0.52), (0.68, 0.49)])
    after_update(page, lambda: page.select_option(".kind", "speckle"))
    after_update(page, lambda: page.locator(".amount").press("ArrowRight"))
    page.fill(".seed", "77")
    after_update(page, lambda: page.locator(".seed").press("Enter"))
    after_update(page, lambda: page.check(".told"))


def opened(open_page: Any, link: str, **options: Any) -> Any:
    page = open_page(**options)
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector(READY)
    page.wait_for_function("() => document.querySelector('.board').dataset.hint === 'linked'")
    page.wait_for_function("() => Number(document.querySelector('.board').dataset.updates) > 1")
    settle(page)
    return page


def test_a_link_brings_back_each_pixel(open_page: Any) -> None:
    page = open_page()
    set_up(page)
    link = copied(page, "link")
    assert len(link) < 2_000 and "#draw=1e" in link
    other = opened(open_page, link)
    assert same(board(page), board(other))
    for control in (".amount", ".kind", ".seed", ".model"):
        assert page.input_value(control) == other.input_value(control)
    assert other.is_checked(".told")
    after_update(other, lambda: draw(other, [(0.2, 0.9), (0.3, 0.9)]))  # from now on it is this visitor's
    assert other.evaluate("location.hash") == "#draw"
    drawn = board(other)
    other.wait_for_timeout(1000)
    other.reload()
    other.wait_for_selector(READY)
    assert same(board(other), drawn)


def test_a_link_shows_what_was_given_and_keeps_what_was_here(open_page: Any) -> None:
    page = open_page()
    after_update(page, lambda: page.click(".digits button:nth-child(5)"))
    link = copied(page, "link")
    other = open_page(locale="zh-CN")
    draw(other)
    mine = board(other)
    other.wait_for_timeout(1000)
    other.evaluate("(link) => { location.hash = link.split('#')[1]; }", link)
    hint_says(other, "来自链接")
    assert same(board(page), board(other))
    other.evaluate("history.replaceState(null, '', location.pathname)")
    other.reload()
    other.wait_for_selector(READY)
    assert same(board(other), mine)


@pytest.mark.parametrize(("link", "words"), [("1eAAAA", "damaged"), ("", "damaged"), ("9eAAAA", "newer version")])
def test_a_bad_link_opens_the_page_as_ever(open_page: Any, link: str, words: str) -> None:
    page = open_page()
    before = board(page)
    address = page.url.split("#")[0]
    page.goto("about:blank")
    page.goto(f"{address}#draw={link}")
    page.wait_for_selector(READY)
    hint_says(page, words)
    assert same(board(page), before)
    draw(page)
    assert page.locator(".board").get_attribute("data-hint") == ""


def test_the_lines_of_python_make_what_is_on_the_screen(open_page: Any, tmp_path: Path) -> None:
    page = open_page()
    set_up(page)
    code = copied(page, "python")
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(code, names)
    _, _, digit, noisy, denoised = board(page)
    for name, seen in (("digit", digit), ("noisy", noisy), ("denoised", denoised)):
        made = (names[name][0, 0] * 255).round().numpy().astype(int)
        assert np.abs(made - seen.astype(int)).max() <= 1, name
    read = [page.locator(f".{where} .best").text_content() for where in ("before", "after")]
    assert said.getvalue().strip() == f"[{read[0]}, {read[1]}]"


def test_the_command_makes_what_is_on_the_screen(open_page: Any, tmp_path: Path) -> None:
    page = open_page()
    set_up(page)
    command = copied(page, "command").replace("python -m", f"PYTHONPATH={Path.cwd()} {sys.executable} -m")
    subprocess.run(["bash", "-euc", command], cwd=tmp_path, check=True, capture_output=True)
    made = np.asarray(Image.open(tmp_path / "denoised.png").convert("L")).astype(int)
    step = made.shape[0] // 28
    seen = board(page)[4].astype(int)
    assert np.abs(made[step // 2 :: step, step // 2 :: step] - seen).max() <= 1


def test_a_saved_picture_brings_the_board_back(open_page: Any, tmp_path: Path) -> None:
    page = open_page()
    set_up(page)
    with page.expect_download() as saved:
        page.click(".save")
    file = tmp_path / "denoised.png"
    saved.value.save_as(file)
    picture = np.asarray(Image.open(file))
    before = board(page)
    assert picture.shape == (280, 280) and np.array_equal(picture[5::10, 5::10], before[4])
    page.click(".clear")
    page.select_option(".kind", "blend")
    page.set_input_files('.board [type="file"]', file)
    page.wait_for_function("() => document.querySelector('.board').dataset.hint === 'linked'")
    assert same(board(page), before) and page.input_value(".kind") == "speckle"
    spoiled = file.read_bytes().replace(b"denoiser\x001e", b"denoiser\x001eAA")
    page.set_input_files('.board [type="file"]', {"name": "x.png", "mimeType": "image/png", "buffer": spoiled})
    hint_says(page, "damaged")


def test_where_no_script_may_copy_the_words_are_offered(open_page: Any) -> None:
    page = open_page()
    page.evaluate(CLIPBOARD)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    page.focus(".share")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # the first of the menu
    page.wait_for_function("() => document.activeElement.matches('.share-menu textarea')")
    assert "#draw=1e" in page.locator(".share-menu textarea").input_value()
    page.keyboard.press("Escape")
    assert page.locator(".share-menu").is_hidden()
    assert page.evaluate("document.activeElement.matches('.share')")
