"""Networks that are ready are kept, those used last, and read anew when a run has learned more."""

import pytest

from denoiser.inference import CHECKPOINTS
from serving.runs.loaded import Loaded

DATA = (CHECKPOINTS / "dense_autoencoder.safetensors").read_bytes()


def test_a_network_is_read_once_and_again_for_a_new_version() -> None:
    loaded = Loaded()
    first = loaded.network("one", 1, DATA, "mine")
    assert loaded.network("one", 1, b"", "mine") is first
    newer = loaded.network("one", 2, DATA, "mine")
    assert newer is not first and loaded.network("one", 2, b"", "mine") is newer


def test_the_longest_unused_goes_first() -> None:
    loaded = Loaded(most=2)
    one, two = (loaded.network(token, 1, DATA, token) for token in ("one", "two"))
    assert loaded.network("one", 1, b"", "one") is one
    loaded.network("three", 1, DATA, "three")
    assert loaded.network("one", 1, b"", "one") is one
    assert loaded.network("two", 1, DATA, "two") is not two


def test_so_do_those_that_take_too_much_memory_but_never_the_one_that_is_asked_for() -> None:
    loaded = Loaded(most_bytes=2 * len(DATA) + 1)
    for token in ("one", "two", "three"):
        loaded.network(token, 1, DATA, token)
    assert loaded.network("two", 1, b"", "two") and loaded.network("three", 1, b"", "three")
    with pytest.raises(ValueError):
        loaded.network("one", 1, b"", "one")
    small = Loaded(most_bytes=1)
    assert small.network("one", 1, DATA, "one") is small.network("one", 1, b"", "one")


def test_a_file_that_cannot_be_read_is_named_and_nothing_is_lost() -> None:
    loaded = Loaded()
    first = loaded.network("one", 1, DATA, "mine")
    with pytest.raises(ValueError, match=r"mine\.safetensors"):
        loaded.network("one", 2, DATA[:100], "mine")
    assert loaded.network("one", 1, b"", "mine") is first
