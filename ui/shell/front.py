"""The front of the page, as browsers and crawlers get it: the words of a shared link, and what comes before Gradio.

That is a script that runs first, and a tag that fetches all others at once.

Gradio writes its own `og:` tags before anything that an app may add, and crawlers take the first ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape

from gradio.route_utils import get_root_url
from PIL import Image
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.http.pictures import HERE
from ui.http.readme import PICTURES
from ui.shared.scripts import FIRST, PRELOAD, ROOMS
from ui.shared.texts import TEXTS
from ui.shell.texts import SHELL_TEXTS

FIRST_SCRIPT = (ROOMS / FIRST).read_text("utf-8")
PREVIEW = "/benchmarks/page.png"
ICON = ROOMS / "icon.svg"
LOCALES = {"en": "en_US", "zh": "zh_CN"}

_OTHERS_TAGS = re.compile(r'\s*<meta\s+(?:property|name)="(?:og|twitter):[^"]*"\s+content="[^"]*"\s*/?>')
_LANG = re.compile(r'(<html\s+lang=)"[^"]*"')
_CHARSET = re.compile(r'<meta charset="[^"]*"\s*/?>')
# In bash the last part of a pipe runs in a shell of its own, and what it reads is lost.
_READ = re.compile(r"\| read EVENT_ID; (curl -N [^\s\"']+/\$EVENT_ID)")


class Front:
    """ASGI middleware that completes the page, and the description of the endpoints, on their way out."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (rewrite := REWRITTEN.get(_path(scope).rstrip("/"))):
            send = _rewriting(send, lambda text: rewrite(text, scope))
        await self.app(scope, receive, send)


def _path(scope: Scope) -> str:
    """What a request asks for, below the root path."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def _rewriting(send: Send, rewrite: Callable[[str], str]) -> Send:
    """`send`, with the whole body of a successful text rewritten."""
    start: Message = {}
    parts: list[bytes] = []

    async def rewriting(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
            return
        parts.append(message.get("body", b""))
        if message.get("more_body", False):
            return
        body, headers = b"".join(parts), MutableHeaders(raw=start["headers"])
        if start["status"] == 200 and body and "content-encoding" not in headers:
            body = rewrite(body.decode()).encode()
            headers["content-length"] = str(len(body))
            headers.add_vary_header("Accept-Language")
        await send(start)
        await send({"type": "http.response.body", "body": body})

    return rewriting


def _described(text: str, scope: Scope) -> str:
    return _READ.sub(r"| (read EVENT_ID; \1)", text.replace(HERE, _root(scope)))


def _page(html: str, scope: Scope) -> str:
    language = _language(Headers(scope=scope).get("accept-language", ""))
    html = _described(_OTHERS_TAGS.sub("", html), scope)
    html = _LANG.sub(rf'\1"{language}"', html, count=1)
    html = _CHARSET.sub(lambda charset: charset[0] + _tags(language, _root(scope)), html, count=1)
    return html.replace("</head>", f"<script>{FIRST_SCRIPT}</script>{PRELOAD}</head>", 1)


REWRITTEN = {
    "": _page,
    "/gradio_api/info": _described,  # which shows an address of this page, as the next one does
    "/gradio_api/openapi.json": _described,
}


def _language(wanted: str) -> str:
    """The page's language for an Accept-Language: that of its first wish, as in the browser."""
    return "zh" if wanted.strip().lower().startswith("zh") else "en"


def _root(scope: Scope) -> str:
    """The page's own address, as whoever asks sees it, without a slash at its end."""
    path = getattr(scope.get("app"), "root_path", "") or scope.get("root_path")
    return get_root_url(Request(scope), route_path=_path(scope), root_path=path)


def _tags(language: str, root: str) -> str:
    text = SHELL_TEXTS[language] | {"title": TEXTS[language]["title"]}
    (other,) = SHELL_TEXTS.keys() - {language}
    named = {"description": text["description"], "twitter:card": "summary_large_image"}
    properties = {
        "og:type": "website",
        "og:title": text["title"],
        "og:description": text["description"],
        "og:url": f"{root}/",
        "og:site_name": text["title"],
        "og:locale": LOCALES[language],
        "og:locale:alternate": LOCALES[other],
    }
    if (size := _preview_size()) is not None:
        width, height = (str(side) for side in size)
        image = {"": root + PREVIEW, ":type": "image/png", ":width": width, ":height": height}
        properties |= {f"og:image{name}": value for name, value in image.items()}
        properties["og:image:alt"] = text["preview"]
        named |= {"twitter:image": root + PREVIEW, "twitter:image:alt": text["preview"]}
    named |= {"twitter:title": text["title"], "twitter:description": text["description"]}
    lines = [f"<title>{escape(text['title'])}</title>"]
    lines += [f'<meta name="{name}" content="{escape(value)}">' for name, value in named.items()]
    lines += [f'<meta property="{name}" content="{escape(value)}">' for name, value in properties.items()]
    lines += [
        f'<link rel="canonical" href="{escape(root)}/">',
        '<link rel="icon" type="image/svg+xml" href="favicon.ico">',
    ]
    return "".join(f"\n\t\t{line}" for line in lines)


@lru_cache(maxsize=1)
def _preview_size() -> tuple[int, int] | None:
    picture = PICTURES.get(PREVIEW)
    if picture is None:
        return None
    with Image.open(picture) as image:
        return image.size
