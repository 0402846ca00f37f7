"""A run survives Ctrl-C, kill -9, a full disk and its own divergence, and goes on bit for bit."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from safetensors.torch import load_file

from denoiser import load
from denoiser.train.run import TrainingRun
from denoiser.train.state import load_state
from tests.denoiser.command_line import run

pytestmark = pytest.mark.usefixtures("few_digits", "one_thread")
ROOT = Path(__file__).parents[3]
DENSE = ("train", "--model", "dense_autoencoder", "--precision", "float32", "--threads", "1", "--json")
# All that has a memory: moments, an average, masks, a schedule, movements, the best weights.
RICH = (*DENSE, "--optimizer", "adamw", "--schedule", "one_cycle", "--average", "0.9", "--dropout", "0.2", "--augment")
RICH = (*RICH, "--validate-every", "7", "--batch-size", "256", "--steps", "60")


@pytest.fixture
def one_thread():
    """What `--threads 1` sets is set back."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def start(*arguments):
    """A process of its own, for signals."""
    command = [sys.executable, "-m", "denoiser", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def wait_for_step(state, step):
    deadline = time.monotonic() + 120
    while not state.is_file() or load_state(state).step < step:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def equal_files(a, b):
    a, b = load_file(a), load_file(b)
    assert a.keys() == b.keys()
    return all(torch.equal(a[key], b[key]) for key in a)


def test_killed_and_interrupted_runs_end_bit_for_bit_like_an_uninterrupted_one(tmp_path, capsys):
    whole, killed, interrupted = (tmp_path / f"{name}.safetensors" for name in ("whole", "killed", "interrupted"))
    assert run(capsys, *RICH, "--out", whole)[0] == 0
    processes = {path: start(*RICH, "--save-every", 0, "--out", path) for path in (killed, interrupted)}
    for path, number in ((killed, signal.SIGKILL), (interrupted, signal.SIGINT)):
        wait_for_step(path.with_suffix(".state"), 5)
        processes[path].send_signal(number)
    statuses = [process.wait(timeout=120) for process in processes.values()]
    assert statuses == [-signal.SIGKILL, 0]
    assert not killed.exists()
    told = json.loads(processes[interrupted].stdout.read())
    assert told["reason"] == "interrupted" and told["steps"] == load(interrupted).info.steps < 60
    for path in (killed, interrupted):
        assert 5 <= load_state(path.with_suffix(".state")).step < 60
        status, out, _ = run(capsys, "train", "--json", "--resume", path.with_suffix(".state"))
        assert status == 0 and json.loads(out)["steps"] == 60
        assert equal_files(path, whole)
        assert equal_files(path.with_suffix(".state"), whole.with_suffix(".state"))
        assert load_state(path.with_suffix(".state")).best == load_state(whole.with_suffix(".state")).best
    assert len(list(tmp_path.iterdir())) == 6  # nothing half written stays beside them


WAYS = [
    ("simple_unet", "float32_channels_last", "adamw", "--average", "0.9", "--augment"),
    ("conv_autoencoder", "bfloat16", "sgd", "--dropout", "0.2"),
    ("lean_classifier", "bfloat16", "adam", "--average", "0.9", "--augment", "rotation=5"),
    ("residual_unet", "bfloat16", "adamw", "--told", "--average", "0"),
]


@pytest.mark.parametrize(("model", "precision", "optimizer", "others"), [(*way[:3], way[3:]) for way in WAYS])
def test_a_killed_run_goes_on_bit_for_bit_however_it_computes(tmp_path, capsys, model, precision, optimizer, others):
    how = ("train", "--json", "--threads", 1, "--model", model, "--precision", precision, "--optimizer", optimizer)
    how = (*how, *others, "--batch-size", 8, "--validate-every", 4, "--steps", 16)
    whole, killed = tmp_path / "whole.safetensors", tmp_path / "killed.safetensors"
    assert run(capsys, *how, "--out", whole)[0] == 0
    process = start(*how, "--save-every", 0, "--out", killed)
    wait_for_step(killed.with_suffix(".state"), 3)
    process.kill()
    assert process.wait(timeout=120) == -signal.SIGKILL
    assert run(capsys, "train", "--json", "--threads", 1, "--resume", killed.with_suffix(".state"))[0] == 0
    assert equal_files(killed, whole)
    assert equal_files(killed.with_suffix(".state"), whole.with_suffix(".state"))


def test_what_a_killed_run_half_wrote_is_swept_at_the_next_start(tmp_path, capsys):
    """Of the same run, resumed under another name or begun anew; another process's file and a person's stay."""
    first, second = tmp_path / "first.safetensors", tmp_path / "second.safetensors"
    small = (*DENSE, "--batch-size", 4, "--validate-every", 0, "--steps")
    names = ("first.state", "first.safetensors", "first_12.safetensors")
    halves = [tmp_path / f".{name}.{number:032x}" for number, name in enumerate(names)]
    mine = [tmp_path / name for name in (".first.state.backup", "first.state.0123456789abcdef0123456789abcdef")]
    writing = tmp_path / f".first.state.{7:032x}"
    for path in (*halves, *mine, writing):
        path.write_bytes(b"half of it")
    lock = "import fcntl, sys; file = open(sys.argv[1]); fcntl.flock(file, fcntl.LOCK_EX); print('locked', flush=True)"
    command = [sys.executable, "-c", f"{lock}; sys.stdin.read()", writing]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"locked\n"
        assert run(capsys, *small, 2, "--out", first)[0] == 0
        assert not any(half.exists() for half in halves)
        assert writing.exists() and all(path.exists() for path in mine)
        other.kill()
    run_of_first = ("train", "--json", "--resume", first.with_suffix(".state"), "--steps", 3, "--out", second)
    assert run(capsys, *run_of_first)[0] == 0
    assert not writing.exists()
    assert {path.name for path in tmp_path.iterdir()} >= {path.name for path in mine}


KILLS = """
import os, random, signal, sys, time
from pathlib import Path
from types import SimpleNamespace
from denoiser.__main__ import main
from denoiser.train.state import load_state

state, *arguments = sys.argv[1:]
state, rng, saved = Path(state), random.Random(1), 0
for _ in range(8):
    child = os.fork()
    if child == 0:
        go_on = ["train", "--resume", str(state)] if state.exists() else ["train", *arguments]
        os._exit(main([*go_on, "--save-every", "0", "--threads", "1", "--json"]))
    before = state.stat().st_mtime_ns if state.exists() else 0
    while not state.exists() or state.stat().st_mtime_ns == before:
        assert os.waitpid(child, os.WNOHANG) == (0, 0)
        time.sleep(0.001)
    time.sleep(rng.uniform(0, 0.1))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    step = load_state(state).step
    assert step > saved, (step, saved)
    saved = step
print(saved)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_kill_at_any_moment_leaves_a_state_to_go_on_from(tmp_path):
    arguments = (*DENSE[1:5], "--validate-every", "3", "--steps", "100000", "--out", tmp_path / "x.safetensors")
    command = [sys.executable, "-c", KILLS, tmp_path / "x.state", *arguments]
    done = subprocess.run(list(map(str, command)), cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 8


def test_a_second_interruption_while_saving_damages_nothing(tmp_path, capsys, monkeypatch):
    path, seen = tmp_path / "x.safetensors", []
    monkeypatch.setattr("denoiser.cli.train._show", lambda step, _: step.step == 3 and interrupt())
    synced = os.fsync

    def interrupt(file=None):
        seen.append(file)
        signal.raise_signal(signal.SIGINT)
        if file is not None:
            synced(file)

    monkeypatch.setattr(os, "fsync", interrupt)
    status, out, _ = run(capsys, *DENSE, "--steps", 50, "--out", path)
    assert status == 0 and json.loads(out)["reason"] == "interrupted"
    assert len(seen) == 3  # at the third step, and within both files
    assert load(path).info.steps == load_state(tmp_path / "x.state").step == 3
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_interrupted_before_the_first_step_nothing_is_written(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("denoiser.cli.train.Watchdog", lambda run: signal.raise_signal(signal.SIGINT))
    status, _, err = run(capsys, *DENSE, "--steps", 50, "--out", tmp_path / "x.safetensors")
    assert status == 130 and "nothing was written" in err
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def small_files():
    """No file may grow beyond so many bytes, as on a disk that is full."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_at_the_end_leaves_all_files_as_they_were(tmp_path, capsys, small_files):
    path = tmp_path / "x.safetensors"
    assert run(capsys, *DENSE, "--steps", 3, "--out", path)[0] == 0
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert sorted(before) == ["x.safetensors", "x.state"]
    small_files(100_000)
    status, _, err = run(capsys, "train", "--json", "--resume", tmp_path / "x.state", "--steps", 5)
    assert status == 2
    warning, error = err.strip().split("\n")
    assert warning.startswith("The state was not saved") and error.startswith("error: ")
    assert "File too large" in error and "free some space or choose another place" in error
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_states_that_cannot_be_saved_cost_nothing_else(tmp_path, capsys, small_files):
    small_files(2_000_000)  # a checkpoint is smaller, a state larger
    path, logs = tmp_path / "x.safetensors", ("--samples", tmp_path / "img")
    status, _, err = run(capsys, *DENSE, "--steps", 3, "--save-every", 0, "--out", path, *logs)
    assert status == 0 and err.count("The state was not saved") == err.count("\n") == 4
    assert load(path).info.steps == 3
    assert sorted(file.name for file in tmp_path.iterdir()) == ["img", "x.safetensors"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # pytest has a hook of its own
def test_logs_that_cannot_be_written_end_and_the_run_goes_on(tmp_path, capsys, monkeypatch):
    records = []

    def full(*arguments):
        records.append(arguments)
        if len(records) > 20:  # records and pictures
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("denoiser.cli.sheets.write_atomically", full)
    monkeypatch.setattr("tensorboard.summary.writer.record_writer.RecordWriter.write", full)
    monkeypatch.setattr("denoiser.cli.train.Watchdog", slow)
    path, logs = tmp_path / "x.safetensors", ("--samples", tmp_path / "img", "--tensorboard", tmp_path / "logs")
    status, _, err = run(capsys, *DENSE, "--steps", 20, "--batch-size", 92, *logs, "--out", path)
    assert status == 0 and load(path).info.steps == 20
    for line, name in zip(sorted(err.strip().split("\n")), ("Curves", "Samples"), strict=True):
        assert line.startswith(f"{name} ended at step") and line.endswith("[Errno 28] No space left on device")


def slow(_):
    """In place of the watchdog: TensorBoard's thread gets the time to fail."""
    return SimpleNamespace(note=lambda step: time.sleep(0.05))


def test_where_the_last_save_fails_the_last_state_is_named(tmp_path, capsys, monkeypatch):
    path, synced, count = tmp_path / "x.safetensors", os.fsync, []

    def full(file):
        count.append(file)
        if len(count) > 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        synced(file)

    monkeypatch.setattr(os, "fsync", full)
    status, _, err = run(capsys, *DENSE, "--steps", 2, "--save-every", 0, "--out", path)
    assert status == 2
    error = err.strip().split("\n")[-1]
    assert "free some space" in error and f"--resume {tmp_path / 'x.state'} goes on from step 2" in error
    assert [file.name for file in tmp_path.iterdir()] == ["x.state"]
    assert load_state(tmp_path / "x.state").step == 2


def test_too_little_space_is_noticed_before_the_run_begins(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(TrainingRun, "__next__", lambda run: pytest.fail("the run began"))
    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=8_794_639))
    status, _, err = run(capsys, *DENSE, "--steps", 2, "--out", tmp_path / "x.safetensors")
    assert status == 2 and "only 8.8 MB are free there, and this run may need 8.8 MB: free some space" in err
    assert list(tmp_path.iterdir()) == []
