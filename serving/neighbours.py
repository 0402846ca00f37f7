"""What a network makes of a digit, beside the training digits that are nearest to it: memory, or understanding."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillReading
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from denoiser.checkpoint import Info
from denoiser.data import data_stamp, find_mnist, limited, load_digits
from denoiser.metrics import mse
from denoiser.neighbours import Nearest, Neighbours
from denoiser.pictures import SIDE, to_bytes
from serving.errors import Busy
from serving.learned import learned_by
from serving.live import LiveDenoiser, LiveRequest, drowned

COUNT = 8  # training digits for each picture
KEPT = 2  # sets: at most 58 MB for all of MNIST and the project's own digits, and 43 MB for MNIST
PATIENCE = 3.0  # seconds to wait for digits that are being read; whoever asks again finds them later


class DigitsAreRead(Busy):
    """The training digits are on their way."""

    def __init__(self) -> None:
        RuntimeError.__init__(self, "the training digits are being read: ask again in a moment")


@dataclass(frozen=True)
class Near:
    """A picture, uint8 [28, 28], and the training digits nearest to it: uint8 [8, 28, 28], or fewer."""

    picture: np.ndarray
    digits: np.ndarray
    labels: tuple[int | None, ...]
    rmse: tuple[float, ...]
    own: float  # RMSE from the picture to the clean digit


@dataclass(frozen=True)
class Found:
    """The three pictures and their neighbours. Without ink there is only a hint."""

    hint: str | None = None
    denoised: Near | None = None
    noisy: Near | None = None
    clean: Near | None = None
    source: str = ""  # of the digits that were searched
    count: int = 0  # of them


class Memory:
    """Searches what networks were trained on, from any thread; a set is read when it is first needed."""

    def __init__(self, live: LiveDenoiser) -> None:
        self._live = live
        self._lock = threading.Lock()
        self._reading = ThreadPoolExecutor(1, "training-digits")
        self._sets: OrderedDict[object, Future[Neighbours]] = OrderedDict()

    def find(self, request: LiveRequest) -> Found:
        """Take the noise out with the network of the request, and look for what is nearest in its training digits.

        A network that can be told kind and amount of the noise is told.

        Raises:
            ValueError: an unknown network, or training digits that cannot be read.
            Busy: too many requests in progress, or digits that are still being read.
        """
        with self._live.place():
            network = self._live.network(request.model)
        known = self._known(_source(network.info))
        with self._live.place():
            digit, noisy, _ = drowned(request)
            if noisy is None:
                return Found(hint="no_ink")
            kind, amount = (request.kind, request.amount) if network.can_be_told else (None, None)
            pictures = torch.cat([network(noisy, kind, amount).cpu(), noisy, digit])
            among = _learned(network.info, known)
            restored, given, clean = _near(known, known.nearest(pictures, COUNT, among), pictures, digit)
            count = len(known) if among is None else int(among.sum())
            return Found(None, restored, given, clean, known.source, count)

    def _known(self, source: str) -> Neighbours:
        key = source, data_stamp(source)
        with self._lock:
            if key not in self._sets:
                self._sets[key] = self._reading.submit(lambda: Neighbours(load_digits(source, "train")))
            self._sets.move_to_end(key)
            while len(self._sets) > KEPT:
                self._sets.popitem(last=False)
            reading = self._sets[key]
        try:
            return reading.result(PATIENCE)
        except StillReading:
            raise DigitsAreRead from None
        except (OSError, ValueError) as error:
            self._sets.pop(key, None)  # it may have been mended when somebody asks again
            raise ValueError(str(error)) from error


def _near(known: Neighbours, found: Nearest, pictures: Tensor, digit: Tensor) -> list[Near]:
    """Each picture with its neighbours."""
    own = mse(pictures, digit.expand_as(pictures)).sqrt().tolist()
    shown = to_bytes(pictures[:, 0])
    digits = known.pixels[found.places].reshape(len(pictures), -1, SIDE, SIDE).numpy()
    labels = [(None,) * len(row) if known.labels is None else known.labels[row].tolist() for row in found.places]
    return [
        Near(picture, near, tuple(said), tuple(rmse), distance)
        for picture, near, said, rmse, distance in zip(shown, digits, labels, found.rmse.tolist(), own, strict=True)
    ]


def _source(info: Info) -> str:
    """Which set the network was trained on, as far as it is here; of any other one "auto", which is MNIST if found."""
    source = info.training.get("data")
    mnist = find_mnist() is not None
    return source if isinstance(source, str) and (source == "own" or (mnist and source == "mnist+own")) else "auto"


def _learned(info: Info, known: Neighbours) -> Tensor | None:
    """Which digits of the set it learned from, where not all of them: bool [N]."""
    learned, limit = learned_by(info.training), info.training.get("limit")
    among = torch.ones(len(known), dtype=torch.bool)
    if learned is not None and known.labels is not None:
        among = torch.isin(known.labels, torch.tensor(learned["digits"]))
    if type(limit) is int and limit > 0:
        places = among.nonzero()[:, 0]
        among = torch.zeros_like(among)
        among[places[limited(len(places), limit)]] = True
    return None if among.all() or not among.any() else among
