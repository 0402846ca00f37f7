"""One file rebuilds the network; whatever else a file may hold is refused in one line."""

import json
import os
import pickle
import struct
import subprocess
import sys
from contextlib import nullcontext
from types import SimpleNamespace

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from denoiser import Info, TrainingConfig, TrainingRun, checkpoint
from denoiser.checkpoint import FORMAT, load_checkpoint, read_info, save_checkpoint
from denoiser.models import MODELS, build, parameter_count
from denoiser.train.state import load_state, save_state

SMALL = {"width": 8, "deep_width": 8, "blocks_deep": 1, "tone_curves": 3}


@pytest.fixture
def saved(tmp_path):
    torch.manual_seed(0)
    model = build("residual_unet", SMALL)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    path = tmp_path / "small.safetensors"
    info = Info(model="residual_unet", data="MNIST", noise="blend", steps=7, seconds=1.5, metrics={"mse": 0.01})
    save_checkpoint(path, model, info)
    return path, model


def rewrite(path, tensors=None, **metadata):
    """The same file with other tensors or another description."""
    with open(path, "rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        known = json.loads(file.read(size))["__metadata__"]
    save_file(load_file(path) if tensors is None else tensors, path, known | metadata)


def test_a_fresh_process_rebuilds_the_network(saved):
    path, model = saved
    x = torch.linspace(0, 1, 784).reshape(1, 1, 28, 28)
    program = (
        "import sys, torch, denoiser\n"
        "d = denoiser.load(sys.argv[1], device='cpu')\n"
        "print(d(torch.linspace(0, 1, 784).reshape(1, 1, 28, 28)).double().sum().item())"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    with torch.no_grad():
        expected = model.eval()(x).clamp(0, 1).double().sum().item()
    assert float(done.stdout) == pytest.approx(expected, abs=1e-3)


def test_everything_known_comes_back(saved):
    path, model = saved
    loaded, info = load_checkpoint(path)
    assert (info.name, info.model, info.data, info.noise) == ("small", "residual_unet", "MNIST", "blend")
    assert (info.steps, info.seconds, info.metrics) == (7, 1.5, {"mse": 0.01})
    assert info.parameters == parameter_count(model)
    assert read_info(path) == info
    assert all(
        torch.equal(a, b) for a, b in zip(model.state_dict().values(), loaded.state_dict().values(), strict=True)
    )
    assert all(parameter.requires_grad for parameter in loaded.parameters())


@pytest.mark.parametrize("name", [name for name in MODELS if name != "tutorial_classifier"])
def test_every_network_survives_the_way_through_a_file(name, tmp_path):
    model = build(name).eval()
    save_checkpoint(tmp_path / "x.safetensors", model, Info(model=name))
    x = torch.rand(2, 1, 28, 28)
    with torch.no_grad():
        assert torch.equal(model(x), load_checkpoint(tmp_path / "x.safetensors")[0](x))


def refused(path, message):
    with pytest.raises(ValueError, match=message) as caught:
        load_checkpoint(path)
    assert "\n" not in str(caught.value)
    assert path.name in str(caught.value)


@pytest.mark.parametrize("kept", [0, 4, 8, 100, 0.5, 0.99])
def test_a_truncated_file_is_refused(saved, kept):
    path, _ = saved
    data = path.read_bytes()
    path.write_bytes(data[: kept if isinstance(kept, int) else int(kept * len(data))])
    refused(path, "not a safetensors file, or is damaged")


def test_a_pickle_under_our_suffix_is_not_unpickled(tmp_path):
    class Bomb:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "boom"),)

    path = tmp_path / "bomb.safetensors"
    path.write_bytes(pickle.dumps(Bomb()))
    refused(path, "not a safetensors file")
    torch.save({"x": Bomb()}, path)
    refused(path, "not a safetensors file")
    assert not (tmp_path / "boom").exists()


def test_files_of_earlier_versions_are_read_by_the_names_of_today(saved, tmp_path):
    path, model = saved
    save_checkpoint(path, model, Info(model="residual_unet", training={"emphasis": 0.5, "steps": 3}))
    assert read_info(path).training == {"importance_sampling": 0.5, "steps": 3}
    run = TrainingRun(TrainingConfig(model_config=SMALL, data="own", limit=8, steps=1, importance_sampling=0.5))
    save_state(tmp_path / "now.state", run.state())
    metadata, tensors = checkpoint.read_safetensors(tmp_path / "now.state")
    formerly = metadata | {"config": metadata["config"].replace("importance_sampling", "emphasis")}
    assert formerly != metadata
    save_file(tensors, tmp_path / "formerly.state", formerly)
    assert load_state(tmp_path / "formerly.state").config == run.config


