"""Files that are either wholly there or not at all."""

from __future__ import annotations

import errno
import os
import uuid
from pathlib import Path

FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))  # Windows knows no quota


def write_atomically(path: str | Path, data: bytes) -> None:
    """Write `data` to a temporary name beside `path`, sync it to the disk, and rename it into place.

    A full disk, a crash or a kill at any moment leaves the old file or none, never half a one.

    Raises:
        OSError: the folder does not exist or cannot be written, or the disk is full.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with open(temporary, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):  # the temporary name would puzzle whoever reads it
            remedy = "free some space or choose another place" if error.errno in FULL else "choose another place"
            raise OSError(error.errno, f"cannot be written ({error.strerror}): {remedy}", str(path)) from error
        raise
