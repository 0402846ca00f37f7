"""The page as it is launched, in this process, and plain HTTP to talk to it."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from serving.workers.threads import ThreadWorkers


@pytest.fixture(scope="session")
def runs() -> Iterator[Any]:
    """Trained in threads of this process, on few digits: there is nothing to warm, and nothing to write first."""
    from denoiser.data import handwritten_digits
    from serving.runs.registry import Runs

    patch = pytest.MonkeyPatch()
    digits = {split: handwritten_digits(400, seed=seed) for split, seed in (("train", 1), ("validation", 2))}
    patch.setattr("denoiser.watch.snapshots.kept_digits", lambda source, split: digits[split])
    runs = Runs(ThreadWorkers())
    yield runs
    runs.close()
    patch.undo()


@pytest.fixture(scope="session")
def page(runs: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from ui.page import build_page, launch_options

    patch = pytest.MonkeyPatch()
    patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("gradio")))
    blocks = build_page(runs=runs)
    blocks.launch(prevent_thread_lock=True, quiet=True, **launch_options(runs))
    yield blocks
    blocks.close()
    patch.undo()


@pytest.fixture(scope="session")
def http(page: Any) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=page.local_url, timeout=60) as client:
        yield client


@pytest.fixture
def below(runs: Any) -> Iterator[str]:
    """The address of a page below a root path."""
    from ui.page import build_page, launch_options

    blocks = build_page(runs=runs)
    _, address, _ = blocks.launch(prevent_thread_lock=True, quiet=True, root_path="/lab", **launch_options(runs))
    yield address.rstrip("/")
    blocks.close()
