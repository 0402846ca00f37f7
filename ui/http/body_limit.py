"""What no request may do: send a body without bound, which Gradio would read into memory whole."""

from __future__ import annotations

import contextlib

from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 2 * 2**20  # bytes: the largest picture in base64, with room to spare
PATIENCE = 32 * 2**20  # bytes of a refused body that are still read, and dropped, so that the answer arrives
TOO_LARGE = (413, b'{"detail":"this request is too large: at most 2 MiB are taken"}')


class RequestGuard:
    """ASGI middleware: 413 as soon as a body is longer than it may be."""

    def __init__(self, app: ASGIApp, most: int = LARGEST_BODY) -> None:
        self.app = app
        self.most = most

    @classmethod
    def entry(cls) -> Middleware:
        return Middleware(cls)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > self.most:
            await _drop(receive)
            return await _refuse(send, *TOO_LARGE)
        taken, more = 0, True

        async def bounded() -> Message:
            nonlocal taken, more
            message = await receive()
            more = message.get("more_body", False)
            taken += len(message.get("body", b""))
            if taken > self.most:  # sent in chunks, without announcing a length
                raise _TooLong
            return message

        async def unless_too_long(message: Message) -> None:
            if taken <= self.most:  # whoever caught the exception may have words of its own for it
                await send(message)

        with contextlib.suppress(_TooLong):
            await self.app(scope, bounded, unless_too_long)
        if taken > self.most:
            if more:
                await _drop(receive)
            await _refuse(send, *TOO_LARGE)


class _TooLong(Exception):
    pass


async def _drop(receive: Receive) -> None:
    dropped = 0
    while dropped < PATIENCE:
        message = await receive()
        dropped += len(message.get("body", b""))
        if not message.get("more_body", False):
            return


async def _refuse(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
