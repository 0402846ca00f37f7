"""Where the shipped weights and the data lie: in a checkout beside the package, else where an installation has them."""

import os
import tempfile
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
INSTALLED = (PACKAGE / "checkpoints").is_dir()  # a wheel carries the weights inside the package
CHECKPOINTS = (PACKAGE if INSTALLED else PACKAGE.parent) / "checkpoints"


def default_data_folder() -> Path:
    """The checkout's `dataset`; of an installed package `denoiser` in the user's cache, where torch keeps its own."""
    if not INSTALLED:
        return PACKAGE.parent / "dataset"
    cache = Path(os.path.expanduser(os.environ.get("XDG_CACHE_HOME") or "~/.cache"))
    return (cache if cache.is_absolute() else Path(tempfile.gettempdir())) / "denoiser"  # some containers have no home
