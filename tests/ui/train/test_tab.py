"""The functions that the Train tab calls, as anybody can call them: everything is checked, nothing breaks them."""

import base64
import json
import time
from typing import Any

import httpx
import numpy as np
import pytest
import torch

import denoiser
from denoiser.train.recipes import LONGEST_RUN
from denoiser.watch.settings import SHORTEST_RUN, RunSettings
from serving.live import LiveDenoiser
from ui.draw.tab import DRAWING
from ui.train.tab import _limits, _network

DRAWN = np.zeros((DRAWING, DRAWING), np.uint8)
DRAWN[20:90, 50:60] = 255
PIXELS = base64.b64encode(DRAWN.tobytes()).decode()
NO_INK = base64.b64encode(bytes(DRAWING * DRAWING)).decode()
TINY = {"model": "dense_autoencoder", "data": "own", "digits": [0, 1], "seconds": 1, "batch_size": 8}
START = {"settings": TINY, "drawing": PIXELS, "of": None}
NOBODY = "x" * 43
COMPARE = {"token": NOBODY, "pixels": PIXELS, "amount": 0.5, "kind": "blend", "seed": 0}


@pytest.fixture(scope="module")
def tab(http: httpx.Client) -> int:
    components = http.get("/config").json()["components"]
    return next(c["id"] for c in components if "compare" in c["props"].get("server_fns", []))


def call(http: httpx.Client, tab: int, function: str, payload: Any) -> Any:
    body = {"data": payload, "component_id": tab, "fn_name": function, "session_hash": "test"}
    headers = {"content-type": "application/json"}
    answer = http.post("/gradio_api/component_server/", content=json.dumps(body), headers=headers)
    assert answer.status_code == 200
    return answer.json()


@pytest.fixture(scope="module")
def ended(http: httpx.Client, tab: int) -> str:
    """The token of a run that is over."""
    token = call(http, tab, "start", START)["token"]
    for _ in range(600):
        if call(http, tab, "watch", {"token": token, "since": 0})["state"] == "ended":
            return token
        time.sleep(0.1)
    raise TimeoutError


def test_a_run_is_watched_from_any_version(http: httpx.Client, tab: int, ended: str) -> None:
    whole = call(http, tab, "watch", {"token": ended, "since": 0})
    assert whole["fresh"] and whole["reason"] == "budget" and whole["settings"]["digits"] == [0, 1]
    assert whole["started"]["own_drawing"] and whole["started"]["labels"][0] is None
    own = np.frombuffer(base64.b64decode(whole["started"]["clean"]), np.uint8)[:784].reshape(28, 28)
    assert np.array_equal(own, (denoiser.digit_from_drawing(DRAWN)[0, 0] * 255).round().byte().numpy())
    rest = call(http, tab, "watch", {"token": ended, "since": whole["version"]})
    assert not rest["fresh"] and rest["losses"] == [] and rest["samples"] is None and rest["started"] is None
    frames = call(http, tab, "frames", {"token": ended})
    assert len(base64.b64decode(frames["samples"])) == 784 * 11 * len(frames["steps"])


def test_a_run_on_few_digits_says_how_it_does_on_them(http: httpx.Client, tab: int, ended: str) -> None:
    assert call(http, tab, "watch", {"token": ended, "since": 0})["fitted"] == []  # it learned from all there were
    few = {**START, "settings": TINY | {"limit": 3, "seconds": 2}}
    token = call(http, tab, "start", few)["token"]
    for _ in range(600):
        answer = call(http, tab, "watch", {"token": token, "since": 0})
        if answer["state"] == "ended":
            break
        time.sleep(0.1)
    assert answer["started"]["count"] == 3 and answer["settings"]["limit"] == 3
    assert answer["fitted"] and [step for step, _ in answer["fitted"]] == [step for step, _ in answer["validation"]]
    assert answer["fitted"][-1][1] < answer["started"]["nothing"]


def test_a_comparison_shows_both_networks_on_the_same_noise(http: httpx.Client, tab: int, ended: str) -> None:
    answer = call(http, tab, "compare", COMPARE | {"token": ended})
    assert set(answer) == {"digit", "noisy", "mine", "shipped", "name"} and answer["name"] == "dense_autoencoder"
    noisy = np.frombuffer(base64.b64decode(answer["noisy"]["pixels"]), np.uint8).astype(np.float32) / 255
    shipped = denoiser.load("dense_autoencoder")(torch.from_numpy(noisy).reshape(1, 1, 28, 28))
    shown = np.frombuffer(base64.b64decode(answer["shipped"]["pixels"]), np.uint8)
    assert np.abs((shipped * 255).round().byte().flatten().numpy().astype(int) - shown).max() <= 3  # noisy is rounded
    assert answer["mine"]["pixels"] != answer["shipped"]["pixels"] and len(answer["mine"]["readings"]) == 10


def test_without_ink_there_is_only_a_hint(http: httpx.Client, tab: int, ended: str) -> None:
    assert call(http, tab, "compare", COMPARE | {"token": ended, "pixels": NO_INK}) == {"hint": "no_ink"}


