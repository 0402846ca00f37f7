"""The project's own digits: written once, kept where that can be, and written anew where that is due."""

import tempfile
from pathlib import Path

import pytest
import torch

from denoiser import data
from denoiser.data import load_digits, own, sets
from tests.denoiser.data.folders import COUNT, labels, write_idx


def test_an_installed_package_keeps_its_digits_in_the_users_cache(
    tmp_path: Path, few_own_digits: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("denoiser.places.INSTALLED", True)
    for name, value in {"DENOISER_DATA": "", "XDG_CACHE_HOME": "", "HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    assert data.data_folder() == tmp_path / ".cache" / "denoiser"
    written = load_digits("own")
    assert len(list((tmp_path / ".cache" / "denoiser").glob("own-*-train-*.npy"))) == 1
    (tmp_path / "file").write_text("where no folder can be made")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert data.data_folder() == tmp_path / "file" / "denoiser"
    assert torch.equal(load_digits("own").images, written.images)
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr("os.path.expanduser", lambda path: path)  # nobody's home is known
    assert data.data_folder() == Path(tempfile.gettempdir()) / "denoiser"


def test_auto_takes_the_projects_own_digits_where_mnist_is_missing(tmp_path: Path, few_own_digits: list[int]) -> None:
    assert load_digits(folder=tmp_path).source == "the project's own digits"
    write_idx(tmp_path, "train", COUNT)
    assert load_digits(folder=tmp_path).source == "MNIST"


def test_own_digits_are_drawn_once_and_kept(tmp_path: Path, few_own_digits: list[int]) -> None:
    drawn = {split: load_digits("own", split, folder=tmp_path) for split in sets.SPLITS}
    assert [len(digits) for digits in drawn.values()] == [40, 20, 30]
    assert len(set(few_own_digits)) == len(few_own_digits) == 3
    for split, digits in drawn.items():
        kept = load_digits("own", split, folder=tmp_path)
        assert torch.equal(kept.images, digits.images) and kept.labels is not None
        assert kept.labels.tolist() == labels(len(kept)).tolist()
    assert len(few_own_digits) == 3
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".npy"] * 3


def test_a_damaged_cache_is_drawn_again(tmp_path: Path, few_own_digits: list[int]) -> None:
    drawn = load_digits("own", folder=tmp_path)
    (cache,) = tmp_path.iterdir()
    for damage in (cache.read_bytes()[:500], b"", b"rubbish"):
        cache.write_bytes(damage)
        assert torch.equal(load_digits("own", folder=tmp_path).images, drawn.images)
    assert len(few_own_digits) == 4


def test_another_way_of_writing_digits_leaves_the_kept_ones_alone(
    tmp_path: Path, few_own_digits: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "denoiser"
    (package / "data").mkdir(parents=True)
    for name in own.RECIPE:
        (package / name).write_bytes((Path(own.__file__).parents[1] / name).read_bytes())
    folder = tmp_path / "kept"
    folder.mkdir()
    monkeypatch.setattr(own, "__file__", str(package / "data" / "own.py"))
    for number, name in enumerate(("", *own.RECIPE), start=1):
        if name:
            (package / name).write_text("# changed")
        own._recipe.cache_clear()
        for _ in range(2):
            load_digits("own", folder=folder)
        assert len(list(folder.iterdir())) == len(few_own_digits) == number
    own._recipe.cache_clear()


def test_the_writing_of_own_digits_can_be_watched(tmp_path: Path, few_own_digits: list[int]) -> None:
    done: list[int] = []
    for _ in range(2):
        load_digits("auto", folder=tmp_path, tick=done.append)
    assert sum(done) == 40  # and nothing where they are kept


def test_own_digits_without_a_place_to_keep_them(tmp_path: Path, few_own_digits: list[int]) -> None:
    assert len(load_digits("own", folder=tmp_path / "missing")) == 40
    assert not (tmp_path / "missing").exists()
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o555)
    assert len(load_digits("own", folder=locked)) == 40
    assert list(locked.iterdir()) == []
