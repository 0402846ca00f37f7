"""The Draw tab as one component: its own canvas and layout, and three functions the page calls on the server."""

from __future__ import annotations

from typing import TypedDict

import gradio as gr
import numpy as np

import denoiser
from denoiser.canvas import look
from denoiser.data.glyphs import catmull_rom
from denoiser.data.strokes import draw_strokes
from denoiser.models import can_be_told
from denoiser.picture_files import (
    LARGEST_FILE,
    PHOTO_SIDE,
    decode_picture,
    is_rough,
    nearest,
    shrink,
)
from denoiser.pictures import DRAWING, to_bytes
from serving.encoding import from_base64
from serving.examples import ExampleDigits
from serving.learned import learned_by
from serving.live import DEFAULT_AMOUNT, LARGEST_SEED, LiveDenoiser, LiveRequest
from ui.shared.component import component
from ui.shared.examples import Given, giving_examples, to_draw_on
from ui.shared.handlers import Denoised, Handler, Hint, answer_of, answering, drawing_of, fields_of
from ui.shared.texts import TEXTS
from ui.worker.files import worker_files

CANVAS = 280  # units of the canvas's coordinates
START_SEED = 3
START_PEN = 22
# The 3 that is on the canvas when the page opens, through these points. Its centre of mass is far from where it would
# be rounded to another pixel: browsers draw lines a little differently, and nothing must jump at the first touch.
START_POINTS = (
    *((96, 78), (116, 60), (146, 54), (172, 70), (166, 96), (136, 114)),
    *((182, 130), (204, 174), (176, 216), (124, 226), (82, 206)),
)


class PictureGiven(Given):
    ink: bool
    photo: bool
    several: bool  # things, of which none is taken for the digit
    box: tuple[float, ...] | None  # of the digit on a photo: left, top, right, bottom, as shares of width and height
    rough: bool  # whether the picture reduced as it is, without centring, looks like noise


class Start(TypedDict):
    """What is on the canvas when the page opens, and what becomes of it."""

    strokes: list[list[list[float]]]
    width: int
    amount: float
    seed: int
    answer: Denoised | Hint


def draw_tab(live: LiveDenoiser, examples: ExampleDigits) -> gr.HTML:
    """The board, ready to draw on. Its first answer travels with the page, so that nothing is asked to open it."""
    return component(
        {
            "texts": TEXTS,
            "kinds": list(denoiser.KINDS),
            "models": [
                {
                    "name": info.name,
                    "parameters": info.parameters,
                    "told": can_be_told(info.config),
                    "learned": learned_by(info.training),
                }
                for info in live.models
            ],
            "start": _start(live),
            "worker": worker_files(),
            "limits": {
                "canvas": CANVAS,
                "sent": DRAWING,
                "largest_file": LARGEST_FILE,
                "largest_seed": LARGEST_SEED,
            },
        },
        "draw",
        "board",
        _server_functions(live, examples),
        styles=("crop.css",),
    )


def _server_functions(live: LiveDenoiser, examples: ExampleDigits) -> list[Handler]:
    """What the page calls. Anything may arrive here, so each checks everything first."""

    @answering
    def denoise(payload: object) -> Denoised | Hint:
        fields = fields_of(payload, {"pixels", "amount", "kind", "seed", "model", "clean_only", "told", "reader"})
        drawing = drawing_of(fields.pop("pixels"))
        return answer_of(live.respond(LiveRequest(drawing, **fields)))

    @answering
    def read_picture(payload: object) -> PictureGiven:
        data = from_base64(fields_of(payload, {"file"})["file"], "file", LARGEST_FILE)
        with live.place():
            pixels = decode_picture(data)
            sight = look(shrink(pixels, PHOTO_SIDE))
        drawn, plain = to_bytes(sight.digit[0, 0]), nearest(pixels)
        return {
            **to_draw_on(drawn, plain),
            "ink": bool(drawn.any()),
            "photo": sight.photo,
            "several": sight.several,
            "box": sight.box,
            "rough": is_rough(plain),
        }

    return [denoise, giving_examples(live, examples), read_picture]


def _start(live: LiveDenoiser) -> Start:
    stroke = catmull_rom(catmull_rom(np.array(START_POINTS, dtype=float)))
    drawing = draw_strokes([stroke / CANVAS], width=START_PEN / CANVAS, size=DRAWING)
    response = live.respond(LiveRequest(drawing, DEFAULT_AMOUNT, seed=START_SEED))
    return {
        "strokes": [stroke.round(1).tolist()],
        "width": START_PEN,
        "amount": DEFAULT_AMOUNT,
        "seed": START_SEED,
        "answer": answer_of(response),
    }
