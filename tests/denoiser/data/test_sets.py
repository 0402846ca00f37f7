"""What belongs to which split is fixed for good; what a set is called is what it is."""

import gzip
import hashlib
import json
import os
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from denoiser import data
from denoiser.data import Digits, find_mnist, find_strokes, load_digits, own, sets, split_indices

COUNT = 84  # of a small MNIST: 7 for validation, and without a test file 12 for the test and 6


def pictures(count: int, first: int = 0) -> np.ndarray:
    """Pictures that carry their number in the first two pixels."""
    array = np.zeros((count, 28, 28), np.uint8)
    array[:, 0, 0], array[:, 0, 1] = np.divmod(np.arange(first, first + count), 256)
    return array


def numbers(digits: Digits) -> list[int]:
    corner = (digits.images[:, 0, 0, :2] * 255).round().long()
    return (corner[:, 0] * 256 + corner[:, 1]).tolist()  # type: ignore[no-any-return]


def labels(count: int) -> np.ndarray:
    return (np.arange(count) % 10).astype(np.uint8)


def write_idx(folder: Path, stem: str, count: int, first: int = 0) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    images = struct.pack(">IIII", 0x803, count, 28, 28) + pictures(count, first).tobytes()
    (folder / f"{stem}-images-idx3-ubyte.gz").write_bytes(gzip.compress(images))
    named = struct.pack(">II", 0x801, count) + labels(count).tobytes()
    (folder / f"{stem}-labels-idx1-ubyte").write_bytes(named)


def write_npy(folder: Path, split: str, count: int, first: int = 0) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / f"x_{split}.npy", pictures(count, first))
    np.save(folder / f"y_{split}_label.npy", labels(count))


def write_csv(folder: Path, count: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    table = np.c_[labels(count), pictures(count).reshape(count, 784)]
    header = ",".join(["label", *(f"pixel{i}" for i in range(784))])
    np.savetxt(folder / "train.csv", table, fmt="%d", delimiter=",", header=header, comments="")
    return folder / "train.csv"


def write_strokes(path: Path, count: int = 10) -> Path:
    """Strokes whose labels tell the writers apart: 1 in the first 80 % of the file, 7 in the rest."""
    path.parent.mkdir(parents=True, exist_ok=True)
    upright = [[[250, 50], [250, 450]]]
    records = [{"label": 1 if i < 0.8 * count else 7, "strokes": upright} for i in range(count)]
    text = json.dumps(records).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


@pytest.fixture
def few_own_digits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Make the project's own sets small, and return the list of the seeds that are drawn from then on."""
    drawn: list[int] = []

    def handwritten_digits(count: int, *, seed: int, **options: Any) -> Digits:
        drawn.append(seed)
        options["tick"](count)
        chance = torch.Generator().manual_seed(seed)
        return Digits(torch.rand(count, 1, 28, 28, generator=chance), torch.from_numpy(labels(count)).long())

    monkeypatch.setattr(own, "OWN_COUNTS", {"train": 40, "validation": 20, "test": 30})
    monkeypatch.setattr(own, "handwritten_digits", handwritten_digits)
    return drawn


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


def test_an_installed_package_keeps_its_digits_in_the_users_cache(
    tmp_path: Path, few_own_digits: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("denoiser.places.INSTALLED", True)
    for name, value in {"DENOISER_DATA": "", "XDG_CACHE_HOME": "", "HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    assert data.data_folder() == tmp_path / ".cache" / "denoiser"
    written = load_digits("own")
    assert len(list((tmp_path / ".cache" / "denoiser").glob("own-*-train-*.npy"))) == 1
    (tmp_path / "file").write_text("where no folder can be made")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert data.data_folder() == tmp_path / "file" / "denoiser"
    assert torch.equal(load_digits("own").images, written.images)


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


def test_auto_takes_the_projects_own_digits_where_mnist_is_missing(tmp_path: Path, few_own_digits: list[int]) -> None:
    assert load_digits(folder=tmp_path).source == "the project's own digits"
    write_idx(tmp_path, "train", COUNT)
    assert load_digits(folder=tmp_path).source == "MNIST"


def test_own_digits_are_drawn_once_and_kept(tmp_path: Path, few_own_digits: list[int]) -> None:
    drawn = {split: load_digits("own", split, folder=tmp_path) for split in sets.SPLITS}
    assert [len(digits) for digits in drawn.values()] == [40, 20, 30]
    assert len(set(few_own_digits)) == len(few_own_digits) == 3
    for split, digits in drawn.items():
        kept = load_digits("own", split, folder=tmp_path)
        assert torch.equal(kept.images, digits.images) and kept.labels is not None
        assert kept.labels.tolist() == labels(len(kept)).tolist()
    assert len(few_own_digits) == 3
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".npy"] * 3


def test_a_damaged_cache_is_drawn_again(tmp_path: Path, few_own_digits: list[int]) -> None:
    drawn = load_digits("own", folder=tmp_path)
    (cache,) = tmp_path.iterdir()
    for damage in (cache.read_bytes()[:500], b"", b"rubbish"):
        cache.write_bytes(damage)
        assert torch.equal(load_digits("own", folder=tmp_path).images, drawn.images)
    assert len(few_own_digits) == 4


def test_another_way_of_writing_digits_leaves_the_kept_ones_alone(
    tmp_path: Path, few_own_digits: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "denoiser"
    (package / "data").mkdir(parents=True)
    for name in own.RECIPE:
        (package / name).write_bytes((Path(own.__file__).parents[1] / name).read_bytes())
    folder = tmp_path / "kept"
    folder.mkdir()
    monkeypatch.setattr(own, "__file__", str(package / "data" / "own.py"))
    for number, name in enumerate(("", *own.RECIPE), start=1):
        if name:
            (package / name).write_text("# changed")
        own._recipe.cache_clear()
        for _ in range(2):
            load_digits("own", folder=folder)
        assert len(list(folder.iterdir())) == len(few_own_digits) == number
    own._recipe.cache_clear()


def test_the_writing_of_own_digits_can_be_watched(tmp_path: Path, few_own_digits: list[int]) -> None:
    done: list[int] = []
    for _ in range(2):
        load_digits("auto", folder=tmp_path, tick=done.append)
    assert sum(done) == 40  # and nothing where they are kept


def test_own_digits_without_a_place_to_keep_them(tmp_path: Path, few_own_digits: list[int]) -> None:
    assert len(load_digits("own", folder=tmp_path / "missing")) == 40
    assert not (tmp_path / "missing").exists()
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o555)
    assert len(load_digits("own", folder=locked)) == 40
    assert list(locked.iterdir()) == []


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
