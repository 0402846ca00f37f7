"""A run learns, repeats itself, resumes exactly, stops when told, and keeps what it learned."""

import threading
from dataclasses import FrozenInstanceError, replace

import pytest
import torch
from torch.nn import functional as F

from denoiser import RECIPES, Digits, TrainingConfig, TrainingRun, corrupt, load
from denoiser.models import MODELS, build
from denoiser.train.augmentation import Augmentation
from denoiser.train.batches import Batches
from denoiser.train.schedule import SCHEDULES
from denoiser.train.state import load_state, save_state

TINY = {"width": 8, "deep_width": 16, "blocks_deep": 1}
CPU = torch.device("cpu")


def config(**changes):
    plain = dict(model="residual_unet", model_config=TINY, steps=30, batch_size=16, precision="float32")
    return TrainingConfig(**(plain | dict(learning_rate=3e-3, amounts=(0.3, 0.6)) | changes))


def weights(run):
    return torch.cat([tensor.flatten().double() for tensor in run.model.state_dict().values()])


def test_a_run_learns_to_denoise(bars):
    run = TrainingRun(config(steps=150), data=bars)
    steps = list(run)
    assert [step.step for step in steps] == list(range(1, 151))
    assert steps[-1].loss < 0.2 * steps[0].loss
    noisy = corrupt(bars.images, 0.5, generator=torch.Generator().manual_seed(9))
    denoised = run.denoiser()(noisy)
    assert F.mse_loss(denoised, bars.images) < 0.3 * F.mse_loss(noisy, bars.images)


def test_an_update_is_the_optimizers_own(bars):
    """The first step against the same arithmetic written out with PyTorch alone."""
    run = TrainingRun(config(steps=1), data=bars)
    model = build("residual_unet", TINY)
    model.load_state_dict(run.model.state_dict())
    batch = Batches(bars, run.config, CPU).noisy_and_clean(1)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    loss = F.mse_loss(model(batch.noisy), batch.clean)
    loss.backward()
    optimizer.step()
    step = next(run)
    assert step.loss == pytest.approx(loss.item(), rel=1e-6)
    for ours, theirs in zip(run.model.parameters(), model.parameters(), strict=True):
        assert torch.allclose(ours, theirs, atol=1e-7)


def test_a_step_is_plain_frozen_numbers(bars):
    step = next(TrainingRun(config(schedule="one_cycle", seconds=100.0), data=bars))
    assert all(type(value) in (int, float, type(None)) for value in vars(step).values())
    assert (step.step, step.pictures) == (1, 16)
    with pytest.raises(FrozenInstanceError):
        step.loss = 0.0


def test_equal_seeds_give_equal_weights_and_the_global_generator_rests(bars):
    state = torch.get_rng_state()
    first, again, other = (TrainingRun(config(seed=seed), data=bars) for seed in (1, 1, 2))
    for run in (first, again, other):
        *_, _ = run
    assert torch.equal(weights(first), weights(again))
    assert not torch.equal(weights(first), weights(other))
    assert torch.equal(state, torch.get_rng_state())


@pytest.mark.parametrize(
    "changes",
    [
        dict(schedule="one_cycle", average=0.9, optimizer="adamw", clip_gradient=1.0),
        dict(optimizer="sgd", learning_rate=0.1, kinds=("blend", "poisson", "speckle")),
        dict(optimizer="muon", learning_rate=0.04, average=0.9, weight_decay=0.01),
        dict(model="lean_classifier", model_config=dict(width=4, middle_width=4, deep_width=4)),
    ],
)
def test_a_resumed_run_ends_bit_for_bit_like_one_that_was_not_interrupted(bars, changes, tmp_path):
    whole = TrainingRun(config(**changes), data=bars)
    *_, _ = whole
    first = TrainingRun(config(**changes), data=bars)
    for step in first:
        if step.step == 11:
            break
    save_state(tmp_path / "run.state", first.state())
    rest = TrainingRun(config(**changes), load_state(tmp_path / "run.state"), data=bars)
    assert [step.step for step in rest] == list(range(12, 31))
    assert torch.equal(weights(whole), weights(rest))
    noisy = bars.images[:4]
    assert torch.equal(whole.denoiser()(noisy), rest.denoiser()(noisy))


