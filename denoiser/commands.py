"""What each command does, once its options are read. The only part of the package that prints."""

from __future__ import annotations

import argparse
import json
import math
import signal
import sys
import time
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm

from denoiser import figures
from denoiser.checkpoint import read_info
from denoiser.config import RECIPES, TrainingConfig
from denoiser.data import chosen_digits, download_mnist, load_digits, missing_files
from denoiser.drawing import digit_from_drawing
from denoiser.evaluation import AMOUNTS, Scores, accuracy, evaluate
from denoiser.hardware import hardware
from denoiser.inference import CHECKPOINTS, DEFAULT, available, load, load_classifier
from denoiser.metrics import psnr, ssim
from denoiser.models import CLASSIFIERS, MODELS, build, parameter_count
from denoiser.models.summary import summary
from denoiser.noise import corrupt
from denoiser.picture_files import nearest, read_picture_file, shrink, write_picture
from denoiser.state import load_state, save_state
from denoiser.tables import check_place, renew, results_table
from denoiser.trainer import TrainingRun

SAVE_EVERY = 60.0  # seconds between two saved states of a run


def train(options: argparse.Namespace) -> None:
    """Train as the options say and write a checkpoint; Ctrl-C keeps what was learned so far."""
    _set_threads(options)
    state = load_state(options.resume) if options.resume else None
    config = _training_config(options) if state is None else _resumed_config(options, state.config)
    out = options.out or (options.resume or Path(config.model)).with_suffix(".safetensors")
    if out.suffix != ".safetensors" or not out.parent.is_dir():
        raise ValueError(f"--out {out}: name a file that ends in .safetensors, in a folder that exists")
    run = TrainingRun(config, state)
    how = f"{len(run.data):,} digits ({run.data.source}) on {run.device}, {run.precision}"
    _say(options, f"Training {run.config.model} with {how}" + (f", from step {run.step:,} on" if run.step else ""))
    _train_with_bar(run, out.with_suffix(".state"), quiet=options.json)
    metrics = _held_out(run)
    run.save(out, metrics)
    _save_state(run, out.with_suffix(".state"))
    facts = {"out": str(out), "steps": run.step, "seconds": round(run.seconds, 2), "data": run.data.source, **metrics}
    _tell(options, facts, f"Saved {out} after {run.step:,} steps: " + _listed(metrics))


def _set_threads(options: argparse.Namespace) -> None:
    if options.threads is not None:
        if options.threads < 1:
            raise ValueError(f"--threads {options.threads}: at least one is needed")
        torch.set_num_threads(options.threads)


def _resumed_config(options: argparse.Namespace, config: TrainingConfig) -> TrainingConfig:
    """The configuration of an earlier run, with the changes that the command line asks for."""
    for name in ("model", "data", "digits", "seed"):
        if getattr(options, name) is not None:
            raise ValueError(f"--{name} belongs to the run that is resumed: leave it out, or leave out --resume")
    return replace(config, **_changes(options))


def _training_config(options: argparse.Namespace) -> TrainingConfig:
    model = options.model or DEFAULT
    recipe: dict[str, Any] = RECIPES[model] | _changes(options)
    digits = "0123456789" if options.digits is None else options.digits
    chosen = chosen_digits(int(digit) if digit.isdecimal() else -1 for digit in digits)
    return TrainingConfig(
        model=model, data=options.data or "auto", digits=tuple(chosen), seed=options.seed or 0, **recipe
    )


def _changes(options: argparse.Namespace) -> dict[str, Any]:
    """What the command line says of a run, apart from what it is: the network, its digits and its seed."""
    changes = {name: getattr(options, name) for name in ("batch_size", "learning_rate", "precision")}
    changes["kinds"] = tuple(options.kinds.split(",")) if options.kinds else None
    known = {name: value for name, value in changes.items() if value is not None}
    if options.steps is None and options.seconds is None:
        return known
    return known | {"steps": options.steps, "seconds": options.seconds}


def _train_with_bar(run: TrainingRun, state: Path, quiet: bool) -> None:
    """Train until the budget is used up, saving the state as it goes; Ctrl-C ends after the update in progress."""
    before = signal.signal(signal.SIGINT, lambda *_: run.close())
    done, smooth, saved = 0.0, 0.0, time.monotonic()
    try:
        with tqdm(total=100, disable=quiet, bar_format="{l_bar}{bar}| {postfix} [{elapsed}<{remaining}]") as bar:
            for step in run:
                smooth = smooth + 0.02 * (step.loss - smooth) if smooth else step.loss
                bar.set_postfix_str(f"step {step.step:,}, loss {smooth:.5f}", refresh=False)
                bar.update(100 * (step.progress - done))
                done = step.progress
                if time.monotonic() - saved > SAVE_EVERY:
                    _save_state(run, state)
                    saved = time.monotonic()
    finally:
        signal.signal(signal.SIGINT, before)


def _save_state(run: TrainingRun, path: Path) -> None:
    """A state that cannot be saved is a pity; the run goes on without it."""
    try:
        save_state(path, run.state())
    except OSError as error:
        tqdm.write(f"The state was not saved: {error}", file=sys.stderr)


def _held_out(run: TrainingRun) -> dict[str, float]:
    """The score on validation digits, which stands in the checkpoint."""
    digits = load_digits(run.config.data, "validation", digits=run.config.digits, limit=2000)
    if run.config.model in CLASSIFIERS:
        return {"validation_accuracy": round(accuracy(run.reader(), digits), 5)}
    scores = evaluate(run.denoiser(), digits, kind=run.config.kinds[0], amounts=())
    return {"validation_mse": round(scores.mse["uniform"], 6)}


