"""One digit under one noise, given to several ways of taking it out: classical methods and networks, side by side."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import torch
from torch import Tensor

from denoiser.classical import Classical, usable
from denoiser.pictures import SIDE
from serving.errors import Busy
from serving.live import LiveDenoiser, LiveRequest, Seen, drowned

NOTHING = "nothing"  # the noisy picture itself
SLOW = ("bm3d",)  # a third of a second a picture: the page asks for them alone, and last
AMOUNTS = tuple(place / 15 for place in range(16))  # of a sweep: from no noise to nothing else
MOST = 32  # in one request: all, and as many of a visitor as a browser keeps
Way = Callable[[Tensor, str, float | Tensor], Tensor]


@dataclass(frozen=True)
class Rated:
    """What one of them made of the noisy picture."""

    name: str
    seen: Seen
    ms: float  # that it took


@dataclass(frozen=True)
class Compared:
    """Without ink there is only a hint."""

    hint: str | None = None
    digit: Seen | None = None  # the clean one
    rated: tuple[Rated, ...] = ()


@dataclass(frozen=True)
class Swept:
    """What one of them made of the digit at each of `AMOUNTS`. Without ink there is only a hint."""

    hint: str | None = None
    pictures: np.ndarray | None = None  # uint8 [16, 28, 28]
    psnr: tuple[float, ...] = ()  # dB; infinite where nothing differs
    read: tuple[int, ...] = ()  # which digit is read
    digit: int = 0  # which one is read without any noise


class Rivals:
    """Answers requests from any thread, within the bounds of the drawing that it goes with."""

    def __init__(self, live: LiveDenoiser) -> None:
        self._live = live
        self._slow = threading.BoundedSemaphore(1)  # who is slow must not fill all the places
        self.classical = tuple(usable())

    @property
    def names(self) -> tuple[str, ...]:
        """Whom the page may ask for, besides the tokens of runs."""
        return (NOTHING, *self.classical, *(info.name for info in self._live.models))

    def compare(self, request: LiveRequest, names: Sequence[str]) -> Compared:
        """Let each of these take the noise out.

        All know kind and amount of the noise, but networks that cannot be told them.

        Args:
            request: the drawing and its noise; network and reader that it names are not asked.
            names: of `names`, or tokens of runs; 1 to `MOST`.

        Raises:
            ValueError: another name; UnknownRun for the token of no run.
            Busy: too many requests in progress.
        """
        if not 1 <= len(names) <= MOST:
            raise ValueError(f"ask for 1 to {MOST} at a time, not {len(names)}")
        with self._place(names):
            ways = [self._way(name) for name in names]
            digit, noisy, _ = drowned(request)
            if noisy is None:
                return Compared(hint="no_ink")
            pictures, milliseconds = [], []
            for way in ways:
                start = time.perf_counter()
                pictures.append(way(noisy, request.kind, request.amount))
                milliseconds.append(1000 * (time.perf_counter() - start))
            seen = self._live.seen([digit, *pictures], digit)
            rated = tuple(Rated(*each) for each in zip(names, seen[1:], milliseconds, strict=True))
            return Compared(None, seen[0], rated)

    def sweep(self, request: LiveRequest, name: str) -> Swept:
        """Let one of `names`, or a run's network, take out every amount of the noise; errors as for `compare`."""
        with self._place([name]):
            way = self._way(name)
            both = [drowned(replace(request, amount=amount)) for amount in AMOUNTS]
            noisy = [picture for _, picture, _ in both if picture is not None]
            if len(noisy) < len(AMOUNTS):
                return Swept(hint="no_ink")
            digit = both[0][0]
            seen = self._live.seen([digit, way(torch.cat(noisy), request.kind, torch.tensor(AMOUNTS))], digit)
        rest = seen[1:]
        read = [int(np.argmax(each.readings)) for each in seen]
        psnr = tuple(float(each.psnr) for each in rest if each.psnr is not None)
        return Swept(None, np.stack([each.pixels for each in rest]), psnr, tuple(read[1:]), read[0])

    @contextmanager
    def _place(self, names: Sequence[str]) -> Iterator[None]:
        """A place for this work, or Busy; one for all slow work together."""
        slow = any(name in SLOW for name in names)
        if slow and not self._slow.acquire(blocking=False):
            raise Busy
        try:
            with self._live.place():
                yield
        finally:
            if slow:
                self._slow.release()

    def _way(self, name: str) -> Way:
        if name == NOTHING:
            return _nothing
        if name in self.classical:
            return _warm(name)
        network = self._live.network(name)
        return network if network.can_be_told else lambda noisy, kind, amount: network(noisy).cpu()


@cache
def _warm(name: str) -> Classical:
    """The method, which has been asked once: the first time it loads its libraries, and that is no time of its own."""
    method = Classical(name)
    method(torch.zeros(1, 1, SIDE, SIDE), "blend", 0.5)
    return method


def _nothing(noisy: Tensor, kind: str, amount: float | Tensor) -> Tensor:
    return noisy
