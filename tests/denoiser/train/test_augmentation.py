"""Movements of digits against pictures whose movement is known."""

import math
from dataclasses import asdict

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn import functional as F

from denoiser.data import handwritten_digits
from denoiser.train.augmentation import Augmentation, augment

STILL = dict(rotation=0.0, shift=0.0, scale=0.0, slant=0.0)  # and no crop, which nobody has asked for


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


def test_without_a_crop_pictures_and_generator_are_as_they_were_before_there_was_one():
    """The movements written out, as the shipped networks were trained with them."""
    images = torch.rand(40, 1, 28, 28, generator=generator(1))
    ours, theirs = generator(7), generator(7)
    moved = augment(images, Augmentation(), ours)
    u = torch.rand(5, 40, generator=theirs) * 2 - 1
    angle, size, slant = u[0] * math.radians(10), 1 + u[1] * 0.1, u[2] * 0.15
    dx, dy = u[3:] * 1.5 * 2 / 28
    cos, sin = angle.cos() / size, angle.sin() / size
    maps = torch.stack([torch.stack([cos, slant - sin, dx], dim=1), torch.stack([sin, cos, dy], dim=1)], dim=1)
    grid = F.affine_grid(maps, [40, 1, 28, 28], align_corners=False)
    assert torch.equal(moved, F.grid_sample(images, grid, align_corners=False).clamp(0, 1))
    assert torch.equal(torch.rand(3, generator=ours), torch.rand(3, generator=theirs))


def windows(count, most, seed):
    """The boxes that a crop of that seed cuts out."""
    drawn = generator(seed)
    torch.rand(5, count, generator=drawn)  # for the movements
    left, right, top, bottom = torch.rand(4, count, generator=drawn) * most
    return torch.stack([left, top, 28 - right, 28 - bottom], dim=1).tolist()


def stretched(picture, box):
    whole = Image.fromarray(picture[0].numpy())  # of floats
    return np.asarray(whole.transform((28, 28), Image.Transform.EXTENT, box, Image.Resampling.BILINEAR))


def test_a_crop_is_the_window_that_pillow_cuts_out_and_stretches():
    digits = handwritten_digits(20, seed=4).images
    cropped = augment(digits, Augmentation(**STILL, crop=6.0), generator(3))
    for digit, found, box in zip(digits, cropped, windows(20, 6, seed=3), strict=True):
        inner = (slice(2, 26), slice(2, 26))  # at the rim the two treat what lies outside differently
        assert np.abs(stretched(digit, box)[inner] - found[0].numpy()[inner]).max() < 0.02
        assert not torch.equal(digit, found)


def test_the_window_is_cut_out_of_the_moved_picture():
    ticks = torch.arange(28) - 13.5
    spot = torch.exp(-((ticks - 5) ** 2 + (ticks[:, None] + 2) ** 2) / 18)  # so smooth that two resamplings are as one
    spots = spot.expand(30, 1, 28, 28)
    turned = augment(spots, Augmentation(**STILL | dict(rotation=180.0)), generator(5))
    both = augment(spots, Augmentation(**STILL | dict(rotation=180.0), crop=6.0), generator(5))
    for picture, found, box in zip(turned, both, windows(30, 6, seed=5), strict=True):
        assert np.abs(stretched(picture, box) - found[0].numpy())[3:25, 3:25].max() < 0.05


@pytest.mark.parametrize("move", ["rotation", "shift", "scale", "slant", "crop"])
def test_a_move_alone_leaves_the_others_out(move):
    how = Augmentation(crop=4.0)
    alone = how.alone(move)
    assert asdict(alone) == {name: most if name == move else 0 for name, most in asdict(how).items()}
    with pytest.raises(ValueError, match="no move is called 'flip': choose one of rotation, shift"):
        how.alone("flip")
