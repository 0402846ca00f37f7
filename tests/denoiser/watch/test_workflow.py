"""First overfit, then regularise: the chain does what it is there to show."""

from dataclasses import replace

import pytest

from denoiser import Digits, TrainingRun
from denoiser.data import handwritten_digits, limited
from denoiser.train.validation import Validation
from denoiser.watch.settings import RunSettings
from denoiser.watch.workflow import OVERFIT, WORKFLOW

STEPS = 800


@pytest.mark.parametrize("name", WORKFLOW)
def test_each_run_differs_from_the_first_by_one_remedy_that_the_page_may_ask_for(name):
    changed = {key for key, value in WORKFLOW[name].items() if value != OVERFIT[key]}
    assert len(changed) == (name != "overfit") and WORKFLOW[name].keys() == OVERFIT.keys()
    settings = RunSettings.of(WORKFLOW[name] | {"seconds": 20})
    config = settings.config()
    assert (config.limit, config.patience) == (WORKFLOW[name]["limit"], WORKFLOW[name]["patience"])


@pytest.fixture(scope="module")
def digits() -> dict[str, Digits]:
    return {
        split: handwritten_digits(count, seed=seed) for split, count, seed in (("train", 1500, 1), ("held", 200, 2))
    }


def errors(digits: dict[str, Digits], name: str) -> tuple[float, float, float]:
    """MSE on training digits, on held-out ones, and of doing nothing, after so many steps."""
    config = replace(RunSettings.of(WORKFLOW[name]).config(), seconds=None, steps=STEPS, precision="float32")
    known = digits["train"].take(limited(len(digits["train"]), WORKFLOW[name]["limit"]))
    run = TrainingRun(config, data=known, held_out=digits["held"], device="cpu")
    for _ in run:
        pass
    seen = Validation(known.spread(200), config, run.device)
    return run.score(seen), run.score(), run.validation.doing_nothing()


def test_few_digits_are_learned_by_heart_and_more_data_are_the_remedy(digits):
    training, validation, nothing = errors(digits, "overfit")
    assert training < 0.85 * validation and validation < nothing
    more, better, _ = errors(digits, "more_data")
    assert better < 0.97 * validation and better - more < 0.5 * (validation - training)
