"""Movements of digits against pictures whose movement is known."""

import pytest
import torch

from denoiser.augment import Augmentation, augment

STILL = dict(rotation=0.0, shift=0.0, scale=0.0, slant=0.0)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def dots(count=50):
    images = torch.zeros(count, 1, 28, 28)
    images[:, :, 12:16, 12:16] = 1
    return images


def moments(images):
    ticks = torch.arange(28) - 13.5
    mass = images.sum(dim=(1, 2, 3))
    x, y = ((images[:, 0] * t).sum(dim=(1, 2)) / mass for t in (ticks[None, None, :], ticks[None, :, None]))
    return mass, x, y


def test_no_movement_is_the_identity():
    images = torch.rand(5, 1, 28, 28, generator=generator())
    assert torch.allclose(augment(images, Augmentation(**STILL), generator()), images, atol=1e-5)


def test_shifts_move_the_centre_by_so_many_pixels_at_most():
    mass, x, y = moments(augment(dots(), Augmentation(**STILL | dict(shift=2.0)), generator()))
    assert torch.allclose(mass, torch.tensor(16.0), atol=1e-3)
    for offset in (x, y):
        assert offset.abs().max() <= 2.001
        assert offset.std() == pytest.approx(2 / 3**0.5, rel=0.25)  # of a uniform distribution


def test_scaling_changes_the_area_and_nothing_else():
    mass, x, y = moments(augment(dots(), Augmentation(**STILL | dict(scale=0.2)), generator()))
    assert 16 * 0.75**2 < mass.min() < 15 < 17 < mass.max() < 16 * 1.25**2
    assert x.abs().max() < 0.01


def test_rotation_turns_and_does_not_mirror():
    images = torch.zeros(200, 1, 28, 28)
    images[:, :, 2:26, 13:15] = 1  # an upright bar with a flag to the right at its top: its mirror image
    images[:, :, 2:5, 15:22] = 1  # would have the flag on the left
    turned = augment(images, Augmentation(**STILL | dict(rotation=30.0)), generator())
    _, x, _ = moments(turned)
    assert x.std() > 0.05
    top = turned[:, 0, :14, :].sum(dim=(1, 2))
    bottom = turned[:, 0, 14:, :].sum(dim=(1, 2))
    assert bool((top > bottom).all())


def test_the_same_seed_moves_alike():
    first, again = (augment(dots(), Augmentation(), generator(3)) for _ in range(2))
    assert torch.equal(first, again)
