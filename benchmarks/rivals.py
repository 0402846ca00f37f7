"""What the default network is held against: what others reach on the same digits, and an estimate of what is possible.

The others are UNet2DModel of diffusers, as its course trains it, and BM3D, told the noise; "limit" is the default
network itself, grown to twice its size and trained further. Run once, as `python -m benchmarks.rivals NAME` with unet2d
or limit (hours on a CPU) or bm3d; the figures are kept in benchmarks/rivals.json, from where `python -m
benchmarks.quality` takes them. The two libraries are asked for here alone: `pip install diffusers`, `pip install bm3d`.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import TensorDataset
from tqdm import tqdm

from benchmarks.loops import BATCH, EPOCHS, curve, tutorial, using
from benchmarks.unet2d import UNet2D
from denoiser import RECIPES, TrainingConfig, TrainingRun, load, load_digits
from denoiser.atomic import write_atomically
from denoiser.devices import hardware
from denoiser.evaluation import SCORED_AMOUNTS, evaluate
from denoiser.metrics import mse
from denoiser.models import build, config_of, parameter_count
from denoiser.noise import corrupt

RESULTS = Path(__file__).parent / "rivals.json"
BM3D_DIGITS = 300
SCORES = 40  # of a training run, over its whole length
LARGER = dict(blocks_down=3, blocks_deep=8, blocks_up=4)
LARGER_RECIPE = dict(loss="rmse", importance_sampling=0.0, learning_rate=0.008, weight_decay=0.012, seed=3)
LARGER_STEPS = 19_307  # as many as one core made in 73 minutes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rival", choices=RIVALS)
    parser.add_argument("--threads", type=int, help="of PyTorch (default: its choice)")
    parser.add_argument("--limit", type=int, help="test digits (default: all, for BM3D 300)")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="of UNet2DModel's training")
    parser.add_argument("--steps", type=int, default=LARGER_STEPS, help="of the grown network's training")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    facts = RIVALS[options.rival](options) | {"hardware": hardware(), "torch": torch.__version__}
    known = json.loads(options.out.read_text()) if options.out.exists() else {}
    write_atomically(options.out, (json.dumps(known | {options.rival: facts}, indent=1) + "\n").encode())


def unet2d(options: argparse.Namespace) -> dict[str, Any]:
    """The course's training on all 60,000 digits, the curve of its error, and what it scores in the end."""
    parts = [load_digits("mnist", split).images for split in ("train", "validation")]
    test = load_digits("mnist", "test", limit=options.limit)
    steps = options.epochs * -(-sum(map(len, parts)) // BATCH)
    loop = tutorial(TensorDataset(torch.cat(parts)), seed=0, make=UNet2D)
    few = test.take(range(min(1000, len(test))))  # a curve needs no more; the last score takes all of them
    network, seconds, scores = curve(loop, steps, SCORES, few)
    facts = asdict(evaluate(using(network), test))
    return facts | {
        "name": "UNet2DModel of diffusers",
        "weights": parameter_count(network),
        "digits": len(test),
        "steps": steps,
        "seconds": seconds,
        "curve": scores,
    }


def bm3d(options: argparse.Namespace) -> dict[str, Any]:
    """BM3D, told the amount of noise: nothing is trained."""
    from bm3d import bm3d as filtered

    test = load_digits("mnist", "test", limit=options.limit or BM3D_DIGITS).images
    grid = (torch.randperm(len(test), generator=torch.Generator().manual_seed(0)) + 0.5) / len(test)
    errors: dict[str, float] = {}
    start = time.perf_counter()
    for key, amounts in {"uniform": grid, **{f"{a:g}": torch.full((len(test),), a) for a in SCORED_AMOUNTS}}.items():
        noisy = corrupt(test, amounts, generator=torch.Generator().manual_seed(0))
        denoised = [
            told(filtered, x, float(a)) for x, a in zip(tqdm(noisy, desc=key, disable=None), amounts, strict=True)
        ]
        errors[key] = float(mse(torch.stack(denoised).clamp(0, 1), test).double().mean())
    each = 1000 * (time.perf_counter() - start) / (len(test) * len(errors))
    return {"name": "BM3D told the noise", "weights": 0, "digits": len(test), "mse": errors, "milliseconds": each}


def told(filtered: Callable[..., np.ndarray], noisy: Tensor, amount: float) -> Tensor:
    """One picture ``[1, 28, 28]`` of blend noise through BM3D, which is told its standard deviation.

    ``x·(1−a) + n·a``, n uniform, is x in noise of mean 0 once the noise's mean is taken off and the ink scaled back.
    """
    centred = (noisy[0].double().numpy() - amount / 2) / (1 - amount)
    return torch.from_numpy(filtered(centred, amount / (1 - amount) / math.sqrt(12))).float()[None]


def limit(options: argparse.Namespace) -> dict[str, Any]:
    """The default network grown and trained on, all kinds of noise, scanned and drawn digits."""
    test = load_digits("mnist", "test", limit=options.limit)
    recipe = RECIPES["residual_unet"] | LARGER_RECIPE | {"steps": options.steps}
    start = grown()
    config = TrainingConfig(model="residual_unet", model_config=config_of(start), **recipe)
    run = TrainingRun(config, data=load_digits("mnist+pen", "train"), start=start)
    for _ in tqdm(run, total=options.steps, disable=None):
        pass
    return asdict(evaluate(run.denoiser(), test)) | {
        "name": "the default network, grown and trained further",
        "weights": parameter_count(run.model),
        "digits": len(test),
        "steps": run.step,
        "seconds": run.seconds,
    }


def grown() -> nn.Module:
    """The default network with more blocks. They begin as nothing, so it begins with the same answers."""
    shipped = load("residual_unet", "cpu").model
    network = build("residual_unet", config_of(shipped) | LARGER)
    network.load_state_dict(shipped.state_dict(), strict=False)
    return network


RIVALS = {"unet2d": unet2d, "bm3d": bm3d, "limit": limit}


if __name__ == "__main__":
    main()
