"""The beginning of an IDX file: what `struct` finds in it, and no more of the file is read than that."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
import torch

from denoiser.data import Digits, formats
from denoiser.data.contents import beginning
from denoiser.data.idx_head import idx_head, read_idx_head
from tests.denoiser.data.folders import COUNT, pictures, write_idx, write_npy

PIXELS = np.random.default_rng(1).integers(0, 256, (300, 28, 28), dtype=np.uint8)


def test_what_is_written_is_read_again() -> None:
    data = formats.idx_bytes(PIXELS)
    assert data == struct.pack(">IIII", 0x803, 300, 28, 28) + PIXELS.tobytes()
    assert np.array_equal(formats.parse_idx(data, "it", formats.IDX_IMAGES), PIXELS)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_the_numbers_are_those_that_struct_unpacks(tmp_path: Path, pack: type) -> None:
    file = tmp_path / "t10k-images-idx3-ubyte"
    file.write_bytes(pack(formats.idx_bytes(PIXELS)))
    head = read_idx_head(file)
    assert tuple(head.numbers.values()) == struct.unpack(">IIII", head.header) == (0x803, 300, 28, 28)
    assert list(head.numbers) == ["magic", "count", "rows", "columns"]
    assert head.pixels == PIXELS[0].tobytes() and head.file == file.name


def test_what_is_damaged_behind_it_is_not_looked_at(tmp_path: Path) -> None:
    file = tmp_path / "train-images-idx3-ubyte.gz"
    zipped = gzip.compress(formats.idx_bytes(PIXELS))
    file.write_bytes(zipped[: len(zipped) // 2])
    assert read_idx_head(file).pixels == PIXELS[0].tobytes()
    assert beginning(file, 3) == b"\0\0\x08"
    file.write_bytes(zipped[:40])
    with pytest.raises(ValueError, match="damaged or cut-off gzip"):
        read_idx_head(file)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        formats.idx_bytes(PIXELS)[:799],
        struct.pack(">II", 0x801, 900) + bytes(900),
        struct.pack(">IIII", 0x803, 9, 32, 28) + bytes(9000),
    ],
)
def test_anything_else_is_one_line(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "images"
    file.write_bytes(data)
    with pytest.raises(ValueError, match="images: not an IDX file of pictures") as caught:
        read_idx_head(file)
    assert "\n" not in str(caught.value)


def test_mnists_own_file_comes_first_and_digits_are_written_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DENOISER_DATA", str(tmp_path))
    digits = Digits(torch.from_numpy(PIXELS[5:50, None] / np.float32(255)))
    written = idx_head(digits)
    assert written.numbers["count"] == 45 and written.pixels == PIXELS[5].tobytes() and written.file == ""
    write_npy(tmp_path, "train", COUNT)
    assert idx_head(digits) == written  # there is MNIST, but no IDX file
    write_idx(tmp_path, "train", COUNT)
    assert idx_head(digits).file == "train-images-idx3-ubyte.gz"
    write_idx(tmp_path, "t10k", 30, first=7)
    head = idx_head(digits)
    assert head.file == "t10k-images-idx3-ubyte.gz" and head.pixels == pictures(1, first=7).tobytes()
    (tmp_path / head.file).write_bytes(b"damaged")
    assert idx_head(digits).file == "train-images-idx3-ubyte.gz"
