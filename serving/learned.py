"""What noise and which digits a network was trained on, so that a page can say it and what goes beyond it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from denoiser import KINDS


class Learned(TypedDict):
    kinds: list[str]  # of noise, each once
    amounts: list[float]  # lowest and highest, 0 to 1
    digits: list[int]


def learned_by(training: object) -> Learned | None:
    """Kinds and range of noise, and the digits, out of a training configuration as a checkpoint holds it.

    Args:
        training: `Info.training`, which may come from a stranger's file: anything at all.

    Returns:
        None where it does not say.
    """
    said = training if isinstance(training, Mapping) else {}
    kinds, amounts, digits = (_items(said.get(name)) for name in ("kinds", "amounts", "digits"))
    known = all(isinstance(kind, str) and kind in KINDS for kind in kinds)
    within = len(amounts) == 2 and all(type(amount) in (int, float) and 0 <= amount <= 1 for amount in amounts)
    whole = all(type(digit) is int and 0 <= digit <= 9 for digit in digits)
    if not (kinds and digits and known and within and whole and amounts[0] <= amounts[1]):
        return None
    return {"kinds": list(dict.fromkeys(kinds)), "amounts": amounts, "digits": sorted(set(digits))}


def _items(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []
