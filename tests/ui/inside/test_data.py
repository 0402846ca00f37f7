"""The functions of the view of the data, as anybody can call them: everything is checked, nothing breaks them."""

import base64
import json
import struct
from typing import Any

import httpx
import numpy as np
import pytest
import torch

import denoiser
from denoiser.data.statistics import statistics
from denoiser.pictures import DRAWING, to_bytes
from serving.data_page import READ, READ_SEED, SLICE

DRAWN = np.zeros((DRAWING, DRAWING), np.uint8)
DRAWN[20:90, 50:60] = 255
PIXELS = base64.b64encode(DRAWN.tobytes()).decode()
AUGMENTED = {"pixels": PIXELS, "move": "train", "seed": 1}


@pytest.fixture(scope="module")
def digits() -> denoiser.Digits:
    return denoiser.load_digits("auto", "test")


@pytest.fixture(scope="module")
def inside(http: httpx.Client) -> int:
    components = http.get("/config").json()["components"]
    return next(c["id"] for c in components if "data_facts" in c["props"].get("server_fns", []))


def call(http: httpx.Client, inside: int, function: str, payload: Any) -> Any:
    body = {"data": payload, "component_id": inside, "fn_name": function, "session_hash": "test"}
    headers = {"content-type": "application/json"}
    answer = http.post("/gradio_api/component_server/", content=json.dumps(body), headers=headers)
    assert answer.status_code == 200
    return answer.json()


def pictures(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), np.uint8).reshape(-1, 28, 28)


def test_the_facts_are_the_packages(http: httpx.Client, inside: int, digits: denoiser.Digits) -> None:
    answer, found = call(http, inside, "data_facts", {}), statistics(digits)
    assert (answer["source"], answer["digits"]) == (digits.source, len(digits))
    assert (answer["mean"], answer["deviation"], answer["black"]) == (found.mean, found.deviation, found.black)
    assert answer["levels"] == list(found.levels) and answer["counts"]["test"] == list(found.classes or ())
    means = torch.cat([found.mean_picture[None], found.class_means])  # type: ignore[list-item]
    assert np.array_equal(pictures(answer["means"]), to_bytes(means[:, 0]))
    head = answer["head"]
    assert tuple(head["numbers"]) == struct.unpack(">IIII", bytes(head["header"])) == (0x803, len(digits), 28, 28)
    assert np.array_equal(pictures(head["pixels"])[0], to_bytes(digits.images[0, 0]))
    assert answer["moves"]["rotation"] == {"rotation": 10, "shift": 0, "scale": 0, "slant": 0, "crop": 0}


def test_sheet_readings_and_pictures_are_of_the_test_digits(
    http: httpx.Client, inside: int, digits: denoiser.Digits
) -> None:
    sheet = call(http, inside, "data_sheet", {"seed": 2})
    assert np.array_equal(pictures(sheet["pictures"]), to_bytes(digits.sample(64, 2).images[:, 0]))
    tried = digits.sample(READ, READ_SEED).take(range(SLICE, 2 * SLICE))
    answer = call(http, inside, "data_readings", {"reader": "default", "start": SLICE})
    assert answer["read"] == denoiser.load_classifier()(tried.images).argmax(dim=1).tolist()
    assert answer["labels"] == tried.labels.tolist()  # type: ignore[union-attr]
    some = call(http, inside, "data_pictures", {"places": [SLICE + 1]})
    assert np.array_equal(pictures(some["pictures"])[0], to_bytes(tried.images[1, 0]))


def test_a_drawing_is_augmented(http: httpx.Client, inside: int) -> None:
    answer = call(http, inside, "data_augmented", AUGMENTED)
    assert np.array_equal(pictures(answer["digit"])[0], to_bytes(denoiser.digit_from_drawing(DRAWN)[0, 0]))
    assert len({version.tobytes() for version in pictures(answer["versions"])}) == 12
    again = call(http, inside, "data_augmented", AUGMENTED)
    assert again == answer != call(http, inside, "data_augmented", AUGMENTED | {"seed": 2})


@pytest.mark.parametrize(
    ("function", "payload", "said"),
    [
        ("data_facts", {"more": 1}, "exactly these fields"),
        ("data_facts", None, "exactly these fields"),
        ("data_sheet", {"seed": "1"}, "seed must be"),
        ("data_sheet", {}, "exactly these fields"),
        ("data_readings", {"reader": "x" * 9999, "start": 0}, "unknown reader"),
        ("data_readings", {"reader": "default", "start": READ}, "start must be"),
        ("data_readings", {"reader": {}, "start": 0}, "reader must be a name"),
        ("data_pictures", {"places": {}}, "places must be a list"),
        ("data_pictures", {"places": [-1]}, "places must be whole numbers"),
        ("data_augmented", AUGMENTED | {"pixels": "AAAA"}, "grey bytes"),
        ("data_augmented", AUGMENTED | {"move": "mirror"}, "unknown move"),
        ("data_augmented", AUGMENTED | {"seed": 1.5}, "seed must be"),
    ],
)
def test_anything_else_is_one_line(http: httpx.Client, inside: int, function: str, payload: Any, said: str) -> None:
    error = call(http, inside, function, payload)["error"]
    assert said in error and "\n" not in error and len(error) < 200


def test_an_empty_canvas_and_a_run_that_nobody_knows_have_their_hints(http: httpx.Client, inside: int) -> None:
    empty = base64.b64encode(bytes(DRAWING * DRAWING)).decode()
    assert call(http, inside, "data_augmented", AUGMENTED | {"pixels": empty}) == {"hint": "no_ink"}
    gone = call(http, inside, "data_readings", {"reader": "A" * 43, "start": 0})
    assert (gone["hint"], gone["token"]) == ("gone", "A" * 43)
