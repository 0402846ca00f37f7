"""The project's own digits, cut into splits and kept between runs."""

import contextlib
import io
import stat
from pathlib import Path

import numpy as np
import torch

from denoiser.atomic import write_atomically
from denoiser.data.files import Digits
from denoiser.data.formats import PIXELS, Array, label_tensor, pictures
from denoiser.data.handwriting import VERSION, handwritten_digits

OWN_COUNTS = {"train": 20_000, "validation": 2_000, "test": 2_000}
# Far apart, so that a generator that counts on from its seed cannot run from one split into the next.
OWN_SEEDS = {"train": 0, "validation": 1_000_000_000, "test": 2_000_000_000}


def own_digits(split: str, folder: Path) -> Digits:
    """Return a split of the project's own digits: "train", "validation" or "test".

    To write 20,000 digits takes a while, so they are kept in `folder`, if that can be written, for the next
    call. The digits are the same with and without.
    """
    count = OWN_COUNTS[split]
    cache = folder / f"own-v{VERSION}-{split}-{count}.npy"
    table = _kept(cache, count)
    if table is None:
        table = _written(split, count)
        _keep(cache, table)
    images, labels = pictures(table[:, 1:], str(cache)), label_tensor(table[:, 0], str(cache))
    return Digits(images, labels, source="the project's own digits")


def _written(split: str, count: int) -> Array:
    """Write the digits of a split as rows of a label and 784 pixels, uint8 [count, 785].

    They are rounded to whole pixel values, as MNIST's are, so that a file can hold them exactly.
    """
    digits = handwritten_digits(count, seed=OWN_SEEDS[split])
    assert digits.labels is not None  # who writes a digit knows which
    pixels = (digits.images * 255).round().to(torch.uint8).flatten(1)
    table: Array = torch.cat([digits.labels.to(torch.uint8)[:, None], pixels], dim=1).numpy()
    return table


def _keep(cache: Path, table: Array) -> None:
    """Save the table if that can be done; if not, it costs time on the next call and nothing else."""
    stream = io.BytesIO()
    np.save(stream, table)
    with contextlib.suppress(OSError):
        # The administrator of a container can write to a folder marked read-only, but ought not to.
        if cache.parent.stat().st_mode & stat.S_IWUSR:
            write_atomically(cache, stream.getvalue())


def _kept(cache: Path, count: int) -> Array | None:
    """Return the saved table, uint8 [count, 785]; None if it is missing, damaged or something else."""
    try:
        table: Array = np.load(cache, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return table if table.shape == (count, 1 + PIXELS) and table.dtype == np.uint8 else None
