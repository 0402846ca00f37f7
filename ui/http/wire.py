"""Plain requests and answers, for the middleware that serves addresses of our own beside Gradio's."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping

from starlette.types import Message, Receive, Scope, Send

JSON = "application/json"
SECONDS = 60.0  # that a body may take to arrive
PART = 2**20  # bytes of an answer that are sent at a time
PATIENCE = 32 * 2**20  # bytes of a refused body that are still read, and dropped, so that the answer arrives


class Gone(Exception):
    """Whoever asked is not there any more."""


class Refused(Exception):
    """With the status and the line of the answer."""

    def __init__(self, status: int, line: str) -> None:
        self.status, self.line = status, line


class Body:
    """The body of one request, which may not be longer, nor take more time, than it is allowed.

    `read` raises Refused with one of these lines, or Gone; `drop` reads what still comes of a refused body: without,
    the answer may never arrive.
    """

    def __init__(self, receive: Receive, most: int, seconds: float, too_large: str, too_slow: str) -> None:
        self.receive, self.most, self.seconds = receive, most, seconds
        self.too_large, self.too_slow = too_large, too_slow
        self._more = True  # to wait for more of a body that is complete is to wait until the line is cut

    async def read(self, headers: Mapping[bytes, bytes]) -> bytes:
        announced = headers.get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > self.most:
            raise Refused(413, self.too_large)
        parts, size, end = list[bytes](), 0, time.monotonic() + self.seconds
        while self._more:
            message = await self._next(end)
            if message is None:
                raise Refused(408, self.too_slow)
            if message["type"] == "http.disconnect":
                raise Gone
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > self.most:
                raise Refused(413, self.too_large)
        return b"".join(parts)

    async def drop(self) -> None:
        dropped, end = 0, time.monotonic() + SECONDS
        while self._more and dropped < PATIENCE and time.monotonic() < end:
            message = await self._next(end)
            if message is None:
                return
            dropped += len(message.get("body", b""))

    async def _next(self, end: float) -> Message | None:
        try:
            message = await asyncio.wait_for(self.receive(), max(0.0, end - time.monotonic()))
        except asyncio.TimeoutError:  # noqa: UP041  another class in Python 3.10
            return None
        self._more = message.get("more_body", False)
        return message


def path_of(scope: Scope) -> str:
    """The address that a request asks for, below the root path; empty where it is no HTTP request."""
    return scope["path"].removeprefix(scope.get("root_path", "")) if scope["type"] == "http" else ""


def json_bytes(answer: object) -> bytes:
    return json.dumps(answer).encode()


async def send_answer(send: Send, status: int, body: bytes, headers: Mapping[str, str], head: bool = False) -> None:
    """Send it whole, or for the method HEAD its headers alone."""
    everything = {**headers, "content-length": str(len(body))}
    lines = [(name.encode(), value.encode("latin-1")) for name, value in everything.items()]
    await send({"type": "http.response.start", "status": status, "headers": lines})
    if head:
        body = b""
    # In parts: whoever sends them waits for a slow line, and does not copy a large file for it.
    for start in range(0, max(1, len(body)), PART):
        more = start + PART < len(body)
        await send({"type": "http.response.body", "body": body[start : start + PART], "more_body": more})
