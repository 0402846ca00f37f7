"""Training over plain HTTP: the token comes first, and the run does not hang on the line it was asked for on."""

import base64
import io
import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import pytest
import torch
from PIL import Image

from denoiser.data import draw_strokes
from serving.runs.registry import Runs
from tests.ui.http.test_denoise import SEVEN, encoded

PATIENCE = 240.0  # seconds: how long a busy machine may take
QUICK: dict[str, Any] = {"model": "dense_autoencoder", "data": "own", "seconds": 1}


def events(http: httpx.Client, name: str, **fields: Any) -> Iterator[tuple[str, Any]]:
    """Call by name; gives each event ("generating", "complete" or "error") with its data."""
    answer = http.post(f"/gradio_api/call/v2/{name}", json=fields)
    assert answer.status_code == 200, answer.text
    with http.stream("GET", f"/gradio_api/call/{name}/{answer.json()['event_id']}", timeout=PATIENCE) as lines:
        event = ""
        for line in lines.iter_lines():
            if line.startswith("event: "):
                event = line.removeprefix("event: ")
            elif line.startswith("data: ") and event != "heartbeat":
                yield event, json.loads(line.removeprefix("data: "))


def ask(http: httpx.Client, name: str, **fields: Any) -> tuple[str, Any]:
    *_, (event, data) = events(http, name, **fields)
    return event, data[0] if isinstance(data, list) and data else data


def watched_until(http: httpx.Client, token: str, state: str) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        event, answer = ask(http, "watch", token=token)
        assert event == "complete"
        if answer["state"] == state:
            return answer
    raise AssertionError("this never happened")


def test_a_run_tells_how_it_goes_and_can_be_used(http: httpx.Client) -> None:
    told = [data[0] for event, data in events(http, "train", **QUICK, picture=encoded(SEVEN)) if event == "generating"]
    token = told[0]["token"]
    assert {answer["token"] for answer in told} == {token} and len(told) >= 2
    last = told[-1]
    assert (last["state"], last["reason"], last["device"]) == ("ended", "budget", "cpu") and last["usable"]
    curve: list[Any] = []
    for answer in told:
        curve = answer["losses"] if answer["fresh"] else curve + answer["losses"]
    _, again = ask(http, "watch", token=token)
    assert again["losses"] == curve and curve[-1][0] == last["step"] == again["step"] > 0
    assert ask(http, "watch", token=token, since=again["version"])[1]["losses"] == []
    event, answer = ask(http, "denoise", picture=encoded(SEVEN), model=token)
    assert event == "complete" and answer["denoised"]
    assert np.asarray(Image.open(io.BytesIO(base64.b64decode(answer["denoised"])))).shape == (28, 28)
    told = [data[0] for event, data in events(http, "train", seconds=1, data="own", of=token) if event == "generating"]
    assert told[-1]["reason"] == "budget" and told[-1]["token"] != token


def test_a_classifier_learns_and_reads_for_denoise(http: httpx.Client, runs: Runs) -> None:
    asked = {"model": "lean_classifier", "data": "own", "seconds": 1, "digits": [0, 1], "picture": encoded(SEVEN)}
    *_, last = [data[0] for event, data in events(http, "train", **asked) if event == "generating"]
    token = last["token"]
    assert (last["state"], last["reason"], last["reads"], last["usable"]) == ("ended", "budget", True, True)
    assert set(last["best"]) == {"step", "wrong"} and last["best"]["wrong"] == min(
        wrong for _, wrong in runs.watch(token)["validation"]
    )
    assert last["metrics"]["validation_accuracy"] == pytest.approx(1 - last["best"]["wrong"], abs=1e-5)
    event, answer = ask(http, "denoise", picture=encoded(SEVEN), reader=token, amount=0.2)
    assert event == "complete"
    noisy, denoised = (
        np.asarray(Image.open(io.BytesIO(base64.b64decode(answer[name])))) for name in ("noisy", "denoised")
    )
    pictures = torch.from_numpy(np.stack([noisy, denoised])[:, None].astype(np.float32) / 255)
    expected = runs.reader(token)(pictures)  # of pixels that were rounded on their way
    for name, readings in zip(("noisy", "denoised"), expected.tolist(), strict=True):
        assert answer["readings"][name] == pytest.approx(readings, abs=0.02)
    event, refused = ask(http, "denoise", picture=encoded(SEVEN), model=token)
    assert event == "error" and "which reads: give its token as reader, not as model" in refused["error"]
    event, refused = ask(http, "train", data="own", seconds=1, of=token, model="dense_autoencoder")
    assert event == "error" and "these weights are of a lean_classifier" in refused["error"]
    *_, again = [
        data[0] for event, data in events(http, "train", data="own", seconds=1, of=token) if event == "generating"
    ]
    assert again["reads"] and again["reason"] == "budget" and again["token"] != token


