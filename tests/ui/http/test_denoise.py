"""The endpoint for programs, over plain HTTP: exact answers, mistakes in one line, and a page that lives on."""

import base64
import io
import json
import math
import re
from typing import Any

import httpx
import numpy as np
import pytest
import torch
from PIL import Image

import denoiser
from denoiser.data import draw_strokes
from denoiser.picture_files import nearest

SEVEN = draw_strokes([np.array([[0.3, 0.25], [0.7, 0.25], [0.45, 0.8]])], width=0.07)


def encoded(pixels: np.ndarray, kind: str = "PNG", cut: int | None = None) -> str:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format=kind)
    return base64.b64encode(file.getvalue()[:cut]).decode()


def decoded(text: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(text))))


def ask(http: httpx.Client, **fields: Any) -> tuple[str, Any]:
    """Call by name; gives the event ("complete" or "error") and its data."""
    body = json.dumps({"picture": encoded(SEVEN)} | fields)  # json writes NaN, which is not JSON: as a stranger would
    answer = http.post("/gradio_api/call/v2/denoise", content=body, headers={"content-type": "application/json"})
    lines = http.get(f"/gradio_api/call/denoise/{answer.json()['event_id']}").text.splitlines()
    return lines[0].removeprefix("event: "), json.loads(lines[1].removeprefix("data: "))


def test_the_answer_is_that_of_the_package(http: httpx.Client) -> None:
    event, [answer] = ask(http, kind="speckle", amount=0.8, seed=9, model="simple_unet")
    digit = denoiser.digit_from_drawing(SEVEN)
    noisy = denoiser.corrupt(digit, 0.8, "speckle", generator=torch.Generator().manual_seed(9))
    assert event == "complete" and answer["hint"] is None and answer["model"] == "simple_unet"
    for name, truth in (("digit", digit), ("noisy", noisy), ("denoised", denoiser.load("simple_unet")(noisy))):
        assert np.abs(decoded(answer[name]).astype(int) - (truth[0, 0] * 255).round().numpy()).max() <= 1
    assert set(answer["scores"]) == set(answer["readings"]) == {"noisy", "denoised"}
    assert all(sum(readings) == pytest.approx(1, abs=1e-3) for readings in answer["readings"].values())
    assert answer["ms"] > 0 and answer["device"]


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_other_formats_and_data_urls(http: httpx.Client, kind: str) -> None:
    url = f"data:image/{kind.lower()};base64,{encoded(SEVEN, kind)}"
    event, [answer] = ask(http, picture=url)
    assert event == "complete" and answer["digit"]


def test_clean_only_takes_the_pixels_as_they_are(http: httpx.Client) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (56, 84), dtype=np.uint8)
    event, [answer] = ask(http, picture=encoded(noise), clean_only=True)
    assert event == "complete" and answer["scores"] is None
    assert np.array_equal(decoded(answer["noisy"]), nearest(noise))


def test_an_empty_canvas_is_a_hint(http: httpx.Client) -> None:
    event, [answer] = ask(http, picture=encoded(np.zeros((280, 280), np.uint8)))
    assert event == "complete" and "no ink" in answer["hint"] and answer["noisy"] is None


def test_of_several_things_none_is_taken_for_the_digit(http: httpx.Client) -> None:
    row = np.concatenate([SEVEN, SEVEN], axis=1)
    event, [answer] = ask(http, picture=encoded(row))
    assert event == "complete" and "several things" in answer["hint"] and answer["noisy"] is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"amount": -0.1}, "amount must be a number from 0 to 1"),
        ({"amount": 1.1}, "amount must be a number from 0 to 1"),
        ({"amount": math.nan}, "amount must be a number from 0 to 1"),
        ({"amount": "much"}, "amount must be a number from 0 to 1"),
        ({"kind": "rain"}, "unknown kind of noise 'rain': choose one of blend"),
        ({"model": "gpt"}, "unknown model 'gpt': choose one of default"),
        ({"model": "../checkpoints/residual_unet.safetensors"}, "unknown model"),
        ({"seed": -1}, "seed must be"),
        ({"clean_only": "yes"}, "clean_only must be"),
        ({"told": "yes"}, "told must be"),
        ({"reader": 7}, "reader must be"),
        ({"reader": "residual_unet"}, "unknown reader 'residual_unet': choose default, or give the token of a run"),
        ({"reader": "x" * 43}, "not known here, or no longer"),
        ({"told": True, "model": "simple_unet"}, "simple_unet cannot be told"),
        ({"picture": 7}, "picture must be a file, or text"),
        ({"picture": "***"}, "picture is not valid base64"),
        ({"picture": "ZmlndXJlé"}, "picture is not valid base64"),
        ({"picture": base64.b64encode(b"no picture").decode()}, "not a picture"),
        ({"picture": encoded(SEVEN, "GIF")}, "not a picture"),
        ({"picture": encoded(SEVEN, cut=200)}, "damaged"),
        ({"picture": encoded(np.zeros((1, 1), np.uint8))}, "1×1 pixels"),
        ({"picture": encoded(np.zeros((1500, 1500), np.uint8))}, "1500×1500 pixels"),
        ({"picture": "A" * 1_500_000}, "too long"),
    ],
)
def test_a_mistake_is_one_line_and_the_page_lives_on(http: httpx.Client, fields: dict[str, Any], words: str) -> None:
    event, data = ask(http, **fields)
    assert event == "error" and words in data["error"] and "\n" not in data["error"]
    assert ask(http)[0] == "complete"


def test_sixteen_bits_and_transparency_are_read(http: httpx.Client) -> None:
    digit = ask(http, picture=encoded(SEVEN))[1][0]["digit"]
    deep = SEVEN.astype(np.uint16) * 257
    clear = np.stack([np.full_like(SEVEN, 255)] * 3 + [SEVEN], axis=-1)
    for pixels in (deep, clear):
        assert ask(http, picture=encoded(pixels))[1][0]["digit"] == digit


def test_the_endpoint_describes_itself(http: httpx.Client) -> None:
    described = http.get("/gradio_api/info").json()["named_endpoints"]
    assert list(described) == ["/denoise", "/train", "/watch", "/stop_training"]
    parameters = {p["parameter_name"]: p for p in described["/denoise"]["parameters"]}
    assert list(parameters) == ["picture", "kind", "amount", "seed", "model", "clean_only", "told", "reader"]
    assert parameters["kind"]["type"]["enum"] == list(denoiser.KINDS)
    assert "psnr" in json.dumps(described["/denoise"]["returns"]) and described["/denoise"]["description"]


def test_every_field_of_every_endpoint_has_a_name_and_a_description(http: httpx.Client) -> None:
    for name, endpoint in http.get("/gradio_api/info").json()["named_endpoints"].items():
        for field in endpoint["parameters"]:
            assert re.fullmatch(r"[A-Z][a-z ]+", field["label"]), (name, field)
            about = field["python_type"]["description"]
            assert len(about) > 10 and "\n" not in about and about.endswith("."), (name, field)
        (answer,) = endpoint["returns"]
        assert answer["label"] and len(answer["type"]["description"]) > 10
    seconds = http.get("/gradio_api/info").json()["named_endpoints"]["/train"]["parameters"][1]
    assert seconds["python_type"]["description"] == "From 1 to 600."
