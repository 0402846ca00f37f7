"""Where networks run: the device that is asked for, or the best there is, and what a figure was measured on."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import torch


def best_device() -> torch.device:
    """CUDA or MPS where there is one, else the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def devices_here() -> list[str]:
    """The names of all kinds of devices that PyTorch can use here, the CPU first."""
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    return ["cpu", *(name for name, is_there in there.items() if is_there)]


def chosen_device(device: str | torch.device | None) -> torch.device:
    """The device of that name, such as "cpu", "cuda", "cuda:1" or "mps"; None takes the best one.

    Raises:
        ValueError: no such device here, in one line that names those there are.
    """
    if device is None:
        return best_device()
    try:
        found = torch.device(device)
    except (RuntimeError, TypeError) as error:
        raise ValueError(f"no device is called {device!r}: {_choice()}") from error
    there = {"cpu": 1, "cuda": torch.cuda.device_count(), "mps": int(torch.backends.mps.is_available())}
    if not (found.index or 0) < there.get(found.type, 0):
        raise ValueError(f"there is no {found} here, or this PyTorch cannot use it: {_choice()}")
    return found


def _choice() -> str:
    cards = [f"cuda:{number}" for number in range(torch.cuda.device_count())]
    names = ["cpu", *cards, *(["mps"] if torch.backends.mps.is_available() else [])]
    return f"choose {' or '.join(names)}, or leave the device out"


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
    """What the environment makes of the processor: it may be made to behave like an older one."""
    limits = [torch.backends.cpu.get_cpu_capability()] if "ATEN_CPU_CAPABILITY" in os.environ else []
    limits += [os.environ[name].upper() for name in ("ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA") if os.environ.get(name)]
    return f", limited to {', '.join(dict.fromkeys(limits))}" if limits else ""
