"""The documents as the page shows them: no dead link, nothing that runs, and nothing else of the folder."""

import re
from typing import Any

import httpx
import pytest

from ui.http.readme import DOCUMENTS, PICTURES, page
from ui.page import build_page

ADDRESS = re.compile(r'(?:href|src)="([^"]+)"')


@pytest.mark.parametrize("path", [*DOCUMENTS])
@pytest.mark.parametrize("space", [None, "you/digits"])
def test_no_link_of_a_document_is_dead(
    http: httpx.Client, path: str, space: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.cache_clear()
    monkeypatch.setenv("SPACE_ID", space or "")
    answer = http.get(path)
    page.cache_clear()
    assert answer.headers["content-type"] == "text/html; charset=utf-8" and "<h1>" in answer.text
    for address in ADDRESS.findall(answer.text):
        if address.startswith("https://huggingface.co/spaces/"):
            named = address.removeprefix("https://huggingface.co/spaces/you/digits/blob/main/")
            assert space and (DOCUMENTS["/README.md"].parent / named).exists(), address
        elif not address.startswith(("http", "#")):
            assert http.get(str(answer.url.join(address))).status_code == 200, address
    assert ("huggingface.co/spaces/you/digits/blob/main/denoiser/noise.py" in answer.text) == (
        space is not None and path in ("/README.md", "/README.zh.md")
    )


def test_a_document_is_readable_html_and_runs_nothing(http: httpx.Client) -> None:
    answer = http.get("/README.md")
    for part in ("<table>", '<code class="language-python">', '<img src="benchmarks/page.png"', 'href="README.zh.md"'):
        assert part in answer.text
    assert "app_file:" not in answer.text and "&lt;!--" not in answer.text and "<script" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert '<html lang="zh">' in http.get("/README.zh.md").text


def test_nothing_else_of_the_folder_is_served(http: httpx.Client) -> None:
    assert set(PICTURES) == {f"/benchmarks/{name}.png" for name in ("learning", "page", "psnr", "train")}
    for path in (
        "/app.py",
        "/ui/page.py",
        "/benchmarks/rivals.json",
        "/README.md/../app.py",
        "/benchmarks/..%2fapp.py",
    ):
        assert "import" not in http.get(path).text and http.get(path).status_code == 404, path


def test_the_source_is_named_where_it_is_known(runs: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def linked() -> Any:
        config = build_page(runs=runs).get_config_file()
        return next(c["props"]["value"] for c in config["components"] if "weights" in str(c["props"].get("value")))

    for space, source in (("you/digits", "https://huggingface.co/spaces/you/digits/tree/main"), ("", None)):
        monkeypatch.setenv("SPACE_ID", space)
        assert linked()["source"] == source
    monkeypatch.setenv("SPACE_ID", 'x"><script>')
    assert linked()["source"] is None
