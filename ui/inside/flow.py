"""What the page calls to look into a network: its flow, one channel of it, what a part carries, where a pixel looks."""

from __future__ import annotations

from typing import Any

import numpy as np

from denoiser.pictures import DRAWING
from serving.encoding import to_base64
from serving.flow import Flowed, FlowViewer, Maps, Wish
from serving.flow_channel import Channel, ChannelViewer
from serving.live import LiveDenoiser, LiveRequest
from serving.looks import Looks
from ui.shared.handlers import Handler, answering, drawing_of, fields_of, shown

TASK = {"pixels", "amount", "kind", "seed", "model"}
NOTHING_DRAWN = np.zeros((DRAWING, DRAWING), np.uint8)  # what a part carries is asked for without a drawing
EDITS = {"cut", "frozen", "silenced"}


def flow_functions(live: LiveDenoiser, viewer: FlowViewer) -> list[Handler]:
    """The flow, a channel of it, and what parts carry. Anything may arrive, so everything is checked first."""
    channels = ChannelViewer(live, viewer)

    @answering
    def flow(payload: object) -> dict[str, Any]:
        fields = fields_of(payload, TASK | EDITS)
        wish = _wish(fields)
        flowed = viewer.look(_request(fields), wish)
        return {"hint": flowed.hint} if flowed.hint else _flowed(flowed)

    @answering
    def flow_channel(payload: object) -> dict[str, Any]:
        fields = fields_of(payload, TASK | EDITS | {"stage", "channel"})
        wish, stage, channel = _wish(fields), fields.pop("stage"), fields.pop("channel")
        _check_channels([[stage, channel]])
        found = channels.look(_request(fields), wish, stage, channel)
        return {"hint": found.hint} if found.hint else _channel(found)

    @answering
    def flow_cost(payload: object) -> dict[str, Any]:
        fields = fields_of(payload, {"amount", "kind", "model"} | EDITS)
        wish = _wish(fields)
        request = LiveRequest(NOTHING_DRAWN, **fields)
        cost = viewer.cost(request.model, wish, request.kind, request.amount)
        return {"whole": cost.whole, "edited": cost.edited, "digits": cost.digits, "source": cost.source}

    return [flow, flow_channel, flow_cost]


def looking(live: LiveDenoiser, viewer: FlowViewer) -> Handler:
    """Where one pixel looks; checked likewise."""
    looks = Looks(live, viewer)

    @answering
    def look_at_pixel(payload: object) -> dict[str, Any]:
        fields = fields_of(payload, TASK | {"row", "column"})
        row, column = fields.pop("row"), fields.pop("column")
        looked = looks.look(_request(fields), row, column)
        if looked.hint:
            return {"hint": looked.hint}
        assert looked.digit and looked.noisy and looked.denoised and looked.gradient is not None  # promised
        return {
            "digit": shown(looked.digit),
            "noisy": shown(looked.noisy),
            "denoised": shown(looked.denoised),
            "gradient": to_base64(looked.gradient),
            "strongest": looked.strongest,
            "pixels_with_most": looked.pixels,
            "field": looked.field,
        }

    return look_at_pixel


def _request(fields: dict[str, Any]) -> LiveRequest:
    return LiveRequest(drawing_of(fields.pop("pixels")), **fields)


def _wish(fields: dict[str, Any]) -> Wish:
    """The changes that a stranger asks for; what is no name of a part is found out by whoever knows the parts."""
    cut, frozen, silenced = (fields.pop(name) for name in ("cut", "frozen", "silenced"))
    if not all(isinstance(each, list) for each in (cut, frozen, silenced)):
        raise ValueError("cut, frozen and silenced must be lists")
    if not all(isinstance(pair, list) and len(pair) == 2 and all(type(name) is str for name in pair) for pair in cut):
        raise ValueError("cut must be a list of pairs of stages, from and to")
    if not all(type(name) is str for name in frozen):
        raise ValueError("frozen must be a list of stages")
    _check_channels(silenced)
    return Wish(tuple(map(tuple, cut)), tuple(frozen), tuple(map(tuple, silenced)))


def _check_channels(pairs: list[Any]) -> None:
    for pair in pairs:
        if not (isinstance(pair, list) and len(pair) == 2 and type(pair[0]) is str and type(pair[1]) is int):
            raise ValueError("a channel is named by its stage and its number")


def _flowed(flowed: Flowed) -> dict[str, Any]:
    assert flowed.digit and flowed.noisy and flowed.whole and flowed.edited  # promised without a hint
    return {
        "digit": shown(flowed.digit),
        "noisy": shown(flowed.noisy),
        "whole": shown(flowed.whole),
        "edited": shown(flowed.edited),
        "stages": [_stage(maps) for maps in flowed.maps],
        "skips": [list(skip) for skip in flowed.skips],
    }


def _stage(maps: Maps) -> dict[str, Any]:
    stage = maps.stage
    return {
        "name": stage.name,
        "type": stage.type,
        "shape": list(stage.shape),
        "parameters": stage.parameters,
        "maps": to_base64(maps.values),
        "brightest": maps.brightest,
    }


def _channel(found: Channel) -> dict[str, Any]:
    assert found.values is not None  # promised without a hint
    tone = found.tone
    return {
        "map": to_base64(found.values),
        "low": found.low,
        "high": found.high,
        "next": found.next,
        "changes": [
            {"channel": each.channel, "size": each.size, "map": to_base64(each.values)} for each in found.changes
        ],
        "answers": [
            {"pixels": to_base64(each.pixels), "side": len(each.pixels), "activation": each.activation}
            for each in found.answers
        ],
        "tone": tone and {"slope": tone.slope, "offset": tone.offset, "others": tone.others, "shares": tone.histogram},
    }
