"""The Draw tab as one component: its own canvas and layout, and three functions the page calls on the server."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from functools import wraps
from typing import Any

import gradio as gr
import numpy as np

import denoiser
from denoiser.data.glyphs import catmull_rom
from denoiser.data.strokes import draw_strokes
from denoiser.drawing import look
from denoiser.models import can_be_told
from denoiser.picture_files import (
    LARGEST_FILE,
    PHOTO_SIDE,
    PictureError,
    decode_picture,
    enlarge,
    is_rough,
    nearest,
    shrink,
)
from serving.encoding import from_base64
from serving.examples import ExampleDigits
from serving.learned import learned_by
from serving.live import DEFAULT_AMOUNT, Busy, LiveDenoiser, LiveRequest, LiveResponse, Seen
from serving.runs import UnknownRun
from ui.components.component import component
from ui.texts import TEXTS

SCRIPTS = (  # one scope, in this order
    *("words.js", "own.js", "views.js", "ink.js", "link.js", "sliders.js", "keys.js", "rest.js"),
    *("memory.js", "networks.js", "readers.js", "files.js", "crop.js", "given.js", "board.js"),
)
CANVAS = 280  # units of the canvas's coordinates
SENT = 112  # pixels: side of the drawing that the page sends
START_SEED = 3
START_PEN = 22
# The 3 that is on the canvas when the page opens, through these points. Its centre of mass is far from where it would
# be rounded to another pixel: browsers draw lines a little differently, and nothing must jump at the first touch.
START = (
    *((96, 78), (116, 60), (146, 54), (172, 70), (166, 96), (136, 114)),
    *((182, 130), (204, 174), (176, 216), (124, 226), (82, 206)),
)
FIELDS = {"pixels", "amount", "kind", "seed", "model", "clean_only", "told", "reader"}

Handler = Callable[[Any], dict[str, Any]]


def denoise_board(live: LiveDenoiser, examples: ExampleDigits) -> gr.HTML:
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
        },
        "board",
        SCRIPTS,
        _server_functions(live, examples),
        styles=("crop.css",),
    )


def _server_functions(live: LiveDenoiser, examples: ExampleDigits) -> list[Handler]:
    """What the page calls. Anything may arrive here, so each checks everything first."""

    @answering
    def denoise(payload: Any) -> dict[str, Any]:
        fields = fields_of(payload, FIELDS)
        drawing = drawing_of(fields.pop("pixels"))
        return answer_of(live.respond(LiveRequest(drawing, **fields)))

    @answering
    def example(payload: Any) -> dict[str, Any]:
        label = fields_of(payload, {"label"})["label"]
        with live.place():
            digit = examples.pick(label)
        return {"label": digit.label, "source": digit.source, "own": digit.own, **_to_draw_on(digit.pixels)}

    @answering
    def read_picture(payload: Any) -> dict[str, Any]:
        data = from_base64(fields_of(payload, {"file"})["file"], "file", LARGEST_FILE)
        with live.place():
            pixels = decode_picture(data)
            sight = look(shrink(pixels, PHOTO_SIDE))
        drawn, plain = (sight.digit[0, 0] * 255).round().byte().numpy(), nearest(pixels)
        facts = {"ink": bool(drawn.any()), "photo": sight.photo, "several": sight.several, "box": sight.box}
        return {**facts, "rough": is_rough(plain), **_to_draw_on(drawn, plain)}

    return [denoise, example, read_picture]


def answering(handler: Handler) -> Handler:
    """Problems become answers: a hint that the page words in the visitor's language, or one line of error."""

    @wraps(handler)
    def answer(payload: Any) -> dict[str, Any]:
        try:
            return handler(payload)
        except Busy as error:
            return {"hint": "busy", "error": str(error)}
        except UnknownRun as error:
            return {"hint": "gone", "error": str(error), "token": error.token}
        except PictureError as error:
            return {"hint": error.hint, "error": str(error)}
        except ValueError as error:
            return {"error": str(error)}

    return answer


def answer_of(response: LiveResponse) -> dict[str, Any]:
    """As the page wants it: grey bytes in base64, figures rounded."""
    if response.hint:
        return {"hint": response.hint}
    assert response.digit is not None and response.noisy and response.denoised  # promised without a hint
    return {
        "digit": _base64(response.digit),
        "noisy": _seen(response.noisy),
        "denoised": _seen(response.denoised),
        "ms": round(response.ms, 2),
        "device": response.device,
    }


def _seen(seen: Seen) -> dict[str, Any]:
    equal = seen.psnr is not None and math.isinf(seen.psnr)  # JSON knows no infinity
    return {
        "pixels": _base64(seen.pixels),
        "readings": [round(probability, 4) for probability in seen.readings],
        "psnr": None if seen.psnr is None or equal else round(seen.psnr, 2),
        "ssim": None if seen.ssim is None else round(seen.ssim, 4),
        "equal": equal,
    }


def _start(live: LiveDenoiser) -> dict[str, Any]:
    stroke = catmull_rom(catmull_rom(np.array(START, dtype=float)))
    drawing = draw_strokes([stroke / CANVAS], width=START_PEN / CANVAS, size=SENT)
    response = live.respond(LiveRequest(drawing, DEFAULT_AMOUNT, seed=START_SEED))
    return {
        "strokes": [stroke.round(1).tolist()],
        "width": START_PEN,
        "amount": DEFAULT_AMOUNT,
        "seed": START_SEED,
        "answer": answer_of(response),
    }


def _to_draw_on(digit: np.ndarray, plain: np.ndarray | None = None) -> dict[str, str]:
    return {"drawing": _base64(enlarge(digit, SENT)), "plain": _base64(digit if plain is None else plain)}


def fields_of(payload: Any, names: set[str]) -> dict[str, Any]:
    """A stranger's payload, an object with exactly these names; ValueError for anything else."""
    if not isinstance(payload, dict) or set(payload) != names:
        raise ValueError(f"expected an object with exactly these fields: {', '.join(sorted(names))}")
    return dict(payload)


def drawing_of(pixels: Any) -> np.ndarray:
    """What a stranger says is the canvas, as uint8 [112, 112]; ValueError for anything else."""
    data = from_base64(pixels, "pixels", SENT * SENT)
    if len(data) != SENT * SENT:
        raise ValueError(f"pixels must be {SENT}×{SENT} grey bytes, not {len(data)} bytes")
    return np.frombuffer(data, np.uint8).reshape(SENT, SENT)


def _base64(pixels: np.ndarray) -> str:
    return base64.b64encode(pixels.tobytes()).decode()
