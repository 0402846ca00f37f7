"""Slow work, one piece after the other: whoever waits for it takes none of the places that the pen needs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from serving.errors import Busy
from serving.live import LiveDenoiser

WAITING = 4  # requests that have a turn or wait for one


class Turns:
    """One at a time, from any thread."""

    def __init__(self, live: LiveDenoiser) -> None:
        self._live = live
        self._waiting = threading.BoundedSemaphore(WAITING)
        self._working = threading.Lock()

    @contextmanager
    def take(self) -> Iterator[None]:
        """Wait for a turn, and then take a place among the work in progress; Busy where too many wait or work."""
        if not self._waiting.acquire(blocking=False):
            raise Busy
        try:
            with self._working, self._live.place():
                yield
        finally:
            self._waiting.release()
