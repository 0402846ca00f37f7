"""Digits that are asked for again and again: read once, and once more when the files they come from have changed."""

from __future__ import annotations

import os
from dataclasses import astuple
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from denoiser.data.digits import Digits
from denoiser.data.files import companion_labels
from denoiser.data.sets import SOURCES, data_folder, find_mnist, find_strokes, load_digits, names_in

MOST = 4  # sets that are kept
Stamp: TypeAlias = tuple[str | tuple[str, int, int, int], ...]


def kept_digits(source: str = "auto", split: str = "train") -> Digits:
    """The digits that `load_digits` returns, for a process that asks for them often; they must not be changed.

    They are read again where `data_stamp` says that they have to be: MNIST may arrive while a page runs.
    """
    return _read(source, split, data_stamp(source))


@lru_cache(maxsize=MOST)
def _read(source: str, split: str, stamp: Stamp) -> Digits:
    return load_digits(source, split)


def data_stamp(source: str = "auto") -> Stamp:
    """The data folder and the files that `load_digits(source)` would read now, each with its age, size and number.

    It is another one as soon as a file has come, gone or been replaced.
    """
    return (str(data_folder()), *(_stamp(file) for file in _files(source) if file.exists()))


def _files(source: str) -> list[Path]:
    found: list[Path | None] = []
    for name in names_in(source):
        place = data_folder() if name.lower() in SOURCES else Path(name).expanduser()
        if place.is_dir():
            mnist = find_mnist(place)
            found += [*(astuple(mnist) if mnist is not None else ()), find_strokes(place)]
        else:
            found += [place, companion_labels(place)]
    return [file for file in found if file is not None]


def _stamp(file: Path) -> tuple[str, int, int, int]:
    try:
        facts = os.stat(file)
    except OSError:  # gone this moment
        return str(file), 0, 0, 0
    return str(file), facts.st_mtime_ns, facts.st_size, facts.st_ino
