"""Few digits, so that a run begins at once in any process, and patience for slow machines."""

import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest

from denoiser.data import handwritten_digits, load_digits

PATIENCE = 240.0  # seconds: how long a busy machine may take; never how long it takes


@pytest.fixture(scope="module")
def few_digits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A data folder, also for processes that are started meanwhile, with 1,000 digits as MNIST would be stored."""
    folder = tmp_path_factory.mktemp("data")
    for name, labels, count, seed in (("x_train", "y_train_label", 900, 1), ("x_test", "y_test_label", 100, 2)):
        digits = handwritten_digits(count, seed=seed)
        np.save(folder / f"{name}.npy", (digits.images[:, 0] * 255).round().byte().numpy())
        np.save(folder / f"{labels}.npy", digits.labels.numpy())
    patch = pytest.MonkeyPatch()
    patch.setenv("DENOISER_DATA", str(folder))
    patch.setattr("denoiser.snapshots._digits", cache(load_digits))  # none that this process already keeps
    yield
    patch.undo()


@pytest.fixture(scope="session")
def until() -> Callable[[Callable[[], Any]], Any]:
    """A function that waits for a condition and gives what it gave."""

    def wait(condition: Callable[[], Any]) -> Any:
        deadline = time.monotonic() + PATIENCE
        while not (found := condition()):
            assert time.monotonic() < deadline, "this never happened"
            time.sleep(0.01)
        return found

    return wait
