"""The page's scripts as a browser gets them: all of them, nothing else, and for good."""

import re
from pathlib import Path, PurePosixPath
from typing import Any

import httpx
import pytest

from ui.shared.scripts import FIRST, SCRIPTS, VERSION, address, preloads

IMPORT = re.compile(r"^import (?:.* from )?'([^']+)';$", re.MULTILINE)
ENTRIES = {"draw/board.js", "shell/header.js", "train/training.js"}


def imported(name: str) -> set[str]:
    """The scripts that one imports, by their names."""
    room = PurePosixPath(name).parent
    found = {(Path("/") / room / path).resolve().relative_to("/") for path in IMPORT.findall(SCRIPTS[name].decode())}
    return {str(path) for path in found}


def test_every_script_is_there_for_good(http: httpx.Client) -> None:
    for name, script in SCRIPTS.items():
        answer = http.get(f"/{address(name)}")
        assert answer.status_code == 200 and answer.content == script == (Path("ui") / name).read_bytes(), name
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert "immutable" in answer.headers["cache-control"] and answer.headers["x-content-type-options"] == "nosniff"


def test_a_question_without_a_body_is_answered(http: httpx.Client) -> None:
    answer = http.head(f"/{address('shared/words.js')}", headers={"accept-encoding": "identity"})
    assert answer.status_code == 200 and answer.content == b""
    assert answer.headers["content-length"] == str(len(SCRIPTS["shared/words.js"]))


@pytest.mark.parametrize(
    "path",
    [
        "/scripts/",
        f"/scripts/{VERSION}/",
        f"/scripts/{VERSION}/draw",
        f"/scripts/{VERSION}/draw/board.css",
        f"/scripts/{VERSION}/draw/tab.py",
        f"/scripts/{VERSION}/{FIRST}",
        f"/scripts/{VERSION}/types.d.ts",
        f"/scripts/{VERSION}/draw/..%2fdraw/board.js",
        f"/scripts/{VERSION}/..%2f..%2fapp.py",
        f"/scripts/{VERSION}/draw/board.js%00",
        f"/scripts/{'0' * len(VERSION)}/draw/board.js",  # of another version
        "/scripts/draw/board.js",
    ],
)
def test_nothing_else_is_there(http: httpx.Client, path: str) -> None:
    answer = http.get(path)
    assert answer.status_code == 404 and "import" not in answer.text


def test_only_reading_is_answered(http: httpx.Client) -> None:
    assert http.post(f"/{address('shared/words.js')}").status_code == 405


def test_an_unknown_script_is_told_when_the_page_is_built() -> None:
    with pytest.raises(KeyError):
        address("draw/bored.js")


def test_every_script_is_imported_by_the_page_and_every_import_is_there() -> None:
    imports = {name: imported(name) for name in SCRIPTS}
    assert set.union(*imports.values()) | ENTRIES == set(SCRIPTS)


def test_rooms_import_only_each_other_s_shared_scripts() -> None:
    for name in SCRIPTS:
        room = name.partition("/")[0]
        assert {path.partition("/")[0] for path in imported(name)} <= {room, "shared"}, name


def test_the_page_asks_for_every_script_before_it_is_imported(http: httpx.Client) -> None:
    html = http.get("/").text
    assert set(re.findall(rf'<link rel="(?:modulepreload|prefetch)" href="scripts/{VERSION}/([^"]+)">', html)) == set(
        SCRIPTS
    )
    needed, asked = set[str](), {"draw/board.js", "shell/header.js"}  # for what is seen first
    while asked - needed:
        needed |= asked
        asked = set.union(*map(imported, needed))
    preloaded = set(re.findall(rf'"modulepreload" href="scripts/{VERSION}/([^"]+)"', html))
    assert needed == preloaded


def test_each_component_imports_its_own_script(http: httpx.Client) -> None:
    components: list[Any] = http.get("/config").json()["components"]
    loaded = [c["props"]["js_on_load"] for c in components if "scripts/" in str(c["props"].get("js_on_load"))]
    assert {next(name for name in ENTRIES if address(name) in script) for script in loaded} == ENTRIES


def test_below_a_root_path_scripts_are_found_beside_the_page(below: str) -> None:
    html = httpx.get(f"{below}/").text
    assert preloads() in html and '<base href="./" />' in html  # so that a proxy's path comes before them
    assert httpx.get(f"{below.removesuffix('/lab')}/{address('shared/words.js')}").status_code == 200
