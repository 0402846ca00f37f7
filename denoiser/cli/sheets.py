"""Pictures of digits on a sheet: a preview of the data, and what a network makes of it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from denoiser.atomic import write_atomically
from denoiser.data import Digits
from denoiser.inference import Denoiser, Reader
from denoiser.noise import corrupt

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN_AMOUNTS = (0.1, 0.25, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def save_preview(path: str | Path, digits: Digits, *, seed: int = 0) -> None:
    """Write 64 digits with their labels as one PNG picture, 8 by 8; the seed chooses them.

    Raises:
        OSError: the folder is missing or not writable.
    """
    shown = digits.sample(64, seed)
    titles = [""] * len(shown) if shown.labels is None else [str(label) for label in shown.labels.tolist()]
    _save_grid(path, shown.images, titles, columns=8)


def save_readings(path: str | Path, digits: Digits, read: Reader, *, seed: int = 0) -> None:
    """Write 64 digits as one PNG picture, 8 by 8, each under its label, and what was read where that is wrong.

    Raises:
        ValueError: the digits have no labels.
        OSError: the folder is missing or not writable.
    """
    shown = digits.sample(64, seed)
    if shown.labels is None:
        raise ValueError("these digits have no labels to compare with: use a labelled file")
    readings = read(shown.images).argmax(dim=1).tolist()
    pairs = zip(shown.labels.tolist(), readings, strict=True)
    titles = [f"{label}" if label == reading else f"{label} read {reading}" for label, reading in pairs]
    _save_grid(path, shown.images, titles, columns=8)


def save_results(path: str | Path, digits: Digits, denoiser: Denoiser, *, kind: str = "blend", seed: int = 0) -> None:
    """Write a PNG grid of noisy, denoised and clean digits, a row each, more noise from left to right.

    The seed chooses digits and noise.

    Raises:
        ValueError: fewer than eight digits.
        OSError: the folder is missing or not writable.
    """
    count = len(SHOWN_AMOUNTS)
    if len(digits) < count:
        raise ValueError(f"a picture of the results needs at least {count} digits: take more")
    clean = digits.sample(count, seed).images
    generator = torch.Generator().manual_seed(seed)
    noisy = corrupt(clean, torch.tensor(SHOWN_AMOUNTS), kind, generator=generator)
    titles = [f"{amount:g}" for amount in SHOWN_AMOUNTS] + [""] * (2 * count)
    _save_grid(path, torch.cat([noisy, denoiser(noisy), clean]), titles, columns=count)


def save_samples(path: str | Path, sheet: Tensor, amounts: Sequence[float]) -> None:
    """Write how a run stands: a row of noisy, one of denoised and one of clean digits.

    Args:
        path: `.jpg` or `.png`.
        sheet: the three rows one after the other, ``[3·N, 1, 28, 28]`` in [0, 1].
        amounts: of the noise, N of them, written above.

    Raises:
        OSError: the folder is missing or not writable, or the disk is full.
    """
    count = len(amounts)
    titles = [f"{amount:.2g}" for amount in amounts] + [""] * (2 * count)
    _save_grid(path, sheet, titles, columns=count)


def _save_grid(path: str | Path, images: Tensor, titles: Sequence[str], columns: int) -> None:
    rows = -(-len(images) // columns)
    figure = new_figure(columns, 1.15 * rows)
    for number, (image, title) in enumerate(zip(images[:, 0].cpu(), titles, strict=True)):
        axes = figure.add_subplot(rows, columns, number + 1)
        axes.imshow(image.numpy(), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        axes.set_title(title, fontsize=9)
        axes.set_axis_off()
    save_figure(path, figure)


def new_figure(width: float, height: float) -> Figure:
    """An empty one, in inches, that no window shows."""
    # Imported here because it takes half a second, which every command would wait for.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def save_figure(path: str | Path, figure: Figure) -> None:
    """Write it as a JPEG where the name says so, else as a PNG; OSError where that cannot be done."""
    file = io.BytesIO()
    figure.savefig(file, dpi=120, format="jpg" if Path(path).suffix in (".jpg", ".jpeg") else "png")
    write_atomically(path, file.getvalue())
