"""`train` by epochs, as the tutorials count: a line after each, numbered checkpoints, few digits, a chosen device."""

import re

import pytest
import torch
from PIL import Image

from denoiser import TrainingConfig, TrainingRun, load, load_classifier, load_digits
from denoiser.checkpoint import load_checkpoint, read_info
from denoiser.cli.main import _parser
from denoiser.cli.options import VALIDATE_EVERY, plan
from denoiser.evaluation import accuracy
from denoiser.train.recipes import PRESETS
from denoiser.train.state import load_state
from denoiser.train.validation import Validation
from tests.denoiser.command_line import facts, run

pytestmark = pytest.mark.usefixtures("few_digits")
DENSE = ("train", "--model", "dense_autoencoder", "--precision", "float32", "--batch-size", 46)  # two steps an epoch
EPOCH = re.compile(r"Epoch (\d+)(?: of \d+)?: loss ([\d.]+), validation MSE ([\d.]+)")


def config_of(path):
    return load_state(path.with_suffix(".state")).config


def test_an_epoch_is_told_in_a_line_of_its_own(tmp_path, capsys):
    path = tmp_path / "x.safetensors"
    status, out, err = run(capsys, *DENSE, "--epochs", 3, "--out", path)
    assert status == 0 and "step 6" in err
    steps = list(TrainingRun(config_of(path)))
    told = [EPOCH.fullmatch(line).groups() for line in out.splitlines() if line.startswith("Epoch")]
    means = [(steps[i].loss + steps[i + 1].loss) / 2 for i in (0, 2, 4)]
    assert [(int(epoch), float(loss)) for epoch, loss, _ in told] == [(i + 1, round(x, 5)) for i, x in enumerate(means)]
    scored = TrainingRun(config_of(path))
    scores = [scored.score() for step in scored if step.epoch_loss is not None]
    assert [float(score) for *_, score in told] == pytest.approx(scores, abs=6e-6)


def test_json_has_the_epochs_too_and_a_resumed_run_counts_none_twice(tmp_path, capsys):
    whole, parts = tmp_path / "whole.safetensors", tmp_path / "parts.safetensors"
    expected = facts(capsys, *DENSE, "--epochs", 4, "--out", whole)
    assert [epoch["epoch"] for epoch in expected["epochs"]] == [1, 2, 3, 4]
    assert expected["steps"] == 8
    first = facts(capsys, *DENSE, "--steps", 3, "--out", parts)  # within the second epoch
    rest = facts(capsys, "train", "--resume", parts.with_suffix(".state"), "--epochs", 4)
    assert first["epochs"] + rest["epochs"] == expected["epochs"]
    assert config_of(parts).epochs == 4 and config_of(parts).steps is None


def test_a_classifier_tells_what_it_reads_of_what_it_learns_and_of_what_it_does_not(tmp_path, capsys):
    path = tmp_path / "reader.safetensors"
    words = "--model lean_classifier --augment none --average 0 --learning-rate 0.002 --batch-size 23 --epochs 3"
    command = ("train", *words.split(), "--precision", "float32", "--out", path)
    done = facts(capsys, *command, "--save-every", "1", "epochs")
    assert [epoch["epoch"] for epoch in done["epochs"]] == [1, 2, 3]
    for epoch in done["epochs"]:
        read = load_classifier(tmp_path / f"reader_{epoch['epoch']}.safetensors")
        assert epoch["saved"] == str(tmp_path / f"reader_{epoch['epoch']}.safetensors")
        for split, name in (("train", "training"), ("validation", "validation")):
            expected = accuracy(read, load_digits("auto", split))
            assert epoch[f"{name}_accuracy"] == pytest.approx(expected, abs=1e-4)
    _, out, _ = run(capsys, *command)
    lines = [line for line in out.splitlines() if line.startswith("Epoch")]
    last = done["epochs"][-1]
    shares = f"training accuracy {last['training_accuracy']:.1%}, validation accuracy {last['validation_accuracy']:.1%}"
    assert lines[-1] == f"Epoch 3 of 3: loss {last['loss']:.5f}, {shares}"


def test_numbered_checkpoints_are_the_network_as_it_stood_and_can_be_gone_on_from(tmp_path, capsys):
    path = tmp_path / "mine.safetensors"
    done = facts(capsys, *DENSE, "--epochs", 5, "--save-every", "2", "epochs", "--save-every", 0, "--out", path)
    numbered = [tmp_path / f"mine_{epoch}.safetensors" for epoch in (2, 4)]
    assert sorted(tmp_path.iterdir()) == sorted([*numbered, path, tmp_path / "mine.state"])
    assert [epoch.get("saved") for epoch in done["epochs"]] == [None, str(numbered[0]), None, str(numbered[1]), None]
    again = TrainingRun(config_of(path))
    for step in again:
        if step.step == 4:
            break
    saved = load_checkpoint(numbered[0])[0].state_dict()
    assert all(torch.equal(saved[key], weight) for key, weight in again.model.state_dict().items())
    assert read_info(numbered[0]).metrics == {"validation_mse": done["epochs"][1]["validation_mse"]}
    tuned = facts(capsys, "train", "--start", numbered[1], "--epochs", 1, "--out", tmp_path / "tuned.safetensors")
    assert tuned["steps"] > 0 and "dense_autoencoder, 8 steps" in config_of(tmp_path / "tuned.safetensors").began_with
    assert facts(capsys, "evaluate", "--model", numbered[1])["rows"][1]["name"] == "mine_4"


