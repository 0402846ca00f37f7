"""What a step sees depends on its number alone, and is shared out evenly."""

import pytest
import torch

from denoiser import Digits, TrainingConfig
from denoiser.noise import KINDS
from denoiser.train.batches import Batch, Batches

CPU = torch.device("cpu")


def config(**changes):
    return TrainingConfig(**(dict(steps=30, batch_size=16, amounts=(0.3, 0.6)) | changes))


def test_the_batch_of_a_step_depends_on_nothing_but_its_number(bars):
    one, other = (Batches(bars, config(), CPU) for _ in range(2))
    for step in (1, 2, 30):
        one.noisy_and_clean(step)
    assert all(torch.equal(a, b) for a, b in zip(one.noisy_and_clean(5)[:2], other.noisy_and_clean(5)[:2], strict=True))


def test_each_pass_sees_every_digit_once():
    images = torch.arange(50).float().view(50, 1, 1, 1).expand(50, 1, 28, 28).contiguous() / 49
    batches = Batches(Digits(images), config(batch_size=20), CPU)
    seen = torch.cat([batches.clean_and_labels(step)[0][:, 0, 0, 0] for step in range(1, 6)])
    first, second = (torch.round(seen[place : place + 50] * 49).long().tolist() for place in (0, 50))
    assert sorted(first) == sorted(second) == list(range(50))
    assert first != second


def test_kinds_share_a_batch(bars):
    batches = Batches(bars, config(batch_size=16, kinds=("salt_pepper", "blend", "blend"), amounts=(0.5, 0.5)), CPU)
    noisy = batches.noisy_and_clean(1).noisy
    pure = [bool(((picture == 0) | (picture == 1)).all()) for picture in noisy]  # salt and pepper on a binary bar
    assert pure == [True] * 6 + [False] * 10


def test_each_kinds_share_has_amounts_from_all_over():
    black = Digits(torch.zeros(50, 1, 28, 28))
    kinds = ("blend", "salt_pepper", "blend")
    batches = Batches(black, config(batch_size=32, kinds=kinds, amounts=(0.2, 1.0)), CPU)
    first, second = (batches.noisy_and_clean(step).noisy for step in (1, 2))
    # The brightest of a black picture's 784 pixels is hardly below the amount of blend noise; of salt and pepper,
    # half as many pixels are white as the amount says.
    amounts = first[:21].amax(dim=(1, 2, 3)), 2 * first[21:].mean(dim=(1, 2, 3))
    for share, error in zip(amounts, (0, 0.15), strict=True):
        even = (torch.arange(len(share)) + 0.5) / len(share)
        assert ((share.sort().values - 0.2) / 0.8 - even).abs().max() < (1 + error) / len(share) + error
    assert not torch.allclose(first[:21].amax(dim=(1, 2, 3)), second[:21].amax(dim=(1, 2, 3)), atol=0.01)


def test_importance_sampling_draws_high_amounts_more_often_and_weighs_them_less():
    black = Digits(torch.zeros(4096, 1, 28, 28))
    batch = Batches(black, config(batch_size=4096, amounts=(0.2, 1.0), importance_sampling=1.0), CPU).noisy_and_clean(1)
    assert batch.weights is not None
    amounts = batch.noisy.amax(dim=(1, 2, 3))  # of a black picture under blend noise, or hardly less
    assert 0.49 < (amounts > 0.8).float().mean() < 0.51  # 0.8 is where u = 1/2
    weights = batch.weights.flatten()
    share = (1 - (amounts - 0.2) / 0.8).clamp(min=0).sqrt()  # 1 - u
    assert torch.allclose(weights, 2 * share, atol=0.15)  # the brightest pixel tells high amounts a little too low
    # Weighted, the batch stands for amounts that are uniform: their mean and their mean square.
    assert abs(weights.mean() - 1) < 0.002
    assert abs((weights * amounts).mean() - 0.6) < 0.003
    assert abs((weights * amounts**2).mean() - (1 - 0.2**3) / (3 * 0.8)) < 0.003


