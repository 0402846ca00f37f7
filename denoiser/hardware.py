"""What a figure was measured on."""

from __future__ import annotations

import platform
from pathlib import Path

import torch


def hardware() -> str:
    """The processor, the GPU if one is used, and the number of threads, in one short line."""
    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    if torch.backends.mps.is_available():
        return f"{platform.processor()} GPU (MPS)"
    threads = torch.get_num_threads()
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.is_file() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else platform.processor() or platform.machine()}, {threads} thread{'s' * (threads > 1)}"
