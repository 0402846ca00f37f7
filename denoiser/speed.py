"""How many pictures a network denoises in a second: the same work on every device, with few and with many at a time."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from denoiser.devices import devices_here, hardware
from denoiser.extras import is_installed
from denoiser.graphs import network_graph
from denoiser.inference import FEW, Denoiser, load

BATCHES = tuple(2**power for power in range(11))  # pictures at a time, 1 to 1,024
ONNX = "onnx"  # ONNX Runtime on the CPU, which a server uses for few pictures at a time
COLD = 64  # pictures at a time up to which a first call is not counted; with more its share is small
FEWEST = 3  # calls that are measured, where they take no longer than `LONGEST`
SECONDS, LONGEST = 0.2, 0.5


@dataclass(frozen=True)
class Way:
    """One way of computing a network."""

    name: str  # "cpu", "cuda" or "mps" for PyTorch on that device, or `ONNX`
    hardware: str
    denoiser: Denoiser
    most: int  # pictures at a time

    def seconds(self, batch: int) -> float:
        """What so many pictures take, from the computer's memory and back to it: the median of some calls."""
        if not 1 <= batch <= self.most:
            raise ValueError(f"{self.name} takes 1 to {self.most} pictures at a time, not {batch}")
        pictures = torch.rand(batch, 1, 28, 28, generator=torch.Generator().manual_seed(0))
        if batch <= COLD:
            self.denoiser(pictures)
        times: list[float] = []
        while sum(times) < SECONDS or (len(times) < FEWEST and sum(times) < LONGEST):
            start = time.perf_counter()
            self.denoiser(pictures)  # whose result is in the computer's memory, and so no GPU is still at work
            times.append(time.perf_counter() - start)
        return statistics.median(times)


def way_names(devices: Sequence[str]) -> list[str]:
    """Of all ways on these devices."""
    return [*devices, *([ONNX] if "cpu" in devices and is_installed("onnx") else [])]


def way(network: str, name: str) -> Way:
    """A shipped network, or a checkpoint by its path, computed one way.

    Raises:
        ValueError: an unknown network, a way that there is not here, or a network of which ONNX Runtime has no graph.
        OSError: no such file.
    """
    known = way_names(devices_here())
    if name not in known:
        raise ValueError(f"there is no way {name!r} here: choose one of {', '.join(known)}")
    denoiser = load(network, "cpu" if name == ONNX else name)
    if name != ONNX:
        return Way(name, hardware(denoiser.device), denoiser, BATCHES[-1])
    if network_graph(denoiser.info.model, denoiser.info.config) is None:
        raise ValueError(f"there is no graph of {network} for ONNX Runtime: choose another way")
    denoiser.use_onnx_runtime()
    return Way(name, hardware(denoiser.device).partition(",")[0] + ", 1 thread", denoiser, FEW)
