"""The latent plane: what the network's own halves give for the same pictures."""

import math

import numpy as np
import pytest
import torch

import denoiser
from denoiser.models.dense_autoencoder import DenseAutoencoder
from denoiser.pictures import DRAWING, to_bytes
from serving.errors import Busy
from serving.examples import ExampleDigits
from serving.latent import DIGITS, LatentPlanes
from serving.live import LiveDenoiser, LiveRequest

DRAWN = np.zeros((DRAWING, DRAWING), np.uint8)
DRAWN[20:90, 50:60] = 255


@pytest.fixture(scope="module")
def examples() -> ExampleDigits:
    return ExampleDigits()


@pytest.fixture(scope="module")
def planes(examples: ExampleDigits) -> LatentPlanes:
    return LatentPlanes(LiveDenoiser(device="cpu"), examples)


@pytest.fixture(scope="module")
def model() -> DenseAutoencoder:
    model = denoiser.load("dense_autoencoder", device="cpu").model
    assert isinstance(model, DenseAutoencoder)
    return model


@torch.no_grad()
def test_the_points_are_the_codes_of_clean_test_digits(
    planes: LatentPlanes, examples: ExampleDigits, model: DenseAutoencoder
) -> None:
    plane, digits = planes.plane("dense_autoencoder"), examples.some(DIGITS)
    assert digits.labels is not None
    assert np.array_equal(plane.codes, model.encoder(digits.images.flatten(1)).numpy())
    assert np.array_equal(plane.labels, digits.labels.numpy()) and plane.source == digits.source
    inside = ((plane.codes > plane.low) & (plane.codes < plane.high)).all(axis=1)
    assert 0.95 < inside.mean() < 1


@torch.no_grad()
def test_each_tile_is_decoded_at_its_centre(planes: LatentPlanes, model: DenseAutoencoder) -> None:
    plane = planes.plane("dense_autoencoder")
    (x0, y0), (x1, y1) = plane.low, plane.high
    for row, column in ((0, 0), (0, 15), (15, 0), (7, 9)):
        code = torch.tensor([[x0 + (x1 - x0) * (column + 0.5) / 16, y1 - (y1 - y0) * (row + 0.5) / 16]])
        expected = to_bytes(model.decoder(code).reshape(28, 28))
        found = plane.tiles[28 * row : 28 * row + 28, 28 * column : 28 * column + 28]
        assert np.abs(found.astype(int) - expected).max() <= 1


@torch.no_grad()
def test_a_drawing_lies_where_the_encoder_puts_it_with_noise_and_without(
    planes: LatentPlanes, model: DenseAutoencoder
) -> None:
    encoded = planes.encode(LiveRequest(DRAWN, 0.5, "gaussian", 3, "dense_autoencoder"))
    digit = denoiser.digit_from_drawing(DRAWN)
    noisy = denoiser.corrupt(digit, 0.5, "gaussian", generator=torch.Generator().manual_seed(3))
    codes = model.encoder(torch.cat([digit, noisy]).flatten(1))
    assert encoded.clean_code == pytest.approx(codes[0].tolist(), abs=1e-4)
    assert encoded.code == pytest.approx(codes[1].tolist(), abs=1e-4)
    assert encoded.noisy is not None and np.abs(encoded.noisy.astype(int) - to_bytes(noisy[0, 0])).max() <= 1
    decoded = denoiser.load("dense_autoencoder", device="cpu")(noisy)
    assert encoded.decoded is not None
    assert np.abs(encoded.decoded.pixels.astype(int) - to_bytes(decoded[0, 0])).max() <= 1


@torch.no_grad()
def test_two_numbers_are_decoded_and_read(planes: LatentPlanes, model: DenseAutoencoder) -> None:
    decoded = planes.decode("dense_autoencoder", (-1.5, 2))
    picture = model.decoder(torch.tensor([[-1.5, 2.0]])).reshape(1, 1, 28, 28).clamp(0, 1)
    assert np.array_equal(decoded.pixels, to_bytes(picture[0, 0]))
    assert decoded.readings == pytest.approx(denoiser.load_classifier(device="cpu")(picture)[0].tolist(), abs=1e-4)


def test_a_shipped_plane_is_kept_and_strangers_are_refused(planes: LatentPlanes) -> None:
    assert planes.plane("dense_autoencoder") is planes.plane("dense_autoencoder")
    with pytest.raises(ValueError, match="unknown model 'nothing'"):
        planes.plane("nothing")
    with pytest.raises(ValueError, match="simple_unet has no plane"):
        planes.plane("simple_unet")
    for number in (math.nan, math.inf, -2e6, True, "1"):
        with pytest.raises(ValueError, match="code must be two numbers"):
            planes.decode("dense_autoencoder", (0.0, number))  # type: ignore[arg-type]


def test_the_bound_on_work_in_progress_holds_here_too(examples: ExampleDigits) -> None:
    live = LiveDenoiser(device="cpu", at_once=1)
    planes = LatentPlanes(live, examples)
    with live.place():
        for ask in (
            lambda: planes.plane("dense_autoencoder"),
            lambda: planes.encode(LiveRequest(DRAWN, model="dense_autoencoder")),
            lambda: planes.decode("dense_autoencoder", (0.0, 0.0)),
        ):
            with pytest.raises(Busy):
                ask()
