"""The route of the page's scripts, which browsers may keep for good."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ui.shared.scripts import SCRIPT, VERSION

FOREVER = {"cache-control": "public, max-age=31536000, immutable", "x-content-type-options": "nosniff"}


def script_routes() -> list[Route]:
    """The scripts, and nothing else below their address: not those of another version either."""
    return [Route("/scripts/{name:path}", _scripts)]


def _scripts(request: Request) -> Response:
    if request.path_params["name"] != f"{VERSION}.js":
        raise HTTPException(404, "there is no such script: reload the page")
    return Response(SCRIPT, headers=FOREVER, media_type="text/javascript")
