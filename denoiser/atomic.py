"""Files that are either wholly there or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import uuid
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows, where nobody can remove a file that is being written
    fcntl = None  # type: ignore[assignment]

FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))  # Windows knows no quota


def write_atomically(path: str | Path, data: bytes) -> None:
    """Write `data` to a temporary name beside `path`, sync it to the disk, and rename it into place.

    A full disk, a crash or a kill at any moment leaves the old file or none, never half a one under its name; what a
    kill leaves under the temporary one, `remove_halves` removes.

    Raises:
        OSError: the folder does not exist or cannot be written, or the disk is full.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with open(temporary, "xb") as file:
            _is_claimed(file)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            if fcntl is not None:  # while it is locked; Windows can only rename what is closed
                os.replace(temporary, path)
        if fcntl is None:
            os.replace(temporary, path)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):  # the temporary name would puzzle whoever reads it
            remedy = "free some space or choose another place" if error.errno in FULL else "choose another place"
            raise OSError(error.errno, f"cannot be written ({error.strerror}): {remedy}", str(path)) from error
        raise


def remove_halves(folder: Path, name: str) -> None:
    """Remove what killed processes left of files in `folder` under temporary names; what is being written stays.

    `name` is a regular expression of the whole names of those files.
    """
    halves = re.compile(rf"\.(?:{name})\.[0-9a-f]{{32}}")
    with contextlib.suppress(OSError):  # a folder that cannot be listed holds nothing that can be removed
        for half in [half for half in folder.iterdir() if halves.fullmatch(half.name)]:
            with contextlib.suppress(OSError):
                if _is_left_behind(half):
                    half.unlink()


def _is_left_behind(half: Path) -> bool:
    if fcntl is None:  # to remove what is open fails
        return True
    with open(half, "rb") as file:
        return _is_claimed(file)


def _is_claimed(file: BinaryIO) -> bool:
    """Lock an open file for as long as it is open and this process lives; False if another process has it."""
    if fcntl is not None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:  # or a disk that knows no locks
            return False
    return True
