"""The two plots of the README: how well the networks denoise over the amount of noise, and how soon one learns to."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from denoiser.atomic import write_atomically

INK, QUIET = "#333333", "#999999"
COLOURS = {"residual_unet": "#d6451f", "simple_unet": "#2b6cb0", "conv_autoencoder": "#5a8f3c"}
COLOURS |= {"dense_autoencoder": "#8a6bbf", "noisy": QUIET, "unet2d": "#b08900", "bm3d": INK, "limit": "#7b1e3a"}


def psnr_over_amount(found: Mapping[str, Mapping[str, float]], rivals: Mapping[str, Any]) -> Figure:
    """PSNR in dB of each denoiser (`found`: name, then amount as text), and of the rivals where they were measured."""
    figure, axes = _sheet("amount of noise", "PSNR in dB, higher is better")
    for name, values in found.items():
        amounts = [float(key) for key in values]
        _line(axes, amounts, list(values.values()), name, name, dashed=name == "noisy")
    for key, rival in rivals.items():
        errors = {float(amount): error for amount, error in rival["mse"].items() if amount != "uniform"}
        decibels = [-10 * math.log10(error) for error in errors.values()]
        axes.plot(list(errors), decibels, "o", color=COLOURS.get(key, INK), markersize=4, label=rival["name"])
    axes.set_xlim(0, 1)
    axes.legend(frameon=False, fontsize=8, labelcolor=INK)
    return figure


def error_over_time(found: Mapping[str, Any], rivals: Mapping[str, Any]) -> Figure:
    """MSE over seconds of training: the page's recipe at each budget, the tutorial's loop, and measured rivals."""
    figure, axes = _sheet("seconds of training", "MSE over amounts U(0, 1), lower is better")
    runs = [run for run in found["budgets"] if run["seed"] == 0]
    budgets = ", ".join(f"{run['seconds']:g}" for run in runs)
    for place, run in enumerate(runs):
        seconds, errors = zip(*run["curve"], strict=True)
        _line(axes, seconds, errors, "residual_unet", None if place else f"the page's recipe: {budgets} s")
        axes.plot(run["curve"][-1][0], run["mse"], "o", color=COLOURS["residual_unet"], markersize=4)
    others = [("simple_unet", "SimpleUNet, its tutorial's loop", found["tutorial"])]
    others += [(key, rival["name"], rival) for key, rival in rivals.items() if "curve" in rival]
    for key, label, run in others:
        seconds, errors = zip(*run["curve"], strict=True)
        _line(axes, seconds, errors, key, label)
    axes.set_xscale("log")
    axes.set_yscale("log")
    ticks = [0.01, 0.012, 0.015, 0.02, 0.03, 0.05]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_ylim(0.009, 0.06)
    axes.legend(frameon=False, fontsize=8, labelcolor=INK)
    return figure


def pictures_over_batch(facts: Mapping[str, Any]) -> Figure:
    """Pictures per second over how many there are at a time, a curve for each way of `benchmarks.devices`."""
    figure, axes = _sheet("pictures at a time", f"pictures a second, {facts['model']}")
    colours = {"cpu": "#2b6cb0", "onnx": "#5a8f3c", "cuda": "#d6451f", "mps": "#8a6bbf"}
    for way in facts["ways"]:
        batches, speeds = zip(*((int(key), value) for key, value in way["per_second"].items()), strict=True)
        label = f"{way['name']}, {way['hardware']}"
        axes.plot(batches, speeds, "o-", color=colours[way["name"]], markersize=3, linewidth=1.5, label=label)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_major_formatter("{x:,g}")
    axes.legend(frameon=False, fontsize=8, labelcolor=INK)
    return figure


def save(figure: Figure, path: Path) -> None:
    file = io.BytesIO()
    figure.savefig(file, dpi=160, format="png")
    write_atomically(path, file.getvalue())


def _sheet(x: str, y: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(7, 3.6), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_xlabel(x, color=INK)
    axes.set_ylabel(y, color=INK)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(QUIET)
    axes.tick_params(colors=INK, labelsize=8)
    axes.grid(alpha=0.2)
    return figure, axes


def _line(axes: Axes, x: Any, y: Any, key: str, label: str | None, dashed: bool = False) -> None:
    width = 2.2 if key == "residual_unet" else 1.3
    axes.plot(x, y, "--" if dashed else "-", color=COLOURS.get(key, INK), linewidth=width, label=label)
