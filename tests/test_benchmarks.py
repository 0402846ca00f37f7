"""The benchmarks run, at tiny size, and do not claim what was not reached."""

import json
import math
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import torch

from benchmarks.delay import delayed
from benchmarks.devices import table as devices_table
from benchmarks.drawing import describe
from benchmarks.latency import table
from benchmarks.plots import error_over_time, pictures_over_batch, psnr_over_amount
from benchmarks.quality import learning_table, rival_row
from benchmarks.rivals import grown, main, told
from benchmarks.specialists import more
from benchmarks.specialists import table as specialists_table
from denoiser import available, corrupt, load, load_digits
from denoiser.data import find_mnist
from denoiser.evaluation import evaluate
from denoiser.models import parameter_count

ROOT = Path(__file__).parents[1]


def benchmark(name: str, *options: str) -> dict[str, Any]:
    command = [sys.executable, "-m", f"benchmarks.{name}", "--json", *options]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout.splitlines()[-1])


def test_latency_measures_every_shipped_network_alone_and_in_batches() -> None:
    facts = benchmark("latency", "--rounds", "1")
    measured = {(row["name"], row["batch"]) for row in facts["rows"] if row["device"] == "cpu"}
    names = [info.name for info in available()]
    names += [f"{name}, fastest" for name in ("residual_unet", "simple_unet")]
    assert measured == {(name, batch) for name in names for batch in (1, 64)}
    assert all(0 < row["p50"] <= row["p95"] for row in facts["rows"])
    rival = next(line for line in table(facts).splitlines() if line.startswith("| simple_unet, cpu"))
    assert rival.endswith("| 1.00 |")


def test_devices_are_measured_by_how_many_pictures_they_get(tmp_path: Path) -> None:
    plot = tmp_path / "devices.png"
    facts = benchmark("devices", "--model", "dense_autoencoder", "--most", "4", "--plot", str(plot))
    cpu = facts["ways"][0]
    assert cpu["name"] == "cpu" and list(cpu["per_second"]) == ["1", "2", "4"]
    assert all(speed > 0 for way in facts["ways"] for speed in way["per_second"].values())
    lines = devices_table(facts).splitlines()
    assert lines[4].startswith(f"| 4 | {cpu['per_second']['4']:,.0f} |") and "dense_autoencoder" in lines[-1]
    assert plot.read_bytes().startswith(b"\x89PNG")
    [axes] = pictures_over_batch(facts).axes
    assert list(axes.get_lines()[0].get_ydata()) == list(cpu["per_second"].values())


def test_a_speedrun_that_is_too_short_does_not_reach_its_target() -> None:
    if find_mnist() is None:
        pytest.skip("MNIST is not here")
    facts = benchmark("speedrun", "--seeds", "1", "--steps", "2", "--slice", "1", "--split", "validation")
    assert facts["all_reached"] is False and facts["mse"]["worst"] > facts["target"] == 0.0184
    # 2 of 985 steps, each on a quarter of the tutorial's pictures: the ratio can only be large.
    assert min(facts["ratios"].values()) > 50 and facts["ratio"] == facts["ratios"]["row by row"]
    assert facts["rival_seconds"]["row by row"] / facts["seconds"]["mean"] == pytest.approx(facts["ratio"])


def test_bm3d_is_told_the_noise_that_there_is() -> None:
    clean = torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed(0)).repeat(200, 1, 1, 1)
    noisy = corrupt(clean, 0.6, generator=torch.Generator().manual_seed(1))
    errors, told_sigmas = [], set()

    def filtered(centred: np.ndarray, sigma: float) -> np.ndarray:
        errors.append(centred - clean[0, 0].numpy())
        told_sigmas.add(sigma)
        return centred

    for picture in noisy:
        told(filtered, picture, 0.6)
    [sigma] = told_sigmas
    assert np.mean(errors) == pytest.approx(0, abs=0.01) and np.std(errors) == pytest.approx(sigma, rel=0.01)


def test_the_grown_network_begins_with_the_default_networks_answers() -> None:
    noisy, larger = torch.rand(4, 1, 28, 28, generator=torch.Generator().manual_seed(0)), grown().eval()
    default = load("residual_unet", "cpu").model
    assert parameter_count(larger) > 1.9 * parameter_count(default)
    with torch.inference_mode():
        torch.testing.assert_close(larger(noisy), default(noisy), atol=1e-5, rtol=0)


