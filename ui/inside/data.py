"""What the view of the data calls on the server. Anything may arrive here, so everything is checked first."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, TypedDict

import numpy as np
import torch

from denoiser.pictures import to_bytes
from serving.data_page import MOVES, DataPage, Facts, Labelled
from serving.encoding import to_base64
from serving.examples import ExampleDigits
from serving.live import LiveDenoiser
from ui.shared.handlers import Handler, Hint, answering, drawing_of, fields_of


class HeadShown(TypedDict):
    """Of an IDX file."""

    header: list[int]  # its bytes
    numbers: list[int]  # that these are
    pixels: str  # of the first picture, 28×28 bytes in base64
    file: str  # empty where it was written just now


class FactsShown(TypedDict):
    source: str
    own: bool
    digits: int  # test digits
    mean: float
    deviation: float
    black: float
    levels: list[int]  # pixels of each level of grey
    counts: dict[str, tuple[int, ...]]  # by split
    means: str  # of all and of each digit, 11 pictures of 28×28 bytes in base64
    head: HeadShown
    moves: dict[str, dict[str, float]]  # the augmentations that there are


class LabelledShown(TypedDict):
    pictures: str  # 28×28 bytes each in base64
    labels: tuple[int, ...]


class AugmentedShown(TypedDict):
    digit: str
    versions: str


def data_functions(live: LiveDenoiser, examples: ExampleDigits) -> list[Handler]:
    """All of them."""
    page = DataPage(live, examples)
    return [_facts(page), _sheet(page), _reading(page), _pictures(page), _augmenting(page)]


def _facts(page: DataPage) -> Handler:
    @answering
    def data_facts(payload: object) -> FactsShown:
        fields_of(payload, set())
        return _shown(page.facts())

    return data_facts


def _sheet(page: DataPage) -> Handler:
    @answering
    def data_sheet(payload: object) -> LabelledShown:
        return _labelled(page.sheet(**fields_of(payload, {"seed"})))

    return data_sheet


def _reading(page: DataPage) -> Handler:
    @answering
    def data_readings(payload: object) -> dict[str, Any]:
        return asdict(page.readings(**fields_of(payload, {"reader", "start"})))

    return data_readings


def _pictures(page: DataPage) -> Handler:
    @answering
    def data_pictures(payload: object) -> LabelledShown:
        return _labelled(page.pictures(**fields_of(payload, {"places"})))

    return data_pictures


def _augmenting(page: DataPage) -> Handler:
    @answering
    def data_augmented(payload: object) -> AugmentedShown | Hint:
        fields = fields_of(payload, {"pixels", "move", "seed"})
        augmented = page.augmented(drawing_of(fields.pop("pixels")), **fields)
        if augmented.digit is None or augmented.versions is None:
            return {"hint": augmented.hint or "no_ink"}
        return {"digit": to_base64(augmented.digit), "versions": to_base64(augmented.versions)}

    return data_augmented


def _shown(facts: Facts) -> FactsShown:
    found, head = facts.statistics, facts.head
    assert found.class_means is not None  # test digits are labelled
    means = torch.cat([found.mean_picture[None], found.class_means])
    return {
        "source": facts.source,
        "own": facts.own,
        "digits": found.digits,
        "mean": found.mean,
        "deviation": found.deviation,
        "black": found.black,
        "levels": list(found.levels),
        "counts": facts.counts,
        "means": to_base64(to_bytes(means)),
        "head": {
            "header": list(head.header),
            "numbers": list(head.numbers.values()),
            "pixels": to_base64(np.frombuffer(head.pixels, np.uint8)),
            "file": head.file,
        },
        "moves": {name: asdict(move) for name, move in MOVES.items()},
    }


def _labelled(digits: Labelled) -> LabelledShown:
    return {"pictures": to_base64(digits.pixels), "labels": digits.labels}
