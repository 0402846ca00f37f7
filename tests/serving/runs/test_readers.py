"""Runs that learn to read: what they answer, where their networks fit, and how little memory large ones may take."""

import base64
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

import denoiser
from denoiser.checkpoint import Info, checkpoint_bytes
from denoiser.models import build, parameter_count
from serving.errors import UnknownRun
from serving.live import LiveDenoiser, LiveRequest
from serving.runs.keeping import LARGE_RUN, MOST_RUN_BYTES, Limits
from serving.runs.registry import Runs
from serving.runs.run import Run
from serving.tokens import new_token
from tests.serving.scripted import CHECKPOINT, OVER, PICTURES, ScriptedWorkers, ended, snapshot, started
from tests.serving.test_live import SEVEN

WIDTHS = ("width", "middle_width", "deep_width")
READINGS = np.arange(100, dtype=np.uint8).reshape(10, 10)
WEIGHTS = checkpoint_bytes(build("lean_classifier"), Info("lean_classifier"))


@pytest.fixture
def reader(runs: Runs) -> str:
    return runs.adopt(WEIGHTS, "mine.safetensors")


@pytest.fixture
def live(runs: Runs) -> LiveDenoiser:
    return LiveDenoiser(device="cpu", runs=runs)


def test_a_run_that_reads_says_so_and_counts_what_it_reads_wrongly(
    runs: Runs, workers: ScriptedWorkers, state_of: Any
) -> None:
    token = runs.start({"model": "lean_classifier", "seconds": 5.0})
    seen = replace(snapshot(1, 1.0, score=0.25), samples=READINGS)
    workers.tasks[0].say(started(reads=True, nothing=0.9, untrained=None), seen)
    answer = state_of(token, "running", step=1)
    assert answer["reads"] and answer["best"] == {"step": 1, "wrong": 0.25}
    assert base64.b64decode(answer["samples"]) == READINGS.tobytes() == base64.b64decode(runs.frames(token)["samples"])
    assert answer["started"]["reads"] and answer["started"]["untrained"] is None
    assert runs.timelapse(token)[:6] == b"GIF89a"


def test_it_reads_what_is_drawn_in_place_of_the_shipped_one(live: LiveDenoiser, runs: Runs, reader: str) -> None:
    shipped, own = (live.respond(LiveRequest(SEVEN, 0.4, reader=name)) for name in ("default", reader))
    assert np.array_equal(own.noisy.pixels, shipped.noisy.pixels)
    assert np.array_equal(own.denoised.pixels, shipped.denoised.pixels)
    network = build("lean_classifier")
    network.load_state_dict(runs.reader(reader).model.state_dict())
    digit = denoiser.digit_from_drawing(SEVEN)
    noisy = denoiser.corrupt(digit, 0.4, "blend", generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        for picture, seen in ((noisy, own.noisy), (denoiser.load(device="cpu")(noisy), own.denoised)):
            expected = network.eval()(picture).softmax(dim=1)[0].tolist()
            assert seen.readings == pytest.approx(expected, abs=1e-4)
    assert own.noisy.readings != shipped.noisy.readings
    alone = live.respond(LiveRequest(SEVEN, clean_only=True, reader=reader))
    assert len(alone.denoised.readings) == 10


def test_a_network_in_the_wrong_place_is_one_line_with_the_remedy(live: LiveDenoiser, runs: Runs, reader: str) -> None:
    with pytest.raises(ValueError, match="mine is a lean_classifier, which reads: give its token as reader, not"):
        live.respond(LiveRequest(SEVEN, model=reader))
    denoises = runs.adopt(CHECKPOINT, "other")
    with pytest.raises(ValueError, match="dense_autoencoder, which denoises: give its token as model, not as reader"):
        live.respond(LiveRequest(SEVEN, reader=denoises))
    gone = new_token()
    for request in (LiveRequest(SEVEN, reader=gone), LiveRequest(SEVEN, model=gone, reader=reader)):
        with pytest.raises(UnknownRun) as caught:
            live.respond(request)
        assert caught.value.token == gone


def test_its_card_is_that_of_a_reader(runs: Runs, reader: str) -> None:
    card = runs.card(reader)
    assert "a reader of handwritten digits" in card and 'load_classifier("mine.safetensors")' in card


def test_a_run_without_a_state_can_be_used_but_does_not_go_on(
    runs: Runs, workers: ScriptedWorkers, state_of: Any
) -> None:
    token = runs.start({"model": "tutorial_classifier", "seconds": 5.0})
    workers.tasks[0].say(started(reads=True, resumable=False), snapshot(1, 1.0), ended(state=None), OVER)
    answer = state_of(token, "ended")
    assert answer["usable"] and not answer["can_go_on"] and not answer["started"]["resumable"]
    with pytest.raises(ValueError, match="cannot go on: start a new one, from its weights"):
        runs.go_on(token, 5)


def test_what_a_run_began_with_is_let_go_at_its_end(runs: Runs, workers: ScriptedWorkers, state_of: Any) -> None:
    token = runs.start({"seconds": 5.0}, of="simple_unet")
    run: Run = runs._runs[token]
    with_start = run.bytes
    workers.tasks[0].say(started(), snapshot(1, 1.0), ended(state=b"state"), OVER)
    state_of(token, "ended")
    assert run.bytes == len(CHECKPOINT) + len(b"state") + PICTURES.nbytes < with_start
    runs.go_on(token, 5)
    assert workers.tasks[1].job.state == b"state" and workers.tasks[1].job.start is None


def test_large_runs_drive_out_each_other_and_not_the_small_ones(
    workers: ScriptedWorkers, until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serving.runs.keeping.LARGE_RUN", len(CHECKPOINT) // 2)
    runs = Runs(workers, limits=Limits(most_bytes=5 * len(CHECKPOINT)))
    tiny = checkpoint_bytes(build("lean_classifier", dict.fromkeys(WIDTHS, 1)), Info("lean_classifier"))
    small = [runs.adopt(tiny) for _ in range(4)]
    large = [runs.adopt(CHECKPOINT) for _ in range(4)]
    until(lambda: len(runs) == 6)
    assert all(runs.watch(token)["usable"] for token in (*small, *large[2:]))
    for token in large[:2]:
        with pytest.raises(UnknownRun):
            runs.watch(token)
    runs.close()


def test_two_runs_of_the_largest_network_fit_beside_everything_else() -> None:
    with torch.device("meta"):
        size = 4 * parameter_count(build("tutorial_classifier"))
    assert size > LARGE_RUN and 2 * size <= MOST_RUN_BYTES // 2
