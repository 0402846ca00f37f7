"""The two tasks against arithmetic written out by hand."""

import math

import pytest
import torch
from torch import nn

from denoiser import Digits, Info, TrainingConfig
from denoiser.models import MODELS, build
from denoiser.noise import KINDS
from denoiser.train.batches import Batches
from denoiser.train.tasks import TASKS, task_of

CPU = torch.device("cpu")


def config(**changes):
    return TrainingConfig(**(dict(steps=10, batch_size=16, amounts=(0.3, 0.6)) | changes))


def test_every_network_has_the_task_that_its_outputs_are_for():
    assert list(TASKS) == list(MODELS)
    for name, task in TASKS.items():
        with torch.no_grad():
            outputs = build(name).eval()(torch.zeros(2, 1, 28, 28))
        assert outputs.shape == ((2, 10) if task.reads else (2, 1, 28, 28))


@pytest.mark.parametrize(
    ("changes", "unit"),
    [
        (dict(), 1),
        (dict(loss_scale=10.0), 10),
        (dict(loss="sum", loss_scale=100.0), 100 * 16 * 784),
        (dict(importance_sampling=1.0), 1),
    ],
)
def test_whoever_denoises_minimises_the_error_of_each_pixel(bars, changes, unit):
    run = config(**changes)
    batches, task = Batches(bars, run, CPU), task_of(run)
    batch = batches.noisy_and_clean(3)
    weights = [1.0] * 16 if batch.weights is None else batch.weights.flatten().tolist()
    pairs = zip(weights, batch.noisy.double(), batch.clean.double(), strict=True)
    mean = sum(w * float(((0.5 * x - y) ** 2).sum()) for w, x, y in pairs) / (16 * 784)
    loss = task.loss(lambda noisy: 0.5 * noisy, batches, 3)
    assert task.loss_unit == unit and float(loss) == pytest.approx(unit * mean, rel=1e-5)


@pytest.mark.parametrize("told", [False, True])
def test_only_a_network_that_can_be_told_is_told_the_noise(bars, told):
    run, given = config(model="residual_unet", model_config={"told": told}), []

    def network(*of):
        given.append([tuple(each.shape) for each in of])
        return of[0]

    task_of(run).loss(network, Batches(bars, run, CPU), 1)
    assert given == [[(16, 1, 28, 28), (16, 2 * len(KINDS))] if told else [(16, 1, 28, 28)]]


def test_whoever_reads_minimises_the_surprise_at_the_label(bars):
    """Label smoothing s: each of the ten labels gets s/10 of the weight, and the right one what is left."""
    run = config(model="lean_classifier", label_smoothing=0.2)
    batches, task = Batches(bars, run, CPU), task_of(run)
    logits = torch.randn(16, 10, generator=torch.Generator().manual_seed(0))
    clean, labels = batches.clean_and_labels(3)
    surprises = []
    for row, label in zip(logits.tolist(), labels.tolist(), strict=True):
        whole = sum(math.exp(value) for value in row)
        each = [-math.log(math.exp(value) / whole) for value in row]
        surprises.append(0.8 * each[label] + 0.2 * sum(each) / 10)
    seen = []
    loss = task.loss(lambda pictures: seen.append(pictures) or logits, batches, 3)
    assert torch.equal(seen[0], clean) and task.loss_unit == 1
    assert float(loss) == pytest.approx(sum(surprises) / 16, rel=1e-5)


def test_no_run_comes_back_from_ten_times_a_guess():
    reading, denoising = (task_of(config(model=model)) for model in ("lean_classifier", "simple_unet"))
    guess = -math.log(1 / 10)
    assert reading.worst_loss == pytest.approx(10 * guess)
    black, white = torch.zeros(1, 1, 28, 28), Digits(torch.ones(1, 1, 28, 28))
    assert denoising.worst_loss == denoising.error(black, white)  # nothing is further away


def test_an_error_is_called_and_counted_as_the_field_does():
    reading, denoising = (task_of(config(model=model)) for model in ("lean_classifier", "simple_unet"))
    assert denoising.metrics(0.125) == {"validation_mse": 0.125}
    assert reading.metrics(0.125) == {"validation_accuracy": 0.875}
    assert denoising.epoch_metrics(0.0123456789, lambda: pytest.fail("not asked for")) == {"validation_mse": 0.012346}
    both = {"training_accuracy": 0.66667, "validation_accuracy": 0.875}
    assert reading.epoch_metrics(0.125, lambda: 1 / 3) == both
    assert denoising.noise == "blend; amount 0.3–0.6" and reading.noise == "none"


def test_the_final_score_is_that_of_the_network_ready_for_use(bars):
    """The identity under blend noise, n uniform and x 0 or 1: E[a²]·E[(n − x)²], both a third."""
    reading, denoising = (task_of(config(model=model)) for model in ("lean_classifier", "simple_unet"))
    scores = denoising.final_metrics(nn.Identity(), Info("simple_unet"), CPU, bars)
    assert scores["validation_mse"] == pytest.approx(1 / 9, rel=0.02)

    class AlwaysThree(nn.Module):
        def forward(self, pictures):
            return torch.eye(10)[3].expand(len(pictures), 10)

    right = reading.final_metrics(AlwaysThree(), Info("lean_classifier"), CPU, bars)
    assert right == {"validation_accuracy": round(float((bars.labels == 3).double().mean()), 5)}


def test_what_is_shown_lies_between_nothing_and_one(bars):
    reading, denoising = (task_of(config(model=model)) for model in ("lean_classifier", "simple_unet"))
    outputs = torch.tensor([[-1.0, 0.0, 0.25, 1.0, 3.0]])
    assert denoising.answers(outputs).tolist() == [[0, 0, 0.25, 1, 1]]
    odds = torch.tensor([1.0, 2, 3, 4, 0, 0, 0, 0, 0, 0])  # probabilities are in proportion to the exponentials
    assert torch.allclose(reading.answers(odds.log()[None])[0], odds / 10)
    assert reading.sample_inputs(bars.images) is bars.images is reading.held_out_inputs(bars.images)
