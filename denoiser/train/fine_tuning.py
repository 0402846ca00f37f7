"""Where a run begins: fresh weights, or trained ones of which only the decoder goes on learning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from denoiser.checkpoint import Info
from denoiser.models import build, parameter_count
from denoiser.train.config import TrainingConfig

LISTENING = "told.weight"  # of the layer that takes kind and amount of the noise, where a network has one


@dataclass(frozen=True)
class Layer:
    """A layer with weights: its dotted name, the shape of its weight, how many weights it has with its bias."""

    name: str
    shape: tuple[int, ...]
    weights: int
    trained: bool


def initial_network(config: TrainingConfig, start: nn.Module | None) -> nn.Module:
    """The network with weights drawn from the seed, the global generator left as it was; or with those of `start`.

    Where only one of the two can be told the noise, the layer that listens begins as nothing or is left out: either way
    the network begins with the answers that `start` gives when it is told nothing.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        network = build(config.model, config.model_config)
    if start is not None:
        weights, listening = start.state_dict(), network.state_dict().get(LISTENING)
        if listening is None:
            weights.pop(LISTENING, None)
        else:
            weights.setdefault(LISTENING, listening)
        try:
            network.load_state_dict(weights)
        except RuntimeError as error:
            raise ValueError(f"that start is no {config.model} of this size: fine-tune the same network") from error
    if config.trained == "decoder":
        listening = network.state_dict().get(LISTENING)
        if listening is not None and not listening.any():
            raise ValueError("a decoder alone cannot learn to be told the noise: train all layers, or leave out told")
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
