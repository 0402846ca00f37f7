"""The routes for files of runs: a checkpoint comes in as it is, and a run's checkpoint, card and film go out.

A file would grow by a third in JSON, and a token in an address would end in the server's log: so these requests are
plain HTTP, the token is in a header, and nothing of them touches the disk.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TypeVar
from urllib.parse import unquote

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from serving.errors import UnknownRun
from serving.runs.registry import LARGEST_CHECKPOINT, Runs
from ui.http.body_limit import ARRIVAL_SECONDS, BodyLimit

CHECKPOINT, FILE = "/training/checkpoint", "/training/file"
CHECKPOINTS_AT_ONCE, FILES_AT_ONCE = 3, 6  # requests in progress: each may hold a file in memory
PART = 2**20  # bytes of a file that are sent at a time

BUSY_WITH_FILES = "the server is busy with other files: try again in a moment"
NO_BODY = "there is no file in this request: send a .safetensors file as its body"
NO_KIND = "kind must be checkpoint, card or timelapse"

FILES: dict[str, tuple[Callable[[Runs, str], bytes], str, str]] = {
    "checkpoint": (Runs.checkpoint, ".safetensors", "application/octet-stream"),
    "card": (lambda runs, token: runs.card(token).encode(), ".md", "text/markdown; charset=utf-8"),
    "timelapse": (Runs.timelapse, ".gif", "image/gif"),
}

Result = TypeVar("Result")


class RunFiles:
    """The two routes, which count their requests in progress."""

    def __init__(self, runs: Runs, seconds: float = ARRIVAL_SECONDS) -> None:
        self._runs, self._seconds = runs, seconds
        self._taking, self._giving = asyncio.Semaphore(CHECKPOINTS_AT_ONCE), asyncio.Semaphore(FILES_AT_ONCE)

    def routes(self) -> list[Route]:
        limit = Middleware(BodyLimit, most=LARGEST_CHECKPOINT, seconds=self._seconds)
        return [
            Route(CHECKPOINT, self.take_checkpoint, methods=["POST"], middleware=[limit]),
            Route(FILE, self.give_file, methods=["GET"]),
        ]

    async def take_checkpoint(self, request: Request) -> Response:
        """The file as body, and its name in the header X-Name, percent-encoded: {"token": …} of a run that has it."""
        if self._taking.locked():
            raise HTTPException(503, BUSY_WITH_FILES)
        async with self._taking:
            data = await request.body()
            if not data:
                raise HTTPException(400, NO_BODY)
            name = unquote(request.headers.get("x-name", ""))[:200] or "uploaded"
            return JSONResponse({"token": await _in_thread(self._runs.adopt, data, name)})

    async def give_file(self, request: Request) -> Response:
        """?kind=checkpoint, card or timelapse, and the token in the header X-Run: the file."""
        if self._giving.locked():
            raise HTTPException(503, BUSY_WITH_FILES)
        async with self._giving:
            kind, token = request.query_params.get("kind"), request.headers.get("x-run", "")
            if kind not in FILES:
                raise HTTPException(400, NO_KIND)
            make, suffix, media_type = FILES[kind]
            data = await _in_thread(make, self._runs, token)
            name = f"{self._runs.name(token)}{suffix}"
        headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
        return _in_parts(data, headers, media_type)


async def _in_thread(work: Callable[..., Result], *arguments: object) -> Result:
    try:
        return await asyncio.to_thread(work, *arguments)
    except UnknownRun as error:
        raise HTTPException(404, str(error)) from None
    except ValueError as error:
        raise HTTPException(400, str(error)) from None


def _in_parts(data: bytes, headers: dict[str, str], media_type: str) -> Response:
    """An answer that waits for a slow line, and does not copy a large file for it, as one sent whole would."""

    async def parts() -> AsyncIterator[bytes]:
        for start in range(0, len(data), PART):
            yield data[start : start + PART]

    return StreamingResponse(parts(), headers={**headers, "content-length": str(len(data))}, media_type=media_type)
