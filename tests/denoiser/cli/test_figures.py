"""The pictures that `data --sheet` and `evaluate --examples` write, and what is drawn in them."""

import numpy as np
import pytest
import torch
from PIL import Image

from denoiser import Digits, load, load_classifier, load_digits
from denoiser.cli.figures import data_figure, denoised_figure, readings_figure
from denoiser.data import handwritten_digits
from denoiser.noise import corrupt
from tests.denoiser.command_line import facts, run

pytestmark = pytest.mark.usefixtures("few_digits")


def captions(axes):
    return [text.get_text() for text in axes.texts]


def shown(axes):
    """The pictures of a grid, in its order."""
    return np.stack([image.get_array() for image in axes.images])


class Guesser:
    """Reads a three in everything."""

    def __init__(self, name):
        self.info = type("Info", (), {"name": name})

    def __call__(self, images):
        return torch.nn.functional.one_hot(torch.full((len(images),), 3), 10).float()


def test_a_sheet_shows_the_digits_and_counts_them_as_numpy_does():
    digits = load_digits("auto", "train")
    grid, classes, levels, means = data_figure(digits, "train", seed=6).axes
    chosen = digits.sample(64, 6)
    assert captions(grid) == [str(label) for label in chosen.labels.tolist()]
    assert np.array_equal(shown(grid), chosen.images[:, 0])
    assert [bar.get_height() for bar in classes.patches] == np.bincount(digits.labels, minlength=10).tolist()
    assert captions(classes) == [str(count) for count in np.bincount(digits.labels, minlength=10)]
    pixels = (digits.images.numpy() * 255).round()
    assert [bar.get_height() for bar in levels.patches] == np.histogram(pixels, 32, (0, 256))[0].tolist()
    assert np.allclose(shown(means)[0], digits.images.mean(dim=0)[0], atol=1e-6)
    assert captions(means) == ["all", *map(str, range(10))]
    said = f"mean {pixels.mean() / 255:.4f}, standard deviation {pixels.std() / 255:.4f}"
    assert f"{said}, exactly black {(pixels == 0).mean():.1%}" in means.get_title()


def test_without_labels_a_sheet_shows_pixels_alone():
    grid, classes, _, means = data_figure(Digits(torch.rand(9, 1, 28, 28)), "test").axes
    assert captions(grid) == [""] * 9 and not classes.patches and captions(means) == ["all"]


def test_readings_stand_beside_labels_and_wrong_ones_are_framed():
    digits, ticks = handwritten_digits(60, seed=2), []
    reader = load_classifier()
    axes = readings_figure([Guesser("guesser"), reader], digits, seed=7, tick=ticks.append).axes
    chosen = digits.sample(24, 7)
    expected = [f"{label} → 3" + ("" if label == 3 else " ✗") for label in chosen.labels.tolist()]
    assert captions(axes[0]) == expected and len(axes[0].lines) == sum("✗" in caption for caption in expected)
    assert axes[0].get_title() == "guesser reads 54 of 60 digits wrongly; 24 random ones"
    assert len(axes[1].images) == 24 and all(caption.endswith("→ 3 ✗") for caption in captions(axes[1]))
    read = reader(digits.images).argmax(dim=1)
    by_reader = reader(chosen.images).argmax(dim=1).tolist()
    assert [int(caption.split(" → ")[1][0]) for caption in captions(axes[2])] == by_reader
    assert f"reads {int((read != digits.labels).sum())} of 60" in axes[2].get_title()
    assert sum(ticks) == 120


def test_of_denoisers_it_shows_what_is_read_before_and_after():
    digits = handwritten_digits(30, seed=4)
    denoiser, read = load("simple_unet"), load_classifier()
    noisy, denoised = denoised_figure([denoiser], digits, read, kind="gaussian", seed=3).axes
    chosen = digits.sample(16, 3)
    amounts = torch.tensor([0.1, 0.25, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]).repeat_interleave(2)
    pictures = corrupt(chosen.images, amounts, "gaussian", generator=torch.Generator().manual_seed(3))
    assert np.array_equal(shown(noisy), pictures[:, 0])
    assert np.allclose(shown(denoised), denoiser(pictures)[:, 0], atol=1e-6)
    found = read(denoiser(pictures)).argmax(dim=1).tolist()
    pairs = list(zip(chosen.labels.tolist(), found, strict=True))
    assert captions(denoised) == [f"{a} → {b}" + ("" if a == b else " ✗") for a, b in pairs]
    assert [caption.split("\n")[1] for caption in captions(noisy)] == [f"{amount:.2g}" for amount in amounts.tolist()]


def test_the_commands_write_them(tmp_path, capsys):
    sheet, read, denoised = (tmp_path / f"{name}.png" for name in ("sheet", "read", "denoised"))
    assert facts(capsys, "data", "--sheet", sheet)["split"] == "train"
    assert [row["name"] for row in facts(capsys, "evaluate", "--examples", read)["rows"]] == ["lean_classifier"]
    scored = facts(capsys, "evaluate", "--model", "dense_autoencoder", "--limit", 5, "--examples", denoised)
    assert [row["name"] for row in scored["rows"]] == ["noisy", "dense_autoencoder"]
    assert all(Image.open(path).size[0] > 500 for path in (sheet, read, denoised))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["denoised.png", "read.png", "sheet.png"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("data", "--sheet", "x.jpg"), "--sheet x.jpg: name a file that ends in .png"),
        (("data", "--sheet", "nowhere/x.png"), "in a folder that exists"),
        (("evaluate", "--examples", "x.pdf"), "--examples x.pdf: name a file that ends in .png"),
        (("evaluate", "--methods", "bm3d", "--examples", "x.png"), "--examples shows what a network makes of digits"),
        (("evaluate", "--kinds", "all", "--examples", "x.png"), "--kinds is for denoisers, and lean_classifier reads"),
    ],
)
def test_errors_are_one_line_with_a_remedy(arguments, message, capsys):
    status, _, err = run(capsys, *arguments)
    assert status == 2 and message in err
    assert err.startswith("error: ") and err.count("\n") == 1


@pytest.mark.parametrize("model", ["lean_classifier", "dense_autoencoder"])
def test_unlabelled_digits_are_refused_before_anything_is_computed(tmp_path, capsys, model):
    np.save(tmp_path / "x.npy", np.zeros((20, 28, 28), np.uint8))
    words = ("evaluate", "--data", tmp_path / "x.npy", "--model", model, "--examples", tmp_path / "x.png")
    status, _, err = run(capsys, *words)
    assert status == 2 and "these digits have none: use a labelled file" in err
    assert not (tmp_path / "x.png").exists()
