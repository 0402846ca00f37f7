"""The page's script as a browser gets it: all modules, nothing else, and for good."""

import re
from typing import Any

import httpx
import pytest

from ui.shared.pack import IMPORT, packed_name
from ui.shared.scripts import ADDRESS, FIRST, MODULES, PRELOAD, SCRIPT, VERSION

ENTRIES = {"compare/compare.js", "draw/board.js", "inside/inside.js", "shell/header.js", "train/training.js"}


def imported(name: str) -> set[str]:
    """The modules that one imports, by their names."""
    room = name.partition("/")[0]
    paths = [path for _, path in IMPORT.findall(MODULES[name])]
    return {f"{room}/{path[2:]}" if path.startswith("./") else path[3:] for path in paths}


def test_the_script_is_there_for_good(http: httpx.Client) -> None:
    answer = http.get(f"/{ADDRESS}")
    assert answer.status_code == 200 and answer.content == SCRIPT
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"] and answer.headers["x-content-type-options"] == "nosniff"


def test_it_travels_compressed(http: httpx.Client) -> None:
    with http.stream("GET", f"/{ADDRESS}", headers={"accept-encoding": "br"}) as answer:
        sent = sum(map(len, answer.iter_raw()))
    assert answer.headers["content-encoding"] == "br" and sent < len(SCRIPT) / 3


def test_a_question_without_a_body_is_answered(http: httpx.Client) -> None:
    answer = http.head(f"/{ADDRESS}", headers={"accept-encoding": "identity"})
    assert answer.status_code == 200 and answer.content == b""
    assert answer.headers["content-length"] == str(len(SCRIPT))


@pytest.mark.parametrize(
    "path",
    [
        "/scripts/",
        f"/scripts/{VERSION}",
        f"/scripts/{VERSION}.css",
        f"/scripts/{VERSION}.js/",
        f"/scripts/{VERSION}.js%00",
        f"/scripts/{'0' * len(VERSION)}.js",  # of another version
        "/scripts/draw/board.js",
        "/scripts/draw/tab.py",
        f"/scripts/{FIRST}",
        f"/scripts/..%2fscripts/{VERSION}.js",
        "/scripts/..%2f..%2fapp.py",
    ],
)
def test_nothing_else_is_there(http: httpx.Client, path: str) -> None:
    answer = http.get(path)
    assert answer.status_code == 404 and "import" not in answer.text


def test_only_reading_is_answered(http: httpx.Client) -> None:
    assert http.post(f"/{ADDRESS}").status_code == 405


def test_every_module_is_imported_by_the_page() -> None:
    assert set.union(*map(imported, MODULES)) | ENTRIES == set(MODULES)


def test_rooms_import_only_their_own_modules_and_shared_ones() -> None:
    for name in MODULES:
        room = name.partition("/")[0]
        assert {path.partition("/")[0] for path in imported(name)} <= {room, "shared"}, name


def test_the_page_asks_for_it_before_gradio_draws(http: httpx.Client) -> None:
    head, _, body = http.get("/").text.partition("</head>")
    assert head.count(PRELOAD) == 1 and PRELOAD not in body


def test_each_component_is_started_by_a_module_of_its_own(http: httpx.Client) -> None:
    components: list[Any] = http.get("/config").json()["components"]
    loaded = [str(c["props"].get("js_on_load")) for c in components]
    started = [re.findall(r"scripts\.(\w+)\.start", script) for script in loaded if ADDRESS in script]
    assert sorted(started) == sorted([packed_name(name)] for name in ENTRIES)


def test_below_a_root_path_it_is_found_beside_the_page(below: str) -> None:
    html = httpx.get(f"{below}/").text
    assert PRELOAD in html and '<base href="./" />' in html  # so that a proxy's path comes before it
    assert httpx.get(f"{below.removesuffix('/lab')}/{ADDRESS}").status_code == 200
