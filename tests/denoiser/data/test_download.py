"""Downloads from a server on this machine, which does everything that real mirrors do on bad days."""

import gzip
import hashlib
import logging
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from denoiser.data import download_in_background, download_mnist, find_mnist, missing_files
from denoiser.data.download import MIRRORS, MNIST_FILES

BODIES = {name: gzip.compress(f"the bytes of {name}".encode() * 100) for name in MNIST_FILES}
SUMS = {name: hashlib.md5(body).hexdigest() for name, body in BODIES.items()}
ADVICE = "try again online, or put MNIST's four files into {}, or use --data own"


class Mirrors(BaseHTTPRequestHandler):
    """/good/ sends what is asked for, the others something else, or nothing."""

    requests: ClassVar[list[str]] = []
    closing = threading.Event()

    def do_GET(self) -> None:
        self.requests.append(self.path)
        _, mirror, name = self.path.split("/")
        body = BODIES[name]
        if mirror == "missing" or (mirror == "halfway" and name.startswith("t10k")):
            return self.send_error(404)
        if mirror == "hanging":
            self.closing.wait(5)
            return None
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        if mirror == "unzipping" and "gzip" in self.headers.get("Accept-Encoding", ""):
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write({"wrong": bytes(len(body)), "truncated": body[:-9]}.get(mirror, body))
        return None

    def log_message(self, *args: object) -> None:
        """Stay quiet."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the mirrors, which no proxy of this machine is asked for."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(Mirrors, "requests", [])
    monkeypatch.setattr(Mirrors, "closing", threading.Event())
    http = ThreadingHTTPServer(("127.0.0.1", 0), Mirrors)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{http.server_address[1]}"
    Mirrors.closing.set()
    http.shutdown()
    thread.join()
    http.server_close()


def held(folder: Path) -> dict[str, bytes]:
    """Every file in and under the folder."""
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_official_files_and_mirrors() -> None:
    assert MNIST_FILES["train-images-idx3-ubyte.gz"] == "f68b3c2dcbeaaa9fbdd348bbdeb94873"
    assert MNIST_FILES["train-labels-idx1-ubyte.gz"] == "d53e105ee54ea40749a09fcbcd1e9432"
    assert MNIST_FILES["t10k-images-idx3-ubyte.gz"] == "9fb629c4189551a2d022fa330f9573f3"
    assert MNIST_FILES["t10k-labels-idx1-ubyte.gz"] == "ec29112dd5afa0611ce80d1b7f02629c"
    assert len(MIRRORS) > 1 and all(mirror.startswith("https://") for mirror in MIRRORS)


def test_files_arrive_whole_and_are_asked_for_once(server: str, tmp_path: Path) -> None:
    for _ in range(2):
        folder = download_mnist(tmp_path, mirrors=[f"{server}/good/"], files=SUMS)
    assert folder == tmp_path / "mnist" and held(tmp_path) == BODIES
    assert Mirrors.requests == [f"/good/{name}" for name in SUMS]
    found = find_mnist(tmp_path)
    assert found is not None and found.test == folder / "t10k-images-idx3-ubyte.gz"


@pytest.mark.parametrize("first", ["missing", "wrong", "truncated", "hanging", "unzipping"])
def test_the_next_mirror_stands_in(server: str, tmp_path: Path, first: str) -> None:
    name = "t10k-labels-idx1-ubyte.gz"
    mirrors = [f"{server}/{first}/", f"{server}/good"]
    download_mnist(tmp_path, mirrors=mirrors, files={name: SUMS[name]}, timeout=0.2)
    assert held(tmp_path) == {name: BODIES[name]}
    # A server that would unzip on the way is asked not to, so that it does.
    assert len(Mirrors.requests) == (1 if first == "unzipping" else 2)


def test_a_mirror_that_nobody_runs(server: str, tmp_path: Path) -> None:
    download_mnist(tmp_path, mirrors=["http://127.0.0.1:9/", f"{server}/good/"], files=SUMS, timeout=2)
    assert held(tmp_path) == BODIES


def test_all_mirrors_fail(server: str, tmp_path: Path) -> None:
    mirrors = [f"{server}/{name}/" for name in ("missing", "wrong", "truncated", "hanging")]
    with pytest.raises(OSError) as caught:
        download_mnist(tmp_path, mirrors=mirrors, files=SUMS, timeout=0.2)
    message = str(caught.value)
    assert "\n" not in message and all(mirror in message for mirror in mirrors)
    assert "HTTP 404" in message and "wrong checksum" in message and "Timeout" in message
    assert message.startswith("t10k-images-idx3-ubyte.gz") and message.endswith(ADVICE.format(tmp_path / "mnist"))
    assert held(tmp_path) == {}


def test_what_is_there_is_left_alone(server: str, tmp_path: Path) -> None:
    mine = tmp_path / "mnist" / "train-images-idx3-ubyte.gz"
    mine.parent.mkdir()
    mine.write_bytes(b"not the official bytes")
    download_mnist(tmp_path, mirrors=[f"{server}/good/"], files=SUMS)
    assert held(tmp_path) == BODIES | {mine.name: b"not the official bytes"}
    assert f"/good/{mine.name}" not in Mirrors.requests


def put(folder: Path, *names: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(BODIES.get(name, b""))


def test_mnist_is_not_found_before_it_is_whole(server: str, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="t10k-images"):
        download_mnist(tmp_path, mirrors=[f"{server}/halfway/"], files=SUMS)
    assert find_mnist(tmp_path) is None and missing_files(tmp_path) == list(MNIST_FILES)
    for number, name in enumerate(MNIST_FILES, start=1):  # stopped after each file
        found = find_mnist(tmp_path)
        assert found is None, name
        download_mnist(tmp_path, mirrors=[f"{server}/good/"], files={name: SUMS[name]})
        assert missing_files(tmp_path) == list(MNIST_FILES)[number:]
    found = find_mnist(tmp_path)
    assert found is not None and found.test is not None


@pytest.mark.parametrize("background", [False, True])
def test_what_a_download_that_stopped_halfway_left_out_is_fetched(
    server: str, tmp_path: Path, background: bool
) -> None:
    put(tmp_path / "mnist", "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")
    missing = ["t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"]
    assert missing_files(tmp_path) == missing
    for mirror in ("halfway", "good"):
        options = {"mirrors": [f"{server}/{mirror}/"], "files": SUMS}
        if background:
            thread = download_in_background(tmp_path, **options)
            assert thread is not None
            thread.join(10)
        elif mirror == "good":
            download_mnist(tmp_path, **options)
    assert held(tmp_path) == BODIES and missing_files(tmp_path) == []
    assert {request.rpartition("/")[2] for request in Mirrors.requests} == set(missing)


@pytest.mark.parametrize(
    "names",
    [
        ("train.csv",),
        ("x_train.npy", "y_train.npy"),
        ("MNIST/raw/train-images-idx3-ubyte", "MNIST/raw/train-labels-idx1-ubyte"),
        ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"),
    ],
)
def test_mnist_in_another_place_or_format_misses_nothing(tmp_path: Path, names: tuple[str, ...]) -> None:
    for name in names:
        put((tmp_path / name).parent, Path(name).name)
    assert find_mnist(tmp_path) is not None and missing_files(tmp_path) == []


def test_a_folder_that_cannot_be_written(server: str, tmp_path: Path) -> None:
    (tmp_path / "mnist").write_text("a file where a folder should be")
    with pytest.raises(OSError, match="cannot be written .*; set DENOISER_DATA") as caught:
        download_mnist(tmp_path, mirrors=[f"{server}/good/"], files=SUMS)
    assert "\n" not in str(caught.value)


def test_in_the_background(server: str, tmp_path: Path) -> None:
    options = {"mirrors": [f"{server}/good/"], "files": SUMS}
    thread = download_in_background(tmp_path, **options)
    assert thread is not None and thread.daemon
    thread.join(10)
    assert held(tmp_path) == BODIES
    assert download_in_background(tmp_path, **options) is None


def test_the_background_does_not_wait(server: str, tmp_path: Path) -> None:
    started = time.monotonic()
    thread = download_in_background(tmp_path, mirrors=[f"{server}/hanging/"], files=SUMS, timeout=1)
    assert thread is not None and time.monotonic() - started < 0.5
    Mirrors.closing.set()
    thread.join(10)


def test_a_failure_in_the_background_is_a_warning(
    server: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        thread = download_in_background(tmp_path, mirrors=[f"{server}/missing/"], files=SUMS)
        assert thread is not None
        thread.join(10)
    (record,) = (record for record in caplog.records if record.name == "denoiser.data.download")
    assert record.levelname == "WARNING" and "HTTP 404" in record.message
    assert record.message.startswith("going on without MNIST")  # nobody has to do anything


def test_the_background_can_be_forbidden(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DENOISER_DOWNLOAD", "0")
    assert download_in_background(tmp_path) is None
    assert held(tmp_path) == {}
