"""What a network learns, to denoise or to read: all that a run does differently for the two stands here side by side.

An error is the score on held-out digits of which the best weights have the least: lower is better.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from denoiser.checkpoint import Info
from denoiser.data import Digits
from denoiser.evaluation import accuracy, evaluate
from denoiser.inference import Denoiser, Reader
from denoiser.models import CLASSIFIERS, DENOISERS
from denoiser.pictures import SIDE
from denoiser.train.batches import Batches
from denoiser.train.config import TrainingConfig
from denoiser.train.noising import noisy_held_out, noisy_samples

Network = Callable[..., Tensor]  # pictures, and what else it is told of each, to float32 outputs


@dataclass(frozen=True)
class Task(ABC):
    """What a run trains its network for.

    Attributes:
        config: of the run.
        reads: whether the network reads digits; else it denoises them.
        ready: what a trained network becomes for use, made of it, of what is known of it, and of a device.
        worst_loss: a run whose mean loss stays above it has diverged.
        scored_untrained: whether the error before the first step says anything, so that it is worth its time.
    """

    config: TrainingConfig

    reads: ClassVar[bool]
    ready: ClassVar[type[Denoiser] | type[Reader]]
    worst_loss: ClassVar[float]
    scored_untrained: ClassVar[bool]

    @abstractmethod
    def check(self, digits: Digits) -> None:
        """ValueError where digits lack what is to be learned of them."""

    @abstractmethod
    def loss(self, network: Network, batches: Batches, step: int) -> Tensor:
        """What a step, counted from 1, minimises: the loss of a network in training on that step's batch."""

    @property
    @abstractmethod
    def loss_unit(self) -> float:
        """How many times the mean loss of a batch, per pixel where there are pixels, `loss` is."""

    @abstractmethod
    def held_out_inputs(self, clean: Tensor) -> Tensor:
        """What a network is given of held-out digits ``[N, 1, 28, 28]`` to be scored on, the same at every score."""

    @abstractmethod
    def error(self, outputs: Tensor, truth: Digits) -> float:
        """The error of what a network made of `held_out_inputs`."""

    @abstractmethod
    def doing_nothing(self, inputs: Tensor, truth: Digits) -> float:
        """The error of the inputs as they are, or of a guess where they are no answer."""

    @abstractmethod
    def knowing_nothing(self, inputs: Tensor, truth: Digits) -> float:
        """The least error without looking: of one answer for all inputs, or of doing nothing."""

    @abstractmethod
    def metrics(self, error: float) -> dict[str, float]:
        """An error on held-out digits as it is called and counted in a checkpoint."""

    @abstractmethod
    def epoch_metrics(self, error: float, training_error: Callable[[], float]) -> dict[str, float]:
        """What an epoch is judged by, rounded; the error on digits that are learned is asked for where it counts."""

    @abstractmethod
    def final_metrics(self, network: nn.Module, info: Info, device: torch.device, held_out: Digits) -> dict[str, float]:
        """What a network is judged by at the end, rounded, once it is ready for use."""

    @property
    @abstractmethod
    def noise(self) -> str:
        """The noise of the training pictures, in words."""

    @abstractmethod
    def sample_inputs(self, clean: Tensor) -> Tensor:
        """What a network is given of digits ``[N, 1, 28, 28]`` that show how it gets better."""

    @abstractmethod
    def answers(self, outputs: Tensor) -> Tensor:
        """A network's outputs as they are shown, in [0, 1]: pictures, or the probabilities of the ten digits."""


