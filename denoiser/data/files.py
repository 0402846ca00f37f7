"""Reading digits from files: NPY, IDX and CSV, plain or gzip, and pen strokes."""

from dataclasses import replace
from os import PathLike
from pathlib import Path

import torch

from denoiser.data import formats
from denoiser.data.contents import contents
from denoiser.data.digits import Digits
from denoiser.data.strokes import stroke_digits

STROKE_SUFFIXES = (".json", ".json.gz")
LARGEST = 2**30  # bytes after decompression; all of MNIST is 55 MB, as a table of floats not yet 1 GiB


def read_digits(path: str | PathLike[str], labels: str | PathLike[str] | None = None) -> Digits:
    """Read a file of digits, whatever its format: the content decides, not the name.

    NPY, IDX, CSV, each plain or gzip; `.json` and `.json.gz` are pen strokes. Where `labels` (NPY or IDX)
    is not given, the file that convention puts beside the pictures is taken, see `companion_labels`;
    labels stay None where there is none. Raises ValueError, or OSError, in one line with the remedy.
    """
    file = _existing(path)
    digits = stroke_digits(file, seed=0) if file.name.endswith(STROKE_SUFFIXES) else _read_pictures(file)
    companion = companion_labels(file) if labels is None else _existing(labels)
    if companion is None:
        return digits
    numbers = read_labels(companion)
    if len(numbers) != len(digits):
        raise ValueError(
            f"{file}: {len(digits)} pictures, but {len(numbers)} labels in {companion}; "
            "give the label file that belongs to the pictures"
        )
    return replace(digits, labels=numbers)


def read_labels(path: str | PathLike[str]) -> torch.Tensor:
    """Read labels as int64 [N] from a NPY or IDX file, plain or gzip. Raises ValueError or OSError."""
    file = _existing(path)
    data = contents(file, LARGEST)
    if data.startswith(formats.NPY_MAGIC):
        return formats.label_tensor(formats.parse_npy(data, str(file)), str(file))
    return formats.label_tensor(formats.parse_idx(data, str(file), formats.IDX_LABELS), str(file))


def companion_labels(path: Path) -> Path | None:
    """Return the label file that belongs to a picture file by convention, None if there is none.

    x_train.npy → y_train_label.npy, y_train_labels.npy or y_train.npy;
    train-images-idx3-ubyte.gz → train-labels-idx1-ubyte, zipped or not.
    """
    stem, dot, suffix = path.name.partition(".")
    names: list[str] = []
    if stem.startswith("x_"):
        names = [f"y_{stem[2:]}{ending}{dot}{suffix}" for ending in ("_label", "_labels", "")]
    elif "images" in path.name:
        plain = path.name.replace("images", "labels").replace("idx3", "idx1").removesuffix(".gz")
        names = [plain, f"{plain}.gz"]
    return next((path.with_name(name) for name in names if path.with_name(name).is_file()), None)


def _existing(path: str | PathLike[str]) -> Path:
    file = Path(path).expanduser()
    if not file.exists():
        raise FileNotFoundError(f"{file}: no such file; check the path")
    if not file.is_file():  # a pipe or a device could be read for ever
        raise ValueError(f"{file}: not a file; give the path of a file of digits")
    return file


def _read_pictures(file: Path) -> Digits:
    data, name = contents(file, LARGEST), str(file)
    if data.startswith(formats.NPY_MAGIC):
        return Digits(formats.pictures(formats.parse_npy(data, name), name), source=file.name)
    # IDX starts with two zeros, as no text does; the name gives away a file whose start is damaged.
    if data.startswith(b"\0\0") or "ubyte" in file.name:
        idx = formats.parse_idx(data, name, formats.IDX_IMAGES)
        return Digits(formats.pictures(idx, name), source=file.name)
    pixels, column = formats.parse_csv(data, name)
    labels = None if column is None else formats.label_tensor(column, name)
    return Digits(formats.pictures(pixels, name), labels, source=file.name)
