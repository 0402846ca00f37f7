"""Networks of runs, ready to denoise, so that a drawing need not wait for a file to be read."""

from __future__ import annotations

import threading
from collections import OrderedDict

from denoiser.checkpoint import checkpoint_from_bytes
from denoiser.inference import Denoiser

MOST_LOADED = 8


class Loaded:
    """The networks that were asked for last, at most `most` of them, from any thread."""

    def __init__(self, most: int = MOST_LOADED) -> None:
        self._most = most
        self._loading = threading.Lock()  # whoever asks for the same network at the same time shares one reading
        self._networks: OrderedDict[str, tuple[int, Denoiser]] = OrderedDict()

    def denoiser(self, token: str, version: int, data: bytes, name: str) -> Denoiser:
        """The run's network on the CPU, read from the checkpoint `data` unless this version of it is at hand.

        Raises:
            ValueError: naming what is wrong with the checkpoint.
        """
        with self._loading:
            known = self._networks.get(token)
            if known is None or known[0] != version:
                known = version, Denoiser(*checkpoint_from_bytes(data, f"{name}.safetensors"), device="cpu")
                self._networks[token] = known
            self._networks.move_to_end(token)
            while len(self._networks) > self._most:
                self._networks.popitem(last=False)
        return known[1]
