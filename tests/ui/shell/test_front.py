"""The page as a crawler, a proxy and a browser get it: its own words in front of Gradio's."""

import io
import re
from html import unescape

import httpx
import pytest
from PIL import Image

from ui.shared.texts import TEXTS
from ui.shell.texts import SHELL_TEXTS


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
