"""The command line, run as a user runs it, at tiny size."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from denoiser import load
from denoiser.__main__ import main
from denoiser.data import handwritten_digits
from denoiser.models import MODELS

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def few_digits(tmp_path_factory, monkeypatch):
    """A data folder with 140 of the project's own digits as MNIST would be stored."""
    folder = tmp_path_factory.mktemp("data")
    for name, labels, count, seed in (
        ("x_train", "y_train_label", 100, 1),
        ("x_test", "y_test_label", 40, 2),
    ):
        digits = handwritten_digits(count, seed=seed)
        np.save(folder / f"{name}.npy", (digits.images[:, 0] * 255).round().byte().numpy())
        np.save(folder / f"{labels}.npy", digits.labels.numpy())
    monkeypatch.setenv("DENOISER_DATA", str(folder))


def run(capsys, *arguments):
    status = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def facts(capsys, *arguments):
    status, out, err = run(capsys, *arguments, "--json")
    assert (status, err) == (0, "")
    assert out.count("\n") == 1
    return json.loads(out)


def test_train_then_evaluate_then_denoise(tmp_path, capsys):
    path = tmp_path / "mine.safetensors"
    trained = facts(capsys, "train", "--model", "simple_unet", "--steps", 3, "--batch-size", 8, "--out", path)
    assert (trained["steps"], trained["out"]) == (3, str(path))
    assert load(path).info.metrics["validation_mse"] == trained["validation_mse"] > 0

    scored = facts(capsys, "evaluate", "--model", path, "--kind", "blend", "gaussian", "--picture", tmp_path / "a.png")
    assert [row["name"] for row in scored["rows"]] == ["noisy", "mine", "noisy", "mine"]
    assert scored["digits"] == 40
    assert scored["rows"][1]["parameters"] == 309_057
    assert Image.open(tmp_path / "a.png").size[0] > 300

    Image.fromarray((handwritten_digits(1, seed=3).images[0, 0] * 255).byte().numpy()).save(tmp_path / "in.png")
    plain = facts(capsys, "denoise", tmp_path / "in.png", "--model", path)
    result = np.asarray(Image.open(plain["out"]))
    pixels = torch.from_numpy(np.asarray(Image.open(tmp_path / "in.png")).copy()).float()[None, None] / 255
    assert np.array_equal(result, (load(path)(pixels)[0, 0] * 255).round().byte().numpy())
    drowned = facts(capsys, "denoise", tmp_path / "in.png", "--model", path, "--amount", 0.5, "--seed", 4)
    assert 5 < drowned["psnr_noisy"] < 20


def test_the_same_command_gives_the_same_file(tmp_path, capsys):
    command = ["train", "--model", "dense_autoencoder", "--steps", 3, "--precision", "float32", "--seed", 5]
    for name in ("a", "b"):
        facts(capsys, *command, "--out", tmp_path / f"{name}.safetensors")
    a, b = (load(tmp_path / f"{name}.safetensors").model.state_dict() for name in "ab")
    assert all(torch.equal(a[key], b[key]) for key in a)


def test_text_for_people(tmp_path, capsys):
    status, out, _ = run(capsys, "data", "--preview", tmp_path / "sheet.png")
    assert status == 0
    assert "100" not in out.split("(")[0]  # validation digits are kept apart
    assert Image.open(tmp_path / "sheet.png").size[0] > 300
    _, out, _ = run(capsys, "models")
    assert all(name in out for name in MODELS)
    _, out, _ = run(capsys, "models", "--summary", "conv_autoencoder")
    assert "[1, 128, 7, 7]" in out


def test_the_digits_to_learn_can_be_chosen(tmp_path, capsys):
    path = tmp_path / "zeros.safetensors"
    common = ("train", "--model", "dense_autoencoder", "--steps", 1, "--out", path)
    facts(capsys, *common, "--digits", "01")
    assert load(path).info.training["digits"] == [0, 1]
    status, _, err = run(capsys, *common, "--digits", "0x")
    assert status == 2 and err.count("\n") == 1


def test_tables_are_renewed_in_place(tmp_path, capsys):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- results:start -->\nold\n<!-- results:end -->\nafter\n", encoding="utf-8")
    path = tmp_path / "mine.safetensors"
    facts(capsys, "train", "--model", "dense_autoencoder", "--steps", 1, "--out", path)
    scored = facts(capsys, "evaluate", "--model", path, "--update", page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n") and text.endswith("\nafter\n") and "old" not in text
    assert f"{scored['rows'][1]['mse']['uniform']:.5f}" in text
    page.write_text("no place", encoding="utf-8")
    status, _, err = run(capsys, "evaluate", "--model", path, "--update", page)
    assert status == 2 and "add the lines <!-- results:start -->" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("train", "--out", "x.pt"), "name a file that ends in .safetensors"),
        (("train", "--out", "nowhere/x.safetensors"), "in a folder that exists"),
        (("train", "--steps", "0"), "steps must lie between 1"),
        (("train", "--seconds", "nan"), "seconds must lie between"),
        (("train", "--data", "nowhere.csv"), "nowhere.csv: no such data"),
        (("train", "--kinds", "pink"), "unknown kind of noise 'pink'"),
        (("train", "--threads", "0"), "at least one is needed"),
        (("train", "--resume", "nowhere.state"), "no file at nowhere.state"),
        (("evaluate", "--picture", "x.jpg"), "name a file that ends in .png"),
        (("train", "--digits", ""), "digit"),
        (("evaluate", "--model", "vgg"), "unknown model 'vgg'"),
        (("evaluate", "--model", "x.safetensors"), "no file at x.safetensors"),
        (("evaluate", "--limit", "0"), "limit of 0"),
        (("denoise", "nothing.png"), "nothing.png"),
        (("denoise", str(ROOT / "pyproject.toml")), "not a picture"),
    ],
)
def test_errors_are_one_line_with_a_remedy(arguments, message, capsys):
    status, out, err = run(capsys, *arguments)
    assert status == 2
    assert err.startswith("error: ") and err.count("\n") == 1
    assert message in err


