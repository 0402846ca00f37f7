"""Digits out of the data, for visitors who would rather not draw."""

from __future__ import annotations

import logging
import random
import threading
from dataclasses import dataclass

import numpy as np

from denoiser.data import Digits, data_stamp, handwritten_digits, limited, load_digits
from denoiser.data.own import OWN_SOURCE
from denoiser.pictures import to_bytes

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Example:
    pixels: np.ndarray  # uint8 [28, 28]
    label: int
    source: str
    own: bool  # made by this project, because MNIST is not here


class ExampleDigits:
    """The test digits, loaded at the first pick, from any thread; MNIST as soon as it is there and can be read."""

    def __init__(self) -> None:
        self._loading = threading.Lock()
        self._digits: Digits | None = None
        self._stamp: object = None  # of the files that were found when the digits were loaded
        self._random = random.SystemRandom()

    def pick(self, label: int | None = None) -> Example:
        """A random digit, or a random one with this label; ValueError for another label."""
        if label is not None and (type(label) is not int or not 0 <= label <= 9):
            raise ValueError("label must be a whole number from 0 to 9, or null")
        digits = self.digits()
        assert digits.labels is not None  # promised by _test_digits
        chosen = self._random.choice(digits.labels.unique().tolist()) if label is None else label
        places = (digits.labels == chosen).nonzero().flatten().tolist()
        if not places:
            return self._written(chosen)
        pixels = to_bytes(digits.images[self._random.choice(places), 0])
        return Example(pixels, chosen, digits.source, own=digits.source == OWN_SOURCE)

    def some(self, count: int) -> Digits:
        """So many test digits, the same at every call as long as the data is the same, spread over all of them."""
        digits = self.digits()
        return digits.spread(min(count, len(digits)))

    def limited(self, count: int | None) -> Digits:
        """The test digits that `python -m denoiser evaluate --limit` takes; None for all."""
        digits = self.digits()
        return digits if count is None else digits.take(limited(len(digits), count))

    def digits(self) -> Digits:
        """All test digits, labelled: the same object as long as the data is the same, which must not be changed."""
        with self._loading:
            stamp = data_stamp()
            if self._digits is None or stamp != self._stamp:  # MNIST may arrive while the page runs
                self._digits, self._stamp = _test_digits(), stamp
            return self._digits

    def _written(self, label: int) -> Example:
        """A digit that the data lacks."""
        digits = handwritten_digits(1, seed=self._random.randrange(2**31), digits=(label,))
        return Example(to_bytes(digits.images[0, 0]), label, OWN_SOURCE, own=True)


def _test_digits() -> Digits:
    """The test digits, all labelled; the project's own ones where the data is damaged."""
    try:
        digits = load_digits("auto", "test")
        if digits.labels is None:
            raise ValueError(f"{digits.source} has no labels; add them, or remove the file")
        return digits
    except (OSError, ValueError) as error:
        log.warning("%s; until then the examples are %s", error, OWN_SOURCE)
        return load_digits("own", "test")
