"""What a run says before it has started, and what is said of the registry that it belongs to."""

from typing import Any

import pytest

from denoiser.watch.events import Preparing
from serving.runs.registry import Runs
from tests.serving.scripted import OVER, SETTINGS, ScriptedWorkers, ended, snapshot, started


def test_a_run_that_prepares_says_for_what_it_waits_and_beside_whom(
    runs: Runs, workers: ScriptedWorkers, state_of: Any
) -> None:
    token = runs.start(SETTINGS)
    answer = state_of(token, "running", preparing="worker", others=0)
    other = runs.start(SETTINGS)
    workers.tasks[0].say(Preparing("digits"))
    assert state_of(token, "running", preparing="digits", others=1)["prepared"] >= answer["prepared"]
    workers.tasks[0].say(started())
    assert state_of(token, "running", preparing="")["started"] and runs.watch(other)["preparing"] == "worker"
    workers.tasks[0].say(snapshot(1, 0.1), ended(), OVER)
    state_of(token, "ended")
    runs.go_on(token, 5)  # what it began with is known, and it prepares all the same
    assert state_of(token, "running", preparing="worker")["started"]


def test_the_decoder_alone_needs_weights_to_start_from(runs: Runs) -> None:
    with pytest.raises(ValueError, match="name weights to start from"):
        runs.start(SETTINGS | {"trained": "decoder"})
    runs.start(SETTINGS | {"trained": "decoder"}, of="dense_autoencoder")


def test_each_registry_has_a_boot_of_its_own(runs: Runs) -> None:
    token = runs.start(SETTINGS)
    other = Runs(ScriptedWorkers())
    assert runs.watch(token)["boot"] == runs.boot != other.boot
    other.close()
