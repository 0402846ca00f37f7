"""The Compare tab as one component: one digit, one noise, and everybody who takes it out, side by side."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any, TypedDict

import gradio as gr

import denoiser
from denoiser.classical import METHODS
from denoiser.data.own import OWN_SOURCE
from serving.encoding import to_base64
from serving.examples import ExampleDigits
from serving.live import LiveDenoiser, LiveRequest
from serving.measure import Measuring
from serving.neighbours import Memory
from serving.noise_map import AMOUNTS as MAP_AMOUNTS
from serving.noise_map import NoiseMap
from serving.rivals import SLOW, Rated, Rivals
from serving.speed import Speeds
from ui.compare.measure import measure_value, measuring
from ui.compare.neighbours import searching
from ui.compare.speed import speed_value, timing
from ui.compare.texts import COMPARE_TEXTS
from ui.shared.component import component
from ui.shared.examples import giving_examples
from ui.shared.handlers import Handler, Hint, Shown, answering, drawing_of, fields_of, shown
from ui.shared.task_texts import TASK_TEXTS
from ui.shared.texts import TEXTS

FIRST_AMOUNT, FIRST_SEED = 0.5, 3
STYLES = ("task.css", "neighbours.css", "measure.css", "speed.css")


class Entry(TypedDict):
    """What a rival made of the picture."""

    name: str
    shown: Shown
    ms: float


class Compared(TypedDict):
    digit: Shown
    entries: list[Entry]


class Swept(TypedDict):
    pictures: str  # 16 of them, 28×28 grey bytes each, one behind the other in base64
    psnr: list[float | None]  # dB; None where nothing differs
    read: list[int]
    digit: int  # that is read without any noise


def compare_tab(live: LiveDenoiser, examples: ExampleDigits) -> gr.HTML:
    """The tab; it asks for nothing before it is opened."""
    rivals, speeds = Rivals(live), Speeds(live)
    value = {
        "texts": {language: TEXTS[language] | TASK_TEXTS[language] | COMPARE_TEXTS[language] for language in TEXTS},
        "kinds": list(denoiser.KINDS),
        "rivals": rivals.names,
        "networks": [info.name for info in live.models],
        "map_amounts": MAP_AMOUNTS,
        "slow": [name for name in SLOW if name in rivals.names],
        "missing": [name for name in METHODS if name not in rivals.classical],
        "own_source": OWN_SOURCE,
        "measure": measure_value(live),
        "speed": speed_value(live, speeds),
        "start": {"amount": FIRST_AMOUNT, "seed": FIRST_SEED},
    }
    functions = [
        contending(rivals),
        sweeping(rivals),
        mapping(NoiseMap(live, examples)),
        searching(Memory(live)),
        measuring(Measuring(live, examples)),
        timing(speeds),
        giving_examples(live, examples),
    ]
    return component(value, "compare", "compare", functions, STYLES)


def contending(rivals: Rivals) -> Handler:
    """What the page calls. Anything may arrive here, so everything is checked first."""

    @answering
    def contend(payload: object) -> Compared | Hint:
        fields = fields_of(payload, {"pixels", "amount", "kind", "seed", "names"})
        names = fields.pop("names")
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise ValueError("names must be a list of names")
        compared = rivals.compare(LiveRequest(drawing_of(fields.pop("pixels")), **fields), names)
        if compared.digit is None:
            return {"hint": compared.hint or "no_ink"}
        return {"digit": shown(compared.digit), "entries": [_entry(rated) for rated in compared.rated]}

    return contend


def sweeping(rivals: Rivals) -> Handler:
    """A rival at every amount of the noise; everything is checked first."""

    @answering
    def sweep(payload: object) -> Swept | Hint:
        fields = fields_of(payload, {"pixels", "kind", "seed", "name"})
        name = fields.pop("name")
        if not isinstance(name, str):
            raise ValueError("name must be a text")
        swept = rivals.sweep(LiveRequest(drawing_of(fields.pop("pixels")), 0.0, **fields), name)
        if swept.pictures is None:
            return {"hint": swept.hint or "no_ink"}
        psnr = [None if math.isinf(each) else round(each, 3) for each in swept.psnr]
        return {"pictures": to_base64(swept.pictures), "psnr": psnr, "read": list(swept.read), "digit": swept.digit}

    return sweep


def mapping(noise_map: NoiseMap) -> Handler:
    """A network under every kind of noise."""

    @answering
    def noise_map_row(payload: object) -> dict[str, Any]:
        name = fields_of(payload, {"name"})["name"]
        if not isinstance(name, str):
            raise ValueError("name must be a text")
        return asdict(noise_map.row(name))

    return noise_map_row


def _entry(rated: Rated) -> Entry:
    return {"name": rated.name, "shown": shown(rated.seen), "ms": round(rated.ms, 2)}
