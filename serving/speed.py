"""How many pictures a second the server denoises, one way and another, measured when it is asked for."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from denoiser.speed import BATCHES, Way, way, way_names
from serving.errors import Busy
from serving.live import LiveDenoiser


@dataclass(frozen=True)
class Timed:
    """What a batch took."""

    seconds: float
    hardware: str


class Speeds:
    """Measures from any thread, one at a time: two beside each other would measure each other."""

    def __init__(self, live: LiveDenoiser) -> None:
        self._live = live
        self._alone = threading.Lock()
        self._ways: dict[tuple[str, str], Way] = {}
        self.ways = tuple(way_names(live.devices))

    def measure(self, network: str, name: str, batch: int) -> Timed:
        """Let a shipped network denoise so many pictures at a time, one of `ways`.

        Raises:
            ValueError: another network, another way, or a number of pictures that is none of `BATCHES`, or too large.
            Busy: somebody else is measuring, or too many requests are in progress.
        """
        networks = [info.name for info in self._live.models]
        for value, choices in ((network, networks), (name, self.ways), (batch, BATCHES)):
            if value not in choices:
                raise ValueError(f"there is no such choice: choose one of {', '.join(map(str, choices))}")
        if not self._alone.acquire(blocking=False):
            raise Busy
        try:
            with self._live.place():
                if (network, name) not in self._ways:
                    self._ways[network, name] = way(network, name)
                one = self._ways[network, name]
                return Timed(one.seconds(batch), one.hardware)
        finally:
            self._alone.release()
