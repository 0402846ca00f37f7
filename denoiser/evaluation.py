"""The scores behind every table: error over the amount of noise, and what the reader makes of the result."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor

from denoiser.data import Digits
from denoiser.devices import hardware
from denoiser.inference import Denoiser, Reader
from denoiser.metrics import mse
from denoiser.noise import corrupt

SCORED_AMOUNTS = (0.25, 0.5, 0.75, 0.9)
BATCH = 500  # pictures whose noise is drawn at once: with another number every score would be of other noise

Denoise = Callable[..., Tensor]
Read = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Scores:
    """Scores of one denoiser under one kind of noise.

    `mse` and `psnr` (dB, of the mean squared error over all pictures) are keyed by the amount as text, "0.25"
    to "0.9", and by "uniform" for amounts spread evenly over [0, 1]. `interval` is the half width of the 95 %
    confidence interval of ``mse["uniform"]`` over digits and noise. `read` is the share of denoised digits
    that the reader reads rightly, keyed likewise; empty without a reader. `milliseconds` is per picture, in
    batches of at most `inference.BATCH`, on whatever the denoiser runs.
    """

    mse: dict[str, float]
    psnr: dict[str, float]
    interval: float
    read: dict[str, float]
    milliseconds: float


@torch.no_grad()
def evaluate(
    denoise: Denoise,
    digits: Digits,
    *,
    kind: str = "blend",
    amounts: tuple[float, ...] = SCORED_AMOUNTS,
    seed: int = 0,
    read: Read | None = None,
    tell: bool = False,
    tick: Callable[[int], object] = lambda pictures: None,
) -> Scores:
    """Score a denoiser on digits it has not seen, its output clipped to [0, 1].

    The amounts of "uniform" are the N midpoints of a division of [0, 1], shuffled over the N digits: an
    average over Uniform(0, 1) without the scatter of drawing the amounts.

    Args:
        denoise: noisy to denoised pictures ``[n, 1, 28, 28]``, such as a `Denoiser` or any `nn.Module`, whose
            gradient is not asked for; the identity scores the noisy picture itself.
        digits: N held-out digits; with labels if `read` is given.
        kind: of noise. Every denoiser sees the same noise, which depends on `seed`, kind and amount only.
        read: pictures to probabilities ``[n, 10]``, such as a `Reader`.
        tell: whether `denoise` is also told kind and amounts, as a `Denoiser` that `can_be_told`.
        tick: called with the number of pictures done, for a progress bar.
    """
    errors: dict[str, Tensor] = {}
    hits: dict[str, Tensor] = {}
    seconds = 0.0
    for number, amount in enumerate((*amounts, None)):
        key = "uniform" if amount is None else f"{amount:g}"
        parts, right = [], []
        generator = torch.Generator().manual_seed(1_000_003 * seed + number)
        for clean, labels, noisy, a in _noisy(digits, amount, kind, generator):
            start = time.perf_counter()
            denoised = denoise(noisy, *((kind, a) if tell else ())).clamp(0, 1)
            seconds += time.perf_counter() - start
            parts.append(mse(denoised, clean))
            if read is not None and labels is not None:
                right.append(read(denoised).argmax(dim=1) == labels)
            tick(len(clean))
        errors[key] = torch.cat(parts).double()
        if right:
            hits[key] = torch.cat(right).double()
    return _scores(errors, hits, 1000 * seconds / (len(digits) * len(errors)))


def _scores(errors: dict[str, Tensor], hits: dict[str, Tensor], milliseconds: float) -> Scores:
    """Means over the pictures of the errors and hits ``[N]`` at each amount."""
    uniform = errors["uniform"]
    spread = float(uniform.std()) / math.sqrt(len(uniform)) if len(uniform) > 1 else math.nan
    means = {key: float(values.mean()) for key, values in errors.items()}
    return Scores(
        mse=means,
        psnr={key: -10 * math.log10(value) if value else math.inf for key, value in means.items()},
        interval=1.96 * spread,
        read={key: float(values.mean()) for key, values in hits.items()},
        milliseconds=milliseconds,
    )


def compare(
    denoisers: Sequence[Denoiser],
    digits: Digits,
    *,
    split: str,
    kinds: Sequence[str] = ("blend",),
    seed: int = 0,
    read: Reader | None = None,
    tick: Callable[[int], object] = lambda pictures: None,
) -> dict[str, Any]:
    """Several denoisers beside the noisy picture itself, the same noise for all: what `results_table` takes.

    Who can be told kind and amount of the noise has a second row, told them.

    Args:
        split: the digits' own, to be named in the table; for the others see `evaluate`.
    """
    rows = []
    for kind in kinds:
        score = partial(evaluate, digits=digits, kind=kind, seed=seed, read=read, tick=tick)
        rows.append({"name": "noisy", "model": "", "parameters": 0, "kind": kind, **asdict(score(_same))})
        for denoiser in denoisers:
            info = denoiser.info
            known = {"name": info.name, "model": info.model, "parameters": info.parameters, "kind": kind}
            rows.append(known | asdict(score(denoiser)))
            if denoiser.can_be_told:
                named = {"name": f"{info.name}, told kind and amount"}
                rows.append(known | named | asdict(score(denoiser, tell=True)))
    facts: dict[str, Any] = {"data": digits.source, "split": split, "digits": len(digits), "seed": seed}
    where = hardware(denoisers[0].device if denoisers else None)
    facts |= {"hardware": where, "torch": torch.__version__, "rows": rows}
    return facts | ({"reader": {"name": read.info.name, "accuracy": accuracy(read, digits)}} if read else {})


def _same(noisy: Tensor) -> Tensor:
    return noisy


def accuracy(read: Read, digits: Digits) -> float:
    """The share of digits that a reader reads rightly, in [0, 1]. ValueError without labels."""
    return float(_hits(read, digits).mean())


def compare_readers(
    readers: Sequence[Reader],
    digits: Digits,
    *,
    split: str,
    tick: Callable[[int], object] = lambda pictures: None,
) -> dict[str, Any]:
    """How well classifiers read clean digits: what `readers_table` takes.

    Each row has the `accuracy`, the half width `interval` of its 95 % confidence interval, the accuracy of each digit
    in `digits`, None where there is none of it, and `milliseconds` per picture.

    Raises:
        ValueError: the digits have no labels.
    """
    rows = []
    for reader in readers:
        start = time.perf_counter()
        hits = _hits(reader, digits, tick)
        seconds = time.perf_counter() - start
        share, info = float(hits.mean()), reader.info
        each = [hits[digits.labels == digit] for digit in range(10)]
        row = {"name": info.name, "model": info.model, "parameters": info.parameters, "accuracy": share}
        row |= {"interval": 1.96 * math.sqrt(share * (1 - share) / len(digits))}
        row |= {"digits": [float(of.mean()) if len(of) else None for of in each]}
        rows.append(row | {"milliseconds": 1000 * seconds / len(digits)})
    facts: dict[str, Any] = {"data": digits.source, "split": split, "digits": len(digits)}
    where = hardware(readers[0].device if readers else None)
    return facts | {"hardware": where, "torch": torch.__version__, "rows": rows}


def _hits(read: Read, digits: Digits, tick: Callable[[int], object] = lambda pictures: None) -> Tensor:
    """1 for each digit that is read rightly, else 0, ``[N]``."""
    if digits.labels is None:
        raise ValueError("these digits have no labels to compare with: use a labelled file")
    parts = []
    for images in digits.images.split(BATCH):
        parts.append(read(images).argmax(dim=1))
        tick(len(images))
    return (torch.cat(parts) == digits.labels).double()


def _noisy(
    digits: Digits, amount: float | None, kind: str, generator: torch.Generator
) -> Iterator[tuple[Tensor, Tensor | None, Tensor, float | Tensor]]:
    """Batches of clean pictures, labels, noisy pictures and amounts; amount None spreads these over [0, 1]."""
    count = len(digits)
    grid = (torch.randperm(count, generator=generator) + 0.5) / count
    for start in range(0, count, BATCH):
        clean = digits.images[start : start + BATCH]
        labels = digits.labels[start : start + BATCH] if digits.labels is not None else None
        a = grid[start : start + BATCH] if amount is None else amount
        yield clean, labels, corrupt(clean, a, kind, generator=generator), a