@pytest.mark.parametrize("fill", [1, 4096])  # the same size and another one: a silent mixture and a loud one
def test_a_file_that_is_replaced_while_it_is_read_is_read_whole(tmp_path, monkeypatch, fill):
    path, newer = tmp_path / "run.safetensors", tmp_path / "newer.safetensors"
    save_file({"step": torch.zeros(8)}, path, {"step": "0"})
    save_file({"step": torch.ones(8 * fill)}, newer, {"step": "1"})
    opened = []

    def replaced_in_between(name, framework):
        file = safe_open(name, framework)  # the header, of the old edition
        opened.append(file.keys())
        if len(opened) > 1:
            return file
        os.replace(newer, path)
        return SimpleNamespace(metadata=file.metadata, keys=file.keys, get_tensor=safe_open(name, framework).get_tensor)

    monkeypatch.setattr(
        checkpoint, "safe_open", lambda name, framework: nullcontext(replaced_in_between(name, framework))
    )
    metadata, tensors = checkpoint.read_safetensors(path)
    assert (len(opened), metadata["step"], float(tensors["step"].mean())) == (2, "1", 1.0)


def test_a_file_that_is_replaced_all_the_time_is_told(saved, monkeypatch):
    path, _ = saved
    editions = iter(range(1000))
    monkeypatch.setattr(checkpoint, "_edition", lambda path: (next(editions), 0, 0))
    with pytest.raises(ValueError, match="replaced faster than it can be read: wait"):
        load_checkpoint(path)


def test_keys_that_do_not_fit_are_named(saved):
    path, model = saved
    tensors = dict(model.state_dict())
    rewrite(path, {k: v for k, v in tensors.items() if k != "enter.bias"})
    refused(path, "'enter.bias' of residual_unet is missing")
    rewrite(path, tensors | {"extra.weight": torch.zeros(1)})
    refused(path, "unknown key 'extra.weight'")
    rewrite(path, tensors | {"enter.bias": torch.zeros(9)})
    refused(path, r"'enter.bias' is float32 \[9\] where residual_unet needs float32 \[8\]")
    rewrite(path, tensors | {"enter.bias": torch.zeros(8, dtype=torch.float16)})
    refused(path, r"'enter.bias' is float16 \[8\]")
    rewrite(path, tensors | {"enter.bias": torch.full((8,), torch.nan)})
    refused(path, "'enter.bias' are not finite")


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ({"format": "pt"}, "not a checkpoint of this project"),
        ({"model": '"vgg"'}, "unknown model 'vgg'"),
        ({"model": '["residual_unet"]'}, "unknown model"),
        ({"model": '"simple_unet"', "config": "{}"}, "is missing"),
        ({"config": '{"width": 100000000}'}, "width must be a whole number"),
        ({"config": '{"width": NaN}'}, "width must be a whole number"),
        ({"config": '{"colour": 1}'}, "no setting 'colour'"),
        ({"config": "[1, 2]"}, "no setting|damaged"),
        ({"config": "{"}, "description is damaged"),
        ({"steps": '"many"'}, "description is damaged"),
        ({"steps": "1e999"}, "description is damaged"),
        ({"surprise": "1"}, "description is damaged"),
        ({"model": "[" * 100_000}, "description is damaged"),
    ],
)
def test_a_hostile_description_is_refused(saved, metadata, message):
    path, _ = saved
    rewrite(path, **metadata)
    refused(path, message)


def test_a_stranger_to_the_project_is_refused(tmp_path):
    path = tmp_path / "other.safetensors"
    save_file({"weight": torch.zeros(3)}, path)
    refused(path, "not a checkpoint of this project")
    with pytest.raises(FileNotFoundError, match="no file at"):
        load_checkpoint(tmp_path / "missing.safetensors")


def test_writing_replaces_whole_files_only(saved, monkeypatch):
    path, model = saved
    before = path.read_bytes()

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        save_checkpoint(path, model, Info(model="residual_unet", steps=8))
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    with pytest.raises(ValueError, match="must end in .safetensors"):
        save_checkpoint(path.with_suffix(".pt"), model, Info(model="residual_unet"))


def test_a_network_in_use_does_not_hang_on_its_file(saved):
    path, model = saved
    loaded, _ = load_checkpoint(path)
    with open(path, "r+b") as file:  # in place, as a copy over it would write
        file.write(b"\xff" * path.stat().st_size)
    assert all(torch.equal(model.state_dict()[key], tensor) for key, tensor in loaded.state_dict().items())


def test_the_format_is_written_down(saved):
    path, _ = saved
    size = struct.unpack("<Q", path.read_bytes()[:8])[0]
    metadata = json.loads(path.read_bytes()[8 : 8 + size])["__metadata__"]
    assert metadata["format"] == FORMAT
    assert json.loads(metadata["config"])["width"] == 8
