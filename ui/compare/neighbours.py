"""The function of the view that asks whether a network remembers or understands."""

from __future__ import annotations

from typing import TypedDict

from serving.encoding import to_base64
from serving.live import LiveRequest
from serving.neighbours import Memory, Near
from ui.shared.handlers import Handler, Hint, answering, drawing_of, fields_of


class Neighbourhood(TypedDict):
    """A picture and the training digits nearest to it."""

    picture: str  # 28×28 grey bytes in base64
    digits: str  # 8 of them, or fewer, one behind the other
    labels: list[int | None]
    rmse: list[float]  # in [0, 1]
    own: float  # from the picture to the clean digit


class Neighboured(TypedDict):
    denoised: Neighbourhood
    noisy: Neighbourhood
    clean: Neighbourhood
    source: str  # of the digits that were searched
    count: int  # of them


def searching(memory: Memory) -> Handler:
    """What the page calls; everything is checked first."""

    @answering
    def neighbours(payload: object) -> Neighboured | Hint:
        fields = fields_of(payload, {"pixels", "amount", "kind", "seed", "model"})
        found = memory.find(LiveRequest(drawing_of(fields.pop("pixels")), **fields))
        if found.denoised is None or found.noisy is None or found.clean is None:
            return {"hint": found.hint or "no_ink"}
        return {
            "denoised": _shown(found.denoised),
            "noisy": _shown(found.noisy),
            "clean": _shown(found.clean),
            "source": found.source,
            "count": found.count,
        }

    return neighbours


def _shown(near: Near) -> Neighbourhood:
    return {
        "picture": to_base64(near.picture),
        "digits": to_base64(near.digits),
        "labels": list(near.labels),
        "rmse": [round(each, 5) for each in near.rmse],
        "own": round(near.own, 5),
    }
