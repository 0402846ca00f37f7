"""Figures of digits for the command line: of what a data set is, and of what is read in its digits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from denoiser.cli.sheets import SHOWN_AMOUNTS, new_figure
from denoiser.data import Digits
from denoiser.data.statistics import LEVELS, statistics
from denoiser.evaluation import BATCH
from denoiser.inference import Denoiser, Reader
from denoiser.noise import corrupt
from denoiser.pictures import SIDE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN = 64  # digits of a data set
BIN = 8  # levels of grey in a bar
TRIED = 24  # random digits that a classifier reads, and as many at most that it reads wrongly
COLUMNS = 12
COLOUR = "#c4421a"
PITCH = (SIDE + 6, SIDE + 16)  # from one digit to the next, across and down
Tick = Callable[[int], object]


def data_figure(digits: Digits, split: str, *, seed: int = 0) -> Figure:
    """64 digits with their labels, chosen by the seed; how often each digit is there, how bright the pixels are, their
    mean, standard deviation and share of black, and the mean pictures."""
    found, shown = statistics(digits), digits.sample(SHOWN, seed)
    figure = new_figure(14, 9)
    grid = figure.add_gridspec(3, 2, width_ratios=(1, 1.1), height_ratios=(1, 1, 0.75))
    figure.suptitle(f"{digits.source}, {split}: {len(digits):,} digits")
    labels = [] if shown.labels is None else shown.labels.tolist()
    draw_digits(figure.add_subplot(grid[:, 0]), shown.images, list(map(str, labels)) or [""] * len(shown), columns=8)
    classes, levels, means = (figure.add_subplot(grid[row, 1]) for row in range(3))
    if found.classes is not None:
        bars = classes.bar(range(10), found.classes, color=COLOUR)
        classes.bar_label(bars, fmt="{:,.0f}", fontsize=8)
    classes.set(title="how often each digit is there", xlabel="digit", ylabel="pictures", xticks=range(10), ymargin=0.1)
    heights = torch.tensor(found.levels).view(-1, BIN).sum(dim=1).tolist()
    levels.bar(range(0, LEVELS, BIN), heights, width=BIN, align="edge", color=COLOUR, edgecolor="white", linewidth=0.5)
    levels.set(title="how bright the pixels are", xlabel="value of the pixel, 0–255", ylabel="pixels", yscale="log")
    levels.set_ylim(bottom=1)
    levels.yaxis.set_major_formatter("{x:,.0f}")  # matplotlib's own wants fonts that some installations lack
    levels.yaxis.set_minor_formatter("")
    pictures, names = found.mean_picture[None], ["all"]
    if found.class_means is not None:
        pictures, names = torch.cat([pictures, found.class_means]), [*names, *map(str, range(10))]
    draw_digits(means, pictures, names, columns=11)
    facts = f"mean {found.mean:.4f}, standard deviation {found.deviation:.4f}, exactly black {found.black:.1%}"
    means.set_title(f"all pixels, from 0 to 1: {facts}\nmean pictures", fontsize=10)
    return figure


def readings_figure(readers: Sequence[Reader], digits: Digits, *, seed: int = 0, tick: Tick = lambda n: None) -> Figure:
    """What classifiers read in 24 digits, chosen by the seed, the same for all, and in digits that they read wrongly,
    which are framed.

    Args:
        digits: with labels.
        tick: called with the number of pictures that were read, for a progress bar.
    """
    shown, parts = digits.sample(TRIED, seed), []
    for reader in readers:
        name, read = reader.info.name, _read(reader, digits.images, tick)
        assert digits.labels is not None
        wrong = (read != digits.labels).nonzero()[:, 0]
        title = f"{name} reads {len(wrong):,} of {len(digits):,} digits wrongly; {len(shown)} random ones"
        parts.append((title, shown, reader(shown.images).argmax(dim=1)))
        if len(wrong):
            some = wrong[torch.randperm(len(wrong), generator=torch.Generator().manual_seed(seed))[:TRIED]]
            parts.append((f"{name}: some that it reads wrongly", digits.take(some), read[some]))
    rows = [-(-len(part) // COLUMNS) for _, part, _ in parts]
    figure = new_figure(COLUMNS, 0.6 * len(parts) + 1.3 * sum(rows))
    grid = figure.add_gridspec(len(parts), 1, height_ratios=rows)
    for place, (title, part, read) in enumerate(parts):
        axes = figure.add_subplot(grid[place])
        captions, wrongs = _captions(part, read)
        draw_digits(axes, part.images, captions, columns=COLUMNS, framed=wrongs)
        axes.set_title(title)
    return figure


def denoised_figure(
    denoisers: Sequence[Denoiser], digits: Digits, read: Reader, *, kind: str = "blend", seed: int = 0
) -> Figure:
    """What a classifier reads in noisy digits, more noise from left to right, and in what each network makes of them.

    The seed chooses digits and noise; what is read wrongly is framed. The digits have labels.
    """
    amounts = torch.tensor(SHOWN_AMOUNTS).repeat_interleave(2)[: len(digits)]
    shown = digits.sample(len(amounts), seed)
    noisy = corrupt(shown.images, amounts, kind, generator=torch.Generator().manual_seed(seed))
    rows = [(f"noisy ({kind}), by amount", noisy), *((each.info.name, each(noisy)) for each in denoisers)]
    figure = new_figure(len(amounts), 1.9 * len(rows))
    for place, (name, pictures) in enumerate(rows):
        captions, wrongs = _captions(shown, read(pictures).argmax(dim=1))
        if pictures is noisy:
            captions = [f"{caption}\n{amount:g}" for caption, amount in zip(captions, amounts.tolist(), strict=True)]
        axes = figure.add_subplot(len(rows), 1, place + 1)
        draw_digits(axes, pictures, captions, columns=len(amounts), framed=wrongs)
        axes.set_title(name)
    return figure


def _read(reader: Reader, images: Tensor, tick: Tick) -> Tensor:
    parts = []
    for some in images.split(BATCH):
        parts.append(reader(some).argmax(dim=1).cpu())
        tick(len(some))
    return torch.cat(parts)


def _captions(digits: Digits, read: Tensor) -> tuple[list[str], list[int]]:
    """Label and reading of each, and the places of those that are wrong."""
    assert digits.labels is not None
    pairs = list(zip(digits.labels.tolist(), read.tolist(), strict=True))
    wrong = [place for place, (label, found) in enumerate(pairs) if label != found]
    return [f"{label} → {found}" + (" ✗" if label != found else "") for label, found in pairs], wrong


def draw_digits(
    axes: Axes, images: Tensor, captions: Sequence[str], *, columns: int, framed: Sequence[int] = ()
) -> None:
    """Digits ``[N, 1, 28, 28]`` in rows, each above its caption; a frame around those at these places."""
    right, down = PITCH
    for place, (image, caption) in enumerate(zip(images[:, 0].cpu(), captions, strict=True)):
        left, top = right * (place % columns), down * (place // columns)
        extent = (left, left + SIDE, top + SIDE, top)
        axes.imshow(image.numpy(), cmap="gray", vmin=0, vmax=1, interpolation="nearest", extent=extent)
        weight = "bold" if place in framed else "normal"
        axes.text(left + SIDE / 2, top + SIDE + 2, caption, ha="center", va="top", fontsize=8, weight=weight)
        if place in framed:
            frame = [(0, 0), (0, SIDE), (SIDE, SIDE), (SIDE, 0), (0, 0)]
            axes.plot([left + x for x, _ in frame], [top + y for _, y in frame], color=COLOUR, linewidth=2)
    rows = -(-len(images) // columns)
    axes.set(xlim=(-3, right * columns - 3), ylim=(down * rows, -3), aspect="equal")
    axes.set_axis_off()
