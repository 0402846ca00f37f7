"""Networks of runs, ready for use, so that a drawing need not wait for a file to be read."""

from __future__ import annotations

import threading
from collections import OrderedDict

from denoiser.checkpoint import checkpoint_from_bytes
from denoiser.inference import Denoiser, Reader
from denoiser.train.tasks import TASKS

MOST_LOADED = 8
MOST_LOADED_BYTES = 256 * 2**20  # of their weights


class Loaded:
    """The networks that were asked for last, at most `most` of them and of so many bytes, from any thread."""

    def __init__(self, most: int = MOST_LOADED, most_bytes: int = MOST_LOADED_BYTES) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._loading = threading.Lock()  # whoever asks for the same network at the same time shares one reading
        self._networks: OrderedDict[str, tuple[int, int, Denoiser | Reader]] = OrderedDict()

    def network(self, token: str, version: int, data: bytes, name: str) -> Denoiser | Reader:
        """The run's network on the CPU, read from the checkpoint `data` unless this version of it is at hand.

        Raises:
            ValueError: naming what is wrong with the checkpoint.
        """
        with self._loading:
            known = self._networks.get(token)
            if known is None or known[0] != version:
                model, info = checkpoint_from_bytes(data, f"{name}.safetensors")
                network = TASKS[info.model].ready(model, info, device="cpu")
                network.use_onnx_runtime()
                self._networks[token] = known = version, len(data), network
            self._networks.move_to_end(token)
            while len(self._networks) > 1 and self._are_too_many():
                self._networks.popitem(last=False)
        return known[2]

    def _are_too_many(self) -> bool:
        size = sum(size for _, size, _ in self._networks.values())
        return len(self._networks) > self._most or size > self._most_bytes
