"""Keys to runs: whoever knows one may watch its run, stop it, save it and draw with it."""

from __future__ import annotations

import re
import secrets

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def new_token() -> str:
    """32 random bytes: the only key to a run."""
    return secrets.token_urlsafe(32)


def is_token(text: str) -> bool:
    """Whether it may be the token of a run."""
    return _TOKEN.fullmatch(text) is not None
