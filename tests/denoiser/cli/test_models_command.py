"""`models`: one network step by step, and its graph as a file."""

import xml.etree.ElementTree as ET

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from denoiser import load
from denoiser.checkpoint import Info, save_checkpoint
from denoiser.inference import load_network
from denoiser.models import build, config_of, parameter_count
from denoiser.models.flow import Flow
from tests.denoiser.command_line import facts, run


def boxes(path):
    return [each.get("data-name") for each in ET.parse(path).iter() if each.get("class") == "stage"]


def test_the_default_network_is_drawn_and_any_other_by_name(tmp_path, capsys):
    path = tmp_path / "net.svg"
    said = facts(capsys, "models", "--graph", path)
    flow = Flow(load("default", device="cpu").model)
    assert boxes(path) == [stage.name for stage in flow.stages]
    assert said == dict(model="residual_unet", graph=str(path), stages=len(flow.stages), skips=[["down_0", "add"]])
    _, out, _ = run(capsys, "models", "--graph", path, "--model", "tutorial_classifier")
    assert out == f"Wrote {path}: tutorial_classifier, 5 stages\n"
    assert boxes(path)[-1] == "layers_9"
    assert [each.name for each in tmp_path.iterdir()] == ["net.svg"]


def test_a_checkpoint_is_shown_as_it_was_made(tmp_path, capsys):
    model = build("residual_unet", {"blocks_deep": 2, "width": 16})
    path = tmp_path / "own.safetensors"
    save_checkpoint(path, model, Info("residual_unet", config_of(model)))
    said = facts(capsys, "models", "--summary", path, "--graph", tmp_path / "own.svg")
    assert said["model"] == "own" and said["parameters"] == parameter_count(model)
    assert boxes(tmp_path / "own.svg") == [stage.name for stage in Flow(model).stages]
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model.eval()(torch.zeros(1, 1, 28, 28))
    assert 2 * said["multiply_adds"] == counter.get_total_flops()
    assert sum(row["multiply_adds"] for row in said["layers"]) == said["multiply_adds"]


def test_the_summary_of_a_shipped_network_has_all_its_weights(capsys):
    _, out, _ = run(capsys, "models", "--summary", "residual_unet")
    *_, total, memory = out.splitlines()
    weights = parameter_count(load_network("residual_unet")[0])
    assert total.split()[:2] == ["total", f"{weights:,}"] and memory.startswith(
        f"{4 * weights / 1e6:.2f} MB of weights"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--graph", "net.png"), "name a file that ends in .svg"),
        (("--graph", "nowhere/net.svg"), "in a folder that exists"),
        (("--graph", "net.svg", "--model", "vgg"), "unknown model 'vgg'"),
        (("--graph", "net.svg", "--model", "x.safetensors"), "no file at x.safetensors"),
        (("--summary", "vgg"), "unknown model 'vgg'"),
        (("--model", "simple_unet"), "give --graph FILE.svg, too"),
        (("--summary", "simple_unet", "--model", "simple_unet"), "leave out --model"),
    ],
)
def test_mistakes_are_one_line_and_write_nothing(arguments, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capsys, "models", *arguments)
    assert (status, out) == (2, "") and message in err and err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
