"""How real the project's own digits are: what a reader that saw nothing else reads of MNIST; and how fast they come.

Run as `python -m benchmarks.handwriting`; MNIST must be in the folder that DENOISER_DATA names. One thread throughout.
"""

from __future__ import annotations

import argparse
import json
import time
from typing import Any

import torch
from tqdm import tqdm

from denoiser import RECIPES, TrainingConfig, TrainingRun, load_digits
from denoiser.data import Digits, handwritten_digits
from denoiser.devices import hardware
from denoiser.evaluation import accuracy


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    digits, speed = made(20_000, options.seed)
    recipe = RECIPES["lean_classifier"] | {"steps": options.steps}
    run = TrainingRun(TrainingConfig(model="lean_classifier", seed=options.seed, **recipe), data=digits)
    for _ in tqdm(run, total=options.steps, disable=options.json):
        pass
    read = accuracy(run.reader(), load_digits("mnist", "test"))
    facts = {"digits_per_second": round(speed), "accuracy": read, "steps": run.step, "hardware": hardware()}
    print(json.dumps(facts) if options.json else describe(facts))


def made(count: int, seed: int) -> tuple[Digits, float]:
    """So many of the project's own digits, and how many came a second."""
    handwritten_digits(100, seed=seed)  # warm
    start = time.perf_counter()
    digits = handwritten_digits(count, seed=seed)
    return digits, count / (time.perf_counter() - start)


def describe(facts: dict[str, Any]) -> str:
    return (
        f"A reader trained for {facts['steps']:,} steps on the project's own digits alone reads "
        f"{facts['accuracy']:.2%} of MNIST's 10,000 test digits; {facts['digits_per_second']:,} digits a second "
        f"on {facts['hardware']}."
    )


if __name__ == "__main__":
    main()
