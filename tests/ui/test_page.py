"""The page's own promises: nothing from elsewhere, nothing without bound, and a clear word about a busy port."""

import os
import re
import socket
import subprocess
import sys
from typing import Any

import httpx
import pytest

from ui.limits import LARGEST_BODY
from ui.page import launch_options


def test_no_font_script_or_style_comes_from_another_host(http: httpx.Client) -> None:
    html = http.get("/").text
    config = http.get("/config").json()
    assert config["stylesheets"] == [] and config["analytics_enabled"] is False
    assert config["enable_queue"] and config["show_error"] is False
    loaded = re.findall(r'<(?:script|link)[^>]+(?:src|href)="([^"]+)"', html)
    loaded += re.findall(r"url\(([^)]+)\)", http.get("/theme.css").text)
    assert not [address for address in loaded if address.strip("'\"").startswith(("http", "//"))]


def test_the_launch_is_hardened() -> None:
    options = launch_options()
    assert options["ssr_mode"] is options["show_error"] is options["enable_monitoring"] is False
    assert options["max_file_size"] == "1mb" and options["state_session_capacity"] <= 1000
    assert "allowed_paths" not in options and "share" not in options


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


@pytest.mark.parametrize("port", ["70000", "0", "seven"])
def test_an_impossible_port_is_refused_with_the_usual_status(port: str) -> None:
    done = subprocess.run([sys.executable, "app.py", "--port", port], capture_output=True, text=True, timeout=120)
    assert done.returncode == 2 and f"{port!r} is not a port" in done.stderr
