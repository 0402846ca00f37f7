"""The Inside tab as one component: what happens in a network while it takes the noise out of a digit."""

from __future__ import annotations

import gradio as gr

import denoiser
from serving.examples import ExampleDigits
from serving.flow import FlowViewer
from serving.live import LiveDenoiser
from ui.inside.data import data_functions
from ui.inside.flow import flow_functions, looking
from ui.inside.latent import latent_functions
from ui.inside.network import describing
from ui.inside.texts import INSIDE_TEXTS
from ui.shared.component import component
from ui.shared.examples import giving_examples
from ui.shared.task_texts import TASK_TEXTS
from ui.shared.texts import TEXTS

FIRST_AMOUNT, FIRST_SEED = 0.5, 3
STYLES = ("task.css", "flow.css", "latent.css", "network.css", "data.css")


def inside_tab(live: LiveDenoiser, examples: ExampleDigits) -> gr.HTML:
    """The tab; it asks for nothing before it is opened."""
    value = {
        "texts": {language: TEXTS[language] | TASK_TEXTS[language] | INSIDE_TEXTS[language] for language in TEXTS},
        "kinds": list(denoiser.KINDS),
        "networks": [info.name for info in live.models],
        "start": {"amount": FIRST_AMOUNT, "seed": FIRST_SEED},
    }
    viewer = FlowViewer(live, examples)
    functions = [
        giving_examples(live, examples),
        *flow_functions(live, viewer),
        looking(live, viewer),
        *latent_functions(live, examples),
        describing(live),
        *data_functions(live, examples),
    ]
    return component(value, "inside", "inside", functions, STYLES)