@pytest.mark.parametrize(
    "wrong",
    [
        *(START | {"settings": settings} for settings in (None, [], "x", {"model": "gpt"}, {"rm": 1}, {"digits": []})),
        *(START | {"settings": TINY | {"digits": digits}} for digits in ([10], [True], "01", [0] * 10_000, [[]])),
        *(
            START | {"settings": TINY | {"seconds": s}}
            for s in (0, LONGEST_RUN + 1, "20", float("nan"), float("inf"), -1)
        ),
        *(START | {"settings": TINY | {"learning_rate": rate}} for rate in ("fast", 0, -1.0, float("nan"), 1e9)),
        *(START | {"settings": TINY | {"kinds": kinds}} for kinds in ([], ["rain"], "blend", [[]])),
        *(START | {"settings": TINY | {"amounts": amounts}} for amounts in ([1, 0], [0], [0, 2], [0, 1, 1], 1)),
        *(START | {"settings": TINY | {"batch_size": size}} for size in (0, 1025, 1.5, "32")),
        *(START | {"settings": TINY | {"data": data}} for data in ("/etc/passwd", "pen", 1)),
        *(START | {"drawing": drawing} for drawing in (7, "", "é", PIXELS[:-4], "A" * 20_000, [])),
        *(START | {"of": of} for of in (7, "", "../checkpoints", "x" * 101, ["residual_unet"], "lean_classifier")),
        START | {"of": "simple_unet"},  # another network than the one that is asked for
        START | {"more": 1},
        {"settings": TINY},
        *(None, [], "x", 7),
    ],
)
def test_a_wrong_start_is_one_line_and_nothing_starts(http: httpx.Client, tab: int, runs: Any, wrong: Any) -> None:
    before = len(runs._runs)
    answer = call(http, tab, "start", wrong)
    assert set(answer) == {"error"} and "\n" not in answer["error"] and len(answer["error"]) < 250
    assert len(runs._runs) == before


@pytest.mark.parametrize(
    ("function", "wrong"),
    [
        *(("watch", {"token": NOBODY, "since": since}) for since in (-1, 1.5, "0", None, True, 2**60)),
        *((name, None) for name in ("watch", "stop", "go_on", "frames", "compare")),
        *((name, {"token": 7}) for name in ("stop", "frames")),
        *(("stop", {"token": token}) for token in ("", "x" * 101, None, ["x"])),
        *(
            ("go_on", {"token": NOBODY, "seconds": s})
            for s in (0, LONGEST_RUN + 1, SHORTEST_RUN / 2, "5", None, float("nan"))
        ),
        *(("compare", {**COMPARE, "pixels": pixels}) for pixels in (None, PIXELS[:-4])),
    ],
)
def test_other_functions_check_as_strictly(http: httpx.Client, tab: int, function: str, wrong: Any) -> None:
    answer = call(http, tab, function, wrong)
    assert set(answer) == {"error"} and "\n" not in answer["error"]


@pytest.mark.parametrize("amount", [-1, 2, "0.5", None, float("nan")])
def test_a_comparison_checks_its_noise(http: httpx.Client, tab: int, ended: str, amount: Any) -> None:
    assert "amount" in call(http, tab, "compare", COMPARE | {"token": ended, "amount": amount})["error"]


@pytest.mark.parametrize(
    ("function", "payload"),
    [
        ("watch", {"token": NOBODY, "since": 0}),
        ("stop", {"token": NOBODY}),
        ("go_on", {"token": NOBODY, "seconds": 5}),
        ("frames", {"token": NOBODY}),
        ("compare", COMPARE),
    ],
)
def test_an_unknown_run_is_the_same_hint_everywhere(http: httpx.Client, tab: int, function: str, payload: Any) -> None:
    answer = call(http, tab, function, payload)
    assert answer["hint"] == "gone"


def test_weights_of_a_run_that_is_gone_are_told_apart(http: httpx.Client, tab: int) -> None:
    assert call(http, tab, "start", START | {"of": NOBODY}) == {"hint": "of"}


def test_mnist_that_is_not_here_is_a_hint(http: httpx.Client, tab: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.train.tab.find_mnist", lambda: None)
    for data in ("mnist", "mnist+own"):
        assert call(http, tab, "start", START | {"settings": TINY | {"data": data}}) == {"hint": "mnist"}


def test_what_the_page_shows_of_a_recipe_is_the_recipe() -> None:
    book = _network("conv_autoencoder", LiveDenoiser())
    tutorial = RunSettings("conv_autoencoder", "tutorial").config()
    [(most, recipes)] = book["recipes"]
    assert most == LONGEST_RUN and recipes["tutorial"]["learning_rate"] == tutorial.learning_rate == 2e-5
    assert tuple(recipes["tutorial"]["amounts"]) == tutorial.amounts == (0, 0)
    assert book["shipped"] == ["conv_autoencoder"]


@pytest.mark.parametrize("name", [name for name in _limits() if name not in ("seed", "patience")])
def test_the_limits_that_the_page_tells_are_those_of_the_server(name: str) -> None:
    whole = name == "batch_size"
    for limit, step in zip(_limits()[name], (-1, 1), strict=True):
        value = int(limit) if whole else float(limit)
        RunSettings(**{name: value})
        beyond = value + step if whole else value * (1 + step * 0.01) + (step * 0.01 if value == 0 else 0)
        with pytest.raises(ValueError):
            RunSettings(**{name: beyond})
