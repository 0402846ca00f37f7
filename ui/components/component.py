"""A tab's own layout, style and scripts as one Gradio component."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

HERE = Path(__file__).parent


def component(
    value: dict[str, Any],
    name: str,
    scripts: Sequence[str],
    functions: list[Callable[[Any], dict[str, Any]]],
    styles: Sequence[str] = (),
) -> gr.HTML:
    """`name`.html with `name`.css, these styles and scripts (of one scope), and what they may call on the server."""
    # gr.HTML is configured here and not subclassed: Gradio writes a .pyi file next to every subclass.
    return gr.HTML(
        value,
        html_template=_text(f"{name}.html"),
        css_template="\n".join(map(_text, ("controls.css", f"{name}.css", *styles))),
        js_on_load="\n".join(map(_text, scripts)),
        apply_default_css=False,
        elem_classes="board-host",
        server_functions=functions,
    )


def _text(name: str) -> str:
    return (HERE / name).read_text("utf-8")
