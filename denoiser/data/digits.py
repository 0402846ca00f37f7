"""Pictures of digits with their labels, chosen, cut and put together."""

import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import torch

from denoiser.pictures import check_pictures


@dataclass(frozen=True, eq=False)
class Digits:
    """Pictures of digits: `images` float32 [N, 1, 28, 28] in [0, 1], N ≥ 1; `labels` int64 [N] in 0–9.

    `labels` is None where nobody wrote them down; `source` says where the digits come from.
    Raises ValueError for any other shape, type or range.
    """

    images: torch.Tensor = field(repr=False)
    labels: torch.Tensor | None = field(default=None, repr=False)
    source: str = ""

    def __post_init__(self) -> None:
        check_pictures(self.images)
        _check_pixels(self.images)
        if self.labels is not None:
            _check_labels(self.labels, len(self.images))

    def __len__(self) -> int:
        return len(self.images)

    def __add__(self, other: "Digits") -> "Digits":
        return concatenate([self, other])

    def only(self, digits: Iterable[int]) -> "Digits":
        """Return those that show one of `digits`, in order.

        Raises ValueError if no digit is chosen, one is not 0–9, none is left, or there are no labels.
        """
        chosen = chosen_digits(digits)
        if len(chosen) == 10:
            return self
        if self.labels is None:
            raise ValueError(f"{self._called()} has no labels to choose digits by; choose all ten digits")
        keep = torch.isin(self.labels, torch.tensor(chosen, device=self.labels.device))
        if not keep.any():
            raise ValueError(f"{self._called()} has none of the digits {chosen}; choose others")
        return self.take(keep.nonzero()[:, 0])

    def take(self, indices: torch.Tensor | Sequence[int]) -> "Digits":
        """Return the digits at `indices`, whole numbers in 0..N−1, in that order."""
        places = torch.as_tensor(indices, dtype=torch.int64, device=self.images.device)
        labels = None if self.labels is None else self.labels[places]
        return replace(self, images=self.images[places], labels=labels)

    def spread(self, count: int) -> "Digits":
        """Return `count` digits, or all if there are fewer, from all over the set, which may be several in a row."""
        return self.take(torch.linspace(0, len(self) - 1, min(count, len(self))).long())

    def sample(self, count: int, seed: int) -> "Digits":
        """Return `count` different digits, or all if there are fewer, in random order; the seed chooses them."""
        generator = torch.Generator().manual_seed(seed)
        return self.take(torch.randperm(len(self), generator=generator)[:count])

    def to(self, device: torch.device | str) -> "Digits":
        """Return the same digits on another device."""
        labels = None if self.labels is None else self.labels.to(device)
        return replace(self, images=self.images.to(device), labels=labels)

    def _called(self) -> str:
        return self.source or "this set"


def _check_pixels(images: torch.Tensor) -> None:
    if len(images) == 0:
        raise ValueError("there are no images; give at least one")
    low, high = (float(end) for end in images.aminmax())
    if not (low >= 0 and high <= 1):  # so put, NaN is refused too
        raise ValueError(f"pixels lie in {low:g} to {high:g}; scale them to 0–1")


def _check_labels(labels: torch.Tensor, count: int) -> None:
    if labels.dtype != torch.int64 or labels.ndim != 1:
        raise ValueError(f"labels are {labels.dtype} {list(labels.shape)}; give torch.int64 [N]")
    if len(labels) != count:
        raise ValueError(f"{count} images but {len(labels)} labels; give one label per image")
    if not ((labels >= 0) & (labels <= 9)).all():
        raise ValueError("a label is not a digit; labels must be 0 to 9")


def chosen_digits(digits: Iterable[int]) -> list[int]:
    """Return `digits` sorted and without repetition; ValueError if there are none or one is not 0–9."""
    try:
        chosen = sorted({operator.index(digit) for digit in digits})
    except TypeError as error:
        raise ValueError("digits must be whole numbers; choose from 0 to 9") from error
    if not chosen:
        raise ValueError("no digits are chosen; choose from 0 to 9")
    if chosen[0] < 0 or chosen[-1] > 9:
        raise ValueError(f"digits {chosen} are not all 0 to 9; choose from 0 to 9")
    return chosen


def concatenate(parts: Sequence[Digits]) -> Digits:
    """Return all parts in one; unlabelled if one of them is. Raises ValueError if there are no parts."""
    if not parts:
        raise ValueError("no digits to put together; give at least one set")
    if len(parts) == 1:
        return parts[0]
    labels = [part.labels for part in parts if part.labels is not None]
    return Digits(
        images=torch.cat([part.images for part in parts]),
        labels=torch.cat(labels) if len(labels) == len(parts) else None,
        source=" + ".join(dict.fromkeys(part.source for part in parts if part.source)),
    )
