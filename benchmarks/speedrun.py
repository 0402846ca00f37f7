"""How fast a network learns: others' own loops against the live recipe, to the quality that they end with.

Run as `python -m benchmarks.speedrun`; MNIST must be in the folder that DENOISER_DATA names. Both sides get the same
threads, and the digits in memory; the clock of each run starts with its construction. The rival's seconds are
measured over some of its steps, between our runs, and extrapolated to its three epochs (`--full` runs them all).
The recipe and its number of steps were chosen on validation digits; the test digits are only scored here.
`--against unet2d` takes the network of the Hugging Face course instead of the tutorial's (`pip install diffusers`).
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import Dataset, TensorDataset

from benchmarks.loops import BATCH, EPOCHS, KaggleTable, simple_unet, tutorial, using
from benchmarks.unet2d import UNet2D
from denoiser import Digits, TrainingConfig, TrainingRun, load_digits
from denoiser.cli.tables import renew
from denoiser.devices import hardware
from denoiser.evaluation import evaluate
from denoiser.models import build
from denoiser.precision import PRECISIONS
from denoiser.train.batches import Batches
from denoiser.train.optimizers import make_optimizer
from denoiser.train.recipes import BRIEF, BRIEFEST
from denoiser.watch.settings import RunSettings


@dataclass(frozen=True)
class Contest:
    """Whom we race to which held-out MSE, amounts uniform, with which recipe and how many of its steps.

    `sides` makes the rival's data, by name; `digits` of it make an epoch.
    """

    rival: str
    target: float
    recipe: TrainingConfig
    steps: int
    network: Callable[[], nn.Module]
    digits: int
    sides: Mapping[str, Callable[[Tensor], Dataset[Any]]]

    @property
    def rival_steps(self) -> int:
        return EPOCHS * -(-self.digits // BATCH)


CONTESTS = {
    "tutorial": Contest(
        rival="SimpleUNet",
        target=0.0184,  # what its three epochs reach at their best
        recipe=RunSettings(data="mnist", seconds=BRIEFEST).config(),
        steps=44,
        network=simple_unet,
        digits=42_000,
        sides={"row by row": KaggleTable, "out of one tensor": TensorDataset},
    ),
    "unet2d": Contest(
        rival="UNet2DModel",
        target=0.0112,  # what its three epochs end with, by `python -m benchmarks.rivals unet2d`
        recipe=RunSettings(data="mnist", seconds=BRIEF).config(),
        steps=700,
        network=UNet2D,
        digits=60_000,
        sides={"out of one tensor": TensorDataset},
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--against", choices=CONTESTS, default="tutorial")
    parser.add_argument("--steps", type=int, help="of the recipe (default: those chosen on validation digits)")
    parser.add_argument("--threads", type=int, help="of both sides (default: PyTorch's choice)")
    parser.add_argument("--split", default="test", choices=("validation", "test"))
    parser.add_argument("--slice", type=int, default=12, help="rival's steps that are timed beside each of our runs")
    parser.add_argument("--full", action="store_true", help="run the rival's three epochs, and score them")
    parser.add_argument("--update", type=Path, nargs="+", default=[], help="Markdown files whose figures are renewed")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    facts = measure(options)
    print(json.dumps(facts) if options.json else describe(facts))
    for path in options.update:
        place = "speedrun" if options.against == "tutorial" else f"speedrun-{options.against}"
        renew(path, place, f"```\n{describe(facts)}\n```")


def measure(options: argparse.Namespace) -> dict[str, Any]:
    contest = CONTESTS[options.against]
    if options.steps:
        contest = replace(contest, steps=options.steps)
    train, held_out = load_digits("mnist", "train"), load_digits("mnist", options.split)
    # The course learns from all 60,000; how many digits there are does not change the time of a step.
    sides = {name: make(train.images[: contest.digits]) for name, make in contest.sides.items()}
    loops = {name: tutorial(data, seed=0, make=contest.network) for name, data in sides.items()}
    for loop in (*loops.values(), ours(train, 0, contest)):
        for _, _ in zip(range(5), loop, strict=False):  # warm
            pass
    seconds: dict[str, list[float]] = {name: [] for name in (*sides, "ours")}
    errors = []
    for seed in range(options.seeds):
        for name, loop in loops.items():
            seconds[name] += timed(loop, options.slice)
        start = time.perf_counter()
        *_, run = ours(train, seed, contest)
        seconds["ours"].append(time.perf_counter() - start)
        errors.append(evaluate(run.denoiser(), held_out, amounts=()).mse["uniform"])
        gc.collect()
    facts = summary(contest, seconds, errors, options) | {"overhead": overhead(train, contest.recipe)}
    return facts | (full(contest, sides, held_out) if options.full else {})


def ours(train: Digits, seed: int, contest: Contest, device: str | None = None) -> Iterator[TrainingRun]:
    config = replace(contest.recipe, seed=seed, steps=contest.steps, seconds=None)
    run = TrainingRun(config, data=train, device=device)
    for _ in run:
        yield run


def overhead(train: Digits, recipe: TrainingConfig, rounds: int = 300) -> float:
    """The share of a step that is not the network's own forward and backward pass and its update.

    Steps of a run take turns with the bare work on one batch: what is left is data, noise, averages and records. Each
    step is compared with its neighbour, since a shared machine changes its pace within seconds.
    """
    run = TrainingRun(replace(recipe, steps=10 * rounds, seconds=None), data=train)
    config, how = run.config, PRECISIONS[run.precision]
    network = build(config.model, config.model_config)
    how.lay_out(network)
    optimizer = make_optimizer(config, network, run.device)
    batch = Batches(train, config, run.device).noisy_and_clean(1)
    noisy = batch.noisy.to(memory_format=how.memory_format)

    def bare() -> None:
        with how.autocast(run.device):
            denoised = network(noisy)
        loss = F.mse_loss(denoised.float(), batch.clean)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    shares = []
    for _ in range(rounds):
        times = []
        for work in (lambda: next(run), bare):
            start = time.perf_counter()
            work()
            times.append(time.perf_counter() - start)
        shares.append(1 - times[1] / times[0])
    return statistics.median(shares)


def timed(loop: Iterator[nn.Module], steps: int) -> list[float]:
    times = []
    for _ in range(steps):
        start = time.perf_counter()
        next(loop)
        times.append(time.perf_counter() - start)
    return times


def full(contest: Contest, sides: Mapping[str, Dataset[Any]], held_out: Digits) -> dict[str, Any]:
    """The rival to its end."""
    start = time.perf_counter()
    *_, network = tutorial(next(iter(sides.values())), seed=0, make=contest.network)
    seconds = time.perf_counter() - start
    return {"rival_in_full": seconds, "rival_mse": evaluate(using(network), held_out, amounts=()).mse["uniform"]}


def summary(
    contest: Contest, seconds: dict[str, list[float]], errors: list[float], options: argparse.Namespace
) -> dict[str, Any]:
    mine = statistics.mean(seconds["ours"])
    whole = {name: contest.rival_steps * statistics.mean(seconds[name]) for name in contest.sides}
    ratios = {name: rival / mine for name, rival in whole.items()}
    return {
        "ratio": next(iter(ratios.values())),
        "ratios": ratios,
        "all_reached": max(errors) <= contest.target,
        "rival": contest.rival,
        "target": contest.target,
        "steps": contest.steps,
        "batch": contest.recipe.batch_size,
        "seeds": options.seeds,
        "split": options.split,
        "seconds": {"mean": mine, "spread": float(np.std(seconds["ours"])), "each": seconds["ours"]},
        "mse": {"mean": statistics.mean(errors), "worst": max(errors), "each": errors},
        "rival_seconds": whole,
        "hardware": hardware(),
        "torch": torch.__version__,
    }


def describe(facts: dict[str, Any]) -> str:
    seconds, mse = facts["seconds"], facts["mse"]
    lines = [
        f"{facts['hardware']}, torch {facts['torch']}; {facts['seeds']} seeds of {facts['steps']} steps of "
        f"{facts['batch']}, MSE on the {facts['split']} digits",
        f"{'ours':12s} {seconds['mean']:6.2f} s ± {seconds['spread']:.2f}, MSE {mse['mean']:.5f}, worst "
        f"{mse['worst']:.5f} ({'every seed reaches' if facts['all_reached'] else 'NOT every seed reaches'} "
        f"{facts['target']})",
        *(
            f"{facts['rival']:12s} {facts['rival_seconds'][name]:6.1f} s {name}: {ratio:.1f} times as long"
            for name, ratio in facts["ratios"].items()
        ),
        f"{'overhead':12s} {facts['overhead']:6.1%} of a step of ours: data, noise, averages, records",
    ]
    if "rival_mse" in facts:
        lines.append(f"{'in full':12s} {facts['rival_in_full']:6.1f} s, MSE {facts['rival_mse']:.5f}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
