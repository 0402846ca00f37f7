"""What belongs to which split is fixed for good; what a set is called is what it is."""

import hashlib
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from denoiser import data
from denoiser.data import find_mnist, find_strokes, load_digits, sets, split_indices
from tests.denoiser.data.folders import COUNT, labels, numbers, pictures, write_csv, write_idx, write_npy, write_strokes


@pytest.mark.parametrize(
    ("count", "separate_test", "sizes"),
    [
        (60_000, True, (55_000, 5_000, 0)),
        (42_000, False, (33_000, 3_000, 6_000)),
        (3, False, (1, 1, 1)),
        (3, True, (2, 1, 0)),
    ],
)
def test_every_digit_is_in_one_split(count: int, separate_test: bool, sizes: tuple[int, int, int]) -> None:
    parts = [split_indices(count, split, separate_test=separate_test) for split in sets.SPLITS]
    assert tuple(map(len, parts)) == sizes
    assert torch.cat(parts).sort().values.tolist() == list(range(count))


@pytest.mark.parametrize(
    ("split", "digest"),
    [
        ("train", "0e30760cf2eeaed1"),
        ("validation", "19c5d0ade581dfb9"),
    ],
)
def test_mnist_is_cut_as_it_was_when_the_checkpoints_were_trained(split: str, digest: str) -> None:
    indices = split_indices(60_000, split, separate_test=True).numpy().astype("<i8")
    assert hashlib.sha256(indices.tobytes()).hexdigest()[:16] == digest


def test_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DENOISER_DATA", str(tmp_path))
    assert data.data_folder() == tmp_path
    monkeypatch.setenv("DENOISER_DATA", "")
    assert data.data_folder() == Path(__file__).parents[3] / "dataset"


def test_find_mnist_prefers_idx_then_npy_then_csv(tmp_path: Path) -> None:
    assert find_mnist(tmp_path) is None
    table = write_csv(tmp_path, 5)
    assert find_mnist(tmp_path) == data.MnistFiles(table, None, None, None)
    np.save(tmp_path / "x_train.npy", pictures(5))
    assert find_mnist(tmp_path) == data.MnistFiles(table, None, None, None)  # no labels beside it yet
    np.save(tmp_path / "y_train_label.npy", labels(5))
    npy = (tmp_path / "x_train.npy", tmp_path / "y_train_label.npy")
    assert find_mnist(tmp_path) == data.MnistFiles(*npy, None, None)
    mnist = tmp_path / "mnist"
    write_idx(mnist, "train", 5)
    write_idx(mnist, "t10k", 5)
    assert find_mnist(tmp_path) == data.MnistFiles(
        mnist / "train-images-idx3-ubyte.gz",
        mnist / "train-labels-idx1-ubyte",
        mnist / "t10k-images-idx3-ubyte.gz",
        mnist / "t10k-labels-idx1-ubyte",
    )


@pytest.mark.parametrize("write", [write_idx, write_npy])
def test_mnist_with_a_test_file(tmp_path: Path, write: Any) -> None:
    write(tmp_path / "mnist", "train", COUNT)
    write(tmp_path / "mnist", "t10k" if write is write_idx else "test", 9, first=1000)
    train, validation, test = (load_digits("mnist", split, folder=tmp_path) for split in sets.SPLITS)
    assert len(validation) == 7 and sorted(numbers(train) + numbers(validation)) == list(range(COUNT))
    assert numbers(test) == list(range(1000, 1009))
    assert validation.labels is not None
    assert validation.labels.tolist() == [number % 10 for number in numbers(validation)]
    source = "MNIST" if write is write_idx else "MNIST (x_train.npy)"
    assert {part.source for part in (train, validation, test)} == {source}


@pytest.mark.parametrize("by_path", [False, True])
def test_a_table_without_a_test_file(tmp_path: Path, by_path: bool) -> None:
    table = write_csv(tmp_path, COUNT)
    source = table if by_path else "auto"
    train, validation, test = (load_digits(source, split, folder=tmp_path) for split in sets.SPLITS)
    assert (len(validation), len(test)) == (6, 12)
    assert sorted(numbers(train) + numbers(validation) + numbers(test)) == list(range(COUNT))
    assert train.source == ("train.csv" if by_path else "MNIST (train.csv)")


def test_a_folder_is_a_set(tmp_path: Path) -> None:
    write_idx(tmp_path / "of mine+yours", "train", COUNT)
    digits = load_digits(tmp_path / "of mine+yours", "validation", folder=tmp_path / "elsewhere")
    assert len(digits) == 6 and digits.source == "MNIST"
    write_strokes(tmp_path / "recorded" / "pen" / "a.json")
    assert load_digits(tmp_path / "recorded", "train").source == "a.json"