def test_the_root_of_each_pictures_error_counts_small_errors_for_more():
    clean = torch.zeros(2, 1, 28, 28)
    weights = torch.tensor([0.5, 1.5]).view(-1, 1, 1, 1)
    denoised = torch.cat([torch.full_like(clean[:1], 0.1), torch.full_like(clean[:1], 0.4)]).requires_grad_()
    assert float(Batch(clean, clean, None).loss(denoised, "rmse").detach()) == pytest.approx(0.25, rel=1e-4)
    loss = Batch(clean, clean, weights).loss(denoised, "rmse")
    assert float(loss.detach()) == pytest.approx(0.5 * (0.5 * 0.1 + 1.5 * 0.4), rel=1e-4)
    loss.backward()
    assert denoised.grad is not None
    small, large = denoised.grad.sum(dim=(1, 2, 3))
    assert float(large / small) == pytest.approx(3, rel=1e-3)  # the weights' ratio: the MSE would give 12
    exact = clean.clone().requires_grad_()
    Batch(clean, clean, None).loss(exact, "rmse").backward()
    assert exact.grad is not None and exact.grad.eq(0).all()  # not NaN, as the root at 0 alone would give


def test_the_loss_under_importance_sampling_estimates_the_same_error():
    digits = Digits(torch.rand(2048, 1, 28, 28, generator=torch.Generator().manual_seed(0)))
    even, important = (
        Batches(digits, config(batch_size=2048, amounts=(0.0, 1.0), importance_sampling=strength), CPU).noisy_and_clean(
            1
        )
        for strength in (0.0, 1.0)
    )
    error = float(even.loss(even.noisy))
    assert float(important.loss(important.noisy)) == pytest.approx(error, rel=0.02)
    unweighted = float(((important.noisy - important.clean) ** 2).mean())
    assert unweighted == pytest.approx(1.6 * error, rel=0.02)  # it grows with the square of the amount: 8/15 to 1/3


def test_of_half_the_pictures_a_network_is_told_the_noise_and_all_else_is_as_before():
    black = Digits(torch.zeros(50, 1, 28, 28))
    changes = dict(model="residual_unet", batch_size=400, kinds=("salt_pepper", "blend"), amounts=(0.2, 1.0))
    silent = Batches(black, config(**changes), CPU).noisy_and_clean(3)
    batch = Batches(black, config(**changes, model_config={"told": True}), CPU).noisy_and_clean(3)
    assert silent.told is None and torch.equal(batch.noisy, silent.noisy)
    amounts, marks = batch.told.unflatten(1, (2, len(KINDS))).unbind(1)
    known = marks.sum(dim=1)
    assert set(known.tolist()) == {0, 1} and 0.4 < known.mean() < 0.6
    salt, blend = KINDS.index("salt_pepper"), KINDS.index("blend")
    assert torch.equal(marks[:200, salt], known[:200]) and torch.equal(marks[200:, blend], known[200:])
    assert torch.equal(amounts.sum(dim=1) > 0, known > 0)
    # A black picture tells its amount: half as many white pixels, or its brightest one.
    seen = torch.cat([2 * batch.noisy[:200].mean(dim=(1, 2, 3)), batch.noisy[200:].amax(dim=(1, 2, 3))])
    assert ((amounts.sum(dim=1) - seen).abs()[known > 0] < 0.12).all()


def test_with_replacement_each_digit_of_a_batch_is_drawn_from_all():
    count = 50
    images = (torch.arange(count).float() / (count - 1)).view(count, 1, 1, 1).expand(count, 1, 28, 28)
    one, other = (Batches(Digits(images.clone()), config(batch_size=20, sampling="replacement"), CPU) for _ in "ab")

    def drawn(batches, step):
        return (batches.clean_and_labels(step)[0][:, 0, 0, 0] * (count - 1)).round().long()

    late = drawn(one, 999)
    seen = torch.stack([drawn(one, step) for step in range(1, 1001)])
    assert torch.equal(late, drawn(other, 999)) and torch.equal(late, seen[998])  # of seed and step alone
    first_pass = seen.flatten()[:count]
    assert len(first_pass.unique()) < count  # 1 - 1/e of them are expected, 31 or 32
    counts = seen.flatten().bincount(minlength=count).double()
    expected = len(seen) * 20 / count
    chi_square = ((counts - expected) ** 2 / expected).sum()
    assert 20 < chi_square < 95  # 49 degrees of freedom: outside of it once in ten thousand times
    shuffled = Batches(Digits(images.clone()), config(batch_size=20), CPU)
    assert not torch.equal(drawn(shuffled, 1), drawn(one, 1))


def test_the_summed_loss_is_the_sum_over_all_pixels():
    clean, denoised = torch.zeros(2, 1, 28, 28), torch.full((2, 1, 28, 28), 0.5)
    assert float(Batch(clean, clean, None).loss(denoised, "sum")) == pytest.approx(2 * 784 * 0.25)
    weights = torch.tensor([0.5, 2.0]).view(-1, 1, 1, 1)
    assert float(Batch(clean, clean, weights).loss(denoised, "sum")) == pytest.approx(2.5 * 784 * 0.25)
