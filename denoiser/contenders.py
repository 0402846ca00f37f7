"""Who takes noise out of pictures, side by side: networks, classical methods, functions of other people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor

from denoiser.classical import Classical
from denoiser.data import Digits
from denoiser.devices import hardware
from denoiser.evaluation import Read, accuracy, evaluate
from denoiser.inference import Denoiser, Reader

# Pictures that are scored, the first ones, by whom all would take hours.
MOST = {"bm3d": 200, "non_local_means": 2000, "wavelets": 2000}


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

    @staticmethod
    def classical(name: str) -> Contender:
        """A classical method; ValueError for another name, or where its package is missing."""
        return Contender(name.replace("_", " "), Classical(name), name, most=MOST.get(name))

    def share(self, digits: Digits) -> Digits:
        """Those of these digits that it is scored on."""
        return digits if self.most is None else digits.take(range(min(self.most, len(digits))))

    def row(self, kind: str, digits: Digits) -> dict[str, Any]:
        """What a table says of it, before there are scores."""
        row = {"name": self.name, "model": self.model, "parameters": self.parameters, "kind": kind}
        some = min(self.most or len(digits), len(digits))
        return row | ({"digits": some} if some < len(digits) else {})

    def failed(self, kind: str, error: Exception) -> dict[str, Any]:
        """What its row says in the place of scores, in one line."""
        return {"error": f"{self.name}, {kind}: {' '.join(str(error).split()) or type(error).__name__}"}


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
    row = contender.row(kind, digits)
    how: dict[str, Any] = dict(kind=kind, seed=seed, read=read, tell=True, thorough=True, tick=tick)
    try:
        return row | asdict(evaluate(contender.denoise, contender.share(digits), **how))
    except Exception as error:  # of code that is not ours, too
        return row | contender.failed(kind, error)
