"""The command line, run as a user runs it, at tiny size."""

import csv
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn import functional as F

from denoiser import KINDS, Digits, available, load, load_classifier, load_digits
from denoiser.classical import Classical
from denoiser.cli import sheets
from denoiser.cli.main import main
from denoiser.data import handwritten_digits
from denoiser.evaluation import evaluate
from denoiser.models import MODELS
from tests.denoiser.command_line import facts, run

ROOT = Path(__file__).parents[3]


pytestmark = pytest.mark.usefixtures("few_digits")


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


def test_the_default_network_is_told_what_is_added_to_a_drawing_if_it_may_be(tmp_path, capsys):
    Image.fromarray((handwritten_digits(1, seed=3).images[0, 0] * 255).byte().numpy()).save(tmp_path / "in.png")
    drown = ("denoise", tmp_path / "in.png", "--amount", 0.9, "--kind", "speckle")
    plain, told = (facts(capsys, *drown, *more) for more in ((), ("--told",)))
    assert plain["psnr_noisy"] == told["psnr_noisy"] and plain["psnr_denoised"] != told["psnr_denoised"]
    status, _, err = run(capsys, *drown, "--told", "--model", "simple_unet")
    assert status == 2 and "simple_unet cannot be told the noise: take residual_unet, or do not tell" in err
    status, _, err = run(capsys, "denoise", tmp_path / "in.png", "--told")
    assert status == 2 and "give --amount, or leave out --told" in err


def test_a_network_that_can_be_told_has_two_rows(tmp_path, capsys):
    path = tmp_path / "mine.safetensors"
    facts(capsys, "train", "--told", "--steps", 2, "--batch-size", 8, "--out", path)
    assert load(path).can_be_told
    scored = facts(capsys, "evaluate", "--model", path)
    assert [row["name"] for row in scored["rows"]] == ["noisy", "mine", "mine, told kind and amount"]
    assert scored["rows"][1]["mse"] != scored["rows"][2]["mse"]


def test_text_for_people(tmp_path, capsys):
    status, out, _ = run(capsys, "data", "--preview", tmp_path / "sheet.png")
    assert status == 0
    assert "100" not in out.split("(")[0]  # validation digits are kept apart
    assert Image.open(tmp_path / "sheet.png").size[0] > 300
    _, out, _ = run(capsys, "models")
    assert all(name in out for name in MODELS)
    _, out, _ = run(capsys, "models", "--summary", "conv_autoencoder")
    assert "[1, 128, 7, 7]" in out and out.splitlines()[-2].split() == ["total", "185,217", "36,578,304"]
    _, out, _ = run(capsys, "models", "--summary", "simple_unet")
    assert re.search(r"^ +Add +\[1, 64, 14, 14\] +0 +0$", out, flags=re.M)


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


def test_classical_methods_and_functions_stand_beside_networks(tmp_path, capsys, monkeypatch):
    (tmp_path / "my_filters.py").write_text(
        "def darker(noisy, kind, amount):\n    return noisy / 2\ndef broken(noisy, kind, amount):\n    return 1 / 0\n"
    )
    monkeypatch.chdir(tmp_path)
    table = tmp_path / "scores.csv"
    words = ("evaluate", "--methods", "total_variation", "--method", "my_filters:darker", "--kinds", "all")
    scored = facts(capsys, *words, "--limit", 6, "--csv", table)
    names = ["noisy", "total variation", "my_filters:darker"]
    assert [(row["name"], row["kind"]) for row in scored["rows"]] == [(n, k) for k in KINDS for n in names]
    digits = load_digits("auto", "test", limit=6)
    again = evaluate(Classical("total_variation"), digits, kind="gaussian", tell=True)
    row = next(row for row in scored["rows"] if (row["name"], row["kind"]) == ("total variation", "gaussian"))
    assert row["mse"] == again.mse
    with table.open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == len(scored["rows"]) * 5
    line = next(x for x in lines if (x["name"], x["kind"], x["amount"]) == ("total variation", "gaussian", "0.5"))
    assert float(line["mse"]) == row["mse"]["0.5"] and float(line["ssim"]) == row["ssim"]["0.5"]
    assert float(line["psnr_low"]) < float(line["psnr"]) < float(line["psnr_high"])
    assert [float(line["read_low"]), float(line["read_high"])] == row["intervals"]["read"]["0.5"]

    status, out, err = run(capsys, "evaluate", "--method", "my_filters:broken", "--limit", 4)
    assert status == 0 and "my_filters:broken, blend: division by zero" in err and "| noisy |" in out


