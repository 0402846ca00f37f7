"""What a network learned, as its checkpoint says it, or as a stranger's file pretends to."""

from dataclasses import asdict
from typing import Any

import pytest

from denoiser.train.config import TrainingConfig
from serving.learned import learned_by

TOLD = {"kinds": ["blend"], "amounts": [0.2, 0.8], "digits": [1, 0]}


def test_it_is_what_the_run_was_told_each_kind_once() -> None:
    config = TrainingConfig(steps=1, kinds=("speckle", "blend", "speckle"), amounts=(0.1, 0.5), digits=(7, 1))
    expected = {"kinds": ["speckle", "blend"], "amounts": [0.1, 0.5], "digits": [1, 7]}
    assert learned_by(asdict(config)) == expected


@pytest.mark.parametrize(
    "training",
    [
        None,
        "text",
        {},
        TOLD | {"kinds": ["rain"]},
        TOLD | {"kinds": [["blend"]]},
        TOLD | {"kinds": []},
        TOLD | {"amounts": [0.8, 0.2]},
        TOLD | {"amounts": [0.2, float("nan")]},
        TOLD | {"amounts": "01"},
        TOLD | {"digits": [10]},
        TOLD | {"digits": [True]},
    ],
)
def test_whatever_else_a_file_says_is_nothing(training: Any) -> None:
    assert learned_by(training) is None
    assert learned_by(TOLD) == TOLD | {"digits": [0, 1]}
