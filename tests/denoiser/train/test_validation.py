"""The score on held-out digits, the best weights, early stopping."""

import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from denoiser import Digits, TrainingConfig, TrainingRun, corrupt
from denoiser.precision import PRECISIONS
from denoiser.train.state import load_state, save_state, state_bytes, state_from_bytes
from denoiser.train.validation import Best, Validation

TINY = {"width": 8, "deep_width": 16, "blocks_deep": 1}
CPU = torch.device("cpu")
FLOAT32 = PRECISIONS["float32"]


def config(**changes):
    plain = dict(model="residual_unet", model_config=TINY, steps=30, batch_size=16, precision="float32")
    return TrainingConfig(**(plain | dict(learning_rate=3e-3, amounts=(0.3, 0.6)) | changes))


def test_the_score_of_doing_nothing_is_what_the_noise_is_known_to_cost(bars):
    """For blend noise: E[a² (n − x)²], with n uniform, is 1/3 · a² where x is 0 and 1/3 · a² where it is 1."""
    validation = Validation(bars, config(amounts=(0.0, 1.0)), CPU)
    expected = sum(((k + 0.5) / 200) ** 2 for k in range(200)) / 200 / 3
    assert validation.doing_nothing() == pytest.approx(expected, rel=0.01)
    assert validation.score(nn.Identity(), FLOAT32) == pytest.approx(validation.doing_nothing(), rel=1e-6)


def test_a_perfect_network_scores_zero_and_a_black_one_the_ink(bars):
    class Answers(nn.Module):
        def forward(self, noisy):
            return bars.images[: len(noisy)]

    class Black(nn.Module):
        def forward(self, noisy):
            return noisy * 0 - 1  # clipped to black

    validation = Validation(bars, config(), CPU)
    assert validation.score(Answers(), FLOAT32) == 0
    assert validation.score(Black(), FLOAT32) == pytest.approx(float(bars.images.square().mean()))


def test_the_noise_covers_the_runs_range_and_kinds(bars):
    validation = Validation(bars, config(amounts=(0.5, 0.5), kinds=("salt_pepper", "blend")), CPU)
    pure = ((validation.inputs == 0) | (validation.inputs == 1)).flatten(1).all(1)
    assert pure.tolist() == [True] * 100 + [False] * 100
    silent = Validation(bars, config(amounts=(0.0, 0.0)), CPU)
    assert silent.doing_nothing() > 0.05  # a run without noise is judged by what it cannot do


def test_a_classifier_is_scored_by_what_it_reads_wrongly(bars):
    class Reads(nn.Module):
        def forward(self, pictures):
            right = F.one_hot(bars.labels[: len(pictures)], 10).float()
            right[:20] = right[:20].roll(1, dims=1)
            return right

    tiny = dict(model="lean_classifier", model_config=dict(width=4, middle_width=4, deep_width=4))
    assert Validation(bars, config(**tiny), CPU).score(Reads(), FLOAT32) == pytest.approx(20 / 200)


def test_the_best_weights_are_kept_and_copied():
    best, layer = Best(), nn.Linear(1, 1)
    for score, step in ((0.5, 1), (0.2, 2), (0.4, 3), (math.nan, 4)):
        with torch.no_grad():
            layer.weight.fill_(step)
        best.offer(score, step, layer)
    assert (best.score, best.step, best.unimproved) == (0.2, 2, 2)
    assert best.weights["weight"].item() == 2


def test_validating_changes_nothing_of_the_run(bars):
    plain, watched = (TrainingRun(config(validate_every=every), data=bars, held_out=bars) for every in (0, 3))
    steps = list(zip(plain, watched, strict=True))
    assert all(a.loss == b.loss for a, b in steps)
    assert [b.step for _, b in steps if b.validation is not None] == list(range(3, 31, 3))
    assert watched.best.score == min(b.validation for _, b in steps if b.validation is not None)
    assert watched.model.training


