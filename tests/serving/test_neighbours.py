"""What was learned, searched for what is near: the right digits of the right set, and nothing is held up by reading."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch

import denoiser
from denoiser.data import Digits, handwritten_digits, limited
from denoiser.neighbours import Neighbours
from denoiser.pictures import from_bytes
from serving.errors import Busy
from serving.live import LiveDenoiser, LiveRequest
from serving.neighbours import DigitsAreRead, Memory, _learned, _source

DIGITS = handwritten_digits(400, seed=4)
DRAWN = np.zeros((112, 112), np.uint8)
DRAWN[20:90, 50:60] = 255


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[Memory]:
    monkeypatch.setattr("serving.neighbours.load_digits", lambda source, split: DIGITS)
    yield Memory(LiveDenoiser(device="cpu"))


def rmse(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.sqrt(((one / 255 - other / 255) ** 2).mean()))


def test_a_training_digit_finds_itself_and_its_neighbours_are_as_far_as_they_say(memory: Memory) -> None:
    drawing = np.kron((DIGITS.images[7, 0] * 255).round().byte().numpy(), np.ones((4, 4), np.uint8))
    found = memory.find(LiveRequest(drawing, amount=0.0, model="simple_unet"))
    assert found.clean and found.noisy and found.denoised and DIGITS.labels is not None
    assert found.noisy.rmse == found.clean.rmse and found.noisy.own == 0  # without noise both are the same
    for near in (found.denoised, found.noisy, found.clean):
        assert near.digits.shape == (8, 28, 28) and list(near.rmse) == sorted(near.rmse)
        for digit, label, far in zip(near.digits, near.labels, near.rmse, strict=True):
            assert rmse(near.picture, digit) == pytest.approx(far, abs=0.5 / 255)  # the picture is rounded here
            place = int((DIGITS.images[:, 0] * 255).round().byte().eq(torch.from_numpy(digit)).all((1, 2)).nonzero()[0])
            assert label == DIGITS.labels[place]
    assert found.count == 400 and found.source == DIGITS.source


def test_what_is_denoised_is_what_the_network_gives(memory: Memory) -> None:
    found = memory.find(LiveRequest(DRAWN, amount=0.5, seed=3, model="residual_unet"))
    assert found.denoised and found.clean and found.noisy
    digit = denoiser.digit_from_drawing(DRAWN)
    noisy = denoiser.corrupt(digit, 0.5, generator=torch.Generator().manual_seed(3))
    told = denoiser.load("residual_unet", device="cpu")(noisy, "blend", 0.5)
    assert (from_bytes(found.denoised.picture) - told).abs().max() <= 0.6 / 255
    assert found.denoised.own == pytest.approx(float((told - digit).square().mean().sqrt()), abs=1e-4)
    assert found.noisy.own == pytest.approx(float((noisy - digit).square().mean().sqrt()), abs=1e-6)
    assert found.denoised.own < found.noisy.own and found.clean.own == 0


def test_only_what_the_network_learned_from_is_searched() -> None:
    info, known = denoiser.available()[0], Neighbours(DIGITS)
    assert DIGITS.labels is not None and _learned(info, known) is None
    threes = replace(info, training={**info.training, "digits": [3, 8], "limit": 20})
    among = _learned(threes, known)
    places = torch.isin(DIGITS.labels, torch.tensor([3, 8])).nonzero()[:, 0]
    assert among is not None and torch.equal(among.nonzero()[:, 0], places[limited(len(places), 20)])
    for damaged in ({"digits": "no"}, {"limit": -3}, {"limit": "many"}, {}):
        assert _learned(replace(info, training=damaged), known) is None


def test_the_set_is_the_one_that_a_run_was_trained_on(monkeypatch: pytest.MonkeyPatch) -> None:
    info = denoiser.available()[0]
    for mnist in (None, object()):
        monkeypatch.setattr("serving.neighbours.find_mnist", lambda mnist=mnist: mnist)
        assert _source(replace(info, training={"data": "own"})) == "own"
        both = _source(replace(info, training={"data": "mnist+own"}))
        assert both == ("mnist+own" if mnist else "auto")
        for other in ("mnist+pen", "/etc/passwd", 3, None):
            assert _source(replace(info, training={"data": other})) == "auto"


def test_nobody_waits_long_for_digits_that_are_being_read(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()

    def slow(source: str, split: str) -> Digits:
        assert gate.wait(60)
        return DIGITS

    monkeypatch.setattr("serving.neighbours.load_digits", slow)
    monkeypatch.setattr("serving.neighbours.PATIENCE", 0.05)
    live = LiveDenoiser(device="cpu", at_once=1)
    memory, request = Memory(live), LiveRequest(DRAWN, model="simple_unet")
    with pytest.raises(DigitsAreRead):
        memory.find(request)
    gate.set()
    monkeypatch.setattr("serving.neighbours.PATIENCE", 60.0)
    assert memory.find(request).count == 400
    with live.place(), pytest.raises(Busy):
        memory.find(request)


def test_data_that_cannot_be_read_is_told_and_read_again(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(source: str, split: str) -> Digits:
        raise OSError("train.csv: not a table: put another one there")

    request = LiveRequest(DRAWN, model="simple_unet")
    with monkeypatch.context() as broken:
        broken.setattr("serving.neighbours.load_digits", damaged)
        with pytest.raises(ValueError, match="put another one there"):
            memory.find(request)
    assert memory.find(request).count == 400


def test_an_empty_canvas_and_an_unknown_network(memory: Memory) -> None:
    empty = np.zeros((28, 28), np.uint8)
    assert memory.find(LiveRequest(empty, model="simple_unet")).hint == "no_ink"
    with pytest.raises(ValueError, match="unknown model"):
        memory.find(LiveRequest(empty, model="nothing"))
