"""What a figure was measured on."""

from __future__ import annotations

import platform
from pathlib import Path

import torch

from denoiser.devices import best_device


def hardware(device: torch.device | None = None) -> str:
    """In one short line the GPU, or the processor with its number of threads, that `device` names.

    None stands for the best device there is.
    """
    where = device or best_device()
    if where.type == "cuda":
        return torch.cuda.get_device_name(where)
    if where.type == "mps":
        return f"{platform.processor()} GPU (MPS)"
    threads = torch.get_num_threads()
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.is_file() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else platform.processor() or platform.machine()}, {threads} thread{'s' * (threads > 1)}"
