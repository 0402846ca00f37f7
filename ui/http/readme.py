"""The routes of the project's documents and pictures, which are there without a network, too."""

from __future__ import annotations

import os
import posixpath
import re
from functools import lru_cache, partial
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from ui.http.pictures import SAMPLE, sample
from ui.shared.texts import TEXTS

ROOT = Path(__file__).parents[2]
NAMES = (
    "README.md",
    "README.zh.md",
    "CONTRIBUTING.md",
    "benchmarks/RECORDS.md",
    "checkpoints/README.md",
    "dataset/README.md",
)
DOCUMENTS = {f"/{name}": ROOT / name for name in NAMES if (ROOT / name).is_file()}
PICTURES = {f"/benchmarks/{path.name}": path for path in sorted((ROOT / "benchmarks").glob("*.png"))}
STYLE = (Path(__file__).parent / "readme.css").read_text("utf-8")

HARMLESS = {
    "content-security-policy": "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'",
    "x-content-type-options": "nosniff",
}
CACHED = {"cache-control": "public, max-age=3600"}
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_COMMENT = re.compile(r"^<!--.*?-->\n", re.DOTALL | re.MULTILINE)


def source() -> str | None:
    """Where the code that runs here can be read; None where nobody knows."""
    space = os.environ.get("SPACE_ID", "")
    return f"https://huggingface.co/spaces/{space}" if re.fullmatch(r"[\w.-]+/[\w.-]+", space) else None


def document_routes() -> list[Route]:
    """The documents, as HTML, and the pictures in them; nothing else of the folder is served."""
    return [
        *(Route(path, partial(_document, path)) for path in DOCUMENTS),
        *(Route(path, partial(_picture, path)) for path in PICTURES),
        Route(SAMPLE, _sample),
    ]


def _document(path: str, request: Request) -> Response:
    return HTMLResponse(page(path), headers=HARMLESS)


def _picture(path: str, request: Request) -> Response:
    return FileResponse(PICTURES[path], headers=CACHED)


def _sample(request: Request) -> Response:
    return Response(sample(), headers=CACHED, media_type="image/png")


@lru_cache(maxsize=len(NAMES))
def page(path: str) -> bytes:
    """One of DOCUMENTS as an HTML page of its own. A link that leads nowhere from here is plain text."""
    written = DOCUMENTS[path].read_text("utf-8")
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(_COMMENT.sub("", _FRONT_MATTER.sub("", written)))
    for token in tokens:
        _mend_links(token.children or [], posixpath.dirname(path))
    language = "zh" if path.endswith(".zh.md") else "en"
    title, home = TEXTS[language]["title"], "../" * (path.count("/") - 1) or "./"
    return f"""<!doctype html>
<html lang="{language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title><link rel="icon" type="image/svg+xml" href="{home}favicon.ico">
<style>{STYLE}</style></head>
<body><nav><a href="{home}">{escape(title)}</a></nav>
<main>{parser.renderer.render(tokens, parser.options, {})}</main></body></html>""".encode()


def _mend_links(tokens: list[Token], folder: str) -> None:
    leads = list[bool]()
    for token in tokens:
        if token.type == "link_open":
            address = _address(str(token.attrs["href"]), folder)
            leads.append(address is not None)
            token.attrs = {} if address is None else {"href": address}
        if token.type in ("link_open", "link_close"):
            token.tag = "a" if leads[-1] else "span"
        if token.type == "link_close":
            leads.pop()


def _address(link: str, folder: str) -> str | None:
    """Where a document's link leads to from here; None for nowhere."""
    if re.match(r"https?://|#", link):
        return link
    path = posixpath.normpath(posixpath.join(folder, link.partition("#")[0]))
    if path in DOCUMENTS or path in PICTURES:
        return link
    return None if source() is None else f"{source()}/blob/main{path}"
