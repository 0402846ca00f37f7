"""A network as stages: its own output comes out, and surgery on it is what the same surgery does in plain PyTorch."""

import pytest
import torch
from torch.nn import functional as F

import denoiser
from denoiser.models import MODELS, build, parameter_count
from denoiser.models.flow import Edits, Flow, traced

NOISY = torch.rand(3, 1, 28, 28, generator=torch.Generator().manual_seed(0))


@pytest.fixture(scope="module")
def unet():
    return denoiser.load("simple_unet", device="cpu").model


def plain(unet, noisy, *, wide=1.0, middle=1.0):
    """SimpleUNet's forward pass, whose skip connections carry so much of what they should."""
    first = F.relu(unet.down1(noisy))
    second = F.relu(unet.down2(F.max_pool2d(first, 2)))
    x = F.relu(unet.up1(F.relu(unet.down3(F.max_pool2d(second, 2)))))
    x = F.relu(unet.up2(F.interpolate(x, scale_factor=2) + middle * second))
    return F.relu(unet.up3(F.interpolate(x, scale_factor=2) + wide * first))


@pytest.mark.parametrize(("name", "config"), [*((name, {}) for name in MODELS), ("residual_unet", {"told": True})])
def test_the_last_stage_gives_what_the_network_gives_and_all_weights_are_in_some_stage(name, config):
    model = build(name, config).eval()
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in model.parameters():  # none at zero, where parts would do nothing
            parameter.normal_(std=0.05, generator=generator)
        flow = Flow(model)
        found = flow.run(NOISY)
        assert torch.equal(found[flow.stages[-1].name], model(NOISY))
    assert [stage.name for stage in flow.stages] == list(found)
    assert all(found[stage.name].shape == (3, *stage.shape) for stage in flow.stages)
    hint = parameter_count(model.told) if config else 0
    assert sum(stage.parameters for stage in flow.stages) == parameter_count(model) - hint


def test_a_cut_skip_connection_brings_nothing(unet):
    flow = Flow(unet)
    assert flow.skips == (("down2", "add"), ("down1", "add_1"))
    for cut, how in (
        ((), {}),
        ((("down1", "add_1"),), {"wide": 0.0}),
        ((("down2", "add"),), {"middle": 0.0}),
        (flow.skips, {"wide": 0.0, "middle": 0.0}),
    ):
        with torch.no_grad():
            expected = plain(unet, NOISY, **how)
        assert torch.allclose(flow.run(NOISY, Edits(cut=frozenset(cut)))["up3"], expected, atol=1e-6), cut


def test_a_skip_connection_is_cut_for_its_end_alone():
    model = denoiser.load("residual_unet", device="cpu").model
    with torch.no_grad():
        skip = model.down(model.enter(model.tone(NOISY) - model.config.input_mean))
        x = model.up(model.grow(model.deep(model.shrink(skip))))
        expected = F.pixel_shuffle(model.leave(F.relu(x)), 2)
    flow = Flow(model)
    broken = flow.run(NOISY, Edits(cut=frozenset(flow.skips)))[flow.stages[-1].name]
    assert len(flow.skips) == 1 and torch.allclose(broken, expected, atol=1e-5)


def test_a_frozen_stage_gives_what_it_is_frozen_at(unet):
    flow = Flow(unet)
    mean = flow.run(NOISY)["down3"].mean(dim=0, keepdim=True)
    frozen = flow.run(NOISY, Edits(frozen={"down3": mean}))["up3"]
    with torch.no_grad():
        first = F.relu(unet.down1(NOISY))
        second = F.relu(unet.down2(F.max_pool2d(first, 2)))
        x = F.relu(unet.up2(F.interpolate(F.relu(unet.up1(mean)), scale_factor=2) + second))
        expected = F.relu(unet.up3(F.interpolate(x, scale_factor=2) + first))
    assert torch.allclose(frozen, expected, atol=1e-6)


def test_a_silent_channel_gives_nothing(unet):
    """As one without weights does, since a ReLU follows."""
    found = Flow(unet).run(NOISY, Edits(silenced=frozenset({("down1", 3), ("down1", 7)})))
    without = build("simple_unet").eval()
    without.load_state_dict(unet.state_dict())
    with torch.no_grad():
        for parameter in without.down1.parameters():
            parameter[[3, 7]] = 0
        assert torch.allclose(found["up3"], without(NOISY), atol=1e-6)
    assert found["down1"][:, [3, 7]].abs().max() == 0


def test_no_edit_outlives_its_run(unet):
    flow = Flow(unet)
    before = flow.run(NOISY)["up3"]
    flow.run(NOISY, Edits(frozenset(flow.skips), {"down3": torch.zeros(1, 64, 7, 7)}, frozenset({("down1", 0)})))
    assert torch.equal(flow.run(NOISY)["up3"], before)


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        (
            Edits(cut=frozenset({("up1", "up3")})),
            "no skip connection from up1 to up3: it has down2 to add, down1 to add_1",
        ),
        (Edits(frozen={"deep": torch.zeros(1)}), "no stage 'deep': it has noisy, down1"),
        (Edits(silenced=frozenset({("down1", 32)})), "down1 has no channel 32: they run from 0 to 31"),
        (Edits(silenced=frozenset({("down1", -1)})), "no channel -1"),
    ],
)
def test_what_is_not_there_cannot_be_changed(unet, edits, said):
    with pytest.raises(ValueError, match=said):
        Flow(unet).run(NOISY, edits)


def test_looking_leaves_the_network_in_its_mode():
    model = build("simple_unet").train()
    traced(model)
    assert model.training
