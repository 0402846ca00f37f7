"""A damaged, hostile or misplaced file is named in one clear line with the remedy, and takes no memory."""

import csv
import gzip
import random
import struct
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from denoiser.data import files, read_digits

COUNT = 12
LABELS = np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 0], dtype=np.uint8)
PIXELS = np.random.default_rng(0).integers(0, 256, (COUNT, 28, 28), dtype=np.uint8)
TITLES = [f"pixel{i}" for i in range(784)]


def idx_images(count: int = COUNT, magic: int = 0x803) -> bytes:
    return struct.pack(">IIII", magic, count, 28, 28) + PIXELS.tobytes()


def idx_labels(labels: np.ndarray = LABELS) -> bytes:
    return struct.pack(">II", 0x801, len(labels)) + labels.tobytes()


def rows() -> list[list[Any]]:
    pixels = PIXELS.reshape(COUNT, 784).tolist()
    return [[label, *picture] for label, picture in zip(LABELS.tolist(), pixels, strict=True)]


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


def fault(path: Path, labels: Path | None = None) -> str:
    """Return the message of the ValueError: one line, the file's name, and a remedy after a semicolon."""
    with pytest.raises(ValueError) as caught:
        read_digits(path, labels)
    message = str(caught.value)
    assert message.startswith(f"{path}: ") or (labels and message.startswith(f"{labels}: "))
    assert "\n" not in message and "; " in message
    return message


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (idx_images(magic=0x804), "0x00000804"),
        (idx_images(magic=0xDEADBEEF), "0xDEADBEEF"),
        (idx_labels(), "labels"),
        (idx_images()[:-1], "cut short"),
        (idx_images()[:10], "cut short"),
        (idx_images() + b"\0", "bytes follow"),
        (idx_images(count=COUNT - 1), "bytes follow"),
        (struct.pack(">IIII", 0x803, 3, 32, 32) + bytes(3 * 32 * 32), "32×32"),
        (struct.pack(">IIII", 0x803, 0, 28, 28), "no pictures"),
        (b"", "empty"),
    ],
)
@pytest.mark.parametrize("ending", ["", ".gz"])
def test_bad_idx(tmp_path: Path, data: bytes, says: str, ending: str) -> None:
    assert says in fault(write(tmp_path / f"a-images-idx3-ubyte{ending}", data))


@pytest.mark.parametrize(
    ("array", "says"),
    [
        (np.array([PIXELS, None], dtype=object), "object"),
        (np.full((2, 28, 28), "7"), "not numbers"),
        (np.zeros((2, 32, 32)), "28×28"),
        (np.zeros(784), "28×28"),
        (np.zeros((0, 28, 28)), "no pictures"),
        (np.full((2, 28, 28), np.nan), "nan"),
        (np.full((2, 28, 28), np.inf), "inf"),
        (np.full((2, 28, 28), -1), "-1"),
        (np.full((2, 28, 28), 256), "256"),
        (np.full((2, 28, 28), 1.5), "1.5"),
    ],
)
def test_bad_npy(tmp_path: Path, array: np.ndarray, says: str) -> None:
    np.save(tmp_path / "x.npy", array, allow_pickle=True)
    assert says in fault(tmp_path / "x.npy")


def test_npy_cut_short_or_lengthened(tmp_path: Path) -> None:
    whole = write_array(tmp_path / "x.npy", PIXELS).read_bytes()
    for data in (whole[:-1], whole + b"\0", whole[:20], whole[:6]):
        assert "numpy.save" in fault(write(tmp_path / "y.npy", data))