def test_all_methods_are_all_networks_and_classical_ones_that_are_installed(capsys, monkeypatch):
    monkeypatch.setattr("denoiser.cli.contenders.usable", lambda: ["gaussian_filter", "median_filter"])
    status, out, err = run(capsys, "evaluate", "--methods", "all", "--limit", 2)
    assert status == 0 and "bm3d is left out: its package is not installed" in err
    assert all(f"| {info.name} |" in out for info in available())
    assert "| gaussian filter |" in out and "| bm3d" not in out


def test_a_classifier_is_scored_by_what_it_reads(tmp_path, capsys):
    paths = [tmp_path / "a.safetensors", tmp_path / "b.safetensors"]
    for path, epochs in zip(paths, (1, 8), strict=True):
        words = (
            "--model",
            "lean_classifier",
            "--batch-size",
            10,
            "--epochs",
            epochs,
            "--average",
            0,
            "--augment",
            "none",
        )
        facts(capsys, "train", *words, "--precision", "float32", "--out", path)
    scored = facts(capsys, "evaluate", "--model", *paths, "--data", "mnist", "--picture", tmp_path / "read.png")
    digits = load_digits("mnist", "test")
    for row, path in zip(scored["rows"], paths, strict=True):
        right = load_classifier(path)(digits.images).argmax(dim=1) == digits.labels
        assert (row["name"], row["accuracy"]) == (path.stem, pytest.approx(float(right.float().mean())))
        for digit, share in enumerate(row["digits"]):
            assert share == pytest.approx(float(right[digits.labels == digit].float().mean()))
    assert scored["rows"][0]["accuracy"] < scored["rows"][1]["accuracy"]
    assert Image.open(tmp_path / "read.png").size[0] > 300
    _, out, _ = run(capsys, "evaluate", "--model", paths[1])
    assert f"| b | 203,178 | {scored['rows'][1]['accuracy']:.2%} ± " in out and "40 clean digits" in out


def test_what_is_read_wrongly_stands_above_the_digit(tmp_path, monkeypatch):
    titles = []
    monkeypatch.setattr(sheets, "_save_grid", lambda path, images, given, columns: titles.extend(given))
    digits = handwritten_digits(10, seed=2)
    order = torch.randperm(10, generator=torch.Generator().manual_seed(7))
    sheets.save_readings(tmp_path / "x.png", digits, lambda images: F.one_hot(torch.full((10,), 3), 10), seed=7)
    assert titles == [str(x) if x == 3 else f"{x} read 3" for x in digits.labels[order].tolist()]


def test_the_seed_chooses_the_digits_of_a_preview(tmp_path, capsys):
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        facts(capsys, "data", "--preview", tmp_path / f"{name}.png", "--seed", seed)
    a, b, c = (np.asarray(Image.open(tmp_path / f"{name}.png").convert("L")) for name in "abc")
    assert np.array_equal(a, b) and not np.array_equal(a, c)
    facts(capsys, "data", "--preview", tmp_path / "d.png")
    assert np.array_equal(a, np.asarray(Image.open(tmp_path / "d.png").convert("L")))


