"""Rivals side by side: each gives what it gives by itself for the same noise, and what is wrong is told."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

import denoiser
from denoiser.classical import Classical, usable
from denoiser.data import draw_strokes
from denoiser.metrics import psnr, ssim
from serving.errors import Busy
from serving.live import LiveDenoiser, LiveRequest
from serving.rivals import AMOUNTS, MOST, NOTHING, Rivals, _warm

SEVEN = draw_strokes([np.array([[0.3, 0.25], [0.7, 0.25], [0.45, 0.8]])], width=0.07)
REQUEST = LiveRequest(SEVEN, 0.6, "gaussian", seed=5)


@pytest.fixture(scope="module")
def rivals() -> Rivals:
    return Rivals(LiveDenoiser(device="cpu"))


def test_each_gives_what_it_gives_by_itself(rivals: Rivals) -> None:
    digit = denoiser.digit_from_drawing(SEVEN)
    noisy = denoiser.corrupt(digit, 0.6, "gaussian", generator=torch.Generator().manual_seed(5))
    compared = rivals.compare(REQUEST, rivals.names)
    assert [rated.name for rated in compared.rated] == [NOTHING, *usable(), *(x.name for x in denoiser.available())]
    read = denoiser.load_classifier(device="cpu")
    for rated in compared.rated:
        if rated.name == NOTHING:
            expected = noisy
        elif rated.name in usable():
            expected = Classical(rated.name)(noisy, "gaussian", 0.6)
        else:
            network = denoiser.load(rated.name, device="cpu")
            expected = network(noisy, "gaussian", 0.6) if network.can_be_told else network(noisy)
        shown = torch.from_numpy(rated.seen.pixels.astype(np.float32) / 255)[None, None]
        assert (shown - expected).abs().max() <= 0.51 / 255, rated.name
        assert rated.seen.psnr == pytest.approx(float(psnr(expected, digit)), abs=1e-3)
        assert rated.seen.ssim == pytest.approx(float(ssim(expected, digit)), abs=1e-4)
        assert rated.seen.readings == pytest.approx(read(expected)[0].tolist(), abs=1e-4)
        assert rated.ms > 0
    assert compared.digit is not None and np.array_equal(
        compared.digit.pixels, (digit[0, 0] * 255).round().byte().numpy()
    )


def test_without_ink_there_is_a_hint(rivals: Rivals) -> None:
    assert rivals.compare(LiveRequest(np.zeros((112, 112), np.uint8)), [NOTHING]).hint == "no_ink"


@pytest.mark.parametrize("name", [NOTHING, "total_variation", "residual_unet", "simple_unet"])
def test_a_sweep_is_every_amount_by_itself(rivals: Rivals, name: str) -> None:
    swept = rivals.sweep(REQUEST, name)
    assert swept.pictures is not None and swept.pictures.shape == (16, 28, 28)
    for place in (0, 4, 11, 15):
        alone = rivals.compare(replace(REQUEST, amount=AMOUNTS[place]), [name])
        assert alone.digit is not None
        seen = alone.rated[0].seen
        assert np.abs(swept.pictures[place].astype(int) - seen.pixels).max() <= 1
        assert swept.psnr[place] == pytest.approx(seen.psnr, abs=1e-2)
        assert swept.read[place] == int(np.argmax(seen.readings))
        assert swept.digit == int(np.argmax(alone.digit.readings))
    assert swept.read[0] == swept.digit


def test_a_sweep_of_nothing_has_a_hint_and_of_nobody_is_refused(rivals: Rivals) -> None:
    assert rivals.sweep(LiveRequest(np.zeros((112, 112), np.uint8)), NOTHING).hint == "no_ink"
    with pytest.raises(ValueError, match="unknown model 'magic'"):
        rivals.sweep(REQUEST, "magic")


@pytest.mark.parametrize(
    "names, said",
    [
        ([], f"ask for 1 to {MOST} at a time, not 0"),
        (["nothing"] * (MOST + 1), "at a time, not 33"),
        (["magic"], "unknown model 'magic'"),
        (["../x.safetensors"], "unknown model"),
    ],
)
def test_others_are_refused(rivals: Rivals, names: list[str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        rivals.compare(REQUEST, names)


def test_the_bound_on_work_in_progress_holds_here_too() -> None:
    live = LiveDenoiser(device="cpu", at_once=1)
    with live.place(), pytest.raises(Busy):
        Rivals(live).compare(REQUEST, [NOTHING])
    assert Rivals(live).compare(REQUEST, [NOTHING]).rated


@pytest.mark.skipif("bm3d" not in usable(), reason="bm3d is not installed")
def test_who_is_slow_takes_one_place_and_leaves_the_others_to_the_pen() -> None:
    live = LiveDenoiser(device="cpu", at_once=2)
    rivals, started, go_on = Rivals(live), threading.Event(), threading.Event()

    def wait(*_: object) -> torch.Tensor:
        started.set()
        assert go_on.wait(30)
        return torch.zeros(1, 1, 28, 28)

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor() as pool:
        patch.setattr("serving.rivals._warm", lambda name: wait if name == "bm3d" else Classical(name))
        first = pool.submit(rivals.compare, REQUEST, ["bm3d"])
        assert started.wait(30)
        with pytest.raises(Busy):
            rivals.compare(REQUEST, ["bm3d"])
        assert rivals.compare(REQUEST, ["total_variation"]).rated
        go_on.set()
        assert first.result().rated
        assert rivals.compare(REQUEST, ["bm3d"]).rated


def test_a_method_loads_its_libraries_before_its_time_is_taken(rivals: Rivals, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []  # whether there was anything in the picture

    class Asked(Classical):
        def __call__(self, noisy: torch.Tensor, *how: Any, **more: Any) -> torch.Tensor:
            asked.append(bool(noisy.any()))
            return super().__call__(noisy, *how, **more)

    monkeypatch.setattr("serving.rivals.Classical", Asked)
    _warm.cache_clear()
    for _ in range(2):
        rivals.compare(REQUEST, ["total_variation"])
    _warm.cache_clear()
    assert asked == [False, True, True]
