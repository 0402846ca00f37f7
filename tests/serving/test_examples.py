"""Digits for the visitor who would rather not draw."""

import logging
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from denoiser.data import load_digits
from denoiser.data.own import OWN_SOURCE
from serving.examples import ExampleDigits


@pytest.fixture(scope="module")
def examples() -> ExampleDigits:
    return ExampleDigits()


@pytest.mark.parametrize("label", range(10))
def test_an_example_is_a_test_digit_with_its_label(examples: ExampleDigits, label: int) -> None:
    example = examples.pick(label)
    test = load_digits("auto", "test")
    same = (test.images[:, 0] * 255).round().byte().numpy() == example.pixels
    where = np.flatnonzero(same.all(axis=(1, 2)))
    assert example.label == label and label in test.labels[where].tolist()
    assert example.own == (example.source == OWN_SOURCE) and example.source == test.source


def test_surprises_differ(examples: ExampleDigits) -> None:
    assert len({examples.pick().pixels.tobytes() for _ in range(20)}) > 10


@pytest.mark.parametrize("label", [-1, 10, True, "3", 3.0, [3]])
def test_another_label_is_refused_in_one_line(examples: ExampleDigits, label: Any) -> None:
    with pytest.raises(ValueError, match="0 to 9"):
        examples.pick(label)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder, and few own digits."""
    monkeypatch.setenv("DENOISER_DATA", str(tmp_path))
    monkeypatch.setattr("denoiser.data.own.OWN_COUNTS", {"train": 40, "validation": 20, "test": 30})
    return tmp_path


def write_idx(folder: Path, stem: str, labels: list[int]) -> None:
    """Grey pictures, as bright as 10 times their label."""
    pixels = b"".join(bytes([10 * label]) * 784 for label in labels)
    (folder / f"{stem}-images-idx3-ubyte").write_bytes(struct.pack(">IIII", 0x803, len(labels), 28, 28) + pixels)
    (folder / f"{stem}-labels-idx1-ubyte").write_bytes(struct.pack(">II", 0x801, len(labels)) + bytes(labels))


def test_a_digit_that_the_data_lacks_is_written(folder: Path) -> None:
    write_idx(folder, "train", [1, 2, 3])
    write_idx(folder, "t10k", [3, 7, 7])
    examples = ExampleDigits()
    seen = [examples.pick() for _ in range(40)]
    assert {(example.label, example.pixels.max(), example.own) for example in seen} == {(3, 30, False), (7, 70, False)}
    lacking = examples.pick(5)
    assert lacking.label == 5 and lacking.own and lacking.source == OWN_SOURCE
    assert lacking.pixels.shape == (28, 28) and lacking.pixels.max() > 200
    assert not np.array_equal(lacking.pixels, examples.pick(5).pixels)


def cut_short(folder: Path) -> None:
    images = folder / "t10k-images-idx3-ubyte"
    images.write_bytes(images.read_bytes()[:-1])


def no_gzip(folder: Path) -> None:
    (folder / "t10k-images-idx3-ubyte").write_bytes(b"\x1f\x8b")


def unlabelled(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
    np.savetxt(folder / "train.csv", np.zeros((20, 784)), fmt="%d", delimiter=",")


@pytest.mark.parametrize("damage", [cut_short, no_gzip, unlabelled])
def test_damaged_data_is_named_once_and_own_digits_stand_in(
    folder: Path, damage: Any, caplog: pytest.LogCaptureFixture
) -> None:
    write_idx(folder, "train", [1, 2, 3])
    write_idx(folder, "t10k", [0, 1, 2])
    damage(folder)
    examples = ExampleDigits()
    with caplog.at_level(logging.WARNING):
        picked = [examples.pick(label) for label in (None, 0, 1, 9)]
    assert all(example.own and example.source == OWN_SOURCE for example in picked)
    (record,) = caplog.records
    assert "\n" not in record.getMessage() and "; " in record.getMessage()


def test_an_error_of_the_disk_is_no_error_of_the_page(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(source: str, split: str) -> Any:
        if source == "auto":
            raise OSError(5, "Input/output error")
        return load_digits(source, split)

    monkeypatch.setattr("serving.examples.load_digits", load)
    assert ExampleDigits().pick(4).own


def test_mnist_takes_over_when_it_arrives_and_a_table_is_not_the_projects_own(folder: Path) -> None:
    examples = ExampleDigits()
    assert examples.pick().own
    table = np.c_[np.arange(30) % 10, np.full((30, 784), 9)]
    np.savetxt(folder / "train.csv", table, fmt="%d", delimiter=",")
    example = examples.pick()
    assert example.source == "MNIST (train.csv)" and not example.own and example.pixels.max() == 9
    write_idx(folder, "train", [1, 2, 3])
    write_idx(folder, "t10k", [1, 2, 3])
    assert examples.pick().source == "MNIST"
