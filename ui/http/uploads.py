"""The route by which programs upload pictures, as gradio_client's `handle_file` does it.

Gradio's own upload writes whatever comes to the disk, from anybody. This stands in its place: one small picture a
request, and nothing that touches the disk.
"""

from __future__ import annotations

import asyncio

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from denoiser.picture_files import LARGEST_FILE, PictureError, decode_picture
from ui.http.body_limit import ARRIVAL_SECONDS, BodyLimit
from ui.http.pictures import Pictures

UPLOAD = "/gradio_api/upload"
UPLOADS_AT_ONCE = 6  # requests in progress: each may hold a file in memory
LARGEST_UPLOAD = LARGEST_FILE + 4096  # bytes, with what multipart/form-data may add to a file

BUSY_WITH_UPLOADS = "the server is busy with other files: try again in a moment, or send the picture in base64"
NO_FILE = "send one PNG, JPEG or WebP file as `files` in multipart/form-data"


class PictureUploads:
    """The route, which counts its requests in progress, and where the pictures are kept."""

    def __init__(self, pictures: Pictures, seconds: float = ARRIVAL_SECONDS) -> None:
        self._pictures, self._seconds = pictures, seconds
        self._taking = asyncio.Semaphore(UPLOADS_AT_ONCE)

    def routes(self) -> list[Route]:
        limit = Middleware(BodyLimit, most=LARGEST_UPLOAD, seconds=self._seconds)
        return [Route(path, self.take, methods=["POST"], middleware=[limit]) for path in (UPLOAD, f"{UPLOAD}/")]

    async def take(self, request: Request) -> Response:
        """A list with the name of the picture, as Gradio's clients expect."""
        if self._taking.locked():
            raise HTTPException(503, BUSY_WITH_UPLOADS)
        async with self._taking:
            data = await _only_file(request)
            try:
                await asyncio.to_thread(decode_picture, data)  # nothing else is kept
            except PictureError as error:
                raise HTTPException(400, str(error)) from None
            return JSONResponse([self._pictures.put(data)])


async def _only_file(request: Request) -> bytes:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise HTTPException(400, NO_FILE)
    parser = MultiPartParser(request.headers, request.stream(), max_files=1, max_fields=1)
    parser.spool_max_size = LARGEST_UPLOAD  # what is longer than this, it writes to the disk
    try:
        form = await parser.parse()
    except MultiPartException:
        raise HTTPException(400, NO_FILE) from None
    file = form.get("files")
    data = await file.read() if isinstance(file, UploadFile) else b""
    await form.close()
    if not data:
        raise HTTPException(400, NO_FILE)
    return data
