"""How a run computes is decided by what the processor has, at once; what cannot win is never tried."""

import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from denoiser.models import MODELS, build
from denoiser.precision import PRECISIONS, _tried_out, fastest_inference, fastest_precision

ROOT = Path(__file__).parents[2]
CPU = torch.device("cpu")
AVX2 = dict(ATEN_CPU_CAPABILITY="avx2", ONEDNN_MAX_CPU_ISA="AVX2")
CHOICES = """
import json, torch
from denoiser.models import MODELS
from denoiser.precision import fastest_inference, fastest_precision
cpu = torch.device("cpu")
choices = {name: [fastest_precision(name, {}, size, cpu) for size in (1, 64, 4096)] for name in MODELS}
print(json.dumps({"trained": choices, "used": [fastest_inference(name, {}, 32, cpu) for name in MODELS]}))
"""


def choices(**limits):
    """What is chosen under these limits, which PyTorch reads when it is imported."""
    run = subprocess.run(
        [sys.executable, "-c", CHOICES], cwd=ROOT, env=os.environ | limits, capture_output=True, text=True, check=True
    )
    return json.loads(run.stdout)


@pytest.mark.parametrize(
    "limits",
    [AVX2, dict(ATEN_CPU_CAPABILITY="avx2"), dict(ONEDNN_MAX_CPU_ISA="avx512_core"), dict(DNNL_MAX_CPU_ISA="AVX2")],
)
def test_without_bfloat16_in_the_processor_none_is_used(limits):
    chosen = choices(**limits)
    for name, precisions in chosen["trained"].items():
        assert set(precisions) == {"float32" if name == "dense_autoencoder" else "float32_channels_last"}
    assert set(chosen["used"]) == {"float32_channels_last"}


def flags():
    """What Linux says that the processor has."""
    cpuinfo = Path("/proc/cpuinfo")
    return set(cpuinfo.read_text().split()) if cpuinfo.is_file() else set()


@pytest.mark.skipif("avx512_bf16" not in flags() or bool(AVX2.keys() & os.environ), reason="needs avx512_bf16")
def test_bfloat16_in_the_processor_is_used_for_convolutions():
    """Linux's own list of what the processor has is the oracle."""
    for name in MODELS:
        dense = name == "dense_autoencoder"
        assert fastest_precision(name, {}, 64, CPU) == ("float32" if dense else "bfloat16")
        assert fastest_inference(name, {}, 32, CPU) == ("float32_channels_last" if dense else "bfloat16")
    assert fastest_precision("residual_unet", {}, 1, CPU) == "float32_channels_last"


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="of processors by Intel and AMD")
@pytest.mark.parametrize("name", MODELS)
def test_what_is_chosen_is_not_far_from_the_fastest(name):
    """Against the measured time of every precision there is, emulated ones included."""
    how, pictures = fastest_precision(name, {}, 16, CPU), torch.rand(16, 1, 28, 28)
    networks = {key: build(name) for key in PRECISIONS}
    for key, network in networks.items():
        PRECISIONS[key].lay_out(network)
    seconds = {key: [] for key in PRECISIONS}
    for _ in range(4):  # in turn, so that a busy machine is busy for all
        for key, network in networks.items():
            began = time.process_time()
            with PRECISIONS[key].autocast(CPU):
                network(pictures.to(memory_format=PRECISIONS[key].memory_format)).float().square().mean().backward()
            seconds[key].append(time.process_time() - began)
    assert min(seconds[how][1:]) < 1.5 * min(min(times[1:]) for times in seconds.values())


def test_choosing_changes_nothing_and_is_cheap():
    state, began = torch.get_rng_state(), time.process_time()
    for size in range(100, 110):
        assert fastest_precision("tutorial_classifier", {}, size, CPU) in PRECISIONS
    assert time.process_time() - began < 1  # one step of it takes half a second
    assert torch.equal(torch.get_rng_state(), state)


def test_trials_end_when_their_time_is_up():
    """On the CPU, where one pass of this network takes longer than all trials may."""
    passes = []
    network = build("conv_autoencoder")
    network.register_forward_hook(lambda *_: passes.append(1))  # deep copies of it, too
    assert _tried_out(network, torch.rand(320, 1, 28, 28), list(PRECISIONS), training=True) == "float32"
    assert len(passes) == 2  # one that sets up what a run needs, and one on trial
