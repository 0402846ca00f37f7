"""A set of digits in numbers: what NumPy finds in the same pixels, and what loading all splits would count."""

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from denoiser.data import Digits, load_digits
from denoiser.data.sets import SPLITS
from denoiser.data.split_counts import split_counts
from denoiser.data.statistics import PART, statistics
from tests.denoiser.data.folders import COUNT, write_csv, write_idx, write_npy


@pytest.mark.parametrize("count", [40, PART + 3])
def test_it_is_what_numpy_finds(count: int) -> None:
    rng = np.random.default_rng(count)
    pixels = (rng.integers(0, 256, (count, 28, 28)) * (rng.random((count, 28, 28)) < 0.3)).astype(np.uint8)
    labels = rng.integers(0, 9, count)  # there is no nine
    found = statistics(Digits(torch.from_numpy(pixels[:, None] / np.float32(255)), torch.from_numpy(labels)))
    assert found.digits == count
    assert found.mean == pytest.approx(np.mean(pixels / 255), abs=1e-6)
    assert found.deviation == pytest.approx(np.std(pixels / 255), abs=1e-6)
    assert found.black == pytest.approx(np.mean(pixels == 0), abs=1e-12)
    assert list(found.levels) == np.histogram(pixels, bins=256, range=(0, 256))[0].tolist()
    assert found.classes == tuple(np.sum(labels == digit) for digit in range(10))
    assert np.allclose(found.mean_picture[0], pixels.mean(axis=0) / 255, atol=1e-5)
    assert found.class_means is not None and not found.class_means[9].any()
    for digit in range(9):
        assert np.allclose(found.class_means[digit, 0], pixels[labels == digit].mean(axis=0) / 255, atol=1e-5)


def test_almost_black_is_not_black_and_without_labels_there_are_no_classes() -> None:
    images = torch.zeros(1, 1, 28, 28)
    images[0, 0, 0, 0] = 0.001  # rounds to level 0
    found = statistics(Digits(images))
    assert found.black == pytest.approx(783 / 784, abs=1e-12) and found.levels[0] == 784
    assert found.classes is None and found.class_means is None


def apart(folder: Path) -> None:
    write_idx(folder, "train", COUNT)
    write_idx(folder, "t10k", 31, first=COUNT)


def cut(folder: Path) -> None:
    write_npy(folder / "mnist", "train", COUNT)


def nothing(folder: Path) -> None:
    pass


@pytest.mark.parametrize("fill", [apart, cut, nothing])
def test_splits_are_counted_as_they_would_be_loaded(
    tmp_path: Path, fill: Callable[[Path], None], few_own_digits: list[int]
) -> None:
    fill(tmp_path)
    counts = split_counts(tmp_path)
    assert few_own_digits == []  # none was written for that
    for split in SPLITS:
        labels = load_digits("auto", split, folder=tmp_path).labels
        assert labels is not None and counts[split] == tuple(np.bincount(labels, minlength=10))


def test_of_a_table_nothing_is_counted_and_damage_is_named(tmp_path: Path) -> None:
    write_csv(tmp_path, COUNT)
    assert split_counts(tmp_path) == {}
    write_idx(tmp_path, "train", 2)
    with pytest.raises(ValueError, match="idx1-ubyte: 2 digits are too few"):
        split_counts(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(gzip.compress(bytes(20))[:9])
    with pytest.raises(ValueError, match="damaged or cut-off gzip"):
        split_counts(tmp_path)
