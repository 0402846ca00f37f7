"""A watched run: what it tells, that it can be pickled, that it is the same run, and how it ends."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
import torch

from denoiser import TrainingRun
from denoiser.checkpoint import Info, checkpoint_bytes, checkpoint_from_bytes
from denoiser.data import limited
from denoiser.models import build
from denoiser.train.state import state_from_bytes
from denoiser.watch.events import Ended, Job, Kept, Snapshot, Started
from denoiser.watch.samples import sample_pictures
from denoiser.watch.settings import RunSettings
from denoiser.watch.snapshots import snapshots

SETTINGS = RunSettings(model="dense_autoencoder", data="own", seconds=1.5, batch_size=32)


@pytest.fixture(scope="module", autouse=True)
def few_digits():
    """The project's own digits, few of them: writing 20,000 takes a while where they are not kept."""
    from denoiser.data import handwritten_digits, own

    patch = pytest.MonkeyPatch()
    digits = {split: handwritten_digits(400, seed=seed) for split, seed in (("train", 1), ("validation", 2))}
    patch.setattr(
        "denoiser.watch.snapshots.kept_digits", lambda source, split: replace(digits[split], source=own.OWN_SOURCE)
    )
    yield
    patch.undo()


def events(job, go_on=lambda: True):
    return [pickle.loads(pickle.dumps(event)) for event in snapshots(job, go_on)]


def test_a_watched_run_tells_its_whole_story():
    drawing = np.zeros((28, 28), np.uint8)
    drawing[5:23, 12:16] = 255
    started, *middle, ended = events(Job(SETTINGS, drawing=drawing))
    assert isinstance(started, Started) and isinstance(ended, Ended)
    assert (started.source, started.count, started.step) == ("the project's own digits", 400, 0)
    assert started.own_drawing and np.array_equal(started.clean[0], drawing)
    assert started.labels == (None, *range(10))
    assert 0.09 < started.nothing < 0.12 and started.untrained > 0.05  # E[a²]·E[(n − x)²] is about a third of a third
    shown = [event for event in middle if isinstance(event, Snapshot)]
    assert len(shown) >= 4
    steps = [event.step for event in shown]
    assert steps == sorted(steps) and shown[-1].progress == 1 and shown[-1].seconds_left == 0
    curve = [point for event in shown for point in event.losses]
    assert [step for step, _ in curve] == sorted({step for step, _ in curve}) and curve[-1][0] == steps[-1]
    assert curve[-1][1] < curve[0][1]
    scores = dict(score for event in shown for score in event.validation)
    assert ended.reason == "budget" and ended.message == ""
    assert ended.metrics["validation_mse"] == pytest.approx(min(*scores.values(), started.untrained), abs=1e-6)
    assert all(event.samples.shape == (11, 28, 28) and event.samples.dtype == np.uint8 for event in shown)
    assert not np.array_equal(shown[0].samples, shown[-1].samples)
    assert shown[-1].pictures == 32 * shown[-1].step and shown[-1].rate > 0


def test_the_checkpoint_at_the_end_scores_what_the_run_says():
    *_, ended = events(Job(SETTINGS))
    network, info = checkpoint_from_bytes(ended.checkpoint)
    assert info.model == "dense_autoencoder" and info.metrics == ended.metrics and info.hardware
    run = TrainingRun(SETTINGS.config(), data=own("train"), held_out=own("validation"), start=network)
    assert run.score() == pytest.approx(ended.metrics["validation_mse"], rel=0.02)  # its number format may differ


def test_a_run_on_few_digits_also_says_how_it_does_on_them():
    few = replace(SETTINGS, limit=20, seconds=2.0)
    started, *middle, ended = events(Job(few))
    assert started.count == 20
    scores, fits = (
        {p for event in middle if isinstance(event, Snapshot) for p in getattr(event, name)}
        for name in ("validation", "fitted")
    )
    assert len(fits) >= 2 and {step for step, _ in fits} == {step for step, _ in scores}
    known = own("train").take(limited(400, 20))
    network, _ = checkpoint_from_bytes(ended.checkpoint)
    error = TrainingRun(few.config(), data=known, held_out=known, start=network).score()
    assert dict(fits)[ended.metrics["best_step"]] == pytest.approx(error, rel=0.02)
    assert not any(event.fitted for event in events(Job(SETTINGS)) if isinstance(event, Snapshot))


def own(split):
    from denoiser.watch import snapshots as module

    return module.kept_digits("own", split)


def test_the_curve_is_the_mean_of_the_steps_losses():
    """A run with the same seed and schedule, without anybody watching."""
    settings = replace(SETTINGS, schedule="constant")
    told = [p for event in events(Job(settings, every=0.0)) if isinstance(event, Snapshot) for p in event.losses]
    plain = TrainingRun(replace(settings.config(), seconds=None, steps=told[20][0]), data=own("train"))
    losses, before = [step.loss for step in plain], 0
    for step, loss in told[:20]:
        assert loss == pytest.approx(np.mean(losses[before:step]), rel=1e-3, abs=1e-5)
        before = step


