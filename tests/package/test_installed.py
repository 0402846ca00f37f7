"""The package as pip installs it: what is in it, what it needs, and that it works far from the checkout."""

import json
import re
import subprocess
import sys
from importlib.metadata import Distribution
from pathlib import Path

import numpy as np
import pytest
import torch
from packaging.requirements import Requirement
from PIL import Image

from denoiser import corrupt, load
from denoiser.classical import Classical
from denoiser.cli.logs import Curves
from denoiser.data import download_in_background, download_mnist, handwritten_digits
from denoiser.export import export
from denoiser.extras import EXTRAS
from denoiser.onnx_runtime import Session
from denoiser.photo import find_digit
from denoiser.picture_files import read_picture_file, write_picture
from denoiser.pictures import from_bytes

ROOT = Path(__file__).parents[2]


def ranges(lines):
    """Package → the versions it may have, of requirements as a file or a distribution lists them."""
    found = [Requirement(line) for line in lines]
    return {requirement.name: requirement.specifier for requirement in found}


def in_file(name):
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
    return ranges(line for line in lines if line and not line.startswith("-r"))


@pytest.fixture(scope="session")
def distribution(installed):
    (folder,) = installed.site.glob("*.dist-info")
    return Distribution.at(folder)


def needed(distribution, extra=""):
    """What pip would install for the package with this extra; without one, for the package alone."""
    every = [Requirement(line) for line in distribution.requires]
    always = [str(each) for each in every if each.marker is None]
    more = [each for each in every if each.marker is not None and each.marker.evaluate({"extra": extra})]
    return ranges(always) | ranges(f"{each.name}{each.specifier}" for each in more if each.name != distribution.name)


def test_only_the_package_is_installed_and_all_of_it(distribution):
    files = {str(file) for file in distribution.files if "__pycache__" not in str(file)}
    theirs = {file for file in files if not file.startswith(("denoiser/", "digit_denoiser-")) and "bin/" not in file}
    assert theirs == set()
    ours = {str(file.relative_to(ROOT)) for file in (ROOT / "denoiser").rglob("*.py")}
    ours |= {"denoiser/py.typed", "denoiser/strengths.json"}
    weights = {f"denoiser/checkpoints/{file.name}" for file in (ROOT / "checkpoints").glob("*.safetensors")}
    assert len(weights) >= 5
    graphs = {f"denoiser/graphs/{file.name}" for file in (ROOT / "denoiser" / "graphs").glob("*.onnx")}
    assert len(graphs) >= 10
    assert {file for file in files if file.startswith("denoiser/")} == ours | weights | graphs


def test_what_it_needs_is_what_the_requirements_say(distribution):
    page = [needed(distribution, extra) for extra in ("app", "photos", "download", "onnx", "classical", "wavelets")]
    assert {name: versions for each in page for name, versions in each.items()} == in_file("requirements.txt")
    tests = in_file("tests/requirements.txt")
    assert needed(distribution, "test") == needed(distribution) | tests
    assert needed(distribution, "logs")["tensorboard"] == tests["tensorboard"]
    assert distribution.metadata["Requires-Python"] == ">=3.10"
    allowed = needed(distribution)["torch"]
    assert "2.8.0" in allowed and "2.13.1" in allowed and "2.14.0" not in allowed


def test_every_extra_that_the_code_asks_for_is_there(distribution):
    for extra, (_, package) in EXTRAS.items():
        assert package in needed(distribution, extra).keys() - needed(distribution).keys()


@pytest.mark.parametrize(
    "extra, use",
    [
        ("photos", lambda folder: find_digit(np.full((50, 50), 255, dtype=np.uint8))),
        ("download", lambda folder: download_mnist(folder)),
        ("logs", lambda folder: Curves(folder, None)),
        ("onnx", lambda folder: Session(b"")),
        ("classical", lambda folder: Classical("total_variation")),
        ("wavelets", lambda folder: Classical("wavelets")),
        ("bm3d", lambda folder: Classical("bm3d")),
        ("export", lambda folder: export("default", folder / "net.onnx", torch.zeros(1, 1, 28, 28))),
    ],
)
def test_what_is_missing_is_told_in_one_line(extra, use, tmp_path, monkeypatch):
    module, package = EXTRAS[extra]
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ValueError) as caught:
        use(tmp_path)
    told = rf'.* needs the package {package}: pip install {package}, or digit-denoiser with its extra "{extra}"'
    assert re.fullmatch(told, str(caught.value))


