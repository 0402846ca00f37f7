"""Epochs are counted from the steps alone, end a run, and have a mean loss; the book's loss is the book's."""

import json
from dataclasses import replace

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch.nn import functional as F

from denoiser import TrainingConfig, TrainingRun
from denoiser.train.augmentation import Augmentation
from denoiser.train.batches import Batches
from denoiser.train.state import load_state, save_state

CPU = torch.device("cpu")


def config(**changes):
    plain = dict(model="dense_autoencoder", batch_size=16, precision="float32", kinds=("gaussian",), epochs=3)
    return TrainingConfig(**plain | changes)


@pytest.mark.parametrize(
    ("changes", "ends"),
    [
        (dict(), {13: 1, 25: 2, 38: 3}),  # 200 digits by 16: an epoch takes 12.5 steps
        (dict(epochs=1, passes=2), {25: 1}),
        (dict(epochs=4, batch_size=128), {2: 1, 4: 2, 5: 3, 7: 4}),
        (dict(epochs=5, batch_size=500), {1: 2, 2: 5}),  # one step ends several
        (dict(epochs=0.5), {}),
    ],
)
def test_an_epoch_ends_with_the_step_that_completes_it(bars, changes, ends):
    steps = list(TrainingRun(config(**changes), data=bars))
    assert {step.step: step.epoch for step in steps if step.epoch_loss is not None} == ends
    assert steps[-1].step == (max(ends) if ends else 7)
    assert steps[-1].progress == 1
    losses = []
    for step in steps:
        losses.append(step.loss)
        if step.epoch_loss is not None:
            assert step.epoch_loss == pytest.approx(sum(losses) / len(losses), rel=1e-12)
            losses = []


def test_of_several_budgets_the_first_that_is_used_up_ends_the_run(bars):
    assert len(list(TrainingRun(config(steps=10), data=bars))) == 10
    assert len(list(TrainingRun(config(steps=100), data=bars))) == 38
    assert len(list(TrainingRun(config(seconds=500.0), data=bars))) == 38
    with pytest.raises(ValueError, match="a run needs a budget: give steps, seconds or epochs"):
        config(epochs=None)
    with pytest.raises(ValueError, match="epochs must lie between"):
        config(epochs=0)


@pytest.mark.parametrize("changes", [dict(), dict(sampling="replacement", passes=2, loss="sum", loss_scale=100.0)])
def test_a_resumed_run_tells_the_same_epochs(bars, changes, tmp_path):
    whole = list(TrainingRun(config(**changes), data=bars))
    first = TrainingRun(config(**changes), data=bars)
    before = [next(first) for _ in range(17)]
    save_state(tmp_path / "run.state", first.state())
    rest = list(TrainingRun(config(**changes), load_state(tmp_path / "run.state"), data=bars))
    told = [(step.step, step.loss, step.epoch, step.epoch_loss) for step in before + rest]
    assert told == [(step.step, step.loss, step.epoch, step.epoch_loss) for step in whole]


def test_a_state_of_old_goes_on(bars, tmp_path):
    """One that was saved before there were epochs, samplings, limits, scales and crops."""
    run = TrainingRun(config(steps=30, epochs=None, augment=Augmentation()), data=bars)
    for _ in range(14):
        next(run)
    save_state(tmp_path / "new.state", run.state())
    with safe_open(str(tmp_path / "new.state"), framework="pt") as file:
        metadata = file.metadata()
    known = json.loads(metadata["config"])
    for name in ("limit", "epochs", "passes", "sampling", "loss_scale"):
        del known[name]
    known["augment"] = {name: known["augment"][name] for name in ("rotation", "shift", "scale", "slant")}
    del metadata["epoch"]
    old = metadata | {"config": json.dumps(known)}
    save_file(load_file(tmp_path / "new.state"), tmp_path / "old.state", old)
    state = load_state(tmp_path / "old.state")
    assert state.config == run.config
    rest = list(TrainingRun(state.config, state, data=bars))
    assert [step.loss for step in rest] == [step.loss for step in run]
    assert [step.epoch for step in rest if step.epoch_loss is not None] == [2]


def test_the_summed_loss_is_minimised_and_told_per_pixel(bars):
    """SGD feels the scale: its first update is the learning rate times the gradient of the sum, a hundredfold."""
    summed = dict(optimizer="sgd", learning_rate=1e-9, loss="sum", loss_scale=100.0, amounts=(0.2, 0.2))
    run = TrainingRun(config(**summed, model="simple_unet", kinds=("blend",), batch_size=8), data=bars)
    before = [weight.detach().clone() for weight in run.model.parameters()]
    batch = Batches(bars, run.config, CPU).noisy_and_clean(1)
    loss = 100 * F.mse_loss(run.model(batch.noisy), batch.clean, reduction="sum")
    gradients = torch.autograd.grad(loss, list(run.model.parameters()))
    step = next(run)
    assert step.loss == pytest.approx(loss.item() / (100 * 8 * 784), rel=1e-6)
    for weight, old, gradient in zip(run.model.parameters(), before, gradients, strict=True):
        assert torch.allclose(weight, old - 1e-9 * gradient, atol=1e-8)
        assert gradient.abs().max() > 100


def test_adam_hardly_feels_how_the_loss_is_scaled(bars):
    common = dict(optimizer="adam", learning_rate=1e-3, epochs=None, steps=12)
    plain = [step.loss for step in TrainingRun(config(**common), data=bars)]
    summed = [step.loss for step in TrainingRun(config(**common, loss="sum", loss_scale=100.0), data=bars)]
    assert summed == pytest.approx(plain, rel=2e-3)


def test_a_limit_takes_the_same_few_digits(few_digits):
    run = TrainingRun(config(limit=20, data="mnist"))
    again = TrainingRun(config(limit=20, data="mnist", seed=5))
    whole = TrainingRun(config(data="mnist"))
    assert len(run.data) == 20 and torch.equal(run.data.images, again.data.images)
    distances = (run.data.images[:, None] - whole.data.images).abs().amax(dim=(2, 3, 4))
    assert (distances.amin(dim=1) == 0).all()
    with pytest.raises(ValueError, match="limit must lie between 1"):
        replace(run.config, limit=0)
