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


def test_pictures_that_do_not_pair_are_refused():
    with pytest.raises(ValueError, match="2 pictures cannot be compared with 1"):
        psnr(flat(0.1, 0.2), flat(0.1))
