"""A look into a network: what is shown is what the network computes, and what a part carries is measured."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional as F

import denoiser
from denoiser.data import draw_strokes
from denoiser.metrics import psnr
from denoiser.models.flow import Edits, Flow
from serving.errors import Busy
from serving.examples import ExampleDigits
from serving.flow import DIGITS, FlowViewer, Wish
from serving.flow_channel import ChannelViewer
from serving.live import LiveDenoiser, LiveRequest
from serving.looks import Looks

SEVEN = draw_strokes([np.array([[0.3, 0.25], [0.7, 0.25], [0.45, 0.8]])], width=0.07)
REQUEST = LiveRequest(SEVEN, 0.5, "blend", seed=5, model="simple_unet")
SKIPS = (("down2", "add"), ("down1", "add_1"))


@pytest.fixture(scope="module")
def live() -> LiveDenoiser:
    return LiveDenoiser(device="cpu")


@pytest.fixture(scope="module")
def viewer(live: LiveDenoiser) -> FlowViewer:
    return FlowViewer(live, ExampleDigits())


@pytest.fixture(scope="module")
def channels(live: LiveDenoiser, viewer: FlowViewer) -> ChannelViewer:
    return ChannelViewer(live, viewer)


def drowned(request: LiveRequest = REQUEST) -> torch.Tensor:
    digit = denoiser.digit_from_drawing(SEVEN)
    return denoiser.corrupt(digit, request.amount, request.kind, generator=torch.Generator().manual_seed(request.seed))


def test_every_map_is_what_the_stage_makes_of_the_noisy_digit(viewer: FlowViewer) -> None:
    expected = Flow(denoiser.load("simple_unet", device="cpu").model).run(drowned())
    flowed = viewer.look(REQUEST, Wish())
    assert [maps.stage.name for maps in flowed.maps] == list(expected) and flowed.skips == SKIPS
    for maps in flowed.maps:
        values = expected[maps.stage.name][0].numpy()
        painted = maps.values.astype(np.float32) * maps.brightest / 127
        clipped = values.clip(-maps.brightest, maps.brightest)
        assert np.abs(painted - clipped).max() <= 0.51 * maps.brightest / 127 + 1e-6
    assert flowed.whole is not None and flowed.edited is not None and flowed.whole.psnr == flowed.edited.psnr


def test_what_is_broken_is_shown_beside_what_is_whole(viewer: FlowViewer) -> None:
    flow = Flow(denoiser.load("simple_unet", device="cpu").model)
    digit = denoiser.digit_from_drawing(SEVEN)
    flowed = viewer.look(REQUEST, Wish(cut=(SKIPS[1],)))
    broken = flow.run(drowned(), Edits(cut=frozenset({SKIPS[1]})))["up3"].clamp(0, 1)
    assert flowed.whole is not None and flowed.edited is not None
    assert flowed.whole.psnr == pytest.approx(float(psnr(flow.run(drowned())["up3"].clamp(0, 1), digit)), abs=1e-3)
    assert flowed.edited.psnr == pytest.approx(float(psnr(broken, digit)), abs=1e-3)
    assert flowed.edited.psnr < flowed.whole.psnr


@pytest.mark.parametrize(
    "wish",
    [Wish(cut=(SKIPS[0],)), Wish(frozen=("down3",)), Wish(silenced=(("down1", 5),))],
    ids=["cut", "frozen", "silent"],
)
def test_what_a_part_carries_is_measured_on_test_digits(viewer: FlowViewer, wish: Wish) -> None:
    digits = ExampleDigits().some(DIGITS)
    noisy = denoiser.corrupt(digits.images, 0.4, "gaussian", generator=torch.Generator().manual_seed(0))
    flow = Flow(denoiser.load("simple_unet", device="cpu").model)
    found = flow.run(noisy)
    means = {name: found[name].mean(dim=0, keepdim=True) for name in wish.frozen}
    edited = flow.run(noisy, Edits(frozenset(wish.cut), means, frozenset(wish.silenced)))
    cost = viewer.cost("simple_unet", wish, "gaussian", 0.4)
    for value, pictures in ((cost.whole, found["up3"]), (cost.edited, edited["up3"])):
        error = F.mse_loss(pictures.clamp(0, 1), digits.images)
        assert value == pytest.approx(float(-10 * error.log10()), abs=1e-3)
    assert cost.digits == len(digits) and cost.source == digits.source


def test_a_channel_is_shown_with_what_the_next_stage_makes_of_it(channels: ChannelViewer) -> None:
    flow = Flow(denoiser.load("simple_unet", device="cpu").model)
    found = channels.look(REQUEST, Wish(), "down1", 4)
    whole = flow.run(drowned())
    silent = flow.run(drowned(), Edits(silenced=frozenset({("down1", 4)})))
    assert (found.low, found.high) == pytest.approx(
        (float(whole["down1"][0, 4].min()), float(whole["down1"][0, 4].max()))
    )
    assert found.next == "down2"
    added = (whole["down2"] - silent["down2"])[0]
    sizes = added.abs().mean(dim=(1, 2))
    assert [each.channel for each in found.changes] == sizes.argsort(descending=True)[:6].tolist()
    assert [each.size for each in found.changes] == pytest.approx(sizes.sort(descending=True).values[:6].tolist())
    first = found.changes[0]
    assert np.array_equal(
        np.sign(first.values), np.sign((127 * added[first.channel] / added.abs().max()).round().numpy())
    )


def test_what_it_answers_to_is_where_it_is_strongest(viewer: FlowViewer, channels: ChannelViewer) -> None:
    found = channels.look(REQUEST, Wish(), "down1", 4)
    _, noisy = viewer.reference("blend", 0.5)
    output = Flow(denoiser.load("simple_unet", device="cpu").model).run(noisy)["down1"][:, 4]
    strongest = output.flatten(1).max(dim=1).values.sort(descending=True)
    assert [each.activation for each in found.answers] == pytest.approx(strongest.values[:6].tolist())
    digit = int(strongest.indices[0])
    row, column = divmod(int(output[digit].argmax()), 28)
    middle = found.answers[0].pixels[4, 4]
    assert middle == round(255 * float(noisy[digit, 0, row, column]))


def test_the_last_stage_has_none_after_it_and_a_dense_one_has_numbers(channels: ChannelViewer) -> None:
    assert channels.look(REQUEST, Wish(), "up3", 0).next is None
    dense = channels.look(replace(REQUEST, model="dense_autoencoder"), Wish(), "encoder_6", 1)
    with torch.no_grad():
        codes = denoiser.load("dense_autoencoder", device="cpu").model.encoder(drowned().flatten(1))
    assert dense.low == dense.high == pytest.approx(float(codes[0, 1]), rel=1e-4)
    assert dense.answers[0].pixels.shape == (28, 28)


def test_a_tone_curve_is_what_the_stage_does_to_brightness(channels: ChannelViewer) -> None:
    request = replace(REQUEST, model="residual_unet")
    tone = channels.look(request, Wish(), "tone", 11).tone
    assert tone is not None and channels.look(request, Wish(), "enter", 0).tone is None
    network = denoiser.load("residual_unet", device="cpu").model
    noisy = drowned()
    with torch.no_grad():
        shown = network.tone(noisy)[0, 11]
    curves = network.config.tone_curves
    pixels = F.pixel_unshuffle(noisy, 2)[0, 11 // curves]
    assert torch.allclose((tone.slope * pixels + tone.offset).clamp(0, 1), shown, atol=1e-5)
    assert sum(tone.histogram) == pytest.approx(1, abs=1e-5)
    alone = channels.look(replace(request, amount=0.3), Wish(), "tone", 11).tone
    assert alone is not None and alone.slope == pytest.approx({a: s for a, s, _ in tone.others}[0.3], rel=1e-4)


@pytest.mark.parametrize("model", ["residual_unet", "simple_unet", "dense_autoencoder"])
def test_where_it_looks_is_how_the_pixel_moves_when_another_one_does(
    live: LiveDenoiser, viewer: FlowViewer, model: str
) -> None:
    """Against central differences, in double precision."""
    looked = Looks(live, viewer).look(replace(REQUEST, model=model), 12, 15)
    assert looked.gradient is not None
    network, noisy = denoiser.load(model, device="cpu").model.double(), drowned().double()
    strong = np.argwhere(np.abs(looked.gradient) > 60)[:6]
    for row, column in [*strong.tolist(), [0, 0]]:
        ends = []
        for step in (1e-5, -1e-5):
            moved = noisy.clone()
            moved[0, 0, row, column] += step
            with torch.no_grad():
                ends.append(float(network(moved)[0, 0, 12, 15]))
        slope = (ends[0] - ends[1]) / 2e-5
        assert looked.gradient[row, column] * looked.strongest / 127 == pytest.approx(
            slope, abs=0.02 * looked.strongest
        )


def test_the_field_of_a_small_convolution_is_counted(live: LiveDenoiser, viewer: FlowViewer) -> None:
    """Pooling twice, and 3×3 at each size: the book's autoencoder sees at most 44 pixels, fewer at a corner."""
    looked = Looks(live, viewer).look(replace(REQUEST, model="conv_autoencoder"), 0, 0)
    top, left, bottom, right = looked.field
    assert (top, left) == (0, 0) and bottom < 22 and right < 22
    assert looked.gradient is not None
    shares = np.sort(np.abs(looked.gradient.astype(float)).ravel())[::-1].cumsum()
    assert looked.pixels == pytest.approx(int((shares < 0.9 * shares[-1]).sum()) + 1, abs=3)


