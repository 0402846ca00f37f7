"""Picture files on the disk, and pictures made smaller."""

import numpy as np
import pytest
import torch

from denoiser.picture_files import (
    decode_picture,
    encode_png,
    is_rough,
    nearest,
    read_picture_file,
    shrink,
    write_picture,
)


def test_nearest_takes_pixels_and_mixes_none():
    small = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)
    assert np.array_equal(nearest(small), small)
    assert np.array_equal(nearest(np.kron(small, np.ones((7, 5), dtype=np.uint8))), small)
    binary = (np.random.default_rng(1).random((100, 61)) > 0.5).astype(np.uint8) * 255
    assert set(np.unique(nearest(binary))) == {0, 255}


def test_noise_is_rough_and_a_photo_is_not():
    rng = np.random.default_rng(0)
    assert is_rough(rng.integers(0, 256, (28, 28), dtype=np.uint8))
    desk_and_paper = np.where(np.arange(28) < 9, 60, 200) + rng.normal(0, 6, (28, 28))
    assert not is_rough(desk_and_paper.astype(np.uint8))


def test_shrinking_keeps_the_shape_and_small_pictures():
    assert shrink(np.zeros((1000, 500, 3), dtype=np.uint8)).shape == (512, 256, 3)
    assert shrink(np.zeros((40, 60), dtype=np.uint8)).shape == (40, 60)


def test_files_are_named_in_errors(tmp_path):
    write_picture(tmp_path / "a.png", torch.full((1, 1, 28, 28), 0.5))
    assert np.array_equal(read_picture_file(tmp_path / "a.png"), np.full((28, 28), 128))
    (tmp_path / "b.png").write_text("no picture")
    with pytest.raises(ValueError, match=r"b\.png: this is not a picture"):
        read_picture_file(tmp_path / "b.png")
    with pytest.raises(FileNotFoundError):
        read_picture_file(tmp_path / "c.png")


def test_a_photo_too_large_for_a_stranger_is_read_from_ones_own_disk(tmp_path):
    photo = encode_png(np.zeros((1500, 2000), dtype=np.uint8))
    with pytest.raises(ValueError, match="at most 2,000,000"):
        decode_picture(photo)
    (tmp_path / "photo.png").write_bytes(photo)
    assert read_picture_file(tmp_path / "photo.png").shape == (1500, 2000)
