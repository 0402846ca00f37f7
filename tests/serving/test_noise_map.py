"""Where networks help and where they do harm: the scores of the package, for the same noise."""

import math

import pytest

import denoiser
from denoiser.contenders import Contender
from denoiser.evaluation import evaluate
from serving.errors import Busy
from serving.examples import ExampleDigits
from serving.live import LiveDenoiser
from serving.noise_map import AMOUNTS, DIGITS, NoiseMap


@pytest.fixture(scope="module")
def examples() -> ExampleDigits:
    return ExampleDigits()


@pytest.fixture(scope="module")
def noise_map(examples: ExampleDigits) -> NoiseMap:
    return NoiseMap(LiveDenoiser(device="cpu"), examples)


def test_a_row_is_what_evaluation_finds_on_many_digits(noise_map: NoiseMap) -> None:
    row = noise_map.row("simple_unet")
    assert (len(row.psnr), len(row.psnr[0]), row.digits) == (len(denoiser.KINDS), len(AMOUNTS), DIGITS)
    digits = denoiser.load_digits("auto", "test", limit=1000)
    network = Contender.of(denoiser.load("simple_unet", device="cpu"))[0]
    for at, kind in enumerate(denoiser.KINDS):
        scores = evaluate(network.denoise, digits, kind=kind, amounts=AMOUNTS, tell=True)
        for place, amount in enumerate(AMOUNTS):
            assert row.psnr[at][place] == pytest.approx(scores.psnr[f"{amount:g}"], abs=1.5)  # dB: 64 digits


def test_of_doing_nothing_blend_has_the_error_of_its_formula(noise_map: NoiseMap, examples: ExampleDigits) -> None:
    """E[(a·(n − x))²] = a²·(1/3 − x + x²), the mean over n uniform in [0, 1)."""
    x = examples.some(DIGITS).images
    for place, amount in enumerate(AMOUNTS):
        expected = -10 * math.log10(float((amount**2 * (1 / 3 - x + x**2)).mean()))
        assert noise_map.row("simple_unet").nothing[0][place] == pytest.approx(expected, abs=0.1)


def test_a_shipped_row_is_kept_and_strangers_are_refused(noise_map: NoiseMap) -> None:
    assert noise_map.row("dense_autoencoder") is noise_map.row("dense_autoencoder")
    with pytest.raises(ValueError, match="unknown model 'nothing'"):
        noise_map.row("nothing")


def test_the_bound_on_work_in_progress_holds_here_too(examples: ExampleDigits) -> None:
    live = LiveDenoiser(device="cpu", at_once=1)
    with live.place(), pytest.raises(Busy):
        NoiseMap(live, examples).row("simple_unet")
