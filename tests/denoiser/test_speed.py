"""What a batch takes is what it takes, and every way computes the same network."""

import time

import pytest
import torch

from denoiser import load
from denoiser.devices import devices_here
from denoiser.extras import is_installed
from denoiser.speed import BATCHES, ONNX, Way, way, way_names


def test_what_takes_a_millisecond_for_each_picture_takes_that():
    seen = []

    def slow(pictures):
        seen.append(len(pictures))
        time.sleep(0.001 * len(pictures))
        return pictures

    one = Way("cpu", "a machine", slow, most=128)
    assert one.seconds(32) == pytest.approx(0.032, rel=0.2)
    assert set(seen) == {32} and len(seen) >= 1 + 0.2 // 0.04
    seen.clear()
    assert one.seconds(128) == pytest.approx(0.128, rel=0.2) and len(seen) >= 2
    with pytest.raises(ValueError, match="cpu takes 1 to 128 pictures at a time, not 129"):
        one.seconds(129)


def test_the_batches_are_the_powers_of_two_up_to_1024():
    assert BATCHES[0] == 1 and BATCHES[-1] == 1024
    assert all(2 * low == high for low, high in zip(BATCHES, BATCHES[1:], strict=False))


@pytest.mark.skipif(not is_installed("onnx"), reason="onnxruntime is not installed")
def test_onnx_runtime_is_another_way_to_the_same_pictures():
    names = way_names(devices_here())
    assert names[0] == "cpu" and names[-1] == ONNX
    noisy = torch.rand(3, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    plain, other = way("simple_unet", "cpu"), way("simple_unet", ONNX)
    assert torch.equal(plain.denoiser(noisy), load("simple_unet", "cpu")(noisy))
    assert (plain.denoiser(noisy) - other.denoiser(noisy)).abs().max() < 1e-5
    assert not torch.equal(plain.denoiser(noisy), other.denoiser(noisy))  # it is another one
    assert other.hardware.endswith(", 1 thread") and other.most < plain.most


def test_a_way_that_there_is_not_is_told():
    with pytest.raises(ValueError, match="there is no way 'tpu' here: choose one of cpu"):
        way("simple_unet", "tpu")
