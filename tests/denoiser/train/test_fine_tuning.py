"""Going on from trained weights, with all layers or the decoder alone; dropout; scaled pixels."""

import pytest
import torch
from torch import nn

from denoiser import TrainingConfig, TrainingRun
from denoiser.models import DENOISERS, build, parameter_count
from denoiser.models.layers import Dropout
from denoiser.train.batches import Batches

TINY = {"width": 8, "deep_width": 16, "blocks_deep": 1}
CPU = torch.device("cpu")


def config(**changes):
    plain = dict(model="residual_unet", model_config=TINY, steps=5, batch_size=16, precision="float32")
    return TrainingConfig(**(plain | dict(learning_rate=3e-3, amounts=(0.3, 0.6)) | changes))


@pytest.mark.parametrize("model", DENOISERS)
def test_only_the_decoder_moves_when_the_rest_is_frozen(bars, model):
    settings = TINY if model == "residual_unet" else {}
    run = TrainingRun(config(model=model, model_config=settings, trained="decoder", average=0.9), data=bars)
    before = {name: weight.detach().clone() for name, weight in run.model.named_parameters()}
    *_, _ = run
    moved = {name for name, weight in run.model.named_parameters() if not torch.equal(weight, before[name])}
    decoder = {name for name in before if name.split(".")[0] in DENOISERS[model].DECODER}
    assert moved <= decoder
    assert len(moved) > len(decoder) / 2  # a bias behind a dead ReLU may rest; a whole decoder may not
    assert {name for name, weight in run.model.named_parameters() if weight.requires_grad} == decoder


def test_the_layers_say_which_of_them_train(bars):
    run = TrainingRun(config(trained="decoder"), data=bars)
    layers = {layer.name: layer for layer in run.layers()}
    assert sum(layer.weights for layer in layers.values()) == parameter_count(run.model)
    assert layers["leave"].trained and layers["grow"].trained and layers["up.0.first"].trained
    assert not any(layers[name].trained for name in ("tone.choose", "enter", "deep.0.0.mix"))
    assert layers["enter"].shape == (8, 32, 3, 3) and layers["enter"].weights == 8 * 32 * 9 + 8


def test_fine_tuning_begins_where_the_start_ends_and_leaves_it_alone(bars):
    first = TrainingRun(config(steps=80), data=bars, held_out=bars)
    *_, _ = first
    start = first.denoiser().model
    before = {name: tensor.clone() for name, tensor in start.state_dict().items()}
    second = TrainingRun(config(seed=1), data=bars, held_out=bars, start=start)
    assert second.score() == pytest.approx(first.score(), rel=1e-4)
    *_, _ = second
    assert all(torch.equal(before[name], tensor) for name, tensor in start.state_dict().items())


def test_another_network_is_no_start(bars):
    with pytest.raises(ValueError, match="that start is no residual_unet of this size: fine-tune the same network"):
        TrainingRun(config(), data=bars, start=build("residual_unet", {"width": 16}))


def test_a_resumed_fine_tuning_ends_bit_for_bit_alike(bars):
    start = build("residual_unet", TINY)
    how = dict(trained="decoder", steps=12, schedule="one_cycle", optimizer="adamw")
    whole = TrainingRun(config(**how), data=bars, start=start)
    *_, _ = whole
    part = TrainingRun(config(**how), data=bars, start=start)
    for step in part:
        if step.step == 7:
            break
    rest = TrainingRun(config(**how), part.state(), data=bars)  # without the start: all is in the state
    *_, _ = rest
    assert all(torch.equal(a, b) for a, b in zip(whole.model.parameters(), rest.model.parameters(), strict=True))


@pytest.mark.parametrize("model", DENOISERS)
def test_dropout_falls_in_training_only_and_keeps_the_weights_names(model):
    plain, dropped = build(model), build(model, {"dropout": 0.5})
    assert plain.state_dict().keys() == dropped.state_dict().keys()
    dropped.load_state_dict(plain.state_dict())
    if model == "residual_unet":  # untrained it answers every picture alike; give the picture a way through
        for network in (plain, dropped):
            nn.init.ones_(network.leave.weight)
    for module in dropped.modules():
        if isinstance(module, Dropout):
            module.generator = torch.Generator().manual_seed(1)
    pictures = torch.rand(4, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        assert torch.equal(dropped.eval()(pictures), plain.eval()(pictures))
        assert not torch.equal(dropped.train()(pictures), plain.train()(pictures))
    for wrong in (-0.1, 0.95, float("nan"), "much"):
        with pytest.raises(ValueError, match="dropout must be a number from 0 to 0.9"):
            build(model, {"dropout": wrong})


def test_pixels_are_scaled_before_the_noise_is_added(bars):
    scaled = Batches(bars, config(pixel_scale=0.5, amounts=(0.0, 0.0)), CPU)
    plain = Batches(bars, config(amounts=(0.0, 0.0)), CPU)
    for ours, theirs in zip(scaled.noisy_and_clean(3)[:2], plain.noisy_and_clean(3)[:2], strict=True):
        assert torch.equal(ours, 0.5 * theirs)
    assert bars.images.max() == 1  # the data itself stays


def test_a_classifier_has_no_decoder():
    with pytest.raises(ValueError, match="lean_classifier has no decoder: train all of its layers"):
        config(model="lean_classifier", model_config={}, trained="decoder")


def test_whoever_could_not_be_told_begins_with_the_same_answers_and_learns_to_listen(bars):
    start = build("residual_unet", TINY)
    run = TrainingRun(config(model_config=TINY | {"told": True}, optimizer="muon", steps=3), data=bars, start=start)
    assert all(torch.equal(run.model.state_dict()[name], weight) for name, weight in start.state_dict().items())
    assert not run.model.told.weight.any()
    *_, _ = run
    assert run.model.told.weight.any() and run.denoiser().can_be_told
    assert "told.weight" not in start.state_dict()


def test_whoever_could_be_told_goes_on_without(bars):
    start = build("residual_unet", TINY | {"told": True})
    nn.init.normal_(start.told.weight)
    run = TrainingRun(config(), data=bars, start=start)
    assert not run.denoiser().can_be_told and start.told is not None
    assert torch.equal(run.model.eval()(bars.images), start.eval()(bars.images))


def test_a_decoder_alone_does_not_learn_to_listen(bars):
    settings = config(model_config=TINY | {"told": True}, trained="decoder", steps=2)
    with pytest.raises(ValueError, match="a decoder alone cannot learn to be told the noise"):
        TrainingRun(settings, data=bars, start=build("residual_unet", TINY))
    listener = build("residual_unet", TINY | {"told": True})
    nn.init.normal_(listener.told.weight)
    assert TrainingRun(settings, data=bars, start=listener).step == 0
