"""What a visitor may ask for, what becomes of it, and what is refused."""

import json
from dataclasses import asdict, replace

import pytest

from denoiser import TrainingRun
from denoiser.models import CLASSIFIERS, MODELS, build, parameter_count
from denoiser.train.augmentation import Augmentation
from denoiser.train.recipes import BRIEF, BRIEFEST, BY_BUDGET, BY_OPTIMIZER, LONG, LONGEST_RUN, PRESETS
from denoiser.watch.settings import RunSettings


@pytest.mark.parametrize(("model", "preset"), [(model, preset) for model in MODELS for preset in PRESETS[model]])
def test_every_preset_becomes_a_configuration_and_survives_json(model, preset):
    settings = RunSettings(model=model, preset=preset, seconds=7.0)
    again = RunSettings.of(json.loads(json.dumps(asdict(settings))))
    assert again == settings
    config = again.config()
    assert (config.model, config.seconds, config.steps) == (model, 7.0, None)
    assert config.learning_rate == PRESETS[model][preset]["learning_rate"]


def test_the_recipe_follows_the_budget_unless_a_visitor_says_otherwise():
    brief, usual, longer, long = (RunSettings(seconds=s).config() for s in (BRIEFEST, BRIEF, LONG, LONG + 1))
    for config, most in ((brief, BRIEFEST), (usual, BRIEF), (longer, LONG), (long, LONGEST_RUN)):
        changes = BY_BUDGET["residual_unet"][most]
        assert {name: getattr(config, name) for name in changes} == changes
    assert (usual.batch_size, usual.schedule) == (64, "cosine")
    counts = [parameter_count(build(config.model, config.model_config)) for config in (brief, usual, longer, long)]
    assert counts[0] < counts[1] == counts[2] < counts[3]
    assert RunSettings(seconds=2.0, batch_size=128).config().batch_size == 128
    assert RunSettings(seconds=LONG + 1, learning_rate=0.01).config().learning_rate == 0.01
    assert RunSettings("simple_unet", seconds=2.0).config().batch_size == 64


@pytest.mark.parametrize("optimizer", BY_OPTIMIZER)
def test_another_optimizer_brings_numbers_with_which_it_learns(bars, optimizer):
    said = dict(optimizer=optimizer, batch_size=16)
    config = RunSettings(**said).config()
    usual = RunSettings().config()
    expected = asdict(usual) if optimizer == usual.optimizer else BY_OPTIMIZER[optimizer]
    assert (config.learning_rate, config.weight_decay) == (expected["learning_rate"], expected["weight_decay"])
    assert RunSettings(**said, learning_rate=0.5).config().learning_rate == 0.5
    run = TrainingRun(replace(config, steps=60, seconds=None, precision="float32"), data=bars)
    losses = [step.loss for step in run]
    assert sum(losses[-10:]) < 0.6 * sum(losses[:10])


def test_the_books_recipe_is_the_books():
    config = RunSettings(model="conv_autoencoder", preset="tutorial").config()
    assert (config.optimizer, config.learning_rate, config.batch_size) == ("adam", 2e-5, 320)
    assert (config.amounts, config.pixel_scale, config.schedule) == ((0.0, 0.0), 255 / 512, "constant")
    assert (config.loss, config.loss_scale, config.sampling, config.passes) == ("sum", 100.0, "replacement", 20)
    other = RunSettings(model="conv_autoencoder", preset="tutorial", optimizer="sgd").config()
    assert (other.loss, other.loss_scale) == ("mse", 1.0)  # the learning rate that comes with it is for the mean


def test_the_classifiers_recipe_is_its_tutorials():
    config = RunSettings(model="tutorial_classifier", preset="tutorial").config()
    assert (config.optimizer, config.learning_rate, config.batch_size) == ("adam", 1e-3, 64)
    assert (config.schedule, config.weight_decay, config.augment, config.average) == ("constant", 0.0, None, 0.0)
    network = build(config.model, config.model_config)
    weights = 64 * (9 + 1) + 128 * (64 * 9 + 1) + 1024 * (14 * 14 * 128 + 1) + 10 * (1024 + 1)
    assert network.config.dropout == 0.5 and parameter_count(network) == weights


@pytest.mark.parametrize("model", CLASSIFIERS)
def test_a_classifiers_dropout_is_a_choice(model):
    config = RunSettings(model=model, dropout=0.1).config()
    masked = [m.probability for m in build(model, config.model_config).modules() if hasattr(m, "probability")]
    assert masked == [0.1]


