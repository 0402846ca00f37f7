"""`models`: the networks and the shipped checkpoints; or one of them, step by step, and its graph."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from torch import nn

from denoiser.atomic import write_atomically
from denoiser.checkpoint import read_info
from denoiser.cli.console import report
from denoiser.inference import DEFAULT, load_network
from denoiser.models import MODELS, build, parameter_count
from denoiser.models.drawing import graph_svg
from denoiser.models.flow import Flow
from denoiser.models.summary import summary, totals
from denoiser.places import CHECKPOINTS


def models(options: argparse.Namespace) -> None:
    """List them with their number of weights, or show the one that is named."""
    if options.model and options.summary:
        raise ValueError("--summary names the network already, also for --graph: leave out --model")
    if options.model and not options.graph:
        raise ValueError("--model names the network that --graph draws: give --graph FILE.svg, too")
    if options.summary or options.graph:
        return _show(options)
    sizes = {name: parameter_count(build(name)) for name in MODELS}
    shipped = [asdict(read_info(path)) for path in sorted(CHECKPOINTS.glob("*.safetensors"))]
    lines = [f"{name:<22}{size:>12,} weights" for name, size in sizes.items()]
    lines += ["", *(f"{x['name']:<22}trained on {x['data']}, {x['steps']:,} steps" for x in shipped)]
    report(options, {"models": sizes, "shipped": shipped, "default": DEFAULT}, "\n".join(lines))


def _show(options: argparse.Namespace) -> None:
    """Print the steps of one network, write its graph, or both."""
    if options.graph and (options.graph.suffix != ".svg" or not options.graph.parent.is_dir()):
        raise ValueError(f"--graph {options.graph}: name a file that ends in .svg, in a folder that exists")
    model, name = _network(options.summary or options.model or "default")
    facts: dict[str, Any] = {"model": name}
    lines = []
    if options.summary:
        layers = summary(model)
        facts |= {"layers": layers, **totals(layers)}
        lines += _table(layers, totals(layers))
    if options.graph:
        write_atomically(options.graph, graph_svg(model, name).encode())
        flow = Flow(model)
        facts |= {"graph": str(options.graph), "stages": len(flow.stages), "skips": flow.skips}
        skips = "".join(f", a skip connection from {source} to {target}" for source, target in flow.skips)
        lines.append(f"Wrote {options.graph}: {name}, {len(flow.stages)} stages{skips}")
    report(options, facts, "\n".join(lines))


def _network(name: str) -> tuple[nn.Module, str]:
    """Of a checkpoint by name or path; where none is shipped, as it is before training. Errors as for `load`."""
    if name in MODELS and not (CHECKPOINTS / f"{name}.safetensors").is_file():
        return build(name), name
    model, info = load_network(Path(name) if name.endswith(".safetensors") else name)
    return model, info.name


def _table(layers: Sequence[Mapping[str, Any]], total: Mapping[str, int]) -> list[str]:
    cells = [("layer", "step", "output", "weights", "multiply-adds"), ("", "input", "[1, 1, 28, 28]", "", "")]
    for row in [*layers, {"layer": "total", "type": "", "shape": "", **total}]:
        counts = f"{row['parameters']:,}", f"{row['multiply_adds']:,}"
        cells.append((row["layer"], row["type"], str(row["shape"]), *counts))
    lines = [
        f"{layer:<18}{step:<16}{output:<18}{weights:>12}{macs:>15}" for layer, step, output, weights, macs in cells
    ]
    sizes = total["weight_bytes"] / 1e6, total["activation_bytes"] / 1e6
    return [*lines, "{:.2f} MB of weights; {:.2f} MB of activations for one picture".format(*sizes)]
