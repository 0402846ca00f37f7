"""CPU against GPU: pictures that a network denoises in a second, by how many it gets at a time, on every device here.

Run as `python -m benchmarks.devices`, with `--plot devices.png` for the curves. Pictures come from the computer's
memory and go back to it, as a program has them. The ways take turns, so that a machine that gets slower for a while
gets slower for all of them.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from benchmarks.plots import pictures_over_batch, save
from denoiser.devices import devices_here
from denoiser.inference import DEFAULT
from denoiser.speed import BATCHES, Way, way, way_names


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default=DEFAULT, help="a shipped model or a checkpoint's path")
    parser.add_argument("--most", type=int, default=BATCHES[-1], help="pictures at a time, at most")
    parser.add_argument("--plot", type=Path, help="also draw the curves into this PNG")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    facts = {"model": options.model, "torch": torch.__version__, "ways": measure(options.model, options.most)}
    print(json.dumps(facts) if options.json else table(facts))
    if options.plot:
        save(pictures_over_batch(facts), options.plot)


def measure(model: str, most: int) -> list[dict[str, Any]]:
    """Pictures per second by their number at a time, of each way."""
    ways: list[Way] = [way(model, name) for name in way_names(devices_here())]
    speeds: dict[str, dict[int, float]] = {each.name: {} for each in ways}
    for batch in tqdm([batch for batch in BATCHES if batch <= most], desc="pictures at a time", disable=None):
        for each in ways:
            if batch <= each.most:
                speeds[each.name][batch] = batch / each.seconds(batch)
    return [{"name": each.name, "hardware": each.hardware, "per_second": speeds[each.name]} for each in ways]


def table(facts: dict[str, Any]) -> str:
    """The same as Markdown; a dash where a way takes fewer pictures at a time."""
    ways = facts["ways"]
    heads = ["pictures at a time", *(f"{way['name']} ({way['hardware']})" for way in ways)]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for batch in ways[0]["per_second"]:
        cells = [f"{way['per_second'][batch]:,.0f}" if batch in way["per_second"] else "–" for way in ways]
        lines.append("| " + " | ".join([f"{int(batch):,}", *cells]) + " |")
    return "\n".join([*lines, "", f"Pictures a second of {facts['model']}, torch {facts['torch']}."])


if __name__ == "__main__":
    main()
