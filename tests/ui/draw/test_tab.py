"""The functions that the page calls, as anybody can call them: everything is checked, nothing breaks them."""

import base64
import json
from typing import Any

import httpx
import numpy as np
import pytest
import torch

import denoiser
from denoiser.pictures import DRAWING
from serving.live import LiveDenoiser, LiveRequest
from ui.draw.tab import answer_of

DRAWN = np.zeros((DRAWING, DRAWING), np.uint8)
DRAWN[20:90, 50:60] = 255
GOOD = {
    "pixels": base64.b64encode(DRAWN.tobytes()).decode(),
    "amount": 0.5,
    "kind": "blend",
    "seed": 1,
    "model": "default",
    "clean_only": False,
    "told": False,
    "reader": "default",
}


@pytest.fixture(scope="module")
def board(http: httpx.Client) -> int:
    components = http.get("/config").json()["components"]
    return next(c["id"] for c in components if "denoise" in c["props"].get("server_fns", []))


def call(http: httpx.Client, board: int, function: str, payload: Any) -> httpx.Response:
    body = {"data": payload, "component_id": board, "fn_name": function, "session_hash": "test"}
    headers = {"content-type": "application/json"}
    return http.post("/gradio_api/component_server/", content=json.dumps(body), headers=headers)


def test_denoise_answers_with_grey_bytes(http: httpx.Client, board: int) -> None:
    answer = call(http, board, "denoise", GOOD).json()
    digit = denoiser.digit_from_drawing(DRAWN)
    noisy = denoiser.corrupt(digit, 0.5, generator=torch.Generator().manual_seed(1))
    shown = np.frombuffer(base64.b64decode(answer["noisy"]["pixels"]), np.uint8)
    assert np.array_equal(shown, (noisy * 255).round().byte().flatten().numpy())


@pytest.mark.parametrize(
    "payload",
    [
        None,
        [],
        "x",
        {},
        {**GOOD, "more": 1},
        {key: GOOD[key] for key in GOOD if key != "seed"},
        *({**GOOD, "pixels": pixels} for pixels in (None, 7, "", "é", "*" * 16728, GOOD["pixels"][:-4], "A" * 20_000)),
        *({**GOOD, "amount": amount} for amount in (-1, 2, "0.5", None, float("nan"), {})),
        *({**GOOD, "kind": kind} for kind in ("rain", None, {})),
        *({**GOOD, "seed": seed} for seed in (-1, 1.5, None)),
        *({**GOOD, "model": model} for model in ("gpt", None, [])),
        {**GOOD, "clean_only": 1},
        {**GOOD, "told": 1},
        *({**GOOD, "reader": reader} for reader in (None, 7, "", "lean_classifier", "../x", {})),
    ],
)
def test_anything_else_is_one_line_of_error(http: httpx.Client, board: int, payload: Any) -> None:
    response = call(http, board, "denoise", payload)
    assert response.status_code == 200 and set(response.json()) == {"error"}
    assert "\n" not in response.json()["error"] and len(response.json()["error"]) < 200
    assert "noisy" in call(http, board, "denoise", GOOD).json()


def test_other_functions_check_as_strictly(http: httpx.Client, board: int) -> None:
    for function, wrong in (("example", {"label": 10}), ("example", None), ("read_picture", {"file": 1})):
        assert set(call(http, board, function, wrong).json()) == {"error"}
    damaged = call(http, board, "read_picture", {"file": base64.b64encode(b"text").decode()}).json()
    assert damaged["hint"] == "unreadable"
    assert call(http, board, "get_config", {}).status_code == 404


def test_the_first_answer_travels_with_the_page(http: httpx.Client, board: int) -> None:
    components = http.get("/config").json()["components"]
    start = next(c for c in components if c["id"] == board)["props"]["value"]["start"]
    assert set(start["answer"]) == {"digit", "noisy", "denoised", "ms", "device"}
    assert start["answer"]["noisy"]["pixels"] and start["strokes"][0]


def test_equal_pictures_have_no_psnr_but_say_so() -> None:
    answer = answer_of(LiveDenoiser().respond(LiveRequest(DRAWN, 0)))
    assert answer["noisy"]["equal"] is True and answer["noisy"]["psnr"] is None
    json.dumps(answer, allow_nan=False)


def test_of_a_network_and_a_reader_the_one_that_is_gone_is_named(http: httpx.Client, board: int) -> None:
    gone, other = "x" * 43, "y" * 43
    for fields, token in (({"model": gone}, gone), ({"reader": gone}, gone), ({"model": gone, "reader": other}, gone)):
        answer = call(http, board, "denoise", GOOD | fields).json()
        assert (answer["hint"], answer["token"]) == ("gone", token)
