"""What CONTRIBUTING.md says is so: its paths are there, and what it tells a newcomer to do is enough."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from denoiser import KINDS, load
from denoiser.data import handwritten_digits

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

# A kind of noise: a share of the rows becomes black.
LINES = """def _lines(x: Tensor, a: Tensor, n: Tensor) -> Tensor:
    return torch.where(n[..., :1] < a, 0, x)


"""
NETWORK = """from dataclasses import dataclass

from torch import nn


@dataclass(frozen=True)
class TwoLayersConfig:
    dropout: float = 0.0


class TwoLayers(nn.Sequential):
    Config = TwoLayersConfig
    DECODER = ("1",)

    def __init__(self, config: TwoLayersConfig | None = None) -> None:
        super().__init__(nn.Conv2d(1, 4, 3, padding=1), nn.Conv2d(4, 1, 3, padding=1))
        self.config = config or TwoLayersConfig()
"""
# What a program then sees, with the project's own digits kept few.
USE = """
import json
from dataclasses import replace
import torch, denoiser, denoiser.data.own
from denoiser.watch.settings import RunSettings

torch.set_num_threads(1)
denoiser.data.own.OWN_COUNTS = {"train": 64, "validation": 16, "test": 16}
noisy = denoiser.corrupt(torch.ones(500, 1, 28, 28), 0.3, "lines", generator=torch.Generator().manual_seed(0))
clean, shipped, learned = torch.load("clean.pt"), denoiser.load(device="cpu"), {}
for model, kinds in (("two_layers", ("lines", "blend")), ("residual_unet", ("lines",))):
    settings = RunSettings(model, data="own", kinds=kinds)
    run = denoiser.TrainingRun(replace(settings.config(), steps=2, batch_size=8))
    *_, last = run
    run.save("mine.safetensors")
    learned[denoiser.load("mine.safetensors").info.model] = last.step
print(json.dumps({
    "file": denoiser.__file__,
    "black": (noisy.amax(dim=3) == 0).float().mean().item(),
    "learned": learned,
    "untold": shipped(clean).flatten().tolist(),
    "told": {kind: shipped(clean, kind, 0.5).flatten().tolist() for kind in denoiser.KINDS},
}))
"""


def put(file, text, before):
    """Write a text into a file, before another that stands in it once."""
    written = file.read_text(encoding="utf-8")
    assert written.count(before) == 1
    file.write_text(written.replace(before, text + before), encoding="utf-8")


@pytest.fixture
def extended(tmp_path):
    """A copy of the package to which a kind of noise and a network were added as CONTRIBUTING.md says."""
    for name in ("denoiser", "checkpoints"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    noise, models = tmp_path / "denoiser" / "noise.py", tmp_path / "denoiser" / "models"
    put(noise, LINES, before="# A new kind goes to the end")
    put(noise, '    "lines": Kind(_uniform, _lines),\n', before="}\nKINDS: tuple")
    (models / "two_layers.py").write_text(NETWORK)
    registry = models / "__init__.py"
    put(
        registry,
        "from denoiser.models.two_layers import TwoLayers\n",
        before="from denoiser.models.tutorial_classifier",
    )
    put(registry, '    "two_layers": TwoLayers,\n', before="}\nCLASSIFIERS")
    return tmp_path


def test_the_paths_in_it_are_there():
    named = set(re.findall(r"`([\w./]+(?:/|\.py|\.md|\.d\.ts|/run))`", TEXT)) - {"tab.py"}
    assert {"denoiser/noise.py", "ui/page.py", "checkpoints/", ".ci/run"} <= named
    assert [path for path in named if not (ROOT / path).exists()] == []
    picture = TEXT.split("```")[1]
    for room in re.findall(r"^(\w+/)|(app\.py)", picture, flags=re.M):
        assert (ROOT / "".join(room)).exists()
    assert all((ROOT / "ui" / "draw" / name).exists() for name in ("tab.py", "board.html", "board.css"))


def test_a_kind_of_noise_and_a_network_need_no_more_than_it_says(extended):
    clean = handwritten_digits(2, seed=9).images
    torch.save(clean, extended / "clean.pt")
    environment = os.environ | {"PYTHONPATH": str(extended), "DENOISER_DATA": str(extended)}
    done = subprocess.run(
        [sys.executable, "-c", USE], cwd=extended, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert Path(seen["file"]).is_relative_to(extended)
    assert seen["black"] == pytest.approx(0.3, abs=0.02)  # 14,000 rows: five standard deviations
    assert seen["learned"] == {"two_layers": 2, "residual_unet": 2}
    # The shipped network answers as it did, and to a kind that it never learned as if it were told nothing.
    network = load(device="cpu")
    expected = {kind: network(clean, kind, 0.5) for kind in KINDS} | {"lines": network(clean)}
    assert list(seen["told"]) == [*KINDS, "lines"]
    for kind, answer in seen["told"].items():
        assert torch.allclose(torch.tensor(answer), expected[kind].flatten(), atol=1e-5)
    assert seen["told"]["lines"] == seen["untold"] != seen["told"]["speckle"]
