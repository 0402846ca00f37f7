"""What a browser computes with: files for good, weights as the graphs want them, and the noise of a seed."""

import gzip
import hashlib
import time
from typing import Any

import httpx
import numpy as np
import pytest
import torch

import denoiser
from denoiser.checkpoint import Info, checkpoint_bytes
from denoiser.graphs import flat_weights, stage_graph
from denoiser.models import build
from serving.runs.registry import Runs
from ui.worker.files import worker_files
from ui.worker.vendor import SCRIPT, SHA256, WASM, compressed


def test_the_runtime_is_that_of_its_package_and_travels_compressed(http: httpx.Client) -> None:
    files = worker_files()
    for name, address, media_type in (
        (SCRIPT, files["runtime"], "text/javascript; charset=utf-8"),
        (WASM, files["wasm"], "application/wasm"),
    ):
        with http.stream("GET", f"/{address}", headers={"accept-encoding": "gzip"}) as answer:
            sent = b"".join(answer.iter_raw())
        assert sent == compressed(name) and answer.headers["content-encoding"] == "gzip"
        assert hashlib.sha256(gzip.decompress(sent)).hexdigest() == SHA256[name]
        assert answer.headers["content-type"] == media_type and "immutable" in answer.headers["cache-control"]
        plain = http.get(f"/{address}", headers={"accept-encoding": "identity"})
        assert plain.content == gzip.decompress(sent) and "content-encoding" not in plain.headers


def test_a_runtime_of_another_version_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SHA256, SCRIPT, "0" * 64)
    with pytest.raises(ValueError, match=r"is not that of onnxruntime-web 1\.30\.0: run python -m ui.worker.vendor"):
        compressed(SCRIPT)


def test_graphs_and_shipped_weights_are_there_for_good(http: httpx.Client) -> None:
    files = worker_files()
    drown = stage_graph("drown")
    assert drown is not None
    assert http.get(f"/{files['stages']['drown']}").content == drown.read_bytes()
    assert files["networks"].keys() == {info.name for info in denoiser.available()}
    answer = http.get(f"/{files['networks']['residual_unet']['weights']}")
    assert answer.content == flat_weights(denoiser.load(device="cpu").stage)
    assert "immutable" in answer.headers["cache-control"]
    reader = http.get(f"/{files['readers']['default']['weights']}")
    assert reader.content == flat_weights(denoiser.load_classifier(device="cpu").stage)
    gone = http.get("/worker/0123456789abcdef.onnx")
    assert gone.status_code == 404 and gone.json() == {"detail": "there is no such file: reload the page"}


def test_a_visitors_network_travels_once_it_is_trained(http: httpx.Client, runs: Runs) -> None:
    token = runs.start({"model": "dense_autoencoder", "data": "own", "seconds": 1.0})
    while runs.watch(token)["state"] != "ended":
        if (answer := http.get("/worker/network", headers={"X-Run": token})).status_code != 200:
            assert answer.status_code == 503 and "still trained" in answer.json()["detail"]
        time.sleep(0.05)
    answer = http.get("/worker/network", headers={"X-Run": token})
    assert answer.content == flat_weights(runs.denoiser(token).stage)
    assert answer.headers["x-graph"] == worker_files()["networks"]["dense_autoencoder"]["graph"]
    assert answer.headers["cache-control"] == "no-store"
    wrong = http.get("/worker/network", params={"reads": "1"}, headers={"X-Run": token})
    assert wrong.status_code == 409 and "which denoises" in wrong.json()["detail"]


def test_what_cannot_travel_says_so(http: httpx.Client, runs: Runs) -> None:
    odd = runs.adopt(checkpoint_bytes(build("residual_unet", {"width": 24}), Info("residual_unet")), "odd")
    answer = http.get("/worker/network", headers={"X-Run": odd})
    assert answer.status_code == 409 and "stays on the server" in answer.json()["detail"]
    assert http.get("/worker/network", headers={"X-Run": "no-such-run"}).status_code == 404
    assert http.get("/worker/network").status_code == 404


def test_the_noise_of_a_seed_is_that_of_corrupt(http: httpx.Client) -> None:
    clean = torch.zeros(1, 1, 28, 28)
    many = http.get("/worker/noise", params={"distribution": "uniform", "seed": 5, "count": 3})
    fields = np.frombuffer(many.content, "<f4").reshape(3, 1, 1, 28, 28)
    for place, field in enumerate(fields):
        noisy = denoiser.corrupt(clean, 1.0, generator=torch.Generator().manual_seed(5 + place))
        assert np.array_equal(field, noisy.numpy())
    normal = http.get("/worker/noise", params={"distribution": "normal", "seed": 2**31 - 1, "count": 2})
    drawn = torch.randn(1, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    assert np.array_equal(np.frombuffer(normal.content, "<f4")[784:], drawn.numpy().ravel())  # it begins anew


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"distribution": "poisson", "seed": 1, "count": 1}, "uniform or normal"),
        ({"distribution": "uniform", "seed": -1, "count": 1}, "seed must be"),
        ({"distribution": "uniform", "seed": 2**31, "count": 1}, "seed must be"),
        ({"distribution": "uniform", "seed": 1, "count": 65}, "count 1 to 64"),
        ({"distribution": "uniform", "seed": 1, "count": "9" * 5000}, "count 1 to 64"),
        ({"distribution": "uniform", "seed": "²", "count": 1}, "seed must be"),
        ({}, "uniform or normal"),
    ],
)
def test_other_questions_are_refused(http: httpx.Client, question: dict[str, Any], words: str) -> None:
    answer = http.get("/worker/noise", params=question)
    assert answer.status_code == 400 and words in answer.json()["detail"]
