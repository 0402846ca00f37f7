"""Routes of our own, asked before Gradio is: an endpoint takes Starlette's Request and returns a Response."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.http.body_limit import MOST_DROPPED, BodyLimit


class Routes:
    """ASGI middleware: what is none of these routes goes on to the app behind it.

    An endpoint refuses by HTTPException, with the status and one line, which comes back as {"detail": line}. One that
    reads the body bounds it by `BodyLimit`, in its route's `middleware`.
    """

    def __init__(self, app: ASGIApp, routes: Sequence[Route]) -> None:
        self.app, self.routes = app, routes
        self.own: ASGIApp = ExceptionMiddleware(Router(routes), {HTTPException: _refusal})
        # A route's own limit stands behind the check of the method: what comes with a wrong one is read here.
        self.wrong_method = BodyLimit(self.own, most=MOST_DROPPED)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Not the router's own `default`: it would take startup and shutdown for itself, too.
        matches = {route.matches(scope)[0] for route in self.routes}
        own = self.own if Match.FULL in matches else self.wrong_method
        await (self.app if matches <= {Match.NONE} else own)(scope, receive, send)


async def _refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"detail": error.detail}, error.status_code, error.headers)
