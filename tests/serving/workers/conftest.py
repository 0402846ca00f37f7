"""Worker processes that several tests share."""

from collections.abc import Iterator

import pytest

from serving.workers.processes import ProcessWorkers
from tests.serving.working import alive


@pytest.fixture(scope="module")
def processes(few_digits: None) -> Iterator[ProcessWorkers]:
    workers = ProcessWorkers(at_once=1, nice=0, warm_up=False)
    yield workers
    workers.close()
    assert workers.pids == [] or not any(map(alive, workers.pids))
