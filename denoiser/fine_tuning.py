"""Where a run begins: fresh weights, or trained ones of which only the decoder goes on learning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from denoiser.checkpoint import Info
from denoiser.config import TrainingConfig
from denoiser.models import build, parameter_count


@dataclass(frozen=True)
class Layer:
    """A layer with weights: its dotted name, the shape of its weight, how many weights it has with its bias."""

    name: str
    shape: tuple[int, ...]
    weights: int
    trained: bool


def initial_network(config: TrainingConfig, start: nn.Module | None) -> nn.Module:
    """The network with weights drawn from the seed, the global generator left as it was; or with those of `start`."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        network = build(config.model, config.model_config)
    if start is not None:
        weights = start.state_dict()
        if "told.weight" in network.state_dict():  # begins as nothing: whatever could not be told is told from now on
            weights.setdefault("told.weight", network.state_dict()["told.weight"])
        try:
            network.load_state_dict(weights)
        except RuntimeError as error:
            raise ValueError(f"that start is no {config.model} of this size: fine-tune the same network") from error
    if config.trained == "decoder":
        decoder: Any = network.DECODER
        for name, weight in network.named_parameters():
            weight.requires_grad_(name.split(".")[0] in decoder)
    return network


def origin(info: Info) -> str:
    """A trained network in a few words, for the record of a run that begins with it."""
    return f"{info.model}, {info.steps:,} steps on {info.data or 'unknown data'}"


def layers_of(model: nn.Module) -> tuple[Layer, ...]:
    """The layers that hold weights, in order, and whether they are trained."""
    return tuple(
        Layer(name, tuple(layer.weight.shape), parameter_count(layer), layer.weight.requires_grad)
        for name, layer in model.named_modules()
        if isinstance(getattr(layer, "weight", None), nn.Parameter)
    )
