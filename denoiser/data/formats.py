"""The bytes of IDX, NPY and CSV files become arrays of pixels and labels.

Nothing here trusts a file: lengths are checked before memory is taken, and nothing is unpickled.
`name` is what an error message calls the file.
"""

import io
import math
import struct
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import torch

from denoiser.pictures import SIDE

Array: TypeAlias = npt.NDArray[Any]

PIXELS = SIDE * SIDE
BLOCK = 1000  # rows of a table parsed at once: only a block with a fault in it is read field by field
NPY_MAGIC = b"\x93NUMPY"
IDX_IMAGES = 0x00000803
IDX_LABELS = 0x00000801
NOT_DIGITS = "not a file of digits; give NPY, IDX or CSV (plain or gzip), or pen strokes as .json"


def idx_promise(head: bytes) -> int | None:
    """Return the length in bytes that an IDX header promises, header included; None where `head` is none."""
    if len(head) < 4 or int.from_bytes(head[:4], "big") not in (IDX_IMAGES, IDX_LABELS):
        return None
    header = 4 + 4 * head[3]  # the last byte of the magic number is the number of axes
    if len(head) < header:
        return None
    sizes: tuple[int, ...] = struct.unpack_from(f">{head[3]}I", head, 4)
    return header + math.prod(sizes)


def parse_idx(data: bytes, name: str, magic: int) -> Array:
    """Read an IDX file: uint8 [N, 28, 28] for `IDX_IMAGES`, uint8 [N] for `IDX_LABELS`.

    Raises ValueError for another magic number, another picture size, missing bytes or extra bytes.
    Format: http://yann.lecun.com/exdb/mnist/
    """
    found = int.from_bytes(data[:4], "big")
    if found != magic:
        kinds = {IDX_IMAGES: "pictures", IDX_LABELS: "labels"}
        raise ValueError(
            f"{name}: the magic number is 0x{found:08X} ({kinds.get(found, 'unknown')}), but {kinds[magic]} "
            f"(0x{magic:08X}) are needed; give the IDX file of the {kinds[magic]}"
        )
    promise = idx_promise(data)
    if promise is None or len(data) < promise:
        promised = "its header" if promise is None else f"the {promise:,} bytes its header promises"
        raise ValueError(f"{name}: cut short, {len(data):,} bytes are less than {promised}; copy it again")
    if len(data) > promise:
        raise ValueError(f"{name}: bytes follow the {promise:,} its header promises; copy it again")
    sizes: tuple[int, ...] = struct.unpack_from(f">{data[3]}I", data, 4)
    if magic == IDX_IMAGES and sizes[1:] != (SIDE, SIDE):
        raise ValueError(f"{name}: pictures are {sizes[1]}×{sizes[2]}; resize them to 28×28")
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(sizes)


def idx_bytes(pixels: Array) -> bytes:
    """Return uint8 [N, 28, 28] as the IDX file of pictures that `parse_idx` reads."""
    return struct.pack(f">{1 + pixels.ndim}I", IDX_IMAGES, *pixels.shape) + pixels.tobytes()


def parse_npy(data: bytes, name: str) -> Array:
    """Read the array in a NPY file. Raises ValueError if it is damaged, cut short or holds Python objects."""
    remedy = "save the plain numbers again with numpy.save"
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        read_header = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }[version]
        shape, _, dtype = read_header(stream)
    except Exception as error:  # numpy lets through whatever Python's own parser says of a damaged header
        raise ValueError(f"{name}: the NPY header cannot be read; {remedy}") from error
    if dtype.kind not in "buif":
        raise ValueError(f"{name}: holds {dtype.name} values, not numbers; {remedy}")
    # numpy would take memory for whatever the header says, so that is compared with the bytes first.
    promised, held = math.prod(shape) * dtype.itemsize, len(data) - stream.tell()
    if min(shape, default=0) < 0 or promised != held:
        raise ValueError(f"{name}: its header promises {promised:,} bytes, {held:,} follow; {remedy}")
    stream.seek(0)
    array: Array = np.load(stream, allow_pickle=False)
    return array


def parse_csv(data: bytes, name: str) -> tuple[Array, Array | None]:
    """Read a table of digits: pixels [N, 784] and labels [N], None where there is no label column.

    A header names the `label` column and 784 pixel columns in reading order. Without a header, 785 columns
    are a label and its pixels, 784 are pixels. Raises ValueError that names the row (the header is row 1).
    """
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ValueError(f"{name}: {NOT_DIGITS}") from error
    numbers = [number for number, line in enumerate(lines, start=1) if line.strip()]
    rows = [lines[number - 1] for number in numbers]
    if not rows:
        raise ValueError(f"{name}: holds no rows; give a table of digits")
    first = _fields(rows[0])
    label = _label_column(first, name)
    if not all(map(_is_number, first)):
        rows, numbers = rows[1:], numbers[1:]
    if not rows:
        raise ValueError(f"{name}: a header without a row of digits; add the digits")
    blocks = [slice(start, start + BLOCK) for start in range(0, len(rows), BLOCK)]
    table = np.concatenate([_parse_rows(rows[block], numbers[block], len(first), name) for block in blocks])
    labels = None if label is None else table[:, label]
    pixels = table if label is None else np.delete(table, label, axis=1)
    _check_rows(pixels, labels, numbers, name)
    return pixels, labels


