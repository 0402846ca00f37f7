"""Scores against closed forms."""

import math

import pytest
import torch

from denoiser.metrics import mse, psnr, ssim


def flat(*values):
    return torch.stack([torch.full((1, 28, 28), value) for value in values])


def test_a_constant_difference_has_a_known_error():
    assert torch.allclose(mse(flat(0.5, 0.2), flat(0.4, 0.2)), torch.tensor([0.01, 0.0]), atol=1e-7)
    decibels = psnr(flat(0.5, 0.2), flat(0.4, 0.2))
    assert float(decibels[0]) == pytest.approx(20.0, abs=1e-4)
    assert math.isinf(decibels[1])


def test_ssim_of_flat_pictures_is_its_luminance_term():
    c1 = 0.01**2
    expected = (2 * 0.3 * 0.6 + c1) / (0.3**2 + 0.6**2 + c1)
    found = ssim(flat(0.3, 0.7), flat(0.6, 0.7))
    assert float(found[0]) == pytest.approx(expected, abs=1e-4)
    assert float(found[1]) == pytest.approx(1.0, abs=1e-6)


def test_ssim_is_that_of_scikit_image():
    from skimage.metrics import structural_similarity

    generator = torch.Generator().manual_seed(0)
    truth = torch.rand(20, 1, 28, 28, generator=generator)
    truth[:10, :, 8:20, 8:20] = 1
    noisy = (truth + 0.3 * torch.randn(truth.shape, generator=generator)).clamp(0, 1)
    how = dict(data_range=1.0, gaussian_weights=True, sigma=1.5, use_sample_covariance=False)
    expected = [
        structural_similarity(a.numpy(), b.numpy(), **how) for a, b in zip(noisy[:, 0], truth[:, 0], strict=True)
    ]
    assert ssim(noisy, truth).tolist() == pytest.approx(expected, abs=1e-5)


def test_pictures_that_do_not_pair_are_refused():
    with pytest.raises(ValueError, match="2 pictures cannot be compared with 1"):
        psnr(flat(0.1, 0.2), flat(0.1))
