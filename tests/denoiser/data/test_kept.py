"""Digits are read once and kept, until the files they come from are others."""

import os

import numpy as np
import pytest
import torch

from denoiser.data import Digits, data_stamp, kept_digits, load_digits
from denoiser.watch.events import Ended, Job, Started
from denoiser.watch.settings import RunSettings
from denoiser.watch.snapshots import snapshots


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DENOISER_DATA", str(tmp_path))
    return tmp_path


def write_table(folder, count, grey):
    """As Kaggle stores MNIST."""
    table = np.c_[np.arange(count) % 10, np.full((count, 784), grey)]
    np.savetxt(folder / "train.csv", table, fmt="%d", delimiter=",")


def write_arrays(folder, count, grey):
    """As NumPy stores it; preferred to the table, and complete only with its labels."""
    np.save(folder / "x_train.npy", np.full((count, 28, 28), grey, np.uint8))
    np.save(folder / "y_train_label.npy", np.arange(count) % 10)


def same(digits: Digits, others: Digits):
    return digits.source == others.source and torch.equal(digits.images, others.images)


def test_they_are_read_once(folder):
    write_table(folder, 60, 100)
    first = kept_digits("auto", "train")
    assert same(first, load_digits("auto", "train"))
    assert kept_digits("auto", "train") is first
    assert kept_digits("auto", "validation") is not first


def test_files_that_arrive_are_replaced_or_leave_are_noticed(folder):
    write_table(folder, 60, 100)
    seen = [kept_digits()]
    (folder / "unrelated.txt").write_text("of no matter")
    assert kept_digits() is seen[0]
    np.save(folder / "x_train.npy", np.full((80, 28, 28), 9, np.uint8))
    assert kept_digits() is seen[0]  # pictures without labels are not there yet
    write_arrays(folder, 80, 200)
    seen.append(kept_digits())
    age = (folder / "x_train.npy").stat()
    write_arrays(folder, 80, 50)
    os.utime(folder / "x_train.npy", ns=(age.st_atime_ns, age.st_mtime_ns + 1))
    seen.append(kept_digits())
    (folder / "y_train_label.npy").unlink()
    seen.append(kept_digits())
    assert [float(digits.images.max()) for digits in seen] == pytest.approx([100 / 255, 200 / 255, 50 / 255, 100 / 255])
    assert [digits.source for digits in seen] == [
        f"MNIST ({x})" for x in ("train.csv", *["x_train.npy"] * 2, "train.csv")
    ]


def test_another_data_folder_is_noticed_and_a_path_as_well(folder, tmp_path_factory, monkeypatch):
    write_table(folder, 60, 100)
    path, other = f"{folder / 'train.csv'}", tmp_path_factory.mktemp("other")
    before, of_path = data_stamp(), kept_digits(path)
    write_table(folder, 70, 100)
    assert len(kept_digits(path)) > len(of_path)
    write_table(other, 60, 30)
    monkeypatch.setenv("DENOISER_DATA", str(other))
    assert data_stamp() != before
    assert float(kept_digits().images.max()) == pytest.approx(30 / 255)


def test_a_second_run_of_a_process_learns_from_what_arrived_after_the_first(folder):
    settings = RunSettings(model="dense_autoencoder", batch_size=8)
    write_table(folder, 60, 100)
    first = list(snapshots(Job(settings), lambda: False))
    write_arrays(folder, 140, 100)
    second = list(snapshots(Job(settings), lambda: False))
    for events, source, count in ((first, "train.csv", 48), (second, "x_train.npy", 110)):
        assert isinstance(events[0], Started) and isinstance(events[-1], Ended)
        assert (events[0].source, events[0].count) == (f"MNIST ({source})", count)
        assert events[-1].info.data == f"MNIST ({source})"
