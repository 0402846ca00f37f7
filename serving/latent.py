"""The plane of two numbers in the middle of a dense autoencoder: test digits in it, a visitor's own, any place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from denoiser.data.own import OWN_SOURCE
from denoiser.latent import LatentPlane, lattice, limits_of
from denoiser.pictures import SIDE, to_bytes
from serving.examples import ExampleDigits
from serving.live import LiveDenoiser, LiveRequest, drowned
from serving.tokens import is_token
from serving.turns import Turns

DIGITS = 1000  # of the test set, as points
TILES = 16  # on a side of the plane
FARTHEST = 1e6  # that a stranger's code may lie from zero
Code = tuple[float, float]


@dataclass(frozen=True)
class Plane:
    """What a network makes of clean test digits, and of places all over the plane."""

    low: Code
    high: Code
    codes: np.ndarray  # float32 [N, 2]
    labels: np.ndarray  # int64 [N]
    tiles: np.ndarray  # uint8 [448, 448]: decoded at the centres of 16 × 16 tiles, the highest second number above
    source: str  # of these digits
    own: bool  # whether they are the project's own


@dataclass(frozen=True)
class Decoded:
    """The picture of a code, and what the reader sees in it."""

    pixels: np.ndarray  # uint8 [28, 28]
    readings: tuple[float, ...]  # a probability for each of the ten digits


@dataclass(frozen=True)
class Encoded:
    """A visitor's digit in the plane. Without ink there is only a hint."""

    hint: str | None = None
    digit: np.ndarray | None = None  # uint8 [28, 28], as is `noisy`
    noisy: np.ndarray | None = None
    clean_code: Code = (0.0, 0.0)
    code: Code = (0.0, 0.0)  # of the noisy picture
    decoded: Decoded | None = None  # from that code


class LatentPlanes:
    """Answers requests from any thread, within the bounds of the drawing that it goes with."""

    def __init__(self, live: LiveDenoiser, examples: ExampleDigits) -> None:
        self._live = live
        self._examples = examples
        self._turns = Turns(live)
        self._kept: dict[tuple[str, str], Plane] = {}

    def plane(self, name: str) -> Plane:
        """Of a shipped network, which is kept, or of a run's.

        Raises:
            ValueError: another name, or a network of another kind; UnknownRun for the token of no run.
            Busy: too many requests in progress.
        """
        with self._turns.take():
            halves = LatentPlane(self._live.network(name))
            digits = self._examples.some(DIGITS)
            key = name, digits.source
            if key in self._kept:
                return self._kept[key]
            assert digits.labels is not None  # promised by the examples
            codes = halves.encode(digits.images)
            limits = limits_of(codes)
            tiles = _sheet(halves.decode(lattice(limits, TILES)))
            points = codes.numpy(), digits.labels.numpy()
            own = digits.source == OWN_SOURCE
            plane = Plane(_code(limits[0]), _code(limits[1]), *points, tiles, digits.source, own)
            if not is_token(name):
                self._kept[key] = plane
            return plane

    def encode(self, request: LiveRequest) -> Encoded:
        """Where a drawing lies, with its noise and without; errors as for `plane`, and pixels that are no picture."""
        with self._live.place():
            halves = LatentPlane(self._live.network(request.model))
            digit, noisy, _ = drowned(request)
            if noisy is None:
                return Encoded(hint="no_ink")
            codes = halves.encode(torch.cat([digit, noisy]))
            pictures = to_bytes(digit[0, 0]), to_bytes(noisy[0, 0])
            return Encoded(None, *pictures, _code(codes[0]), _code(codes[1]), self._decoded(halves, codes[1:]))

    def decode(self, name: str, code: Code) -> Decoded:
        """What a network makes of two numbers.

        Raises:
            ValueError: as for `plane`, or numbers that are farther than `FARTHEST` from zero.
            Busy: too many requests in progress.
        """
        if not all(type(number) in (int, float) and abs(number) <= FARTHEST for number in code):  # NaN fails, too
            raise ValueError(f"code must be two numbers from {-FARTHEST:.0f} to {FARTHEST:.0f}")
        with self._live.place():
            halves = LatentPlane(self._live.network(name))
            return self._decoded(halves, torch.tensor([code], dtype=torch.float32))

    def _decoded(self, halves: LatentPlane, codes: Tensor) -> Decoded:
        picture = halves.decode(codes)
        return Decoded(to_bytes(picture[0, 0]), tuple(self._live.reader()(picture)[0].tolist()))


def _code(numbers: Tensor) -> Code:
    first, second = numbers.tolist()
    return first, second


def _sheet(pictures: Tensor) -> np.ndarray:
    """So many pictures beside and below each other, uint8 [16·28, 16·28]."""
    side = TILES * SIDE
    return to_bytes(pictures.reshape(TILES, TILES, SIDE, SIDE).transpose(1, 2).reshape(side, side))
