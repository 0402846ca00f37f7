"""The benchmarks run, at tiny size, and do not claim what was not reached."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.latency import table
from denoiser import available
from denoiser.data import find_mnist

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


def test_a_speedrun_that_is_too_short_does_not_reach_its_target() -> None:
    if find_mnist() is None:
        pytest.skip("MNIST is not here")
    facts = benchmark("speedrun", "--seeds", "1", "--steps", "2", "--slice", "1", "--split", "validation")
    assert facts["all_reached"] is False and facts["mse"]["worst"] > facts["target"] == 0.0184
    # 2 of 985 steps, each on a quarter of the tutorial's pictures: the ratio can only be large.
    assert min(facts["ratios"].values()) > 50 and facts["ratio"] == facts["ratios"]["row by row"]
    assert facts["rival_seconds"]["row by row"] / facts["seconds"]["mean"] == pytest.approx(facts["ratio"])