def test_a_numbered_checkpoint_that_cannot_be_written_costs_nothing_else(tmp_path, capsys):
    (tmp_path / "x_1.safetensors").mkdir()
    status, out, err = run(capsys, *DENSE, "--epochs", 2, "--save-every", "1epoch", "--out", tmp_path / "x.safetensors")
    assert status == 0 and "The checkpoint of epoch 1 was not saved: " in err
    assert f"saved {tmp_path / 'x_2.safetensors'}" in out
    assert load(tmp_path / "x.safetensors").info.steps == 4


def test_few_digits_are_learned_by_heart(tmp_path, capsys):
    path = tmp_path / "x.safetensors"
    command = ("train", "--model", "lean_classifier", "--limit", 10, "--augment", "none", "--schedule", "constant")
    done = facts(capsys, *command, "--average", 0, "--precision", "float32", "--epochs", 40, "--out", path)
    last = done["epochs"][-1]
    assert (last["epoch"], last["step"], config_of(path).batch_size) == (40, 40, 10)
    assert last["training_accuracy"] == 1 > last["validation_accuracy"]
    status, _, err = run(capsys, "train", "--resume", path.with_suffix(".state"), "--limit", 20)
    assert status == 2 and "--limit belongs to the run that is resumed" in err


def test_where_time_is_the_budget_scores_take_a_tenth_of_it(tmp_path, capsys, monkeypatch):
    """On few digits an epoch is over sooner than it is scored."""
    scored, score = [], Validation.score
    monkeypatch.setattr(Validation, "score", lambda *of: scored.append(of) or score(*of))
    command = ("train", "--model", "dense_autoencoder", "--limit", 8, "--precision", "float32", "--validate-every", 0)
    done = facts(capsys, *command, "--seconds", 1, "--out", tmp_path / "x.safetensors")
    known = [epoch for epoch in done["epochs"] if "validation_mse" in epoch]
    assert 0 < len(known) < len(done["epochs"]) / 2
    assert all(epoch["loss"] > 0 for epoch in done["epochs"])


def test_the_books_recipe_says_what_its_loss_is(tmp_path, capsys):
    command = ("train", "--model", "conv_autoencoder", "--preset", "tutorial", "--limit", 10, "--epochs", 1)
    path = tmp_path / "x.safetensors"
    status, out, _ = run(capsys, *command, "--out", path)
    assert status == 0 and "the error summed over all pixels of a batch, times 100; shown is the mean per pixel" in out
    config = config_of(path)
    assert (config.passes, config.sampling, config.batch_size) == (20, "replacement", 10)
    assert load_state(path.with_suffix(".state")).step == 20
    (loss,) = re.findall("Epoch 1 of 1: loss ([0-9.]+)", out)
    assert 0.01 < float(loss) < 0.1  # the mean square of a pixel between 0 and 255/512


@pytest.mark.parametrize("model", [model for model, presets in PRESETS.items() if "tutorial" in presets])
def test_every_tutorials_recipe_is_taken_by_epochs(model, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["train", "--model", model, "--preset", "tutorial", "--epochs", "5", "--seed", "2"]
    chosen = plan(_parser("denoiser").parse_args(words))
    recipe = dict(validate_every=VALIDATE_EVERY) | PRESETS[model]["tutorial"]
    assert chosen.config == TrainingConfig(model=model, epochs=5.0, seed=2, **recipe)


@pytest.mark.parametrize("command", [("train", "--steps", 1), ("evaluate",), ("denoise", "x.png")])
@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_a_device_that_is_not_there_is_refused_in_one_line(command, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.png").write_bytes(b"")
    status, _, err = run(capsys, *command, "--device", "cuda", "--json")
    assert status == 2 and err.count("\n") == 1 and "there is no cuda here" in err and "choose cpu" in err


def test_the_device_that_is_asked_for_is_used(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("denoiser.devices.best_device", lambda: torch.device("meta"))  # on which nothing comes out
    path = tmp_path / "x.safetensors"
    status, out, err = run(capsys, *DENSE, "--steps", 1, "--device", "cpu", "--out", path)
    assert status == 0 and " on cpu, float32" in out
    assert facts(capsys, "evaluate", "--model", path, "--device", "cpu")["rows"][1]["mse"]["uniform"] > 0
    Image.new("L", (28, 28)).save(tmp_path / "in.png")
    assert facts(capsys, "denoise", tmp_path / "in.png", "--model", path, "--device", "cpu")["device"] == "cpu"
