"""Files from strangers: what is read is exact, and what cannot be read costs nothing and is said in one line."""

import io
import struct
import zlib

import numpy as np
import pytest
import torch
from PIL import Image, ImageFile, WebPImagePlugin

from denoiser import digit_from_drawing
from denoiser.data import load_digits
from denoiser.metrics import psnr
from denoiser.picture_files import (
    LARGEST_FILE,
    PictureError,
    decode_picture,
    encode_png,
    enlarge,
    nearest,
    shrink,
)

GREY = np.random.default_rng(0).integers(0, 256, (40, 30), dtype=np.uint8)


def saved(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, format=kind, **options)
    return file.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and has next to no pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def test_grey_colour_and_transparent_pictures_keep_their_pixels() -> None:
    colour = np.stack([GREY, GREY[::-1], 255 - GREY], axis=-1)
    clear = np.concatenate([colour, GREY[..., None]], axis=-1)
    for pixels in (GREY, colour, clear):
        assert np.array_equal(decode_picture(encode_png(pixels)), pixels)
    for pixels in (colour, clear):
        webp = saved(Image.fromarray(pixels), "WEBP", lossless=True, exact=True)
        assert np.array_equal(decode_picture(webp), pixels)


def test_sixteen_bits_are_scaled_not_clipped() -> None:
    deep = GREY.astype(np.uint16) * 257
    assert np.array_equal(decode_picture(saved(Image.fromarray(deep))), GREY)


def test_palette_with_transparency_becomes_rgba() -> None:
    picture = Image.fromarray(GREY).convert("P")
    assert decode_picture(saved(picture, transparency=0)).shape == (40, 30, 4)


def test_a_photo_is_turned_upright() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6  # the camera was held on its side
    photo = saved(Image.fromarray(GREY), "PNG", exif=turned)
    assert np.array_equal(decode_picture(photo), np.rot90(GREY, -1))


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        (b"", "unreadable"),
        (b"digit,7\n" * 100, "unreadable"),
        (saved(Image.fromarray(GREY), "GIF"), "unreadable"),
        (encode_png(GREY)[:200], "damaged"),
        (saved(Image.fromarray(GREY), "JPEG")[:400], "damaged"),
        (png_header(1, 1), "small"),
        (png_header(3000, 2), "small"),
        (png_header(20_000, 20_000), "large"),
        (png_header(2_000, 1_001), "large"),
        (b"\0" * (LARGEST_FILE + 1), "heavy"),
    ],
)
def test_what_cannot_be_taken_is_said_in_one_line(data: bytes, hint: str) -> None:
    with pytest.raises(PictureError) as caught:
        decode_picture(data)
    assert caught.value.hint == hint
    assert str(caught.value).count("\n") == 0 and len(str(caught.value)) < 150


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_a_bomb_is_never_decoded(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    side = 9_000  # 81 million pixels in a few kilobytes
    options = {"WEBP": {"lossless": True, "quality": 0, "method": 0}}.get(kind, {})
    bomb = saved(Image.new("L", (side, side)), kind, **options)[:LARGEST_FILE]
    decoded = []
    for reader in (ImageFile.ImageFile, WebPImagePlugin.WebPImageFile):
        monkeypatch.setattr(reader, "load", lambda picture: decoded.append(picture.size))
    with pytest.raises(PictureError) as caught:
        decode_picture(bomb)
    assert caught.value.hint == "large"
    assert decoded == []


def test_nearest_takes_pixels_as_they_are_and_where_they_are() -> None:
    small = np.random.default_rng(1).integers(0, 256, (28, 28), dtype=np.uint8)
    assert np.array_equal(nearest(small), small)
    for times in (2, 4, 10):
        assert np.array_equal(nearest(small.repeat(times, 0).repeat(times, 1)), small)
    # 112 from 280 from 28, as in the page: still the same pixels.
    from_canvas = small.repeat(10, 0).repeat(10, 1)[np.ix_(*[((np.arange(112) + 0.5) * 2.5).astype(int)] * 2)]
    assert np.array_equal(nearest(from_canvas), small)
    assert set(np.unique(nearest(GREY))) <= set(np.unique(GREY))


def test_nearest_lays_transparent_pictures_on_black() -> None:
    half = np.full((28, 28, 4), 255, np.uint8)
    half[:, :14, 3] = 0
    assert np.array_equal(nearest(half), np.where(np.arange(28) < 14, 0, 255) * np.ones((28, 1)))


def test_enlarged_digits_come_back_as_the_same_digits() -> None:
    digits = load_digits("auto", "test", limit=50).images
    drawn = [enlarge((digit[0] * 255).round().byte().numpy()) for digit in digits]
    again = torch.cat([digit_from_drawing(drawing) for drawing in drawn])
    assert float(psnr(again, digits).mean()) > 20  # moving a digit by half a pixel costs as much


def test_shrink_bounds_the_longer_side_and_leaves_small_ones_alone() -> None:
    assert shrink(np.zeros((1000, 2000, 3), np.uint8)).shape == (256, 512, 3)
    assert np.array_equal(shrink(GREY), GREY)
