"""A training run as a visitor asks for it: a few plain values, checked and capped, that become a `TrainingConfig`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from denoiser.augment import Augmentation
from denoiser.config import TrainingConfig
from denoiser.models import CLASSIFIERS, MODELS
from denoiser.noise import KINDS

SHORTEST, LONGEST = 1.0, 600.0  # seconds of training that a visitor may ask for
DEFAULT_SECONDS = 15.0
LARGEST_BATCH = 1024
LIVE_DATA = ("auto", "mnist", "own", "mnist+own")
QUICK = dict(optimizer="adamw", schedule="one_cycle", batch_size=64, clip_gradient=1.0, average=0.98)
STEADY = dict(optimizer="adamw", schedule="one_cycle", batch_size=32, clip_gradient=1.0)
# Muon needs no warm-up: with the full learning rate from the first step on, half the steps bring recognisable digits.
FASTEST = dict(
    optimizer="muon",
    schedule="cosine",
    batch_size=64,
    learning_rate=0.04,
    weight_decay=0.1,  # the longer a run, the less: learning rate, weight decay and steps multiply to about 2
    average=0.97,
    emphasis=1.0,
)
SMALL = dict(width=32, deep_width=32, blocks_deep=3, tone_curves=4)
SMALLER = SMALL | dict(blocks_deep=2)
# What changes with the budget where a visitor follows the recommended recipe: up to so many seconds, these values. The
# briefest runs gain from more and larger steps on fewer pictures; longer ones from smaller steps, and then from more
# weights.
BRIEFEST, BRIEF, LONG = 5.0, 20.0, 60.0
BY_BUDGET: dict[str, dict[float, dict[str, Any]]] = {
    "residual_unet": {
        BRIEFEST: dict(
            schedule="trapezoid",
            batch_size=16,
            learning_rate=0.05,
            weight_decay=0.0,
            average=0.0,
            emphasis=0.5,
            model_config=SMALLER,
        ),
        BRIEF: {},
        LONG: dict(batch_size=32, learning_rate=0.02, weight_decay=0.04, average=0.99),
        LONGEST: dict(learning_rate=0.02, weight_decay=0.015, average=0.99, model_config={}),
    },
}

# What goes with an optimizer that a visitor takes in place of the recipe's: a step of Muon is no step of Adam.
BY_OPTIMIZER: dict[str, dict[str, float]] = {
    "adam": dict(learning_rate=2e-3, weight_decay=0.0),
    "adamw": dict(learning_rate=2e-3, weight_decay=0.01),
    "sgd": dict(learning_rate=0.1, weight_decay=0.0),
    "muon": dict(learning_rate=0.04, weight_decay=0.0),
}

# The loss for which those learning rates are meant: Adam hardly feels how the loss is scaled, SGD does.
MEAN: dict[str, Any] = dict(loss="mse", loss_scale=1.0)

# What each network is trained with unless a visitor says otherwise: as it learns fastest, and as its tutorial has it,
# bugs included. The book's own run divides pixels by 512 and adds no noise, so nothing in it learns to denoise; it sums
# up the errors of all pixels, a hundredfold, draws digits with replacement and calls 20 passes over them an epoch.
PRESETS: dict[str, dict[str, dict[str, Any]]] = {
    "residual_unet": {"recommended": dict(model_config=SMALL, **FASTEST)},
    "simple_unet": {
        "recommended": dict(**QUICK, learning_rate=2e-3),
        "tutorial": dict(optimizer="adam", schedule="constant", learning_rate=1e-3, batch_size=128),
    },
    "conv_autoencoder": {
        "recommended": dict(**QUICK, learning_rate=2e-3),
        "tutorial": dict(
            optimizer="adam",
            schedule="constant",
            learning_rate=2e-5,
            batch_size=320,
            amounts=(0.0, 0.0),
            pixel_scale=255 / 512,
            sampling="replacement",
            passes=20,
            loss="sum",
            loss_scale=100.0,
        ),
    },
    "dense_autoencoder": {
        "recommended": dict(**QUICK, learning_rate=3e-3),
        "tutorial": dict(optimizer="adam", schedule="constant", learning_rate=1e-3, batch_size=32, amounts=(0.0, 0.0)),
    },
    "lean_classifier": {"recommended": dict(**STEADY, learning_rate=3e-3)},
    # Its tutorial goes wrong only where it reads: dropout stays on there. Training is as it stands in the tutorial.
    "tutorial_classifier": {
        "recommended": dict(**STEADY, learning_rate=1e-3),
        "tutorial": dict(optimizer="adam", schedule="constant", learning_rate=1e-3, batch_size=64),
    },
}


@dataclass(frozen=True)
class LiveSettings:
    """What a visitor chooses. None leaves a value to the preset.

    Attributes:
        model: a key of `MODELS`; `preset` "recommended" or, where the network comes from one, "tutorial".
        digits: those to learn; `data` one of `LIVE_DATA`.
        kinds: of noise, sharing each batch evenly; `amounts` the lowest and highest. Both are None for a classifier,
            which learns from clean digits.
        seconds: the budget, from `SHORTEST` to `LONGEST`.
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
    kinds: tuple[str, ...] | None = None
    amounts: tuple[float, float] | None = None
    seconds: float = DEFAULT_SECONDS
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
        if self.data not in LIVE_DATA:
            raise ValueError(f"unknown data {_short(self.data)}: choose one of {', '.join(LIVE_DATA)}")
        if self.model in CLASSIFIERS and (self.kinds, self.amounts) != (None, None):
            raise ValueError(f"{self.model} learns to read clean digits: leave out kinds and amounts of noise")
        if not self.digits:
            raise ValueError("no digit is chosen: choose at least one to learn")
        if not SHORTEST <= self.seconds <= LONGEST:
            raise ValueError(f"the budget must lie between {SHORTEST:g} and {LONGEST:g} seconds, not {self.seconds:g}")
        if self.batch_size is not None and not 1 <= self.batch_size <= LARGEST_BATCH:
            raise ValueError(f"batch_size must lie between 1 and {LARGEST_BATCH}, not {self.batch_size}")
        self.config()  # the other limits are the configuration's own

    @classmethod
    def of(cls, values: object) -> LiveSettings:
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
            changes = BY_BUDGET.get(self.model, {LONGEST: {}})
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
            seconds=self.seconds,
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
    **dict.fromkeys(("seed", "batch_size", "patience"), int),
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
