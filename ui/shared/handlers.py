"""What every function that the page calls has in common: strangers' payloads in, answers out, mistakes as answers."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from denoiser.picture_files import PictureError
from serving.encoding import from_base64
from serving.errors import Busy, UnknownRun
from serving.live import LiveResponse, Seen

SENT = 112  # pixels: side of the drawing that the page sends

Handler = Callable[[Any], dict[str, Any]]


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
        "digit": in_base64(response.digit),
        "noisy": _seen(response.noisy),
        "denoised": _seen(response.denoised),
        "ms": round(response.ms, 2),
        "device": response.device,
    }


def _seen(seen: Seen) -> dict[str, Any]:
    equal = seen.psnr is not None and math.isinf(seen.psnr)  # JSON knows no infinity
    return {
        "pixels": in_base64(seen.pixels),
        "readings": [round(probability, 4) for probability in seen.readings],
        "psnr": None if seen.psnr is None or equal else round(seen.psnr, 2),
        "ssim": None if seen.ssim is None else round(seen.ssim, 4),
        "equal": equal,
    }


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


def in_base64(pixels: np.ndarray) -> str:
    """The bytes of a picture, as the page takes them."""
    return base64.b64encode(pixels.tobytes()).decode()
