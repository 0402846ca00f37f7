"""The project's own digits, cut into splits and kept between runs."""

import contextlib
import hashlib
import io
import stat
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from denoiser.atomic import write_atomically
from denoiser.data.digits import Digits
from denoiser.data.formats import PIXELS, Array, label_tensor, pictures
from denoiser.data.handwriting import handwritten_digits
from denoiser.pictures import to_bytes
from denoiser.places import default_data_folder

OWN_SOURCE = "the project's own digits"
OWN_COUNTS = {"train": 20_000, "validation": 2_000, "test": 2_000}
# Far apart, so that a generator that counts on from its seed cannot run from one split into the next.
OWN_SEEDS = {"train": 0, "validation": 1_000_000_000, "test": 2_000_000_000}
# Whatever changes a digit changes one of these files.
RECIPE = ("canvas.py", "data/strokes.py", "data/glyphs.py", "data/handwriting.py")


def own_digits(split: str, folder: Path, tick: Callable[[int], object] = lambda digits: None) -> Digits:
    """Return a split of the project's own digits: "train", "validation" or "test".

    To write 20,000 digits takes a while, so they are kept in `folder`, if that can be written, for the next
    call. The digits are the same with and without. `tick` is called with the number of digits written since
    the last call; never, where they are kept.
    """
    count = OWN_COUNTS[split]
    file = folder / f"own-{_recipe()}-{split}-{count}.npy"
    table = _kept(file, count)
    if table is None:
        table = _written(split, count, tick)
        _keep(file, table)
    images, labels = pictures(table[:, 1:], str(file)), label_tensor(table[:, 0], str(file))
    return Digits(images, labels, source=OWN_SOURCE)


def own_counts(split: str) -> tuple[int, ...]:
    """How many of each of the ten digits `own_digits` gives; none has to be written for that."""
    each, more = divmod(OWN_COUNTS[split], 10)
    return tuple(each + (digit < more) for digit in range(10))


@cache
def _recipe() -> str:
    """A short name for the way in which digits are written: another program, other digits."""
    # From the source text, as a number kept by hand is forgotten sooner or later, and then old digits come back.
    package = Path(__file__).parents[1]
    text = b"".join((package / name).read_bytes() for name in RECIPE)
    return hashlib.sha256(text).hexdigest()[:10]


def _written(split: str, count: int, tick: Callable[[int], object]) -> Array:
    """Write the digits of a split as rows of a label and 784 pixels, uint8 [count, 785].

    They are rounded to whole pixel values, as MNIST's are, so that a file can hold them exactly.
    """
    digits = handwritten_digits(count, seed=OWN_SEEDS[split], tick=tick)
    assert digits.labels is not None  # who writes a digit knows which
    labels: Array = digits.labels.numpy().astype(np.uint8)
    return np.concatenate([labels[:, None], to_bytes(digits.images).reshape(count, PIXELS)], axis=1)


def _keep(file: Path, table: Array) -> None:
    """Save the table if that can be done; if not, it costs time on the next call and nothing else."""
    stream = io.BytesIO()
    np.save(stream, table)
    with contextlib.suppress(OSError):
        if file.parent == default_data_folder():  # any other was named by somebody, perhaps misspelt
            file.parent.mkdir(parents=True, exist_ok=True)
        # The administrator of a container can write to a folder marked read-only, but ought not to.
        if file.parent.stat().st_mode & stat.S_IWUSR:
            write_atomically(file, stream.getvalue())


def _kept(file: Path, count: int) -> Array | None:
    """Return the saved table, uint8 [count, 785]; None if it is missing, damaged or something else."""
    try:
        table: Array = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return table if table.shape == (count, 1 + PIXELS) and table.dtype == np.uint8 else None
