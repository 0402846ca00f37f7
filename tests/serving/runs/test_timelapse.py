"""A run as a film: every frame is what the pictures were."""

import io

import numpy as np
from PIL import Image, ImageSequence

from serving.runs.timelapse import ACCENT, GAP, LINE, SCALE, TILE, reading_timelapse, timelapse


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


def test_the_film_of_a_classifier_shows_what_it_reads_and_crosses_out_what_is_wrong() -> None:
    clean = np.random.default_rng(0).integers(0, 256, (3, 28, 28), dtype=np.uint8)
    unsure, sure = np.full((3, 10), 20, np.uint8), np.zeros((3, 10), np.uint8)
    unsure[:, 7], sure[[0, 1, 2], [4, 7, 7]] = 75, 255
    film = reading_timelapse([(1, unsure.tobytes()), (2, sure.tobytes())], clean.tobytes(), [4, 7, None])
    first, last = (np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(Image.open(io.BytesIO(film))))
    for frame in (first, last):
        digits = frame[: 28 * SCALE : SCALE, ::SCALE, 0].astype(int)
        assert np.abs(digits - np.concatenate(list(clean), axis=1)).max() <= 1

    def tile(frame: np.ndarray, place: int) -> np.ndarray:
        return frame[(28 + GAP) * SCALE : -LINE, place * TILE : (place + 1) * TILE]

    def crossed(frame: np.ndarray, place: int) -> bool:
        return bool((tile(frame, place) == ACCENT).all(axis=2).any())

    assert [crossed(first, place) for place in range(3)] == [True, False, False]  # read as 7: the first is a 4
    assert not any(crossed(last, place) for place in range(3))
    assert np.array_equal(tile(last, 1), tile(last, 2)) and not np.array_equal(tile(last, 0), tile(last, 1))
    assert not np.array_equal(tile(first, 1), tile(last, 1)), "29 % is not 100 %"


def test_a_long_run_is_a_small_file_soon() -> None:
    digits = np.zeros((11, 28, 28), np.uint8).tobytes()
    film = timelapse([(step, digits) for step in range(1, 161)], digits, digits)
    assert Image.open(io.BytesIO(film)).n_frames == 160 and len(film) < 2**20
