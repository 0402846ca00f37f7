"""Speeds are measured alone, within bounds, and for nobody's choices but those that there are."""

import threading
from typing import Any

import pytest
import torch

from denoiser.inference import FEW
from denoiser.speed import Way
from serving.errors import Busy
from serving.live import LiveDenoiser
from serving.speed import Speeds


@pytest.fixture
def speeds() -> Speeds:
    return Speeds(LiveDenoiser(device="cpu"))


def test_who_is_told_to_take_the_cpu_measures_no_other_device(speeds: Speeds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serving.live.devices_here", lambda: ["cpu", "cuda"])
    assert LiveDenoiser().devices == ["cpu", "cuda"] and LiveDenoiser(device="cpu").devices == ["cpu"]
    assert set(speeds.ways) <= {"cpu", "onnx"}


def test_many_small_pictures_take_longer_than_one(speeds: Speeds) -> None:
    one, many = (speeds.measure("dense_autoencoder", "cpu", batch) for batch in (1, 256))
    assert 0 < one.seconds < many.seconds < 256 * one.seconds  # together they share what each alone costs
    assert one.hardware == many.hardware and "thread" in one.hardware


@pytest.mark.parametrize(
    "network, way, batch, said",
    [
        ("magic", "cpu", 1, "choose one of residual_unet"),
        ("simple_unet", "tpu", 1, "choose one of cpu"),
        ("simple_unet", "cpu", 3, "choose one of 1, 2, 4"),
        ("simple_unet", "cpu", 2048, "choose one of 1, 2, 4"),
    ],
)
def test_others_are_refused(speeds: Speeds, network: str, way: str, batch: int, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        speeds.measure(network, way, batch)


def test_onnx_runtime_takes_few(speeds: Speeds) -> None:
    if "onnx" not in speeds.ways:
        pytest.skip("onnxruntime is not installed")
    assert speeds.measure("dense_autoencoder", "onnx", FEW).seconds > 0
    with pytest.raises(ValueError, match=f"onnx takes 1 to {FEW} pictures at a time, not {2 * FEW}"):
        speeds.measure("dense_autoencoder", "onnx", 2 * FEW)


def test_nobody_is_measured_beside_another(speeds: Speeds, monkeypatch: pytest.MonkeyPatch) -> None:
    started, go_on = threading.Event(), threading.Event()

    def wait(pictures: torch.Tensor) -> torch.Tensor:
        started.set()
        assert go_on.wait(30)
        return pictures

    broken: Any = wait
    monkeypatch.setattr("serving.speed.way", lambda *names: Way("cpu", "a machine", broken, 64))
    thread = threading.Thread(target=speeds.measure, args=("simple_unet", "cpu", 1))
    thread.start()
    assert started.wait(30)
    with pytest.raises(Busy):
        speeds.measure("simple_unet", "cpu", 1)
    go_on.set()
    thread.join(30)
    assert speeds.measure("simple_unet", "cpu", 1).hardware == "a machine"


def test_the_bound_on_work_in_progress_holds_here_too() -> None:
    live = LiveDenoiser(device="cpu", at_once=1)
    with live.place(), pytest.raises(Busy):
        Speeds(live).measure("simple_unet", "cpu", 1)
