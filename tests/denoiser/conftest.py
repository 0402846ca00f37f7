"""Digits that a tiny network learns in a moment."""

import pytest
import torch

from denoiser import Digits


@pytest.fixture(scope="session")
def bars():
    """Upright bars at every place."""
    images = torch.zeros(200, 1, 28, 28)
    for number in range(200):
        images[number, 0, 4:24, 4 + number % 20 : 8 + number % 20] = 1
    return Digits(images, torch.arange(200) % 20 // 2, source="bars")
