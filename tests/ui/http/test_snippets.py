"""Every snippet of "Use via API" does what it says, copied from the page as it stands there."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from denoiser.picture_files import encode_png
from tests.ui.http.test_denoise import SEVEN, ask

INSTALLED = Path(sys.executable).parent  # where pip puts `gradio`


@pytest.fixture(scope="session")
def snippets(http: httpx.Client) -> dict[str, dict[str, str]]:
    """By endpoint and language, out of the page itself; the browser's tests see that these are what it shows."""
    described = re.search(r"window\.gradio_api_info = (.*?);</script>", http.get("/").text)
    assert described
    endpoints = json.loads(described[1])["named_endpoints"]
    assert list(endpoints) == ["/denoise", "/train", "/watch", "/stop_training"]
    return {name.removeprefix("/"): endpoint["code_snippets"] for name, endpoint in endpoints.items()}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "digit.png").write_bytes(encode_png(SEVEN))
    yield tmp_path


def copied(folder: Path, *command: str) -> str:
    path = f"{INSTALLED}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=240, cwd=folder, env={**os.environ, "PATH": path}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def python(folder: Path, snippet: str) -> dict[str, Any]:
    last = copied(folder, sys.executable, "-c", snippet).splitlines()[-1]
    answer = eval(last, {"__builtins__": {}})  # what `print(result)` writes
    assert isinstance(answer, dict)
    return answer


def curl(folder: Path, snippet: str) -> dict[str, Any]:
    *_, last = (line for line in copied(folder, "bash", "-c", snippet).splitlines() if line.startswith("data: "))
    (answer,) = json.loads(last.removeprefix("data: "))
    return answer


def command_line(folder: Path, snippet: str) -> dict[str, Any]:
    told = copied(folder, "bash", "-c", snippet.replace("{command}", "gradio", 1))  # as the page does
    (answer,) = json.loads(told).values()
    return answer


def javascript(folder: Path, snippet: str) -> dict[str, Any]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        pytest.skip("needs node")
    known = Path(copied(folder, npm, "root", "-g").strip())
    if not (known / "@gradio" / "client").is_dir():
        pytest.skip("needs npm install -g @gradio/client")
    (folder / "node_modules").symlink_to(known)
    (folder / "snippet.mjs").write_text(
        snippet.replace("console.log(result.data)", "console.log(JSON.stringify(result.data))")
    )
    (answer,) = json.loads(copied(folder, node, "snippet.mjs").splitlines()[-1])
    return answer


LANGUAGES = {"python": python, "bash": curl, "javascript": javascript, "cli": command_line}


@pytest.mark.parametrize("language", LANGUAGES)
def test_denoise_as_it_stands_there(
    http: httpx.Client, snippets: dict[str, dict[str, str]], folder: Path, language: str
) -> None:
    snippet = snippets["denoise"][language]
    if language == "bash":  # the one blank that a reader has to fill
        snippet = snippet.replace("/path/to/your/file", "digit.png")
    answer = LANGUAGES[language](folder, snippet)
    assert answer["hint"] is None and answer["scores"]["denoised"]["psnr"] > answer["scores"]["noisy"]["psnr"] + 5
    if language == "bash":
        assert answer["noisy"] == ask(http)[1][0]["noisy"]


def test_denoise_with_a_file_of_ones_own(http: httpx.Client, snippets: dict[str, dict[str, str]], folder: Path) -> None:
    snippet, changed = re.subn(r"handle_file\('.*?'\)", "handle_file('digit.png')", snippets["denoise"]["python"])
    assert changed == 1 and python(folder, snippet)["denoised"] == ask(http)[1][0]["denoised"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_training_as_it_stands_there(
    http: httpx.Client, snippets: dict[str, dict[str, str]], folder: Path, language: str
) -> None:
    short, changed = re.subn(r"(\bseconds\"?[=:] ?)15(\.0)?", r"\g<1>1", snippets["train"][language])
    assert changed == 1
    told = LANGUAGES[language](folder, short)
    assert told["state"] == "ended" and told["reason"] == "budget" and told["usable"]
    (folder / "node_modules").unlink(missing_ok=True)
    for name in ("watch", "stop_training"):
        snippet = snippets[name][language].replace("the token that /train gave", told["token"])
        assert LANGUAGES[language](folder, snippet)["step"] == told["step"]
        (folder / "node_modules").unlink(missing_ok=True)
