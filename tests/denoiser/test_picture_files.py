"""Pictures from files: what is read, what is refused, and nothing decoded that is too large."""

import io
import struct
import zlib

import numpy as np
import pytest
import torch
from PIL import Image

from denoiser.picture_files import decode_picture, encode_png, nearest, read_picture_file, shrink, write_picture


def encoded(picture, form="PNG", **options):
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def gradient():
    return np.arange(1024, dtype=np.uint32).reshape(32, 32)


def png_bomb(side=20_000):
    """A valid PNG of side×side black pixels in a few hundred kilobytes."""

    def chunk(name, data):
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = zlib.compress(b"\0" * (side + 1) * side, 9)
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_grey_and_colour_come_back_as_they_were():
    grey = (gradient() // 4).astype(np.uint8)
    assert np.array_equal(decode_picture(encode_png(grey)), grey)
    colour = np.dstack([grey, grey[::-1], grey.T])
    assert np.array_equal(decode_picture(encode_png(colour)), colour)
    webp = encoded(Image.fromarray(colour), "WEBP", lossless=True)
    assert np.array_equal(decode_picture(webp), colour)


def test_sixteen_bits_are_scaled_not_clipped():
    deep = (gradient() * 64).astype(np.uint16)
    decoded = decode_picture(encoded(Image.fromarray(deep)))
    assert decoded.dtype == np.uint8
    assert np.array_equal(decoded, np.round(deep / 257).astype(np.uint8))


def test_transparency_is_kept():
    rgba = np.zeros((30, 30, 4), dtype=np.uint8)
    rgba[5:20, 5:20] = (255, 255, 255, 128)
    assert np.array_equal(decode_picture(encode_png(rgba)), rgba)


def test_nearest_takes_pixels_and_mixes_none():
    small = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)
    assert np.array_equal(nearest(small), small)
    assert np.array_equal(nearest(np.kron(small, np.ones((7, 5), dtype=np.uint8))), small)
    binary = (np.random.default_rng(1).random((100, 61)) > 0.5).astype(np.uint8) * 255
    assert set(np.unique(nearest(binary))) == {0, 255}


def test_shrinking_keeps_the_shape_and_small_pictures():
    assert shrink(np.zeros((1000, 500, 3), dtype=np.uint8)).shape == (512, 256, 3)
    assert shrink(np.zeros((40, 60), dtype=np.uint8)).shape == (40, 60)


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        (b"", "unreadable"),
        (b"hello", "unreadable"),
        (encoded(Image.new("L", (40, 40)), "GIF"), "unreadable"),
        (encoded(Image.new("L", (1, 1))), "small"),
        (encoded(Image.effect_noise((64, 64), 50))[:300], "damaged"),
        (png_bomb(), "large"),
    ],
    ids=["empty", "text", "another format", "1×1", "truncated", "20,000×20,000"],
)
def test_what_cannot_be_taken_is_refused_in_one_line(data, hint):
    with pytest.raises(ValueError) as caught:
        decode_picture(data)
    assert caught.value.hint == hint
    assert "\n" not in str(caught.value)


def test_a_bomb_is_refused_before_it_is_decoded():
    import resource

    bomb = png_bomb()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ValueError, match="at most 16,000,000 pixels"):
        decode_picture(bomb)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kilobytes; decoded it is 400 MB


def test_files_are_named_in_errors(tmp_path):
    write_picture(tmp_path / "a.png", torch.full((1, 1, 28, 28), 0.5))
    assert np.array_equal(read_picture_file(tmp_path / "a.png"), np.full((28, 28), 128))
    (tmp_path / "b.png").write_text("no picture")
    with pytest.raises(ValueError, match=r"b\.png: this is not a picture"):
        read_picture_file(tmp_path / "b.png")
    with pytest.raises(FileNotFoundError):
        read_picture_file(tmp_path / "c.png")
