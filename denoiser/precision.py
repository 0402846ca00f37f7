"""Which number format and memory layout is fastest here, to train a network and to use it: measured, not guessed."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor, nn

from denoiser.models import build
from denoiser.pictures import SIDE

TRIALS = 3  # timed passes of each candidate; the fastest one counts


@dataclass(frozen=True)
class Precision:
    """Number format of the forward and backward pass, and whether channels lie last in memory."""

    dtype: torch.dtype = torch.float32
    channels_last: bool = False

    def autocast(self, device: torch.device) -> AbstractContextManager[object]:
        """Opened and closed within one step: held across a yield it would leak into whoever runs next."""
        return torch.autocast(device.type, torch.bfloat16, enabled=self.dtype == torch.bfloat16)

    @property
    def memory_format(self) -> torch.memory_format:
        """What `Module.to` and `Tensor.to` take."""
        return torch.channels_last if self.channels_last else torch.contiguous_format

    def lay_out(self, model: nn.Module) -> None:
        """Give the network's weights this memory layout, in place."""
        model.to(memory_format=self.memory_format)  # type: ignore[call-overload]


PRECISIONS: dict[str, Precision] = {
    "float32": Precision(),
    "float32_channels_last": Precision(channels_last=True),
    "bfloat16": Precision(torch.bfloat16, channels_last=True),
}


def fastest_precision(model: str, config: Mapping[str, Any], batch_size: int, device: torch.device) -> str:
    """The key of `PRECISIONS` with the fastest forward and backward pass of a network like that; measured once.

    float32 unless another one is at least a tenth faster: precision is not given up for nothing.

    Args:
        model: a key of `MODELS`, and `config` the settings it takes.
        batch_size: pictures per step, as they will be trained on `device`.
    """
    return _measured(model, json.dumps(dict(config), sort_keys=True), batch_size, str(device), training=True)


def fastest_inference(model: str, config: Mapping[str, Any], batch_size: int, device: torch.device) -> str:
    """The same for a forward pass alone, on weights whose channels lie last: "bfloat16" or "float32_channels_last"."""
    return _measured(model, json.dumps(dict(config), sort_keys=True), batch_size, str(device), training=False)


@lru_cache(maxsize=256)
def _measured(name: str, config: str, batch_size: int, device: str, training: bool) -> str:
    with torch.random.fork_rng(devices=[]):  # the weights of the trial do not matter; the global generator does
        model = build(name, json.loads(config)).to(device)
    pictures = torch.linspace(0, 1, batch_size * SIDE * SIDE, device=device).reshape(batch_size, 1, SIDE, SIDE)
    usual = "float32" if training else "float32_channels_last"
    tried = PRECISIONS if training else (usual, "bfloat16")
    seconds = {name: _seconds(copy.deepcopy(model), pictures, PRECISIONS[name], training) for name in tried}
    best = min(seconds, key=seconds.__getitem__)
    return best if seconds[best] < 0.9 * seconds[usual] else usual


def _seconds(model: nn.Module, pictures: Tensor, how: Precision, training: bool) -> float:
    how.lay_out(model)
    pictures = pictures.to(memory_format=how.memory_format)
    times = []
    for _ in range(1 + TRIALS):  # the first pass sets up kernels and is not counted
        start = time.perf_counter()
        with how.autocast(pictures.device), torch.set_grad_enabled(training):
            loss = model(pictures).float().square().mean()
        if training:
            loss.backward()
        if pictures.device.type in ("cuda", "mps"):
            torch.accelerator.synchronize()  # until here the kernels may only have been launched
        times.append(time.perf_counter() - start)
    return min(times[1:])
