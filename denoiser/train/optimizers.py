"""The optimizers by name, and what each of them remembers of a weight."""

from __future__ import annotations

import inspect
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer

from denoiser.train.config import TrainingConfig
from denoiser.train.muon import Muon


def _light(kind: type[Optimizer]) -> type[Optimizer]:
    """The same optimizer without the wrappers that import torch.compile's machinery to say that it is not wanted here.

    That import takes two seconds, before the first step; the networks are compiled, where they are, without it.
    """
    wrapped = ("add_param_group", "zero_grad", "state_dict", "load_state_dict", "step")
    plain = {name: inspect.unwrap(getattr(kind, name)) for name in wrapped}
    plain["step"] = torch.no_grad()(plain["step"])
    return type(kind.__name__, (kind,), plain)


OPTIMIZERS: dict[str, type[Optimizer]] = {
    "adam": _light(torch.optim.Adam),
    "adamw": _light(torch.optim.AdamW),
    "sgd": _light(torch.optim.SGD),
    "muon": _light(Muon),
}
ADAM = {"step", "exp_avg", "exp_avg_sq"}


def make_optimizer(config: TrainingConfig, model: nn.Module, device: torch.device) -> Optimizer:
    """The optimizer that a configuration asks for, over the weights that it trains."""
    extra: dict[str, Any] = {"momentum": 0.9} if config.optimizer == "sgd" else {}
    # One kernel for all weights: on small networks the plain loop over tensors takes a third of the step.
    if config.optimizer != "muon":
        extra["fused"] = device.type in ("cpu", "cuda")
    return OPTIMIZERS[config.optimizer](  # type: ignore[call-arg]
        [weight for weight in model.parameters() if weight.requires_grad],
        lr=config.learning_rate,
        weight_decay=config.weight_decay,
        **extra,
    )


def memory_of(optimizer: str, weight: torch.Tensor) -> set[str]:
    """The names of what an optimizer remembers of a weight, once it has made a step."""
    if optimizer == "muon":
        return {"momentum"} if weight.ndim >= 2 else ADAM
    return {"momentum_buffer"} if optimizer == "sgd" else ADAM
