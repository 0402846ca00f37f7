"""A network as one ONNX file: what is in it, that it computes the same, and what is refused."""

import json

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from denoiser import corrupt, load, load_classifier
from denoiser.cli.main import main
from denoiser.data import handwritten_digits
from denoiser.export import export
from denoiser.inference import load_network
from denoiser.models import parameter_count


@pytest.fixture(scope="module")
def clean():
    return handwritten_digits(10, seed=3).images


def run(path, **inputs):
    """Alone, as another program would."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return session.run(None, {name: tensor.numpy() for name, tensor in inputs.items()})[0]


def test_a_denoiser_alone_computes_the_same(tmp_path, clean):
    written = export("simple_unet", tmp_path / "net.onnx", clean)
    assert written.inputs == {"noisy": ["batch", 1, 28, 28]} and written.outputs == {"denoised": ["batch", 1, 28, 28]}
    assert written.bytes == (tmp_path / "net.onnx").stat().st_size and 0 < written.difference < 1e-5
    noisy = corrupt(clean, 0.6, generator=torch.Generator().manual_seed(1))
    for few in (noisy, noisy[:1]):
        expected = load("simple_unet", "cpu")(few).numpy()
        assert np.abs(run(written.path, noisy=few) - expected).max() < 1e-5


def test_a_told_denoiser_and_a_reader_of_fixed_batches(tmp_path, clean):
    told = torch.zeros(2, 10)
    told[:, 0], told[:, 5] = 0.6, 1  # blend comes first
    noisy = corrupt(clean[:2], 0.6, generator=torch.Generator().manual_seed(1))
    written = export("default", tmp_path / "net.onnx", clean, batch=2, told=True)
    assert written.inputs == {"noisy": [2, 1, 28, 28], "told": [2, 10]}
    expected = load("default", "cpu")(noisy, "blend", 0.6).numpy()
    assert np.abs(run(written.path, noisy=noisy, told=told) - expected).max() < 1e-5
    export("lean_classifier", tmp_path / "reader.onnx", clean, batch=1)
    expected = load_classifier(device="cpu")(clean[:1]).numpy()
    assert np.abs(run(tmp_path / "reader.onnx", pictures=clean[:1]) - expected).max() < 1e-5


def test_the_file_says_what_the_checkpoint_says_and_nothing_of_the_machine(tmp_path, clean):
    export("dense_autoencoder", tmp_path / "net.onnx", clean)
    model = onnx.load(str(tmp_path / "net.onnx"))
    onnx.checker.check_model(model)
    said = {each.key: each.value for each in model.metadata_props}
    network, info = load_network("dense_autoencoder")
    assert said["format"] == "denoiser-onnx-1" and said["name"] == "dense_autoencoder"
    assert json.loads(said["parameters"]) == parameter_count(network) == info.parameters
    assert json.loads(said["training"]) == info.training and json.loads(said["config"]) == info.config
    assert {each.name for each in model.graph.initializer} >= {
        f"network.{name}" for name, _ in network.named_parameters()
    }
    assert b".py" not in (tmp_path / "net.onnx").read_bytes()


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("net.bin", {}, "must end in .onnx"),
        ("net.onnx", {"batch": 0}, "batch must be a whole number from 1 to 256, not 0"),
        ("net.onnx", {"told": True}, "dense_autoencoder cannot be told the noise: leave out told"),
    ],
)
def test_what_cannot_be_exported_is_refused(tmp_path, clean, name, options, words):
    with pytest.raises(ValueError, match=words):
        export("dense_autoencoder", tmp_path / name, clean, **options)
    assert list(tmp_path.iterdir()) == []


def test_what_computes_something_else_is_not_written(tmp_path, clean, monkeypatch):
    before = (tmp_path / "net.onnx").write_bytes(b"of before")
    monkeypatch.setattr("denoiser.export.Session.__call__", lambda self, noisy, *more: [noisy * torch.nan])
    with pytest.raises(ValueError, match="dense_autoencoder: the exported network differs by nan: it is not written"):
        export("dense_autoencoder", tmp_path / "net.onnx", clean)
    assert (tmp_path / "net.onnx").stat().st_size == before


def test_the_command_says_in_one_line_how_far_both_differ(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("denoiser.cli.export.load_digits", lambda *_, limit: handwritten_digits(limit, seed=4))
    assert main(["export", "--model", "dense_autoencoder"]) == 0
    line = capsys.readouterr().out
    assert line.startswith("Wrote dense_autoencoder.onnx: takes noisy [batch, 1, 28, 28]; on 64 test digits it differs")
    assert line.count("\n") == 1
    assert main(["export", "--model", "dense_autoencoder", "--out", "other.onnx", "--batch", "3", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["inputs"] == {"noisy": [3, 1, 28, 28]} and facts["path"] == "other.onnx"
    assert main(["export", "--model", "nobody"]) == 2
    assert capsys.readouterr().err.startswith("error: unknown model 'nobody': choose one of")


def test_the_graphs_of_the_page_can_be_renewed(tmp_path, monkeypatch, capsys):
    """Of one network and no stage, here: all of them take half a minute."""
    monkeypatch.setattr("denoiser.cli.export.FOLDER", tmp_path)
    monkeypatch.setattr("denoiser.cli.export.STAGES", {})
    monkeypatch.setattr(
        "denoiser.cli.export.shapes", lambda: iter([("dense_autoencoder", {}), ("dense_autoencoder", {})])
    )
    (tmp_path / "old.onnx").write_bytes(b"old")
    assert main(["export", "--graphs"]) == 0
    (made,) = tmp_path.iterdir()
    assert made.name.startswith("dense_autoencoder-") and str(tmp_path) in capsys.readouterr().out
    model = onnx.load(str(made), load_external_data=False)
    assert len(model.SerializeToString()) < 10_000 and any(each.external_data for each in model.graph.initializer)
