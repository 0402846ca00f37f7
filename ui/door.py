"""The door for files: a checkpoint comes in as it is, and a run's checkpoint, card and film go out.

A file would grow by a third in JSON, and a token in an address would end in the server's log: so these requests are
plain HTTP, the token is in a header, and nothing of them touches the disk.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from urllib.parse import parse_qs, unquote

from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.runs import LARGEST_UPLOAD, Runs, UnknownRun

UPLOAD, DOWNLOAD = "/training/checkpoint", "/training/file"
AT_ONCE = {UPLOAD: 3, DOWNLOAD: 6}  # requests in progress: each may hold a file in memory
SECONDS = 60.0  # that an upload may take
PART = 2**20  # bytes of an answer that are sent at a time
PATIENCE = 32 * 2**20  # bytes of a refused body that are still read, and dropped, so that the answer arrives

TOO_LARGE = f"this file is too large: at most {LARGEST_UPLOAD >> 20} MiB are taken"
TOO_SLOW = "this file took too long to arrive: try again on a better connection"
BUSY = "the server is busy with other files: try again in a moment"
NO_BODY = "there is no file in this request: send a .safetensors file as its body"
NO_KIND = "kind must be checkpoint, card or timelapse"


class _Gone(Exception):
    """Whoever asked is not there any more."""


class _Refused(Exception):
    """With the status and the line of the answer."""

    def __init__(self, status: int, line: str) -> None:
        self.status, self.line = status, line


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
        path = scope["path"].removeprefix(scope.get("root_path", "")) if scope["type"] == "http" else ""
        if path not in (UPLOAD, DOWNLOAD):
            return await self.app(scope, receive, send)
        expected, answer = ("POST", self._upload) if path == UPLOAD else ("GET", self._download)
        more = True  # of the body; to wait for more of one that is complete is to wait until the line is cut

        async def reading() -> Message:
            nonlocal more
            message = await receive()
            more = message.get("more_body", False)
            return message

        try:
            if scope["method"] != expected:
                raise _Refused(405, f"only {expected} is answered here")
            if self._in_progress[path] >= AT_ONCE[path]:
                raise _Refused(503, BUSY)
            self._in_progress[path] += 1
            try:
                body, headers = await answer(scope, reading)
            finally:
                self._in_progress[path] -= 1
        except _Gone:
            return
        except _Refused as refused:
            if expected == "POST" and more:
                await _drop(receive)
            return await _send(send, refused.status, _json({"error": refused.line}), {"content-type": JSON})
        await _send(send, 200, body, headers)

    async def _upload(self, scope: Scope, receive: Receive) -> tuple[bytes, dict[str, str]]:
        headers = dict(scope["headers"])
        announced = headers.get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > self.most:
            raise _Refused(413, TOO_LARGE)
        name = unquote(headers.get(b"x-name", b"").decode("latin-1"))[:200] or "uploaded"
        data = await self._body(receive)
        token = await _in_thread(self.runs.adopt, data, name)
        return _json({"token": token}), {"content-type": JSON}

    async def _body(self, receive: Receive) -> bytes:
        parts, size, end = list[bytes](), 0, time.monotonic() + self.seconds
        while True:
            try:
                message: Message = await asyncio.wait_for(receive(), max(0.0, end - time.monotonic()))
            except asyncio.TimeoutError:  # noqa: UP041  another class in Python 3.10
                raise _Refused(408, TOO_SLOW) from None
            if message["type"] == "http.disconnect":
                raise _Gone
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > self.most:
                raise _Refused(413, TOO_LARGE)
            if not message.get("more_body", False):
                break
        if not size:
            raise _Refused(400, NO_BODY)
        return b"".join(parts)

    async def _download(self, scope: Scope, receive: Receive) -> tuple[bytes, dict[str, str]]:
        token = dict(scope["headers"]).get(b"x-run", b"").decode("latin-1")
        kind = parse_qs(scope["query_string"].decode("latin-1")).get("kind", [""])[-1]
        if kind not in FILES:
            raise _Refused(400, NO_KIND)
        make, suffix, media_type = FILES[kind]
        data = await _in_thread(make, self.runs, token)
        name = f"{self.runs.name(token)}{suffix}"
        disposition = f'attachment; filename="{name}"'
        headers = {"content-type": media_type, "content-disposition": disposition, "cache-control": "no-store"}
        return data, headers


JSON = "application/json"
FILES: dict[str, tuple[Callable[[Runs, str], bytes], str, str]] = {
    "checkpoint": (Runs.checkpoint, ".safetensors", "application/octet-stream"),
    "card": (lambda runs, token: runs.card(token).encode(), ".md", "text/markdown; charset=utf-8"),
    "timelapse": (Runs.timelapse, ".gif", "image/gif"),
}


async def _in_thread(work: Callable[..., bytes | str], *arguments: object) -> bytes | str:
    try:
        return await asyncio.to_thread(work, *arguments)
    except UnknownRun as error:
        raise _Refused(404, str(error)) from None
    except ValueError as error:
        raise _Refused(400, str(error)) from None


async def _drop(receive: Receive) -> None:
    """Read what still comes of a refused body: without, the answer may never arrive."""
    dropped, end = 0, time.monotonic() + SECONDS
    while dropped < PATIENCE and time.monotonic() < end:
        try:
            message = await asyncio.wait_for(receive(), max(0.0, end - time.monotonic()))
        except asyncio.TimeoutError:  # noqa: UP041
            return
        dropped += len(message.get("body", b""))
        if not message.get("more_body", False):
            return


def _json(answer: dict[str, str]) -> bytes:
    return json.dumps(answer).encode()


async def _send(send: Send, status: int, body: bytes, headers: dict[str, str]) -> None:
    everything = {**headers, "content-length": str(len(body))}
    lines = [(name.encode(), value.encode("latin-1")) for name, value in everything.items()]
    await send({"type": "http.response.start", "status": status, "headers": lines})
    # In parts: whoever sends them waits for a slow line, and does not copy a large file for it.
    for start in range(0, max(1, len(body)), PART):
        more = start + PART < len(body)
        await send({"type": "http.response.body", "body": body[start : start + PART], "more_body": more})
