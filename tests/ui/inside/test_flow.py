"""The functions that look into a network, as anybody can call them: everything is checked, nothing breaks them."""

import base64
import json
from typing import Any

import httpx
import numpy as np
import pytest
import torch

import denoiser
from denoiser.models.flow import Flow
from denoiser.pictures import DRAWING

DRAWN = np.zeros((DRAWING, DRAWING), np.uint8)
DRAWN[20:90, 50:60] = 255
TASK = {
    "pixels": base64.b64encode(DRAWN.tobytes()).decode(),
    "amount": 0.5,
    "kind": "blend",
    "seed": 1,
    "model": "simple_unet",
}
WHOLE = {"cut": [], "frozen": [], "silenced": []}
FLOW = TASK | WHOLE
CHANNEL = FLOW | {"stage": "down1", "channel": 3}
COST = {"amount": 0.5, "kind": "blend", "model": "simple_unet"} | WHOLE | {"cut": [["down1", "add_1"]]}
PIXEL = TASK | {"row": 14, "column": 10}
GOOD = {"flow": FLOW, "flow_channel": CHANNEL, "flow_cost": COST, "look_at_pixel": PIXEL}


@pytest.fixture(scope="module")
def tab(http: httpx.Client) -> int:
    components = http.get("/config").json()["components"]
    return next(c["id"] for c in components if "flow_cost" in c["props"].get("server_fns", []))


def call(http: httpx.Client, tab: int, function: str, payload: Any) -> Any:
    body = {"data": payload, "component_id": tab, "fn_name": function, "session_hash": "test"}
    answer = http.post(
        "/gradio_api/component_server/", content=json.dumps(body), headers={"content-type": "application/json"}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_flow_is_that_of_the_drawing(http: httpx.Client, tab: int) -> None:
    answer = call(http, tab, "flow", FLOW)
    digit = denoiser.digit_from_drawing(DRAWN)
    noisy = denoiser.corrupt(digit, 0.5, generator=torch.Generator().manual_seed(1))
    flow = Flow(denoiser.load("simple_unet", device="cpu").model)
    expected = flow.run(noisy)
    assert [stage["name"] for stage in answer["stages"]] == [stage.name for stage in flow.stages]
    for stage in answer["stages"]:
        painted = np.frombuffer(base64.b64decode(stage["maps"]), np.int8).astype(float) * stage["brightest"] / 127
        values = expected[stage["name"]][0].numpy().ravel().clip(-stage["brightest"], stage["brightest"])
        assert np.abs(painted - values).max() <= 0.51 * stage["brightest"] / 127 + 1e-6
    assert answer["skips"] == [["down2", "add"], ["down1", "add_1"]]
    assert answer["whole"] == answer["edited"]


def test_a_part_that_is_cut_costs_what_it_carries(http: httpx.Client, tab: int) -> None:
    cost = call(http, tab, "flow_cost", COST)
    assert cost["whole"] - cost["edited"] > 3 and cost["digits"] == 64
    answer = call(http, tab, "flow", FLOW | {"cut": [["down1", "add_1"]]})
    assert answer["edited"]["psnr"] < answer["whole"]["psnr"]


@pytest.mark.parametrize("function", GOOD)
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"model": "magic"}, "unknown model 'magic'"),
        ({"model": ["simple_unet"]}, "model must be a name"),
        ({"kind": "snow"}, "unknown kind of noise"),
        ({"amount": 2}, "amount must be a number from 0 to 1"),
        ({"more": 1}, "exactly these fields"),
    ],
)
def test_a_wrong_task_is_told(http: httpx.Client, tab: int, function: str, change: dict[str, Any], said: str) -> None:
    assert said in call(http, tab, function, GOOD[function] | change)["error"]


@pytest.mark.parametrize(
    ("function", "change", "said"),
    [
        ("flow", {"cut": "all"}, "must be lists"),
        ("flow", {"cut": [["down1"]]}, "pairs of stages"),
        ("flow", {"cut": [["up1", "up2"]]}, "no skip connection from up1 to up2"),
        ("flow", {"frozen": [3]}, "must be a list of stages"),
        ("flow", {"frozen": ["magic"]}, "no stage 'magic'"),
        ("flow", {"silenced": [["down1", True]]}, "by its stage and its number"),
        ("flow", {"silenced": [["down1", 99]]}, "no channel 99"),
        ("flow", {"silenced": [["down1", 1]] * 65}, "at most 64 parts"),
        ("flow_channel", {"stage": 3}, "by its stage and its number"),
        ("flow_channel", {"channel": "0"}, "by its stage and its number"),
        ("flow_channel", {"stage": "magic"}, "no stage 'magic'"),
        ("flow_cost", {"frozen": None}, "must be lists"),
        ("look_at_pixel", {"row": 28}, "whole numbers from 0 to 27"),
        ("look_at_pixel", {"column": None}, "whole numbers from 0 to 27"),
        ("look_at_pixel", {"pixels": "?"}, "not valid base64"),
    ],
)
def test_a_wrong_part_is_told(http: httpx.Client, tab: int, function: str, change: dict[str, Any], said: str) -> None:
    assert said in call(http, tab, function, GOOD[function] | change)["error"]


@pytest.mark.parametrize("function", ["flow", "flow_channel", "look_at_pixel"])
def test_without_ink_there_is_a_hint(http: httpx.Client, tab: int, function: str) -> None:
    empty = base64.b64encode(bytes(DRAWING * DRAWING)).decode()
    assert call(http, tab, function, GOOD[function] | {"pixels": empty})["hint"] == "no_ink"


@pytest.mark.parametrize("payload", [None, [], "flow", 3, {}])
def test_anything_else_is_told_too(http: httpx.Client, tab: int, payload: Any) -> None:
    assert "exactly these fields" in call(http, tab, "flow", payload)["error"]


def test_a_run_that_is_gone_is_told(http: httpx.Client, tab: int) -> None:
    token = "r" * 32
    answer = call(http, tab, "flow", FLOW | {"model": token})
    assert answer.get("hint") == "gone" or "unknown model" in answer["error"]
