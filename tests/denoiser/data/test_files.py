"""Files written by hand, byte by byte, must come back pixel by pixel."""

import csv
import gzip
import json
import os
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from denoiser.data import Digits, find_mnist, read_digits, read_labels

COUNT = 12
LABELS = np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 0], dtype=np.uint8)
PIXELS = np.random.default_rng(0).integers(0, 256, (COUNT, 28, 28), dtype=np.uint8)
EXPECTED = torch.tensor(PIXELS.tolist(), dtype=torch.float32).reshape(COUNT, 1, 28, 28) / 255
TITLES = [f"pixel{i}" for i in range(784)]


def idx_images() -> bytes:
    return struct.pack(">IIII", 0x803, COUNT, 28, 28) + PIXELS.tobytes()


def idx_labels(labels: np.ndarray = LABELS) -> bytes:
    return struct.pack(">II", 0x801, len(labels)) + labels.tobytes()


def rows(labelled: bool = True) -> list[list[Any]]:
    return [
        [label, *pixels] if labelled else pixels
        for label, pixels in zip(LABELS.tolist(), PIXELS.reshape(-1, 784).tolist(), strict=True)
    ]


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def write_table(path: Path, table: list[list[Any]]) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(table)
    return path


def write_array(path: Path, array: np.ndarray) -> Path:
    np.save(path, array)
    return path


def assert_all_read(digits: Digits) -> None:
    assert torch.equal(digits.images, EXPECTED)
    assert digits.labels is not None and digits.labels.tolist() == LABELS.tolist()


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_idx_pixels_and_companion_labels(tmp_path: Path, ending: str) -> None:
    write(tmp_path / "train-labels-idx1-ubyte.gz", idx_labels())
    digits = read_digits(write(tmp_path / f"train-images-idx3-ubyte{ending}", idx_images()))
    assert_all_read(digits)
    assert digits.source == f"train-images-idx3-ubyte{ending}"


def test_idx_with_a_dot_in_its_name(tmp_path: Path) -> None:
    write(tmp_path / "t10k-labels.idx1-ubyte", idx_labels())
    assert_all_read(read_digits(write(tmp_path / "t10k-images.idx3-ubyte", idx_images())))


@pytest.mark.parametrize("shape", [(COUNT, 28, 28), (COUNT, 784), (COUNT, 1, 28, 28)])
@pytest.mark.parametrize(
    "array",
    [PIXELS, PIXELS.astype(np.int64), PIXELS.astype(np.float64), PIXELS / 255, PIXELS.astype(">f4")],
    ids=["uint8", "int64", "float 0-255", "float 0-1", "big-endian"],
)
def test_npy_of_every_kind_and_shape(tmp_path: Path, array: np.ndarray, shape: tuple[int, ...]) -> None:
    digits = read_digits(write_array(tmp_path / "x.npy", array.reshape(shape)))
    torch.testing.assert_close(digits.images, EXPECTED, rtol=0, atol=1e-7)
    assert digits.labels is None


def test_npy_in_fortran_order(tmp_path: Path) -> None:
    digits = read_digits(write_array(tmp_path / "x.npy", np.asfortranarray(PIXELS)))
    assert torch.equal(digits.images, EXPECTED)


def test_npy_of_booleans_is_ink_or_none(tmp_path: Path) -> None:
    digits = read_digits(write_array(tmp_path / "x.npy", PIXELS > 127))
    assert torch.equal(digits.images, (EXPECTED > 0.5).float())


@pytest.mark.parametrize(
    ("images", "labels"),
    [("x_train.npy", "y_train_label.npy"), ("x_test.npy", "y_test_label.npy"), ("x_test.npy", "y_test.npy")],
)
def test_npy_companion_labels(tmp_path: Path, images: str, labels: str) -> None:
    write_array(tmp_path / labels, LABELS)
    assert_all_read(read_digits(write_array(tmp_path / images, PIXELS)))


@pytest.mark.parametrize("labels", [LABELS, LABELS[:, None], LABELS.astype(np.float32)])
def test_labels_in_any_plain_shape(tmp_path: Path, labels: np.ndarray) -> None:
    read = read_labels(write_array(tmp_path / "y.npy", labels))
    assert read.dtype == torch.int64 and read.tolist() == LABELS.tolist()


