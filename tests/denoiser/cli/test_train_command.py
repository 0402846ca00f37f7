"""`train` as a user runs it: what its options mean, what it writes and shows, and what it refuses."""

import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from denoiser import TrainingConfig, TrainingRun, corrupt, load, load_digits
from denoiser.checkpoint import read_info
from denoiser.cli import sheets
from denoiser.train.augmentation import Augmentation
from denoiser.train.fine_tuning import origin
from denoiser.train.recipes import PRESETS, RECIPES
from denoiser.train.state import load_state
from tests.denoiser.command_line import facts, run

pytestmark = pytest.mark.usefixtures("few_digits")
LINUX = pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs a folder that nobody can write")
DENSE = ("train", "--model", "dense_autoencoder", "--precision", "float32")


def config_of(path):
    return load_state(Path(path).with_suffix(".state")).config


def test_the_same_command_gives_the_same_file(tmp_path, capsys):
    for name in ("a", "b"):
        facts(capsys, *DENSE, "--steps", 3, "--seed", 5, "--out", tmp_path / f"{name}.safetensors")
    a, b = (load(tmp_path / f"{name}.safetensors").model.state_dict() for name in "ab")
    assert all(torch.equal(a[key], b[key]) for key in a)


def test_every_option_reaches_the_run(tmp_path, capsys):
    path = tmp_path / "x.safetensors"
    words = "train --model simple_unet --start simple_unet --data mnist --digits 01 --steps 1 --seconds 50 --seed 3"
    words += " --batch-size 4 --optimizer sgd --learning-rate 0.01 --schedule cosine --weight-decay 0.001"
    words += " --dropout 0.2 --average 0.9"
    words += (
        " --kinds blend,gaussian --amounts 0.2 0.7 --augment rotation=5 shift=.5 crop=3 --validate-every 7 --patience 2"
    )
    words += " --importance-sampling 0.5 --loss rmse"
    facts(capsys, *words.split(), "--precision", "float32", "--train-only", "decoder", "--out", path)
    learning = dict(optimizer="sgd", learning_rate=0.01, schedule="cosine", weight_decay=0.001, average=0.9)
    learning |= dict(importance_sampling=0.5, loss="rmse")
    seen = dict(data="mnist", digits=(0, 1), batch_size=4, kinds=("blend", "gaussian"), amounts=(0.2, 0.7))
    assert config_of(path) == TrainingConfig(
        model="simple_unet",
        model_config={"dropout": 0.2},
        **(dict(steps=1, seconds=50.0, seed=3, validate_every=7, patience=2, trained="decoder") | learning | seen),
        augment=Augmentation(rotation=5.0, shift=0.5, scale=0.0, slant=0.0, crop=3.0),
        began_with=origin(load("simple_unet").info),
        precision="float32",
    )


def test_what_is_left_out_comes_from_the_recipe_or_the_preset(tmp_path, capsys):
    path = tmp_path / "x.safetensors"
    common = ("train", "--steps", 1, "--batch-size", 4, "--out", path)
    facts(capsys, *common, "--model", "lean_classifier")
    recipe = RECIPES["lean_classifier"] | dict(model="lean_classifier", steps=1, batch_size=4, validate_every=200)
    assert config_of(path) == TrainingConfig(**recipe)
    facts(capsys, *common, "--model", "lean_classifier", "--augment", "none")
    assert config_of(path) == replace(TrainingConfig(**recipe), augment=None)
    facts(capsys, *common, "--model", "conv_autoencoder", "--preset", "tutorial", "--augment")
    preset = PRESETS["conv_autoencoder"]["tutorial"] | dict(steps=1, batch_size=4, validate_every=200)
    assert config_of(path) == TrainingConfig(model="conv_autoencoder", augment=Augmentation(), **preset)


def test_fine_tuning_the_decoder_of_a_shipped_network(tmp_path, capsys):
    path = tmp_path / "tuned.safetensors"
    arguments = ("train", "--start", "dense_autoencoder", "--train-only", "decoder", "--steps", 3, "--out", path)
    status, out, _ = run(capsys, *arguments)
    assert status == 0
    assert "110,324 of 219,866 weights" in out and "decoder.0, decoder.2" in out and "encoder.0" not in out
    tuned, shipped = load(path).model.state_dict(), load("dense_autoencoder").model.state_dict()
    assert all(torch.equal(tuned[key], shipped[key]) for key in shipped if key.startswith("encoder"))
    assert not torch.equal(tuned["decoder.0.weight"], shipped["decoder.0.weight"])
    facts(capsys, "train", "--start", path, "--model", "dense_autoencoder", "--steps", 1, "--out", path)  # all of it
    assert not torch.equal(load(path).model.state_dict()["encoder.0.weight"], shipped["encoder.0.weight"])


