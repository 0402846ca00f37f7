"""CPU against GPU against the visitor's own browser: how many pictures a second, measured for the page."""

from __future__ import annotations

from typing import Any

from denoiser.inference import FEW
from denoiser.speed import BATCHES, ONNX
from serving.live import LiveDenoiser
from serving.speed import Speeds
from ui.shared.handlers import Handler, answering, fields_of
from ui.worker.files import worker_files


def speed_value(live: LiveDenoiser, speeds: Speeds) -> dict[str, Any]:
    """What its script has to know: the ways, and up to how many pictures at a time each goes."""
    most = {name: FEW if name == ONNX else BATCHES[-1] for name in speeds.ways}
    used = speeds.ways[-1] if live.devices == ["cpu"] else live.devices[-1]  # few pictures go through ONNX Runtime
    return {"batches": list(BATCHES), "most": most, "used": used, "worker": worker_files()}


def timing(speeds: Speeds) -> Handler:
    """What a batch of pictures takes one way; everything is checked first."""

    @answering
    def speed(payload: object) -> dict[str, Any]:
        fields = fields_of(payload, {"network", "way", "batch"})
        if not isinstance(fields["network"], str) or not isinstance(fields["way"], str):
            raise ValueError("network and way must be texts")
        if type(fields["batch"]) is not int:
            raise ValueError("batch must be a whole number")
        timed = speeds.measure(fields["network"], fields["way"], fields["batch"])
        return {"seconds": timed.seconds, "hardware": timed.hardware}

    return speed
