"""What a set of digits looks like in numbers: its classes, its pixels, and its mean pictures."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from denoiser.data.digits import Digits
from denoiser.pictures import bytes_of

LEVELS = 256  # of grey
PART = 5000  # pictures at a time, so that no second copy of all of them is made


@dataclass(frozen=True, eq=False)
class Statistics:
    """Of N digits. `mean` and `deviation` (the population's) are of all their pixels, in [0, 1]."""

    digits: int
    mean: float
    deviation: float
    black: float  # share of pixels that are exactly 0
    levels: tuple[int, ...]  # how many pixels have each level of grey, rounded to 0–255
    classes: tuple[int, ...] | None  # how often each digit is there; None without labels
    mean_picture: Tensor = field(repr=False)  # [1, 28, 28]
    class_means: Tensor | None = field(repr=False)  # [10, 1, 28, 28], black for a digit that is not there


def statistics(digits: Digits) -> Statistics:
    """Count and average all pixels of a set of digits."""
    images, labels = digits.images, digits.labels
    deviation, mean = torch.std_mean(images, correction=0)
    levels = torch.zeros(LEVELS, dtype=torch.int64)
    for part in images.split(PART):
        levels += torch.bincount(bytes_of(part).flatten(), minlength=LEVELS).cpu()
    return Statistics(
        digits=len(digits),
        mean=float(mean),
        deviation=float(deviation),
        black=1 - float(images.count_nonzero()) / images.numel(),
        levels=tuple(levels.tolist()),
        classes=None if labels is None else class_counts(labels),
        mean_picture=images.mean(dim=0),
        class_means=None if labels is None else _class_means(images, labels),
    )


def class_counts(labels: Tensor) -> tuple[int, ...]:
    """How often each of the ten digits is among labels, int64 [N]."""
    return tuple(torch.bincount(labels, minlength=10).tolist())


def _class_means(images: Tensor, labels: Tensor) -> Tensor:
    sums = images.new_zeros(10, *images.shape[1:]).index_add_(0, labels, images)
    counts = torch.bincount(labels, minlength=10).clamp(min=1)
    return sums / counts.view(10, 1, 1, 1)