def test_digits_limit_and_seed(tmp_path: Path) -> None:
    write_idx(tmp_path, "train", COUNT)
    zeros_and_ones = load_digits("mnist", digits=[0, 1], folder=tmp_path)
    assert zeros_and_ones.labels is not None and set(zeros_and_ones.labels.tolist()) == {0, 1}
    few, again, others = (load_digits("mnist", folder=tmp_path, limit=20, seed=seed) for seed in (1, 1, 2))
    assert len(few) == 20 and numbers(few) == numbers(again) != numbers(others)
    assert set(numbers(others)) <= set(numbers(load_digits("mnist", folder=tmp_path)))
    assert len(load_digits("mnist", folder=tmp_path, limit=10**6)) == COUNT - 12 - 6


def test_pen_strokes_are_cut_by_writer(tmp_path: Path) -> None:
    file = write_strokes(tmp_path / "pen" / "pen_train.json.gz")
    assert find_strokes(tmp_path) == file
    train, validation, test = (load_digits("pen", split, folder=tmp_path) for split in sets.SPLITS)
    assert train.labels is not None and train.labels.tolist() == [1] * 8 * sets.PEN_COPIES
    assert validation.labels is not None and validation.labels.tolist() == [7] * 2
    assert not torch.equal(validation.images, test.images)  # the same writers, drawn anew
    assert torch.equal(test.images, load_digits("pen", "test", folder=tmp_path).images)
    assert test.source == "pen strokes" and load_digits(file).source == "pen_train.json.gz"


def test_find_strokes_in_the_folder_itself(tmp_path: Path) -> None:
    assert find_strokes(tmp_path) is None
    (tmp_path / "settings.json").write_text("{}")
    assert find_strokes(tmp_path) is None
    file = write_strokes(tmp_path / "mine.json.gz")
    assert find_strokes(tmp_path) == file


def test_sets_joined(tmp_path: Path) -> None:
    write_idx(tmp_path, "train", COUNT)
    write_strokes(tmp_path / "pen" / "a.json")
    both = load_digits(" MNIST + pen ", folder=tmp_path)
    assert both.source == "MNIST + pen strokes" and len(both) == COUNT - 12 - 6 + 8 * sets.PEN_COPIES


@pytest.mark.parametrize(
    ("source", "options", "says"),
    [
        ("mnist", {}, "python -m denoiser data --download"),
        ("pen", {}, "--data own"),
        ("nowhere.npy", {}, "nowhere.npy: no such data; give auto, mnist, own, pen"),
        ("own+", {}, "an empty name"),
        ("", {}, "an empty name"),
        ("own", {"split": "all"}, "train, validation, test"),
        ("own", {"limit": 0}, "at least 1"),
        ("own", {"digits": []}, "no digits are chosen"),
        ("own", {"digits": ["3"]}, "whole numbers"),
        ("own", {"digits": [12]}, "choose from 0 to 9"),
    ],
)
def test_what_cannot_be_loaded_is_said_in_one_line(
    tmp_path: Path, few_own_digits: list[int], source: str, options: dict[str, Any], says: str
) -> None:
    with pytest.raises((ValueError, FileNotFoundError)) as caught:
        load_digits(source, folder=tmp_path, **options)
    assert says in str(caught.value) and "\n" not in str(caught.value)


def test_too_few_digits_to_split(tmp_path: Path) -> None:
    np.save(tmp_path / "two.npy", pictures(2))
    with pytest.raises(ValueError, match=r"two\.npy: 2 digits are too few .*; give at least 3"):
        load_digits(tmp_path / "two.npy")
    with pytest.raises(FileNotFoundError, match="no digits in this folder"):
        load_digits(tmp_path)


@pytest.mark.skipif(not os.environ.get("DENOISER_DATA"), reason="DENOISER_DATA names no folder with MNIST")
def test_the_splits_of_real_mnist() -> None:
    mnist = find_mnist()
    if mnist is None or mnist.test is None:
        pytest.skip("there is no MNIST with a test file in DENOISER_DATA")
    validation, test = load_digits("mnist", "validation"), load_digits("mnist", "test")
    assert (len(validation), len(test)) == (5_000, 10_000)
    assert test.labels is not None and test.labels[:5].tolist() == [7, 2, 1, 0, 4]
    assert validation.labels is not None and validation.labels.bincount().min() > 400  # all ten, evenly
