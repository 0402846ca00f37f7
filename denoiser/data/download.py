"""Fetching MNIST where the machine is online."""

import hashlib
import io
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from os import PathLike, environ
from pathlib import Path
from typing import Any, TypeAlias

from denoiser.atomic import write_atomically
from denoiser.data.sets import data_folder, find_mnist
from denoiser.extras import require

Downloader: TypeAlias = Callable[[str, io.BytesIO, None], None]

log = logging.getLogger(__name__)

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
# Name → official md5, in the order of the download. The training labels come last: MNIST is found by its training
# files, and found without its test files it would be cut anew, with digits to test on that networks learned from.
MNIST_FILES = {
    "t10k-images-idx3-ubyte.gz": "9fb629c4189551a2d022fa330f9573f3",
    "t10k-labels-idx1-ubyte.gz": "ec29112dd5afa0611ce80d1b7f02629c",
    "train-images-idx3-ubyte.gz": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
    "train-labels-idx1-ubyte.gz": "d53e105ee54ea40749a09fcbcd1e9432",
}


def download_mnist(
    folder: str | PathLike[str] | None = None,
    *,
    mirrors: Sequence[str] = MIRRORS,
    files: Mapping[str, str] = MNIST_FILES,
    timeout: float = 20,
    progress: bool = False,
) -> Path:
    """Download MNIST into `mnist` in the data folder (`folder`, else `data_folder()`) and return that path.

    `files` maps names to md5 sums; each mirror is tried in turn, and gives up after `timeout` seconds of
    silence. A file that is there already is left alone. Raises OSError, in one line with the remedy, if a
    file is to be had nowhere or cannot be written, and ValueError if pooch is not installed; what stays behind
    is whole files only.
    """
    target = _target(folder)
    download = _downloader(timeout, progress)
    for name, md5 in files.items():
        if not (target / name).is_file():
            _save(target / name, _fetch(target / name, md5, mirrors, download))
    return target


def missing_files(folder: str | PathLike[str] | None = None) -> list[str]:
    """Return those of MNIST's four files that `download_mnist(folder)` would still have to fetch.

    The list is empty where MNIST lies there, in whatever place or format; a download that stopped halfway is not
    MNIST yet.
    """
    target, found = _target(folder), find_mnist(folder)
    halfway = found is not None and found.test is None and found.train == target / "train-images-idx3-ubyte.gz"
    if found is not None and not halfway:
        return []
    return [name for name in MNIST_FILES if not (target / name).is_file()]


def download_in_background(folder: str | PathLike[str] | None = None, **options: Any) -> threading.Thread | None:
    """Start `download_mnist(folder, **options)` in a daemon thread, which logs a failure as a warning.

    Returns None, and does nothing, where `missing_files(folder)` is empty or DENOISER_DOWNLOAD is 0.
    """
    if environ.get("DENOISER_DOWNLOAD") == "0" or not missing_files(folder):
        return None

    def download() -> None:
        try:
            download_mnist(folder, **options)
        except (OSError, ValueError) as error:
            log.warning("going on without MNIST, on digits of the project's own: %s", error)

    thread = threading.Thread(target=download, name="download-mnist", daemon=True)
    thread.start()
    return thread


def _target(folder: str | PathLike[str] | None) -> Path:
    return (data_folder() if folder is None else Path(folder).expanduser()) / "mnist"


def _downloader(timeout: float, progress: bool) -> Downloader:
    # Imported here because it brings an HTTP stack with it, which only a download needs.
    require("download", "a download")
    from pooch import HTTPDownloader  # type: ignore[import-untyped]

    # Some servers unzip .gz on the way unless asked not to, and then no checksum fits.
    as_it_is = {"Accept-Encoding": "identity"}
    http: Downloader = HTTPDownloader(progress, chunk_size=2**16, timeout=timeout, headers=as_it_is)
    return http


def _fetch(file: Path, md5: str, mirrors: Sequence[str], download: Downloader) -> bytes:
    """Return what belongs into `file` from the first mirror that has it whole."""
    failures = []
    for mirror in mirrors:
        body = io.BytesIO()
        try:
            download(f"{mirror.rstrip('/')}/{file.name}", body, None)
        except OSError as error:
            failures.append(f"{mirror} ({_reason(error)})")
            continue
        if hashlib.md5(body.getbuffer(), usedforsecurity=False).hexdigest() == md5:
            return body.getvalue()
        failures.append(f"{mirror} (wrong checksum)")
    raise OSError(
        f"{file.name} could not be downloaded from {', '.join(failures)}; try again online, "
        f"or put MNIST's four files into {file.parent}, or use --data own"
    )


def _reason(error: OSError) -> str:
    """Say in a word or two what went wrong; the messages of the HTTP stack fill a screen."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    return f"HTTP {status}" if status else type(error).__name__


def _save(file: Path, data: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, data)
    except OSError as error:
        raise OSError(
            f"{file}: cannot be written ({error.strerror}); set DENOISER_DATA to a folder that can"
        ) from error
