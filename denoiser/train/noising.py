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

HELD_OUT_SEED = 28  # the same for every run, so that two runs can be compared
SAMPLE_AMOUNT = 0.7  # as far as the run's range reaches that high

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


def noisy_held_out(clean: Tensor, config: TrainingConfig) -> Tensor:
    """Held-out pictures ``[N, 1, 28, 28]`` under the noise on which a network is scored, the same at every score.

    Each kind has a share of the pictures, and the amounts are the midpoints of an even division of
    `evaluation_amounts`, shuffled over all of them.
    """
    generator = torch.Generator().manual_seed(HELD_OUT_SEED)
    low, high = evaluation_amounts(config)
    amounts = low + (high - low) * (torch.randperm(len(clean), generator=generator) + 0.5) / len(clean)
    return corrupt_shares(clean, amounts, shared_out(config.kinds, len(clean)), generator)


def noisy_samples(clean: Tensor, config: TrainingConfig) -> Tensor:
    """The pictures ``[N, 1, 28, 28]`` on which a run shows how it gets better, in much noise; kinds take turns."""
    low, high = evaluation_amounts(config)
    amounts = torch.full((len(clean),), min(max(SAMPLE_AMOUNT, low), high))
    generator = torch.Generator().manual_seed(config.seed)
    return corrupt_shares(clean, amounts, in_turns(config.kinds, len(clean)), generator)
