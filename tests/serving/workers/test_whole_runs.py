"""Whole runs, from the start to a drawing, on workers of every kind."""

import threading
from typing import Any

import numpy as np
import pytest
import torch

import denoiser
from denoiser.checkpoint import checkpoint_from_bytes
from serving.errors import UnknownRun
from serving.live import LiveDenoiser, LiveRequest
from serving.runs.registry import Runs
from serving.workers.processes import ProcessWorkers
from serving.workers.threads import ThreadWorkers
from tests.serving.working import LONG, SETTINGS

pytestmark = pytest.mark.usefixtures("few_digits")


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_a_run_from_start_to_drawing(kind: str, processes: ProcessWorkers, until: Any) -> None:
    runs = Runs(ThreadWorkers() if kind == "threads" else processes)
    live = LiveDenoiser("cpu", runs=runs)
    drawing = np.zeros((28, 28), np.uint8)
    drawing[5:23, 12:16] = 255
    token = runs.start(SETTINGS | {"seconds": 2.0}, drawing)
    answer = until(lambda: (a := runs.watch(token))["state"] == "ended" and a)
    assert (answer["reason"], answer["step"]) == ("budget", answer["losses"][-1][0]) and answer["can_go_on"]
    assert answer["started"]["own_drawing"] and answer["losses"][-1][1] < answer["losses"][0][1]
    assert answer["best"]["mse"] == pytest.approx(answer["metrics"]["validation_mse"], abs=1e-6)
    shown = live.respond(LiveRequest(drawing, 0.4, seed=3, model=token))
    digit = denoiser.digit_from_drawing(drawing)
    noisy = denoiser.corrupt(digit, 0.4, generator=torch.Generator().manual_seed(3))
    model, info = checkpoint_from_bytes(runs.checkpoint(token))
    with torch.no_grad():
        truth = (model(noisy).clamp(0, 1)[0, 0] * 255).round()
    assert np.abs(shown.denoised.pixels.astype(int) - truth.numpy()).max() <= 1
    assert info.model in runs.card(token) and runs.timelapse(token)[:6] == b"GIF89a"
    assert runs.denoiser(token) is runs.denoiser(token)
    runs.go_on(token, 1)
    again = until(lambda: (a := runs.watch(token))["state"] == "ended" and a)
    assert again["step"] > answer["step"] and again["losses"][: len(answer["losses"])] == answer["losses"]
    assert again["seconds"] >= answer["seconds"] + 1
    with pytest.raises(UnknownRun):
        live.respond(LiveRequest(drawing, model="A" * 43))
    with pytest.raises(ValueError, match="unknown model"):
        live.respond(LiveRequest(drawing, model="A" * 42))


def test_a_run_that_diverges_keeps_its_last_good_weights(until: Any) -> None:
    runs = Runs(ThreadWorkers())
    token = runs.start(LONG | {"optimizer": "sgd", "learning_rate": 1000.0, "preset": "tutorial"})
    answer = until(lambda: (a := runs.watch(token))["state"] == "ended" and a)
    assert answer["reason"] == "diverged" and "lower the learning rate" in answer["message"]
    assert answer["usable"] and not answer["can_go_on"]
    clean = torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    assert runs.denoiser(token)(clean).isfinite().all()
    runs.close()


def test_threads_leave_no_thread_behind(until: Any) -> None:
    before = set(threading.enumerate())
    runs = Runs(ThreadWorkers())
    token = runs.start(LONG)
    until(lambda: runs.watch(token)["step"] > 0)
    runs.close()
    assert runs.watch(token)["state"] == "ended"
    assert not [thread for thread in set(threading.enumerate()) - before if thread.name == "training"]


def test_kept_weights_can_be_drawn_with_while_the_run_goes_on(until: Any) -> None:
    runs = Runs(ThreadWorkers())
    token = runs.start(LONG)
    until(lambda: runs.watch(token)["usable"])
    first = runs.denoiser(token)
    assert runs.watch(token)["state"] == "running" and first.info.steps > 0
    until(lambda: runs.denoiser(token) is not first)
    assert runs.denoiser(token).info.steps > first.info.steps
    runs.close()
