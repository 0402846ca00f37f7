"""Learning rates as pure functions of how much of the budget is spent."""

from __future__ import annotations

import math
from collections.abc import Callable

WARM_UP = 0.1  # of the budget: the learning rate rises linearly before it falls
HOLD = 0.3  # of the budget: it stays before it falls


def constant(progress: float) -> float:
    """Always the full learning rate."""
    return 1.0


def cosine(progress: float) -> float:
    """From the full learning rate to zero along half a cosine (Loshchilov and Hutter, arXiv 1608.03983)."""
    return 0.5 * (1 + math.cos(math.pi * progress))


def trapezoid(progress: float) -> float:
    """The full learning rate for a while, then down to zero along a line.

    The constant rate with a cooldown of Hägele and others (arXiv 2405.18392).
    """
    return min(1.0, (1 - progress) / (1 - HOLD))


def one_cycle(progress: float) -> float:
    """Up linearly over the first tenth of the budget, then down to zero along half a cosine.

    After Smith and Topin's one-cycle policy, arXiv 1708.07120.
    """
    if progress < WARM_UP:
        return (progress + 0.01) / (WARM_UP + 0.01)
    return cosine((progress - WARM_UP) / (1 - WARM_UP))


SCHEDULES: dict[str, Callable[[float], float]] = {
    "constant": constant,
    "cosine": cosine,
    "trapezoid": trapezoid,
    "one_cycle": one_cycle,
}
