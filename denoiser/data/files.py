"""Reading digits from files: NPY, IDX and CSV, plain or gzip, and pen strokes."""

import gzip
import operator
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path
from typing import BinaryIO

import torch

from denoiser.data import formats
from denoiser.pictures import check_pictures

GZIP_MAGIC = b"\x1f\x8b"
STROKE_SUFFIXES = (".json", ".json.gz")
LARGEST = 2**30  # bytes after decompression; all of MNIST is 55 MB, as a table of floats not yet 1 GiB


@dataclass(frozen=True, eq=False)
class Digits:
    """Pictures of digits: `images` float32 [N, 1, 28, 28] in [0, 1], N ≥ 1; `labels` int64 [N] in 0–9.

    `labels` is None where nobody wrote them down; `source` tells a reader where the digits come from.
    Raises ValueError for any other shape, type or range.
    """

    images: torch.Tensor = field(repr=False)
    labels: torch.Tensor | None = field(default=None, repr=False)
    source: str = ""

    def __post_init__(self) -> None:
        check_pictures(self.images)
        _check_pixels(self.images)
        if self.labels is not None:
            _check_labels(self.labels, len(self.images))

    def __len__(self) -> int:
        return len(self.images)

    def __add__(self, other: "Digits") -> "Digits":
        return concatenate([self, other])

    def only(self, digits: Iterable[int]) -> "Digits":
        """Return those that show one of `digits`, in order.

        Raises ValueError if no digit is chosen, one is not 0–9, none is left, or there are no labels.
        """
        chosen = chosen_digits(digits)
        if len(chosen) == 10:
            return self
        if self.labels is None:
            raise ValueError(f"{self._called()} has no labels to choose digits by; choose all ten digits")
        keep = torch.isin(self.labels, torch.tensor(chosen, device=self.labels.device))
        if not keep.any():
            raise ValueError(f"{self._called()} has none of the digits {chosen}; choose others")
        return self.take(keep.nonzero()[:, 0])

    def take(self, indices: torch.Tensor | Sequence[int]) -> "Digits":
        """Return the digits at `indices`, whole numbers in 0..N−1, in that order."""
        places = torch.as_tensor(indices, dtype=torch.int64, device=self.images.device)
        labels = None if self.labels is None else self.labels[places]
        return replace(self, images=self.images[places], labels=labels)

    def to(self, device: torch.device | str) -> "Digits":
        """Return the same digits on another device."""
        labels = None if self.labels is None else self.labels.to(device)
        return replace(self, images=self.images.to(device), labels=labels)

    def _called(self) -> str:
        return self.source or "this set"


def _check_pixels(images: torch.Tensor) -> None:
    if len(images) == 0:
        raise ValueError("there are no images; give at least one")
    low, high = (float(end) for end in images.aminmax())
    if not (low >= 0 and high <= 1):  # so put, NaN is refused too
        raise ValueError(f"pixels lie in {low:g} to {high:g}; scale them to 0–1")


def _check_labels(labels: torch.Tensor, count: int) -> None:
    if labels.dtype != torch.int64 or labels.ndim != 1:
        raise ValueError(f"labels are {labels.dtype} {list(labels.shape)}; give torch.int64 [N]")
    if len(labels) != count:
        raise ValueError(f"{count} images but {len(labels)} labels; give one label per image")
    if not ((labels >= 0) & (labels <= 9)).all():
        raise ValueError("a label is not a digit; labels must be 0 to 9")


def chosen_digits(digits: Iterable[int]) -> list[int]:
    """Return `digits` sorted and without repetition; ValueError if there are none or one is not 0–9."""
    try:
        chosen = sorted({operator.index(digit) for digit in digits})
    except TypeError as error:
        raise ValueError("digits must be whole numbers; choose from 0 to 9") from error
    if not chosen:
        raise ValueError("no digits are chosen; choose from 0 to 9")
    if chosen[0] < 0 or chosen[-1] > 9:
        raise ValueError(f"digits {chosen} are not all 0 to 9; choose from 0 to 9")
    return chosen


def concatenate(parts: Sequence[Digits]) -> Digits:
    """Return all parts in one; unlabelled if one of them is. Raises ValueError if there are no parts."""
    if not parts:
        raise ValueError("no digits to put together; give at least one set")
    if len(parts) == 1:
        return parts[0]
    labels = [part.labels for part in parts if part.labels is not None]
    return Digits(
        images=torch.cat([part.images for part in parts]),
        labels=torch.cat(labels) if len(labels) == len(parts) else None,
        source=" + ".join(dict.fromkeys(part.source for part in parts if part.source)),
    )


def read_digits(path: str | PathLike[str], labels: str | PathLike[str] | None = None) -> Digits:
    """Read a file of digits, whatever its format: the content decides, not the name.

    NPY, IDX, CSV, each plain or gzip; `.json` and `.json.gz` are pen strokes. Where `labels` (NPY or IDX)
    is not given, the file that convention puts beside the pictures is taken, see `companion_labels`;
    labels stay None where there is none. Raises ValueError, or OSError, in one line with the remedy.
    """
    file = _existing(path)
    digits = _read_strokes(file) if file.name.endswith(STROKE_SUFFIXES) else _read_pictures(file)
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


def _read_strokes(file: Path) -> Digits:
    from denoiser.data.strokes import stroke_digits  # not above: it needs Digits

    return stroke_digits(file, seed=0)


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


def contents(file: Path, most: int) -> bytes:
    """Return what the file holds, unzipped. Raises ValueError if it is empty, damaged or longer than `most` bytes."""
    with file.open("rb") as raw:
        zipped = raw.read(2) == GZIP_MAGIC
        raw.seek(0)
        try:
            data = _read_bounded(gzip.GzipFile(fileobj=raw) if zipped else raw, most)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ValueError(f"{file}: damaged or cut-off gzip; copy or download it again") from error
    if not data:
        raise ValueError(f"{file}: empty; copy or download it again")
    if len(data) > most:
        raise ValueError(f"{file}: holds more than {most:,} bytes; give a smaller file")
    return data


def _read_bounded(stream: BinaryIO | gzip.GzipFile, most: int) -> bytes:
    """Read to the end, but little more than an IDX header promises and than `most`: a small gzip of
    zeros could fill the memory."""
    chunks = [stream.read(16)]
    length = len(chunks[0])
    limit = min(formats.idx_promise(chunks[0]) or most, most)
    while length <= limit and (chunk := stream.read(2**20)):
        chunks.append(chunk)
        length += len(chunk)
    return b"".join(chunks)
