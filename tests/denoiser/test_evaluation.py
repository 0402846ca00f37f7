"""Scores of denoisers whose error is known in closed form."""

import math
import re

import pytest
import torch
from scipy import stats
from skimage.metrics import structural_similarity

from denoiser import Digits, load
from denoiser.classical import Classical
from denoiser.contenders import NOTHING, Contender, compare
from denoiser.data import handwritten_digits
from denoiser.evaluation import SCORED_AMOUNTS, Scoring, accuracy, bootstrap, evaluate, scores_of


@pytest.fixture(scope="module")
def black():
    return Digits(torch.zeros(1000, 1, 28, 28), torch.zeros(1000, dtype=torch.long))


def test_the_noisy_picture_itself_scores_the_second_moment_of_its_noise(black):
    """On black, blend noise leaves n·a with n uniform: E[(n·a)²] = a²/3, and 1/9 over amounts in [0, 1]."""
    scores = evaluate(lambda noisy: noisy, black)
    for amount in (0.25, 0.5, 0.75, 0.9):
        assert scores.mse[f"{amount:g}"] == pytest.approx(amount**2 / 3, rel=0.01)
    assert scores.mse["uniform"] == pytest.approx(1 / 9, rel=0.005)
    assert scores.psnr["uniform"] == pytest.approx(10 * math.log10(9), abs=0.03)
    # The error of one picture is a²/3: its standard deviation over a in [0, 1] is sqrt(1/45 - 1/81).
    assert scores.interval == pytest.approx(1.96 * math.sqrt(1 / 45 - 1 / 81) / math.sqrt(1000), rel=0.05)
    assert scores.read == {}


def test_outputs_are_clipped_and_a_perfect_denoiser_scores_nothing(black):
    scores = evaluate(lambda noisy: noisy * 0 - 3.0, black, amounts=(0.5,))
    assert scores.mse == {"0.5": 0.0, "uniform": 0.0}
    assert math.isinf(scores.psnr["0.5"])


def test_the_same_seed_gives_the_same_noise_to_everyone(black):
    seen = []

    def watch(noisy):
        seen.append(noisy)
        return noisy

    assert evaluate(watch, black).mse == evaluate(watch, black).mse
    assert evaluate(watch, black).mse != evaluate(watch, black, seed=1).mse
    half = len(seen) // 4
    assert all(torch.equal(a, b) for a, b in zip(seen[:half], seen[half : 2 * half], strict=True))


def test_a_module_is_scored_without_its_gradient(black):
    layer = torch.nn.Conv2d(1, 1, 1)  # weights that want a gradient, without which nothing is kept of 1,000 pictures
    made = []
    evaluate(lambda noisy: made.append(layer(noisy)) or made[-1], black)
    assert made and not any(picture.requires_grad for picture in made)
    assert torch.is_grad_enabled()


def test_accuracy_counts_the_hits():
    digits = handwritten_digits(40, seed=1)
    right = torch.nn.functional.one_hot(digits.labels, 10).float()
    wrong = right.roll(1, dims=1)
    answers = iter([torch.cat([right[:30], wrong[30:]])])
    assert accuracy(lambda images: next(answers), digits) == 0.75
    with pytest.raises(ValueError, match="no labels"):
        accuracy(lambda images: right, Digits(digits.images))


def test_who_is_told_is_told_the_noise_that_there_is(black):
    told = []

    def listen(noisy, kind, amount):
        told.append((kind, amount))
        brightest = noisy.amax(dim=(1, 2, 3))  # of a black picture it is hardly below the amount
        assert ((brightest - amount).abs() < 0.02).all()
        return noisy

    assert evaluate(listen, black, amounts=(0.5,), tell=True).mse == evaluate(lambda x: x, black, amounts=(0.5,)).mse
    assert told[0] == ("blend", 0.5) and told[-1][1].shape == (500,)


def test_a_bootstrap_interval_is_that_of_another_library():
    values = torch.rand(400, generator=torch.Generator().manual_seed(1)).double() ** 4
    theirs = stats.bootstrap([values.numpy()], lambda x, axis: x.mean(axis), method="percentile", rng=1)
    low, high = theirs.confidence_interval
    ours = bootstrap(values)
    assert ours == bootstrap(values)
    assert ours == pytest.approx((low, high), abs=0.12 * (high - low))


