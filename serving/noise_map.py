"""How well a network takes out every kind of noise, and how much of it: where it helps, and where it does harm."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from denoiser.data.own import OWN_SOURCE
from denoiser.metrics import decibels, mse
from denoiser.noise import KINDS, corrupt
from serving.examples import ExampleDigits
from serving.live import LiveDenoiser
from serving.tokens import is_token
from serving.turns import Turns

AMOUNTS = (0.25, 0.5, 0.75, 0.9)
DIGITS = 64  # of the test set, for each cell
SEED = 0


@dataclass(frozen=True)
class Row:
    """PSNR in dB of the mean squared error over all digits, by kind and then by amount."""

    psnr: tuple[tuple[float, ...], ...]
    nothing: tuple[tuple[float, ...], ...]  # of the noisy pictures themselves
    digits: int
    source: str  # of these digits
    own: bool  # whether they are the project's own


class NoiseMap:
    """Rows are computed when they are asked for, from any thread; those of shipped networks are kept."""

    def __init__(self, live: LiveDenoiser, examples: ExampleDigits) -> None:
        self._live = live
        self._examples = examples
        self._turns = Turns(live)
        self._kept: dict[tuple[str, str], Row] = {}

    def row(self, name: str) -> Row:
        """Of a shipped network, or of a run's.

        Raises:
            ValueError: another name; UnknownRun for the token of no run.
            Busy: too many requests in progress.
        """
        with self._turns.take():
            network = self._live.network(name)
            digits = self._examples.some(DIGITS)
            key = name, digits.source
            if key in self._kept:
                return self._kept[key]
            noisy = _noisy(digits.images)
            psnr = tuple(tuple(_psnr(network(each).cpu(), digits.images) for each in row) for row in noisy)
            nothing = tuple(tuple(_psnr(each, digits.images) for each in row) for row in noisy)
            row = Row(psnr, nothing, len(digits), digits.source, own=digits.source == OWN_SOURCE)
            if not is_token(name):
                self._kept[key] = row
            return row


def _noisy(images: Tensor) -> list[list[Tensor]]:
    """The same noise for every network."""
    generators = (torch.Generator().manual_seed(SEED + place) for place in range(len(KINDS) * len(AMOUNTS)))
    return [[corrupt(images, amount, kind, generator=next(generators)) for amount in AMOUNTS] for kind in KINDS]


def _psnr(pictures: Tensor, truth: Tensor) -> float:
    return decibels(float(mse(pictures, truth).mean()))
