"""The function of the Compare tab, as anybody can call it: everything is checked, nothing breaks it."""

import base64
import json
from typing import Any

import httpx
import numpy as np
import pytest

from denoiser.pictures import DRAWING

DRAWN = np.zeros((DRAWING, DRAWING), np.uint8)
DRAWN[20:90, 50:60] = 255
GOOD = {
    "pixels": base64.b64encode(DRAWN.tobytes()).decode(),
    "amount": 0.5,
    "kind": "blend",
    "seed": 1,
    "names": ["nothing", "total_variation", "simple_unet"],
}


@pytest.fixture(scope="module")
def board(http: httpx.Client) -> int:
    components = http.get("/config").json()["components"]
    return next(c["id"] for c in components if "contend" in c["props"].get("server_fns", []))


def call(http: httpx.Client, board: int, payload: Any) -> httpx.Response:
    body = {"data": payload, "component_id": board, "fn_name": "contend", "session_hash": "test"}
    headers = {"content-type": "application/json"}
    return http.post("/gradio_api/component_server/", content=json.dumps(body), headers=headers)


def test_it_answers_in_the_order_that_was_asked(http: httpx.Client, board: int) -> None:
    answer = call(http, board, GOOD).json()
    assert [entry["name"] for entry in answer["entries"]] == GOOD["names"]
    before, filtered, denoised = (entry["shown"]["psnr"] for entry in answer["entries"])
    assert before < filtered < denoised
    assert answer["digit"]["equal"] is True and answer["digit"]["psnr"] is None


@pytest.mark.parametrize(
    "change, said",
    [
        ({"names": "nothing"}, "names must be a list"),
        ({"names": [1]}, "names must be a list"),
        ({"names": []}, "ask for 1 to 32"),
        ({"names": ["magic"]}, "unknown model"),
        ({"amount": 2}, "amount must be"),
        ({"kind": "snow"}, "unknown kind"),
        ({"seed": -1}, "seed must be"),
        ({"pixels": "AAAA"}, "grey bytes"),
        ({"more": 1}, "exactly these fields"),
    ],
)
def test_anything_else_is_one_line(http: httpx.Client, board: int, change: dict[str, Any], said: str) -> None:
    answer = call(http, board, GOOD | change)
    assert answer.status_code == 200 and said in answer.json()["error"]


def test_an_empty_canvas_and_a_run_that_nobody_knows_have_their_hints(http: httpx.Client, board: int) -> None:
    empty = base64.b64encode(bytes(DRAWING * DRAWING)).decode()
    assert call(http, board, GOOD | {"pixels": empty}).json() == {"hint": "no_ink"}
    token = "A" * 43
    gone = call(http, board, GOOD | {"names": ["nothing", token]}).json()
    assert (gone["hint"], gone["token"]) == ("gone", token)
