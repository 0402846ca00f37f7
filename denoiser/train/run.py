"""Training as an iterator of steps: command line, notebook and page consume the same `TrainingRun`."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path

import torch
from torch import Tensor, nn

from denoiser.checkpoint import Info, save_checkpoint
from denoiser.data import Digits, load_digits
from denoiser.devices import chosen_device, hardware
from denoiser.inference import Denoiser, Reader
from denoiser.models import config_of, parameter_count
from denoiser.models.layers import dropout_generator
from denoiser.precision import PRECISIONS, fastest_precision
from denoiser.train.averaging import Average
from denoiser.train.batches import Batches, mixed_seed
from denoiser.train.compilation import compiler_errors
from denoiser.train.config import TrainingConfig
from denoiser.train.epochs import Epochs
from denoiser.train.fine_tuning import Layer, initial_network, layers_of
from denoiser.train.optimizers import make_optimizer
from denoiser.train.schedule import SCHEDULES
from denoiser.train.state import TrainingState, put_state, take_state
from denoiser.train.step import Diverged, Step
from denoiser.train.tasks import task_of
from denoiser.train.validation import VALIDATION_DIGITS, Best, Validation, predictions


class TrainingRun:
    """A training run: iterate over it to train, stop whenever you like.

    Every `Step` is yielded after its update; leaving the loop keeps the weights as they are, and a later loop
    goes on from there. Which digits a step sees, their noise and their movements depend on the seed and the
    step's number alone, so that an interrupted run can be continued exactly.

    Args:
        config: what to train, on what, how, and for how long.
        resume: what `state()` returned, to go on from there.
        data: digits to train on instead of those that `config.data` names, and `held_out` those to validate on.
        start: a trained network to begin with instead of fresh weights, for fine-tuning; it is not changed.
        device: None takes CUDA or MPS where there is one, else the CPU.

    Raises:
        ValueError: data without labels for a classifier, a start that is another network than the configuration's, a
            state of another network or optimizer, or a device that is not there.
    """

    def __init__(
        self,
        config: TrainingConfig,
        resume: TrainingState | None = None,
        *,
        data: Digits | None = None,
        held_out: Digits | None = None,
        start: nn.Module | None = None,
        device: str | torch.device | None = None,
    ) -> None:
        self.config = config
        self.device = chosen_device(device)
        self.data = (
            data if data is not None else load_digits(config.data, "train", digits=config.digits, limit=config.limit)
        )
        self.task = task_of(config)
        self.task.check(self.data)
        self._held_out = held_out
        self.model = initial_network(config, start).to(self.device)
        self._batches = Batches(self.data, config, self.device)
        self.precision = resume.precision if resume is not None else config.precision
        began = time.perf_counter()
        if self.precision == "auto":
            self.precision = fastest_precision(config.model, config.model_config, config.batch_size, self.device)
        choosing = time.perf_counter() - began  # counts as training: whoever gave a budget has waited for it
        self._how = PRECISIONS[self.precision]
        self._how.lay_out(self.model)
        with compiler_errors():
            self._compiled = torch.compile(self.model) if config.compile else self.model
        self._untried = config.compile  # it is at the first step that the compiler is called
        self._masks = dropout_generator(self.model, self.device)
        self._optimizer = make_optimizer(config, self.model, self.device)
        self._average = Average(self.model, config.average) if config.average else None
        self.step, self.seconds, self._closed = 0, choosing, False
        self.best = Best()
        if resume is not None:
            put_state(resume, config, self._optimizer, self.best, self._networks())
            if self._average is not None:
                self._average.mend()
            self.step, self.seconds = resume.step, resume.seconds
        self.epochs = Epochs(config, len(self.data), resume.epoch if resume is not None else (0.0, 0))

    def __iter__(self) -> Iterator[Step]:
        return self

    def __next__(self) -> Step:
        if self._closed or self.progress >= 1 or self.ended_early:
            raise StopIteration
        start = time.perf_counter()
        learning_rate = self.config.learning_rate * SCHEDULES[self.config.schedule](self.progress)
        with compiler_errors(self._untried):
            loss = self._update(self.step + 1, learning_rate)
        self._untried = False
        self.step += 1
        self.seconds += time.perf_counter() - start
        pictures, every = self.step * self.config.batch_size, self.config.validate_every
        score = self.validate() if every and self.step % every == 0 else None
        epoch, epoch_loss = self.epochs.over(self.step), self.epochs.note(self.step, loss)
        return Step(self.step, loss, learning_rate, pictures, self.seconds, self.progress, score, epoch, epoch_loss)

    def _update(self, step: int, learning_rate: float) -> float:
        self._masks.manual_seed(mixed_seed(~self.config.seed, step))
        if not self.model.training:
            self.model.train()
        for group in self._optimizer.param_groups:
            group["lr"] = learning_rate
        loss = self.task.loss(self._outputs, self._batches, step)
        if not math.isfinite(loss.item()):
            self.close()
            raise Diverged(f"the loss is no longer finite at step {step}: lower the learning rate")
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if self.config.clip_gradient:
            nn.utils.clip_grad_norm_(self.model.parameters(), self.config.clip_gradient)
        self._optimizer.step()
        if self._average is not None:
            self._average.update(step)
        return loss.item() / self.task.loss_unit

    def _outputs(self, pictures: Tensor, *told: Tensor) -> Tensor:
        """The network in training, in its number format and memory layout; float32."""
        with self._how.autocast(self.device):
            outputs = self._compiled(pictures.to(memory_format=self._how.memory_format), *told)
        return outputs.float()

    def close(self) -> None:
        """End the run: the next step raises StopIteration. The weights stay as the last update left them."""
        self._closed = True

    @property
    def progress(self) -> float:
        """The share of the budget that is used up, in [0, 1]: of the steps, epochs or seconds, whichever is most."""
        steps, seconds = self.epochs.last_step, self.config.seconds
        return min(1.0, max(self.step / steps if steps else 0.0, self.seconds / seconds if seconds else 0.0))

    @property
    def ended_early(self) -> bool:
        """Whether validation has not improved for as long as the configuration's patience."""
        return 0 < self.config.patience <= self.best.unimproved

    @cached_property
    def validation(self) -> Validation:
        """The held-out digits and their noise; read when they are first asked for."""
        c = self.config
        held_out = self._held_out or load_digits(c.data, "validation", digits=c.digits, limit=VALIDATION_DIGITS)
        return Validation(held_out, c, self.device)

    def validate(self) -> float:
        """Score the network as it stands on held-out digits, and keep its weights if they are the best so far.

        Returns:
            the MSE, or of a classifier the share of digits read wrongly: lower is better.
        """
        score = self.score()
        self.best.offer(score, self.step, self._shown())
        return score

    def score(self, on: Validation | None = None) -> float:
        """The same score, on other digits where they are given, and nothing is kept."""
        return (on or self.validation).score(self._shown(), self._how)

    def answers(self, pictures: Tensor) -> Tensor:
        """What the network as it stands makes of pictures ``[N, 1, 28, 28]``, in [0, 1]; nothing is copied."""
        return self.task.answers(predictions(self._shown(), pictures.to(self.device), self._how)).cpu()

    def denoiser(self) -> Denoiser:
        """A copy of the network as it stands (averaged, where the run averages), ready to denoise."""
        return Denoiser(self.network(), self.info(), self.device)

    def reader(self) -> Reader:
        """The same of a classifier, ready to read."""
        return Reader(self.network(), self.info(), self.device)

    def network(self) -> nn.Module:
        """A copy of the network as it stands."""
        return copy.deepcopy(self._shown())

    def best_network(self) -> nn.Module:
        """A copy of the network with the weights that validated best; as it stands where none were validated."""
        network = self.network()
        if self.best.weights:
            network.load_state_dict(self.best.weights)
        return network

    def layers(self) -> tuple[Layer, ...]:
        """The layers that hold weights, in order, and whether this run trains them."""
        return layers_of(self.model)

    def info(self, metrics: Mapping[str, float] | None = None) -> Info:
        """What a checkpoint of this moment says of itself."""
        c = self.config
        return Info(
            model=c.model,
            config=config_of(self.model),
            parameters=parameter_count(self.model),
            data=self.data.source,
            noise=self.task.noise,
            steps=self.step,
            seconds=round(self.seconds, 1),
            hardware=hardware(self.device),
            training=asdict(c) | {"precision": self.precision},
            metrics=dict(metrics or {}),
        )

    def save(self, path: str | Path, metrics: Mapping[str, float] | None = None, *, best: bool = False) -> None:
        """Write the network as it stands as a checkpoint, or its best; errors as for `save_checkpoint`."""
        save_checkpoint(path, self.best_network() if best else self._shown(), self.info(metrics))

    def state(self) -> TrainingState:
        """All that `resume` needs to go on exactly; `save_state` writes it to a file."""
        numbers = (self.config, self.precision, self.step, self.seconds)
        state = take_state(*numbers, self._optimizer, self.best, self._networks())
        return replace(state, epoch=self.epochs.losses)

    def _networks(self) -> dict[str, nn.Module]:
        return {"model": self.model} | ({"average": self._average.network} if self._average is not None else {})

    def _shown(self) -> nn.Module:
        return self._average.network if self._average is not None else self.model
