"""Both halves of the dense autoencoder, against the layers themselves and numpy."""

import numpy as np
import pytest
import torch

import denoiser
from denoiser.data import handwritten_digits
from denoiser.latent import MARGIN, SHARE, LatentPlane, lattice, limits_of


@pytest.fixture(scope="module")
def network() -> denoiser.Denoiser:
    return denoiser.load("dense_autoencoder", device="cpu")


def test_one_half_after_the_other_is_the_whole_network(network: denoiser.Denoiser) -> None:
    pictures = handwritten_digits(20, seed=1).images
    plane = LatentPlane(network)
    codes = plane.encode(pictures)
    with torch.no_grad():
        assert torch.equal(codes, network.model.encoder(pictures.flatten(1)))
    torch.testing.assert_close(plane.decode(codes), network(pictures))
    assert not codes.requires_grad and not codes.is_inference()


def test_a_network_of_another_kind_has_no_such_plane() -> None:
    with pytest.raises(ValueError, match="simple_unet has no plane of two numbers"):
        LatentPlane(denoiser.load("simple_unet", device="cpu"))


def test_weights_that_fell_apart_are_one_line() -> None:
    network = denoiser.load("dense_autoencoder", device="cpu")
    with torch.no_grad():
        network.model.get_parameter("encoder.0.bias").fill_(torch.nan)
    with pytest.raises(ValueError, match="no finite numbers"):
        LatentPlane(network).encode(torch.zeros(1, 1, 28, 28))


def test_limits_are_the_percentiles_that_numpy_finds_and_a_margin() -> None:
    codes = torch.randn(500, 2, generator=torch.Generator().manual_seed(1)) * torch.tensor([1.0, 30.0])
    codes[0] = 1e4  # far away from all others
    low, high = np.percentile(codes.numpy(), [100 * SHARE, 100 - 100 * SHARE], axis=0)
    spare = MARGIN * (high - low)
    np.testing.assert_allclose(limits_of(codes).numpy(), [low - spare, high + spare], rtol=1e-5)


def test_codes_that_are_all_alike_still_have_a_plane_around_them() -> None:
    limits = limits_of(torch.tensor([[2.0, -3.0]]).expand(9, 2))
    torch.testing.assert_close(limits, torch.tensor([[2.0, -3.0], [2.0, -3.0]]) + torch.tensor([[-0.55], [0.55]]))


def test_a_lattice_is_read_like_a_page() -> None:
    places = lattice(torch.tensor([[0.0, 10.0], [4.0, 30.0]]), 2)
    assert places.tolist() == [[1, 25], [3, 25], [1, 15], [3, 15]]
