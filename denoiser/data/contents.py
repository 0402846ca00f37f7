"""What a file holds, plain or gzip, but never more than the memory is meant for."""

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TypeAlias

from denoiser.data import formats

GZIP_MAGIC = b"\x1f\x8b"
Stream: TypeAlias = BinaryIO | gzip.GzipFile


def contents(file: Path, most: int) -> bytes:
    """Return what the file holds, unzipped. Raises ValueError if it is empty, damaged or longer than `most` bytes."""
    data = _unzipped(file, lambda stream: _read_bounded(stream, most))
    if not data:
        raise ValueError(f"{file}: empty; copy or download it again")
    if len(data) > most:
        raise ValueError(f"{file}: holds more than {most:,} bytes; give a smaller file")
    return data


def beginning(file: Path, count: int) -> bytes:
    """Return the first `count` bytes of what the file holds, unzipped, and read no more of it than they need.

    They are fewer where it holds fewer. Raises ValueError if it is damaged there.
    """
    return _unzipped(file, lambda stream: stream.read(count))


def _unzipped(file: Path, read: Callable[[Stream], bytes]) -> bytes:
    with file.open("rb") as raw:
        zipped = raw.read(2) == GZIP_MAGIC
        raw.seek(0)
        try:
            return read(gzip.GzipFile(fileobj=raw) if zipped else raw)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ValueError(f"{file}: damaged or cut-off gzip; copy or download it again") from error


def _read_bounded(stream: Stream, most: int) -> bytes:
    """Read to the end, but little more than an IDX header promises and than `most`: a small gzip of
    zeros could fill the memory."""
    chunks = [stream.read(16)]
    length = len(chunks[0])
    limit = min(formats.idx_promise(chunks[0]) or most, most)
    while length <= limit and (chunk := stream.read(2**20)):
        chunks.append(chunk)
        length += len(chunk)
    return b"".join(chunks)