class Denoising(Task):
    """Noisy pictures in, clean ones out. The error is the MSE of pictures clipped to [0, 1]."""

    reads = False
    ready = Denoiser
    worst_loss = 1.0  # no picture in [0, 1] is further from another one
    scored_untrained = True

    def check(self, digits: Digits) -> None:
        """Any digits will do."""

    def loss(self, network: Network, batches: Batches, step: int) -> Tensor:
        batch = batches.noisy_and_clean(step)
        denoised = network(batch.noisy) if batch.told is None else network(batch.noisy, batch.told)
        loss = batch.loss(denoised, self.config.loss)
        return loss if self.config.loss_scale == 1 else self.config.loss_scale * loss

    @property
    def loss_unit(self) -> float:
        return self.config.loss_scale * (self.config.batch_size * SIDE * SIDE if self.config.loss == "sum" else 1)

    def held_out_inputs(self, clean: Tensor) -> Tensor:
        return noisy_held_out(clean, self.config)

    def error(self, outputs: Tensor, truth: Digits) -> float:
        return F.mse_loss(self.answers(outputs), truth.images).item()

    def doing_nothing(self, inputs: Tensor, truth: Digits) -> float:
        return F.mse_loss(inputs, truth.images).item()

    def knowing_nothing(self, inputs: Tensor, truth: Digits) -> float:
        mean_digit = truth.images.var(dim=0, unbiased=False).mean().item()
        return min(self.doing_nothing(inputs, truth), mean_digit)

    def metrics(self, error: float) -> dict[str, float]:
        return {"validation_mse": error}

    def epoch_metrics(self, error: float, training_error: Callable[[], float]) -> dict[str, float]:
        return {"validation_mse": round(error, 6)}

    def final_metrics(self, network: nn.Module, info: Info, device: torch.device, held_out: Digits) -> dict[str, float]:
        scores = evaluate(self.ready(network, info, device), held_out, kind=self.config.kinds[0], amounts=())
        return {"validation_mse": round(scores.mse["uniform"], 6)}

    @property
    def noise(self) -> str:
        low, high = self.config.amounts
        return f"{', '.join(dict.fromkeys(self.config.kinds))}; amount {low}–{high}"

    def sample_inputs(self, clean: Tensor) -> Tensor:
        return noisy_samples(clean, self.config)

    def answers(self, outputs: Tensor) -> Tensor:
        return outputs.clamp(0, 1)


class Reading(Task):
    """Clean digits in, ten logits out. The error is the share of digits that are read wrongly."""

    reads = True
    ready = Reader
    worst_loss = 10 * math.log(10)  # ten times the loss of whoever guesses among ten digits
    scored_untrained = False  # it guesses

    def check(self, digits: Digits) -> None:
        _labels(digits)

    def loss(self, network: Network, batches: Batches, step: int) -> Tensor:
        clean, labels = batches.clean_and_labels(step)
        assert labels is not None  # checked when the run was made
        return F.cross_entropy(network(clean), labels, label_smoothing=self.config.label_smoothing)

    loss_unit = 1.0

    def held_out_inputs(self, clean: Tensor) -> Tensor:
        return clean

    def error(self, outputs: Tensor, truth: Digits) -> float:
        return (outputs.argmax(dim=1) != _labels(truth)).double().mean().item()

    def doing_nothing(self, inputs: Tensor, truth: Digits) -> float:
        return self.knowing_nothing(inputs, truth)

    def knowing_nothing(self, inputs: Tensor, truth: Digits) -> float:
        commonest = _labels(truth).bincount().max().item()
        return 1 - commonest / len(truth)

    def metrics(self, error: float) -> dict[str, float]:
        return {"validation_accuracy": 1 - error}

    def epoch_metrics(self, error: float, training_error: Callable[[], float]) -> dict[str, float]:
        accuracies = {"training_accuracy": 1 - training_error(), "validation_accuracy": 1 - error}
        return {name: round(value, 5) for name, value in accuracies.items()}

    def final_metrics(self, network: nn.Module, info: Info, device: torch.device, held_out: Digits) -> dict[str, float]:
        return {"validation_accuracy": round(accuracy(self.ready(network, info, device), held_out), 5)}

    noise = "none"

    def sample_inputs(self, clean: Tensor) -> Tensor:
        return clean

    def answers(self, outputs: Tensor) -> Tensor:
        return outputs.softmax(dim=1)


def _labels(digits: Digits) -> Tensor:
    if digits.labels is None:
        raise ValueError("a classifier needs labelled digits: give data with labels")
    return digits.labels


TASKS: dict[str, type[Task]] = {**dict.fromkeys(DENOISERS, Denoising), **dict.fromkeys(CLASSIFIERS, Reading)}


def task_of(config: TrainingConfig) -> Task:
    """What a run of this configuration trains its network for."""
    return TASKS[config.model](config)
