"""Routes of our own, asked before Gradio is: an endpoint takes Starlette's Request and returns a Response."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send


class Routes:
    """ASGI middleware: what is none of these routes goes on to the app behind it.

    An endpoint refuses by HTTPException, with the status and one line, which comes back as {"detail": line}. One that
    reads the body bounds it by `BodyLimit`, in its route's `middleware`.
    """

    def __init__(self, app: ASGIApp, routes: Sequence[Route]) -> None:
        self.app, self.routes = app, routes
        self.own = ExceptionMiddleware(Router(routes), {HTTPException: _refusal})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Not the router's own `default`: it would take startup and shutdown for itself, too.
        own = any(route.matches(scope)[0] is not Match.NONE for route in self.routes)
        await (self.own if own else self.app)(scope, receive, send)


async def _refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"detail": error.detail}, error.status_code, error.headers)
