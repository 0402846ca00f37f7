"""What every function that the page calls has in common: strangers' payloads in, answers out, mistakes as answers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypedDict

import numpy as np

from denoiser.picture_files import PictureError
from denoiser.pictures import DRAWING
from serving.encoding import from_base64, to_base64
from serving.errors import Busy, UnknownRun
from serving.live import LiveResponse, Seen

Handler = Callable[[object], dict[str, Any]]


class Hint(TypedDict):
    """Why there is nothing else, by a name that the page has words for."""

    hint: str


class Shown(TypedDict):
    """A picture, its scores, and what the reader sees in it."""

    pixels: str  # 28×28 grey bytes in base64
    readings: list[float]  # a probability for each of the ten digits
    psnr: float | None  # dB; None where the truth is not known, and where nothing differs: JSON knows no infinity
    ssim: float | None
    equal: bool  # nothing differs


class Denoised(TypedDict):
    digit: str  # what the drawing became, 28×28 grey bytes in base64
    noisy: Shown
    denoised: Shown
    ms: float
    device: str


def answering(handler: Callable[[object], Mapping[str, Any]]) -> Handler:
    """Problems become answers: a hint that the page words in the visitor's language, or one line of error."""

    @wraps(handler)
    def answer(payload: object) -> dict[str, Any]:
        try:
            return dict(handler(payload))
        except Busy as error:
            return {"hint": "busy", "error": str(error)}
        except UnknownRun as error:
            return {"hint": "gone", "error": str(error), "token": error.token}
        except PictureError as error:
            return {"hint": error.hint, "error": str(error)}
        except ValueError as error:
            return {"error": str(error)}

    return answer


def answer_of(response: LiveResponse) -> Denoised | Hint:
    """As the page wants it."""
    return {"hint": response.hint} if response.hint else denoised_of(response)


def denoised_of(response: LiveResponse) -> Denoised:
    """The same of a response without a hint."""
    assert response.digit is not None and response.noisy and response.denoised  # promised
    return {
        "digit": to_base64(response.digit),
        "noisy": shown(response.noisy),
        "denoised": shown(response.denoised),
        "ms": round(response.ms, 2),
        "device": response.device,
    }


def shown(seen: Seen) -> Shown:
    """As the page wants it."""
    equal = seen.psnr is not None and math.isinf(seen.psnr)
    return {
        "pixels": to_base64(seen.pixels),
        "readings": [round(probability, 4) for probability in seen.readings],
        "psnr": None if seen.psnr is None or equal else round(seen.psnr, 4),
        "ssim": None if seen.ssim is None else round(seen.ssim, 4),
        "equal": equal,
    }


def fields_of(payload: object, names: set[str]) -> dict[str, Any]:
    """A stranger's payload, an object with exactly these names; ValueError for anything else."""
    if not isinstance(payload, dict) or set(payload) != names:
        raise ValueError(f"expected an object with exactly these fields: {', '.join(sorted(names))}")
    return dict(payload)


def drawing_of(pixels: object) -> np.ndarray:
    """What a stranger says is the canvas, as uint8 [112, 112]; ValueError for anything else."""
    data = from_base64(pixels, "pixels", DRAWING * DRAWING)
    if len(data) != DRAWING * DRAWING:
        raise ValueError(f"pixels must be {DRAWING}×{DRAWING} grey bytes, not {len(data)} bytes")
    return np.frombuffer(data, np.uint8).reshape(DRAWING, DRAWING)
