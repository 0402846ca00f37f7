"""What `torch.compile` says where it cannot work, in one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def compiler_errors(active: bool = True) -> Iterator[None]:
    """Around `torch.compile` and the first call of what it returned, which is when it works.

    Raises:
        ValueError: it failed, for want of a compiler as a rule; only where this is `active`.
    """
    try:
        yield
    except RuntimeError as error:
        if not active or isinstance(error, torch.OutOfMemoryError):
            raise
        cause = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
        remedy = "install a C++ compiler such as g++, or train without compile"
        raise ValueError(f"torch.compile failed ({cause[:200]}): {remedy}") from error
