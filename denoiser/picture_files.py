"""Picture files, read without trusting them, and written."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError
from torch import Tensor

from denoiser.atomic import write_atomically
from denoiser.pictures import SIDE, to_bytes

FORMATS = ("PNG", "JPEG", "WEBP")
LARGEST_FILE = 2**20  # bytes, from a stranger
LARGEST_PICTURE = 2_000_000  # pixels, from a stranger, checked on the header before a single one is decoded
OWN_LARGEST_FILE = 16 * 2**20  # the same for a file on one's own disk
OWN_LARGEST_PICTURE = 16_000_000
SMALLEST_SIDE = 8  # pixels; less cannot show a digit
PHOTO_SIDE = 1600  # pixels: as large as a photo is of use


class PictureError(ValueError):
    """A picture that cannot be taken; `hint` names the reason for whoever words it in another language."""

    def __init__(self, hint: str, message: str) -> None:
        super().__init__(message)
        self.hint = hint


def decode_picture(
    data: bytes, *, largest_file: int = LARGEST_FILE, largest_picture: int = LARGEST_PICTURE
) -> np.ndarray:
    """Read a PNG, JPEG or WebP file.

    Args:
        data: the file's bytes.
        largest_file: how many bytes it may have.
        largest_picture: how many pixels it may have.

    Returns:
        uint8 array ``[H, W]`` (grey), ``[H, W, 3]`` (RGB) or ``[H, W, 4]`` (RGBA), upright.

    Raises:
        PictureError: no such file, a damaged one, or one too small or too large, in one line.
    """
    if len(data) > largest_file:
        raise PictureError("heavy", f"this file has {len(data):,} bytes: at most {largest_file:,} are taken")
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            _check_size(*picture.size, largest_picture)
            picture.load()
            return _pixels(ImageOps.exif_transpose(picture))
    except PictureError:
        raise
    except Image.DecompressionBombError:
        raise PictureError("large", f"this picture is too large: at most {largest_picture:,} pixels") from None
    except UnidentifiedImageError:
        raise PictureError("unreadable", "this is not a picture: send a PNG, JPEG or WebP file") from None
    except Exception:  # Pillow raises a dozen kinds of error for damaged files, none of them documented
        raise PictureError("damaged", "this picture is damaged or cut short: save it again and resend") from None


def _check_size(width: int, height: int, largest: int) -> None:
    if width * height > largest:
        message = f"this picture has {width}×{height} pixels: at most {largest:,} in all; make it smaller"
        raise PictureError("large", message)
    if min(width, height) < SMALLEST_SIDE:
        message = f"this picture has {width}×{height} pixels: at least {SMALLEST_SIDE}×{SMALLEST_SIDE} are needed"
        raise PictureError("small", message)


def _pixels(picture: Image.Image) -> np.ndarray:
    if picture.mode.startswith("I"):  # 16 bits a pixel; convert("L") would clip them, not scale them
        return np.round(np.asarray(picture).clip(0, 65535) / 257).astype(np.uint8)
    if picture.has_transparency_data:
        return np.asarray(picture.convert("RGBA"))
    return np.asarray(picture.convert("L" if picture.mode in ("1", "L") else "RGB"))


def shrink(pixels: np.ndarray, side: int = 512) -> np.ndarray:
    """The same picture, no side longer than this: enough for any later step, and never slow."""
    picture = Image.fromarray(pixels)
    picture.thumbnail((side, side), Image.Resampling.BILINEAR)
    return np.asarray(picture)


def nearest(pixels: np.ndarray) -> np.ndarray:
    """Take 28×28 of the pixels as they are, grey: nothing is averaged, nothing is moved.

    Args:
        pixels: what `decode_picture` returns; transparent parts turn black.

    Returns:
        uint8 array ``[28, 28]``, free to be written to.
    """
    rows, columns = (((np.arange(SIDE) + 0.5) * length / SIDE).astype(int) for length in pixels.shape[:2])
    taken = pixels[np.ix_(rows, columns)]
    if taken.ndim == 2:
        return taken
    if taken.shape[2] == 4:
        black = Image.new("RGBA", (SIDE, SIDE), "black")
        return np.array(Image.alpha_composite(black, Image.fromarray(taken)).convert("L"))
    return np.array(Image.fromarray(taken).convert("L"))


def is_rough(plain: np.ndarray) -> bool:
    """Whether 28×28 pixels look like noise: neighbours differ by more than a tenth of the range, on average."""
    levels = plain.astype(np.float32)
    return bool(np.abs(np.diff(levels)).mean() > 25 and np.abs(np.diff(levels, axis=0)).mean() > 25)


def enlarge(pixels: np.ndarray, side: int = 112) -> np.ndarray:
    """A 28×28 digit as a drawing on the canvas: smooth, so that a pen can go on where it ends."""
    return np.asarray(Image.fromarray(pixels).resize((side, side), Image.Resampling.BICUBIC))


def encode_png(pixels: np.ndarray) -> bytes:
    """A uint8 array ``[H, W]`` or ``[H, W, 3 or 4]`` as the bytes of a PNG file."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format="PNG")
    return file.getvalue()


def read_picture_file(path: str | Path) -> np.ndarray:
    """Read a picture file from the disk, as `decode_picture` returns it; errors name the file.

    Raises:
        OSError: no such file.
        ValueError: not a picture that `decode_picture` takes.
    """
    path = Path(path)
    data = path.read_bytes()
    try:
        limits = {"largest_file": OWN_LARGEST_FILE, "largest_picture": OWN_LARGEST_PICTURE}
        return decode_picture(data, **limits)
    except PictureError as error:
        raise ValueError(f"{path}: {error}") from None


def write_picture(path: str | Path, picture: Tensor) -> None:
    """Write one picture ``[1, 1, 28, 28]`` in [0, 1] as a grey PNG of 28×28 pixels, atomically."""
    write_atomically(path, encode_png(to_bytes(picture[0, 0])))
