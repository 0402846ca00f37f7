"""How live the drawing is: from the newest pen event to the painted frame, measured in the page.

Run as `python -m benchmarks.drawing`. Server, browser and network share this machine; `--where both` lets the server
and the browser compute in turns, `--delay 150` puts the server 150 ms of a round trip away.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from contextlib import ExitStack
from typing import Any

import torch
from playwright.sync_api import Page, sync_playwright

from benchmarks.browser import READY, draw_stroke, launch_chromium, running_app
from benchmarks.delay import delayed
from denoiser.devices import hardware

EIGHT = [(0.62, 0.28), (0.42, 0.22), (0.38, 0.38), (0.6, 0.55), (0.62, 0.75), (0.42, 0.8), (0.4, 0.6), (0.62, 0.3)]
PEN_RATE = 1 / 120  # seconds between two moves of the pen
TURNS = 3  # of each side, one after the other: the machine's pace changes
SIDES = {"server": "server", "browser": "here"}  # and what the page calls them
COMPUTED = {"server": "on the server", "browser": "computed here"}

Stats = list[dict[str, float]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15, help="of drawing, for each side")
    parser.add_argument("--where", choices=(*SIDES, "both"), default="both", help="who computes")
    parser.add_argument("--delay", type=float, default=0, metavar="MS", help="added to each round trip to the server")
    parser.add_argument("--url", help="of a page that runs already")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)  # as app.py does, so that `hardware` says what holds for the server
    sides = tuple(SIDES) if options.where == "both" else (options.where,)
    with ExitStack() as stack:
        url = options.url or stack.enter_context(running_app())
        if options.delay:
            url = stack.enter_context(delayed(url, options.delay))
        result = measure(url, options.seconds, sides) | {"delay": options.delay}
    print(json.dumps(result) if options.json else describe(result))


def measure(url: str, seconds: float, sides: tuple[str, ...] = ("server",)) -> dict[str, Any]:
    """Figures of pen and slider for each side, which take turns."""
    stats: dict[str, dict[str, Stats]] = {side: {"pen": [], "slider": []} for side in sides}
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="en-US")
        page.goto(url)
        page.wait_for_selector(READY)
        draw_for(page, 2)  # warm
        for side in sides * TURNS:
            let_compute(page, side)
            stats[side]["pen"] += draw_for(page, seconds / TURNS)
            stats[side]["slider"] += slide_for(page, seconds / TURNS / 3)
        browser.close()
    figures = {side: {what: summary(each) for what, each in found.items()} for side, found in stats.items()}
    return {"sides": figures, "hardware": hardware(), "cores": os.cpu_count()}


def let_compute(page: Page, side: str, seconds: float = 60) -> None:
    """Choose who computes, and wait until it does; RuntimeError where it never does."""
    page.select_option(".where select", SIDES[side])
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        draw_for(page, 0.2)
        if COMPUTED[side] in str(page.locator(".where .time").text_content()):
            return
    raise RuntimeError(f"the {side} does not compute: open the page by hand to see why")


def draw_for(page: Page, seconds: float) -> Stats:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        page.click(".clear")
        draw_stroke(page, EIGHT, steps=12, pause=PEN_RATE)
    return take_stats(page)


def slide_for(page: Page, seconds: float) -> Stats:
    draw_stroke(page, EIGHT)
    take_stats(page)
    box: Any = page.locator(".amount").bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    deadline, step = time.monotonic() + seconds, 0
    while time.monotonic() < deadline:
        step += 1
        page.mouse.move(box["x"] + box["width"] * (0.1 + 0.8 * (step % 100) / 100), middle)
        time.sleep(PEN_RATE)
    page.mouse.up()
    return take_stats(page)


def take_stats(page: Page) -> Stats:
    return page.evaluate("window.denoiserStats.splice(0)")


def summary(stats: Stats) -> dict[str, float]:
    figures: dict[str, float] = {"updates": len(stats)}
    for name in ("latency", "whole", "trip"):
        cuts = statistics.quantiles([entry[name] for entry in stats], n=20)
        figures |= {f"{name}_p50": round(cuts[9], 1), f"{name}_p95": round(cuts[18], 1)}
    return figures


def describe(result: dict[str, Any]) -> str:
    """The same as Markdown, in ms; with both sides the browser's share of what the server takes."""
    lines = [
        "| ms, p50 / p95 | pictures painted | and what is read in them | question to answer | updates |",
        "|---|---|---|---|---|",
    ]
    for side, figures in result["sides"].items():
        for what, each in figures.items():
            cells = [f"{each[f'{name}_p50']} / {each[f'{name}_p95']}" for name in ("latency", "whole", "trip")]
            lines.append(f"| {what}, {side} | {' | '.join(cells)} | {each['updates']} |")
    if len(result["sides"]) == 2:
        for what in ("pen", "slider"):
            lines.append(f"| {what}, browser ÷ server | {' | '.join(ratios(result['sides'], what))} | |")
    far = f", {result['delay']:g} ms of a round trip away" if result.get("delay") else ""
    return "\n".join(
        [*lines, "", f"On {result['hardware']}, {result['cores']} cores; the server on the same machine{far}."]
    )


def ratios(sides: dict[str, Any], what: str) -> list[str]:
    here, there = sides["browser"][what], sides["server"][what]
    names = [(f"{name}_p50", f"{name}_p95") for name in ("latency", "whole", "trip")]
    return [" / ".join(f"{here[each] / there[each]:.2f}" for each in pair) for pair in names]


if __name__ == "__main__":
    main()
