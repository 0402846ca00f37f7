"""Digits that arrive while the page runs reach the next run of a worker process that is warm already."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from denoiser.watch.events import Job, Started
from denoiser.watch.settings import RunSettings
from serving.examples import ExampleDigits
from serving.workers.processes import ProcessWorkers


def test_what_arrives_reaches_the_next_run_of_a_warm_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DENOISER_DATA", str(tmp_path))
    table = np.c_[np.arange(60) % 10, np.full((60, 784), 100)]
    np.savetxt(tmp_path / "train.csv", table, fmt="%d", delimiter=",")
    workers, examples = ProcessWorkers(at_once=1, nice=0, warm_up=False), ExampleDigits()
    try:
        before, pids = source_and_count(workers), workers.pids
        assert before == ("MNIST (train.csv)", 48) and examples.pick().source == "MNIST (train.csv)"
        np.save(tmp_path / "x_train.npy", np.full((140, 28, 28), 50, np.uint8))
        np.save(tmp_path / "y_train_label.npy", np.arange(140) % 10)
        assert source_and_count(workers) == ("MNIST (x_train.npy)", 110)
        assert examples.pick().pixels.max() == 50
        np.save(tmp_path / "x_train.npy", np.full((70, 28, 28), 20, np.uint8))
        np.save(tmp_path / "y_train_label.npy", np.arange(70) % 10)
        assert source_and_count(workers) == ("MNIST (x_train.npy)", 55)
        assert examples.pick().pixels.max() == 20
        assert workers.pids == pids  # the same process all the time
    finally:
        workers.close()


def source_and_count(workers: ProcessWorkers) -> Any:
    """What a run learns from."""
    settings = RunSettings(model="dense_autoencoder", batch_size=8, seconds=1.0)
    events = list(workers.task(Job(settings), 1.0))
    (started,) = (event for event in events if isinstance(event, Started))
    return started.source, started.count