def test_the_checkpoint_holds_what_validated_best(tmp_path, capsys):
    path = tmp_path / "x.safetensors"
    command = (*DENSE, "--steps", 20, "--learning-rate", 0.1)
    done = facts(capsys, *command, "--validate-every", 1, "--out", path)
    config = config_of(path)
    again = TrainingRun(config)
    scores = [step.validation for step in again]
    best = 1 + int(np.argmin(scores))
    assert done["best_step"] == best < 20
    until = TrainingRun(replace(config, steps=best))
    *_, _ = until
    saved = load(path).model.state_dict()
    assert all(torch.equal(saved[key], weight) for key, weight in until.model.state_dict().items())


def test_early_stopping(tmp_path, capsys):
    still = ("--learning-rate", 1e-9, "--validate-every", 2, "--patience", 3, "--steps", 500)
    done = facts(capsys, *DENSE, *still, "--optimizer", "sgd", "--out", tmp_path / "x.safetensors")
    assert (done["reason"], done["steps"]) == ("early", 8)  # the first score is the best, three more are not


def scalars(folder, tag):
    events = EventAccumulator(str(folder), size_guidance={"scalars": 0})
    events.Reload()
    return {event.step: event.value for event in events.Scalars(tag)}, len(events.Scalars(tag))


def test_tensorboard_has_every_step_once_also_after_resuming(tmp_path, capsys):
    path, logs = tmp_path / "x.safetensors", tmp_path / "logs"
    log = ("--tensorboard", logs, "--out", path)
    facts(capsys, *DENSE, "--steps", 4, "--schedule", "constant", "--validate-every", 3, *log)
    shutil.copy(path.with_suffix(".state"), tmp_path / "old.state")
    for state in (path.with_suffix(".state"), tmp_path / "old.state"):  # the second as after a crash
        facts(capsys, "train", "--resume", state, "--steps", 9, *log)
    steps = list(TrainingRun(config_of(path)))
    losses, count = scalars(logs, "loss")
    assert losses == {step.step: float(np.float32(step.loss)) for step in steps} and count == 9
    rates, _ = scalars(logs, "learning_rate")
    assert rates == {step.step: float(np.float32(1e-3)) for step in steps}
    validation, _ = scalars(logs, "validation")
    assert validation == {step.step: float(np.float32(step.validation)) for step in steps if step.step % 3 == 0}


def test_samples_after_every_pass(tmp_path, capsys, monkeypatch):
    drawn = {}
    draw = sheets.save_samples
    monkeypatch.setattr(sheets, "save_samples", lambda path, *a: drawn.update({path.name: a}) or draw(path, *a))
    path, folder = tmp_path / "x.safetensors", tmp_path / "deep" / "img"
    logs = ("--samples", folder, "--tensorboard", tmp_path / "logs")
    facts(capsys, *DENSE, "--steps", 5, "--batch-size", 46, "--out", path, *logs)  # 92 digits: two steps a pass
    assert sorted(file.name for file in folder.iterdir()) == [f"img_{number}.jpg" for number in range(4)]
    sheet, amounts = drawn["img_3.jpg"]
    clean = load_digits("auto", "validation").images
    noisy = corrupt(clean, torch.tensor(amounts), "gaussian", generator=torch.Generator().manual_seed(0))
    assert torch.equal(sheet, torch.cat([noisy, load(path, device="cpu")(noisy), clean]))
    assert not torch.equal(sheet, drawn["img_2.jpg"][0])
    untrained = TrainingRun(config_of(path)).answers(noisy)
    assert torch.equal(drawn["img_0.jpg"][0], torch.cat([noisy, untrained, clean]))
    events = EventAccumulator(str(tmp_path / "logs"))
    events.Reload()
    assert [image.step for image in events.Images("samples")] == [0, 2, 4, 5]


