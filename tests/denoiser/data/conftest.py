"""Few digits of the project's own."""

from typing import Any

import pytest
import torch

from denoiser.data import Digits, own
from tests.denoiser.data.folders import labels


@pytest.fixture
def few_own_digits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Make the project's own sets small, and return the list of the seeds that are drawn from then on."""
    drawn: list[int] = []

    def handwritten_digits(count: int, *, seed: int, **options: Any) -> Digits:
        drawn.append(seed)
        options["tick"](count)
        chance = torch.Generator().manual_seed(seed)
        return Digits(torch.rand(count, 1, 28, 28, generator=chance), torch.from_numpy(labels(count)).long())

    monkeypatch.setattr(own, "OWN_COUNTS", {"train": 40, "validation": 20, "test": 30})
    monkeypatch.setattr(own, "handwritten_digits", handwritten_digits)
    return drawn