def test_the_best_network_is_the_one_that_scored_best_whatever_came_after(bars, tmp_path):
    run = TrainingRun(config(steps=40, validate_every=40), data=bars, held_out=bars)
    *_, _ = run
    best = run.best.score
    with torch.no_grad():
        run.model.leave.weight.mul_(5)  # spoilt
    assert run.validate() > best == run.best.score
    assert run.validation.score(run.best_network(), FLOAT32) == pytest.approx(best)
    assert run.score() > best
    run.save(tmp_path / "best.safetensors", best=True)
    from denoiser import load

    noisy = corrupt(bars.images[:8], 0.5, generator=torch.Generator().manual_seed(0))
    restored = load(tmp_path / "best.safetensors")(noisy)
    assert torch.allclose(restored, run.best_network().eval()(noisy).clamp(0, 1), atol=1e-5)


def test_a_run_ends_when_it_no_longer_improves(bars):
    """Without learning (the rate is next to nothing) no score after the first is better."""
    run = TrainingRun(
        config(optimizer="sgd", learning_rate=1e-9, validate_every=2, patience=3, steps=1000), data=bars, held_out=bars
    )
    steps = list(run)
    assert run.ended_early and len(steps) <= 50
    scores = [step.validation for step in steps if step.validation is not None]
    assert len(scores) - 1 - scores.index(min(scores)) == 3
    patient = TrainingRun(config(validate_every=2, patience=0, learning_rate=1e-9), data=bars, held_out=bars)
    assert len(list(patient)) == 30 and not patient.ended_early


def test_a_resumed_run_stops_early_at_the_same_step_with_the_same_best(bars, tmp_path):
    how = dict(optimizer="sgd", learning_rate=2e-4, validate_every=2, patience=3, steps=400, average=0.9)
    whole = TrainingRun(config(**how), data=bars, held_out=bars)
    *_, last = whole
    first = TrainingRun(config(**how), data=bars, held_out=bars)
    for step in first:
        if step.step == last.step // 2 * 2 - 1:
            break
    save_state(tmp_path / "run.state", first.state())
    rest = TrainingRun(config(**how), load_state(tmp_path / "run.state"), data=bars, held_out=bars)
    *_, rest_last = rest
    assert rest_last.step == last.step
    assert (rest.best.score, rest.best.step) == (whole.best.score, whole.best.step)
    assert all(torch.equal(tensor, rest.best.weights[key]) for key, tensor in whole.best.weights.items())


def test_a_state_as_bytes_is_the_same_state(bars):
    run = TrainingRun(config(validate_every=5), data=bars, held_out=bars)
    *_, _ = run
    state, again = run.state(), state_from_bytes(state_bytes(run.state()))
    assert (again.config, again.precision, again.step, again.best) == (state.config, "float32", 30, state.best)
    assert state.tensors.keys() == again.tensors.keys()
    assert all(torch.equal(tensor, again.tensors[key]) for key, tensor in state.tensors.items())
    for damaged in (b"", state_bytes(state)[:-9], b"\x00" * 100):
        with pytest.raises(ValueError, match="the state is not a safetensors file"):
            state_from_bytes(damaged)


def test_knowing_nothing_is_the_best_of_the_blind_answers():
    clean = torch.zeros(4, 1, 28, 28)
    clean[:2] = 1  # the mean digit is grey: its MSE is 1/4, less than that of pure noise
    digits = Digits(clean, torch.tensor([3, 3, 3, 8]))
    loud = Validation(digits, config(amounts=(1.0, 1.0)), CPU)
    assert loud.doing_nothing() == pytest.approx(1 / 3, abs=0.02)  # of a uniform number to 0 or 1
    assert loud.knowing_nothing() == pytest.approx(1 / 4)
    quiet = Validation(digits, config(amounts=(0.1, 0.1)), CPU)
    assert quiet.knowing_nothing() == quiet.doing_nothing() == pytest.approx(0.01 / 3, rel=0.1)
    reader = Validation(digits, config(model="lean_classifier", model_config={}), CPU)
    assert reader.knowing_nothing() == 1 / 4  # three of four are a 3
