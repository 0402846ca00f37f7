"""The beginning of an IDX file of pictures, as its format says: four numbers, and then a byte for each pixel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from denoiser.data import formats
from denoiser.data.contents import beginning
from denoiser.data.digits import Digits
from denoiser.data.sets import MnistFiles, find_mnist
from denoiser.pictures import SIDE, to_bytes

NUMBERS = ("magic", "count", "rows", "columns")  # big-endian, 32 bits each
HEADER = 4 * len(NUMBERS)


@dataclass(frozen=True)
class IdxHead:
    """The header, the numbers in it by their names, and the first picture."""

    header: bytes
    pixels: bytes
    file: str = ""  # its name; empty where it was written just now

    @property
    def numbers(self) -> dict[str, int]:
        """By `NUMBERS`, in the order of the file."""
        return {name: int.from_bytes(self.header[4 * at : 4 * at + 4], "big") for at, name in enumerate(NUMBERS)}


def idx_head(digits: Digits) -> IdxHead:
    """The head of MNIST's own file of test pictures, or else of training pictures, plain or gzip.

    Where there is no such file, or it is damaged, of the file that these digits are written into, which is not kept.
    """
    files = find_mnist()
    found = files and _of_files(files)
    return found or _head(formats.idx_bytes(to_bytes(digits.images[:, 0])), "")


def read_idx_head(file: Path) -> IdxHead:
    """The head of an IDX file of pictures; only this much of it is read.

    Raises ValueError for another format, another size of picture or a file that ends within, and OSError.
    """
    head = beginning(file, HEADER + SIDE * SIDE)
    known = head[:4] == formats.IDX_IMAGES.to_bytes(4, "big")
    if not known or head[8:HEADER] != 2 * SIDE.to_bytes(4, "big") or len(head) < HEADER + SIDE * SIDE:
        raise ValueError(f"{file}: not an IDX file of pictures of 28×28 pixels, or cut short; give one such as MNIST's")
    return _head(head, file.name)


def _of_files(files: MnistFiles) -> IdxHead | None:
    for file in (files.test, files.train):
        if file is not None and "ubyte" in file.name:
            try:
                return read_idx_head(file)
            except (ValueError, OSError):
                continue  # whoever loads the digits says what is wrong with it
    return None


def _head(data: bytes, file: str) -> IdxHead:
    return IdxHead(data[:HEADER], data[HEADER : HEADER + SIDE * SIDE], file)
