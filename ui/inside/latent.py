"""The latent plane's functions, as the page calls them."""

from __future__ import annotations

from typing import TypedDict

from serving.encoding import to_base64
from serving.examples import ExampleDigits
from serving.latent import Decoded, LatentPlanes
from serving.live import LiveDenoiser, LiveRequest
from ui.shared.handlers import Handler, Hint, answering, drawing_of, fields_of


class PlaneShown(TypedDict):
    low: list[float]  # ends of the plane: first number, second number
    high: list[float]
    codes: list[list[float]]
    labels: list[int]
    tiles: str  # 448×448 grey bytes in base64
    source: str
    own: bool


class DecodedShown(TypedDict):
    decoded: str  # 28×28 grey bytes in base64
    readings: list[float]


class EncodedShown(DecodedShown):
    digit: str  # 28×28 grey bytes in base64, as is `noisy`
    noisy: str
    clean_code: list[float]
    code: list[float]


def latent_functions(live: LiveDenoiser, examples: ExampleDigits) -> list[Handler]:
    """All that the view calls. Anything may arrive there, so everything is checked first."""
    planes = LatentPlanes(live, examples)
    return [giving_planes(planes), encoding(planes), decoding(planes)]


def giving_planes(planes: LatentPlanes) -> Handler:
    """The plane of a network."""

    @answering
    def latent_plane(payload: object) -> PlaneShown:
        plane = planes.plane(_name(fields_of(payload, {"network"})["network"]))
        return {
            "low": list(plane.low),
            "high": list(plane.high),
            "codes": plane.codes.astype(float).round(4).tolist(),
            "labels": plane.labels.tolist(),
            "tiles": to_base64(plane.tiles),
            "source": plane.source,
            "own": plane.own,
        }

    return latent_plane


def encoding(planes: LatentPlanes) -> Handler:
    """Where a drawing lies in the plane."""

    @answering
    def latent_encode(payload: object) -> EncodedShown | Hint:
        fields = fields_of(payload, {"network", "pixels", "amount", "kind", "seed"})
        drawing, name = drawing_of(fields.pop("pixels")), _name(fields.pop("network"))
        encoded = planes.encode(LiveRequest(drawing, model=name, **fields))
        if encoded.digit is None or encoded.noisy is None or encoded.decoded is None:
            return {"hint": encoded.hint or "no_ink"}
        return {
            "digit": to_base64(encoded.digit),
            "noisy": to_base64(encoded.noisy),
            "clean_code": list(encoded.clean_code),
            "code": list(encoded.code),
            **_shown(encoded.decoded),
        }

    return latent_encode


def decoding(planes: LatentPlanes) -> Handler:
    """The picture of any place in the plane."""

    @answering
    def latent_decode(payload: object) -> DecodedShown:
        fields = fields_of(payload, {"network", "code"})
        name, code = _name(fields["network"]), fields["code"]
        if not isinstance(code, list) or len(code) != 2:
            raise ValueError("code must be a list of two numbers")
        return _shown(planes.decode(name, (code[0], code[1])))

    return latent_decode


def _name(network: object) -> str:
    if not isinstance(network, str):
        raise ValueError("network must be a name")
    return network


def _shown(decoded: Decoded) -> DecodedShown:
    readings = [round(probability, 4) for probability in decoded.readings]
    return {"decoded": to_base64(decoded.pixels), "readings": readings}