def test_named_labels_go_before_the_companion(tmp_path: Path) -> None:
    write_array(tmp_path / "y_train.npy", LABELS)
    other = write(tmp_path / "other", idx_labels(LABELS[::-1]))
    digits = read_digits(write_array(tmp_path / "x_train.npy", PIXELS), other)
    assert digits.labels is not None and digits.labels.tolist() == LABELS[::-1].tolist()


def test_csv_as_kaggle_writes_it(tmp_path: Path) -> None:
    assert_all_read(read_digits(write_table(tmp_path / "train.csv", [["label", *TITLES], *rows()])))


def test_csv_without_labels(tmp_path: Path) -> None:
    digits = read_digits(write_table(tmp_path / "test.csv", [TITLES, *rows(labelled=False)]))
    assert torch.equal(digits.images, EXPECTED) and digits.labels is None


def test_csv_label_column_anywhere(tmp_path: Path) -> None:
    table = [[*TITLES[:5], "Label", *TITLES[5:]], *([*row[1:6], row[0], *row[6:]] for row in rows())]
    assert_all_read(read_digits(write_table(tmp_path / "any.csv", table)))


def test_csv_without_a_header(tmp_path: Path) -> None:
    assert_all_read(read_digits(write_table(tmp_path / "mnist_train.csv", rows())))
    unlabelled = read_digits(write_table(tmp_path / "pixels.csv", rows(labelled=False)))
    assert torch.equal(unlabelled.images, EXPECTED) and unlabelled.labels is None


def test_csv_from_other_programs(tmp_path: Path) -> None:
    """A byte order mark, quotes, \\r\\n, blank lines and the zip of an innocent name change nothing."""
    header = ",".join(f'"{title}"' for title in ["label", *TITLES])
    body = "\r\n\r\n".join(",".join(map(str, row)) for row in rows())
    data = f"\ufeff{header}\r\n{body}\r\n\r\n".encode()
    assert_all_read(read_digits(write(tmp_path / "table.gz", data)))
    assert_all_read(read_digits(write(tmp_path / "table", gzip.compress(data))))


def test_csv_with_fractions_in_some_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("denoiser.data.formats.BLOCK", 5)
    table = rows()
    table[7] = [f"{value:.1f}" for value in table[7]]
    assert_all_read(read_digits(write_table(tmp_path / "mixed.csv", table)))


def test_all_formats_agree_to_the_bit(tmp_path: Path) -> None:
    read = [
        read_digits(write(tmp_path / "images-idx3-ubyte.gz", idx_images())),
        read_digits(write_array(tmp_path / "x.npy", PIXELS)),
        read_digits(write_array(tmp_path / "f.npy", PIXELS.astype(np.float32))),
        read_digits(write_table(tmp_path / "t.csv", rows())),
        read_digits(write_table(tmp_path / "f.csv", [[*map(float, row)] for row in rows()])),
    ]
    assert all(torch.equal(digits.images, EXPECTED) for digits in read)


def test_pen_strokes_are_drawn(tmp_path: Path) -> None:
    strokes = [[[250, 50], [250, 250], [250, 450]]]
    file = write(tmp_path / "pen.json.gz", json.dumps([{"label": 1, "strokes": strokes}] * 3).encode())
    digits = read_digits(file)
    assert digits.labels is not None and digits.labels.tolist() == [1, 1, 1]
    columns = digits.images.sum(dim=(0, 1, 2))
    assert columns[10:18].sum() > 0.9 * columns.sum()  # an upright stroke stays in the middle


@pytest.mark.skipif(not os.environ.get("DENOISER_DATA"), reason="DENOISER_DATA names no folder with MNIST")
def test_real_mnist_has_its_published_statistics() -> None:
    mnist = find_mnist()
    if mnist is None:
        pytest.skip("there is no MNIST in DENOISER_DATA")
    digits = read_digits(mnist.train)
    if len(digits) != 60_000:
        pytest.skip("DENOISER_DATA holds another table than the 60,000 training digits")
    assert digits.images.mean().item() == pytest.approx(0.1307, abs=5e-5)
    assert digits.images.std().item() == pytest.approx(0.3081, abs=5e-5)
    assert len(digits.only([0, 1])) == 12_665
    assert digits.labels is not None and digits.labels[:5].tolist() == [5, 0, 4, 1, 9]
