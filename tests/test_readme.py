"""The READMEs are true: their code runs, their commands work, their tables are those of the shipped weights."""

import base64
import csv
import itertools
import json
import math
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.rivals import RESULTS
from denoiser import available, load, load_digits
from denoiser.checkpoint import read_info
from denoiser.cli.main import main
from denoiser.cli.tables import compact_table, results_csv
from denoiser.contenders import Contender
from denoiser.data import find_mnist, find_strokes, handwritten_digits
from denoiser.evaluation import SCORED_AMOUNTS, Scoring
from denoiser.noise import KINDS
from denoiser.picture_files import encode_png
from serving.runs.registry import Runs
from serving.workers.threads import ThreadWorkers
from ui.page import build_page, launch_options

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "benchmarks" / "reference.json"
PAGES = ("README.md", "README.zh.md")
INSTALL = "python3 -m venv"
COPIED = ("start", "tests", "space")  # lines to be copied, which no command writes


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name, language):
    return re.findall(rf"^```{language}\n(.*?)^```", text(name), flags=re.M | re.S)


def marked(name, place):
    return text(name).split(f"<!-- {place}:start -->")[1].split(f"<!-- {place}:end -->")[0].strip()


def places(name):
    return [place for place in re.findall(r"<!-- ([a-z0-9-]+):start -->", text(name)) if place not in COPIED]


PLACES = {name: places(name) for name in (*PAGES, "checkpoints/README.md")}


def rows_of(place, page="checkpoints/README.md"):
    """The cells of every row of that place's tables, below the first cell of their heads."""
    found, head = [], ""
    for line in marked(page, place).splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|---"):
            continue
        if line.startswith("|") and (cells[0].endswith(" noise") or cells[0] == "noise"):
            head = cells[0].removesuffix(" noise")
        elif line.startswith("|"):
            found.append((head, cells))
    return found


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
    (own,) = [block for block in blocks("README.md", "python") if block.startswith("# my_filter.py")]
    (tmp_path / "my_filter.py").write_text(own)

    lines = [line for block in blocks("README.md", "bash") for line in block.splitlines()]
    start = "python -m denoiser "
    commands = [line.removeprefix(start) for line in lines if line.startswith(start)]
    assert len(commands) >= 5
    for command in commands:
        assert main(command.split()) == 0, capsys.readouterr().err
    assert Image.open(tmp_path / "clean.png").size == (28, 28)
    scored = list(csv.DictReader((tmp_path / "mine.csv").read_text().splitlines()))
    mine, noisy = (
        [float(line["mse"]) for line in scored if line["name"] == name] for name in ("my_filter:blur", "noisy")
    )
    assert len(mine) == 25 and sum(mine) < sum(noisy)


def test_both_languages_say_the_same():
    english, chinese = (text(page) for page in PAGES)
    assert blocks("README.md", "bash") == blocks("README.zh.md", "bash")
    assert set(PLACES["README.md"]) == set(PLACES["README.zh.md"])
    for place in PLACES["README.md"]:
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


@pytest.mark.parametrize("page", PLACES)
def test_every_table_has_its_command_and_what_it_was_measured_on(page):
    """Whoever wants to renew it finds the command beside it, and what the figures hold for within it."""
    commands = {
        **{"results": "benchmarks.quality", "kinds": "benchmarks.quality", "pen": "benchmarks.quality"},
        **{"specialists": "benchmarks.specialists", "learning": "benchmarks.quality --only learning"},
        **{"latency": "benchmarks.latency", "handwriting": "benchmarks.handwriting", "drawing": "benchmarks.drawing"},
        **{"speedrun": "benchmarks.speedrun", "speedrun-unet2d": "benchmarks.speedrun", "training": "live_training"},
        **{"reference": "evaluate --methods all --kinds all --compact --table reference"},
        **{"training-avx2": "ONEDNN_MAX_CPU_ISA=AVX2 python -m benchmarks.live_training --table training-avx2"},
    }
    said = " ".join(text(page).split())
    for place in PLACES[page]:
        assert commands[place] in said or page == "checkpoints/README.md" and commands[place] in text("README.md")
        assert re.search(r"\d+ threads?\b", marked(page, place)), place


def test_tables_that_stand_in_two_files_are_the_same():
    assert marked("README.md", "results") == marked("checkpoints/README.md", "results")


def test_the_figures_of_rivals_are_those_that_were_measured():
    rows = {cells[0]: cells for _, cells in rows_of("results", "README.md")}
    for rival in json.loads(RESULTS.read_text()).values():
        few = f", {rival['digits']:,} digits"
        cells = rows[rival["name"] + few]
        assert float(cells[2].split("±")[0].split("(")[0]) == round(rival["mse"]["uniform"], 5)
        assert [float(cell.split()[0]) for cell in cells[3:7]] == [
            round(rival["mse"][key], 4) for key in ("0.25", "0.5", "0.75", "0.9")
        ]


