"""How fast a network learns: a tutorial's own loop against the live recipe, to the quality that the tutorial ends with.

Run as `python -m benchmarks.speedrun`; MNIST must be in the folder that DENOISER_DATA names. Both sides get the same
threads, and the digits in memory; the clock of each run starts with its construction. The tutorial's seconds are
measured over some of its steps, between our runs, and extrapolated to its three epochs (`--full` runs them all).
The recipe and its number of steps were chosen on validation digits; the test digits are only scored here.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset, TensorDataset

from denoiser import Digits, TrainingRun, load_digits
from denoiser.batches import Batches
from denoiser.evaluation import evaluate
from denoiser.hardware import hardware
from denoiser.live import BRIEFEST, LiveSettings
from denoiser.models import build
from denoiser.optimizers import make_optimizer
from denoiser.precision import PRECISIONS
from denoiser.tables import renew

TARGET = 0.0184  # held-out MSE, amounts uniform: what the tutorial's three epochs reach at their best
ROWS, EPOCHS, BATCH = 42_000, 3, 128
STEPS = EPOCHS * -(-ROWS // BATCH)
RECIPE = LiveSettings(data="mnist", seconds=BRIEFEST).config()
OUR_STEPS = 90


class KaggleTable(Dataset[Tensor]):
    """The tutorial's data set: one row of the table at a time, made into a picture."""

    def __init__(self, digits: Digits) -> None:
        pixels = (digits.images[:ROWS, 0] * 255).round().to(torch.uint8).flatten(1).numpy()
        self.table = pandas.DataFrame(pixels)

    def __len__(self) -> int:
        return len(self.table)

    def __getitem__(self, row: int) -> Tensor:
        return torch.tensor(self.table.iloc[row].values.reshape(1, 28, 28) / 255, dtype=torch.float32)


def tutorial(
    data: Dataset[Any], seed: int, make: Callable[[], nn.Module] = lambda: build("simple_unet")
) -> Iterator[nn.Module]:
    """The tutorial's loop, as it is written, for its own network or another; yields the network after each step."""
    torch.manual_seed(seed)
    loader = DataLoader(data, batch_size=BATCH, shuffle=True)
    network = make()
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    for _ in range(EPOCHS):
        for batch in loader:
            clean = batch[0] if isinstance(batch, list) else batch
            amount = torch.rand(len(clean)).view(-1, 1, 1, 1)
            noisy = clean * (1 - amount) + torch.rand_like(clean) * amount
            loss = F.mse_loss(network(noisy), clean)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss.item()  # it is printed
            yield network


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--steps", type=int, default=OUR_STEPS, help="of the recipe")
    parser.add_argument("--threads", type=int, help="of both sides (default: PyTorch's choice)")
    parser.add_argument("--split", default="test", choices=("validation", "test"))
    parser.add_argument("--slice", type=int, default=12, help="tutorial steps that are timed beside each of our runs")
    parser.add_argument("--full", action="store_true", help="run the tutorial's three epochs, and score them")
    parser.add_argument("--update", type=Path, nargs="+", default=[], help="Markdown files whose figures are renewed")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    facts = measure(options)
    print(json.dumps(facts) if options.json else describe(facts))
    for path in options.update:
        renew(path, "speedrun", f"```\n{describe(facts)}\n```")


def measure(options: argparse.Namespace) -> dict[str, Any]:
    train, held_out = load_digits("mnist", "train"), load_digits("mnist", options.split)
    sides = {"rows": KaggleTable(train), "tensor": TensorDataset(train.images[:ROWS])}
    loops = {name: tutorial(data, seed=0) for name, data in sides.items()}
    for loop in (*loops.values(), ours(train, 0, options.steps)):
        for _, _ in zip(range(5), loop, strict=False):  # warm
            pass
    seconds: dict[str, list[float]] = {name: [] for name in (*sides, "ours")}
    errors = []
    for seed in range(options.seeds):
        for name, loop in loops.items():
            seconds[name] += timed(loop, options.slice)
        start = time.perf_counter()
        *_, run = ours(train, seed, options.steps)
        seconds["ours"].append(time.perf_counter() - start)
        errors.append(evaluate(run.denoiser(), held_out, amounts=()).mse["uniform"])
        gc.collect()
    facts = summary(seconds, errors, options) | {"overhead": overhead(train)}
    return facts | (full(sides["rows"], held_out) if options.full else {})


