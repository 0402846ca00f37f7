"""The nearest digits: as a plain computation finds them, one difference after the other."""

import numpy as np
import pytest
import torch

from denoiser.data import handwritten_digits, limited, load_digits
from denoiser.neighbours import CHUNK, Neighbours
from denoiser.noise import corrupt

DIGITS = handwritten_digits(CHUNK + 300, seed=4)
KNOWN = Neighbours(DIGITS)


def plainly(pictures: torch.Tensor, among: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Places and RMSE of all digits, the nearest first, in double precision."""
    digits = KNOWN.pixels.numpy().astype(float) / 255
    far = np.stack([np.sqrt(((digits - query) ** 2).mean(1)) for query in pictures.flatten(1).double().numpy()])
    if among is not None:
        far[:, ~among] = np.inf
    places = far.argsort(axis=1, kind="stable")
    return places, np.take_along_axis(far, places, axis=1)


@pytest.mark.parametrize("few", [False, True])
def test_it_finds_what_a_plain_computation_finds(few: bool) -> None:
    others = handwritten_digits(5, seed=9).images
    pictures = torch.cat([others, corrupt(others, 0.6, "gaussian", generator=torch.Generator().manual_seed(1))])
    among = torch.arange(len(KNOWN)) % 3 == 0 if few else None
    found = KNOWN.nearest(pictures, 8, among)
    places, rmse = plainly(pictures, None if among is None else among.numpy())
    assert np.array_equal(found.places.numpy(), places[:, :8])
    assert np.allclose(found.rmse.numpy(), rmse[:, :8], atol=1e-6)


def test_a_digit_of_the_set_finds_itself_at_no_distance() -> None:
    places = [0, CHUNK - 1, CHUNK, len(KNOWN) - 1]
    found = KNOWN.nearest(KNOWN.pixels[places].reshape(-1, 1, 28, 28).float() / 255)
    assert found.places[:, 0].tolist() == places
    assert found.rmse[:, 0].tolist() == pytest.approx([0] * 4, abs=1e-7)
    assert (found.rmse[:, 1] > 0.02).all() and (found.rmse.diff() >= 0).all()


def test_the_distance_is_the_root_of_a_closed_form() -> None:
    """Between black and white lie 784 differences of one; between black and a grey of a half, of a half."""
    half = torch.full((1, 1, 28, 28), 0.5)
    black = Neighbours(type(DIGITS)(torch.zeros(1, 1, 28, 28)))
    assert black.nearest(torch.cat([half, 2 * half])).rmse.flatten().tolist() == pytest.approx([0.5, 1])


def test_without_anything_to_find_it_says_so() -> None:
    with pytest.raises(ValueError, match="nothing to find"):
        KNOWN.nearest(DIGITS.images[:1], among=torch.zeros(len(KNOWN), dtype=torch.bool))
    with pytest.raises(ValueError, match="nothing to find"):
        KNOWN.nearest(DIGITS.images[:1], 0)
    assert KNOWN.nearest(DIGITS.images[:1], 8, torch.arange(len(KNOWN)) < 3).places.sort().values.tolist() == [
        [0, 1, 2]
    ]


def test_a_limit_takes_the_digits_that_loading_with_it_takes(tmp_path: object) -> None:
    np.save(f"{tmp_path}/digits.npy", KNOWN.pixels.reshape(-1, 28, 28).numpy())
    everything, few = (load_digits(f"{tmp_path}/digits.npy", "train", limit=limit) for limit in (None, 50))
    assert torch.equal(everything.images[limited(len(everything), 50)], few.images) and len(few) == 50
    assert limited(10, 20).tolist() == list(range(10))