def test_breaking_off_keeps_the_weights_and_goes_on_later(bars):
    run = TrainingRun(config(), data=bars)
    for step in run:
        if step.step == 4:
            break
    whole = TrainingRun(config(steps=4), data=bars)
    *_, _ = whole
    assert run.step == 4
    assert torch.equal(weights(run), weights(whole))
    assert next(run).step == 5
    run.close()
    assert list(run) == []
    assert run.step == 5


def test_gradients_stay_on_for_whoever_else_trains(bars):
    """Steps taken on several threads must leave no grad mode or autocast behind."""
    run = TrainingRun(config(precision="bfloat16", average=0.9), data=bars)
    for _ in range(3):
        thread = threading.Thread(target=next, args=(run,))
        thread.start()
        thread.join()
    next(run)
    assert torch.is_grad_enabled()
    assert not torch.is_autocast_enabled("cpu")


def test_a_budget_in_seconds_ends_the_run(bars):
    run = TrainingRun(config(steps=None, seconds=0.3), data=bars)
    last = list(run)[-1]
    assert last.progress == 1
    assert last.seconds >= 0.3


def test_what_is_saved_is_what_was_trained(bars, tmp_path):
    run = TrainingRun(config(average=0.9), data=bars)
    *_, _ = run
    run.save(tmp_path / "run.safetensors", {"mse": 0.5})
    loaded = load(tmp_path / "run.safetensors", device="cpu")
    noisy = corrupt(bars.images[:5], 0.5, generator=torch.Generator().manual_seed(1))
    assert torch.equal(loaded(noisy), run.denoiser()(noisy))
    assert (loaded.info.steps, loaded.info.data, loaded.info.metrics) == (30, "bars", {"mse": 0.5})
    assert loaded.info.training["seed"] == 0
    assert loaded.info.parameters == run.denoiser().info.parameters == sum(map(torch.numel, run.model.parameters()))


def test_the_classifier_learns_and_reads(bars):
    small = dict(model="lean_classifier", model_config=dict(width=8, middle_width=8, deep_width=16))
    run = TrainingRun(config(**small, steps=120, learning_rate=1e-2, schedule="one_cycle"), data=bars)
    *_, last = run
    probabilities = run.reader()(bars.images)
    assert torch.allclose(probabilities.sum(dim=1), torch.ones(200), atol=1e-5)
    assert (probabilities.argmax(dim=1) == bars.labels).double().mean() > 0.9
    with pytest.raises(ValueError, match="labelled"):
        TrainingRun(config(**small), data=Digits(bars.images))


@pytest.mark.parametrize("name", MODELS)
def test_every_recipe_runs(name, bars):
    recipe = RECIPES[name] | dict(batch_size=4, steps=1)
    step = next(TrainingRun(TrainingConfig(model=name, precision="float32", **recipe), data=bars))
    assert 0 < step.loss < 10


