"""A network as a table of its layers."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from denoiser.noise import described


def summary(model: nn.Module) -> list[dict[str, Any]]:
    """One row per layer that has no layers inside, in the order in which they run.

    Returns:
        rows of `layer` (its dotted name), `type`, `shape` of its output for one picture, such as
        ``[1, 32, 14, 14]``, and `parameters`, its number of weights.
    """
    rows: list[dict[str, Any]] = []

    def watch(name: str, layer: nn.Module) -> torch.utils.hooks.RemovableHandle:
        def note(layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
            weights = sum(parameter.numel() for parameter in layer.parameters())
            row = {"layer": name, "type": type(layer).__name__, "shape": list(output.shape), "parameters": weights}
            rows.append(row)

        return layer.register_forward_hook(note)

    leaves = [(name, layer) for name, layer in model.named_modules() if not list(layer.children())]
    handles = [watch(name, layer) for name, layer in leaves]
    was_training = model.training
    try:
        with torch.no_grad():
            told = (described("blend", 0, 1),) if getattr(model, "told", None) is not None else ()
            model.eval()(torch.zeros(1, 1, 28, 28), *told)
    finally:
        model.train(was_training)
        for handle in handles:
            handle.remove()
    return rows
