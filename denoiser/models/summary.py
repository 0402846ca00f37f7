"""A network as a table of its steps: its layers, and what is done between them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from denoiser.models import parameter_count
from denoiser.noise import described
from denoiser.pictures import SIDE

# What is no step: it asks for a property, or looks at the same numbers in another order.
_NO_STEP = (
    *("__get__", "__set__", "__getitem__", "size", "dim", "view", "permute", "split", "unbind", "unsqueeze", "squeeze"),
    *("to", "detach", "is_floating_point"),
)
# What the layers of that name are called, where a function's own name says it otherwise.
_NAMES = {
    **dict(relu="ReLU", max_pool2d="MaxPool2d", avg_pool2d="AvgPool2d", interpolate="Upsample"),
    **dict(pixel_shuffle="PixelShuffle", pixel_unshuffle="PixelUnshuffle", flatten="Flatten", reshape="Reshape"),
    **dict(add="Add", __add__="Add", sub="Subtract", __sub__="Subtract", mul="Multiply", __mul__="Multiply"),
    **dict(__rmul__="Multiply", div="Divide", __truediv__="Divide", addcmul="MultiplyAdd", mean="Mean"),
    **dict(clamp="Clamp", clamp_="Clamp"),
}


def summary(model: nn.Module) -> list[dict[str, Any]]:
    """One row per step, in the order in which they run: layers without layers inside, and what is done between them.

    Returns:
        rows of `layer` (its dotted name; of a step between layers the name of the part that takes it, empty for the
        network itself), `type`, such as "Conv2d", "ReLU", "Upsample" or "Add", `shape` of what comes out for one
        picture, such as ``[1, 32, 14, 14]``, and `parameters`, its number of weights.
    """
    rows: list[dict[str, Any]] = []
    inside: list[str] = []  # the parts that run, the innermost last

    def enter(name: str) -> Callable[..., None]:
        return lambda *_: inside.append(name)

    def leave(layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        name = inside.pop()
        if _is_layer(layer):
            rows.append(_row(name, type(layer).__name__, output, parameter_count(layer)))

    class Steps(TorchFunctionMode):
        def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            output = function(*args, **(kwargs or {}))
            name = function.__name__
            computed = isinstance(output, Tensor) and any(isinstance(each, Tensor) for each in args)
            if computed and name not in _NO_STEP and inside and not _is_layer(model.get_submodule(inside[-1])):
                rows.append(_row(inside[-1], _NAMES.get(name, name), output, 0))
            return output

    handles = [layer.register_forward_pre_hook(enter(name)) for name, layer in model.named_modules()]
    handles += [layer.register_forward_hook(leave) for layer in model.modules()]
    was_training = model.training
    try:
        told = (described("blend", 0, 1),) if getattr(model, "told", None) is not None else ()
        with torch.no_grad(), Steps():
            model.eval()(torch.zeros(1, 1, SIDE, SIDE), *told)
    finally:
        model.train(was_training)
        for handle in handles:
            handle.remove()
    return rows


def _is_layer(module: nn.Module) -> bool:
    return not list(module.children())


def _row(layer: str, kind: str, output: Tensor, parameters: int) -> dict[str, Any]:
    return {"layer": layer, "type": kind, "shape": list(output.shape), "parameters": parameters}