def test_schedules_start_and_end_where_they_should():
    assert [SCHEDULES["constant"](p) for p in (0, 0.5, 1)] == [1, 1, 1]
    assert [SCHEDULES["cosine"](p) for p in (0, 0.5, 1)] == pytest.approx([1, 0.5, 0])
    assert [SCHEDULES["trapezoid"](p) for p in (0, 0.3, 0.65, 1)] == pytest.approx([1, 1, 0.5, 0])
    cycle = SCHEDULES["one_cycle"]
    assert cycle(0) == pytest.approx(1 / 11)
    assert cycle(0.1) == pytest.approx(1)
    assert cycle(0.55) == pytest.approx(0.5)
    assert cycle(1) == pytest.approx(0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (dict(steps=None), "a run needs a budget"),
        (dict(steps=0), "steps must lie between 1"),
        (dict(steps=10**12), "steps must lie between 1"),
        (dict(seconds=float("nan")), "seconds must lie between"),
        (dict(seconds=10**6), "seconds must lie between"),
        (dict(batch_size=0), "batch_size must lie between 1 and 4096"),
        (dict(learning_rate=float("inf")), "learning_rate must lie between"),
        (dict(kinds=("pink",)), "unknown kind of noise 'pink'"),
        (dict(kinds=()), "unknown kind of noise ''"),
        (dict(amounts=(0.9, 0.1)), "highest amount must lie between 0.9 and 1"),
        (dict(amounts=(-0.1, 1)), "lowest amount must lie between 0 and 1"),
        (dict(model="vgg"), "unknown model 'vgg'"),
        (dict(optimizer="lion"), "unknown optimizer 'lion'"),
        (dict(schedule="steps"), "unknown schedule"),
        (dict(precision="int8"), "unknown precision"),
        (dict(seed=-1), "seed must lie between"),
        (dict(steps=1.5), "steps must be a whole number"),
        (dict(steps="5"), "steps must be a whole number"),
        (dict(batch_size=2.5), "batch_size must be a whole number"),
        (dict(learning_rate="1"), "learning_rate must be a number"),
        (dict(digits=(11,)), "digit"),
        (dict(digits=()), "digit"),
        (dict(amounts=(0.1,)), "amounts must be two numbers"),
    ],
)
def test_a_senseless_configuration_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        config(**changes)


def test_damaged_states_are_refused_in_one_line(bars, tmp_path):
    path = tmp_path / "run.state"
    run = TrainingRun(config(augment=Augmentation()), data=bars)
    next(run)
    save_state(path, run.state())
    assert load_state(path).config == run.config
    whole = path.read_bytes()
    for data, message in [
        (whole[:1000], "damaged"),
        (whole.replace(b"denoiser-training-1", b"denoiser-training-0"), "not the state of a run"),
        (whole.replace(b'\\"batch_size\\": 16', b'\\"batch_size\\": -1'), "description is damaged"),
    ]:
        path.write_bytes(data)
        with pytest.raises(ValueError, match=message) as caught:
            load_state(path)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("saved", "resumed"), [("adam", "sgd"), ("sgd", "adam")])
def test_a_state_of_another_optimizer_is_refused(bars, saved, resumed):
    run = TrainingRun(config(optimizer=saved), data=bars)
    next(run)
    with pytest.raises(ValueError, match=f"state is of the optimizer {saved}"):
        TrainingRun(config(optimizer=resumed), run.state(), data=bars)


def test_a_state_with_a_slot_missing_or_misshapen_is_refused(bars):
    run = TrainingRun(config(), data=bars)
    next(run)
    state = run.state()
    tensors = dict(state.tensors)
    for changed in (
        {key: tensor for key, tensor in tensors.items() if key != "optimizer.3.exp_avg"},
        tensors | {"optimizer.3.exp_avg": torch.zeros(5)},
        tensors | {"optimizer.x.exp_avg": torch.zeros(5)},
    ):
        with pytest.raises(ValueError, match="state does not fit"):
            TrainingRun(config(), replace(state, tensors=changed), data=bars)


def test_a_run_that_diverges_stops_and_says_so(bars, tmp_path):
    run = TrainingRun(config(optimizer="sgd", learning_rate=1e3, steps=200), data=bars)
    with pytest.raises(ValueError, match="lower the learning rate"):
        list(run)
    assert list(run) == []
    next(run.model.parameters()).data.fill_(torch.nan)
    with pytest.raises(ValueError, match="not finite"):
        run.save(tmp_path / "broken.safetensors")
    assert list(tmp_path.iterdir()) == []


def test_a_state_of_another_network_is_refused(bars):
    state = TrainingRun(config(), data=bars).state()
    with pytest.raises(ValueError, match="state does not fit a residual_unet"):
        TrainingRun(replace(config(), model="simple_unet", model_config={}), state, data=bars)