def test_the_reference_table_and_its_lines_are_those_of_its_facts():
    facts = json.loads(REFERENCE.read_text())
    assert marked("README.md", "reference") == compact_table(facts)
    assert REFERENCE.with_suffix(".csv").read_text() == results_csv(facts)
    assert {row["kind"] for row in facts["rows"]} == set(KINDS)
    assert {info.name for info in available()} < {row["name"] for row in facts["rows"] if row["kind"] == KINDS[0]}


@pytest.mark.skipif(find_mnist() is None, reason="needs MNIST in the folder that DENOISER_DATA names")
@pytest.mark.parametrize("kind", ["blend", "salt_pepper"])
def test_the_reference_is_what_is_scored_again(kind):
    facts = json.loads(REFERENCE.read_text())
    digits = load_digits("mnist", "test", limit=facts["digits"])
    contenders = [Contender.classical("gaussian_filter"), *Contender.of(load("dense_autoencoder", device="cpu"))]
    for contender in contenders:
        (row,) = [row for row in facts["rows"] if (row["name"], row["kind"]) == (contender.name, kind)]
        scoring = Scoring(contender.denoise, digits, 0.5, place=1, kind=kind, tell=True)
        assert sum(scoring.run()) == len(digits)
        assert float(scoring.found["mse"].mean()) == pytest.approx(row["mse"]["0.5"], rel=0.001)


def test_what_tables_say_of_decibels_and_shares_follows_from_their_errors():
    for place, page in (("results", "README.md"), ("kinds", "checkpoints/README.md"), ("pen", "checkpoints/README.md")):
        for _, cells in rows_of(place, page):
            mse, psnr = re.match(r"([\d.]+).*\(([\d.]+) dB\)", cells[2]).groups()
            assert float(psnr) == pytest.approx(-10 * math.log10(float(mse)), abs=0.06), cells
    rows = [cells for _, cells in rows_of("specialists")]
    for start in range(0, len(rows), 3):  # the shipped network, all kinds, this kind alone
        alone = [float(cell) for cell in rows[start + 2][2:]]
        for row in rows[start : start + 2]:
            for cell, best in zip(row[2:], alone, strict=True):
                error, more = re.match(r"([\d.]+) \(([+-][\d.]+)%\)", cell).groups()
                # Both errors are rounded to the fifth digit, which moves their ratio by so much.
                assert float(more) / 100 == pytest.approx(float(error) / best - 1, abs=0.0006 + 0.00001 / best)


def test_the_speed_runs_ratios_follow_from_their_seconds():
    for place in ("speedrun", "speedrun-unet2d"):
        lines = marked("README.md", place).splitlines()
        ours = float(re.match(r"ours +([\d.]+) s", next(line for line in lines if line.startswith("ours")))[1])
        slower = [re.search(r"([\d.]+) s .*: ([\d.]+) times as long", line) for line in lines]
        ratios = [(float(found[1]), float(found[2])) for found in slower if found]
        assert ratios
        for seconds, ratio in ratios:
            assert ratio == pytest.approx(seconds / ours, rel=0.006 / ours + 0.001)  # ours is told to the hundredth


# Which digits a table is about, which of its rows are scored again here, and on how many digits.
SCORED = {
    "results": ("mnist", 10_000, ("residual_unet", "simple_unet", "conv_autoencoder", "dense_autoencoder")),
    "kinds": ("mnist", 2000, ("residual_unet", "simple_unet")),
    "pen": ("pen", 1499, ("residual_unet", "simple_unet")),
}


def evenly_noisy_mse(network, digits, kind, told):
    """What `evaluate` says of "uniform", under the very same noise, without the other amounts."""
    scoring = Scoring(network, digits, None, place=len(SCORED_AMOUNTS), kind=kind, tell=told)
    assert sum(scoring.run()) == len(digits)
    return float(scoring.found["mse"].mean())


@pytest.mark.skipif(find_mnist() is None, reason="needs MNIST in the folder that DENOISER_DATA names")
@pytest.mark.parametrize("place", SCORED)
def test_a_table_is_what_these_weights_score(place):
    data, count, names = SCORED[place]
    if data == "pen" and find_strokes() is None:
        pytest.skip("needs the pen strokes in the folder that DENOISER_DATA names")
    digits = load_digits(data, "test")
    digits = digits.take(range(min(count, len(digits))))  # the first ones, as the benchmark takes them
    assert f"{len(digits):,} digits (" in marked("checkpoints/README.md", place)
    rows = [(kind, cells) for kind, cells in rows_of(place) if cells[0].split(",")[0] in names]
    networks = {name: load(name, device="cpu") for name in names}
    assert {cells[0].split(",")[0] for _, cells in rows} == set(names)
    for kind, cells in rows:
        told = cells[0].endswith("told kind and amount")
        promised = float(cells[2].split("±")[0])
        scored = evenly_noisy_mse(networks[cells[0].split(",")[0]], digits, kind, told)
        assert scored == pytest.approx(promised, rel=0.02), cells
        assert networks[cells[0].split(",")[0]].info.parameters == int(cells[1].replace(",", ""))


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
            how = (
                f"--loss {training['loss']} --importance-sampling {training['importance_sampling']:g} --learning-rate "
            )
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
