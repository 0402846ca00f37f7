"""The functions of the latent plane, as anybody can call them: everything is checked, nothing breaks them."""

import base64
import json
from typing import Any

import httpx
import numpy as np
import pytest
import torch

import denoiser
from denoiser.pictures import DRAWING, to_bytes

DRAWN = np.zeros((DRAWING, DRAWING), np.uint8)
DRAWN[20:90, 50:60] = 255
ENCODE = {
    "network": "dense_autoencoder",
    "pixels": base64.b64encode(DRAWN.tobytes()).decode(),
    "amount": 0.5,
    "kind": "blend",
    "seed": 1,
}
DECODE = {"network": "dense_autoencoder", "code": [-1.5, 2]}


@pytest.fixture(scope="module")
def board(http: httpx.Client) -> int:
    components = http.get("/config").json()["components"]
    return next(c["id"] for c in components if "latent_plane" in c["props"].get("server_fns", []))


def call(http: httpx.Client, board: int, payload: Any, function: str) -> httpx.Response:
    body = {"data": payload, "component_id": board, "fn_name": function, "session_hash": "test"}
    headers = {"content-type": "application/json"}
    return http.post("/gradio_api/component_server/", content=json.dumps(body), headers=headers)


def pixels(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), np.uint8)


def test_a_plane_has_a_code_for_each_digit_and_pictures_all_over_it(http: httpx.Client, board: int) -> None:
    answer = call(http, board, {"network": "dense_autoencoder"}, "latent_plane").json()
    codes, labels = np.array(answer["codes"]), np.array(answer["labels"])
    assert len(codes) == len(labels) == 1000 and set(labels) == set(range(10))
    assert (np.median(codes, axis=0) > answer["low"]).all() and (np.median(codes, axis=0) < answer["high"]).all()
    tiles = pixels(answer["tiles"]).reshape(16, 28, 16, 28).swapaxes(1, 2)
    (x0, _), (x1, y1) = answer["low"], answer["high"]
    step = (y1 - answer["low"][1]) / 16
    corner = {"network": "dense_autoencoder", "code": [x1 - (x1 - x0) / 32, y1 - step / 2]}  # at the top right
    decoded = pixels(call(http, board, corner, "latent_decode").json()["decoded"])
    assert np.abs(tiles[0, 15].ravel().astype(int) - decoded).max() <= 1


def test_a_drawing_is_encoded_with_its_noise_and_without(http: httpx.Client, board: int) -> None:
    answer = call(http, board, ENCODE, "latent_encode").json()
    digit = denoiser.digit_from_drawing(DRAWN)
    noisy = denoiser.corrupt(digit, 0.5, generator=torch.Generator().manual_seed(1))
    encoder: Any = denoiser.load("dense_autoencoder", device="cpu").model.encoder
    with torch.no_grad():
        clean_code, code = encoder(torch.cat([digit, noisy]).flatten(1)).tolist()
    assert answer["code"] == pytest.approx(code, abs=1e-4)
    assert answer["clean_code"] == pytest.approx(clean_code, abs=1e-4)
    assert np.array_equal(pixels(answer["digit"]), to_bytes(digit).ravel())
    assert sum(answer["readings"]) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    "function, good, change, said",
    [
        ("latent_plane", {"network": "dense_autoencoder"}, {"network": 1}, "network must be a name"),
        ("latent_plane", {"network": "dense_autoencoder"}, {"network": "../secret"}, "unknown model"),
        ("latent_plane", {"network": "dense_autoencoder"}, {"network": "simple_unet"}, "has no plane"),
        ("latent_plane", {"network": "dense_autoencoder"}, {"more": 1}, "exactly these fields"),
        ("latent_encode", ENCODE, {"amount": 2}, "amount must be"),
        ("latent_encode", ENCODE, {"kind": "snow"}, "unknown kind"),
        ("latent_encode", ENCODE, {"seed": -1}, "seed must be"),
        ("latent_encode", ENCODE, {"pixels": "AAAA"}, "grey bytes"),
        ("latent_encode", ENCODE, {"network": None}, "network must be a name"),
        ("latent_encode", ENCODE, {"more": 1}, "exactly these fields"),
        ("latent_decode", DECODE, {"code": 1}, "code must be a list of two numbers"),
        ("latent_decode", DECODE, {"code": [1]}, "code must be a list of two numbers"),
        ("latent_decode", DECODE, {"code": [1, "2"]}, "code must be two numbers"),
        ("latent_decode", DECODE, {"code": [1, True]}, "code must be two numbers"),
        ("latent_decode", DECODE, {"code": [1, 10**400]}, "code must be two numbers"),
        ("latent_decode", DECODE, {"code": [1, float("nan")]}, "code must be two numbers"),
        ("latent_decode", DECODE, {"network": ["simple_unet"]}, "network must be a name"),
    ],
)
def test_anything_else_is_one_line(
    http: httpx.Client, board: int, function: str, good: dict[str, Any], change: dict[str, Any], said: str
) -> None:
    answer = call(http, board, good | change, function)
    assert answer.status_code == 200 and said in answer.json()["error"]


@pytest.mark.parametrize("function", ["latent_plane", "latent_encode", "latent_decode"])
@pytest.mark.parametrize("payload", [None, [], "text", 1])
def test_no_object_is_one_line(http: httpx.Client, board: int, function: str, payload: Any) -> None:
    assert "exactly these fields" in call(http, board, payload, function).json()["error"]


def test_an_empty_canvas_and_a_run_that_nobody_knows_have_their_hints(http: httpx.Client, board: int) -> None:
    empty = base64.b64encode(bytes(DRAWING * DRAWING)).decode()
    assert call(http, board, ENCODE | {"pixels": empty}, "latent_encode").json() == {"hint": "no_ink"}
    token = "A" * 43
    gone = call(http, board, {"network": token}, "latent_plane").json()
    assert (gone["hint"], gone["token"]) == ("gone", token)
