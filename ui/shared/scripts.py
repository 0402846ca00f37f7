"""The page's scripts: ES modules, each at an address that changes with any of them."""

from __future__ import annotations

import hashlib
from pathlib import Path

ROOMS = Path(__file__).parents[1]
FIRST = "shell/first.js"  # stands in the page itself
# Read once, and all of one moment: no request touches the disk, and a page never mixes the scripts of two versions.
SCRIPTS = {
    name: path.read_bytes()
    for path in sorted(ROOMS.glob("*/*.js"))
    if (name := f"{path.parent.name}/{path.name}") != FIRST
}
VERSION = hashlib.sha256(b"".join(name.encode() + script for name, script in SCRIPTS.items())).hexdigest()[:16]
LATER = "train/"  # not needed until its tab is opened


def address(name: str) -> str:
    """Where the page finds a script, relative to its own base; KeyError where there is none of that name."""
    if name not in SCRIPTS:
        raise KeyError(name)
    return f"scripts/{VERSION}/{name}"


def preloads() -> str:
    """Tags for the head of the page: no script waits until the one that imports it has come, nor Draw for Train's."""
    soon = [f'<link rel="modulepreload" href="{address(name)}">' for name in SCRIPTS if not name.startswith(LATER)]
    idle = [f'<link rel="prefetch" href="{address(name)}">' for name in SCRIPTS if name.startswith(LATER)]
    return "".join(soon + idle)
