"""`torch.compile` changes how fast a run is, never what is kept of it; where it cannot work it says so in one line."""

from functools import partial

import pytest
import torch

from denoiser import TrainingConfig, TrainingRun
from denoiser.train.compilation import compiler_errors


def config(**changes):
    plain = dict(model="dense_autoencoder", model_config={"dropout": 0.2}, kinds=("gaussian",), steps=4, batch_size=16)
    return TrainingConfig(**(plain | dict(precision="float32", average=0.9) | changes))


def test_a_compiled_run_keeps_what_a_plain_one_keeps(bars, monkeypatch):
    # The tracing is that of every compiled run; only the C++ code, which takes a minute, is left out.
    monkeypatch.setattr(torch, "compile", partial(torch.compile, backend="eager"))
    plain, compiled = (TrainingRun(config(compile=choice), data=bars, device="cpu") for choice in (False, True))
    assert [step.loss for step in compiled] == pytest.approx([step.loss for step in plain], rel=1e-5)
    a, b = plain.state().tensors, compiled.state().tensors
    assert a.keys() == b.keys()
    assert all(torch.allclose(a[key], b[key], atol=1e-6) for key in a)
    assert list(compiled.best_network().state_dict()) == list(plain.model.state_dict())


def test_a_missing_compiler_is_one_line(bars, monkeypatch, tmp_path):
    import torch._inductor.config as inductor

    monkeypatch.setattr(inductor.cpp, "cxx", (None, "/nowhere/g++"))
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path))  # else code compiled before would do
    torch._dynamo.reset()
    run = TrainingRun(config(compile=True), data=bars, device="cpu")
    with pytest.raises(
        ValueError, match="torch.compile failed .*install a C.. compiler such as g.., or train"
    ) as caught:
        next(run)
    assert "\n" not in str(caught.value)


def test_other_errors_are_left_alone():
    with pytest.raises(RuntimeError, match="something else"), compiler_errors(active=False):
        raise RuntimeError("something else")
    with pytest.raises(torch.OutOfMemoryError), compiler_errors():
        raise torch.OutOfMemoryError("out of memory")