def ours(train: Digits, seed: int, steps: int) -> Iterator[TrainingRun]:
    run = TrainingRun(replace(RECIPE, seed=seed, steps=steps, seconds=None), data=train)
    for _ in run:
        yield run


def overhead(train: Digits, rounds: int = 60) -> float:
    """The share of a step that is not the network's own forward and backward pass and its update.

    Steps of a run take turns with the bare work on one batch: what is left is data, noise, averages and records.
    """
    run = TrainingRun(replace(RECIPE, steps=10 * rounds, seconds=None), data=train)
    config, how = run.config, PRECISIONS[run.precision]
    network = build(config.model, config.model_config)
    how.lay_out(network)
    optimizer = make_optimizer(config, network, run.device)
    noisy, clean = Batches(train, config, run.device).noisy_and_clean(1)
    noisy = noisy.to(memory_format=how.memory_format)

    def bare() -> None:
        with how.autocast(run.device):
            denoised = network(noisy)
        loss = F.mse_loss(denoised.float(), clean)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    times: dict[str, list[float]] = {"step": [], "bare": []}
    for _ in range(rounds):
        for name, work in (("step", lambda: next(run)), ("bare", bare)):
            start = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - start)
    return 1 - statistics.median(times["bare"]) / statistics.median(times["step"])


def timed(loop: Iterator[nn.Module], steps: int) -> list[float]:
    times = []
    for _ in range(steps):
        start = time.perf_counter()
        next(loop)
        times.append(time.perf_counter() - start)
    return times


def full(data: Dataset[Any], held_out: Digits) -> dict[str, Any]:
    """The tutorial to its end."""
    start = time.perf_counter()
    *_, network = tutorial(data, seed=0)
    seconds = time.perf_counter() - start

    def denoise(noisy: Tensor) -> Tensor:
        with torch.inference_mode():
            return network(noisy)

    return {"tutorial_in_full": seconds, "tutorial_mse": evaluate(denoise, held_out, amounts=()).mse["uniform"]}


def summary(seconds: dict[str, list[float]], errors: list[float], options: argparse.Namespace) -> dict[str, Any]:
    mine = statistics.mean(seconds["ours"])
    whole = {name: STEPS * statistics.mean(seconds[name]) for name in ("rows", "tensor")}
    return {
        "ratio": whole["rows"] / mine,
        "ratio_to_tensor": whole["tensor"] / mine,
        "all_reached": max(errors) <= TARGET,
        "target": TARGET,
        "steps": options.steps,
        "seeds": options.seeds,
        "split": options.split,
        "seconds": {"mean": mine, "spread": float(np.std(seconds["ours"])), "each": seconds["ours"]},
        "mse": {"mean": statistics.mean(errors), "worst": max(errors), "each": errors},
        "tutorial_seconds": whole,
        "hardware": hardware(),
        "torch": torch.__version__,
    }


def describe(facts: dict[str, Any]) -> str:
    seconds, mse, whole = facts["seconds"], facts["mse"], facts["tutorial_seconds"]
    lines = [
        f"{facts['hardware']}, torch {facts['torch']}; {facts['seeds']} seeds of {facts['steps']} steps, "
        f"MSE on the {facts['split']} digits",
        f"ours      {seconds['mean']:7.2f} s ± {seconds['spread']:.2f}, MSE {mse['mean']:.5f}, worst {mse['worst']:.5f}"
        f" ({'every seed reaches' if facts['all_reached'] else 'NOT every seed reaches'} {facts['target']})",
        f"tutorial  {whole['rows']:7.1f} s row by row, {whole['tensor']:.1f} s out of one tensor",
        f"ratio     {facts['ratio']:7.1f}, {facts['ratio_to_tensor']:.1f} to the tensor",
        f"overhead  {facts['overhead']:7.1%} of a step of ours: data, noise, averages, records",
    ]
    if "tutorial_mse" in facts:
        lines.append(f"in full   {facts['tutorial_in_full']:7.1f} s, MSE {facts['tutorial_mse']:.5f}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
