"""Where networks run: the device that is asked for, or the best there is."""

from __future__ import annotations

import torch


def best_device() -> torch.device:
    """CUDA or MPS where there is one, else the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


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
