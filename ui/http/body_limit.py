"""What no request may do: send a body without bound, which Gradio would read into memory whole."""

from __future__ import annotations

import asyncio
import contextlib
import time

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 2 * 2**20  # bytes: the largest picture in base64, with room to spare
ARRIVAL_SECONDS = 60.0  # that a file may take to arrive
MOST_DROPPED = 32 * 2**20  # bytes of a refused body that are still read, and dropped
DROPPING_SECONDS = 60.0  # that this may take
TOO_SLOW = "this request took too long to arrive: try again on a better connection"


class BodyLimit:
    """ASGI middleware: 413 as soon as a body is longer than it may be, 408 where it takes longer to arrive.

    Before any answer of an error, what is left of the body is read and dropped: without, it may never arrive.
    """

    def __init__(self, app: ASGIApp, most: int = LARGEST_BODY, seconds: float | None = None) -> None:
        self.app, self.most, self.seconds = app, most, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        bounded = _Bounded(receive, send, self.most, self.seconds)
        with contextlib.suppress(_Refused, ClientDisconnect):  # nobody is there for an answer to the latter
            bounded.check_announced(Headers(scope=scope).get("content-length", "0"))
            await self.app(scope, bounded.receive, bounded.send)
        if bounded.refusal is not None:
            await bounded.drop()
            await bounded.refusal(scope, receive, send)


class _Refused(Exception):
    pass


class _Bounded:
    """The two ends of one request: what receives the body, and what sends the answer."""

    def __init__(self, receive: Receive, send: Send, most: int, seconds: float | None) -> None:
        self._receive, self._send, self._most = receive, send, most
        self._end = None if seconds is None else time.monotonic() + seconds
        self._taken = 0  # bytes
        self._more = True  # to wait for more of a body that is complete is to wait until the line is cut
        self._answering = False
        self.refusal: JSONResponse | None = None

    def check_announced(self, length: str) -> None:
        if not length.isdecimal() or int(length) > self._most:
            self._refuse_large()

    async def receive(self) -> Message:
        if self._answering or not self._more:
            return await self._receive()
        message = await self._next(self._end)
        if message is None:
            raise self._refused(408, TOO_SLOW)
        self._taken += len(message.get("body", b""))
        if self._taken > self._most:  # sent in chunks, without announcing a length
            self._refuse_large()
        return message

    async def send(self, message: Message) -> None:
        if self.refusal is not None:  # whoever caught the exception may have words of its own for it
            return
        if not self._answering and message["status"] >= 400:
            await self.drop()
        self._answering = True
        await self._send(message)

    async def drop(self) -> None:
        """Read what is left of the body."""
        dropped, end = 0, time.monotonic() + DROPPING_SECONDS
        while self._more and dropped < MOST_DROPPED:
            message = await self._next(end)
            if message is None:
                return
            dropped += len(message.get("body", b""))

    async def _next(self, end: float | None) -> Message | None:
        left = None if end is None else max(0.0, end - time.monotonic())
        try:
            message = await asyncio.wait_for(self._receive(), left)
        except asyncio.TimeoutError:  # noqa: UP041  another class in Python 3.10
            return None
        self._more = message.get("more_body", False)
        return message

    def _refuse_large(self) -> None:
        raise self._refused(413, f"this request is too large: at most {self._most >> 20} MiB are taken")

    def _refused(self, status: int, line: str) -> _Refused:
        self.refusal = JSONResponse({"detail": line}, status)
        return _Refused()
