"""The page as it is launched, in this process, and plain HTTP to talk to it."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from ui.page import build_page, launch_options

    patch = pytest.MonkeyPatch()
    patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("gradio")))
    blocks = build_page()
    blocks.launch(prevent_thread_lock=True, quiet=True, **launch_options())
    yield blocks
    blocks.close()
    patch.undo()


@pytest.fixture(scope="session")
def http(page: Any) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=page.local_url, timeout=60) as client:
        yield client