def evaluate_models(options: argparse.Namespace) -> None:
    """Score denoisers beside the noisy picture itself; the same noise for all."""
    for path in options.update or ():
        check_place(path, options.table)
    if options.picture and (options.picture.suffix != ".png" or not options.picture.parent.is_dir()):
        raise ValueError(f"--picture {options.picture}: name a file that ends in .png, in a folder that exists")
    denoisers = [load(name) for name in _chosen_models(options.model)]
    digits = load_digits(options.data, options.split, limit=options.limit)
    read = load_classifier(options.reader) if digits.labels is not None else None
    pictures = len(digits) * (len(AMOUNTS) + 1) * (len(denoisers) + 1) * len(options.kind)
    rows: list[dict[str, Any]] = []
    with tqdm(total=pictures, unit="picture", disable=options.json) as bar:
        for kind in options.kind:
            score = partial(evaluate, digits=digits, kind=kind, seed=options.seed, read=read, tick=bar.update)
            rows.append(_row("noisy", "", 0, kind, score(_same)))
            rows += [_row(d.info.name, d.info.model, d.info.parameters, kind, score(d)) for d in denoisers]
    facts: dict[str, Any] = {"data": digits.source, "split": options.split, "digits": len(digits)}
    facts |= {"seed": options.seed, "hardware": hardware(), "torch": torch.__version__, "rows": rows}
    if read is not None:
        facts["reader"] = {"name": read.info.name, "accuracy": accuracy(read, digits)}
    if options.picture:
        figures.save_results(options.picture, digits, denoisers[0], kind=options.kind[0], seed=options.seed)
    table = results_table(facts)
    _tell(options, facts, table)
    for path in options.update or ():
        renew(path, options.table, table)


def _same(noisy: Tensor) -> Tensor:
    return noisy


def _chosen_models(names: list[str]) -> list[str]:
    return [info.name for info in available()] if names == ["all"] else names


def _row(name: str, model: str, parameters: int, kind: str, scores: Scores) -> dict[str, Any]:
    return {"name": name, "model": model, "parameters": parameters, "kind": kind, **asdict(scores)}


def denoise(options: argparse.Namespace) -> None:
    """Denoise one picture; with an amount, drown it first and say how much came back."""
    pixels = read_picture_file(options.picture)
    denoiser = load(options.model)
    out = options.out or options.picture.with_name(options.picture.stem + "-denoised.png")
    facts: dict[str, Any] = {"out": str(out), "model": denoiser.info.name, "device": str(denoiser.device)}
    if options.amount is None:
        denoised = denoiser(torch.from_numpy(nearest(pixels)).float()[None, None] / 255)
    else:
        clean = digit_from_drawing(shrink(pixels))
        if not clean.any():
            raise ValueError(f"{options.picture}: there is no ink in it; draw a digit first")
        generator = torch.Generator().manual_seed(options.seed)
        noisy = corrupt(clean, options.amount, options.kind, generator=generator)
        denoised = denoiser(noisy)
        facts |= {f"psnr_{name}": round(float(psnr(x, clean)), 2) for name, x in _named(noisy, denoised)}
        facts |= {f"ssim_{name}": round(float(ssim(x, clean)), 4) for name, x in _named(noisy, denoised)}
    write_picture(out, denoised)
    _tell(options, facts, f"Wrote {out}" + _listed({k: v for k, v in facts.items() if "_" in k}, before=": "))


def _named(noisy: Tensor, denoised: Tensor) -> list[tuple[str, Tensor]]:
    return [("noisy", noisy), ("denoised", denoised)]


def data(options: argparse.Namespace) -> None:
    """Say which digits there are and where from."""
    if options.download and missing_files():
        _say(options, f"Downloaded MNIST to {download_mnist(progress=not options.json)}")
    digits = load_digits(options.data, options.split)
    counts = torch.bincount(digits.labels, minlength=10).tolist() if digits.labels is not None else []
    if options.preview:
        figures.save_preview(options.preview, digits)
    facts = {"data": digits.source, "split": options.split, "digits": len(digits), "counts": counts}
    each = ", ".join(f"{digit}: {count:,}" for digit, count in enumerate(counts))
    _tell(options, facts, f"{digits.source}, {options.split}: {len(digits):,} digits ({each or 'without labels'})")


def models(options: argparse.Namespace) -> None:
    """List the networks with their number of weights, and the shipped checkpoints."""
    if options.summary:
        layers = summary(build(options.summary))
        text = "\n".join(f"{x['layer']:<28}{x['type']:<18}{str(x['shape']):<20}{x['parameters']:>12,}" for x in layers)
        return _tell(options, {"model": options.summary, "layers": layers}, text)
    sizes = {name: parameter_count(build(name)) for name in MODELS}
    shipped = [asdict(read_info(path)) for path in sorted(CHECKPOINTS.glob("*.safetensors"))]
    lines = [f"{name:<22}{size:>12,} weights" for name, size in sizes.items()]
    lines += ["", *(f"{x['name']:<22}trained on {x['data']}, {x['steps']:,} steps" for x in shipped)]
    _tell(options, {"models": sizes, "shipped": shipped, "default": DEFAULT}, "\n".join(lines))


def _say(options: argparse.Namespace, line: str) -> None:
    if not options.json:
        print(line)


def _tell(options: argparse.Namespace, facts: dict[str, Any], text: str) -> None:
    print(json.dumps(_finite(facts), allow_nan=False) if options.json else text)


def _finite(value: Any) -> Any:
    """The same without infinity and NaN, which JSON does not know: null stands for them."""
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _listed(facts: dict[str, Any], before: str = "") -> str:
    words = ", ".join(f"{key.replace('_', ' ')} {value:g}" for key, value in facts.items())
    return before + words if words else ""