def test_the_run_outlives_the_line(http: httpx.Client, runs: Runs) -> None:
    for event, data in events(http, "train", **QUICK | {"seconds": 300}):
        assert event == "generating"
        token = data[0]["token"]
        break  # the line is cut
    watched_until(http, token, "running")
    deadline = time.monotonic() + PATIENCE
    while runs.watch(token)["step"] < 5:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    event, answer = ask(http, "stop_training", token=token)
    assert event == "complete" and answer["token"] == token
    assert watched_until(http, token, "ended")["reason"] == "stopped"
    assert ask(http, "stop_training", token=token)[1]["reason"] == "stopped"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"model": "gpt"}, "unknown network 'gpt'"),
        ({"model": "lean_classifier", "settings": {"kinds": ["blend"]}}, "leave out kinds and amounts of noise"),
        ({"model": 7}, "model must be text"),
        ({"seconds": 0}, "between 1 and 600"),
        ({"seconds": 601}, "between 1 and 600"),
        ({"seconds": "long"}, "seconds must be a number"),
        ({"digits": []}, "no digit is chosen"),
        ({"digits": [10]}, "digit"),
        ({"data": "/etc/passwd"}, "unknown data"),
        ({"settings": {"learning_rate": "x"}}, "learning_rate must be a number"),
        ({"settings": {"rate": 1}}, "unknown setting 'rate'"),
        ({"settings": {"seconds": 5}}, "seconds belongs beside the settings"),
        ({"settings": [1]}, "settings must be an object"),
        ({"picture": "***"}, "picture is not valid base64"),
        ({"of": "A" * 43}, "not known here, or no longer"),
        ({"of": "../x"}, "unknown weights"),
        ({"of": {}}, "unknown weights"),
    ],
)
def test_a_mistake_is_one_line(http: httpx.Client, fields: dict[str, Any], words: str) -> None:
    event, data = ask(http, "train", **QUICK | fields)
    assert event == "error" and words in data["error"] and "\n" not in data["error"]


@pytest.mark.parametrize("endpoint", ["watch", "stop_training"])
@pytest.mark.parametrize("token", ["A" * 43, "", None, 7, {}])
def test_a_wrong_token_opens_nothing(http: httpx.Client, endpoint: str, token: Any) -> None:
    event, data = ask(http, endpoint, token=token)
    assert event == "error" and "not known here, or no longer" in data["error"]


def test_the_endpoints_describe_themselves(http: httpx.Client) -> None:
    described = http.get("/gradio_api/info").json()["named_endpoints"]
    parameters = {p["parameter_name"]: p for p in described["/train"]["parameters"]}
    assert list(parameters) == ["model", "seconds", "digits", "data", "settings", "picture", "of"]
    assert all(parameters[name]["parameter_has_default"] for name in parameters)
    assert "dense_autoencoder" in json.dumps(parameters["model"])
    for name in ("/train", "/watch", "/stop_training"):
        assert described[name]["description"] and "token" in json.dumps(described[name]["returns"])
    assert [p["parameter_name"] for p in described["/watch"]["parameters"]] == ["token", "since"]


def test_a_drawing_may_be_of_any_size(http: httpx.Client, runs: Runs) -> None:
    tall = draw_strokes([np.array([[0.5, 0.2], [0.5, 0.8]])], width=0.1, size=300)
    told = [data[0] for event, data in events(http, "train", **QUICK, picture=encoded(tall)) if event == "generating"]
    started = runs.watch(told[-1]["token"])["started"]
    assert started["own_drawing"] and started["labels"][0] is None
