"""How live the drawing is: from the newest pen event to the painted frame, measured in the page.

Run as `python -m benchmarks.drawing`. Server, browser and network loop share this machine.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from typing import Any

import torch
from playwright.sync_api import Page, sync_playwright

from benchmarks.browser import READY, draw_stroke, launch_chromium, running_app
from denoiser.devices import hardware

EIGHT = [(0.62, 0.28), (0.42, 0.22), (0.38, 0.38), (0.6, 0.55), (0.62, 0.75), (0.42, 0.8), (0.4, 0.6), (0.62, 0.3)]
PEN_RATE = 1 / 120  # seconds between two moves of the pen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--url", help="of a page that runs already")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)  # as app.py does, so that `hardware` says what holds for the server
    if options.url:
        result = measure(options.url, options.seconds)
    else:
        with running_app() as url:
            result = measure(url, options.seconds)
    print(json.dumps(result) if options.json else describe(result))


def measure(url: str, seconds: float) -> dict[str, Any]:
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(url)
        page.wait_for_selector(READY)
        draw_for(page, 2)  # warm
        page.evaluate("window.denoiserStats.length = 0")
        pen = draw_for(page, seconds)
        slider = slide_for(page, seconds / 3)
        browser.close()
    return {"pen": summary(pen), "slider": summary(slider), "hardware": hardware(), "cores": os.cpu_count()}


def draw_for(page: Page, seconds: float) -> list[dict[str, float]]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        draw_stroke(page, EIGHT, steps=12, pause=PEN_RATE)
        page.click(".clear")
    return take_stats(page)


def slide_for(page: Page, seconds: float) -> list[dict[str, float]]:
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


def take_stats(page: Page) -> list[dict[str, float]]:
    return page.evaluate("window.denoiserStats.splice(0)")


def summary(stats: list[dict[str, float]]) -> dict[str, float]:
    figures: dict[str, float] = {"updates": len(stats)}
    for name in ("latency", "trip"):
        cuts = statistics.quantiles([entry[name] for entry in stats], n=20)
        figures |= {f"{name}_p50": round(cuts[9], 1), f"{name}_p95": round(cuts[18], 1)}
    return figures


def describe(result: dict[str, Any]) -> str:
    lines = [f"{result['hardware']}, {result['cores']} cores; server and browser on the same machine"]
    for name in ("pen", "slider"):
        figures = result[name]
        lines.append(
            f"{name:>6}: newest event to painted frame {figures['latency_p50']} ms p50, {figures['latency_p95']} ms "
            f"p95; round trip {figures['trip_p50']} ms p50, {figures['trip_p95']} ms p95; {figures['updates']} updates"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
