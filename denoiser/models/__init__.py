"""The networks, one file each, and the one literal registry of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from torch import nn

from denoiser.models.conv_autoencoder import ConvAutoencoder
from denoiser.models.dense_autoencoder import DenseAutoencoder
from denoiser.models.lean_classifier import LeanClassifier
from denoiser.models.residual_unet import ResidualUNet
from denoiser.models.simple_unet import SimpleUNet
from denoiser.models.tutorial_classifier import TutorialClassifier

# Every network has a `Config`, in it the share `dropout`. Every denoiser names as `DECODER` the children that
# fine-tuning may train alone.
DENOISERS: dict[str, type[nn.Module]] = {
    "residual_unet": ResidualUNet,
    "simple_unet": SimpleUNet,
    "conv_autoencoder": ConvAutoencoder,
    "dense_autoencoder": DenseAutoencoder,
}
CLASSIFIERS: dict[str, type[nn.Module]] = {
    "lean_classifier": LeanClassifier,
    "tutorial_classifier": TutorialClassifier,
}
MODELS: dict[str, type[nn.Module]] = {**DENOISERS, **CLASSIFIERS}


def build(name: str, config: Mapping[str, Any] | None = None) -> nn.Module:
    """A freshly initialised network: pictures ``[N, 1, 28, 28]`` to pictures, or to logits ``[N, 10]``.

    Args:
        name: a key of `MODELS`.
        config: values for the network's own configuration; what is left out takes its default.

    Raises:
        ValueError: an unknown name, an unknown field, or a value out of range.
    """
    settings = checked_config(name, config)
    return MODELS[name](settings)


def checked_config(name: str, config: Mapping[str, Any] | None = None) -> Any:
    """The network's own configuration with these values in it; errors as for `build`."""
    if name not in MODELS:
        raise ValueError(f"unknown model {name!r}: choose one of {', '.join(MODELS)}")
    model: Any = MODELS[name]
    Config = model.Config
    known = {field.name for field in fields(Config)}
    unknown = sorted(set(config or {}) - known)
    if unknown:
        allowed = ", ".join(sorted(known)) or "nothing"
        raise ValueError(f"{name} has no setting {unknown[0]!r}: it takes {allowed}")
    return Config(**(config or {}))


def config_of(model: nn.Module) -> dict[str, Any]:
    """The configuration that `build` needs to make this network again, as plain values."""
    config: Any = model.config
    return asdict(config)


def can_be_told(config: Mapping[str, Any]) -> bool:
    """Whether a network of this configuration takes kind and amount of the noise (`described`), too."""
    return bool(config.get("told"))


def parameter_count(model: nn.Module) -> int:
    """How many weights the network has, biases included."""
    return sum(parameter.numel() for parameter in model.parameters())
