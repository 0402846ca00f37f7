"""The scores behind every table: error over the amount of noise, and what the reader makes of the result."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache, partial
from typing import Any

import torch
from torch import Tensor

from denoiser.data import Digits
from denoiser.devices import hardware
from denoiser.inference import Denoiser, Reader
from denoiser.metrics import mse, ssim
from denoiser.noise import corrupt

SCORED_AMOUNTS = (0.25, 0.5, 0.75, 0.9)
RESAMPLES = 1000  # of the pictures, for an interval
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
    batches of at most `inference.BATCH`, on whatever the denoiser runs. `ssim` (the mean of the pictures') and
    `intervals` are there only where all was asked for: by score and amount the 95 % bootstrap interval, low and high
    (percentiles of `RESAMPLES` resamples of the pictures; Efron 1979).
    """

    mse: dict[str, float]
    psnr: dict[str, float]
    interval: float
    read: dict[str, float]
    milliseconds: float
    ssim: dict[str, float] = field(default_factory=dict)
    intervals: dict[str, dict[str, tuple[float, float]]] = field(default_factory=dict)


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
    thorough: bool = False,
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
        thorough: whether SSIM and intervals are wanted, too, which take longer.
        tick: called with the number of pictures done, for a progress bar.

    Raises:
        ValueError: `denoise` gave pictures of another shape or type than those that it got, or NaN.
    """
    found: dict[str, dict[str, Tensor]] = {"mse": {}, "ssim": {}, "read": {}}
    seconds = 0.0
    for number, amount in enumerate((*amounts, None)):
        key = "uniform" if amount is None else f"{amount:g}"
        parts: dict[str, list[Tensor]] = {name: [] for name in found}
        generator = torch.Generator().manual_seed(1_000_003 * seed + number)
        for clean, labels, noisy, a in _noisy(digits, amount, kind, generator):
            start = time.perf_counter()
            denoised = denoise(noisy, *((kind, a) if tell else ()))
            seconds += time.perf_counter() - start
            denoised = _checked(denoised, noisy).clamp(0, 1)
            parts["mse"].append(mse(denoised, clean))
            if thorough:
                parts["ssim"].append(ssim(denoised, clean))
            if read is not None and labels is not None:
                parts["read"].append(read(denoised).argmax(dim=1) == labels)
            tick(len(clean))
        for name, some in parts.items():
            if some:
                found[name][key] = torch.cat(some).double()
    milliseconds = 1000 * seconds / (len(digits) * len(found["mse"]))
    return _scores(found["mse"], found["read"], found["ssim"], milliseconds, _intervals(found) if thorough else {})


def _checked(denoised: object, noisy: Tensor) -> Tensor:
    if not isinstance(denoised, Tensor) or denoised.shape != noisy.shape or not denoised.is_floating_point():
        what = f"{denoised.dtype} {list(denoised.shape)}" if isinstance(denoised, Tensor) else type(denoised).__name__
        raise ValueError(f"it must give as many pictures as it gets, float32 {list(noisy.shape)}, not {what}")
    if denoised.isnan().any():
        raise ValueError("it gave pixels that are no numbers (NaN)")
    return denoised


def _scores(
    errors: dict[str, Tensor],
    hits: dict[str, Tensor],
    likenesses: dict[str, Tensor],
    milliseconds: float,
    intervals: dict[str, dict[str, tuple[float, float]]],
) -> Scores:
    """Means over the pictures of what was found of each ``[N]`` at each amount."""
    uniform = errors["uniform"]
    spread = float(uniform.std()) / math.sqrt(len(uniform)) if len(uniform) > 1 else math.nan
    means, reads, ssims = (
        {key: float(values.mean()) for key, values in each.items()} for each in (errors, hits, likenesses)
    )
    return Scores(
        mse=means,
        psnr={key: _decibels(value) for key, value in means.items()},
        interval=1.96 * spread,
        read=reads,
        milliseconds=milliseconds,
        ssim=ssims,
        intervals=intervals,
    )


def _decibels(error: float) -> float:
    return -10 * math.log10(error) if error > 0 else math.inf


def _intervals(found: dict[str, dict[str, Tensor]]) -> dict[str, dict[str, tuple[float, float]]]:
    """The 95 % interval of each mean, by score and amount."""
    intervals = {
        score: {key: bootstrap(values) for key, values in each.items()} for score, each in found.items() if each
    }
    intervals["psnr"] = {key: (_decibels(high), _decibels(low)) for key, (low, high) in intervals["mse"].items()}
    return intervals


def bootstrap(values: Tensor) -> tuple[float, float]:
    """The 95 % percentile interval of the mean of ``[N]`` values; the same on every call."""
    means = _resamples(len(values)) @ values.float() / len(values)
    low, high = means.double().quantile(torch.tensor([0.025, 0.975], dtype=torch.float64)).tolist()
    return low, high


@lru_cache(maxsize=2)
def _resamples(count: int) -> Tensor:
    """How often each picture is in each resample, ``[RESAMPLES, count]``."""
    generator = torch.Generator().manual_seed(count)
    chosen = torch.randint(count, (RESAMPLES, count), generator=generator)
    return torch.zeros(RESAMPLES, count).scatter_add_(1, chosen, torch.ones(1).expand_as(chosen))


@dataclass(frozen=True)
class Contender:
    """Whatever takes noise out of pictures, with what a table says of it.

    `denoise` gets noisy pictures ``[n, 1, 28, 28]``, the kind of their noise, and the amount, a number or ``[n]``.
    """

    name: str
    denoise: Callable[[Tensor, str, float | Tensor], Tensor]
    model: str = ""
    parameters: int = 0
    most: int | None = None  # pictures that it is scored on, where all would take hours

    @staticmethod
    def of(denoiser: Denoiser) -> list[Contender]:
        """A network, and where it can be told kind and amount of the noise, the same told them."""
        info = denoiser.info
        facts: dict[str, Any] = {"model": info.model, "parameters": info.parameters}
        blind = Contender(info.name, lambda noisy, kind, amount: denoiser(noisy), **facts)
        told = Contender(f"{info.name}, told kind and amount", denoiser, **facts)
        return [blind, told] if denoiser.can_be_told else [blind]


NOTHING = Contender("noisy", lambda noisy, kind, amount: noisy)


def compare(
    contenders: Sequence[Contender],
    digits: Digits,
    *,
    split: str,
    kinds: Sequence[str] = ("blend",),
    seed: int = 0,
    read: Reader | None = None,
    device: torch.device | None = None,
    tick: Callable[[int], object] = lambda pictures: None,
) -> dict[str, Any]:
    """Contenders beside the noisy picture itself, the same noise for all: what `results_table` takes.

    One that fails has no scores but an `error`, one line, and the others go on.

    Args:
        split: the digits' own, to be named in the table; for the others see `evaluate`.
        device: where the networks run, to be named likewise.
    """
    facts: dict[str, Any] = {"data": digits.source, "split": split, "digits": len(digits), "seed": seed}
    facts |= {"hardware": hardware(device), "torch": torch.__version__}
    score = partial(scored, digits=digits, seed=seed, read=read, tick=tick)
    facts["rows"] = [score(contender, kind=kind) for kind in kinds for contender in (NOTHING, *contenders)]
    return facts | ({"reader": {"name": read.info.name, "accuracy": accuracy(read, digits)}} if read else {})


def scored(
    contender: Contender,
    digits: Digits,
    *,
    kind: str,
    seed: int = 0,
    read: Read | None = None,
    tick: Callable[[int], object] = lambda pictures: None,
) -> dict[str, Any]:
    """One row of `compare`: a contender's facts and its `Scores`, or its `error`."""
    some = digits if contender.most is None else digits.take(range(min(contender.most, len(digits))))
    row = {"name": contender.name, "model": contender.model, "parameters": contender.parameters, "kind": kind}
    row |= {"digits": len(some)} if len(some) < len(digits) else {}
    try:
        scores = evaluate(contender.denoise, some, kind=kind, seed=seed, read=read, tell=True, thorough=True, tick=tick)
    except Exception as error:  # of code that is not ours, too
        problem = " ".join(str(error).split()) or type(error).__name__
        return row | {"error": f"{contender.name}, {kind}: {problem}"}
    return row | asdict(scores)


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
