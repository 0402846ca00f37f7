"""Every table and plot of how well the networks denoise, and how soon one learns to.

Run as `python -m benchmarks.quality --update`; MNIST and the pen strokes must be in the folder that DENOISER_DATA
names. Rivals that take hours are not run again: rivals.json has their figures, and `benchmarks.rivals` made it.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import Any

import torch
from matplotlib.figure import Figure
from torch.utils.data import TensorDataset
from tqdm import tqdm

from benchmarks.loops import curve, tutorial, using
from benchmarks.plots import error_over_time, psnr_over_amount, save
from benchmarks.rivals import RESULTS
from benchmarks.speedrun import CONTESTS
from denoiser import Denoiser, Digits, TrainingRun, available, load, load_classifier, load_digits
from denoiser.cli.tables import check_place, renew, results_table
from denoiser.contenders import Contender, compare
from denoiser.devices import hardware
from denoiser.evaluation import evaluate
from denoiser.models import parameter_count
from denoiser.noise import KINDS
from denoiser.watch.settings import RunSettings

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh.md")
PARTS: dict[str, dict[str, tuple[str, ...]]] = {  # the tables of each part, and the files they stand in
    "tables": {
        "results": (*READMES, "checkpoints/README.md"),
        "kinds": ("checkpoints/README.md",),
        "pen": ("checkpoints/README.md",),
    },
    "psnr": {},
    "learning": {"learning": READMES},
}
GRID = tuple(round(0.05 * place, 2) for place in range(1, 20))  # amounts of the plot
FEW = 2000  # digits, for the other kinds of noise and for the plots
BUDGETS = (5.0, 15.0, 30.0, 60.0, 120.0)  # seconds of training
SUBSETS = (*"0123456789", "01", "49", "358", "02468")  # digits to learn alone
SCORES = 16  # along each curve


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=int, help="test digits (default: all)")
    parser.add_argument("--only", choices=PARTS, help="one part instead of all three")
    parser.add_argument("--budgets", type=float, nargs="+", default=BUDGETS, help="seconds of training")
    parser.add_argument("--seeds", type=int, default=3, help="runs of each budget")
    parser.add_argument("--subsets", nargs="+", default=SUBSETS, help="digits to learn alone, such as 49")
    parser.add_argument("--tutorial-steps", type=int, help="of the tutorial's own run (default: its three epochs)")
    parser.add_argument("--update", action="store_true", help="renew the tables and plots of the READMEs")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    parts = [options.only] if options.only else list(PARTS)
    places = [(ROOT / file, name) for part in parts for name, files in PARTS[part].items() for file in files]
    for file, name in places if options.update else ():  # what takes long must not fail at its end
        check_place(file, name)
    facts: dict[str, Any] = {"hardware": hardware(), "torch": torch.__version__}
    tables: dict[str, str] = {}
    plots: dict[str, Figure] = {}
    rivals = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    if "tables" in parts:
        facts["tables"] = scores(options.limit, list(rivals.values()))
        tables |= {name: results_table(result) for name, result in facts["tables"].items()}
    if "psnr" in parts:
        facts["psnr"] = curves(min(FEW, options.limit or FEW))
        plots["psnr"] = psnr_over_amount(facts["psnr"], rivals)
    if "learning" in parts:
        facts["learning"] = learning(options)
        tables["learning"] = learning_table(facts)
        plots["learning"] = error_over_time(facts["learning"], rivals)
    print(json.dumps(facts) if options.json else "\n\n".join(tables.values()))
    if options.update:
        for file, name in places:
            renew(file, name, tables[name])
        for name, figure in plots.items():
            save(figure, ROOT / "benchmarks" / f"{name}.png")


def scores(limit: int | None, rivals: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What `results_table` takes, for each table."""
    denoisers = [load(info.name) for info in available()]
    few = min(FEW, limit or FEW)
    mnist, pen = load_digits("mnist", "test", limit=limit), load_digits("pen", "test", limit=limit)
    own_and_rival = denoisers[:2]
    results = {
        "results": scored(denoisers, mnist, ("blend",)),
        "kinds": scored(own_and_rival, mnist.take(range(few)), KINDS[1:]),
        "pen": scored(own_and_rival, pen, ("blend",)),
    }
    results["results"]["rows"] += [rival_row(rival) for rival in rivals]
    return results


def scored(denoisers: list[Denoiser], digits: Digits, kinds: tuple[str, ...]) -> dict[str, Any]:
    with tqdm(desc=", ".join(kinds), unit=" pictures", disable=None) as bar:
        contenders = [contender for denoiser in denoisers for contender in Contender.of(denoiser)]
        how = dict(split="test", kinds=kinds, read=load_classifier(), device=denoisers[0].device, tick=bar.update)
        return compare(contenders, digits, **how)


def rival_row(rival: dict[str, Any]) -> dict[str, Any]:
    psnr = {key: -10 * math.log10(error) for key, error in rival["mse"].items()}
    name = f"{rival['name']}, {rival['digits']:,} digits"
    row = {"name": name, "parameters": rival["weights"], "kind": "blend", "psnr": psnr, "mse": rival["mse"]}
    return row | ({"interval": rival["interval"]} if "interval" in rival else {})


