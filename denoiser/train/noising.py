"""How the noise of a run is drawn: how much of it a network meets, which pictures get which kind, and the noise itself.

Steps, scores and samples all take their noise from here. They differ only in the amounts they choose and in how they
share the kinds out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import torch
from torch import Generator, Tensor

from denoiser.noise import corrupt, described
from denoiser.train.config import TrainingConfig

Share = tuple[str, int]  # a kind of noise, and how many pictures get it


def evaluation_amounts(config: TrainingConfig) -> tuple[float, float]:
    """The lowest and highest amount of noise under which a network is scored and shown: those of its training.

    A run without noise is evaluated under all amounts, because that is what its network will be used for.
    """
    return config.amounts if config.amounts[1] > 0 else (0.0, 1.0)


def shared_out(kinds: Sequence[str], count: int) -> list[Share]:
    """Divide `count` pictures evenly among kinds of noise; the first kinds get one more where that leaves some over."""
    share, left = divmod(count, len(kinds))
    return [(kind, share + (place < left)) for place, kind in enumerate(kinds)]


def joined(shares: Sequence[Share]) -> list[Share]:
    """The same shares, those of one kind joined into one, where the first of them was."""
    counts: Counter[str] = Counter()
    for kind, count in shares:
        counts[kind] += count
    return list(counts.items())


def in_turns(kinds: Sequence[str], count: int) -> list[Share]:
    """One picture for each kind in turn, however often it is named, until `count` pictures have one."""
    different = list(dict.fromkeys(kinds))
    return [(different[place % len(different)], 1) for place in range(count)]


def corrupt_shares(clean: Tensor, amounts: Tensor, shares: Sequence[Share], generator: Generator) -> Tensor:
    """Drown pictures in noise, each share of them in its own kind.

    Args:
        clean: float32 ``[N, 1, 28, 28]`` in [0, 1], the first share first.
        amounts: one per picture, ``[N]`` in [0, 1].
        shares: kinds of noise and their numbers of pictures, N altogether.
        generator: see `corrupt`.
    """
    sizes = [count for _, count in shares]
    parts = zip(clean.split(sizes), amounts.split(sizes), shares, strict=True)
    return torch.cat([corrupt(x, a, kind, generator=generator) for x, a, (kind, _) in parts])


def describe_shares(amounts: Tensor, shares: Sequence[Share]) -> Tensor:
    """The same noise in numbers, as `described`: float32 ``[N, 2·kinds]``."""
    parts = zip(amounts.split([count for _, count in shares]), shares, strict=True)
    return torch.cat([described(kind, a, count) for a, (kind, count) in parts])
