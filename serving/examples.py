"""Digits out of the data, for visitors who would rather not draw."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass

import numpy as np

from denoiser.data import Digits, find_mnist, load_digits


@dataclass(frozen=True)
class Example:
    pixels: np.ndarray  # uint8 [28, 28]
    label: int
    source: str
    own: bool  # made by this project, because MNIST is not here


class ExampleDigits:
    """The test digits, loaded at the first pick, from any thread; MNIST as soon as it is there."""

    def __init__(self) -> None:
        self._loading = threading.Lock()
        self._digits: Digits | None = None
        self._random = random.SystemRandom()

    def pick(self, label: int | None = None) -> Example:
        """A random digit, or a random one with this label; ValueError for another label."""
        if label is not None and (type(label) is not int or not 0 <= label <= 9):
            raise ValueError("label must be a whole number from 0 to 9, or null")
        digits = self._loaded()
        assert digits.labels is not None  # the test digits are labelled in every source
        chosen = self._random.randrange(10) if label is None else label
        index = self._random.choice((digits.labels == chosen).nonzero().flatten().tolist())
        pixels = (digits.images[index, 0] * 255).round().byte().numpy()
        return Example(pixels, chosen, digits.source, own=digits.source != "MNIST")

    def _loaded(self) -> Digits:
        with self._loading:
            if self._digits is None or (self._digits.source != "MNIST" and find_mnist() is not None):
                self._digits = load_digits("auto", "test")
            return self._digits