def _label_column(first: list[str], name: str) -> int | None:
    """Return where a row has its label, None if it is pixels only. Raises ValueError for too few or many."""
    titles = [title.lower() for title in first]
    label = titles.index("label") if "label" in titles else None
    if len(first) == PIXELS + 1 and all(map(_is_number, first)):
        label = 0
    count = len(first) - (label is not None)
    if count != PIXELS:
        missing = [title for i in range(PIXELS) if (title := f"pixel{i}") not in titles]
        hint = f" ({missing[0]} is missing)" if 0 < len(missing) < PIXELS else ""
        raise ValueError(
            f"{name}: row 1 has {count:,} pixel columns{hint}; separate 784 of them (28×28) by commas, "
            "with a column called label where there are labels"
        )
    return label


def _parse_rows(rows: list[str], numbers: list[int], width: int, name: str) -> Array:
    """Return rows as uint8 where all are whole numbers in 0–255, else as float32, [len(rows), width]."""
    for dtype in (np.uint8, np.float32):
        try:
            table: Array = np.loadtxt(rows, dtype, comments=None, delimiter=",", quotechar='"', ndmin=2)
        except ValueError:
            continue  # fractions need the wider type; a fault is named below
        if table.shape == (len(rows), width):
            return table
    for number, row in zip(numbers, rows, strict=True):
        fields = _fields(row)
        if len(fields) != width:
            raise ValueError(f"{name}: row {number} has {len(fields)} columns, not {width}; mend that row")
        strange = next((field for field in fields if not _is_number(field)), None)
        if strange is not None:
            raise ValueError(f"{name}: row {number} holds {strange[:20]!r}, not a number; mend that row")
    raise ValueError(f"{name}: {NOT_DIGITS}")


def _fields(row: str) -> list[str]:
    return [field.strip().strip('"') for field in row.split(",")]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text  # Python reads 1_0 as ten, a table does not


def _check_rows(pixels: Array, labels: Array | None, numbers: list[int], name: str) -> None:
    """Raise ValueError naming the first row with a pixel outside 0–255 or a label that is no digit."""
    wrong = ~((pixels >= 0) & (pixels <= 255))  # so put, NaN is wrong too
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        value = f"{pixels[row, column]:g}"
        raise ValueError(f"{name}: row {numbers[row]} has a pixel of {value}; pixels must be 0 to 255")
    if labels is not None and not (right := np.isin(labels, range(10))).all():
        row = int(right.argmin())
        raise ValueError(f"{name}: row {numbers[row]} has the label {labels[row]:g}; labels must be 0 to 9")


def pictures(array: Array, name: str) -> torch.Tensor:
    """Return pixels as float32 [N, 1, 28, 28] in [0, 1].

    `array` is [N, 28, 28], [N, 784] or [N, 1, 28, 28]: whole numbers in 0–255, booleans, or floats in 0–1
    or 0–255 (0–1 if none is above 1). Raises ValueError for another shape, value, or no picture at all.
    """
    if array.shape[1:] not in ((SIDE, SIDE), (PIXELS,), (1, SIDE, SIDE)):
        raise ValueError(f"{name}: shape {array.shape} is not [N, 28, 28]; resize the pictures to 28×28")
    if len(array) == 0:
        raise ValueError(f"{name}: holds no pictures; give at least one")
    low, high = float(array.min()), float(array.max())
    if not (low >= 0 and high <= 255):  # so put, NaN is refused too
        raise ValueError(f"{name}: pixels from {low:g} to {high:g}; scale them to 0–1 or 0–255")
    fractions = array.dtype.kind == "f" and high <= 1
    if array.dtype.kind == "f" and 1 < high < 2:  # dividing by 255 would turn these almost black
        raise ValueError(f"{name}: pixels up to {high:g} are neither 0–1 nor 0–255; clip or scale them")
    scale = 1 if fractions or array.dtype.kind == "b" else 255
    # Converted and divided in one go: memory for a second copy of all pictures takes longer than the arithmetic.
    images = np.divide(array, np.float32(scale), dtype=np.float32, casting="unsafe")
    return torch.from_numpy(images.reshape(-1, 1, SIDE, SIDE))


def label_tensor(array: Array, name: str) -> torch.Tensor:
    """Return labels as int64 [N]. `array` is [N] or [N, 1], whole numbers 0–9; else ValueError."""
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        raise ValueError(f"{name}: labels of shape {array.shape}; give one number per picture, shape [N]")
    if not np.isin(array, range(10)).all():
        raise ValueError(f"{name}: a label is not a digit; labels must be whole numbers 0 to 9")
    return torch.from_numpy(array.astype(np.int64))
