"""From the options of `train` to a run that can begin: everything is checked here, before an hour is spent."""

from __future__ import annotations

import argparse
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from denoiser.atomic import remove_halves
from denoiser.data import chosen_digits
from denoiser.inference import DEFAULT, load_network
from denoiser.models import build, can_be_told, parameter_count
from denoiser.noise import KINDS
from denoiser.train.augmentation import Augmentation
from denoiser.train.config import TrainingConfig
from denoiser.train.fine_tuning import origin
from denoiser.train.recipes import PRESETS, RECIPES
from denoiser.train.state import TrainingState, load_state
from denoiser.train.tasks import TASKS

VALIDATE_EVERY = 200  # steps; a score costs about two updates, and without any nothing good could be kept
# What makes a run the run it is, and what of it may change where it goes on.
FIXED = (
    *("model", "preset", "start", "data", "digits", "limit", "seed"),
    *("optimizer", "dropout", "told", "average", "train_only"),
)
FREE = (
    *("batch_size", "importance_sampling", "loss", "learning_rate", "schedule", "weight_decay"),
    *("validate_every", "patience", "compile"),
)
BUDGETS = ("steps", "seconds", "epochs")
FARTHEST = Augmentation(rotation=180.0, shift=14.0, scale=0.9, slant=1.0, crop=12.0)
COPIES = 10  # of the weights: a state holds up to five, and the one before it lies beside it until it is replaced


@dataclass(frozen=True)
class Pauses:
    """At least so many seconds between two states, and so many epochs between two numbered checkpoints; 0 for none."""

    seconds: float = 60.0
    epochs: int = 0


@dataclass(frozen=True)
class Plan:
    """What to train, where it begins, and where it is written."""

    config: TrainingConfig
    state: TrainingState | None
    start: nn.Module | None
    out: Path
    pauses: Pauses

    @property
    def state_file(self) -> Path:
        """Where the resumable state is saved, beside the checkpoint."""
        return self.out.with_suffix(".state")

    def numbered(self, epoch: int) -> Path:
        """Where the checkpoint of an epoch is written, beside the last one."""
        return self.out.with_name(f"{self.out.stem}_{epoch}.safetensors")


def plan(options: argparse.Namespace) -> Plan:
    """Read and check the options.

    Raises:
        ValueError: options that contradict each other or are out of range.
        OSError: a file that is not there.
    """
    pauses = _pauses(options.save_every)
    state = load_state(options.resume) if options.resume else None
    start = None
    if state is None:
        config, start = _new_config(options)
    else:
        config = _resumed_config(options, state.config)
    if config.patience and not config.validate_every:
        raise ValueError("--patience counts validations: leave out --validate-every 0")
    out = options.out or (options.resume or Path(config.model)).with_suffix(".safetensors")
    chosen = Plan(config, state, start, out, pauses)
    _remove_halves(options, chosen)
    _check_places(options, chosen)
    return chosen


def _pauses(given: Sequence[Sequence[str]]) -> Pauses:
    """What is said by each --save-every: a number of seconds, or of epochs where that word follows it."""
    pauses = Pauses()
    for words in given:
        said = " ".join(words)
        found = re.fullmatch(r"(\d+\.?\d*|\.\d+) ?(seconds?|epochs?|)", said)
        number = float(found[1]) if found else -1.0
        if found and found[2].startswith("epoch"):
            if not number.is_integer() or number < 1:
                raise ValueError(f"--save-every {said}: give whole epochs, at least 1, as in --save-every 6 epochs")
            pauses = replace(pauses, epochs=int(number))
        elif 0 <= number <= 86_400:
            pauses = replace(pauses, seconds=number)
        else:
            example = "or epochs, as in --save-every 6 epochs"
            raise ValueError(f"--save-every {said}: give seconds from 0, after every step, to 86400, {example}")
    return pauses


def _resumed_config(options: argparse.Namespace, config: TrainingConfig) -> TrainingConfig:
    """The configuration of an earlier run, with the changes that the command line asks for."""
    for name in (*FIXED, "precision"):
        if getattr(options, name) is not None:
            option = name.replace("_", "-")
            raise ValueError(f"--{option} belongs to the run that is resumed: leave it out, or leave out --resume")
    return replace(config, **_changes(options))


def _new_config(options: argparse.Namespace) -> tuple[TrainingConfig, nn.Module | None]:
    """The configuration of a new run, and the network to fine-tune if it begins with one."""
    start, model, model_config = None, options.model or DEFAULT, None
    if options.start is not None:
        start, info = load_network(options.start)
        if options.model not in (None, info.model):
            raise ValueError(f"--start {options.start} is a {info.model}: leave out --model {options.model}")
        model, model_config = info.model, dict(info.config)
    recipe: dict[str, Any] = {"validate_every": VALIDATE_EVERY} | _recipe(options, model) | _changes(options)
    if options.limit is not None and options.batch_size is None:  # else a batch would hold the same digits twice
        recipe["batch_size"] = min(recipe.get("batch_size", TrainingConfig.batch_size), max(1, options.limit))
    if model_config is not None:  # the size is that of the network to fine-tune
        recipe["model_config"] = model_config
    given = {"dropout": options.dropout, "told": options.told}
    if own := {name: value for name, value in given.items() if value is not None}:
        if options.told and not can_be_told(recipe.get("model_config", {})):
            own["told_kinds"] = len(KINDS)
        recipe["model_config"] = dict(recipe.get("model_config", {})) | own
    named = {"optimizer": options.optimizer, "average": options.average, "trained": options.train_only}
    named |= {"precision": options.precision, "data": options.data, "seed": options.seed, "limit": options.limit}
    recipe |= {name: value for name, value in named.items() if value is not None}
    digits = "0123456789" if options.digits is None else options.digits
    if not re.fullmatch("[0-9]+", digits):
        raise ValueError(f"--digits {digits}: name those to learn, each from 0 to 9, such as 01")
    chosen = chosen_digits(int(digit) for digit in digits)
    began_with = origin(info) if start is not None else ""
    config = TrainingConfig(model=model, digits=tuple(chosen), began_with=began_with, **recipe)
    if config.trained == "decoder" and start is None:
        raise ValueError("--train-only decoder keeps the other layers as they are: name a trained network with --start")
    return config, start


