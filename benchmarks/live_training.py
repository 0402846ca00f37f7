"""A visitor's run, measured as a visitor has it: how soon it is good, what watching costs, what drawing loses.

Run as `python -m benchmarks.live_training`; MNIST must be in the folder that DENOISER_DATA names. The app runs in a
process of its own, the clock of a run starts with its request over HTTP, and all figures come from one call.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import torch

from benchmarks.browser import running_app
from denoiser.cli.tables import renew
from denoiser.devices import hardware
from denoiser.watch.settings import DEFAULT_SECONDS

GOALS = (0.03, 0.0184)  # validation MSE: recognisable digits; what the SimpleUNet's tutorial ends with
# The same run as the command line makes it, output off: no validation, no samples, nobody told.
ALONE = """
import sys, time
from denoiser import TrainingRun
from denoiser.watch.settings import RunSettings
run = TrainingRun(RunSettings(seed=int(sys.argv[1])).config())
first = [next(run) for _ in range(20)][-1]
start = time.perf_counter()
*_, last = run
print((last.pictures - first.pictures) / (time.perf_counter() - start))
"""
# The page with runs in threads of its own process.
IN_THREADS = """
import sys, torch
from serving.runs.registry import Runs
from serving.workers.threads import ThreadWorkers
from ui.page import build_page, launch_options
torch.set_num_threads(1)
runs = Runs(ThreadWorkers())
build_page(runs=runs).launch(server_port=int(sys.argv[-1]), quiet=True, **launch_options(runs))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--drawing", type=float, default=0, help="seconds of drawing beside 0, 1 and 2 runs (0: none)")
    parser.add_argument("--update", type=Path, nargs="+", default=[], help="Markdown files whose figures are renewed")
    parser.add_argument("--table", default="training", help="the name of the place in them")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    facts = {"hardware": hardware(), "torch": torch.__version__, "budget": DEFAULT_SECONDS, **learning(options.seeds)}
    if options.drawing:
        commands = {"processes": ["app.py"], "threads": ["-c", IN_THREADS]}
        facts["drawing"] = {name: drawing(command, options.drawing) for name, command in commands.items()}
    print(json.dumps(facts) if options.json else describe(facts))
    for path in options.update:
        renew(path, options.table, f"```\n{describe(facts)}\n```")


def learning(seeds: int) -> dict[str, Any]:
    """Default runs over HTTP, each beside the same run without anybody watching."""
    with running_app() as url:
        train(url, seed=0, seconds=3.0)  # after this the workers are warm
        watched, alone = [], []
        for seed in range(seeds):
            watched.append(train(url, seed, DEFAULT_SECONDS))
            result = subprocess.run(
                [sys.executable, "-c", ALONE, str(seed)], capture_output=True, check=True, text=True
            )
            alone.append(float(result.stdout))
    speeds = [run["pictures_per_second"] for run in watched]
    return {
        "seconds_to": {f"{goal:g}": [run["reached"].get(goal) for run in watched] for goal in GOALS},
        "validation_mse": [run["mse"] for run in watched],
        "updates_per_second": statistics.mean(run["updates_per_second"] for run in watched),
        "pictures_per_second": {"watched": speeds, "alone": alone},
        "watching_costs": 1 - statistics.median(speeds) / statistics.median(alone),
    }


def train(url: str, seed: int, seconds: float) -> dict[str, Any]:
    """One run, watched to its end."""
    start, reached = time.perf_counter(), dict[float, float]()
    told: list[tuple[float, int]] = []  # time and pictures of each update that brought something new
    answer: dict[str, Any] = {}
    for answer in streamed(url, seconds=seconds, settings={"seed": seed}):
        now = time.perf_counter() - start
        for goal in GOALS:
            if any(score <= goal for _, score in answer["validation"]):
                reached.setdefault(goal, now)
        if answer["losses"]:
            told.append((now, answer["pictures"]))
    (begin, first), (end, last) = told[0], told[-1]
    return {
        "reached": reached,
        "mse": answer["metrics"]["validation_mse"],
        "pictures_per_second": (last - first) / (end - begin),
        "updates_per_second": (len(told) - 1) / (end - begin),
    }


def streamed(url: str, **fields: Any) -> Iterator[dict[str, Any]]:
    """What /train says, answer by answer."""
    with httpx.Client(base_url=f"{url}/gradio_api", timeout=120) as http:
        event = http.post("/call/v2/train", json=fields).raise_for_status().json()["event_id"]
        with http.stream("GET", f"/call/train/{event}") as lines:
            for line in lines.iter_lines():
                if line.startswith("data: ") and line != "data: null":
                    yield json.loads(line.removeprefix("data: "))[0]


def drawing(command: list[str], seconds: float) -> dict[str, Any]:
    """How live the drawing is beside 0, 1 and 2 runs, in a real browser."""
    from benchmarks.drawing import measure

    found = {}
    with running_app(command) as url:
        for _ in streamed(url, seconds=3.0):
            pass  # warm
        for count in range(3):
            crowd = [threading.Thread(target=sustained, args=(url, 2 * seconds + 25)) for _ in range(count)]
            for member in crowd:
                member.start()
            time.sleep(2)
            found[str(count)] = measure(url, seconds)["sides"]["server"]["pen"]
            for member in crowd:
                member.join()
    return found


def sustained(url: str, seconds: float) -> None:
    for _ in streamed(url, seconds=seconds):
        pass


def describe(facts: dict[str, Any]) -> str:
    speeds, cost = facts["pictures_per_second"], facts["watching_costs"]
    lines = [
        f"{facts['hardware']}, {os.cpu_count()} cores, torch {facts['torch']}; default runs of {facts['budget']:g} s"
    ]
    for goal, times in facts["seconds_to"].items():
        reached = sorted(seconds for seconds in times if seconds is not None)
        shown = f"{statistics.median(reached):.1f} s after Start, slowest {reached[-1]:.1f} s" if reached else "never"
        lines.append(f"validation MSE {goal:<7} {shown}; {len(reached)} of {len(times)} seeds")
    scores = facts["validation_mse"]
    lines += [
        f"at the end            {statistics.mean(scores):.4f}, worst {max(scores):.4f}",
        f"watched over HTTP     {statistics.median(speeds['watched']):,.0f} pictures/s, "
        f"{facts['updates_per_second']:.1f} updates/s; "
        f"alone {statistics.median(speeds['alone']):,.0f}: watching costs {cost:.0%}",
    ]
    for name, counts in facts.get("drawing", {}).items():
        paces = (
            f"{count} run{'s' * (count != '1')} {pen['latency_p50']} / {pen['latency_p95']}"
            for count, pen in counts.items()
        )
        lines.append(f"drawing, ms p50 / p95, runs in {name}: {', '.join(paces)}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