def test_a_sheet_of_samples_is_noisy_over_denoised_over_clean(tmp_path):
    sheet = torch.arange(3).repeat_interleave(8).view(24, 1, 1, 1).expand(24, 1, 28, 28) / 2
    sheets.save_samples(tmp_path / "img_1.jpg", sheet, sheets.SHOWN_AMOUNTS)
    picture = Image.open(tmp_path / "img_1.jpg")
    assert picture.format == "JPEG"
    column = np.asarray(picture.convert("L"))[:, picture.width // 16]
    middle = [np.median(part) for part in np.array_split(column[20:], 3)]  # below the amounts
    assert middle == pytest.approx([0, 127, 255], abs=3)


def test_the_bar_shows_loss_and_validation(tmp_path, capsys):
    arguments = ("--steps", 4, "--validate-every", 2, "--out", tmp_path / "x.safetensors")
    status, out, err = run(capsys, *DENSE, *arguments)
    assert status == 0 and "Saved" in out
    last = list(TrainingRun(config_of(tmp_path / "x.safetensors")))[-1]
    assert re.search(r"\| \d\d:\d\d<[\d:?]+, step 4, loss 0\.", err) and f"validation {last.validation:.5f}" in err


def test_resuming_keeps_to_the_run_that_is_resumed(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    facts(capsys, *DENSE, "--steps", 2, "--out", "mine.safetensors")
    half = tmp_path / f".mine.state.{'0' * 32}"
    half.write_bytes(b"half")  # what a killed run may leave
    resumed = facts(capsys, "train", "--resume", "mine.state", "--steps", 5, "--batch-size", 8)
    assert (resumed["out"], resumed["steps"]) == ("mine.safetensors", 5)
    assert not half.exists()
    assert read_info("mine.safetensors").model == "dense_autoencoder"
    for option, value in [("model", "simple_unet"), ("optimizer", "sgd"), ("start", "simple_unet"), ("seed", "1")]:
        status, _, err = run(capsys, "train", "--resume", "mine.state", f"--{option}", value)
        assert status == 2 and f"--{option} belongs to the run that is resumed" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--out x.pt", "name a file that ends in .safetensors"),
        ("--out nowhere/x.safetensors", "in a folder that exists"),
        pytest.param("--out /proc/x.safetensors", "cannot be written", marks=LINUX),
        ("--steps 0", "steps must lie between 1"),
        ("--seconds nan", "seconds must lie between"),
        ("--save-every nan", "--save-every nan: give seconds from 0"),
        ("--save-every 6 weeks", "or epochs, as in --save-every 6 epochs"),
        ("--save-every 0 epochs", "give whole epochs, at least 1"),
        ("--save-every 1.5 epochs", "give whole epochs, at least 1"),
        ("--epochs 0", "epochs must lie between 0.001"),
        ("--limit 0", "limit must lie between 1"),
        ("--device gpu", "no device is called 'gpu': choose cpu"),
        ("--data nowhere.csv", "nowhere.csv: no such data"),
        ("--kinds pink", "unknown kind of noise 'pink'"),
        ("--amounts 0.9 0.1", "highest amount must lie between 0.9 and 1"),
        ("--threads 0", "at least one is needed"),
        ("--resume nowhere.state", "no file at nowhere.state"),
        ("--digits ab", "--digits ab: name those to learn, each from 0 to 9, such as 01"),
        ("--digits 1,2", "--digits 1,2: name those to learn"),
        ("--start vgg", "unknown model 'vgg'"),
        ("--start nowhere.safetensors", "no file at nowhere.safetensors"),
        ("--start simple_unet --model residual_unet", "is a simple_unet: leave out --model"),
        ("--model lean_classifier --told", "lean_classifier has no setting 'told'"),
        ("--model lean_classifier --train-only decoder", "has no decoder"),
        ("--model simple_unet --train-only decoder", "name a trained network with --start"),
        ("--model lean_classifier --samples {tmp}", "--samples shows denoised pictures"),
        ("--model residual_unet --preset tutorial --steps 1", "has no preset 'tutorial' (it has recommended)"),
        ("--model simple_unet --preset tutorial", "give --epochs, --steps or --seconds"),
        ("--model simple_unet --told", "simple_unet has no setting 'told'"),
        ("--dropout 2", "dropout must be a number"),
        ("--average 1", "average must lie between"),
        ("--augment flip=1", "name rotation, shift, scale, slant, crop"),
        ("--augment crop=13", "give crop a number from 0 to 12"),
        ("--augment rotation=nan", "give rotation a number from 0 to 180"),
        ("--augment shift=15", "give shift a number from 0 to 14"),
        ("--patience 3 --validate-every 0", "leave out --validate-every 0"),
        ("--samples {tmp}/file", "--samples: {tmp}/file cannot be written"),
        ("--tensorboard {tmp}/file", "--tensorboard: {tmp}/file cannot be written"),
    ],
)
def test_what_cannot_go_well_is_refused_in_one_line_before_it_begins(arguments, message, tmp_path, capsys, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(TrainingRun, "__next__", lambda run: pytest.fail("the run began"))
    status, _, err = run(capsys, "train", "--json", *arguments.format(tmp=tmp_path).split())
    assert status == 2
    assert err.startswith("error: ") and err.count("\n") == 1
    assert message.format(tmp=tmp_path) in err
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_without_tensorboard_one_line_says_how_to_get_it(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    logs = ("--tensorboard", tmp_path / "logs", "--out", tmp_path / "x.safetensors")
    status, _, err = run(capsys, *DENSE, "--json", *logs)
    assert status == 2 and err.count("\n") == 1
    assert 'pip install tensorboard, or digit-denoiser with its extra "logs"' in err