@pytest.mark.parametrize(
    "arguments", [("train", "--model", "vgg"), ("train", "--seed", "x"), ("denoise", "x.png", "--kind", "pink"), ()]
)
def test_misused_options_are_one_line_too(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    err = capsys.readouterr().err
    assert stop.value.code == 2
    assert err.startswith("error: ") and err.count("\n") == 1


def test_resuming_keeps_to_the_run_that_is_resumed(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    facts(capsys, "train", "--model", "dense_autoencoder", "--steps", 2, "--out", "mine.safetensors")
    resumed = facts(capsys, "train", "--resume", "mine.state", "--steps", 5)
    assert (resumed["out"], resumed["steps"]) == ("mine.safetensors", 5)
    assert load("mine.safetensors").info.model == "dense_autoencoder"
    status, _, err = run(capsys, "train", "--resume", "mine.state", "--model", "simple_unet")
    assert status == 2 and "--model belongs to the run that is resumed" in err


def test_a_full_disk_costs_the_state_and_not_the_weights(tmp_path, capsys, monkeypatch):
    def full(path, state):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("denoiser.commands.save_state", full)
    path = tmp_path / "mine.safetensors"
    status, out, err = run(capsys, "train", "--model", "dense_autoencoder", "--steps", 2, "--out", path)
    assert status == 0 and "state was not saved" in err
    assert load(path).info.steps == 2


def test_an_empty_canvas_is_refused_and_equal_pictures_are_valid_json(tmp_path, capsys):
    Image.new("L", (60, 60)).save(tmp_path / "blank.png")
    status, _, err = run(capsys, "denoise", tmp_path / "blank.png", "--amount", 0.5)
    assert status == 2 and "there is no ink in it" in err
    Image.fromarray(np.pad(np.full((40, 8), 255, np.uint8), 20)).save(tmp_path / "one.png")
    assert facts(capsys, "denoise", tmp_path / "one.png", "--amount", 0)["psnr_noisy"] is None  # infinite
    status, _, err = run(capsys, "denoise", tmp_path / "one.png", "--out", tmp_path / "nowhere" / "x.png")
    assert status == 2 and "choose another place" in err and "/x.png" in err


def test_noise_is_not_smoothed_away_before_it_is_cleaned(tmp_path, capsys, monkeypatch):
    noise = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)
    Image.fromarray(np.kron(noise, np.ones((40, 40), dtype=np.uint8))).save(tmp_path / "large.png")
    seen = []
    monkeypatch.setattr("denoiser.inference.Denoiser.__call__", lambda self, noisy: seen.append(noisy) or noisy)
    facts(capsys, "denoise", tmp_path / "large.png")
    assert np.array_equal((seen[0][0, 0] * 255).round().byte().numpy(), noise)


def test_an_amount_out_of_range_writes_nothing(tmp_path, capsys):
    Image.fromarray(np.pad(np.full((40, 8), 255, np.uint8), 20)).save(tmp_path / "in.png")
    status, _, err = run(capsys, "denoise", tmp_path / "in.png", "--amount", "1.5")
    assert status == 2 and "amount must lie in [0, 1], not 1.5" in err
    assert [file.name for file in tmp_path.iterdir()] == ["in.png"]


def test_interrupting_keeps_what_was_learned(tmp_path):
    path = tmp_path / "half.safetensors"
    command = [sys.executable, "-m", "denoiser", "train", "--model", "dense_autoencoder", "--steps", "1000000"]
    process = subprocess.Popen(
        [*command, "--threads", "1", "--out", str(path)], cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE
    )
    os.set_blocking(process.stderr.fileno(), False)
    seen, deadline = b"", time.monotonic() + 60
    while b"step" not in seen and time.monotonic() < deadline:
        seen += process.stderr.read() or b""
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"Saved" in out
    steps = load(path).info.steps
    assert 0 < steps < 1_000_000
    arguments = ["--resume", path.with_suffix(".state"), "--steps", steps + 5, "--out", path, "--json"]
    assert main(["train", *map(str, arguments)]) == 0
    assert load(path).info.steps == steps + 5
