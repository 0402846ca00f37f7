"""A run that is resumed ends bit for bit like one that was not stopped: every way to train, times every other."""

import itertools
from dataclasses import replace

import pytest
import torch

from denoiser import TrainingConfig, TrainingRun
from denoiser.precision import PRECISIONS
from denoiser.train.augmentation import Augmentation
from denoiser.train.optimizers import OPTIMIZERS
from denoiser.train.state import state_bytes, state_from_bytes

NETWORKS = {
    "residual_unet": dict(width=8, deep_width=8, blocks_deep=1),
    "residual_unet, told": dict(width=8, deep_width=8, blocks_deep=1, told=True),
    "simple_unet": {},
    "conv_autoencoder": {},
    "dense_autoencoder": {},
    "lean_classifier": dict(width=4, middle_width=8, deep_width=8),
}
DROPS = ("residual_unet", "residual_unet, told", "simple_unet", "conv_autoencoder", "dense_autoencoder")
HOW = [(optimizer, precision) for optimizer in OPTIMIZERS for precision in PRECISIONS]


def config(network, optimizer, precision, *, augmented=False, dropout=0.0, average=0.0):
    sizes = NETWORKS.get(network, {}) | ({"dropout": dropout} if dropout else {})
    return TrainingConfig(
        model=network.split(",")[0],
        model_config=sizes,
        steps=4,
        batch_size=6,
        optimizer=optimizer,
        learning_rate=0.01,
        weight_decay=0.01,
        schedule="cosine",
        clip_gradient=1.0,
        augment=Augmentation() if augmented else None,
        average=average,
        precision=precision,
        validate_every=1,
    )


def ends_of(config, digits, stored):
    """The states at the end: of a run that went through, and of one that goes on from what was `stored` half way."""
    whole = TrainingRun(config, data=digits, held_out=digits.take(range(8)), device="cpu")
    losses = [next(whole).loss, next(whole).loss]
    rest = TrainingRun(config, stored(whole.state()), data=digits, held_out=digits.take(range(8)), device="cpu")
    losses, again = [step.loss for step in whole], [step.loss for step in rest]
    assert losses == again
    return whole.state(), rest.state()


def assert_equal(whole, rest):
    assert (whole.step, whole.best) == (rest.step, rest.best)
    assert whole.tensors.keys() == rest.tensors.keys()
    different = [key for key, tensor in whole.tensors.items() if not torch.equal(tensor, rest.tensors[key])]
    assert not different


@pytest.fixture(autouse=True)
def one_thread():
    """Networks as small as these are slower on two."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize(("optimizer", "precision"), HOW)
@pytest.mark.parametrize("network", NETWORKS)
def test_a_resumed_run_ends_bit_for_bit_like_one_that_was_not_stopped(bars, network, optimizer, precision):
    dropouts = (0.0, 0.3) if network in DROPS else (0.0,)
    for augmented, dropout, average in itertools.product((False, True), dropouts, (0.0, 0.9)):
        how = config(network, optimizer, precision, augmented=augmented, dropout=dropout, average=average)
        assert_equal(*ends_of(how, bars, lambda state: state_from_bytes(state_bytes(state))))


@pytest.mark.parametrize(("optimizer", "precision"), [how for how in HOW if how[0] != "muon"] + [("muon", "bfloat16")])
def test_so_does_the_largest_network(bars, optimizer, precision):
    """All at once, and Muon once, as a step of it takes long; its dropout is its own."""
    how = config("tutorial_classifier", optimizer, precision, augmented=True, average=0.9)
    assert_equal(*ends_of(how, bars, lambda state: state))


def test_a_state_remembers_how_its_run_computed_whatever_would_be_chosen_now(bars):
    """As where it was begun on another machine: here convolutions are never trained in plain float32 by themselves."""
    begun = config("residual_unet", "adamw", "float32")
    run = TrainingRun(begun, data=bars, device="cpu")
    next(run)
    left_open = replace(begun, precision="auto")
    state = state_from_bytes(state_bytes(replace(run.state(), config=left_open)))
    assert TrainingRun(left_open, data=bars, device="cpu").precision != "float32"
    resumed = TrainingRun(left_open, state, data=bars, device="cpu")
    assert resumed.precision == resumed.state().precision == resumed.info().training["precision"] == "float32"