def test_the_limit_is_written_beside_the_rivals(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if find_mnist() is None:
        pytest.skip("MNIST is not here")
    out = tmp_path / "rivals.json"
    out.write_text('{"bm3d": {"name": "BM3D"}}')
    monkeypatch.setattr(sys, "argv", ["rivals", "limit", "--steps", "1", "--limit", "50", "--out", str(out)])
    main()
    found = json.loads(out.read_text())
    assert found["bm3d"] == {"name": "BM3D"} and found["limit"]["steps"] == 1
    assert found["limit"]["mse"]["0.5"] < 0.005  # one step forgets nothing: fresh weights score 0.1
    row = rival_row(found["limit"])
    assert row["name"].endswith(", 50 digits") and row["interval"] == found["limit"]["interval"] > 0
    assert row["psnr"]["0.5"] == pytest.approx(-10 * math.log10(row["mse"]["0.5"]))


def test_quality_makes_its_tables_and_plots() -> None:
    if find_mnist() is None:
        pytest.skip("MNIST is not here")
    tables = benchmark("quality", "--only", "tables", "--limit", "20")["tables"]
    rows = tables["results"]["rows"]
    told = "residual_unet, told kind and amount"
    assert [row["name"] for row in rows[:4]] == ["noisy", "residual_unet", told, "simple_unet"]
    uniform = [row["mse"]["uniform"] for row in rows[:4]]
    assert max(uniform[1:3]) < uniform[3] < uniform[0] and uniform[1] != uniform[2]
    assert {row["kind"] for row in tables["kinds"]["rows"]} == {"gaussian", "salt_pepper", "poisson", "speckle"}
    found = benchmark("quality", "--only", "psnr", "--limit", "20")["psnr"]
    ours, noisy = (list(found[name].values()) for name in ("residual_unet", "noisy"))
    assert len(ours) == 19 and ours == sorted(ours, reverse=True) and all(np.greater(ours, noisy))
    [lines] = [psnr_over_amount(found, {}).axes]
    drawn = {line.get_label(): list(line.get_ydata()) for line in lines[0].get_lines()}
    assert drawn["residual_unet"] == ours


def test_quality_shows_what_each_budget_learns() -> None:
    if find_mnist() is None:
        pytest.skip("MNIST is not here")
    facts = benchmark(
        "quality",
        *[
            "--only",
            "learning",
            "--limit",
            "50",
            "--budgets",
            "1",
            "--seeds",
            "1",
            "--subsets",
            "01",
            "--tutorial-steps",
            "16",
        ],
    )
    found = facts["learning"]
    [run] = found["budgets"]
    assert run["steps"] > 0 and run["curve"][-1][0] >= 1 and run["mse"] < 0.1  # of the noisy digits it is 0.104
    assert found["subsets"]["01"]["mse"] < found["subsets"]["01"]["mean_picture"]
    assert found["tutorial"]["steps"] == 16 and len(found["tutorial"]["curve"]) == 16
    assert f"| 1 s | {run['weights']:,} |" in learning_table(facts)
    figure = error_over_time(found, {"unet2d": {"name": "UNet2DModel", "curve": [(1.0, 0.1), (2.0, 0.05)]}})
    labels = [line.get_label() for line in figure.axes[0].get_lines()]
    assert "the page's recipe: 1 s" in labels and "UNet2DModel" in labels


def test_specialists_train_one_network_on_all_kinds_and_one_on_each() -> None:
    facts = benchmark("specialists", "--kinds", "speckle", "--steps", "12", "--data", "own", "--limit", "50")
    [row] = facts["rows"]
    assert facts["steps"] == 12 and facts["digits"] == 50
    assert all(0 < row[one][key] < 0.2 for one in ("all", "alone") for key in row["all"]) and row["alone"] != row["all"]
    assert f"{more(row, 'uniform'):+.1%}" in specialists_table(facts)
    assert more({"all": {"0.5": 0.0105}, "alone": {"0.5": 0.01}}, "0.5") == pytest.approx(0.05)


def test_specialists_may_go_on_from_trained_weights() -> None:
    few = ("--kinds", "speckle", "--steps", "2", "--data", "own", "--limit", "50")
    facts = benchmark("specialists", *few, "--start", "residual_unet")
    [row] = facts["rows"]
    assert row["all"]["uniform"] < 0.005 and row["alone"]["uniform"] < 0.005  # fresh ones answer the mean: 0.1
    noisy = load_digits("own", "test", limit=50)
    assert row["before"] == evaluate(load("residual_unet", "cpu"), noisy, kind="speckle").mse
    assert "| speckle | 2 steps more of all kinds |" in specialists_table(facts)
    assert f"({more(row, 'uniform', 'before'):+.1%})" in specialists_table(facts)


def test_where_there_is_no_gpu_the_benchmark_says_so() -> None:
    if torch.cuda.is_available():
        pytest.skip("there is one")
    assert benchmark("gpu_training") == {"gpu": None}


def test_what_is_measured_on_a_gpu_runs_on_a_cpu() -> None:
    if find_mnist() is None:
        pytest.skip("MNIST is not here")
    facts = benchmark("gpu_training", "--device", "cpu", "--batches", "8", "--steps", "2", "--seeds", "1")
    assert facts["training"]["batches of 8"] > 0 and facts["denoising"]["batches of 8"] > 0
    assert 0 < facts["alone"] < 1 and facts["speedrun"]["mse"][0] < 0.02


def test_a_server_that_is_far_away_answers_later_and_the_same() -> None:
    class Echo(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sent = bytes(range(256)) * 2_000  # many parts
    try:
        with delayed(f"http://127.0.0.1:{server.server_port}", 200) as far, httpx.Client(base_url=far) as client:
            assert client.post("/", content=b"hello").content == b"hello"  # and the line is open
            start = time.perf_counter()
            assert client.post("/", content=sent).content == sent
            assert time.perf_counter() - start >= 0.2
    finally:
        server.shutdown()
        server.server_close()


def test_drawing_is_measured_for_both_sides() -> None:
    facts = benchmark("drawing", "--seconds", "1", "--delay", "30")
    assert facts["delay"] == 30 and facts["sides"].keys() == {"server", "browser"}
    for figures in (each[what] for each in facts["sides"].values() for what in ("pen", "slider")):
        assert figures["updates"] > 1 and 0 < figures["latency_p50"] <= figures["whole_p50"]
    assert facts["sides"]["server"]["pen"]["trip_p50"] > 30  # the way there and back, at least
    table = describe(facts)
    assert "30 ms of a round trip away" in table
    share = facts["sides"]["browser"]["pen"]["trip_p50"] / facts["sides"]["server"]["pen"]["trip_p50"]
    assert f"| {share:.2f} / " in next(line for line in table.splitlines() if line.startswith("| pen, browser ÷"))
