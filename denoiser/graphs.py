"""The ONNX graphs that lie in `denoiser/graphs`: what a server without exporting, and a browser, compute with.

A graph holds no weights, only places for them, so that those of any network of the same shape go into it. The command
`python -m denoiser export --graphs` makes them all again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from denoiser.extras import is_installed
from denoiser.folding import folded
from denoiser.models import checked_config
from denoiser.noise import FIELDS
from denoiser.onnx_runtime import Session
from denoiser.stages import Drown, Sample, Show

FOLDER = Path(__file__).parent / "graphs"
WEIGHTS = "weights"  # what a graph calls the file that it takes its weights from
STAGES: dict[str, type[nn.Module]] = {"drown": Drown, "sample": Sample, "show": Show}


def stage_graph(stage: str) -> Path | None:
    """The graph of a stage, a key of `STAGES`; None where there is none for the kinds of noise that there are."""
    return _existing(stage_graph_name(stage))


def network_graph(model: str, config: Mapping[str, Any]) -> Path | None:
    """The graph of a network of this shape, or None; ValueError for no network, or a configuration out of range."""
    return _existing(network_graph_name(model, config))


def network_graph_name(model: str, config: Mapping[str, Any]) -> str:
    """What its file is called. Kinds of noise count only where it can be told them."""
    shape = asdict(checked_config(model, config))
    del shape["dropout"]  # which happens in training alone
    return _name(model, {"config": shape, "kinds": list(FIELDS) if shape.get("told") else []})


def stage_graph_name(stage: str) -> str:
    """What the file of a stage is called; another one when there are other kinds of noise."""
    return _name(stage, FIELDS if stage == "drown" else {})


@cache
def stage(name: str) -> Callable[..., Sequence[Tensor]]:
    """One of `STAGES` as a function of tensors on the CPU: in ONNX Runtime, or else in PyTorch, in twice the time."""
    graph = stage_graph(name)
    return Session(graph.read_bytes()) if graph is not None and is_installed("onnx") else partial(_eager, name)


def _eager(name: str, *inputs: Tensor) -> Sequence[Tensor]:
    with torch.inference_mode():
        outputs = STAGES[name]()(*inputs)
    return [outputs] if isinstance(outputs, Tensor) else outputs


def weights_of(stage: nn.Module) -> dict[str, Tensor]:
    """The tensors of a `Denoise` or `Read` that go into its graph, by their names there, in the order of the file."""
    return {name: tensor for name, tensor in folded(stage).state_dict().items() if tensor.is_floating_point()}


def flat_weights(stage: nn.Module) -> bytes:
    """The same as one file: float32, little-endian, one behind the other."""
    return b"".join(tensor.detach().cpu().numpy().astype("<f4").tobytes() for tensor in weights_of(stage).values())


def _name(what: str, facts: Mapping[str, Any]) -> str:
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
    return f"{what}-{digest[:8]}.onnx"


def _existing(name: str) -> Path | None:
    path = FOLDER / name
    return path if path.is_file() else None