def test_all_scores_have_intervals_and_ssim_is_that_of_another_library():
    digits = handwritten_digits(30, seed=4)
    half = Contender("half", lambda noisy, kind, amount: noisy / 2)
    row = compare([half], digits, split="test")["rows"][1]
    seen = []
    again = evaluate(lambda noisy: seen.append(noisy / 2) or noisy / 2, digits)
    assert row["mse"] == again.mse and again.ssim == {} == again.intervals
    how = dict(data_range=1.0, gaussian_weights=True, use_sample_covariance=False)
    pairs = zip(seen[1][:, 0].double().numpy(), digits.images[:, 0].double().numpy(), strict=True)
    theirs = [structural_similarity(ours, clean, **how) for ours, clean in pairs]
    assert row["ssim"]["0.5"] == pytest.approx(sum(theirs) / 30, abs=1e-5)
    for score in ("mse", "psnr", "ssim"):
        for key, (low, high) in row["intervals"][score].items():
            assert low < row[score][key] < high


def broken(noisy, kind, amount):
    raise RuntimeError("out of\nluck")


@pytest.mark.parametrize(
    "denoise, said",
    [
        (broken, "bad, blend: out of luck"),
        (lambda noisy, kind, amount: noisy[0], r"bad, blend: it must give .* not torch.float32 \[1, 28, 28\]"),
        (lambda noisy, kind, amount: noisy.numpy(), "bad, blend: it must give .* not ndarray"),
        (lambda noisy, kind, amount: noisy.bool(), "bad, blend: it must give .* not torch.bool"),
        (lambda noisy, kind, amount: noisy * math.nan, "bad, blend: it gave pixels that are no numbers"),
    ],
)
def test_one_that_fails_is_told_and_the_others_go_on(denoise, said, black):
    some = black.take(range(20))
    good = Contender("good", lambda noisy, kind, amount: noisy * 0)
    rows = compare([Contender("bad", denoise), good], some, split="test")["rows"]
    assert [row["name"] for row in rows] == ["noisy", "bad", "good"]
    assert re.search(said, rows[1]["error"]) and "mse" not in rows[1]
    assert rows[2]["mse"]["0.5"] == 0


def test_a_slow_one_is_scored_on_the_first_digits(black):
    slow = Contender("slow", NOTHING.denoise, most=10)
    rows = compare([slow], black.take(range(20)), split="test")["rows"]
    assert rows[1]["digits"] == 10 and "digits" not in rows[0]
    assert rows[1]["mse"] == evaluate(lambda noisy: noisy, black.take(range(10))).mse


@pytest.mark.parametrize("at_once", [7, 64, 500])
def test_a_scoring_in_pieces_is_the_evaluation_to_the_last_digit(at_once):
    digits = handwritten_digits(130, seed=5)
    network, told = load("simple_unet", "cpu"), Classical("gaussian_filter")
    for denoise, tell in ((network, False), (told, True)):
        whole = evaluate(denoise, digits, kind="poisson", seed=2, tell=tell, thorough=True)
        how = dict(kind="poisson", seed=2, tell=tell, thorough=True)
        for place, amount in enumerate((*SCORED_AMOUNTS, None)):
            scoring = Scoring(denoise, digits, amount, place=place, **how)
            assert sum(scoring.run(at_once)) == 130
            alone, key = scores_of([scoring]), scoring.key
            assert alone.mse == {key: whole.mse[key]} and alone.ssim == {key: whole.ssim[key]}
            assert alone.intervals["psnr"] == {key: whole.intervals["psnr"][key]}
        assert alone.interval == whole.interval


def test_a_scoring_goes_on_where_it_was_left(black):
    left = Scoring(lambda noisy: noisy, black, 0.5, place=1)
    run = left.run(100)
    assert [next(run) for _ in range(3)] == [100] * 3 and left.found == {}
    other = Scoring(lambda noisy: noisy, black, 0.5, place=1)
    assert sum(other.run()) == 1000 == 300 + sum(run)
    assert torch.equal(left.found["mse"], other.found["mse"]) and len(left.found["mse"]) == 1000
