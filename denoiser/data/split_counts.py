"""How many of each digit the three splits hold, as far as label files tell it: no picture is read or written."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from denoiser.data.files import read_labels
from denoiser.data.own import own_counts
from denoiser.data.sets import SPLITS, MnistFiles, find_mnist, split_indices
from denoiser.data.statistics import class_counts

Counts = dict[str, tuple[int, ...]]  # by split: how often each of the ten digits is there


def split_counts(folder: str | PathLike[str] | None = None) -> Counts:
    """What `load_digits("auto", split)` would hold of each digit, for the splits of which that is known cheaply.

    Where MNIST is a table, whose labels stand among its pixels, nothing is: the result is empty.
    Raises ValueError or OSError where a label file is damaged.
    """
    files = find_mnist(folder)
    if files is None:
        return {split: own_counts(split) for split in SPLITS}
    return {} if files.train_labels is None else _counts(files, files.train_labels)


def _counts(files: MnistFiles, train_labels: Path) -> Counts:
    labels = read_labels(train_labels)
    try:
        places = {split: split_indices(len(labels), split, separate_test=files.test is not None) for split in SPLITS}
    except ValueError as error:
        raise ValueError(f"{train_labels}: {error}") from error
    found = {split: class_counts(labels[some]) for split, some in places.items()}
    return found | ({"test": class_counts(read_labels(files.test_labels))} if files.test_labels else {})
