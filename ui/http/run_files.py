"""The door for files: a checkpoint comes in as it is, and a run's checkpoint, card and film go out.

A file would grow by a third in JSON, and a token in an address would end in the server's log: so these requests are
plain HTTP, the token is in a header, and nothing of them touches the disk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from urllib.parse import parse_qs, unquote

from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from serving.errors import UnknownRun
from serving.runs.registry import LARGEST_UPLOAD, Runs
from ui.http.wire import JSON, SECONDS, Body, Gone, Refused, json_bytes, path_of, send_answer

UPLOAD, DOWNLOAD = "/training/checkpoint", "/training/file"
AT_ONCE = {UPLOAD: 3, DOWNLOAD: 6}  # requests in progress: each may hold a file in memory

TOO_LARGE = f"this file is too large: at most {LARGEST_UPLOAD >> 20} MiB are taken"
TOO_SLOW = "this file took too long to arrive: try again on a better connection"
BUSY = "the server is busy with other files: try again in a moment"
NO_BODY = "there is no file in this request: send a .safetensors file as its body"
NO_KIND = "kind must be checkpoint, card or timelapse"


class Door:
    """ASGI middleware for two addresses; it stands before the guard, whose bound for bodies is smaller.

    `POST /training/checkpoint`, the file as body and its name in the header X-Name, percent-encoded: {"token": …}.
    `GET /training/file?kind=checkpoint|card|timelapse`, the token in the header X-Run: the file.
    A mistake comes back as {"error": one line}.
    """

    def __init__(self, app: ASGIApp, runs: Runs, most: int = LARGEST_UPLOAD, seconds: float = SECONDS) -> None:
        self.app, self.runs, self.most, self.seconds = app, runs, most, seconds
        self._in_progress = dict.fromkeys(AT_ONCE, 0)  # only the event loop touches it

    @classmethod
    def entry(cls, runs: Runs) -> Middleware:
        return Middleware(cls, runs=runs)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = path_of(scope)
        if path not in (UPLOAD, DOWNLOAD):
            return await self.app(scope, receive, send)
        body = Body(receive, self.most, self.seconds, TOO_LARGE, TOO_SLOW)
        try:
            answer, headers = await self._answer(path, scope, body)
        except Gone:
            return
        except Refused as refused:
            if path == UPLOAD:
                await body.drop()
            return await send_answer(send, refused.status, json_bytes({"error": refused.line}), {"content-type": JSON})
        await send_answer(send, 200, answer, headers)

    async def _answer(self, path: str, scope: Scope, body: Body) -> tuple[bytes, dict[str, str]]:
        expected = "POST" if path == UPLOAD else "GET"
        if scope["method"] != expected:
            raise Refused(405, f"only {expected} is answered here")
        if self._in_progress[path] >= AT_ONCE[path]:
            raise Refused(503, BUSY)
        self._in_progress[path] += 1
        try:
            return await (self._upload(scope, body) if path == UPLOAD else self._download(scope))
        finally:
            self._in_progress[path] -= 1

    async def _upload(self, scope: Scope, body: Body) -> tuple[bytes, dict[str, str]]:
        headers = dict(scope["headers"])
        data = await body.read(headers)
        if not data:
            raise Refused(400, NO_BODY)
        name = unquote(headers.get(b"x-name", b"").decode("latin-1"))[:200] or "uploaded"
        token = await _in_thread(self.runs.adopt, data, name)
        return json_bytes({"token": token}), {"content-type": JSON}

    async def _download(self, scope: Scope) -> tuple[bytes, dict[str, str]]:
        token = dict(scope["headers"]).get(b"x-run", b"").decode("latin-1")
        kind = parse_qs(scope["query_string"].decode("latin-1")).get("kind", [""])[-1]
        if kind not in FILES:
            raise Refused(400, NO_KIND)
        make, suffix, media_type = FILES[kind]
        data = await _in_thread(make, self.runs, token)
        name = f"{self.runs.name(token)}{suffix}"
        disposition = f'attachment; filename="{name}"'
        headers = {"content-type": media_type, "content-disposition": disposition, "cache-control": "no-store"}
        return data, headers


FILES: dict[str, tuple[Callable[[Runs, str], bytes], str, str]] = {
    "checkpoint": (Runs.checkpoint, ".safetensors", "application/octet-stream"),
    "card": (lambda runs, token: runs.card(token).encode(), ".md", "text/markdown; charset=utf-8"),
    "timelapse": (Runs.timelapse, ".gif", "image/gif"),
}


async def _in_thread(work: Callable[..., bytes | str], *arguments: object) -> bytes | str:
    try:
        return await asyncio.to_thread(work, *arguments)
    except UnknownRun as error:
        raise Refused(404, str(error)) from None
    except ValueError as error:
        raise Refused(400, str(error)) from None
