"""What a file holds, plain or gzip, but never more than the memory is meant for."""

import gzip
import zlib
from pathlib import Path
from typing import BinaryIO

from denoiser.data import formats

GZIP_MAGIC = b"\x1f\x8b"


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
