"""What the default network loses by serving every kind of noise.

Run as `python -m benchmarks.specialists`; MNIST and the pen strokes must be in the folder that DENOISER_DATA names. The
default recipe, cut to `--steps`, trains one network on all kinds and one of the same size on each kind alone; all of
them are scored on test digits. With `--start` they all go on from the same trained weights, as the default network did
in the later parts of its training, so that few steps show what many would: the specialists keep what the others' kinds
have taught and give all they have to one.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import torch
from torch import nn
from tqdm import tqdm

from denoiser import Denoiser, Digits, TrainingConfig, TrainingRun, load, load_digits
from denoiser.cli.tables import check_place, renew
from denoiser.devices import hardware
from denoiser.evaluation import evaluate
from denoiser.models import config_of
from denoiser.noise import KINDS
from denoiser.train.recipes import RECIPES

MODEL, PLACE = "residual_unet", "specialists"
LATER = dict(  # the last part of the default network's training, see checkpoints/README.md
    kinds=(*["blend"] * 5, *["salt_pepper"] * 4, "gaussian", "gaussian", "poisson", "poisson", "speckle"),
    loss="rmse",
    importance_sampling=0.0,
    learning_rate=0.003,  # half of its own: a short run must not lose what the long one ended with
    weight_decay=0.01,
)
README = Path(__file__).parents[1] / "checkpoints" / "README.md"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=["blend", "salt_pepper"], metavar="KIND")
    parser.add_argument("--steps", type=int, default=8000, help="of every network's training")
    parser.add_argument("--start", metavar="MODEL", help="weights to go on from (default: fresh ones)")
    parser.add_argument("--data", default="mnist+pen", help="to learn from; the first of them is scored")
    parser.add_argument("--limit", type=int, help="test digits (default: all)")
    parser.add_argument("--threads", type=int, help="of PyTorch (default: its choice)")
    parser.add_argument("--update", action="store_true", help="renew the table in checkpoints/README.md")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    if options.update:  # what takes long must not fail at its end
        check_place(README, PLACE)
    facts = measure(options.kinds, options.steps, options.start, options.data, options.limit)
    print(json.dumps(facts) if options.json else table(facts))
    if options.update:
        renew(README, PLACE, table(facts))


def measure(kinds: list[str], steps: int, start: str | None, data: str, limit: int | None) -> dict[str, Any]:
    train, test = load_digits(data, "train"), load_digits(data.split("+")[0], "test", limit=limit)
    before = load(start, "cpu") if start is not None else None
    network = before.model if before is not None else None
    everyone = trained(train, None, steps, network)
    rows = []
    for kind in kinds:
        compared = {"before": before} if before is not None else {}
        compared |= {"all": everyone, "alone": trained(train, (kind,), steps, network)}
        rows.append({"kind": kind} | {name: evaluate(one, test, kind=kind).mse for name, one in compared.items()})
    facts = {"rows": rows, "steps": steps, "start": start, "weights": everyone.info.parameters, "data": train.source}
    return facts | {"digits": len(test), "hardware": hardware(), "torch": torch.__version__}


def trained(digits: Digits, kinds: tuple[str, ...] | None, steps: int, start: nn.Module | None) -> Denoiser:
    """A network of the default recipe after that many steps, from fresh weights or `start`; None for all its kinds."""
    recipe = RECIPES[MODEL] | (LATER | {"model_config": config_of(start)} if start is not None else {})
    recipe |= {"kinds": kinds} if kinds else {}
    config = TrainingConfig(model=MODEL, **recipe | {"steps": steps})
    run = TrainingRun(config, data=digits, start=start)
    for _ in tqdm(run, total=steps, desc=", ".join(dict.fromkeys(config.kinds)), disable=None):
        pass
    return run.denoiser()


def table(facts: dict[str, Any]) -> str:
    amounts = list(facts["rows"][0]["all"])
    heads = ["noise", "network", *("U(0, 1)" if key == "uniform" else key for key in amounts)]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    learned = f"{facts['steps']:,} steps {'more ' if facts['start'] else ''}of"
    names = {"before": facts["start"], "all": f"{learned} all kinds", "alone": f"{learned} this kind alone"}
    for row in facts["rows"]:
        for name in (name for name in names if name in row):
            shares = {key: "" if name == "alone" else f" ({more(row, key, name):+.1%})" for key in amounts}
            cells = [f"{row[name][key]:.5f}{shares[key]}" for key in amounts]
            lines.append(f"| {row['kind']} | {names[name]} | " + " | ".join(cells) + " |")
    note = (
        f"MSE, in brackets how much more than that of the specialist; {facts['weights']:,} weights each "
        f"({facts['data']}); {facts['digits']:,} test digits, outputs clipped. {facts['hardware']}, torch "
        f"{facts['torch']}."
    )
    return "\n".join([*lines, "", note])


def more(row: dict[str, Any], key: str, name: str = "all") -> float:
    """How much more error the network has that learned all kinds, as a share of the specialist's."""
    return float(row[name][key] / row["alone"][key] - 1)


if __name__ == "__main__":
    main()