@pytest.mark.parametrize("place", [(-1, 0), (0, 28), (0.5, 3), (True, 2), ("1", 2)])
def test_a_pixel_that_is_not_there_is_told(live: LiveDenoiser, viewer: FlowViewer, place: tuple[Any, Any]) -> None:
    with pytest.raises(ValueError, match="whole numbers from 0 to 27"):
        Looks(live, viewer).look(REQUEST, *place)


def test_without_ink_there_is_a_hint(live: LiveDenoiser, viewer: FlowViewer, channels: ChannelViewer) -> None:
    nothing = LiveRequest(np.zeros((112, 112), np.uint8))
    assert viewer.look(nothing, Wish()).hint == channels.look(nothing, Wish(), "tone", 0).hint == "no_ink"
    assert Looks(live, viewer).look(nothing, 3, 3).hint == "no_ink"


def test_parts_that_are_not_there_are_told(viewer: FlowViewer, channels: ChannelViewer) -> None:
    with pytest.raises(ValueError, match="no stage 'magic'"):
        viewer.look(REQUEST, Wish(frozen=("magic",)))
    with pytest.raises(ValueError, match="no skip connection from a to b"):
        viewer.cost("simple_unet", Wish(cut=(("a", "b"),)), "blend", 0.5)
    with pytest.raises(ValueError, match="no channel 32"):
        channels.look(REQUEST, Wish(), "down1", 32)
    with pytest.raises(ValueError, match="no stage 'magic'"):
        channels.look(REQUEST, Wish(), "magic", 0)
    with pytest.raises(ValueError, match="at most 64 parts"):
        Wish(silenced=tuple(("down1", 0) for _ in range(65)))


def test_what_is_kept_is_bounded_and_the_bound_on_work_holds(live: LiveDenoiser, viewer: FlowViewer) -> None:
    for place in range(20):
        viewer.cost("dense_autoencoder", Wish(frozen=("encoder_6",)), "blend", place / 20)
    assert len(viewer._kept) <= 8
    busy = LiveDenoiser(device="cpu", at_once=1)
    with busy.place(), pytest.raises(Busy):
        FlowViewer(busy, ExampleDigits()).look(REQUEST, Wish())
