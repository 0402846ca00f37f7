"""Digits that were not drawn by the visitor, as the page takes them onto a canvas."""

from __future__ import annotations

from typing import TypedDict

import numpy as np

from denoiser.picture_files import enlarge
from denoiser.pictures import DRAWING
from serving.encoding import to_base64
from serving.examples import ExampleDigits
from serving.live import LiveDenoiser
from ui.shared.handlers import Handler, answering, fields_of


class Given(TypedDict):
    """A digit that was not drawn here."""

    drawing: str  # 112×112 grey bytes in base64, to be drawn on
    plain: str  # the 28×28 that it is, in base64


class ExampleGiven(Given):
    label: int
    source: str
    own: bool  # made by this project, because MNIST is not here


def giving_examples(live: LiveDenoiser, examples: ExampleDigits) -> Handler:
    """A function that the page calls for a digit out of the data: with a label, or any."""

    @answering
    def example(payload: object) -> ExampleGiven:
        label = fields_of(payload, {"label"})["label"]
        with live.place():
            digit = examples.pick(label)
        return {**to_draw_on(digit.pixels), "label": digit.label, "source": digit.source, "own": digit.own}

    return example


def to_draw_on(digit: np.ndarray, plain: np.ndarray | None = None) -> Given:
    """The digit, uint8 [28, 28], as a drawing; `plain` where the picture that it came from was another."""
    return {"drawing": to_base64(enlarge(digit, DRAWING)), "plain": to_base64(digit if plain is None else plain)}
