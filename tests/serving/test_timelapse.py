"""A run as a film: every frame is what the pictures were."""

import io

import numpy as np
from PIL import Image, ImageSequence

from serving.timelapse import ACCENT, GAP, LINE, SCALE, timelapse


def test_the_film_shows_every_frame_between_the_noisy_digits_and_the_clean() -> None:
    random = np.random.default_rng(0)
    noisy, clean = (random.integers(0, 256, (3, 28, 28), dtype=np.uint8) for _ in range(2))
    samples = random.integers(0, 256, (5, 3, 28, 28), dtype=np.uint8)
    film = timelapse([(10 * (i + 1), s.tobytes()) for i, s in enumerate(samples)], noisy.tobytes(), clean.tobytes())
    picture = Image.open(io.BytesIO(film))
    assert picture.format == "GIF" and picture.n_frames == 5
    for number, frame in enumerate(ImageSequence.Iterator(picture)):
        pixels = np.asarray(frame.convert("RGB"))
        small = pixels[:-LINE:SCALE, ::SCALE].astype(int)
        assert (np.diff(small, axis=2) == 0).all()  # grey
        for row, digits in enumerate((noisy, samples[number], clean)):
            shown = small[row * (28 + GAP) : row * (28 + GAP) + 28, :, 0]
            truth = np.concatenate(list(digits), axis=1)
            assert np.abs(shown - truth).max() <= 1  # white gives its last shade to the accent
        line = (pixels[-1] == ACCENT).all(axis=1)
        assert line.sum() == round((number + 1) / 5 * len(line))


def test_a_long_run_is_a_small_file_soon() -> None:
    digits = np.zeros((11, 28, 28), np.uint8).tobytes()
    film = timelapse([(step, digits) for step in range(1, 161)], digits, digits)
    assert Image.open(io.BytesIO(film)).n_frames == 160 and len(film) < 2**20