def test_a_stopped_run_goes_on_and_ends_at_its_budget():
    asked = 0

    def go_on():
        nonlocal asked
        asked += 1
        return asked < 15

    *_, stopped = events(Job(SETTINGS), go_on)
    assert stopped.reason == "stopped" and state_from_bytes(stopped.state).step == asked == 15
    started, *middle, ended = events(Job(SETTINGS, state=stopped.state))
    assert started.step == 15 and middle[0].losses[0][0] > 15
    assert ended.reason == "budget" and ended.info.seconds == pytest.approx(1.5, abs=0.3)
    more = replace(SETTINGS, seconds=2.0)
    *_, longer = events(Job(more, state=ended.state))
    assert state_from_bytes(longer.state).seconds >= 2.0


def test_a_bound_on_the_steps_ends_a_run_that_may_then_go_on():
    *_, ended = events(Job(replace(SETTINGS, steps=30, seconds=60.0)))
    assert ended.reason == "budget" and ended.info.steps == 30
    *_, longer = events(Job(replace(SETTINGS, steps=30, seconds=ended.info.seconds + 1), state=ended.state))
    assert longer.info.steps > 30


def test_a_run_that_diverges_keeps_the_last_good_weights():
    wild = replace(SETTINGS, optimizer="sgd", learning_rate=1000.0, schedule="constant")
    *_, ended = events(Job(wild))
    assert ended.reason == "diverged" and "lower the learning rate" in ended.message and ended.state is None
    network, _ = checkpoint_from_bytes(ended.checkpoint)
    assert all(bool(weight.isfinite().all()) for weight in network.parameters())


def test_what_is_kept_on_the_way_can_be_gone_on_from(monkeypatch):
    monkeypatch.setattr("denoiser.watch.pacing.KEEP_FIRST", 0.1)
    monkeypatch.setattr("denoiser.watch.pacing.KEEP_EVERY", 0.3)
    monkeypatch.setattr("denoiser.watch.pacing.KEEPING_COSTS", 1.0)  # as often, however busy the machine is
    kept = [event for event in events(Job(SETTINGS)) if isinstance(event, Kept)]
    assert len(kept) >= 2
    state = state_from_bytes(kept[-1].state)
    assert state.step == kept[-1].step > kept[0].step
    assert checkpoint_from_bytes(kept[-1].checkpoint)[1].steps == kept[-1].step


@pytest.mark.parametrize("told", [False, True])
def test_it_says_whether_the_network_can_be_told_the_noise(told):
    settings = replace(SETTINGS, model="residual_unet", seconds=1.0)
    start = checkpoint_bytes(build("residual_unet", {"told": told}), Info("residual_unet", {"told": told}))
    started, *_, ended = events(Job(settings, start=start))
    assert started.can_be_told == told == bool(ended.info.config.get("told"))


def test_fine_tuning_begins_at_the_starts_score():
    *_, first = events(Job(replace(SETTINGS, seconds=3.0)))
    started, *_ = snapshots(Job(replace(SETTINGS, trained="decoder"), start=first.checkpoint))
    assert started.untrained == pytest.approx(first.metrics["validation_mse"], rel=0.02)
    assert 0 < started.trained_parameters < started.parameters
    began_with = f"dense_autoencoder, {first.info.steps:,} steps on the project's own digits"
    *_, ended = snapshots(Job(SETTINGS, start=first.checkpoint), lambda: False)
    assert ended.info.training["began_with"] == began_with
    assert [layer.trained for layer in started.layers] == [layer.name.startswith("decoder") for layer in started.layers]


def test_fewer_digits_are_shown_more_often():
    started, *_ = snapshots(Job(replace(SETTINGS, digits=(0, 1))))
    assert started.labels == (0, 1) * 5
    assert len({picture.tobytes() for picture in started.clean}) == 10


@pytest.mark.parametrize(("start", "message"), [(b"nonsense", "not a safetensors file"), (b"", "not a safetensors")])
def test_a_damaged_start_is_one_clear_line(start, message):
    with pytest.raises(ValueError, match=message):
        next(snapshots(Job(SETTINGS, start=start)))


def test_a_closed_watch_leaves_gradients_on():
    watched = snapshots(Job(SETTINGS))
    next(watched)
    watched.close()
    assert torch.is_grad_enabled()


def test_a_run_that_no_longer_improves_ends_early(monkeypatch):
    monkeypatch.setattr("denoiser.watch.pacing.FIRST_SCORES", tuple(0.02 * count for count in range(1, 100)))
    still = replace(SETTINGS, optimizer="sgd", learning_rate=1e-9, schedule="constant", patience=3, seconds=60.0)
    *_, ended = events(Job(still))
    assert ended.reason == "early" and ended.info.seconds < 30


def test_a_digit_that_was_not_held_out_is_not_shown():
    pictures, labels = sample_pictures(own("validation").only([3, 5]), range(10))
    assert labels == (3, 5) * 5 and len(pictures) == 10
