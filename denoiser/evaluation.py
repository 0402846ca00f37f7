"""The scores behind every table: error over the amount of noise, and what the reader makes of the result."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from denoiser.data import Digits
from denoiser.devices import hardware
from denoiser.inference import Reader
from denoiser.metrics import decibels, mse, ssim
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


class Scoring:
    """One denoiser at one amount of noise: run it, stop for as long as you like, and go on.

    The arguments are those of `evaluate`. `amount` None stands for "uniform"; `place` is that of the amount among all
    that are scored, "uniform" the last, on which its noise depends.
    """

    def __init__(
        self,
        denoise: Denoise,
        digits: Digits,
        amount: float | None,
        *,
        place: int,
        kind: str = "blend",
        seed: int = 0,
        read: Read | None = None,
        tell: bool = False,
        thorough: bool = False,
    ) -> None:
        self.digits = digits
        self.seconds = 0.0  # that the denoiser took
        self._denoise, self._read, self._tell, self._thorough = denoise, read, tell, thorough
        self._kind, self._amount = kind, amount
        self._generator = torch.Generator().manual_seed(1_000_003 * seed + place)
        self._parts: dict[str, list[Tensor]] = {"mse": [], "ssim": [], "read": []}

    def run(self, at_once: int = BATCH) -> Iterator[int]:
        """Score all pictures; yields whenever `at_once` of them or fewer are denoised, with their number."""
        for clean, labels, noisy, a in _noisy(self.digits, self._amount, self._kind, self._generator):
            pieces = math.ceil(len(noisy) / at_once)  # as large as each other, since few pictures may go another way
            told: Sequence[float | Tensor] = a.tensor_split(pieces) if isinstance(a, Tensor) else (a,) * pieces
            denoised = []
            for piece, amount in zip(noisy.tensor_split(pieces), told, strict=True):
                denoised.append(self._denoised(piece, amount))
                yield len(piece)
            self._score(torch.cat(denoised), clean, labels)

    @torch.no_grad()
    def _denoised(self, noisy: Tensor, amount: float | Tensor) -> Tensor:
        start = time.perf_counter()
        denoised = self._denoise(noisy, *((self._kind, amount) if self._tell else ()))
        self.seconds += time.perf_counter() - start
        return _checked(denoised, noisy).clamp(0, 1)

    @torch.no_grad()
    def _score(self, denoised: Tensor, clean: Tensor, labels: Tensor | None) -> None:
        self._parts["mse"].append(mse(denoised, clean))
        if self._thorough:
            self._parts["ssim"].append(ssim(denoised, clean))
        if self._read is not None and labels is not None:
            self._parts["read"].append(self._read(denoised).argmax(dim=1) == labels)

    @property
    def key(self) -> str:
        """The amount as `Scores` names it."""
        return "uniform" if self._amount is None else f"{self._amount:g}"

    @property
    def found(self) -> dict[str, Tensor]:
        """By score what was found of each picture, ``[N]``."""
        return {name: torch.cat(parts).double() for name, parts in self._parts.items() if parts}


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
    how: dict[str, Any] = dict(kind=kind, seed=seed, read=read, tell=tell, thorough=thorough)
    scorings = [Scoring(denoise, digits, a, place=place, **how) for place, a in enumerate((*amounts, None))]
    for scoring in scorings:
        for pictures in scoring.run():
            tick(pictures)
    return scores_of(scorings)


def scores_of(scorings: Sequence[Scoring]) -> Scores:
    """Of a denoiser at several amounts of the same noise, all of them run to their end."""
    found: dict[str, dict[str, Tensor]] = {"mse": {}, "ssim": {}, "read": {}}
    for scoring in scorings:
        for name, values in scoring.found.items():
            found[name][scoring.key] = values
    means = {name: {key: float(values.mean()) for key, values in each.items()} for name, each in found.items()}
    seconds, pictures = sum(scoring.seconds for scoring in scorings), sum(len(scoring.digits) for scoring in scorings)
    return Scores(
        mse=means["mse"],
        psnr={key: decibels(value) for key, value in means["mse"].items()},
        interval=_half_width(found["mse"].get("uniform")),
        read=means["read"],
        milliseconds=1000 * seconds / pictures,
        ssim=means["ssim"],
        intervals=_intervals(found) if found["ssim"] else {},
    )


def _checked(denoised: object, noisy: Tensor) -> Tensor:
    if not isinstance(denoised, Tensor) or denoised.shape != noisy.shape or not denoised.is_floating_point():
        what = f"{denoised.dtype} {list(denoised.shape)}" if isinstance(denoised, Tensor) else type(denoised).__name__
        raise ValueError(f"it must give as many pictures as it gets, float32 {list(noisy.shape)}, not {what}")
    if denoised.isnan().any():
        raise ValueError("it gave pixels that are no numbers (NaN)")
    return denoised


def _half_width(uniform: Tensor | None) -> float:
    if uniform is None or len(uniform) < 2:
        return math.nan
    return 1.96 * float(uniform.std()) / math.sqrt(len(uniform))


def _intervals(found: dict[str, dict[str, Tensor]]) -> dict[str, dict[str, tuple[float, float]]]:
    """The 95 % interval of each mean, by score and amount."""
    intervals = {
        score: {key: bootstrap(values) for key, values in each.items()} for score, each in found.items() if each
    }
    intervals["psnr"] = {key: (decibels(high), decibels(low)) for key, (low, high) in intervals["mse"].items()}
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
