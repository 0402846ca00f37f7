"""All that a run needs to go on exactly where it stood, as one `.safetensors` file."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor, nn
from torch.optim import Optimizer

from denoiser.atomic import write_atomically
from denoiser.checkpoint import parse_safetensors, read_safetensors, renamed
from denoiser.train.augmentation import Augmentation
from denoiser.train.config import TrainingConfig
from denoiser.train.optimizers import memory_of
from denoiser.train.validation import Best

FORMAT = "denoiser-training-1"


@dataclass(frozen=True, eq=False)
class TrainingState:
    """A run between two steps.

    The order of the digits, their noise and the dropout masks follow from the seed and the step, so no generator has
    to be kept. `tensors` are named "model.…", "average.…" (if the run averages), "best.…" (if it was validated) and
    "optimizer.NUMBER.…".
    """

    config: TrainingConfig
    precision: str
    step: int
    seconds: float
    tensors: Mapping[str, Tensor] = field(repr=False)
    best: tuple[float, int, int] = (math.inf, -1, 0)  # score, step and how many scores have not beaten it
    epoch: tuple[float, int] = (0.0, 0)  # sum and number of the losses since the last epoch ended

    def part(self, name: str) -> dict[str, Tensor]:
        """The tensors whose names begin with `name` and a dot, without that beginning."""
        start = f"{name}."
        return {key.removeprefix(start): tensor for key, tensor in self.tensors.items() if key.startswith(start)}


def take_state(
    config: TrainingConfig,
    precision: str,
    step: int,
    seconds: float,
    optimizer: Optimizer,
    best: Best,
    networks: Mapping[str, nn.Module],
) -> TrainingState:
    """A copy of a run as it stands, on the CPU."""
    found = {f"{name}.{key}": t for name, network in networks.items() for key, t in network.state_dict().items()}
    for number, values in optimizer.state_dict()["state"].items():
        found |= {f"optimizer.{number}.{key}": t for key, t in values.items() if isinstance(t, Tensor)}
    found |= {f"best.{key}": tensor for key, tensor in best.weights.items()}
    tensors = {key: tensor.detach().cpu().clone().contiguous() for key, tensor in found.items()}
    return TrainingState(config, precision, step, seconds, tensors, (best.score, best.step, best.unimproved))


def put_state(
    state: TrainingState, config: TrainingConfig, optimizer: Optimizer, best: Best, networks: Mapping[str, nn.Module]
) -> None:
    """Write a state back into networks and the optimizer that `config` asks for.

    Raises:
        ValueError: the state is of another network or optimizer.
    """
    if state.config.optimizer != config.optimizer:
        raise ValueError(f"that state is of the optimizer {state.config.optimizer}: resume it with the same one")
    try:
        for name, network in networks.items():
            network.load_state_dict(state.part(name), strict=True)
        slots = _slots(state, optimizer)
        optimizer.load_state_dict({"state": slots, "param_groups": optimizer.state_dict()["param_groups"]})
        best.score, best.step, best.unimproved = state.best
        best.weights = _best_weights(state, networks["model"])
    except (RuntimeError, ValueError, KeyError) as error:
        raise ValueError(f"that state does not fit a {state.config.model}: resume the run it was saved from") from error


def _best_weights(state: TrainingState, model: nn.Module) -> dict[str, Tensor]:
    """The weights that validated best, on the model's device; empty if none were; ValueError where they do not fit."""
    found, expected = state.part("best"), model.state_dict()
    if found and {key: t.shape for key, t in found.items()} != {key: t.shape for key, t in expected.items()}:
        raise ValueError("the best weights are of another network")
    return {key: tensor.to(expected[key].device, copy=True) for key, tensor in found.items()}


def _slots(state: TrainingState, optimizer: Optimizer) -> dict[int, dict[str, Tensor]]:
    """The optimizer's memory of each weight, by the weight's number; ValueError where one does not fit."""
    slots: dict[int, dict[str, Tensor]] = {}
    for key, tensor in state.part("optimizer").items():
        number, _, name = key.partition(".")
        slots.setdefault(int(number), {})[name] = tensor
    weights: list[Tensor] = [weight for group in optimizer.param_groups for weight in group["params"]]
    if state.step and sorted(slots) != list(range(len(weights))):
        raise ValueError("the optimizer remembers other weights")
    for place, values in slots.items():
        shapes = [tensor.shape for tensor in values.values() if tensor.ndim]
        known = values.keys() == memory_of(state.config.optimizer, weights[place])
        if not known or any(shape != weights[place].shape for shape in shapes):
            raise ValueError(f"the optimizer's memory of weight {place} does not fit it")
        slots[place] = {name: _laid_out_like(weights[place], tensor) for name, tensor in values.items()}
    return slots


def _laid_out_like(weight: Tensor, tensor: Tensor) -> Tensor:
    """A copy of what an optimizer remembers of a weight, its numbers in the same order in memory; a count as it is.

    Files hold tensors row by row, but the weights' channels may lie last, and the fused optimizers go through weight,
    gradient and memory in whatever order each lies.
    """
    return torch.empty_like(weight, dtype=tensor.dtype).copy_(tensor) if tensor.ndim else tensor.clone()


def save_state(path: str | Path, state: TrainingState) -> None:
    """Write a state, atomically: a crash at any moment leaves the state before it.

    Raises:
        OSError: the folder is missing or not writable, or the disk is full.
    """
    write_atomically(path, state_bytes(state))


def state_bytes(state: TrainingState) -> bytes:
    """The same file as bytes."""
    facts = {key: getattr(state, key) for key in ("precision", "step", "seconds", "best", "epoch")}
    facts["config"] = asdict(state.config)
    metadata = {"format": FORMAT} | {key: json.dumps(value) for key, value in facts.items()}
    return save(dict(state.tensors), metadata)


def load_state(path: str | Path) -> TrainingState:
    """Read what `save_state` wrote; nothing is unpickled.

    Raises:
        OSError: no such file.
        ValueError: damaged, or something else; one line that names the file.
    """
    path = Path(path)
    return _state(path.name, *read_safetensors(path))


def state_from_bytes(data: bytes, name: str = "the state") -> TrainingState:
    """What `state_bytes` made; errors as for `load_state`, calling it `name`."""
    return _state(name, *parse_safetensors(data, name))


def _state(name: str, metadata: Mapping[str, str], tensors: dict[str, Tensor]) -> TrainingState:
    if metadata.get("format") != FORMAT:
        raise ValueError(f"{name} is not the state of a run: give the one that `train` wrote beside its checkpoint")
    try:
        facts = {key: json.loads(metadata[key]) for key in ("config", "precision", "step", "seconds", "best")}
        config = _config(facts["config"])
        score, best_step, unimproved = facts["best"]
        best = (float(score), int(best_step), int(unimproved))
        total, count = json.loads(metadata.get("epoch", "[0, 0]"))  # states of old do not say
        epoch = (float(total), int(count))
        numbers = (str(facts["precision"]), int(facts["step"]), float(facts["seconds"]))
        return TrainingState(config, *numbers, tensors, best, epoch)
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError, RecursionError) as error:
        raise ValueError(f"{name}: its description is damaged: use an earlier state") from error


def _config(values: dict[str, Any]) -> TrainingConfig:
    """A configuration out of plain values, in which tuples have become lists."""
    fields = renamed(values).items()
    known: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in fields}
    if known["augment"] is not None:
        known["augment"] = Augmentation(**known["augment"])
    return TrainingConfig(**known)
