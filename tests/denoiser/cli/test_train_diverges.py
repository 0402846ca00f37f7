"""A run that diverges stops, says so, and leaves the best weights it had."""

import pytest
import torch
from safetensors.torch import load_file

from denoiser import load
from denoiser.train.state import load_state
from tests.denoiser.command_line import run


@pytest.mark.parametrize(
    ("model", "what"),
    [
        ("simple_unet", "the loss is no longer finite at step"),
        ("conv_autoencoder", "no gradient is left at step 50"),  # its tanh saturates, and the loss stays finite
        ("lean_classifier", "the loss has been above 23 for 50 steps"),  # normalised, nothing becomes infinite
    ],
)
def test_a_run_that_diverges_at_once_leaves_the_older_files(tmp_path, capsys, model, what):
    for name in ("x.safetensors", "x.state"):
        (tmp_path / name).write_bytes(b"older")
    astray = ("--optimizer", "sgd", "--learning-rate", 1000, "--steps", 500, "--batch-size", 8)
    often = ("--validate-every", 10, "--precision", "float32", "--json")
    status, out, err = run(capsys, "train", "--model", model, *astray, *often, "--out", tmp_path / "x.safetensors")
    assert (status, out) == (2, "")
    assert err.startswith(f"error: {what}") and err.count("\n") == 1
    assert "lower the learning rate; no validated weights beat a guess, so none are kept" in err
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == dict.fromkeys(
        ("x.safetensors", "x.state"), b"older"
    )


def test_a_run_that_diverges_later_keeps_the_weights_that_were_best(tmp_path, capsys):
    path, state = tmp_path / "x.safetensors", tmp_path / "x.state"
    common = ("--model", "simple_unet", "--precision", "float32", "--batch-size", 16, "--validate-every", 5)
    assert run(capsys, "train", *common, "--steps", 42, "--json", "--out", path)[0] == 0
    good = load_state(state)
    path.unlink()
    status, _, err = run(capsys, "train", "--resume", state, "--steps", 90, "--learning-rate", 1000, "--json")
    assert status == 2 and err.count("\n") == 1
    assert f"the best weights, of step {good.best[1]}, are in {path}" in err
    assert load(path).info.metrics["best_step"] == good.best[1]
    saved = load_file(path)
    assert all(torch.equal(saved[key], weight) for key, weight in good.part("best").items())
    assert load_state(state).step == 42  # the state before it went astray
