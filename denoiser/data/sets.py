"""Data sets by name: MNIST, the project's own digits, pen strokes; each cut the same way every time."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import TypeAlias

import numpy as np
import torch

from denoiser.data.digits import Digits, chosen_digits, concatenate
from denoiser.data.files import STROKE_SUFFIXES, companion_labels, read_digits
from denoiser.data.own import own_digits
from denoiser.data.strokes import stroke_digits
from denoiser.places import default_data_folder

Tick: TypeAlias = Callable[[int], object]

SPLITS = ("train", "validation", "test")
SPLIT_SEED = 28  # of the permutation that cuts a set; another seed would mix validation digits into training

PEN_SEEDS = {"train": 1, "validation": 2, "test": 3}
PEN_COPIES = 3  # of each recorded digit in training, with other brushes and in other places

PLACES = ("", "mnist", "MNIST/raw")  # in the data folder; the last is where torchvision puts the files
# In the order of preference: the training pictures, and the test pictures that belong to them.
MNIST_NAMES = {
    "train-images-idx3-ubyte": "t10k-images-idx3-ubyte",
    "train-images-idx3-ubyte.gz": "t10k-images-idx3-ubyte.gz",
    "train-images.idx3-ubyte": "t10k-images.idx3-ubyte",
    "train-images.idx3-ubyte.gz": "t10k-images.idx3-ubyte.gz",
    "x_train.npy": "x_test.npy",
    "x_train.npy.gz": "x_test.npy.gz",
    "train.csv": None,  # Kaggle's test.csv has no labels
    "train.csv.gz": None,
}


@dataclass(frozen=True)
class MnistFiles:
    """Where MNIST lies. Labels are None where the table holds them, test where there is no file for it."""

    train: Path
    train_labels: Path | None
    test: Path | None
    test_labels: Path | None


def data_folder() -> Path:
    """Return the folder of the data: DENOISER_DATA if set, else the checkout's `dataset` or the user's cache."""
    chosen = os.environ.get("DENOISER_DATA", "")
    return Path(chosen).expanduser() if chosen else default_data_folder()


def find_mnist(folder: str | PathLike[str] | None = None) -> MnistFiles | None:
    """Return the MNIST files in the folder, or in its `mnist` folder; None where there are none.

    Pairs of IDX files come first, then x_train.npy with its labels, then Kaggle's train.csv; each may be
    zipped. Pictures without their label file do not count.
    """
    root = _folder(folder)
    for name, test_name in MNIST_NAMES.items():
        for place in PLACES:
            train = root / place / name
            if _complete(train):
                test = train.with_name(test_name) if test_name else None
                return _mnist_files(train, test if test and _complete(test) else None)
    return None


def _mnist_files(train: Path, test: Path | None) -> MnistFiles:
    return MnistFiles(train, companion_labels(train), test, companion_labels(test) if test else None)


def find_strokes(folder: str | PathLike[str] | None = None) -> Path | None:
    """Return the first file of pen strokes: pen/*.json, pen/*.json.gz or *.json.gz; None without one."""
    root = _folder(folder)
    for pattern in ("pen/*.json", "pen/*.json.gz", "*.json.gz"):
        if found := sorted(root.glob(pattern)):
            return found[0]
    return None


def load_digits(
    source: str | PathLike[str] = "auto",
    split: str = "train",
    *,
    digits: Iterable[int] = range(10),
    folder: str | PathLike[str] | None = None,
    limit: int | None = None,
    seed: int = 0,
    tick: Tick = lambda digits: None,
) -> Digits:
    """Load one split of one or several sets; `.source` says which sets they were.

    `source` is one or more of these, joined by "+": "auto" (MNIST if it is found, else the project's own
    digits), "mnist", "own", "pen" (recorded strokes), or the path of a file or folder. `split` is "train",
    "validation" or "test"; no digit is in two of them, and they are the same on every call and machine.
    `digits` are those to keep. `limit` keeps that many, drawn with `seed` from all that were asked for.
    `tick` is called, for a progress bar, as the project's own digits are written, with their number since the
    last call; they are written once, and then kept in the data folder if it can be written.

    The pen is the exception: its test split is its validation split drawn anew, the same strokes with other
    pens and in other places. Its training split draws each digit `PEN_COPIES` times. A set
    without a test file gives a seventh of its digits to the test; validation is a twelfth of what remains.

    Raises ValueError for an unknown split, source or digit, FileNotFoundError where the data is missing;
    and whatever `read_digits` raises.
    """
    chosen, root = chosen_digits(digits), _folder(folder)
    if split not in SPLITS:
        raise ValueError(f"no split is called {split!r}; choose one of {', '.join(SPLITS)}")
    if limit is not None and limit < 1:
        raise ValueError(f"a limit of {limit} leaves no digits; give at least 1")
    found = concatenate([_load(name, split, root, tick).only(chosen) for name in names_in(source)])
    return found if limit is None else limited(found, limit, seed)


def limited(digits: Digits, limit: int, seed: int = 0) -> Digits:
    """Return so many of these digits, drawn with `seed`, in order; all where there are no more."""
    if limit >= len(digits):
        return digits
    return digits.take(_permutation(len(digits), seed)[:limit].sort().values)


def split_indices(count: int, split: str, *, separate_test: bool = False) -> torch.Tensor:
    """Return which of `count` digits belong to a split: int64, rising. Every digit is in just one split.

    A seventh is the test unless there is a separate one; a twelfth of the rest is the validation, which
    makes 5,000 of MNIST's 60,000. Raises ValueError for fewer than three digits.
    """
    if count < len(SPLITS):
        raise ValueError(f"{count} digits are too few to train and test on; give at least {len(SPLITS)}")
    tested = 0 if separate_test else max(1, count // 7)
    validated = max(1, (count - tested) // 12)
    held_out = tested + validated
    parts = {
        "test": slice(tested),
        "validation": slice(tested, held_out),
        "train": slice(held_out, count),
    }
    return _permutation(count, SPLIT_SEED)[parts[split]].sort().values


def _permutation(count: int, seed: int) -> torch.Tensor:
    # Numpy promises that RandomState never changes; torch promises no such thing of its generators, and a
    # split that moved with the version would put validation digits into the training of a resumed run.
    return torch.from_numpy(np.random.RandomState(seed).permutation(count)).long()


def _folder(folder: str | PathLike[str] | None) -> Path:
    return data_folder() if folder is None else Path(folder).expanduser()


def _complete(images: Path) -> bool:
    table = images.name.removesuffix(".gz").endswith(".csv")
    return images.is_file() and (table or companion_labels(images) is not None)


def names_in(source: str | PathLike[str]) -> list[str]:
    """Return the sets that a source is made of, as they are written."""
    whole = os.fspath(source)
    if whole and Path(whole).expanduser().exists():  # a path may hold a plus sign
        return [whole]
    return [name.strip() for name in whole.split("+")]


def _load(name: str, split: str, folder: Path, tick: Tick) -> Digits:
    load = SOURCES.get(name.lower())
    return load(split, folder, tick) if load else _load_path(name, split)


def _load_auto(split: str, folder: Path, tick: Tick) -> Digits:
    files = find_mnist(folder)
    return own_digits(split, folder, tick) if files is None else _split_mnist(files, split)


def _load_mnist(split: str, folder: Path, _: Tick) -> Digits:
    files = find_mnist(folder)
    if files is None:
        raise FileNotFoundError(
            f"{folder}: no MNIST here; put its four IDX files into {folder / 'mnist'}, or set DENOISER_DATA, "
            "or run `python -m denoiser data --download`, or use --data own"
        )
    return _split_mnist(files, split)


def _split_mnist(files: MnistFiles, split: str) -> Digits:
    # The IDX files are MNIST as published; of another file nobody knows how it came to be.
    source = "MNIST" if "ubyte" in files.train.name else f"MNIST ({files.train.name})"
    if split == "test" and files.test is not None:
        return replace(read_digits(files.test, files.test_labels), source=source)
    known = replace(read_digits(files.train, files.train_labels), source=source)
    return _cut(known, split, str(files.train), separate_test=files.test is not None)


def _cut(digits: Digits, split: str, name: str, *, separate_test: bool = False) -> Digits:
    try:
        return digits.take(split_indices(len(digits), split, separate_test=separate_test))
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def _load_pen(split: str, folder: Path, _: Tick) -> Digits:
    file = find_strokes(folder)
    if file is None:
        raise FileNotFoundError(
            f"{folder}: no pen strokes here; put a .json or .json.gz of strokes into {folder / 'pen'}, "
            "or set DENOISER_DATA, or use --data own"
        )
    return replace(_split_strokes(file, split), source="pen strokes")


def _split_strokes(file: Path, split: str) -> Digits:
    if split == "train":
        return stroke_digits(file, seed=PEN_SEEDS[split], writers="train", copies=PEN_COPIES)
    return stroke_digits(file, seed=PEN_SEEDS[split], writers="validation")


def _load_path(name: str, split: str) -> Digits:
    path = Path(name).expanduser()
    if name and path.is_dir():
        return _load_folder(path, split)
    if not name or not path.exists():
        raise FileNotFoundError(
            f"{name or 'an empty name'}: no such data; give {', '.join(SOURCES)}, or the path of a file"
        )
    if path.name.endswith(STROKE_SUFFIXES):
        return replace(_split_strokes(path, split), source=path.name)
    return _cut(read_digits(path), split, name)


def _load_folder(folder: Path, split: str) -> Digits:
    files, strokes = find_mnist(folder), find_strokes(folder)
    if files is not None:
        return _split_mnist(files, split)
    if strokes is not None:
        return replace(_split_strokes(strokes, split), source=strokes.name)
    raise FileNotFoundError(f"{folder}: no digits in this folder; give the path of a file, or use --data own")


SOURCES: dict[str, Callable[[str, Path, Tick], Digits]] = {
    "auto": _load_auto,
    "mnist": _load_mnist,
    "own": own_digits,
    "pen": _load_pen,
}
