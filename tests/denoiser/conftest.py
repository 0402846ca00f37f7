"""Digits that a tiny network learns in a moment, and a data folder with few of them."""

import numpy as np
import pytest
import torch

from denoiser import Digits
from denoiser.data import handwritten_digits


@pytest.fixture(scope="session")
def bars():
    """Upright bars at every place."""
    images = torch.zeros(200, 1, 28, 28)
    for number in range(200):
        images[number, 0, 4:24, 4 + number % 20 : 8 + number % 20] = 1
    return Digits(images, torch.arange(200) % 20 // 2, source="bars")


@pytest.fixture
def few_digits(tmp_path_factory, monkeypatch):
    """A data folder with 140 of the project's own digits as MNIST would be stored."""
    folder = tmp_path_factory.mktemp("data")
    for name, labels, count, seed in (
        ("x_train", "y_train_label", 100, 1),
        ("x_test", "y_test_label", 40, 2),
    ):
        digits = handwritten_digits(count, seed=seed)
        np.save(folder / f"{name}.npy", (digits.images[:, 0] * 255).round().byte().numpy())
        np.save(folder / f"{labels}.npy", digits.labels.numpy())
    monkeypatch.setenv("DENOISER_DATA", str(folder))
