"""The upload of pictures by programs, as gradio_client's `handle_file` does it.

Gradio's own upload writes whatever comes to the disk, from anybody. This stands in its place: one small picture a
request, and nothing that touches the disk.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from denoiser.picture_files import LARGEST_FILE, PictureError, decode_picture
from ui.http.pictures import Pictures
from ui.http.wire import JSON, SECONDS, Body, Gone, Refused, json_bytes, path_of, send_answer

UPLOAD = "/gradio_api/upload"
AT_ONCE = 6  # requests in progress: each may hold a file in memory
ENVELOPE = 4096  # bytes that multipart/form-data may add to a file

TOO_LARGE = f"this file is too large: at most {LARGEST_FILE:,} bytes are taken"
TOO_SLOW = "this file took too long to arrive: try again on a better connection"
BUSY = "the server is busy with other files: try again in a moment, or send the picture in base64"
NO_FILE = "send one PNG, JPEG or WebP file as `files` in multipart/form-data"


class PictureUpload:
    """ASGI middleware in place of Gradio's upload: a list with the name of the picture, as Gradio's clients expect.

    A mistake comes back as {"detail": one line}.
    """

    def __init__(self, app: ASGIApp, pictures: Pictures, seconds: float = SECONDS) -> None:
        self.app, self.pictures, self.seconds = app, pictures, seconds
        self._in_progress = 0  # only the event loop touches it

    @classmethod
    def entry(cls, pictures: Pictures) -> Middleware:
        return Middleware(cls, pictures=pictures)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not path_of(scope).rstrip("/").endswith(UPLOAD):  # behind a proxy it may have a prefix
            return await self.app(scope, receive, send)
        body = Body(receive, LARGEST_FILE + ENVELOPE, self.seconds, TOO_LARGE, TOO_SLOW)
        try:
            status, answer = 200, [await self._take(scope, body)]
        except Gone:
            return
        except Refused as refused:
            await body.drop()
            status, answer = refused.status, {"detail": refused.line}
        await send_answer(send, status, json_bytes(answer), {"content-type": JSON})

    async def _take(self, scope: Scope, body: Body) -> str:
        if scope["method"] != "POST":
            raise Refused(405, "only POST is answered here")
        if self._in_progress >= AT_ONCE:
            raise Refused(503, BUSY)
        self._in_progress += 1
        try:
            data = await _only_file(scope, await body.read(dict(scope["headers"])))
            await asyncio.to_thread(decode_picture, data)  # nothing else is kept
            return self.pictures.put(data)
        except PictureError as error:
            raise Refused(400, str(error)) from None
        finally:
            self._in_progress -= 1


async def _only_file(scope: Scope, body: bytes) -> bytes:
    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    headers = Headers(scope=scope)
    if not headers.get("content-type", "").startswith("multipart/form-data"):
        raise Refused(400, NO_FILE)
    parser = MultiPartParser(headers, stream(), max_files=1, max_fields=1)
    parser.spool_max_size = len(body)  # what is longer than this, it writes to the disk
    try:
        form = await parser.parse()
    except MultiPartException:
        raise Refused(400, NO_FILE) from None
    file = form.get("files")
    data = await file.read() if isinstance(file, UploadFile) else b""
    await form.close()
    if not data:
        raise Refused(400, NO_FILE)
    return data
