"""The function of the Compare tab, as anybody can call it: everything is checked, nothing breaks it."""

import base64
import json
from typing import Any

import httpx
import numpy as np
import pytest

import denoiser
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


def call(http: httpx.Client, board: int, payload: Any, function: str = "contend") -> httpx.Response:
    body = {"data": payload, "component_id": board, "fn_name": function, "session_hash": "test"}
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


SWEEP = {"pixels": GOOD["pixels"], "kind": "blend", "seed": 1, "name": "total_variation"}


def test_a_sweep_has_sixteen_pictures_that_begin_with_the_digit(http: httpx.Client, board: int) -> None:
    answer = call(http, board, SWEEP, "sweep").json()
    pictures = np.frombuffer(base64.b64decode(answer["pictures"]), np.uint8).reshape(16, 28, 28)
    digit = (denoiser.digit_from_drawing(DRAWN)[0, 0] * 255).round().byte().numpy()
    assert np.array_equal(pictures[0], digit)
    assert answer["psnr"][0] is None and answer["psnr"][1] > answer["psnr"][8] > answer["psnr"][14]
    assert len(answer["read"]) == 16 and answer["read"][0] == answer["digit"]


@pytest.mark.parametrize(
    "change, said",
    [
        ({"name": 1}, "name must be a text"),
        ({"name": "magic"}, "unknown model"),
        ({"kind": "snow"}, "unknown kind"),
        ({"amount": 0.5}, "exactly these fields"),
    ],
)
def test_another_sweep_is_one_line(http: httpx.Client, board: int, change: dict[str, Any], said: str) -> None:
    answer = call(http, board, SWEEP | change, "sweep")
    assert answer.status_code == 200 and said in answer.json()["error"]


CELL = {"name": "nothing", "told": False, "kind": "blend", "amount": "0.5", "digits": "100"}


def test_a_cell_of_the_table_has_the_error_of_its_formula(http: httpx.Client, board: int) -> None:
    """E[(a·(n − x))²] = a²·(1/3 − x + x²), the mean over n uniform in [0, 1)."""
    answer = call(http, board, CELL, "measure_cell").json()
    while answer["facts"] is None:
        answer = call(http, board, CELL, "measure_cell").json()
    assert (answer["done"], answer["of"]) == (100, 100)
    row, x = answer["facts"]["rows"][0], denoiser.load_digits("auto", "test", limit=100).images
    assert row["mse"]["0.5"] == pytest.approx(float((0.25 * (1 / 3 - x + x**2)).mean()), rel=0.01)
    heads, line = answer["csv"].splitlines()
    assert dict(zip(heads.split(","), line.split(","), strict=True))["mse"] == str(row["mse"]["0.5"])


@pytest.mark.parametrize(
    "change, said",
    [({"digits": "7"}, "unknown digits"), ({"name": "magic"}, "unknown model"), ({"seed": 1}, "exactly these fields")],
)
def test_another_cell_is_one_line(http: httpx.Client, board: int, change: dict[str, Any], said: str) -> None:
    answer = call(http, board, CELL | change, "measure_cell")
    assert answer.status_code == 200 and said in answer.json()["error"]


def test_a_speed_is_that_of_a_batch_and_else_one_line(http: httpx.Client, board: int) -> None:
    wish = {"network": "dense_autoencoder", "way": "cpu", "batch": 64}
    answer = call(http, board, wish, "speed").json()
    assert 0 < answer["seconds"] < 1 and "thread" in answer["hardware"]
    for change, said in (
        ({"batch": 3}, "choose one of 1, 2, 4"),
        ({"batch": True}, "batch must be a whole number"),
        ({"way": ["cpu"]}, "network and way must be texts"),
        ({"way": "tpu"}, "choose one of cpu"),
        ({"more": 1}, "exactly these fields"),
    ):
        assert said in call(http, board, wish | change, "speed").json()["error"]


def test_a_cell_of_a_run_that_nobody_knows_has_its_hint(http: httpx.Client, board: int) -> None:
    gone = call(http, board, CELL | {"name": "A" * 43}, "measure_cell").json()
    assert (gone["hint"], gone["token"]) == ("gone", "A" * 43)
