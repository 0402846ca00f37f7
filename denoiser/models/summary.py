"""A network as a table of its steps: its layers, and what is done between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
STEP_NAMES = {
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
        picture, such as ``[1, 32, 14, 14]``, `parameters`, its number of weights, `multiply_adds`, how often two
        numbers are multiplied and the product is added to a sum (biases are none), and `activation_bytes`, the memory
        of what comes out, 0 where it is the same memory as what went in.
    """
    rows: list[dict[str, Any]] = []
    inside: list[str] = []  # the parts that run, the innermost last

    def enter(name: str) -> Callable[..., None]:
        return lambda *_: inside.append(name)

    def leave(layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        name = inside.pop()
        if _is_layer(layer):
            row = _row(name, type(layer).__name__, output, inputs)
            counts = {"parameters": parameter_count(layer), "multiply_adds": _multiply_adds(layer, inputs[0], output)}
            rows.append(row | counts)

    class Steps(TorchFunctionMode):
        def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            output = function(*args, **(kwargs or {}))
            name = function.__name__
            computed = isinstance(output, Tensor) and any(isinstance(each, Tensor) for each in args)
            if computed and name not in _NO_STEP and inside and not _is_layer(model.get_submodule(inside[-1])):
                rows.append(_row(inside[-1], STEP_NAMES.get(name, name), output, args))
            return output

    handles = [layer.register_forward_pre_hook(enter(name)) for name, layer in model.named_modules()]
    handles += [layer.register_forward_hook(leave) for layer in model.modules()]
    was_training = model.training
    device = next(model.parameters()).device
    try:
        told = (described("blend", 0, 1).to(device),) if getattr(model, "told", None) is not None else ()
        picture = torch.zeros(1, 1, SIDE, SIDE, device=device)
        with torch.no_grad(), Steps():
            model.eval()(picture, *told)
    finally:
        model.train(was_training)
        for handle in handles:
            handle.remove()
    return rows


def totals(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Of all rows of a summary together: what they count, and the bytes that the weights take as float32."""
    counted = ("parameters", "multiply_adds", "activation_bytes")
    sums = {name: sum(row[name] for row in rows) for name in counted}
    return sums | {"weight_bytes": torch.float32.itemsize * sums["parameters"]}


def _is_layer(module: nn.Module) -> bool:
    return not list(module.children())


def _row(layer: str, kind: str, output: Tensor, inputs: Sequence[Any]) -> dict[str, Any]:
    given = {each.untyped_storage().data_ptr() for each in inputs if isinstance(each, Tensor)}
    made = 0 if output.untyped_storage().data_ptr() in given else output.nbytes
    counts = {"parameters": 0, "multiply_adds": 0, "activation_bytes": made}
    return {"layer": layer, "type": kind, "shape": list(output.shape), **counts}


def _multiply_adds(layer: nn.Module, taken: Tensor, output: Tensor) -> int:
    """Every weight but a bias is used once at each position: of the output, or, transposed, of the input."""
    if isinstance(layer, nn.Conv2d):
        return layer.weight.numel() * output.shape[2:].numel()
    if isinstance(layer, nn.ConvTranspose2d):
        return layer.weight.numel() * taken.shape[2:].numel()
    return layer.weight.numel() * taken.shape[:-1].numel() if isinstance(layer, nn.Linear) else 0
