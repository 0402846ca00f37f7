"""The data as the page shows it: what the package finds in the same digits."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import denoiser
from denoiser.data import Digits
from denoiser.data.statistics import class_counts
from denoiser.pictures import to_bytes
from denoiser.train.augmentation import Augmentation, augment
from serving.data_page import MOVES, READ, READ_SEED, SHOWN, SLICE, VERSIONS, DataPage
from serving.errors import Busy, UnknownRun
from serving.examples import ExampleDigits
from serving.live import LiveDenoiser

DRAWN = np.zeros((112, 112), np.uint8)
DRAWN[20:90, 50:60] = 255

pytestmark = pytest.mark.usefixtures("few_digits")  # 100 of them are for the test


@pytest.fixture(scope="module")
def data_page(few_digits: None) -> DataPage:
    return DataPage(LiveDenoiser(device="cpu"), ExampleDigits())


@pytest.fixture
def digits() -> Digits:
    return denoiser.load_digits("auto", "test")


def test_the_facts_are_those_of_the_test_digits_and_are_kept(data_page: DataPage, digits: Digits) -> None:
    facts = data_page.facts()
    assert facts.source == digits.source and not facts.own and facts.statistics.digits == len(digits)
    assert facts.statistics.mean == pytest.approx(float(digits.images.double().mean()), abs=1e-6)
    for split, counts in facts.counts.items():
        assert counts == class_counts(denoiser.load_digits("auto", split).labels)
    assert set(facts.counts) == {"train", "validation", "test"}
    assert facts.head.numbers["count"] == len(digits) and facts.head.pixels == to_bytes(digits.images[0]).tobytes()
    assert data_page.facts() is facts


def test_a_seed_chooses_the_sheet(data_page: DataPage, digits: Digits) -> None:
    sheet, chosen = data_page.sheet(9), digits.sample(SHOWN, 9)
    assert np.array_equal(sheet.pixels, to_bytes(chosen.images[:, 0]))
    assert list(sheet.labels) == chosen.labels.tolist()


def test_readings_are_the_readers(data_page: DataPage, digits: Digits) -> None:
    tried = digits.sample(READ, READ_SEED)
    expected = denoiser.load_classifier(device="cpu")(tried.images)
    answers = [data_page.readings("default", start) for start in range(0, len(tried), SLICE)]
    assert [read for answer in answers for read in answer.read] == expected.argmax(dim=1).tolist()
    assert [label for answer in answers for label in answer.labels] == tried.labels.tolist()
    sure = [each for answer in answers for each in answer.sure]
    assert torch.allclose(torch.tensor(sure), expected.amax(dim=1), atol=1e-4)
    assert {answer.of for answer in answers} == {len(digits)}
    pictures = data_page.pictures([3, 70])
    assert np.array_equal(pictures.pixels, to_bytes(tried.images[[3, 70], 0]))
    assert list(pictures.labels) == tried.labels[[3, 70]].tolist()


@pytest.mark.parametrize("move", MOVES)
def test_versions_are_what_training_makes_of_the_digit(data_page: DataPage, move: str) -> None:
    digit = denoiser.digit_from_drawing(DRAWN)
    found = data_page.augmented(DRAWN, move, 5)
    generator = torch.Generator().manual_seed(5)
    expected = to_bytes(augment(digit.expand(VERSIONS, 1, 28, 28), MOVES[move], generator)[:, 0])
    assert found.digit is not None and found.versions is not None
    assert np.abs(found.versions.astype(int) - expected).max() <= 1
    assert np.array_equal(found.digit, to_bytes(digit[0, 0]))
    assert len({version.tobytes() for version in found.versions}) == VERSIONS
    assert MOVES["train"] == Augmentation()


def test_without_ink_there_is_a_hint(data_page: DataPage) -> None:
    assert data_page.augmented(np.zeros_like(DRAWN), "train", 0).hint == "no_ink"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda page: page.sheet(-1), "seed must be"),
        (lambda page: page.sheet(True), "seed must be"),
        (lambda page: page.sheet(2**31), "seed must be"),
        (lambda page: page.readings("default", 100), "start must be whole numbers from 0 to 99"),
        (lambda page: page.readings("default", 0.0), "start must be"),
        (lambda page: page.readings("magic", 0), "unknown reader"),
        (lambda page: page.readings(None, 0), "reader must be a name"),
        (lambda page: page.pictures(3), "places must be a list of 1 to 64"),
        (lambda page: page.pictures([0] * 65), "places must be a list of 1 to 64"),
        (lambda page: page.pictures([[1]]), "places must be whole numbers"),
        (lambda page: page.pictures([]), "places must be a list"),
        (lambda page: page.augmented(DRAWN, "flip", 0), "unknown move"),
        (lambda page: page.augmented(DRAWN, [], 0), "unknown move"),
    ],
)
def test_strangers_are_refused_in_one_line(data_page: DataPage, call: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        call(data_page)
    assert "\n" not in str(caught.value)


def test_the_bound_on_work_in_progress_holds_here_too() -> None:
    live = LiveDenoiser(device="cpu", at_once=1)
    page = DataPage(live, ExampleDigits())
    calls = [page.facts, lambda: page.sheet(0), lambda: page.readings("default", 0), lambda: page.pictures([0])]
    for call in [*calls, lambda: page.augmented(DRAWN, "train", 0)]:
        with live.place(), pytest.raises(Busy):
            call()


def test_a_visitors_own_reader_is_asked_by_its_token() -> None:
    class Runs:
        def denoiser(self, token: str) -> Any:
            raise UnknownRun(token)

        def reader(self, token: str) -> Any:
            if token != "A" * 43:
                raise UnknownRun(token)
            return lambda images: torch.eye(10)[torch.full((len(images),), 4)]

    page = DataPage(LiveDenoiser(device="cpu", runs=Runs()), ExampleDigits())
    assert set(page.readings("A" * 43, 0).read) == {4}
    with pytest.raises(UnknownRun):
        page.readings("B" * 43, 0)


def write_mnist(folder: Path, count: int) -> None:
    for stem in ("train", "t10k"):
        pixels = struct.pack(">IIII", 0x803, count, 28, 28) + bytes([7]) * 784 * count
        (folder / f"{stem}-images-idx3-ubyte").write_bytes(pixels)
        labels = struct.pack(">II", 0x801, count) + bytes(place % 10 for place in range(count))
        (folder / f"{stem}-labels-idx1-ubyte").write_bytes(labels)


def test_own_digits_are_counted_and_mnist_takes_over_when_it_arrives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DENOISER_DATA", str(tmp_path))
    monkeypatch.setattr("denoiser.data.own.OWN_COUNTS", {"train": 45, "validation": 20, "test": 30})
    page = DataPage(LiveDenoiser(device="cpu"), ExampleDigits())
    facts = page.facts()
    assert facts.own and facts.head.file == "" and facts.head.numbers["count"] == 30
    for split, counts in facts.counts.items():
        assert counts == class_counts(denoiser.load_digits("own", split).labels)
    write_mnist(tmp_path, 20)
    facts = page.facts()
    assert (facts.source, facts.own, facts.head.file) == ("MNIST", False, "t10k-images-idx3-ubyte")
    assert sum(facts.counts["test"]) == 20 and facts.statistics.mean == pytest.approx(7 / 255)
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(b"damaged")
    facts = page.facts()
    assert set(facts.counts) == {"test"} and "until then only test digits are counted" in caplog.text
