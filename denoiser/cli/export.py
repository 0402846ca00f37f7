"""`export`: a network as one ONNX file; and, for who changes a network, the graphs of the page."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from denoiser.atomic import write_atomically
from denoiser.checkpoint import read_info
from denoiser.cli.console import report, say
from denoiser.data import load_digits
from denoiser.export import export, network_to_graph, stage_to_graph
from denoiser.graphs import FOLDER, STAGES, network_graph_name, stage_graph_name
from denoiser.models import CLASSIFIERS, MODELS, build, can_be_told
from denoiser.places import CHECKPOINTS
from denoiser.train.recipes import BY_BUDGET, PRESETS

COMPARED = 64  # digits


def export_network(options: argparse.Namespace) -> None:
    """Write the file, and say how far it is from PyTorch."""
    if options.graphs:
        return renew_graphs(options)
    out = options.out or Path(f"{Path(options.model).stem}.onnx")
    pictures = load_digits(options.data, "test", limit=COMPARED).images
    written = export(options.model, out, pictures, batch=options.batch, told=options.told)
    facts = asdict(written) | {"path": str(out)}
    inputs = ", ".join(f"{name} {shape}".replace("'", "") for name, shape in written.inputs.items())
    line = f"Wrote {out}: takes {inputs}; on {written.pictures} test digits it differs from PyTorch by "
    report(options, facts, f"{line}{written.difference:.1g} at most")


def renew_graphs(options: argparse.Namespace) -> None:
    """Write every graph that a visitor's browser may need, and remove those that nothing needs any more."""
    made = {stage_graph_name(name): stage_to_graph(name) for name in STAGES}
    for model, config in shapes():
        name = network_graph_name(model, config)
        if name not in made:
            made[name] = network_to_graph(build(model, config), model in CLASSIFIERS, can_be_told(config))
            say(options, f"Exported {name}")
    for old in FOLDER.glob("*.onnx"):
        if old.name not in made:
            old.unlink()
    for name, data in made.items():
        write_atomically(FOLDER / name, data)
    report(options, {"graphs": sorted(made)}, f"Wrote {len(made)} graphs to {FOLDER}")


def shapes() -> Iterator[tuple[str, dict[str, Any]]]:
    """Network and configuration of whatever is shipped, and of whatever a visitor can train."""
    for path in sorted(CHECKPOINTS.glob("*.safetensors")):
        info = read_info(path)
        yield info.model, dict(info.config)
    for model in MODELS:
        recipes = [*PRESETS[model].values(), *BY_BUDGET.get(model, {}).values()]
        for recipe in ({}, *recipes):
            yield model, dict(recipe.get("model_config") or {})
