"""Few digits, so that a run begins at once in any process, runs that follow a script, and patience."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from denoiser.data import handwritten_digits
from serving.runs.registry import Runs
from tests.serving.scripted import ScriptedWorkers

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


@pytest.fixture
def workers() -> ScriptedWorkers:
    return ScriptedWorkers()


@pytest.fixture
def runs(workers: ScriptedWorkers) -> Iterator[Runs]:
    runs = Runs(workers, waiting=3)
    yield runs
    runs.close()


@pytest.fixture
def state_of(runs: Runs, until: Any) -> Any:
    """A function that waits until a run is in this state, and gives the answer."""

    def wait(token: str, state: str, **facts: Any) -> dict[str, Any]:
        wanted = {"state": state, **facts}.items()
        return until(lambda: (a := runs.watch(token)) and wanted <= {k: a.get(k) for k in dict(wanted)}.items() and a)

    return wait