def _recipe(options: argparse.Namespace, model: str) -> dict[str, Any]:
    if options.preset is None:
        return RECIPES[model]
    if options.preset not in PRESETS.get(model, {}):
        names = ", ".join(PRESETS.get(model, {})) or "none"
        raise ValueError(f"{model} has no preset {options.preset!r} (it has {names}): leave out --preset")
    if not _budget(options):
        raise ValueError("--preset needs a budget: give --epochs, --steps or --seconds")
    return PRESETS[model][options.preset]


def _changes(options: argparse.Namespace) -> dict[str, Any]:
    """What the command line says of how a run learns, as fields of `TrainingConfig`."""
    changes = {name: getattr(options, name) for name in FREE}
    changes["kinds"] = tuple(options.kinds.split(",")) if options.kinds else None
    changes["amounts"] = tuple(options.amounts) if options.amounts else None
    known = {name: value for name, value in changes.items() if value is not None}
    if options.augment is not None:
        known["augment"] = augmentation(options.augment)
    if options.loss is not None:
        known["loss_scale"] = 1.0  # a scale belongs to the loss that is replaced
    if budget := _budget(options):
        known |= dict.fromkeys(BUDGETS) | budget
    return known


def _budget(options: argparse.Namespace) -> dict[str, float]:
    """What is given of steps, seconds and epochs."""
    return {name: value for name in BUDGETS if (value := getattr(options, name)) is not None}


def augmentation(words: Sequence[str]) -> Augmentation | None:
    """Movements out of words such as ``rotation=15``: those that are named, all if none is, None for "none".

    Raises:
        ValueError: another name, or a number out of its range.
    """
    if not words:
        return Augmentation()
    if list(words) == ["none"]:
        return None
    found = dict.fromkeys((field.name for field in fields(Augmentation)), 0.0)
    for word in words:
        name, _, number = word.partition("=")
        if name not in found:
            raise ValueError(f"--augment {word}: name {', '.join(found)}, each with =NUMBER, or none")
        most = getattr(FARTHEST, name)
        # Digits and a point only: float() would take nan as well.
        if not re.fullmatch(r"\d+\.?\d*|\.\d+", number) or float(number) > most:
            raise ValueError(f"--augment {word}: give {name} a number from 0 to {most:g}, as in {name}={most / 10:g}")
        found[name] = float(number)
    return Augmentation(**found)


def _check_places(options: argparse.Namespace, chosen: Plan) -> None:
    """Whether all that is to be written can be written when the time has come; folders that are missing are made."""
    out = chosen.out
    if out.suffix != ".safetensors" or not out.parent.is_dir() or out.is_dir():
        raise ValueError(f"--out {out}: name a file that ends in .safetensors, in a folder that exists")
    if chosen.state_file.is_dir():
        raise ValueError(f"--out {out}: {chosen.state_file}, where the state belongs, is a folder: choose another name")
    if options.samples is not None and TASKS[chosen.config.model].reads:
        raise ValueError(f"--samples shows denoised pictures, and {chosen.config.model} reads digits: leave it out")
    for option, folder in (("out", out.parent), ("samples", options.samples), ("tensorboard", options.tensorboard)):
        if folder is not None:
            _check_folder(f"--{option}", folder)
    with torch.device("meta"):  # only to be counted
        network = build(chosen.config.model, chosen.config.model_config)
    needed = COPIES * 4 * parameter_count(network)
    free = shutil.disk_usage(out.parent).free
    if free < needed:
        raise OSError(
            f"--out {out}: only {free / 1e6:,.1f} MB are free there, and this run may need {needed / 1e6:,.1f} MB: "
            "free some space or choose another place"
        )


def _check_folder(option: str, folder: Path) -> None:
    """Make a folder if it is missing, and see that files can be written in it; OSError with one line if not."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise OSError(f"{option}: {folder} cannot be written ({error.strerror}): choose another place") from error


def _remove_halves(options: argparse.Namespace, chosen: Plan) -> None:
    """Remove what killed runs had half written where this one writes, or where the one that it resumes wrote."""
    numbered = rf"{re.escape(chosen.out.stem)}_\d+\.safetensors"
    for path in filter(None, (chosen.out, chosen.state_file, options.resume)):
        remove_halves(path.parent, re.escape(path.name))
    remove_halves(chosen.out.parent, numbered)
