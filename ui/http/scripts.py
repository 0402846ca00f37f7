"""The routes of the page's scripts, which browsers may keep for good."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ui.shared.scripts import SCRIPTS, VERSION

FOREVER = {"cache-control": "public, max-age=31536000, immutable", "x-content-type-options": "nosniff"}


def script_routes() -> list[Route]:
    """The scripts, and nothing else below their address: not those of another version either."""
    return [Route("/scripts/{version}/{name:path}", _script)]


def _script(request: Request) -> Response:
    script = SCRIPTS.get(request.path_params["name"])
    if script is None or request.path_params["version"] != VERSION:
        raise HTTPException(404, "there is no such script: reload the page")
    return Response(script, headers=FOREVER, media_type="text/javascript")
