"""The page as a crawler, a proxy and a browser get it: its own words in front of Gradio's, and no dead link."""

import io
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import httpx
import pytest
from PIL import Image

from ui.http.readme import DOCUMENTS, PICTURES, page
from ui.page import build_page, launch_options
from ui.shared.texts import TEXTS
from ui.shell.texts import SHELL_TEXTS

ADDRESS = re.compile(r'(?:href|src)="([^"]+)"')


def tags(html: str) -> dict[str, list[str]]:
    """What crawlers read: every named value of the head, in the order in which it stands there."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<meta\s[^>]*>", html):
        name, content = (re.search(rf'\b{key}="([^"]*)"', tag) for key in ("(?:property|name)", "content"))
        if name and content:
            found.setdefault(name[1], []).append(unescape(content[1]))
    return found


def test_a_shared_link_shows_the_page_and_nothing_of_gradio(http: httpx.Client) -> None:
    html = http.get("/").text
    found = tags(html)
    text = SHELL_TEXTS["en"]
    assert found["og:title"] == found["twitter:title"] == [TEXTS["en"]["title"]]
    assert found["og:description"] == found["twitter:description"] == found["description"] == [text["description"]]
    assert found["og:url"] == [f"{http.base_url}/".replace("//", "/").replace(":/", "://")]
    assert found["og:type"] == ["website"] and found["twitter:card"] == ["summary_large_image"]
    assert found["og:image:alt"] == [text["preview"]]
    assert all(len(values) == 1 for values in found.values())
    said = " ".join(value for values in found.values() for value in values)
    assert "gradio" not in said.lower() and "{" not in said and "Click to try" not in html
    assert re.findall("<title>(.*)</title>", html) == [TEXTS["en"]["title"]]


def test_the_picture_of_a_shared_link_is_there_and_as_large_as_promised(http: httpx.Client) -> None:
    found = tags(http.get("/").text)
    answer = http.get(found["og:image"][0])
    with Image.open(io.BytesIO(answer.content)) as picture:
        size = picture.size
    assert answer.headers["content-type"] == "image/png" == found["og:image:type"][0]
    assert [str(side) for side in size] == found["og:image:width"] + found["og:image:height"]
    head = http.head(found["og:image"][0])
    assert head.content == b"" and head.headers["content-length"] == str(len(answer.content))


def test_a_proxy_is_believed_about_the_address(http: httpx.Client) -> None:
    forwarded = {"X-Forwarded-Host": "you-digits.hf.space", "X-Forwarded-Proto": "https"}
    html = http.get("/", headers=forwarded).text
    assert tags(html)["og:url"] == ["https://you-digits.hf.space/"]
    assert tags(html)["og:image"] == ["https://you-digits.hf.space/benchmarks/page.png"]
    assert '<link rel="canonical" href="https://you-digits.hf.space/">' in html
    assert "https://you-digits.hf.space/sample.png" in html and "page.invalid" not in html


def test_an_address_cannot_break_out_of_its_tag(http: httpx.Client) -> None:
    answer = http.get("/", headers={"X-Forwarded-Host": 'a"><script>alert(1)</script>'})
    assert "<script>alert(1)" not in answer.text


@pytest.fixture
def below(runs: Any) -> Iterator[str]:
    blocks = build_page(runs=runs)
    _, address, _ = blocks.launch(prevent_thread_lock=True, quiet=True, root_path="/lab", **launch_options(runs))
    yield address.rstrip("/")
    blocks.close()


def test_below_a_root_path_every_address_has_it(below: str) -> None:
    html = httpx.get(f"{below}/").text
    root = f"{below.removesuffix('/lab')}/lab"
    assert tags(html)["og:url"] == [f"{root}/"] and tags(html)["og:image"] == [f"{root}/benchmarks/page.png"]
    assert httpx.get(f"{below.removesuffix('/lab')}/benchmarks/page.png").status_code == 200


@pytest.mark.parametrize(
    ("wanted", "language"), [("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-GB,zh;q=0.5", "en"), ("fr", "en"), ("", "en")]
)
def test_the_first_wish_decides_the_language(http: httpx.Client, wanted: str, language: str) -> None:
    answer = http.get("/", headers={"Accept-Language": wanted})
    assert f'lang="{language}"' in answer.text[:100] and "Accept-Language" in answer.headers["vary"]
    assert tags(answer.text)["og:title"] == [TEXTS[language]["title"]]
    assert tags(answer.text)["og:locale"] != tags(answer.text)["og:locale:alternate"]


def test_the_icon_is_our_own(http: httpx.Client) -> None:
    answer = http.get("/favicon.ico")
    assert answer.headers["content-type"].startswith("image/svg+xml") and "<svg" in answer.text
    assert 'rel="icon" type="image/svg+xml" href="favicon.ico"' in http.get("/").text


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
