"""Each kind of noise against its formula."""

import math

import pytest
import torch

from denoiser import KINDS, corrupt
from denoiser.noise import described


def pictures(count=64, seed=0):
    return torch.rand(count, 1, 28, 28, generator=torch.Generator().manual_seed(seed))


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_added_at_amount_zero(kind):
    clean = pictures()
    assert torch.equal(corrupt(clean, 0, kind, generator=generator()), clean)
    mixed = corrupt(clean, torch.linspace(0, 1, 64), kind, generator=generator())
    assert torch.equal(mixed[0], clean[0])


@pytest.mark.parametrize("kind", KINDS)
def test_the_result_stays_in_range_and_follows_its_seed(kind):
    clean = pictures()
    clean[0], clean[1] = 0, 1
    amounts = torch.rand(64, generator=generator(5))
    noisy = corrupt(clean, amounts, kind, generator=generator(7))
    assert noisy.dtype == torch.float32
    assert noisy.min() >= 0 and noisy.max() <= 1
    assert torch.equal(noisy, corrupt(clean, amounts, kind, generator=generator(7)))
    assert not torch.equal(noisy, corrupt(clean, amounts, kind, generator=generator(8)))


def test_blend_is_the_tutorials_formula():
    x, a = pictures(), torch.rand(64, generator=generator(1))
    n = torch.rand(x.shape, generator=generator(2))
    expected = x * (1 - a.view(-1, 1, 1, 1)) + n * a.view(-1, 1, 1, 1)
    assert torch.equal(corrupt(x, a, generator=generator(2)), expected)


@pytest.mark.parametrize("kind", ["gaussian", "speckle"])
def test_normal_noise_is_one_draw_clipped(kind):
    x = pictures()
    n = torch.randn(x.shape, generator=generator(3))
    expected = (x + 0.4 * (n if kind == "gaussian" else x * n)).clamp(0, 1)
    assert torch.allclose(corrupt(x, 0.4, kind, generator=generator(3)), expected, atol=1e-7)


def test_salt_and_pepper_replaces_the_right_share_evenly():
    x = torch.full((100, 1, 28, 28), 0.5)
    noisy = corrupt(x, 0.3, "salt_pepper", generator=generator())
    count = x.numel()
    for value in (0.0, 1.0):  # each is binomial with p = 0.15: five standard deviations of leeway
        share = float((noisy == value).double().mean())
        assert abs(share - 0.15) < 5 * math.sqrt(0.15 * 0.85 / count)
    assert set(noisy.unique().tolist()) == {0.0, 0.5, 1.0}


def test_poisson_has_the_mean_and_variance_of_shot_noise():
    x, a = torch.full((200, 1, 28, 28), 0.25), 0.2
    photons = (1 - a) ** 2 / a**2  # 16, so 4 expected photons in a pixel; clipping at 1 is far away
    noisy = corrupt(x, a, "poisson", generator=generator()).double()
    assert float(noisy.mean()) == pytest.approx(0.25, abs=0.002)
    assert float(noisy.var()) == pytest.approx(0.25 / photons, rel=0.02)
    counts = noisy * photons
    assert torch.allclose(counts, counts.round(), atol=1e-4)


def test_poisson_at_the_ends():
    x = pictures()
    assert corrupt(x, 1.0, "poisson", generator=generator()).abs().max() == 0
    assert torch.allclose(corrupt(x, 1e-7, "poisson", generator=generator()), x, atol=1e-5)


def test_the_global_generator_is_left_alone():
    before = torch.get_rng_state()
    for kind in KINDS:
        corrupt(pictures(2), 0.5, kind)
    assert torch.equal(before, torch.get_rng_state())
    assert not torch.equal(corrupt(pictures(2), 0.5), corrupt(pictures(2), 0.5))


@pytest.mark.parametrize("amount", [-0.01, 1.01, math.nan, math.inf, torch.tensor([0.5, math.nan])])
def test_amounts_outside_the_range_are_refused(amount):
    with pytest.raises(ValueError, match=r"amount must lie in \[0, 1\]"):
        corrupt(pictures(2), amount)


def test_other_bad_input_is_refused_in_one_line():
    for arguments, message in [
        ((pictures(2), 0.5, "pink"), "unknown kind of noise 'pink': choose one of blend"),
        ((pictures(2), 0.5, ["blend"]), "unknown kind of noise"),
        ((pictures(2), "0.5"), "amount must be a number or a tensor"),
        ((pictures(2), None), "amount must be a number or a tensor"),
        ((pictures(2), 10**400), "amount must be a number or a tensor"),
        ((pictures(2), torch.rand(3)), r"one per picture \[2\], not \[3\]"),
        ((pictures(2).double(), 0.5), "must be float32"),
        ((pictures(2)[:, 0], 0.5), r"must be \[N, 1, 28, 28\], not \[2, 28, 28\]"),
    ]:
        with pytest.raises(ValueError, match=message) as caught:
            corrupt(*arguments)
        assert "\n" not in str(caught.value)


def test_noise_is_described_by_an_amount_and_a_mark_at_its_kind():
    amounts = torch.tensor([0.0, 0.25, 1.0])
    told = described("salt_pepper", amounts, 3)
    place = KINDS.index("salt_pepper")
    assert told.shape == (3, 2 * len(KINDS)) and told.dtype == torch.float32
    assert torch.equal(told[:, place], amounts) and torch.equal(told[:, len(KINDS) + place], torch.ones(3))
    assert float(told.sum()) == pytest.approx(3 + 1.25)  # and nothing else
    assert torch.equal(described("speckle", 0.5, 2), described("speckle", torch.tensor([0.5, 0.5]), 2))


@pytest.mark.parametrize(
    ("kind", "amount", "words"),
    [
        ("fog", 0.5, "unknown kind of noise 'fog': choose one of blend"),
        ("blend", 1.5, r"amount must lie in \[0, 1\], not 1.5"),
        ("blend", math.nan, r"amount must lie in \[0, 1\], not nan"),
        ("blend", torch.rand(3), r"one per picture \[2\], not \[3\]"),
    ],
)
def test_noise_that_there_is_not_cannot_be_described(kind, amount, words):
    with pytest.raises(ValueError, match=words):
        described(kind, amount, 2)
