"""The page's own promises: nothing from elsewhere, nothing without bound, and a clear word about a busy port."""

import errno
import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pytest
from PIL import Image

import app
from denoiser.picture_files import read_picture_file
from ui.http.body_limit import LARGEST_BODY
from ui.page import build_page, launch_options


def test_no_font_script_or_style_comes_from_another_host(http: httpx.Client) -> None:
    html = http.get("/").text
    config = http.get("/config").json()
    assert config["stylesheets"] == [] and config["analytics_enabled"] is False
    assert config["enable_queue"] and config["show_error"] is False
    loaded = re.findall(r'<(?:script|link)[^>]+(?:src|href)="([^"]+)"', html)
    loaded += re.findall(r"url\(([^)]+)\)", http.get("/theme.css").text)
    elsewhere = [address for address in loaded if address.strip("'\"").startswith(("http", "//"))]
    assert elsewhere == [str(http.base_url)]  # the page's own, which it names for search engines


def test_an_idle_queue_looks_for_work_far_less_often_than_gradios_own(runs: Any) -> None:
    ours, plain = build_page(runs)._queue, gr.Blocks().queue()._queue
    for pause in ("sleep_when_free", "progress_update_sleep_when_free"):
        assert getattr(ours, pause) >= min(0.02, 10 * getattr(plain, pause))


def test_the_launch_is_hardened(runs: Any) -> None:
    options = launch_options(runs)
    assert options["ssr_mode"] is options["show_error"] is options["enable_monitoring"] is False
    assert options["max_file_size"] == "1mb" and options["state_session_capacity"] <= 1000
    assert "allowed_paths" not in options and "share" not in options


def test_a_local_picture_may_be_larger_than_a_strangers_in_a_process_that_has_the_page(
    http: httpx.Client, tmp_path: Path
) -> None:
    Image.new("L", (3500, 4500), 200).save(tmp_path / "scan.png")
    assert read_picture_file(tmp_path / "scan.png").shape == (4500, 3500)


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_without_end_is_refused_and_the_page_lives_on(http: httpx.Client, announced: bool) -> None:
    body = b'{"data":"' + b"x" * LARGEST_BODY + b'"}'
    content: Any = body if announced else (body[i : i + 65536] for i in range(0, len(body), 65536))
    response = http.post("/gradio_api/component_server/", content=content)
    assert response.status_code == 413 and "too large" in response.json()["detail"]
    assert http.get("/").status_code == 200


def test_a_busy_port_is_one_line_that_names_the_remedy() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        for arguments, extra in ((["--port", port], {}), ([], {"GRADIO_SERVER_PORT": port})):
            environment = {**os.environ, "DENOISER_DOWNLOAD": "0", **extra}
            done = subprocess.run(
                [sys.executable, "app.py", *arguments], capture_output=True, text=True, timeout=120, env=environment
            )
            assert done.returncode == 2
            assert len(done.stderr.strip().splitlines()) == 1 and port in done.stderr and "--port" in done.stderr


@pytest.mark.parametrize(
    ("code", "port", "says"),
    [
        (errno.EADDRINUSE, 7860, "127.0.0.1:7860 is taken: choose another port with --port 7861"),
        (errno.EADDRINUSE, 65535, "127.0.0.1:65535 is taken: choose another port with --port 65534"),
        (errno.EACCES, 80, "127.0.0.1:80 is not for everyone to open: choose a port above 1023, such as --port 7860"),
        (errno.EADDRNOTAVAIL, 7860, "127.0.0.1 is no address of this machine: choose --host 127.0.0.1"),
        (errno.ENOBUFS, 7860, f"127.0.0.1:7860 cannot be opened: [Errno {errno.ENOBUFS}]"),
        (None, 7860, "127.0.0.1:7860 cannot be opened: the words of the server"),
    ],
)
def test_the_system_says_why_a_port_cannot_be_opened(
    code: int | None, port: int, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bind(self: socket.socket, address: Any) -> None:
        if code is not None:
            raise OSError(code, os.strerror(code))

    monkeypatch.setattr(socket.socket, "bind", bind)
    line = app.launch_fault("127.0.0.1", port, OSError("the words\nof the server"))
    assert line.startswith(says) and "\n" not in line


def test_a_real_system_says_so_too() -> None:
    # 192.0.2.0/24 is kept for documentation: no machine has such an address.
    assert "is no address of this machine" in app.launch_fault("192.0.2.1", 7860, OSError())
    assert "cannot be opened" in app.launch_fault("a..b", 7860, OSError())
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert "is taken" in app.launch_fault("127.0.0.1", other.getsockname()[1], OSError())


@pytest.mark.parametrize("port", ["70000", "0", "seven", "-1", "²", ""])
@pytest.mark.parametrize("by_name", [True, False])
def test_an_impossible_port_is_one_line(
    port: str, by_name: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["app.py", f"--port={port}"] if by_name else ["app.py"])
    if not by_name:
        monkeypatch.setenv("GRADIO_SERVER_PORT", port)
    assert app.main() == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{port!r} is not a port" in line and "65535" in line


def test_gradio_never_sees_an_impossible_port() -> None:
    environment = {**os.environ, "GRADIO_SERVER_PORT": "seven"}
    done = subprocess.run([sys.executable, "app.py"], capture_output=True, text=True, timeout=120, env=environment)
    assert done.returncode == 2 and done.stderr.startswith("app.py: 'seven' is not a port")
    assert len(done.stderr.splitlines()) == 1
