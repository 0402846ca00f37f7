"""A watched run of a classifier: what it tells of its readings, and what of a large one is kept."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
import torch

from denoiser import Reader, TrainingRun
from denoiser.checkpoint import checkpoint_from_bytes, info_from_bytes
from denoiser.data import handwritten_digits
from denoiser.models import build, parameter_count
from denoiser.train.state import state_from_bytes
from denoiser.watch.events import Ended, Job, Kept, Snapshot, Started
from denoiser.watch.settings import RunSettings
from denoiser.watch.snapshots import LARGE, snapshots

LEAN = RunSettings(model="lean_classifier", data="own", seconds=3.0, digits=(0, 1), batch_size=16)
LARGEST = RunSettings(model="tutorial_classifier", preset="tutorial", data="own", seconds=1.0, batch_size=2)
DIGITS = {split: handwritten_digits(100, seed=seed) for split, seed in (("train", 1), ("validation", 2))}


@pytest.fixture(autouse=True)
def few_digits(monkeypatch):
    monkeypatch.setattr("denoiser.watch.snapshots.kept_digits", lambda source, split: DIGITS[split])


def events(job, go_on=lambda: True):
    return [pickle.loads(pickle.dumps(event)) for event in snapshots(job, go_on)]


def reader_of(ended):
    return Reader(*checkpoint_from_bytes(ended.checkpoint), device="cpu")


def share_read(reader, digits):
    """Digit by digit, as nobody would do it who is in a hurry."""
    pairs = zip(digits.images, digits.labels.tolist(), strict=True)
    return sum(int(reader(picture[None]).argmax()) == label for picture, label in pairs) / len(digits)


def test_a_classifier_tells_what_it_reads_and_how_much_of_it_is_right():
    drawing = np.zeros((28, 28), np.uint8)
    drawing[5:23, 12:16] = 255
    steps = iter(range(60))  # however long they take
    settings = replace(LEAN, seconds=600.0, schedule="constant", learning_rate=1e-3)
    started, *middle, ended = events(Job(settings, drawing=drawing), lambda: next(steps) < 59)
    held_out = DIGITS["validation"].only((0, 1))
    assert isinstance(started, Started) and started.reads and started.resumable and started.untrained is None
    assert started.labels == (None, *(0, 1) * 5) and np.array_equal(started.clean[0], drawing)
    assert started.nothing == pytest.approx(min(float((held_out.labels == d).float().mean()) for d in (0, 1)))
    shown = [event for event in middle if isinstance(event, Snapshot)]
    assert shown and all(event.samples.shape == (11, 10) and event.samples.dtype == np.uint8 for event in shown)
    assert isinstance(ended, Ended) and ended.reason == "stopped" and set(ended.metrics) == {
        "validation_accuracy", "best_step"
    }  # fmt: skip
    best = min(wrong for event in shown for _, wrong in event.validation)
    assert ended.metrics["validation_accuracy"] == pytest.approx(1 - best, abs=1e-6)
    network, info = checkpoint_from_bytes(ended.checkpoint)
    one = 1.01 / len(held_out)  # digit that the run's number format may have read otherwise
    assert share_read(Reader(network, info, "cpu"), held_out) == pytest.approx(
        ended.metrics["validation_accuracy"], abs=one
    )
    assert ended.metrics["validation_accuracy"] > 0.8
    assert info.noise == "none" and info_from_bytes(ended.checkpoint) == info


def test_the_readings_are_the_networks_probabilities():
    *_, last, ended = events(Job(replace(LEAN, seconds=2.0)))
    state = state_from_bytes(ended.state)
    network = build("lean_classifier")
    network.load_state_dict(state.part("model"))
    started = next(snapshots(Job(LEAN)))
    pictures = torch.from_numpy(started.clean[:, None].astype(np.float32) / 255)
    with torch.no_grad():
        probabilities = network.eval()(pictures).softmax(dim=1).numpy()
    assert np.abs(last.samples / 255 - probabilities).max() < 0.03  # bytes, and perhaps another number format


def test_it_goes_on_from_its_state_and_is_fine_tuned_from_its_weights():
    *_, ended = events(Job(LEAN))
    more = replace(LEAN, seconds=4.0)
    again, *_, longer = events(Job(more, state=ended.state))
    assert again.step == state_from_bytes(ended.state).step < longer.info.steps
    tuned, *_ = events(Job(LEAN, start=ended.checkpoint), lambda: False)
    assert tuned.step == 0
    run = TrainingRun(LEAN.config(), data=DIGITS["train"], held_out=DIGITS["validation"].only((0, 1)),
                      start=reader_of(ended).model)  # fmt: skip
    assert 1 - run.score() == pytest.approx(ended.metrics["validation_accuracy"], abs=0.06)
    with pytest.raises(ValueError, match="that checkpoint is a lean_classifier: choose that network"):
        next(snapshots(Job(RunSettings("dense_autoencoder", data="own"), start=ended.checkpoint)))


def test_no_state_of_a_large_network_travels(monkeypatch):
    monkeypatch.setattr("denoiser.watch.pacing.KEEP_EVERY", 0.0)
    monkeypatch.setattr("denoiser.watch.pacing.UNKNOWN", 0.0)
    started, *middle, ended = events(Job(LARGEST))
    assert started.parameters > LARGE > parameter_count(build("residual_unet")) and not started.resumable
    kept = [event for event in middle if isinstance(event, Kept)]
    assert kept and all(event.state is None for event in kept) and ended.state is None
    assert 4 * started.parameters < len(ended.checkpoint) < 4 * started.parameters + 10_000
    steps = [checkpoint_from_bytes(event.checkpoint)[1].metrics["best_step"] for event in kept]
    assert steps == sorted(set(steps)), "what has been kept is not sent again"


def test_what_was_never_scored_has_no_accuracy(monkeypatch):
    monkeypatch.setattr("denoiser.watch.pacing.UNKNOWN", 1e9)
    *_, ended = events(Job(LARGEST), lambda: False)
    assert ended.reason == "stopped" and ended.info.steps == ended.metrics["best_step"] == 1
    *_, diverged = events(Job(replace(LARGEST, optimizer="sgd", learning_rate=1000.0, seconds=600.0)))
    assert diverged.reason == "diverged" and diverged.metrics == {} and diverged.state is None
