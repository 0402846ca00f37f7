"""Everything that decides how a training run goes, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from denoiser.data import chosen_digits
from denoiser.models import DENOISERS, MODELS, checked_config
from denoiser.noise import KINDS
from denoiser.precision import PRECISIONS
from denoiser.train.augmentation import Augmentation
from denoiser.train.schedule import SCHEDULES

MOST_STEPS = 10_000_000
MOST_SECONDS = 24 * 60 * 60.0
LARGEST_BATCH = 4096
MOST_EPOCHS = 1_000_000
MOST_PASSES = 1000
LOSSES = ("mse", "rmse", "sum")
SAMPLINGS = ("shuffled", "replacement")


@dataclass(frozen=True)
class TrainingConfig:
    """Everything that decides how a run goes; two runs with equal configurations see equal digits and noise.

    Attributes:
        model: a key of `MODELS`, and `model_config` the settings it takes.
        data: what `load_digits` takes; `digits` those to learn; `limit` how many of them at most, drawn at random but
            always the same ones, None for all.
        steps, seconds, epochs: the budget; the run ends when one of them is used up. At least one must be given.
        passes: over the data, that make an epoch. `sampling` is "shuffled", every digit once a pass, or "replacement":
            each digit of a batch is drawn from all, so that a pass has some twice and misses others.
        batch_size: pictures per step. `kinds` of noise share a batch evenly; a kind named twice gets two shares.
        amounts: lowest and highest amount of noise, drawn uniformly per picture and evenly over each batch.
        importance_sampling: how much more often high amounts are drawn, where errors are large, with as much less
            weight in the loss: at u uniform in [0, 1] and a strength s of this, the amount lies ``1 - (1 - u)^(1 + s)``
            of the way from lowest to highest and counts ``(1 + s)(1 - u)^s``. The loss means the same.
        loss: "mse", or "rmse": the root of each picture's MSE, averaged, so that errors under little noise, which are
            small, count for more; or "sum": the squared errors of all pixels of a batch, summed up. A classifier has
            its own. `loss_scale` is what the loss is multiplied with before the gradient is taken.
        learning_rate: the highest of the `schedule`. `optimizer` is "adam", "adamw", "sgd" (momentum 0.9)
            or "muon".
        weight_decay: as the optimizer defines it. `clip_gradient`: the largest norm of the gradient, 0 for none; it is
            that of the loss as it is minimised, summed and scaled.
        average: decay of the moving average of weights that is saved and used, 0 for the last weights.
        augment: movements of the clean digits, None for none. `label_smoothing` is for classifiers.
        pixel_scale: what the clean digits are multiplied with; a tutorial divides pixels by 512 instead of 255.
        trained: "all" layers, or the "decoder" alone, for fine-tuning. `began_with`: whose weights, in words.
        validate_every: steps between two scores on held-out digits, 0 for none but those asked for.
        patience: scores without improvement after which the run ends (early stopping), 0 for never.
        compile: let `torch.compile` make faster code first; it takes a compiler and a minute.
        seed: of the weights, the order, the noise, the movements. `precision`: a key of `PRECISIONS`, or "auto".

    Raises:
        ValueError: a value out of its range, in one line.
    """

    model: str = "residual_unet"
    model_config: Mapping[str, Any] = field(default_factory=dict)
    data: str = "auto"
    digits: tuple[int, ...] = tuple(range(10))
    limit: int | None = None
    steps: int | None = None
    seconds: float | None = None
    epochs: float | None = None
    passes: int = 1
    sampling: str = "shuffled"
    batch_size: int = 128
    kinds: tuple[str, ...] = ("blend",)
    amounts: tuple[float, float] = (0.0, 1.0)
    importance_sampling: float = 0.0
    loss: str = "mse"
    loss_scale: float = 1.0
    optimizer: str = "adam"
    learning_rate: float = 1e-3
    schedule: str = "constant"
    weight_decay: float = 0.0
    clip_gradient: float = 0.0
    average: float = 0.0
    augment: Augmentation | None = None
    label_smoothing: float = 0.0
    pixel_scale: float = 1.0
    trained: str = "all"
    began_with: str = ""
    validate_every: int = 0
    patience: int = 0
    compile: bool = False
    seed: int = 0
    precision: str = "auto"

    def __post_init__(self) -> None:
        _known("model", self.model, MODELS)
        checked_config(self.model, self.model_config)
        _known("loss", self.loss, LOSSES)
        _known("sampling", self.sampling, SAMPLINGS)
        _known("optimizer", self.optimizer, ("adam", "adamw", "sgd", "muon"))
        _known("schedule", self.schedule, SCHEDULES)
        _known("precision", self.precision, ("auto", *PRECISIONS))
        for kind in self.kinds or ("",):
            _known("kind of noise", kind, KINDS)
        chosen_digits(self.digits)
        self._check_budget()
        _within("batch_size", self.batch_size, 1, LARGEST_BATCH, whole=True)
        _within("learning_rate", self.learning_rate, 1e-9, 1e3)
        _within("loss_scale", self.loss_scale, 1e-6, 1e6)
        _within("importance_sampling", self.importance_sampling, 0, 10)
        _within("weight_decay", self.weight_decay, 0, 1e3)
        _within("clip_gradient", self.clip_gradient, 0, 1e9)
        _within("average", self.average, 0, 0.999999)
        _within("label_smoothing", self.label_smoothing, 0, 0.999)
        _within("pixel_scale", self.pixel_scale, 0.01, 1)
        _known("choice of trained layers", self.trained, ("all", "decoder"))
        if self.trained == "decoder" and self.model not in DENOISERS:
            raise ValueError(f"{self.model} has no decoder: train all of its layers")
        _within("validate_every", self.validate_every, 0, MOST_STEPS, whole=True)
        _within("patience", self.patience, 0, MOST_STEPS, whole=True)
        _within("seed", self.seed, 0, 2**63 - 1, whole=True)
        if len(self.amounts) != 2:
            raise ValueError(f"amounts must be two numbers, lowest and highest, not {len(self.amounts)}")
        _within("the lowest amount", self.amounts[0], 0, 1)
        _within("the highest amount", self.amounts[1], self.amounts[0], 1)

    def _check_budget(self) -> None:
        if self.steps is None and self.seconds is None and self.epochs is None:
            raise ValueError("a run needs a budget: give steps, seconds or epochs")
        if self.steps is not None:
            _within("steps", self.steps, 1, MOST_STEPS, whole=True)
        if self.seconds is not None:
            _within("seconds", self.seconds, 0.01, MOST_SECONDS)
        if self.epochs is not None:
            _within("epochs", self.epochs, 0.001, MOST_EPOCHS)
        if self.limit is not None:
            _within("limit", self.limit, 1, MOST_STEPS, whole=True)
        _within("passes", self.passes, 1, MOST_PASSES, whole=True)


def _known(what: str, name: str, names: Mapping[str, Any] | tuple[str, ...]) -> None:
    if name not in names:
        raise ValueError(f"unknown {what} {name!r}: choose one of {', '.join(names)}")


def _within(what: str, value: float, lowest: float, highest: float, *, whole: bool = False) -> None:
    if type(value) is not int and (whole or type(value) is not float):
        raise ValueError(f"{what} must be a {'whole ' if whole else ''}number, not {value!r:.40}")
    if not lowest <= value <= highest:  # NaN fails both comparisons
        raise ValueError(f"{what} must lie between {lowest:g} and {highest:g}, not {value}")