def test_what_a_visitor_says_outweighs_the_preset():
    said = dict(
        optimizer="sgd", learning_rate=0.1, schedule="cosine", weight_decay=0.01, batch_size=16, dropout=0.2,
        patience=4, augment=True, trained="decoder", kinds=["gaussian", "poisson"], amounts=[0.2, 0.4], digits=[0, 1],
        data="mnist+own", seed=9, seconds=30, limit=50,
    )  # fmt: skip
    config = RunSettings.of(said).config()
    plain = ("optimizer", "learning_rate", "schedule", "weight_decay", "batch_size", "patience", "trained", "seed")
    assert {name: getattr(config, name) for name in plain} == {name: said[name] for name in plain}
    assert config.kinds == ("gaussian", "poisson") and config.amounts == (0.2, 0.4) and config.digits == (0, 1)
    assert config.augment == Augmentation() and config.model_config["dropout"] == 0.2
    assert config.model_config["width"] == PRESETS["residual_unet"]["recommended"]["model_config"]["width"]
    assert config.data == "mnist+own" and config.limit == 50 and config.seconds == 30.0


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (dict(seconds=0), "the budget must lie between 1 and 600 seconds, not 0"),
        (dict(seconds=-5), "the budget must lie between"),
        (dict(seconds=LONGEST_RUN + 1), "the budget must lie between 1 and 600 seconds, not 601"),
        (dict(seconds=float("nan")), "seconds must be a number, not nan"),
        (dict(seconds="20"), "seconds must be a number, not '20'"),
        (dict(seconds=10**400), "seconds must be a number"),
        (dict(digits=[]), "no digit is chosen: choose at least one to learn"),
        (dict(digits=[10]), "10"),
        (dict(digits=[True]), "digits must be a whole number"),
        (dict(digits=list(range(10)) * 2), "digits must be a list of at most 10 values"),
        (dict(digits="01"), "digits must be a list"),
        (dict(model="gpt"), "unknown network 'gpt'"),
        (dict(model="lean_classifier", preset="tutorial"), "lean_classifier has no preset 'tutorial'"),
        (dict(model="lean_classifier", trained="decoder"), "lean_classifier has no decoder"),
        (dict(model="lean_classifier", kinds=["blend"]), "leave out kinds and amounts of noise"),
        (dict(model="tutorial_classifier", amounts=[0.0, 0.5]), "leave out kinds and amounts of noise"),
        (dict(model="tutorial_classifier", dropout=0.95), "dropout must be a number from 0 to 0.9"),
        (dict(model="residual_unet", preset="tutorial"), "residual_unet has no preset 'tutorial'"),
        (dict(data="/etc/passwd"), "unknown data '/etc/passwd'"),
        (dict(kinds=["rain"]), "unknown kind of noise 'rain'"),
        (dict(kinds=[]), "unknown kind of noise"),
        (dict(amounts=[0.9, 0.1]), "the highest amount must lie between 0.9 and 1"),
        (dict(amounts=[0.5]), "amounts must be two numbers"),
        (dict(learning_rate=0), "learning_rate must lie between"),
        (dict(learning_rate=float("inf")), "learning_rate must be a number"),
        (dict(batch_size=5000), "batch_size must lie between 1 and 1024"),
        (dict(batch_size=2.5), "batch_size must be a whole number"),
        (dict(limit=0), "limit must lie between 1 and"),
        (dict(limit=2.5), "limit must be a whole number"),
        (dict(dropout=1.0), "dropout must be a number from 0 to 0.9"),
        (dict(patience=-1), "patience must lie between"),
        (dict(seed=-1), "seed must lie between"),
        (dict(augment=1), "augment must be true or false"),
        (dict(trained="encoder"), "unknown choice of trained layers"),
        (dict(model_config={"width": 512}), "unknown setting 'model_config': leave it out"),
        (dict(epochs=10**7), "unknown setting 'epochs'"),
        (dict(steps=0), "steps must lie between 1 and"),
        (dict(steps=1.5), "steps must be a whole number"),
        ([1, 2], "the settings must be an object"),
        (None, "the settings must be an object"),
    ],
)
def test_what_is_out_of_bounds_is_refused_in_one_line(values, message):
    with pytest.raises(ValueError) as caught:
        RunSettings.of(values).config()
    assert message in str(caught.value)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 200


def test_a_strangers_long_value_is_cut():
    with pytest.raises(ValueError, match="…") as caught:
        RunSettings.of({"model": "x" * 10_000})
    assert len(str(caught.value)) < 200