def changed(row: int, column: int, value: str) -> list[list[Any]]:
    table = [["label", *TITLES], *rows()]
    table[row - 1][column] = value
    return table


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ([["label", *TITLES[:-1]], *(row[:-1] for row in rows())], "pixel783 is missing"),
        ([row[:-2] for row in rows()], "783 pixel columns"),
        ([["class", *TITLES], *rows()], "785 pixel columns"),
        (changed(4, 30, "256"), "row 4 has a pixel of 256"),
        (changed(5, 30, "-1"), "row 5 has a pixel of -1"),
        (changed(6, 30, "nan"), "row 6 has a pixel of nan"),
        (changed(7, 30, "ink"), "row 7 holds 'ink'"),
        (changed(8, 30, ""), "row 8 holds ''"),
        (changed(9, 0, "10"), "row 9 has the label 10"),
        (changed(9, 0, "1.5"), "row 9 has the label 1.5"),
        ([*rows()[:6], rows()[6][:-1], *rows()[7:]], "row 7 has 784 columns"),
        ([*rows()[:6], [*rows()[6], 0], *rows()[7:]], "row 7 has 786 columns"),
        (changed(3, 5, "x" * 10**6), "'xxxxxxxxxxxxxxxxxxxx'"),
        ([["label", *TITLES]], "without a row"),
        ([["a digit they say"]], "1 pixel columns"),
    ],
)
def test_bad_csv(tmp_path: Path, table: list[list[Any]], says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("denoiser.data.formats.BLOCK", 3)
    assert says in fault(write_table(tmp_path / "t.csv", table))


def test_neither_a_table_nor_anything_else(tmp_path: Path) -> None:
    assert "NPY, IDX or CSV" in fault(write(tmp_path / "cat.jpg", b"\xff\xd8\xff\xe0 JFIF \xd9"))
    assert "no rows" in fault(write(tmp_path / "blank.csv", b"\n \n"))


def test_labels_of_another_length(tmp_path: Path) -> None:
    images = write(tmp_path / "images", idx_images())
    message = fault(images, write(tmp_path / "labels", idx_labels(LABELS[:-1])))
    assert f"{COUNT} pictures, but {COUNT - 1} labels" in message


@pytest.mark.parametrize("labels", [LABELS + 5, np.eye(10), LABELS.astype(float) + 0.5])
def test_labels_that_are_no_digits(tmp_path: Path, labels: np.ndarray) -> None:
    fault(write_array(tmp_path / "x.npy", PIXELS), write_array(tmp_path / "y.npy", labels))


def test_damaged_gzip(tmp_path: Path) -> None:
    whole = gzip.compress(idx_images())
    broken = bytearray(whole)
    broken[len(whole) // 2] ^= 0xFF
    for data in (whole[:-20], whole[:12], bytes(broken), whole + b"rubbish"):
        path = tmp_path / "images"
        path.write_bytes(data)
        assert "gzip" in fault(path)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere\.npy: no such file; check the path$"):
        read_digits(tmp_path / "nowhere.npy")
    assert "not a file" in fault(tmp_path)


def peak_memory(path: Path) -> int:
    tracemalloc.start()
    try:
        fault(path)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_header_that_promises_terabytes_takes_no_memory(tmp_path: Path) -> None:
    idx = struct.pack(">IIII", 0x803, 2**32 - 1, 28, 28) + bytes(100)
    assert peak_memory(write(tmp_path / "a-images-idx3-ubyte.gz", idx)) < 2**21
    npy = write_array(tmp_path / "x.npy", np.zeros((111, 28, 28), np.uint8)).read_bytes()
    huge = npy.replace(b"(111, 28, 28), }     ", b"(111111111, 28, 28), }")[: len(npy)]
    assert len(huge) == len(npy) and b"111111111" in huge
    assert peak_memory(write(tmp_path / "y.npy", huge)) < 2**21


def test_a_small_gzip_of_endless_zeros_takes_little_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = struct.pack(">IIII", 0x803, 1, 28, 28) + bytes(16 * 2**20)
    assert peak_memory(write(tmp_path / "a-images-idx3-ubyte.gz", bomb)) < 8 * 2**20
    monkeypatch.setattr(files, "LARGEST", 2**20)
    assert peak_memory(write(tmp_path / "table.csv.gz", b"0," * 8 * 2**20)) < 8 * 2**20


def test_random_damage_is_read_or_named_never_a_crash(tmp_path: Path) -> None:
    table = write_table(tmp_path / "t.csv", rows()).read_bytes()
    npy = write_array(tmp_path / "t.npy", PIXELS).read_bytes()
    chance, path = random.Random(0), tmp_path / "damaged"
    for data in (idx_images(), npy, table, gzip.compress(idx_images()), gzip.compress(npy)):
        for _ in range(100):
            damaged = bytearray(data)
            for _ in range(chance.choice([1, 3, 30])):
                damaged[chance.randrange(chance.choice([100, len(data)]))] = chance.randrange(256)
            path.write_bytes(damaged[: chance.choice([len(data), chance.randrange(len(data))])])
            try:
                read_digits(path)
            except ValueError as error:
                assert "\n" not in str(error) and str(error).startswith(f"{path}: ")
