"""The project's own digits: the same from the same seed, every way of writing legible, and like MNIST's."""

import os

import numpy as np
import pytest
import torch

from denoiser.canvas import digit_from_drawing
from denoiser.data import Digits, find_mnist, handwritten_digits, read_digits
from denoiser.data.glyphs import GLYPHS, SAMPLES, Glyph, catmull_rom, path_of
from denoiser.data.strokes import draw_strokes

WAYS = [pytest.param(glyph, id=f"{digit} {glyph.name}") for digit, ways in GLYPHS.items() for glyph in ways]


def labels_of(digits: Digits) -> torch.Tensor:
    assert digits.labels is not None
    return digits.labels


def plainly(glyph: Glyph) -> torch.Tensor:
    """The glyph as the alphabet has it, [1, 1, 28, 28]."""
    path = path_of(glyph)
    points = 0.15 + 0.7 * (path.sharp @ path.control)
    return digit_from_drawing(draw_strokes(np.split(points, path.ends), width=18 / 280))


def test_every_digit_ticks_once() -> None:
    done: list[int] = []
    handwritten_digits(23, seed=0, tick=done.append)
    assert sum(done) == 23 and len(done) > 1


def test_the_seed_alone_decides() -> None:
    once = handwritten_digits(40, seed=5)
    np.random.seed(1)
    torch.manual_seed(1)
    upcoming = torch.get_rng_state(), np.random.get_state(legacy=False)["state"]["key"].tolist()
    again, other = handwritten_digits(40, seed=5), handwritten_digits(40, seed=6)
    assert torch.equal(once.images, again.images) and torch.equal(labels_of(once), labels_of(again))
    assert not torch.equal(once.images, other.images)
    assert torch.equal(torch.get_rng_state(), upcoming[0])
    assert np.random.get_state(legacy=False)["state"]["key"].tolist() == upcoming[1]


def test_labels_are_balanced_and_shuffled() -> None:
    labels = labels_of(handwritten_digits(203, seed=0))
    assert labels.bincount().tolist() == [21, 21, 21, 20, 20, 20, 20, 20, 20, 20]
    assert not torch.equal(labels, labels.sort().values)
    few = labels_of(handwritten_digits(7, seed=0, digits=(8, 3)))
    assert few.bincount().tolist() == [0, 0, 0, 4, 0, 0, 0, 0, 3]


def test_no_two_digits_are_alike_and_all_follow_the_recipe() -> None:
    images = handwritten_digits(300, seed=1).images
    assert len(images.unique(dim=0)) == 300
    inked = images[:, 0] > 0.1
    sides = torch.maximum(inked.any(1).sum(1), inked.any(2).sum(1))
    assert (sides >= 18).all() and (sides <= 20).all()  # the recipe's 20×20 box
    assert images.amax((1, 2, 3)).min() > 0.9


@pytest.mark.parametrize("glyph", WAYS)
def test_every_way_of_writing_is_drawn_whole(glyph: Glyph) -> None:
    path = path_of(glyph)
    assert glyph.weight > 0 and path.control.min() >= 0 and path.control.max() <= 1
    np.testing.assert_allclose(path.sharp.sum(1), 1)
    np.testing.assert_allclose(path.soft.sum(1), 1)
    # The curve passes through every control point, and each "/" lifts the pen once.
    distance = np.linalg.norm((path.sharp @ path.control)[:, None] - path.control, axis=2)
    np.testing.assert_allclose(distance.min(0), 0, atol=1e-12)
    assert len(path.ends) == glyph.strokes.count("/")
    ink = plainly(glyph)
    assert 20 < ink.sum() < 300  # of 784 pixels


def test_ways_of_writing_differ() -> None:
    for digit, ways in GLYPHS.items():
        assert len({glyph.name for glyph in ways}) == len(ways), f"two ways of {digit} share a name"
    every = torch.cat([plainly(glyph) for ways in GLYPHS.values() for glyph in ways])
    assert len(every.unique(dim=0)) == len(every)


def test_the_spline_draws_straight_lines_and_parabolas_exactly() -> None:
    line = catmull_rom(np.array([[0.0, 0.0], [1.0, 2.0], [2.0, 4.0]]))
    steps = np.arange(2 * SAMPLES + 1) / SAMPLES
    np.testing.assert_allclose(line, np.stack([steps, 2 * steps], 1), atol=1e-12)
    x = np.arange(6.0)
    inner = catmull_rom(np.stack([x, x**2], 1))[SAMPLES : 4 * SAMPLES]  # away from the straightened ends
    np.testing.assert_allclose(inner[:, 1], inner[:, 0] ** 2, atol=1e-12)


@pytest.mark.parametrize(
    "arguments",
    [{"count": 0}, {"count": 10**9}, {"seed": -1}, {"digits": ()}, {"digits": (3, 10)}],
)
def test_bad_requests_are_refused_in_one_line(arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+$"):
        handwritten_digits(**{"count": 10, "seed": 0, **arguments})  # type: ignore[arg-type]


@pytest.mark.skipif(not os.environ.get("DENOISER_DATA"), reason="needs MNIST: set DENOISER_DATA")
def test_nearest_neighbours_among_them_read_mnist() -> None:
    files = find_mnist()
    if files is None or files.test is None:
        pytest.skip("DENOISER_DATA has no MNIST test set")
    mnist, own = read_digits(files.test), handwritten_digits(3000, seed=0)

    def blurred(images: torch.Tensor) -> torch.Tensor:
        smooth = torch.nn.functional.avg_pool2d(images, 3, stride=1, padding=1).flatten(1)
        return torch.nn.functional.normalize(smooth, dim=1)

    nearest = (blurred(mnist.images) @ blurred(own.images).T).argmax(1)
    assert labels_of(own)[nearest].eq(labels_of(mnist)).float().mean() > 0.88
