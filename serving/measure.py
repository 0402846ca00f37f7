"""The table of `python -m denoiser evaluate --methods all --kinds all`, filled a little at a time."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import torch

from denoiser.classical import usable
from denoiser.contenders import NOTHING, Contender
from denoiser.data import Digits
from denoiser.devices import hardware
from denoiser.evaluation import SCORED_AMOUNTS, Scoring, scores_of
from denoiser.noise import check_kind
from serving.examples import ExampleDigits
from serving.live import LiveDenoiser
from serving.rivals import NOTHING as NOBODY
from serving.rivals import SLOW
from serving.turns import Turns

AMOUNTS: dict[str, float | None] = {f"{amount:g}": amount for amount in SCORED_AMOUNTS} | {"uniform": None}
COUNTS: dict[str, int | None] = {"100": 100, "1000": 1000, "all": None}
SEED = 0
SECONDS = 0.3  # of work for one request: the pen needs the machine, too
AT_ONCE = 32  # pictures between two looks at the clock
MOST_BEGUN, MOST_KEPT = 16, 4096  # cells of the table; one that was begun keeps 500 noisy pictures


@dataclass(frozen=True)
class CellWish:
    """One cell of the table. ValueError, in one line, for one that there is not."""

    name: str  # NOBODY for the noisy picture itself, a classical method, a shipped network, or a run's token
    told: bool  # whether the network is told kind and amount of the noise; methods know them
    kind: str
    amount: str  # a key of `AMOUNTS`
    digits: str  # a key of `COUNTS`

    def __post_init__(self) -> None:
        for field in ("name", "kind", "amount", "digits"):
            if not isinstance(getattr(self, field), str):
                raise ValueError(f"{field} must be a text")
        if type(self.told) is not bool:
            raise ValueError("told must be true or false")
        check_kind(self.kind)
        for field, choices in (("amount", AMOUNTS), ("digits", COUNTS)):
            if getattr(self, field) not in choices:
                raise ValueError(f"unknown {field}: choose one of {', '.join(choices)}")


@dataclass(frozen=True)
class Cell:
    """How far a cell is, and once all pictures are scored what the command line's table has of it."""

    done: int  # pictures
    of: int
    facts: dict[str, Any] | None = None  # those of `compare`, with one row of one amount


@dataclass
class _Work:
    """A cell that was begun."""

    contender: Contender
    scoring: Scoring
    pictures: Iterator[int]
    done: int = 0


class Measuring:
    """Cells are scored when they are asked for, from any thread, one at a time, and kept."""

    def __init__(self, live: LiveDenoiser, examples: ExampleDigits) -> None:
        self._live = live
        self._examples = examples
        self._turns = Turns(live)
        self._begun: OrderedDict[object, _Work] = OrderedDict()
        self._kept: OrderedDict[object, Cell] = OrderedDict()

    def cell(self, wish: CellWish) -> Cell:
        """Go on with one cell for `SECONDS` at most, or give what is known of it.

        Raises:
            ValueError: nobody has this name, or it cannot be told; UnknownRun for the token of no run.
            Busy: too many requests in progress.
        """
        with self._turns.take():
            contender, steps = self._contender(wish)
            digits = self._examples.limited(COUNTS[wish.digits])
            key = wish, steps, digits.source, len(digits)
            if key not in self._kept:
                work = self._begun.pop(key, None) or self._begin(wish, contender, digits)
                facts = self._go_on(work, wish.kind, digits)
                if facts is None:
                    _keep(self._begun, key, work, MOST_BEGUN)
                    return Cell(work.done, len(work.scoring.digits))
                _keep(self._kept, key, Cell(work.done, len(work.scoring.digits), facts), MOST_KEPT)
            self._kept.move_to_end(key)
            return self._kept[key]

    def _contender(self, wish: CellWish) -> tuple[Contender, int]:
        """Who it is, and for how many steps it has been trained, since a run may go on."""
        if wish.name == NOBODY or wish.name in usable():
            if wish.told:
                raise ValueError(f"{wish.name} is no network that could be told the noise")
            return NOTHING if wish.name == NOBODY else Contender.classical(wish.name), 0
        network = self._live.network(wish.name)
        if wish.told and not network.can_be_told:
            raise ValueError(f"{network.info.name or wish.name} cannot be told the noise")
        return Contender.of(network)[wish.told], network.info.steps

    def _begin(self, wish: CellWish, contender: Contender, digits: Digits) -> _Work:
        scoring = Scoring(
            contender.denoise,
            contender.share(digits),
            AMOUNTS[wish.amount],
            place=list(AMOUNTS).index(wish.amount),
            kind=wish.kind,
            seed=SEED,
            read=self._live.reader(),
            tell=True,
            thorough=True,
        )
        return _Work(contender, scoring, scoring.run(1 if wish.name in SLOW else AT_ONCE))

    def _go_on(self, work: _Work, kind: str, digits: Digits) -> dict[str, Any] | None:
        """None where the time did not suffice."""
        end = time.monotonic() + SECONDS
        row = work.contender.row(kind, digits)
        try:
            for pictures in work.pictures:
                work.done += pictures
                if time.monotonic() > end:
                    return None
            row |= asdict(scores_of([work.scoring]))
        except Exception as error:  # whatever a method raises: the others go on
            row |= work.contender.failed(kind, error)
        facts: dict[str, Any] = {"data": digits.source, "split": "test", "digits": len(digits), "seed": SEED}
        where = self._live.network("default").device
        return facts | {"hardware": hardware(where), "torch": torch.__version__, "rows": [row]}


def _keep(place: OrderedDict[object, Any], key: object, value: object, most: int) -> None:
    place[key] = value
    while len(place) > most:
        place.popitem(last=False)
