"""What a figure was measured on."""

from __future__ import annotations

import os
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
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.is_file() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    threads = torch.get_num_threads()
    name = names[0] if names else platform.processor() or platform.machine()
    return f"{name}, {threads} thread{'s' * (threads > 1)}{_limits()}"


def _limits() -> str:
    """What the environment makes of the processor: it may be told to behave like an older one."""
    limits = [torch.backends.cpu.get_cpu_capability()] if "ATEN_CPU_CAPABILITY" in os.environ else []
    limits += [os.environ[name].upper() for name in ("ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA") if os.environ.get(name)]
    return f", limited to {', '.join(dict.fromkeys(limits))}" if limits else ""
