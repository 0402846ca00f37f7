"""What tests of workers share: settings of brief and long runs, and whether a process is there."""

import os
import sys
from pathlib import Path

SETTINGS = {"model": "dense_autoencoder", "data": "mnist", "batch_size": 16, "seconds": 1.0}
LONG = SETTINGS | {"seconds": 300.0}


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return (
        Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z" if sys.platform == "linux" else True
    )
