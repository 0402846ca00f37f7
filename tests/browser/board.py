"""What a test wants to know of the page, and do to it."""

from typing import Any

import numpy as np

from benchmarks.browser import draw_stroke

SEVEN = [(0.3, 0.25), (0.7, 0.25), (0.55, 0.5), (0.45, 0.85)]
PIXELS = """(selector) => {
    const canvas = document.querySelector(selector);
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    return [canvas.width, Array.from({ length: data.length / 4 }, (_, i) => data[4 * i])];
}"""


def updates(page: Any) -> int:
    return int(page.locator(".board").get_attribute("data-updates"))


def after_update(page: Any, act: Any) -> None:
    """Do something and wait until its answer, and any that was still on its way, is painted."""
    before = updates(page)
    act()
    page.wait_for_function("(n) => Number(document.querySelector('.board').dataset.updates) > n", arg=before)
    settle(page)


def settle(page: Any) -> None:
    """Wait until no request is in flight and none is waiting."""
    page.wait_for_function("() => document.querySelector('.board').dataset.busy === 'false'")


def draw(page: Any, points: Any = SEVEN) -> None:
    after_update(page, lambda: draw_stroke(page, points))


def in_board(page: Any, act: str, value: Any = None) -> Any:
    """What this function makes of the board that the Draw tab lends to the others, and of a value."""
    return page.evaluate(
        """async ([act, value]) => {
            const { href } = document.querySelector('link[rel="modulepreload"][href*="scripts/"]');
            const { shared_drawing } = await import(href);
            return eval(act)(shared_drawing.drawing.board, value);
        }""",
        [act, value],
    )


def pixels(page: Any, selector: str, tall: bool = False) -> np.ndarray:
    """The grey values of a canvas, a square one unless it is said to be taller."""
    side, values = page.evaluate(PIXELS, selector)
    return np.array(values, np.uint8).reshape(-1 if tall else side, side)


NOISY, DENOISED, INSET, INK = ".noisy .picture", ".denoised .picture", ".inset", ".ink"


def hint_says(page: Any, words: str) -> None:
    page.wait_for_function("(words) => document.querySelector('.hint').textContent.includes(words)", arg=words)