def curves(count: int) -> dict[str, dict[str, float]]:
    """PSNR of every shipped denoiser and of the noisy picture over the amount of noise."""
    digits = load_digits("mnist", "test", limit=count)
    named = {"noisy": lambda noisy: noisy} | {info.name: load(info.name) for info in available()}
    found = {
        name: evaluate(one, digits, amounts=GRID).psnr for name, one in tqdm(named.items(), desc="PSNR", disable=None)
    }
    return {name: {key: psnr for key, psnr in each.items() if key != "uniform"} for name, each in found.items()}


def learning(options: argparse.Namespace) -> dict[str, Any]:
    """The page's recipe at several budgets, on several choices of digits, and the tutorial's own loop."""
    train, test = load_digits("mnist", "train"), load_digits("mnist", "test", limit=options.limit)
    few = test.take(range(min(1000, len(test))))
    warm = RunSettings(data="mnist", seconds=1.0).config()
    for _ in TrainingRun(warm, data=train):
        pass
    budgets = []
    for seconds in tqdm(options.budgets, desc="budgets", disable=None):
        for seed in range(options.seeds):
            run = TrainingRun(RunSettings(data="mnist", seconds=seconds, seed=seed).config(), data=train)
            along = []
            for step in run:
                if step.progress * SCORES >= len(along) + 1:
                    along.append((step.seconds, evaluate(run.denoiser(), few, amounts=()).mse["uniform"]))
            final = evaluate(run.denoiser(), test, amounts=()).mse["uniform"]
            facts = {"seconds": seconds, "seed": seed, "steps": run.step, "mse": final, "curve": along}
            budgets.append(facts | {"weights": parameter_count(run.model), "batch": run.config.batch_size})
    subsets = {digits: subset(digits, train, test) for digits in tqdm(options.subsets, desc="subsets", disable=None)}
    return {"budgets": budgets, "subsets": subsets, "tutorial": tutorial_curve(train, test, options.tutorial_steps)}


def subset(chosen: str, train: Digits, test: Digits) -> dict[str, float]:
    """A brief run that learns some digits alone: its MSE on them, and that of all digits' mean picture."""
    digits = tuple(map(int, chosen))
    settings = RunSettings(data="mnist", seconds=BUDGETS[0], digits=digits)
    run = TrainingRun(settings.config(), data=train.only(digits))
    for _ in run:
        pass
    held_out = test.only(digits)
    mean = train.only(digits).images.mean(dim=0)
    error = evaluate(run.denoiser(), held_out, amounts=()).mse["uniform"]
    return {"mse": error, "mean_picture": float((held_out.images - mean).square().mean())}


def tutorial_curve(train: Digits, test: Digits, steps: int | None) -> dict[str, Any]:
    """The tutorial's loop, its data in one tensor: the seconds of its steps and the error along the way."""
    few = test.take(range(min(1000, len(test))))
    contest = CONTESTS["tutorial"]
    whole = steps or contest.rival_steps
    loop = tutorial(TensorDataset(train.images[: contest.digits]), seed=0)
    network, seconds, scores = curve(loop, whole, SCORES, few)
    final = evaluate(using(network), test, amounts=()).mse["uniform"]
    return {"seconds": seconds, "steps": whole, "mse": final, "curve": scores, "weights": parameter_count(network)}


def learning_table(facts: dict[str, Any]) -> str:
    found = facts["learning"]
    lines = ["| training | weights | steps | MSE | worst |", "|---|---|---|---|---|"]
    for seconds in dict.fromkeys(run["seconds"] for run in found["budgets"]):
        runs = [run for run in found["budgets"] if run["seconds"] == seconds]
        errors = [run["mse"] for run in runs]
        steps = f"{min(run['steps'] for run in runs):,} to {max(run['steps'] for run in runs):,} of {runs[0]['batch']}"
        mean = sum(errors) / len(errors)
        lines.append(f"| {seconds:g} s | {runs[0]['weights']:,} | {steps} | {mean:.4f} | {max(errors):.4f} |")
    t = found["tutorial"]
    lines.append(
        f"| SimpleUNet, its tutorial's loop: {t['seconds']:.0f} s | {t['weights']:,} | {t['steps']:,} of 128 "
        f"| {t['mse']:.4f} | – |"
    )
    shares = {digits: one["mse"] / one["mean_picture"] for digits, one in found["subsets"].items()}
    hardest = max(shares, key=shares.__getitem__)
    seeds = len({run["seed"] for run in found["budgets"]})
    note = (
        f"Test digits, amounts U(0, 1), outputs clipped; {seeds} seeds each, {facts['hardware']}, torch "
        f"{facts['torch']}. On {len(shares)} choices of digits ({', '.join(shares)}) {BUDGETS[0]:g} s of training "
        f"bring the error to {min(shares.values()):.0%} to {shares[hardest]:.0%} (digits {hardest}) of what their "
        f"mean picture scores."
    )
    return "\n".join([*lines, "", note])


if __name__ == "__main__":
    main()