def test_a_preview_shows_64_different_digits_under_their_labels(tmp_path, monkeypatch):
    shown = {}
    monkeypatch.setattr(
        sheets, "_save_grid", lambda path, images, titles, columns: shown.update({path: (images, titles)})
    )
    images = torch.arange(100).float().view(100, 1, 1, 1).expand(100, 1, 28, 28) / 99
    sheets.save_preview("x", Digits(images.clone(), torch.arange(100) % 10), seed=5)
    images, titles = shown["x"]
    places = (images[:, 0, 0, 0] * 99).round().long().tolist()
    assert len(set(places)) == 64 and places != sorted(places) and titles == [str(place % 10) for place in places]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("evaluate", "--model", "lean_classifier", "simple_unet"), "evaluate them one by one"),
        (
            ("evaluate", "--model", "lean_classifier", "--kind", "blend"),
            "--kinds is for denoisers, and lean_",
        ),
        (("evaluate", "--model", "lean_classifier", "--methods", "all"), "--methods is for denoisers"),
        (("evaluate", "--method", "my_filters"), "name it as module:function"),
        (("evaluate", "--method", "no_such_module:f"), "it cannot be imported: No module named 'no_such_module'"),
        (("evaluate", "--method", "math:pi"), "it is no function, but float"),
        (("evaluate", "--methods", "bm3d", "--picture", "x.png"), "name one with --model"),
        (("evaluate", "--csv", "x.txt"), "name a file that ends in .csv"),
        (("evaluate", "--model", "lean_classifier", "--compact"), "--compact is for denoisers"),
        (("evaluate", "--model", "lean_classifier", "--reader", "x"), "--reader is for denoisers"),
        (("evaluate", "--reader", "simple_unet", "--limit", "1"), "choose one that reads, such as lean_classifier"),
        (("denoise", "x.png", "--model", "lean_classifier"), "choose one that denoises, such as residual_unet"),
        (("evaluate", "--picture", "x.jpg"), "name a file that ends in .png"),
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


def test_an_empty_canvas_is_refused_and_equal_pictures_are_valid_json(tmp_path, capsys):
    Image.new("L", (60, 60)).save(tmp_path / "blank.png")
    status, _, err = run(capsys, "denoise", tmp_path / "blank.png", "--amount", 0.5)
    assert status == 2 and "there is no ink in it" in err
    Image.fromarray(np.pad(np.full((40, 8), 255, np.uint8), 20)).save(tmp_path / "one.png")
    assert facts(capsys, "denoise", tmp_path / "one.png", "--amount", 0)["psnr_noisy"] is None  # infinite
    status, _, err = run(capsys, "denoise", tmp_path / "one.png", "--out", tmp_path / "nowhere" / "x.png")
    assert status == 2 and "choose another place" in err and "/x.png" in err


def test_of_several_things_none_is_taken_for_the_digit(tmp_path, capsys):
    row = np.full((200, 400), 230, np.uint8)
    row[50:150, [*range(100, 110), *range(200, 210), *range(300, 310)]] = 30
    Image.fromarray(row).save(tmp_path / "row.png")
    status, _, err = run(capsys, "denoise", tmp_path / "row.png", "--amount", 0.5)
    assert status == 2 and "row.png: there are several things in it; cut out" in err


def test_noise_is_not_smoothed_away_before_it_is_cleaned(tmp_path, capsys, monkeypatch):
    noise = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)
    Image.fromarray(np.kron(noise, np.ones((40, 40), dtype=np.uint8))).save(tmp_path / "large.png")
    seen = []
    monkeypatch.setattr("denoiser.inference.Denoiser.__call__", lambda self, noisy: seen.append(noisy) or noisy)
    facts(capsys, "denoise", tmp_path / "large.png")
    assert np.array_equal((seen[0][0, 0] * 255).round().byte().numpy(), noise)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_a_picture_in_colour_is_denoised_without_a_warning(tmp_path, capsys, mode):
    Image.fromarray(np.pad(np.full((40, 8), 255, np.uint8), 20)).convert(mode).save(tmp_path / "in.png")
    assert facts(capsys, "denoise", tmp_path / "in.png")["out"].endswith("in-denoised.png")


def test_an_amount_out_of_range_writes_nothing(tmp_path, capsys):
    Image.fromarray(np.pad(np.full((40, 8), 255, np.uint8), 20)).save(tmp_path / "in.png")
    status, _, err = run(capsys, "denoise", tmp_path / "in.png", "--amount", "1.5")
    assert status == 2 and "amount must lie in [0, 1], not 1.5" in err
    assert [file.name for file in tmp_path.iterdir()] == ["in.png"]
