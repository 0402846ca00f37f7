"""The data as a page shows it: digits with labels, their statistics, their augmentation, and what is read in them."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass

import numpy as np
import torch

from denoiser.data import Digits
from denoiser.data.idx_head import IdxHead, idx_head
from denoiser.data.own import OWN_SOURCE, own_counts
from denoiser.data.sets import SPLITS
from denoiser.data.split_counts import Counts, split_counts
from denoiser.data.statistics import Statistics, statistics
from denoiser.pictures import to_bytes
from denoiser.train.augmentation import Augmentation, augment
from serving.examples import ExampleDigits
from serving.live import LARGEST_SEED, LiveDenoiser, LiveRequest, drowned

log = logging.getLogger(__name__)

SPLIT = "test"  # of the digits that are shown; training never sees them
SHOWN = 64  # digits on a sheet
READ = 2000  # test digits that a classifier is tried on at most
READ_SEED = 0  # of their choice and order, in which those at the beginning are as hard as the others
SLICE = 50  # of them in one request: the largest network takes 110 ms for these
VERSIONS = 12  # of a digit, augmented
TRAINED = "train"  # all movements, as Train makes them
CROP = Augmentation(crop=4.0)  # which Train leaves out
MOVES = {
    TRAINED: Augmentation(),
    **{move: Augmentation().alone(move) for move in ("rotation", "shift", "scale", "slant")},
    "crop": CROP.alone("crop"),
}


@dataclass(frozen=True)
class Facts:
    source: str
    own: bool  # the project's own digits
    statistics: Statistics  # of the test digits
    counts: Counts
    head: IdxHead  # of a file of them


@dataclass(frozen=True)
class Labelled:
    pixels: np.ndarray  # uint8 [N, 28, 28]
    labels: tuple[int, ...]


@dataclass(frozen=True)
class Readings:
    """What a classifier read in some of the `of` digits that it is tried on."""

    source: str
    of: int
    labels: tuple[int, ...]
    read: tuple[int, ...]
    sure: tuple[float, ...]  # the probability of what was read


@dataclass(frozen=True)
class Augmented:
    """Without ink there is only a hint."""

    hint: str | None = None
    digit: np.ndarray | None = None  # uint8 [28, 28]
    versions: np.ndarray | None = None  # uint8 [12, 28, 28]


class DataPage:
    """Answers from any thread, within the bounds of the drawing; what never changes with the data is kept."""

    def __init__(self, live: LiveDenoiser, examples: ExampleDigits) -> None:
        self._live = live
        self._examples = examples
        self._computing = threading.Lock()  # what one visitor waits for is there for the next
        self._kept: tuple[Digits, Facts] | None = None

    def facts(self) -> Facts:
        """What is known of all digits. Busy: too many requests in progress."""
        with self._live.place():
            digits = self._examples.digits()
            with self._computing:
                if self._kept is None or self._kept[0] is not digits:
                    self._kept = digits, _facts(digits)
                return self._kept[1]

    def sheet(self, seed: int) -> Labelled:
        """64 of them, chosen by a seed from 0 on; ValueError for another one, Busy as above."""
        _check_seed(seed)
        with self._live.place():
            return _labelled(self._examples.digits().sample(SHOWN, seed))

    def readings(self, reader: str, start: int) -> Readings:
        """What a classifier reads in `SLICE` of the digits that it is tried on, from `start` on.

        Raises:
            ValueError: another start, or a reader that is not there; UnknownRun for the token of no run.
            Busy: too many requests in progress.
        """
        if not isinstance(reader, str):
            raise ValueError("reader must be a name")
        with self._live.place():
            read, digits = self._live.reader(reader), self._tried_on()
            _check_place("start", start, len(digits))
            some = digits.take(range(start, min(start + SLICE, len(digits))))
            sure, found = read(some.images).cpu().max(dim=1)
            labels = _labels(some)
            return Readings(digits.source, len(digits), labels, tuple(found.tolist()), tuple(sure.tolist()))

    def pictures(self, places: list[int]) -> Labelled:
        """1 to 64 of the digits that classifiers are tried on, by their places; errors as above."""
        if not isinstance(places, list) or not 1 <= len(places) <= SHOWN:
            raise ValueError(f"places must be a list of 1 to {SHOWN}")
        with self._live.place():
            digits = self._tried_on()
            for place in places:
                _check_place("places", place, len(digits))
            return _labelled(digits.take(places))

    def augmented(self, pixels: np.ndarray, move: str, seed: int) -> Augmented:
        """Twelve versions of a drawing, uint8 [112, 112]: one of `MOVES`, by a seed from 0 on; errors as above."""
        if not isinstance(move, str) or move not in MOVES:
            raise ValueError(f"unknown move: choose one of {', '.join(MOVES)}")
        _check_seed(seed)
        with self._live.place():
            digit, inked, _ = drowned(LiveRequest(pixels, amount=0.0))
            if inked is None:
                return Augmented(hint="no_ink")
            generator = torch.Generator().manual_seed(seed)
            versions = augment(digit.expand(VERSIONS, -1, -1, -1), MOVES[move], generator)
            return Augmented(None, to_bytes(digit[0, 0]), to_bytes(versions[:, 0]))

    def _tried_on(self) -> Digits:
        return self._examples.digits().sample(READ, READ_SEED)


def _facts(digits: Digits) -> Facts:
    found = statistics(digits)
    return Facts(digits.source, digits.source == OWN_SOURCE, found, _counts(digits, found), idx_head(digits))


def _counts(digits: Digits, found: Statistics) -> Counts:
    """Of all splits that are known; those that are shown always are."""
    assert found.classes is not None  # promised by ExampleDigits
    if digits.source == OWN_SOURCE:
        return {split: own_counts(split) for split in SPLITS}
    try:
        return split_counts() | {SPLIT: found.classes}
    except (ValueError, OSError) as error:
        log.warning("%s; until then only %s digits are counted", error, SPLIT)
        return {SPLIT: found.classes}


def _labelled(digits: Digits) -> Labelled:
    return Labelled(to_bytes(digits.images[:, 0]), _labels(digits))


def _labels(digits: Digits) -> tuple[int, ...]:
    assert digits.labels is not None  # promised by ExampleDigits
    return tuple(digits.labels.tolist())


def _check_seed(seed: object) -> None:
    if type(seed) is not int or not 0 <= seed <= LARGEST_SEED:
        raise ValueError(f"seed must be a whole number from 0 to {LARGEST_SEED}")


def _check_place(name: str, place: object, count: int) -> None:
    if type(place) is not int or not 0 <= place < count:
        raise ValueError(f"{name} must be whole numbers from 0 to {count - 1}")
