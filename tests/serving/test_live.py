"""The live denoiser: the same answer for the same request, checked against the package it calls."""

import math
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch

import denoiser
from denoiser.data import draw_strokes
from denoiser.metrics import psnr, ssim
from denoiser.picture_files import nearest
from serving.errors import Busy
from serving.live import LiveDenoiser, LiveRequest

SEVEN = draw_strokes([np.array([[0.3, 0.25], [0.7, 0.25], [0.45, 0.8]])], width=0.07)


@pytest.fixture(scope="module")
def live() -> LiveDenoiser:
    return LiveDenoiser(device="cpu")


def as_picture(pixels: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(pixels.astype(np.float32) / 255)[None, None]


def test_the_pictures_are_those_of_the_package(live: LiveDenoiser) -> None:
    response = live.respond(LiveRequest(SEVEN, 0.6, "gaussian", seed=5))
    digit = denoiser.digit_from_drawing(SEVEN)
    noisy = denoiser.corrupt(digit, 0.6, "gaussian", generator=torch.Generator().manual_seed(5))
    denoised = denoiser.load(device="cpu")(noisy)
    for shown, truth in ((response.digit, digit), (response.noisy.pixels, noisy), (response.denoised.pixels, denoised)):
        assert np.array_equal(shown, (truth[0, 0] * 255).round().byte().numpy())
    assert response.noisy.psnr == pytest.approx(float(psnr(noisy, digit)), abs=1e-4)
    assert response.denoised.ssim == pytest.approx(float(ssim(denoised, digit)), abs=1e-4)
    assert response.device == "cpu" and response.ms > 0 and response.hint is None


def test_the_network_is_told_what_the_visitor_chose(live: LiveDenoiser) -> None:
    digit = denoiser.digit_from_drawing(SEVEN)
    noisy = denoiser.corrupt(digit, 0.9, "speckle", generator=torch.Generator().manual_seed(5))
    told = denoiser.load(device="cpu")(noisy, "speckle", 0.9)
    plain, response = (live.respond(LiveRequest(SEVEN, 0.9, "speckle", seed=5, told=told)) for told in (False, True))
    assert np.array_equal(response.noisy.pixels, plain.noisy.pixels)
    assert np.array_equal(response.denoised.pixels, (told[0, 0] * 255).round().byte().numpy())
    assert not np.array_equal(response.denoised.pixels, plain.denoised.pixels)


@pytest.mark.parametrize("kind", denoiser.KINDS)
def test_a_seed_gives_one_noise_and_another_seed_another(live: LiveDenoiser, kind: str) -> None:
    first, again, other = (live.respond(LiveRequest(SEVEN, 0.5, kind, seed)) for seed in (1, 1, 2))
    assert np.array_equal(first.noisy.pixels, again.noisy.pixels)
    assert np.array_equal(first.denoised.pixels, again.denoised.pixels)
    assert not np.array_equal(first.noisy.pixels, other.noisy.pixels)


def test_without_noise_nothing_differs(live: LiveDenoiser) -> None:
    response = live.respond(LiveRequest(SEVEN, 0))
    assert np.array_equal(response.digit, response.noisy.pixels)
    assert math.isinf(response.noisy.psnr) and response.noisy.ssim == pytest.approx(1)


def test_readings_are_probabilities(live: LiveDenoiser) -> None:
    response = live.respond(LiveRequest(SEVEN, 0.1))
    for seen in (response.noisy, response.denoised):
        assert len(seen.readings) == 10 and sum(seen.readings) == pytest.approx(1, abs=1e-4)


def test_clean_only_is_nearest_uncentred_and_without_scores(live: LiveDenoiser) -> None:
    corner = np.zeros((112, 112), np.uint8)
    corner[4:40, 4:40] = np.random.default_rng(0).integers(0, 256, (36, 36))
    response = live.respond(LiveRequest(corner, 0.9, seed=3, clean_only=True))
    assert np.array_equal(response.noisy.pixels, nearest(corner))
    assert np.array_equal(response.noisy.pixels, live.respond(LiveRequest(corner, 0.1, clean_only=True)).noisy.pixels)
    assert response.noisy.psnr is response.noisy.ssim is response.denoised.psnr is response.denoised.ssim is None


@pytest.mark.parametrize("shape", [(112, 112), (64, 64, 3), (64, 64, 4)])
def test_no_ink_is_a_hint(live: LiveDenoiser, shape: tuple[int, ...]) -> None:
    response = live.respond(LiveRequest(np.zeros(shape, np.uint8)))
    assert response.hint == "no_ink" and response.noisy is None and response.denoised is None


@pytest.mark.parametrize(
    "wrong",
    [
        *({"amount": amount} for amount in (-0.01, 1.01, math.nan, math.inf, 10**400, "0.5", None, True, [0.5])),
        *({"kind": kind} for kind in ("", "Blend", "salt", None, 3, ["blend"], "x" * 10_000)),
        *({"seed": seed} for seed in (-1, 2**31, 1.0, "1", None, True)),
        *({"model": model} for model in (None, 1, "nope", "../x.safetensors", "/etc/passwd", "x" * 10_000)),
        *({name: flag} for name in ("clean_only", "told") for flag in (None, 0, 1, "yes")),
        *({"reader": reader} for reader in (None, 1, "nope", "lean_classifier", "/etc/passwd", "x" * 10_000)),
        {"told": True, "clean_only": True},
        {"told": True, "model": "simple_unet"},
    ],
)
def test_a_wrong_field_is_one_line(live: LiveDenoiser, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError) as caught:
        live.respond(LiveRequest(SEVEN, **wrong))
    assert str(caught.value).count("\n") == 0 and len(str(caught.value)) < 200


def test_every_shipped_network_answers(live: LiveDenoiser) -> None:
    names = [info.name for info in live.models]
    assert names and names[0] == "residual_unet"
    answers = [live.respond(LiveRequest(SEVEN, 0.5, model=name)).denoised.pixels for name in names]
    assert np.array_equal(answers[0], live.respond(LiveRequest(SEVEN, 0.5)).denoised.pixels)
    assert len({answer.tobytes() for answer in answers}) == len(names)


def test_a_full_house_is_refused_at_once_and_recovers() -> None:
    live = LiveDenoiser(device="cpu", at_once=1)
    with live.place():
        with pytest.raises(Busy, match="busy"):
            live.respond(LiveRequest(SEVEN))
    assert live.respond(LiveRequest(SEVEN)).noisy is not None


def test_a_failed_request_gives_its_place_back() -> None:
    live = LiveDenoiser(device="cpu", at_once=1)
    for _ in range(3):
        with pytest.raises(ValueError):
            live.respond(LiveRequest(SEVEN, model="nope"))
    assert live.respond(LiveRequest(SEVEN)).noisy is not None


def test_threads_load_each_network_once_and_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[str] = []
    load = denoiser.load
    monkeypatch.setattr(denoiser, "load", lambda name, device=None: loads.append(name) or load(name, device))
    live, start = LiveDenoiser(device="cpu"), threading.Barrier(6)

    def one(seed: int) -> bytes:
        start.wait()
        return live.respond(LiveRequest(SEVEN, 0.5, seed=seed % 2)).noisy.pixels.tobytes()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(one, range(6)))
    assert loads == ["default"]
    assert len(set(answers[0::2])) == len(set(answers[1::2])) == 1 and answers[0] != answers[1]