def test_a_page_without_the_download_goes_on(tmp_path, monkeypatch, caplog):
    monkeypatch.setitem(sys.modules, "pooch", None)
    monkeypatch.delenv("DENOISER_DOWNLOAD", raising=False)
    thread = download_in_background(tmp_path)
    thread.join()
    assert "going on without MNIST" in caplog.text and "pip install pooch" in caplog.text


def test_it_denoises_and_trains_with_nothing_but_what_it_needs(installed, tmp_path):
    program = """
import sys
more = "scipy pooch tensorboard gradio skimage markdown_it requests onnxruntime onnxscript onnx"
for name in more.split():
    sys.modules[name] = None
import torch, denoiser, denoiser.data.own
denoiser.data.own.OWN_COUNTS = {"train": 100, "validation": 40, "test": 40}
digits = denoiser.load_digits("own", "test")
denoised = denoiser.load(device="cpu")(denoiser.corrupt(digits.images, 0.5))
run = denoiser.TrainingRun(denoiser.TrainingConfig(model="dense_autoencoder", data="own", steps=3, batch_size=8))
*_, last = run
import numpy as np
from denoiser.canvas import look
drawing = np.zeros((280, 280), np.uint8)
drawing[60:220, 130:150] = 255
sight = look(drawing)
assert torch.equal(sight.digit, denoiser.digit_from_drawing(drawing)) and not sight.several
print(denoiser.__file__, denoiser.metrics.psnr(denoised, digits.images).mean().item(), last.step)
"""
    file, psnr, step = installed.run("-c", program, cwd=tmp_path).split()
    assert Path(file).is_relative_to(installed.site)
    assert float(psnr) > 20 and step == "3"


def test_the_commands_run_far_from_the_checkout(installed, tmp_path):
    clean = handwritten_digits(1, seed=5).images
    noisy = corrupt(clean, 0.5, generator=torch.Generator().manual_seed(0))
    write_picture(tmp_path / "noisy.png", noisy)
    told = json.loads(installed.command("models", "--json", cwd=tmp_path))
    assert {info["name"] for info in told["shipped"]} == {file.stem for file in (ROOT / "checkpoints").glob("*.s*")}
    installed.command("denoise", "noisy.png", "--out", "clean.png", "--device", "cpu", cwd=tmp_path)
    expected = load(device="cpu")(from_bytes(read_picture_file(tmp_path / "noisy.png")))
    found = from_bytes(np.asarray(Image.open(tmp_path / "clean.png")))
    assert float((found - expected).abs().max()) <= 0.5 / 255 + 1e-5
    options = "--model dense_autoencoder --data own --steps 3 --device cpu --out mine.safetensors --json"
    trained = json.loads(installed.command("train", *options.split(), cwd=tmp_path))
    assert trained["steps"] == 3 and load(tmp_path / "mine.safetensors").info.steps == 3
    kept = [file.name for file in (installed.cache / "denoiser").iterdir()]
    assert any(re.fullmatch(r"own-\w+-train-20000\.npy", name) for name in kept)


def test_its_name_is_what_was_typed(installed, tmp_path):
    for start, name in (
        ([str(installed.site / "bin" / "denoiser")], "denoiser"),
        ([sys.executable, "-m", "denoiser"], "python -m denoiser"),
    ):
        wrong = [*start, "train", "--steps", "many"]
        done = subprocess.run(wrong, cwd=tmp_path, env=installed.environment, capture_output=True, text=True)
        assert done.returncode == 2 and done.stderr.count("\n") == 1
        assert done.stderr.endswith(f"; see {name} train --help\n")
