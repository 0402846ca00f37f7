"""The examples run with the installed package, far from the checkout, and do what they say."""

import json
import re
from pathlib import Path

import nbformat
import pytest
import torch
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

from denoiser import corrupt, load, load_digits
from denoiser.data import handwritten_digits
from denoiser.metrics import mse, psnr
from denoiser.picture_files import nearest, read_picture_file, write_picture
from denoiser.pictures import from_bytes

EXAMPLES = Path(__file__).parents[2] / "examples"
NOTEBOOK = EXAMPLES / "denoiser.ipynb"


def errors(printed):
    """Whose error is which, as the examples print it."""
    return {name.strip(): float(error) for name, error in re.findall(r"^(\S+?):? +MSE ([\d.]+)", printed, flags=re.M)}


@pytest.mark.parametrize("script", sorted(EXAMPLES.glob("*.py")), ids=lambda script: script.name)
def test_scripts_are_short(script):
    assert len(script.read_text().splitlines()) < 30


def test_a_folder_is_denoised_and_what_is_no_picture_is_named(installed, tmp_path):
    clean = handwritten_digits(4, seed=3).images
    noisy = corrupt(clean, 0.6, generator=torch.Generator().manual_seed(0))
    (tmp_path / "noisy").mkdir()
    for number in range(4):
        write_picture(tmp_path / "noisy" / f"{number}.png", noisy[number : number + 1])
    (tmp_path / "noisy" / "notes.txt").write_text("no picture")
    printed = installed.run(EXAMPLES / "denoise_folder.py", "noisy", "new/clean", cwd=tmp_path)
    assert re.search(r"^left out: .*notes\.txt: this is not a picture", printed, flags=re.M)
    written = sorted((tmp_path / "new" / "clean").iterdir())
    assert [file.name for file in written] == ["0.png", "1.png", "2.png", "3.png"]
    denoised = torch.cat([from_bytes(nearest(read_picture_file(file))) for file in written])
    assert (psnr(denoised, clean) > psnr(noisy, clean) + 8).all()


def test_what_was_trained_is_used_from_its_file(installed, tmp_path):
    told = errors(installed.run(EXAMPLES / "train_and_use.py", "3", cwd=tmp_path))
    assert told["default"] < told["mine.safetensors"] < told["noisy"] / 2
    network = load(tmp_path / "mine.safetensors", device="cpu")
    assert network.info.training["seconds"] == 3 and network.info.steps > 10
    clean = load_digits("own", "test", limit=500, folder=installed.cache / "denoiser").images
    noisy = corrupt(clean, 0.75, generator=torch.Generator().manual_seed(0))
    assert float(mse(network(noisy), clean).mean()) == pytest.approx(told["mine.safetensors"], rel=0.01)


def test_a_network_of_ones_own_stands_beside_the_shipped(installed, tmp_path):
    told = errors(installed.run(EXAMPLES / "compare_with_your_own.py", cwd=tmp_path))
    assert list(told)[:3] == ["noisy", "yours", "residual_unet"] and len(told) == 6
    assert told["noisy"] == pytest.approx(1 / 9, rel=0.15)  # E[a²]·E[n²] on black; a digit's ink makes it a little less
    assert told["residual_unet"] < told["yours"] < told["noisy"] / 3


def test_the_notebook_is_stripped_of_its_outputs():
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None


def test_the_notebook(installed, tmp_path):
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    facts = "print(json.dumps({'error': {name: score.mse['uniform'] for name, score in scores.items()}, "
    facts += "'file': denoiser.__file__, 'steps': [run.step, again.info.steps]}))"
    notebook.cells.append(new_code_cell(f"import json\n{facts}"))
    where = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources=where).execute(env=installed.environment)
    told = json.loads(notebook.cells[-1].outputs[0].text)
    assert Path(told["file"]).is_relative_to(installed.site)
    error = told["error"]
    assert error["residual_unet"] < error["mine"] < error["noisy"] / 2
    assert told["steps"][0] == told["steps"][1] > 10 and (tmp_path / "mine.safetensors").exists()
    (training,) = [cell for cell in notebook.cells if "for step in run" in cell.source]
    assert [output.output_type for output in training.outputs] == ["display_data"]  # one picture that changed
    assert "image/png" in training.outputs[0].data
