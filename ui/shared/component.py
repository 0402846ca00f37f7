"""A tab's own layout, style and script as one Gradio component."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from ui.shared.pack import packed_name
from ui.shared.scripts import ADDRESS

ROOMS = Path(__file__).parents[1]
# Gradio runs it in a function, when it has drawn the component. All of them wait for the same modules, since two copies
# would not know each other. They are asked for a second time by another address, as a browser may remember that one
# failed; what is not there then is told where the visitor looks for news.
START = """\
const load = (address) => import(new URL(address, document.baseURI));
window.denoiserScripts ??= load('{address}').catch(() => load('{address}?again'));
window.denoiserScripts.then(
  (scripts) => scripts.{name}.start(element, props.value, server),
  (problem) => {{
    console.error(problem);
    const words = props.value.texts[navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'];
    element.querySelector('[data-trouble]').textContent = words.hint_not_loaded;
  }},
);
"""


def component(
    value: dict[str, Any],
    room: str,
    name: str,
    functions: list[Callable[[Any], dict[str, Any]]],
    styles: Sequence[str] = (),
) -> gr.HTML:
    """`name`.html with `name`.css and these styles, started by `name`.js, and what that may call on the server.

    The files lie in `room`, a folder of `ui`; styles also in `shared`. `value` is what the script gets, its `texts` by
    language among it.
    """
    # gr.HTML is configured here and not subclassed: Gradio writes a .pyi file next to every subclass.
    return gr.HTML(
        value,
        html_template=text_of(room, f"{name}.html"),
        css_template="\n".join(text_of(room, style) for style in ("controls.css", f"{name}.css", *styles)),
        js_on_load=START.format(address=ADDRESS, name=packed_name(f"{room}/{name}.js")),
        apply_default_css=False,
        elem_classes="board-host",
        server_functions=functions,
    )


def text_of(room: str, name: str) -> str:
    """What stands in a file of this folder of `ui`, or else of `shared`; <!-- task.html --> includes another one."""
    own = ROOMS / room / name
    text = (own if own.is_file() else ROOMS / "shared" / name).read_text("utf-8")
    return re.sub(r"<!-- (\w+\.html) -->\n", lambda found: text_of(room, found[1]), text)
