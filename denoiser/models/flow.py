"""A network as the stages that a picture runs through: to look at what each makes of it, and to change that on the way.

The stages come from the module itself, by `torch.fx`, and not from a list beside it: whatever is trained has them.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, fx, nn

from denoiser.models import parameter_count
from denoiser.models.layers import Dropout, GlobalContext, ToneCurves
from denoiser.models.residual_unet import ResidualBlock
from denoiser.models.summary import STEP_NAMES
from denoiser.pictures import SIDE

# Blocks with a name of their own, which are not taken apart.
BLOCKS = (ToneCurves, GlobalContext, ResidualBlock, Dropout)
# What belongs to the stage before it, since it changes nothing but the range or the order of its numbers...
ENDS = (nn.ReLU, nn.GELU, nn.Tanh, nn.Dropout, nn.BatchNorm2d, nn.PixelShuffle, Dropout)
END_FUNCTIONS = ("relu", "gelu", "tanh", "pixel_shuffle", "reshape")
# ...and what belongs to the one after it: it prepares what that one computes.
BEGINNINGS = (nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveAvgPool2d, nn.Upsample, nn.Flatten, GlobalContext)
BEGINNING_FUNCTIONS = ("max_pool2d", "interpolate", "flatten", "sub", "truediv")
_TRACING = threading.Lock()  # PyTorch changes its own classes meanwhile, and two would not change them back


@dataclass(frozen=True)
class Stage:
    """One step on the way, with all that belongs to it."""

    name: str  # of the layer that gives it its name, such as "down1", or "add"
    type: str  # of that layer, such as "Conv2d", or what is done, such as "Add"
    inputs: tuple[str, ...]  # the stages that it takes; the one that it follows first, then what a skip brings
    shape: tuple[int, ...]  # of what it makes of one picture, such as (32, 28, 28)
    parameters: int


@dataclass(frozen=True)
class Edits:
    """What is changed on the way.

    `cut` names skip connections by the stages at their ends, from and to: nothing, all zeros, arrives there.
    `frozen` gives the output of a stage, ``[1, …]``, whatever it is fed. `silenced` names channels whose output is 0.
    """

    cut: frozenset[tuple[str, str]] = frozenset()
    frozen: Mapping[str, Tensor] = field(default_factory=dict)
    silenced: frozenset[tuple[str, int]] = frozenset()


class Flow:
    """The stages of one network, in the order in which they run; the last one's output is the network's own."""

    def __init__(self, model: nn.Module) -> None:
        self.traced = traced(model)
        nodes = [node for node in self.traced.graph.nodes if node.op != "output" and not _is_nothing(node)]
        self._groups = _grouped(nodes, self.traced)
        self._group_of = {node: at for at, group in enumerate(self._groups) for node in group}
        self._last = {group[-1]: at for at, group in enumerate(self._groups)}
        self._names = [_name(group, self.traced) for group in self._groups]
        shapes = self.run(torch.zeros(1, 1, SIDE, SIDE, device=_device(model)))
        self.stages = tuple(self._stage(at, tuple(shapes[name].shape[1:])) for at, name in enumerate(self._names))
        self.skips = tuple((source, stage.name) for stage in self.stages for source in stage.inputs[1:])

    @torch.no_grad()
    def run(self, noisy: Tensor, edits: Edits | None = None) -> dict[str, Tensor]:
        """What each stage makes of noisy pictures ``[N, 1, 28, 28]``, by its name.

        Raises:
            ValueError: an edit names a stage, a skip connection or a channel that there is not.
        """
        if edits is not None:
            self._check(edits)
        return self.run_with_gradient(noisy, edits)

    def run_with_gradient(self, noisy: Tensor, edits: Edits | None = None) -> dict[str, Tensor]:
        """The same, and gradients may be asked for."""
        found: dict[str, Tensor] = {}
        _Watcher(self, edits or Edits(), found).run(noisy, *[None] * (len(_inputs(self.traced)) - 1))
        return found

    def _check(self, edits: Edits) -> None:
        stages = {stage.name: stage for stage in self.stages}
        for cut in edits.cut:
            if cut not in self.skips:
                known = ", ".join(f"{source} to {target}" for source, target in self.skips) or "none"
                raise ValueError(f"no skip connection from {cut[0]} to {cut[1]}: it has {known}")
        for name in [*edits.frozen, *(name for name, _ in edits.silenced)]:
            if name not in stages:
                raise ValueError(f"no stage {name!r}: it has {', '.join(stages)}")
        for name, channel in edits.silenced:
            if not 0 <= channel < stages[name].shape[0]:
                raise ValueError(f"{name} has no channel {channel}: they run from 0 to {stages[name].shape[0] - 1}")

    def _stage(self, at: int, shape: tuple[int, ...]) -> Stage:
        group = self._groups[at]
        outside = [self._group_of[each] for node in group for each in node.all_input_nodes if each in self._group_of]
        inputs = sorted({each for each in outside if each != at}, reverse=True)
        modules = [self.traced.get_submodule(str(node.target)) for node in group if node.op == "call_module"]
        chief = _chief(group, self.traced)
        return Stage(
            self._names[at],
            _type(chief, self.traced),
            tuple(self._names[each] for each in inputs),
            shape,
            sum(map(parameter_count, modules)),
        )


class _Watcher(fx.Interpreter):
    """Runs a traced network node by node, notes the stages' outputs, and changes what is to be changed."""

    def __init__(self, flow: Flow, edits: Edits, found: dict[str, Tensor]) -> None:
        super().__init__(flow.traced)
        self._flow, self._edits, self._found = flow, edits, found

    def run_node(self, n: fx.Node) -> Any:
        result = self._cut(n) if self._edits.cut and _adds(n) else super().run_node(n)
        at = self._flow._last.get(n)
        if at is None:
            return result
        name = self._flow._names[at]
        if name in self._edits.frozen:
            result = self._edits.frozen[name].to(result).expand_as(result)
        silent = [channel for stage, channel in self._edits.silenced if stage == name]
        if silent:
            result = result.clone()
            result[:, silent] = 0
        self._found[name] = result
        return result

    def _cut(self, n: fx.Node) -> Any:
        """An addition to which nothing arrives by the skip connections that are cut."""
        names, group_of = self._flow._names, self._flow._group_of
        known = {source: self.env[source] for source in n.all_input_nodes}
        for source, arrives in known.items():
            if (names[group_of[source]], names[group_of[n]]) in self._edits.cut:
                self.env[source] = torch.zeros_like(arrives)
        try:
            return super().run_node(n)
        finally:
            self.env.update(known)  # others take the same


