"""The function behind the view of memory, as anybody can call it: everything is checked, nothing breaks it."""

import base64
from typing import Any

import httpx
import numpy as np
import pytest

from denoiser.data import handwritten_digits
from denoiser.pictures import DRAWING
from tests.ui.compare.test_tab import GOOD as CONTEST
from tests.ui.compare.test_tab import board, call

__all__ = ["board"]  # a fixture
GOOD = {name: value for name, value in CONTEST.items() if name != "names"} | {"model": "simple_unet"}


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serving.neighbours.load_digits", lambda source, split: handwritten_digits(60, seed=4))


def pictures(near: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    one, others = (np.frombuffer(base64.b64decode(near[name]), np.uint8) for name in ("picture", "digits"))
    return one.reshape(28, 28) / 255, others.reshape(-1, 28, 28) / 255


def test_each_neighbour_is_as_far_as_it_says(http: httpx.Client, board: int) -> None:
    answer = call(http, board, GOOD, "neighbours").json()
    digit = pictures(answer["clean"])[0]
    for name in ("denoised", "noisy", "clean"):
        near = answer[name]
        picture, others = pictures(near)
        assert len(others) == len(near["labels"]) == len(near["rmse"]) == 8
        assert np.sqrt(((others - picture) ** 2).mean((1, 2))) == pytest.approx(near["rmse"], abs=0.003), name
        assert np.sqrt(((digit - picture) ** 2).mean()) == pytest.approx(near["own"], abs=0.003), name
    assert answer["count"] == 60 and answer["clean"]["own"] == 0


@pytest.mark.parametrize(
    "change, said",
    [
        ({"model": "magic"}, "unknown model"),
        ({"model": 1}, "model must be a name"),
        ({"amount": 2}, "amount must be"),
        ({"kind": "snow"}, "unknown kind"),
        ({"seed": -1}, "seed must be"),
        ({"pixels": "AAAA"}, "grey bytes"),
        ({"more": 1}, "exactly these fields"),
    ],
)
def test_anything_else_is_one_line(http: httpx.Client, board: int, change: dict[str, Any], said: str) -> None:
    answer = call(http, board, GOOD | change, "neighbours")
    assert answer.status_code == 200 and said in answer.json()["error"]


def test_an_empty_canvas_and_a_run_that_nobody_knows_have_their_hints(http: httpx.Client, board: int) -> None:
    empty = base64.b64encode(bytes(DRAWING * DRAWING)).decode()
    assert call(http, board, GOOD | {"pixels": empty}, "neighbours").json() == {"hint": "no_ink"}
    gone = call(http, board, GOOD | {"model": "A" * 43}, "neighbours").json()
    assert gone["hint"] == "gone"
