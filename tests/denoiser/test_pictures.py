"""Pictures become bytes and come back, as arithmetic says."""

import numpy as np
import torch

from denoiser.pictures import from_bytes, to_bytes


def test_every_byte_comes_back_as_it_was():
    every = np.arange(3 * 28 * 28, dtype=np.int64).astype(np.uint8).reshape(3, 28, 28)
    pictures = from_bytes(every)
    assert pictures.dtype == torch.float32 and pictures.shape == (3, 1, 28, 28)
    assert np.array_equal(to_bytes(pictures[:, 0]), every) and torch.equal(from_bytes(every[1]), pictures[1:2])


def test_a_pixel_is_the_nearest_of_256_levels():
    values = np.linspace(-0.1, 1.1, 10_001, dtype=np.float32)
    levels = np.arange(256) / 255
    truth = np.abs(values.astype(np.float64)[:, None] - levels).argmin(axis=1)
    bytes_ = to_bytes(torch.from_numpy(values))
    assert bytes_.dtype == np.uint8 and bytes_.shape == values.shape
    halfway = np.abs(values * 255 % 1 - 0.5) < 1e-4  # there the last digit of a float decides
    assert np.array_equal(bytes_[~halfway], truth[~halfway]) and halfway.mean() < 0.01


def test_an_exact_half_goes_to_the_even_level():
    halves = torch.tensor([0.5, 1.5, 2.5], dtype=torch.float64) / 255
    assert to_bytes(halves).tolist() == [0, 2, 2]
