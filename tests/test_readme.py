"""The READMEs are true: their code runs, their commands work, their tables are those of the shipped weights."""

import base64
import itertools
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from denoiser import available, load, load_digits
from denoiser.checkpoint import read_info
from denoiser.data import find_mnist, handwritten_digits
from denoiser.evaluation import evaluate
from denoiser.picture_files import encode_png
from serving.runs import Runs
from serving.workers import ThreadWorkers
from ui.page import build_page, launch_options

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "README.zh.md")
INSTALL = "python3 -m venv"


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name, language):
    return re.findall(rf"^```{language}\n(.*?)^```", text(name), flags=re.M | re.S)


def marked(name, place):
    return text(name).split(f"<!-- {place}:start -->")[1].split(f"<!-- {place}:end -->")[0].strip()


@pytest.fixture
def few_own_digits(monkeypatch):
    monkeypatch.setattr("denoiser.data.own.OWN_COUNTS", {"train": 200, "validation": 50, "test": 50})


@pytest.mark.parametrize("page", PAGES)
def test_the_python_blocks_run_one_after_the_other(page, few_own_digits, capsys):
    names = {}
    for block in blocks(page, "python"):
        exec(compile(block, page, "exec"), names)
    assert names["denoised"].shape == (8, 1, 28, 28)
    assert names["run"].step == 20
    assert callable(names["denoise"])  # called by test_the_call_over_http


def test_the_call_over_http():
    names = {}
    exec(next(block for block in blocks("README.md", "python") if "def denoise" in block), names)
    digit = (handwritten_digits(1, seed=1).images[0, 0] * 255).byte().numpy()
    runs = Runs(ThreadWorkers())
    page = build_page(runs=runs)
    try:
        _, address, _ = page.launch(**launch_options(runs), prevent_thread_lock=True, quiet=True)
        picture = base64.b64encode(encode_png(digit)).decode()
        (answer,) = names["denoise"](address.rstrip("/"), picture=picture, amount=0.4)
    finally:
        page.close()
        runs.close()
    assert answer["scores"]["denoised"]["psnr"] > answer["scores"]["noisy"]["psnr"] + 5


def test_the_commands_run(tmp_path, few_own_digits, monkeypatch, capsys):
    digit = (handwritten_digits(1, seed=1).images[0, 0] * 255).byte().numpy()
    Image.fromarray(np.kron(digit, np.ones((4, 4), dtype=np.uint8))).save(tmp_path / "digit.png")
    monkeypatch.chdir(tmp_path)
    from denoiser.__main__ import main

    lines = [line for block in blocks("README.md", "bash") for line in block.splitlines()]
    start = "python -m denoiser "
    commands = [line.removeprefix(start) for line in lines if line.startswith(start)]
    assert len(commands) >= 5
    for command in commands:
        assert main(command.split()) == 0, capsys.readouterr().err
    assert Image.open(tmp_path / "clean.png").size == (28, 28)


def test_both_languages_say_the_same():
    english, chinese = (text(page) for page in PAGES)
    assert blocks("README.md", "bash") == blocks("README.zh.md", "bash")
    for place in ("results", "drawing", "handwriting"):
        assert marked("README.md", place) == marked("README.zh.md", place) != ""
    assert re.findall(r"^#+", english, flags=re.M)[-8:] == re.findall(r"^#+", chinese, flags=re.M)[-8:]


@pytest.mark.parametrize("page", [*PAGES, "checkpoints/README.md", "dataset/README.md"])
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#:]+)\)", text(page)):
        assert ((ROOT / page).parent / target).exists(), f"{page} links to {target}"


def test_the_set_up_lines_are_two():
    lines = [line for block in blocks("README.md", "bash") for line in block.splitlines() if line.startswith(INSTALL)]
    assert len(lines) == 2
    assert lines[0].endswith(".venv/bin/python app.py")


@pytest.mark.parametrize("page", ["README.md", "checkpoints/README.md"])
def test_the_tables_name_every_shipped_denoiser_with_its_weights(page):
    table = marked(page, "results")
    for info in available():
        assert f"| {info.name} | {info.parameters:,} |" in table


@pytest.mark.skipif(find_mnist() is None, reason="needs MNIST in the folder that DENOISER_DATA names")
@pytest.mark.parametrize("name", ["residual_unet", "simple_unet"])
def test_the_table_is_what_these_weights_score(name):
    row = next(line for line in marked("README.md", "results").splitlines() if line.startswith(f"| {name} |"))
    promised = float(row.split("|")[3].split("±")[0])
    scores = evaluate(load(name, device="cpu"), load_digits("mnist", "test"), amounts=())
    assert scores.mse["uniform"] == pytest.approx(promised, rel=0.02)


def test_each_file_has_the_command_that_made_it():
    commands = blocks("checkpoints/README.md", "bash")[0].splitlines()
    assert all(command.startswith("python -m denoiser train ") for command in commands)
    for path in sorted((ROOT / "checkpoints").glob("*.safetensors")):
        (command,) = [command for command in commands if command.endswith(f"--out checkpoints/{path.name}")]
        training = read_info(path).training
        assert f"--steps {training['steps']}" in command
        if "--resume" not in command:
            assert f"--model {training['model']} --data {training['data']} --seed {training['seed']}" in command
        if "--kinds" in command:
            assert f"--kinds {','.join(training['kinds'])} " in command
        assert ("--told " in command) == training["model_config"].get("told", False)
        if "--start" in command:
            how = f"--loss {training['loss']} --emphasis {training['emphasis']:g} --learning-rate "
            how += f"{training['learning_rate']:g} --weight-decay {training['weight_decay']:g} "
            assert how in command
    for before, command in itertools.pairwise(["", *commands]):
        if "--start" in command:  # it goes on from what the command before it writes
            model, start = (command.split(f"--{word} ")[1].split()[0] for word in ("model", "start"))
            assert f"--model {model} " in before and before.endswith(f"--out {start} && \\")


def test_the_module_answers():
    done = subprocess.run([sys.executable, "-m", "denoiser", "--help"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0
    for command in ("train", "evaluate", "denoise", "data", "models"):
        assert command in done.stdout
