"""Classical methods against the libraries that they come from, and the bias of noise against the noise itself."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from scipy import ndimage
from skimage import restoration

from denoiser import KINDS, corrupt, load_digits
from denoiser.classical import LEVELS, MEANS, METHODS, Classical, sigma, tuned_strength, usable
from denoiser.metrics import mse


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("amount", [0.03, 0.3, 0.62, 0.9])
def test_the_bias_is_what_noise_makes_of_a_grey_value_on_average(kind, amount):
    known = MEANS[kind](LEVELS, amount)
    assert (known.diff() > 0).all()
    places = [0, 5, 64, 128, 200, 256]
    flat = LEVELS[places].float().view(-1, 1, 1, 1).expand(-1, 1, 28, 28).repeat_interleave(100, dim=0).contiguous()
    noisy = corrupt(flat, amount, kind, generator=seeded()).double().view(len(places), -1)
    leeway = 5 * noisy.std(dim=1) / noisy.shape[1] ** 0.5 + 1e-6  # five standard errors
    assert ((noisy.mean(dim=1) - known[places]).abs() <= leeway).all()


def test_sigma_is_that_of_uniform_noise():
    assert sigma("blend", 0.5) == pytest.approx(0.5 / 12**0.5, rel=0.02)


@pytest.fixture(scope="module")
def digits():
    return load_digits("own", "test", limit=40)


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("kind", KINDS)
def test_noise_is_taken_out_or_left_where_the_filter_is_no_help(name, kind, digits):
    some = digits.images[: 6 if name == "bm3d" else 40]
    noisy = corrupt(some, 0.5, kind, generator=seeded())
    denoised = Classical(name)(noisy, kind, 0.5)
    assert denoised.shape == noisy.shape and denoised.dtype == torch.float32
    assert denoised.min() >= 0 and denoised.max() <= 1
    helpless = name == "median_filter" and kind in ("poisson", "speckle")  # most of whose pixels have no noise at all
    assert mse(denoised, some).mean() < mse(noisy, some).mean() or (helpless and torch.equal(denoised, noisy))


def test_the_filters_are_the_libraries_own(digits):
    clean, amount = digits.images[:3], 0.4
    noisy = corrupt(clean, amount, generator=seeded())
    deviation = sigma("blend", amount)
    theirs = {
        "gaussian_filter": lambda x: ndimage.gaussian_filter(x, 0.9, mode="nearest"),
        "median_filter": lambda x: ndimage.median_filter(x, 3, mode="nearest"),
        "total_variation": lambda x: restoration.denoise_tv_chambolle(x, 0.9 * deviation),
        "non_local_means": lambda x: restoration.denoise_nl_means(
            x, patch_size=5, patch_distance=9, h=0.9 * deviation, sigma=deviation
        ),
        "wavelets": lambda x: restoration.cycle_spin(
            x,
            restoration.denoise_wavelet,
            max_shifts=3,
            func_kw=dict(sigma=0.9 * deviation, wavelet="db1", mode="soft", method="VisuShrink"),
        ),
    }
    for name, apply in theirs.items():
        ours = Classical(name)(noisy, "blend", amount, 3 if name == "median_filter" else 0.9)
        for mine, picture in zip(ours, noisy, strict=True):
            unbiased = (apply(picture[0].double().numpy()) - amount / 2) / (1 - amount)
            assert np.allclose(mine[0].numpy(), unbiased.clip(0, 1), atol=1e-5)


def test_each_picture_has_its_own_amount(digits):
    amounts = torch.tensor([0.0, 0.3, 0.8, 1.0])
    noisy = corrupt(digits.images[:4], amounts, generator=seeded())
    method = Classical("total_variation")
    together = method(noisy, "blend", amounts)
    assert torch.equal(together[0], noisy[0])
    for place, amount in enumerate(amounts):
        assert torch.equal(together[place : place + 1], method(noisy[place : place + 1], "blend", amount))
    assert together.isfinite().all()


@pytest.mark.parametrize("name", [name for name in usable() if name != "bm3d"])
def test_so_little_noise_that_none_was_seen_is_left_alone(name, digits):
    """Filters divide by its deviation: total variation failed, and wavelets gave pixels that are no numbers."""
    assert sigma("salt_pepper", 0.00001) == 0
    noisy = corrupt(digits.images[:2], 0.00001, "salt_pepper", generator=torch.Generator().manual_seed(0))
    assert torch.equal(Classical(name)(noisy, "salt_pepper", 0.00001), noisy)


def test_strengths_lie_between_those_that_were_tuned():
    low, high = tuned_strength("total_variation", "blend", 0.4), tuned_strength("total_variation", "blend", 0.5)
    assert tuned_strength("total_variation", "blend", 0.45) == pytest.approx((low + high) / 2)


def test_the_tuned_strength_is_the_best_of_all(digits):
    """On other digits than those on which it was tuned: twice as strong, or half, is not better."""
    noisy = corrupt(digits.images, 0.5, generator=seeded())
    method, best = Classical("non_local_means"), tuned_strength("non_local_means", "blend", 0.5)
    errors = [
        float(mse(method(noisy, "blend", 0.5, each), digits.images).mean()) for each in (best / 2, best, 2 * best)
    ]
    assert min(errors) == errors[1]


def test_what_is_no_method_is_told():
    with pytest.raises(ValueError, match="unknown method 'magic': choose one of gaussian_filter, "):
        Classical("magic")
    with pytest.raises(ValueError, match="unknown kind of noise"):
        Classical("median_filter")(torch.zeros(1, 1, 28, 28), "snow", 0.5)
    with pytest.raises(ValueError, match="amount must lie in"):
        Classical("median_filter")(torch.zeros(1, 1, 28, 28), "blend", 2)
    assert Classical("median_filter")(torch.zeros(0, 1, 28, 28), "blend", 0.5).shape == (0, 1, 28, 28)


def test_a_missing_package_takes_only_its_own_methods_away(monkeypatch):
    assert usable() == list(METHODS)
    monkeypatch.setattr("denoiser.classical.is_installed", lambda extra: extra != "bm3d")
    assert usable() == [name for name in METHODS if name != "bm3d"]


@pytest.mark.skipif("bm3d" not in usable(), reason="bm3d is not installed")
def test_bm3d_may_be_asked_from_several_threads_at_once():
    """In a process of its own, which its native code would end."""
    script = (
        "import torch; from concurrent.futures import ThreadPoolExecutor; from denoiser.classical import Classical\n"
        "noisy = torch.rand(2, 1, 28, 28, generator=torch.Generator().manual_seed(0))\n"
        "ask = lambda _: Classical('bm3d')(noisy, 'blend', 0.5)\n"
        "with ThreadPoolExecutor(4) as pool: answers = list(pool.map(ask, range(4)))\n"
        "assert all(torch.equal(each, answers[0]) for each in answers)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
