"""What stands above the tabs, and belongs to all of them: the headline, the tour, the choice of language, the foot."""

from __future__ import annotations

import gradio as gr

from serving.live import LiveDenoiser
from ui.http.readme import DOCUMENTS, source
from ui.shared.component import component
from ui.shared.texts import TEXTS
from ui.shell.texts import SHELL_TEXTS

READMES = {"en": "/README.md", "zh": "/README.zh.md"}


def header(live: LiveDenoiser) -> gr.HTML:
    shared = ("title", "headline", "hint_not_loaded")
    return component(
        {
            "texts": {
                language: {name: TEXTS[language][name] for name in shared} | texts
                for language, texts in SHELL_TEXTS.items()
            },
            "weights": live.models[0].parameters,
            "source": None if source() is None else f"{source()}/tree/main",
            "readme": {language: path for language, path in READMES.items() if path in DOCUMENTS},
        },
        "shell",
        "header",
        [],
    )
