"""Which number format and memory layout is fastest here, to train a network and to use it.

Of a CPU it is known beforehand, by what the processor says it has; only accelerators are tried out, for a moment.
"""

from __future__ import annotations

import copy
import json
import os
import platform
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

TRIAL_SECONDS = 0.1  # that trials may take, all together
TRIALS = 3  # timed passes of each candidate; the fastest one counts
FEW = 4  # pictures: below, converting the weights to bfloat16 takes longer than it saves
CONVOLUTIONS = (nn.Conv2d, nn.ConvTranspose2d)
# Limits that oneDNN is given by ONEDNN_MAX_CPU_ISA below which it has to emulate bfloat16, which takes three times as
# long as float32 with AVX-512 and ten times with AVX2.
EMULATING = ("sse41", "avx", "avx2", "avx2_vnni", "avx2_vnni_2", "avx512_core", "avx512_core_vnni")


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
    """The key of `PRECISIONS` with the fastest forward and backward pass of a network like that.

    On a CPU the same machine always gets the same answer, at once. On another device float32 unless a trial, of
    `TRIAL_SECONDS` at most and made once, finds another one at least a tenth faster.

    Args:
        model: a key of `MODELS`, and `config` the settings it takes.
        batch_size: pictures per step, as they will be trained on `device`.
    """
    return _fastest(model, json.dumps(dict(config), sort_keys=True), batch_size, str(device), training=True)


def fastest_inference(model: str, config: Mapping[str, Any], batch_size: int, device: torch.device) -> str:
    """The same for a forward pass alone, on weights whose channels lie last: "bfloat16" or "float32_channels_last"."""
    return _fastest(model, json.dumps(dict(config), sort_keys=True), batch_size, str(device), training=False)


def has_bfloat16(device: torch.device) -> bool:
    """Whether the device multiplies bfloat16 itself; to emulate it is never worth while.

    ATEN_CPU_CAPABILITY and ONEDNN_MAX_CPU_ISA, which make a processor behave like an older one, are heeded.
    """
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return _cpu_has_bfloat16() if device.type == "cpu" else device.type == "mps"


def _cpu_has_bfloat16() -> bool:
    # oneDNN has no backward convolutions in bfloat16 for ARM, whatever the processor has.
    if platform.machine().lower() not in ("x86_64", "amd64") or not torch.backends.mkldnn.is_available():
        return False
    limit = os.environ.get("ONEDNN_MAX_CPU_ISA") or os.environ.get("DNNL_MAX_CPU_ISA") or ""
    return (
        torch.cpu._is_avx512_bf16_supported()
        and torch.backends.cpu.get_cpu_capability().startswith("AVX512")
        and limit.lower() not in EMULATING
    )


@lru_cache(maxsize=256)
def _fastest(name: str, config: str, batch_size: int, device: str, training: bool) -> str:
    place, usual = torch.device(device), "float32" if training else "float32_channels_last"
    if place.type == "cpu":
        return _known(name, config, batch_size, usual)
    known = PRECISIONS if training else (usual, "bfloat16")
    tried = [key for key in known if PRECISIONS[key].dtype != torch.bfloat16 or has_bfloat16(place)]
    with torch.random.fork_rng(devices=[]):  # the weights of the trial do not matter; the global generator does
        model = build(name, json.loads(config)).to(place)
    pictures = torch.linspace(0, 1, batch_size * SIDE * SIDE, device=place).reshape(batch_size, 1, SIDE, SIDE)
    return _tried_out(model, pictures, tried, training)


def _known(name: str, config: str, batch_size: int, usual: str) -> str:
    """What every network showed at batches of 1 to 1024, in CPU time, with AVX2, with AVX-512 and with bfloat16.

    Convolutions gain from channels that lie last, and twice that from bfloat16; matrices alone from neither.
    """
    with torch.device("meta"):  # only to be looked at
        network = build(name, json.loads(config))
    if not any(isinstance(layer, CONVOLUTIONS) for layer in network.modules()):
        return usual
    if batch_size >= FEW and has_bfloat16(torch.device("cpu")):
        return "bfloat16"
    return "float32_channels_last" if torch.backends.mkldnn.is_available() else usual


def _tried_out(model: nn.Module, pictures: Tensor, tried: list[str], training: bool) -> str:
    """The first of those that are tried, or one that is a tenth faster: precision is not given up for nothing."""
    end, seconds = float("inf"), dict[str, float]()
    for key in tried:
        if time.perf_counter() >= end:
            break
        network, how = copy.deepcopy(model), PRECISIONS[key]
        how.lay_out(network)
        shown = pictures.to(memory_format=how.memory_format)
        _pass(network, shown, how, training)  # sets up kernels and is not compared
        if not seconds:  # what the first one set up, the run would have to set up as well
            end = time.perf_counter() + TRIAL_SECONDS
        for _ in range(TRIALS):
            if time.perf_counter() < end:
                taken = _pass(network, shown, how, training)
                seconds[key] = min(taken, seconds.get(key, taken))
    best = min(seconds, key=seconds.__getitem__)
    return best if seconds[best] < 0.9 * seconds[tried[0]] else tried[0]


def _pass(model: nn.Module, pictures: Tensor, how: Precision, training: bool) -> float:
    """Seconds that one pass takes."""
    start = time.perf_counter()
    with how.autocast(pictures.device), torch.set_grad_enabled(training):
        loss = model(pictures).float().square().mean()
    if training:
        loss.backward()
    if pictures.device.type != "cpu":
        torch.accelerator.synchronize()  # until here the kernels may only have been launched
    return time.perf_counter() - start
