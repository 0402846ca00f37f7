"""What it costs to denoise: one picture alone, and in batches, every shipped network in the same run.

Run as `python -m benchmarks.latency`. On a CPU one thread is used; where there is a GPU, it is measured as well. The
networks take turns, so that a machine that gets slower for a while gets slower for all of them.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path
from typing import Any

import torch

from denoiser import Denoiser, available, load
from denoiser.cli.tables import renew
from denoiser.devices import hardware

BATCHES = (1, 64)
RIVAL = "simple_unet"
WARM, FEWEST = 5, 20  # turns that do not count, and that do at least


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=200, help="turns of each network, fewer in batches")
    parser.add_argument("--update", type=Path, nargs="+", default=[], help="Markdown files whose table is renewed")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    devices = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
    rows = [row for device in devices for row in measure(device, options.rounds)]
    facts = {"rows": rows, "rounds": options.rounds, "hardware": hardware(), "torch": torch.__version__}
    print(json.dumps(facts) if options.json else table(facts))
    for path in options.update:
        renew(path, "latency", table(facts))


def measure(device: str, rounds: int) -> list[dict[str, Any]]:
    """Milliseconds per picture of every shipped network on one device, medians over the rounds."""
    denoisers = {info.name: load(info.name, device) for info in available()}
    denoisers |= {f"{info.name}, fastest": load(info.name, device, precision="fastest") for info in available()[:2]}
    rows = []
    for batch in BATCHES:
        pictures = torch.rand(batch, 1, 28, 28, generator=torch.Generator().manual_seed(0)).to(device)
        times: dict[str, list[float]] = {name: [] for name in denoisers}
        for _ in range(WARM + max(FEWEST, rounds // batch)):
            for name, denoiser in denoisers.items():
                times[name].append(1000 * seconds(denoiser, pictures) / batch)
        for name, each in times.items():
            middle, late = statistics.median(each[WARM:]), statistics.quantiles(each[WARM:], n=20)[-1]
            rows.append({"name": name, "device": device, "batch": batch, "p50": middle, "p95": late})
    return rows


def seconds(denoiser: Denoiser, pictures: torch.Tensor) -> float:
    start = time.perf_counter()
    denoiser(pictures)
    if pictures.is_cuda:
        torch.cuda.synchronize()  # until here the kernels may only have been launched
    return time.perf_counter() - start


def table(facts: dict[str, Any]) -> str:
    """The same as Markdown."""
    found = {(row["device"], row["name"], row["batch"]): row for row in facts["rows"]}
    heads = ["ms a picture", *("alone, p50 / p95" if batch == 1 else f"in batches of {batch}" for batch in BATCHES)]
    lines = ["| " + " | ".join([*heads, f"{RIVAL} = 1"]) + " |", "|" + "---|" * (len(heads) + 1)]
    for device, name in dict.fromkeys((row["device"], row["name"]) for row in facts["rows"]):
        alone, many = (found[device, name, batch] for batch in BATCHES)
        share = many["p50"] / found[device, RIVAL, BATCHES[-1]]["p50"]
        cells = [f"{name}, {device}", f"{alone['p50']:.2f} / {alone['p95']:.2f}", f"{many['p50']:.3f}", f"{share:.2f}"]
        lines.append("| " + " | ".join(cells) + " |")
    note = f"Medians on {facts['hardware']}, torch {facts['torch']}; the networks take turns."
    return "\n".join([*lines, "", note])


if __name__ == "__main__":
    main()
