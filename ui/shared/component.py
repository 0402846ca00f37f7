"""A tab's own layout, style and scripts as one Gradio component."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

ROOMS = Path(__file__).parents[1]


def component(
    value: dict[str, Any],
    room: str,
    name: str,
    scripts: Sequence[str],
    functions: list[Callable[[Any], dict[str, Any]]],
    styles: Sequence[str] = (),
) -> gr.HTML:
    """`name`.html with `name`.css, these styles and scripts (of one scope), and what they may call on the server.

    The files lie in `room`, a folder of `ui`, or in `shared`.
    """
    # gr.HTML is configured here and not subclassed: Gradio writes a .pyi file next to every subclass.
    return gr.HTML(
        value,
        html_template=text_of(room, f"{name}.html"),
        css_template="\n".join(text_of(room, style) for style in ("controls.css", f"{name}.css", *styles)),
        js_on_load="\n".join(text_of(room, script) for script in scripts),
        apply_default_css=False,
        elem_classes="board-host",
        server_functions=functions,
    )


def text_of(room: str, name: str) -> str:
    """What stands in a file of this folder of `ui`, or else of `shared`."""
    own = ROOMS / room / name
    return (own if own.is_file() else ROOMS / "shared" / name).read_text("utf-8")
