"""Networks that are ready are kept, those used last, and read anew when a run has learned more."""

import pytest

from denoiser.inference import CHECKPOINTS
from serving.loaded import Loaded

DATA = (CHECKPOINTS / "dense_autoencoder.safetensors").read_bytes()


def test_a_network_is_read_once_and_again_for_a_new_version() -> None:
    loaded = Loaded()
    first = loaded.denoiser("one", 1, DATA, "mine")
    assert loaded.denoiser("one", 1, b"", "mine") is first
    newer = loaded.denoiser("one", 2, DATA, "mine")
    assert newer is not first and loaded.denoiser("one", 2, b"", "mine") is newer


def test_the_longest_unused_goes_first() -> None:
    loaded = Loaded(most=2)
    one, two = (loaded.denoiser(token, 1, DATA, token) for token in ("one", "two"))
    assert loaded.denoiser("one", 1, b"", "one") is one
    loaded.denoiser("three", 1, DATA, "three")
    assert loaded.denoiser("one", 1, b"", "one") is one
    assert loaded.denoiser("two", 1, DATA, "two") is not two


def test_a_file_that_cannot_be_read_is_named_and_nothing_is_lost() -> None:
    loaded = Loaded()
    first = loaded.denoiser("one", 1, DATA, "mine")
    with pytest.raises(ValueError, match=r"mine\.safetensors"):
        loaded.denoiser("one", 2, DATA[:100], "mine")
    assert loaded.denoiser("one", 1, b"", "mine") is first
