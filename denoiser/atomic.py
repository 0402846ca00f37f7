"""Files that are either wholly there or not at all."""

from __future__ import annotations

import os
import uuid
from pathlib import Path


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
            raise OSError(
                error.errno, f"cannot be written ({error.strerror}): choose another place", str(path)
            ) from error
        raise
