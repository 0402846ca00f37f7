"""The optimizers by name, and what each of them remembers of a weight."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from denoiser.config import TrainingConfig
from denoiser.muon import Muon

OPTIMIZERS: dict[str, type[torch.optim.Optimizer]] = {
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "sgd": torch.optim.SGD,
    "muon": Muon,
}
ADAM = {"step", "exp_avg", "exp_avg_sq"}


def make_optimizer(config: TrainingConfig, model: nn.Module, device: torch.device) -> torch.optim.Optimizer:
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
