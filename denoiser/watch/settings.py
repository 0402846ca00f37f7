"""A training run as a visitor asks for it: a few plain values, checked and capped, that become a `TrainingConfig`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from denoiser.models import MODELS
from denoiser.noise import KINDS
from denoiser.train.augmentation import Augmentation
from denoiser.train.config import TrainingConfig
from denoiser.train.recipes import BY_BUDGET, BY_OPTIMIZER, LONGEST_RUN, MEAN, PRESETS
from denoiser.train.tasks import TASKS

SHORTEST_RUN = 1.0  # seconds of training that a visitor may ask for, up to LONGEST_RUN
DEFAULT_SECONDS = 15.0
LARGEST_BATCH = 1024
DATA_CHOICES = ("auto", "mnist", "own", "mnist+own")


@dataclass(frozen=True)
class RunSettings:
    """What a visitor chooses. None leaves a value to the preset.

    Attributes:
        model: a key of `MODELS`; `preset` "recommended" or, where the network comes from one, "tutorial".
        digits: those to learn; `data` one of `DATA_CHOICES`.
        limit: how many of them at most, always the same ones; None for all. Such a run also says how it does on these.
        kinds: of noise, sharing each batch evenly; `amounts` the lowest and highest. Both are None for a classifier,
            which learns from clean digits.
        seconds: the budget, from `SHORTEST_RUN` to `LONGEST_RUN`.
        steps: how many of them at most within these seconds, so that runs can be compared; None for no such bound.
        seed: of weights, order and noise.
        optimizer, learning_rate, schedule, weight_decay, batch_size: see `TrainingConfig`. Another optimizer than the
            preset's brings its own learning rate and weight decay.
        dropout: share of activations dropped, in [0, 0.9].
        patience: validations without improvement after which the run ends, 0 for never.
        augment: whether the digits are rotated, shifted and scaled a little.
        trained: "all" layers or the "decoder" alone.

    Raises:
        ValueError: a value out of its range, in one line.
    """

    model: str = "residual_unet"
    preset: str = "recommended"
    digits: tuple[int, ...] = tuple(range(10))
    data: str = "auto"
    limit: int | None = None
    kinds: tuple[str, ...] | None = None
    amounts: tuple[float, float] | None = None
    seconds: float = DEFAULT_SECONDS
    steps: int | None = None
    seed: int = 0
    optimizer: str | None = None
    learning_rate: float | None = None
    schedule: str | None = None
    weight_decay: float | None = None
    batch_size: int | None = None
    dropout: float | None = None
    patience: int | None = None
    augment: bool | None = None
    trained: str = "all"

    def __post_init__(self) -> None:
        if self.model not in MODELS:
            raise ValueError(f"unknown network {_short(self.model)}: choose one of {', '.join(MODELS)}")
        if self.preset not in PRESETS[self.model]:
            names = ", ".join(PRESETS[self.model])
            raise ValueError(f"{self.model} has no preset {_short(self.preset)}: choose one of {names}")
        if self.data not in DATA_CHOICES:
            raise ValueError(f"unknown data {_short(self.data)}: choose one of {', '.join(DATA_CHOICES)}")
        if TASKS[self.model].reads and (self.kinds, self.amounts) != (None, None):
            raise ValueError(f"{self.model} learns to read clean digits: leave out kinds and amounts of noise")
        if not self.digits:
            raise ValueError("no digit is chosen: choose at least one to learn")
        if not SHORTEST_RUN <= self.seconds <= LONGEST_RUN:
            raise ValueError(
                f"the budget must lie between {SHORTEST_RUN:g} and {LONGEST_RUN:g} seconds, not {self.seconds:g}"
            )
        if self.batch_size is not None and not 1 <= self.batch_size <= LARGEST_BATCH:
            raise ValueError(f"batch_size must lie between 1 and {LARGEST_BATCH}, not {self.batch_size}")
        self.config()  # the other limits are the configuration's own

    @classmethod
    def of(cls, values: object) -> RunSettings:
        """Settings out of a stranger's JSON object; ValueError for an unknown name or another type."""
        if not isinstance(values, Mapping):
            raise ValueError("the settings must be an object of names and values")
        unknown = sorted(str(name) for name in values.keys() - {field.name for field in fields(cls)})
        if unknown:
            raise ValueError(f"unknown setting {_short(unknown[0])}: leave it out")
        return cls(**{name: _checked(name, value) for name, value in values.items() if value is not None})

    def config(self) -> TrainingConfig:
        """The configuration of this run."""
        values = dict(PRESETS[self.model][self.preset])
        if self.preset == "recommended":
            changes = BY_BUDGET.get(self.model, {LONGEST_RUN: {}})
            values |= changes[min(most for most in changes if self.seconds <= most)]
        if self.optimizer is not None and self.optimizer != values["optimizer"]:
            values |= BY_OPTIMIZER.get(self.optimizer, {}) | MEAN
        for name in ("kinds", "amounts", "optimizer", "learning_rate", "schedule", "weight_decay", "batch_size"):
            if getattr(self, name) is not None:
                values[name] = getattr(self, name)
        if self.dropout is not None:
            values["model_config"] = values.get("model_config", {}) | {"dropout": self.dropout}
        return TrainingConfig(
            model=self.model,
            data=self.data,
            digits=self.digits,
            limit=self.limit,
            seconds=self.seconds,
            steps=self.steps,
            seed=self.seed,
            augment=Augmentation() if self.augment else None,
            patience=self.patience or 0,
            trained=self.trained,
            **values,
        )


# The type of each value in JSON; a list is the type of its items.
_TYPES: dict[str, Any] = {
    **dict.fromkeys(("model", "preset", "data", "optimizer", "schedule", "trained"), str),
    **dict.fromkeys(("seconds", "learning_rate", "weight_decay", "dropout"), float),
    **dict.fromkeys(("limit", "steps", "seed", "batch_size", "patience"), int),
    "augment": bool,
    "digits": [int],
    "kinds": [str],
    "amounts": [float],
}
_MOST_ITEMS = max(10, len(KINDS))
_WORDS = {str: "text", float: "a number", int: "a whole number", bool: "true or false"}


def _checked(name: str, value: object) -> Any:
    kind = _TYPES[name]
    if isinstance(kind, list):
        if not isinstance(value, (list, tuple)) or len(value) > _MOST_ITEMS:
            raise ValueError(f"{name} must be a list of at most {_MOST_ITEMS} values, not {_short(value)}")
        return tuple(_one(name, item, kind[0]) for item in value)
    return _one(name, value, kind)


def _one(name: str, value: object, kind: type) -> Any:
    if kind is float and type(value) is int and abs(value) < 2**53:
        value = float(value)
    if type(value) is not kind or (isinstance(value, float) and not math.isfinite(value)):
        raise ValueError(f"{name} must be {_WORDS[kind]}, not {_short(value)}")
    return value


def _short(value: object) -> str:
    """A stranger's value, never longer than a line."""
    text = repr(value)
    return text if len(text) <= 40 else text[:39] + "…"
