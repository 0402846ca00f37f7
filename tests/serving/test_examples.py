"""Digits for the visitor who would rather not draw."""

from typing import Any

import numpy as np
import pytest

from denoiser.data import load_digits
from serving.examples import ExampleDigits


@pytest.fixture(scope="module")
def examples() -> ExampleDigits:
    return ExampleDigits()


@pytest.mark.parametrize("label", range(10))
def test_an_example_is_a_test_digit_with_its_label(examples: ExampleDigits, label: int) -> None:
    example = examples.pick(label)
    test = load_digits("auto", "test")
    same = (test.images[:, 0] * 255).round().byte().numpy() == example.pixels
    where = np.flatnonzero(same.all(axis=(1, 2)))
    assert example.label == label and label in test.labels[where].tolist()
    assert example.own == (example.source != "MNIST") and example.source == test.source


def test_surprises_differ(examples: ExampleDigits) -> None:
    assert len({examples.pick().pixels.tobytes() for _ in range(20)}) > 10


@pytest.mark.parametrize("label", [-1, 10, True, "3", 3.0, [3]])
def test_another_label_is_refused_in_one_line(examples: ExampleDigits, label: Any) -> None:
    with pytest.raises(ValueError, match="0 to 9"):
        examples.pick(label)