def traced(model: nn.Module) -> fx.GraphModule:
    """The network's graph of layers and operations, in evaluation mode; named blocks are one node each.

    What it can be told of the noise is left out: it is told nothing.
    """
    untold = {name: None for name in inspect.signature(model.forward).parameters if name == "told"}
    was_training = model.training
    with _TRACING:
        graph = _Tracer().trace(model.eval(), concrete_args=untold)
    found = fx.GraphModule(model, graph)
    model.train(was_training)
    return found


class _Tracer(fx.Tracer):
    """While it traces, PyTorch asks it about the networks of all threads: those of others run on as ever."""

    def __init__(self) -> None:
        super().__init__()
        self._thread = threading.get_ident()

    def call_module(
        self, m: nn.Module, forward: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        if threading.get_ident() != self._thread:
            return forward(*args, **kwargs)
        return super().call_module(m, forward, args, kwargs)

    def getattr(self, attr: str, attr_val: Any, parameter_proxy_cache: dict[str, fx.Proxy]) -> Any:
        if threading.get_ident() != self._thread:
            return attr_val
        return super().getattr(attr, attr_val, parameter_proxy_cache)

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        return isinstance(m, BLOCKS) or super().is_leaf_module(m, module_qualified_name)


def _inputs(graph: fx.GraphModule) -> list[fx.Node]:
    return [node for node in graph.graph.nodes if node.op == "placeholder"]


def _is_nothing(node: fx.Node) -> bool:
    """What is told, which is nothing, and the check that it is."""
    return (node.op == "placeholder" and node.prev.op == "placeholder") or "_assert" in node.name


def _grouped(nodes: Sequence[fx.Node], graph: fx.GraphModule) -> list[list[fx.Node]]:
    groups: list[list[fx.Node]] = []
    begun = False  # whether the last group still waits for what it prepares
    for node in nodes:
        follows = bool(groups) and groups[-1][-1] in node.all_input_nodes
        joins = follows and (begun or (_is(node, graph, ENDS, END_FUNCTIONS) and groups[-1][0].op != "placeholder"))
        if joins:
            groups[-1].append(node)
        else:
            groups.append([node])
        begun = _is(node, graph, BEGINNINGS, BEGINNING_FUNCTIONS)
    return groups


def _is(node: fx.Node, graph: fx.GraphModule, modules: tuple[type[nn.Module], ...], functions: Sequence[str]) -> bool:
    if node.op == "call_module":
        return isinstance(graph.get_submodule(str(node.target)), modules)
    return _function(node) in functions


def _adds(node: fx.Node) -> bool:
    return node.op == "call_function" and _function(node) == "add" and len(node.all_input_nodes) > 1


def _function(node: fx.Node) -> str:
    """The name of the function or the method that a node calls."""
    return str(getattr(node.target, "__name__", node.target))


def _type(node: fx.Node, graph: fx.GraphModule) -> str:
    if node.op == "call_module":
        return type(graph.get_submodule(str(node.target))).__name__
    return "Input" if node.op == "placeholder" else STEP_NAMES.get(_function(node), _function(node))


def _chief(group: Sequence[fx.Node], graph: fx.GraphModule) -> fx.Node:
    """The node that gives a stage its name: the first that is neither preparation nor follow-up."""
    quiet = (*BEGINNINGS, *ENDS), (*BEGINNING_FUNCTIONS, *END_FUNCTIONS)
    return next((node for node in group if not _is(node, graph, *quiet)), group[0])


def _name(group: Sequence[fx.Node], graph: fx.GraphModule) -> str:
    return _chief(group, graph).name


def _device(model: nn.Module) -> torch.device:
    return next(model.parameters()).device
