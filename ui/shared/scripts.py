"""The page's scripts: ES modules, packed into one, at an address that changes with any of them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ui.shared.pack import pack

ROOMS = Path(__file__).parents[1]
FIRST = "shell/first.js"  # no module, and not served: it stands in the page itself
# Read once, and all of one moment: no request touches the disk, and a page never mixes the scripts of two versions.
SOURCES = {
    name: path.read_text("utf-8")
    for path in sorted(ROOMS.glob("*/*.js"))
    if (name := f"{path.parent.name}/{path.name}") != FIRST
}
MODULES = {name: text for name, text in SOURCES.items() if not name.startswith("worker/")}  # that has a script itself
SCRIPT = pack(MODULES).encode()
VERSION = hashlib.sha256(SCRIPT).hexdigest()[:16]
ADDRESS = f"scripts/{VERSION}.js"  # relative to the base of the page
PRELOAD = f'<link rel="modulepreload" href="{ADDRESS}">'  # so that it is there before Gradio has drawn what it starts
