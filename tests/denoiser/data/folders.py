"""Sets of digits as files: each picture says its number."""

import gzip
import json
import struct
from pathlib import Path

import numpy as np

from denoiser.data import Digits

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
