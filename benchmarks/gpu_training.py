"""What a GPU makes of it: pictures per second of training and of denoising, one picture alone, and the speed run.

Run as `python -m benchmarks.gpu_training`; where there is no GPU it says so. `--device cpu` measures the same on a CPU.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from typing import Any

import torch

from benchmarks.latency import seconds
from benchmarks.speedrun import CONTESTS, ours
from denoiser import Digits, TrainingConfig, TrainingRun, load, load_digits
from denoiser.devices import hardware
from denoiser.evaluation import evaluate
from denoiser.train.recipes import RECIPES

WARM = 5  # steps or calls that do not count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--batches", type=int, nargs="+", default=[128, 1024])
    parser.add_argument("--steps", type=int, default=200, help="of training that are timed, and of denoising")
    parser.add_argument("--seeds", type=int, default=10, help="of the speed run")
    parser.add_argument("--compile", action="store_true", help="also with torch.compile")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.device.startswith("cuda") and not torch.cuda.is_available():
        print(json.dumps({"gpu": None}) if options.json else "There is no GPU here: --device cpu measures the CPU.")
        return
    facts = measure(options)
    print(json.dumps(facts) if options.json else describe(facts))


def measure(options: argparse.Namespace) -> dict[str, Any]:
    device = options.device
    train = load_digits("mnist", "train")
    gpu = torch.cuda.get_device_name(device) if device.startswith("cuda") else hardware()
    return {
        "gpu": gpu,
        "torch": torch.__version__,
        "training": {
            f"batches of {batch}{', compiled' * compiled}": trained_a_second(train, batch, options, compiled)
            for batch in options.batches
            for compiled in ((False, True) if options.compile else (False,))
        },
        "denoising": {f"batches of {batch}": denoised_a_second(batch, options) for batch in options.batches},
        "alone": 1 / denoised_a_second(1, options),
        "speedrun": speedrun(train, options),
    }


def trained_a_second(train: Digits, batch: int, options: argparse.Namespace, compiled: bool) -> float:
    """Pictures of the default recipe per second."""
    recipe = RECIPES["residual_unet"] | {"steps": WARM + options.steps, "batch_size": batch, "compile": compiled}
    run = TrainingRun(TrainingConfig(data="mnist", **recipe), data=train, device=options.device)
    for _ in zip(range(WARM), run, strict=False):
        pass
    start = time.perf_counter()
    for _ in run:  # a step ends with its loss on the CPU, so nothing is left to wait for
        pass
    return batch * (run.step - WARM) / (time.perf_counter() - start)


def denoised_a_second(batch: int, options: argparse.Namespace) -> float:
    """Pictures per second, a median over the calls."""
    denoiser = load(device=options.device, precision="fastest")
    pictures = torch.rand(batch, 1, 28, 28, generator=torch.Generator().manual_seed(0)).to(options.device)
    times = [seconds(denoiser, pictures) for _ in range(WARM + options.steps)]
    return batch / statistics.median(times[WARM:])


def speedrun(train: Digits, options: argparse.Namespace) -> dict[str, Any]:
    """The recipe of the speed run: its seconds, and what it reaches on the test digits."""
    contest, test = CONTESTS["tutorial"], load_digits("mnist", "test")
    times, errors = [], []
    for seed in range(-1, options.seeds):  # the first one warms up
        start = time.perf_counter()
        *_, run = ours(train, max(seed, 0), contest, options.device)
        if seed >= 0:
            times.append(time.perf_counter() - start)
            errors.append(evaluate(run.denoiser(), test, amounts=()).mse["uniform"])
    return {"seconds": times, "mse": errors, "target": contest.target, "all_reached": max(errors) <= contest.target}


def describe(facts: dict[str, Any]) -> str:
    run = facts["speedrun"]
    mean, worst = statistics.mean(run["seconds"]), max(run["mse"])
    lines = [f"{facts['gpu']}, torch {facts['torch']}"]
    lines += [f"training in {how}: {rate:,.0f} pictures/s" for how, rate in facts["training"].items()]
    lines += [f"denoising in {how}: {rate:,.0f} pictures/s" for how, rate in facts["denoising"].items()]
    lines += [f"one picture alone: {1000 * facts['alone']:.2f} ms"]
    lines += [f"speed run: {mean:.2f} s, worst MSE {worst:.5f} of {len(run['mse'])} seeds (target {run['target']})"]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
