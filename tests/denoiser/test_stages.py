"""Each stage against the functions of the package that it is made of; and the committed graphs against the stages."""

import numpy as np
import pytest
import torch

import denoiser
from denoiser import KINDS, corrupt, digit_from_drawing
from denoiser.canvas import digits_from_canvases
from denoiser.cli.export import shapes
from denoiser.data.strokes import draw_strokes
from denoiser.export import stage_of
from denoiser.folding import folded
from denoiser.graphs import (
    FOLDER,
    STAGES,
    flat_weights,
    network_graph,
    network_graph_name,
    stage,
    stage_graph,
    stage_graph_name,
    weights_of,
)
from denoiser.metrics import psnr, ssim
from denoiser.models import CLASSIFIERS, MODELS, build, can_be_told
from denoiser.noise import FIELDS, described, field
from denoiser.onnx_runtime import Session
from denoiser.picture_files import nearest
from denoiser.pictures import DRAWING, to_bytes

NAMES = sorted(set(FIELDS) - {"poisson"})
NETWORKS = {network_graph_name(model, config): (model, config) for model, config in shapes()}


def drawings(count=24):
    """Lines, dots and curls by a pen of any width, on black or, every third, on white paper."""
    rng = np.random.default_rng(0)
    found = []
    for number in range(count):
        strokes = [rng.uniform(0.05, 0.95, (rng.integers(1, 7), 2)) for _ in range(rng.integers(1, 3))]
        drawing = draw_strokes(strokes, width=rng.uniform(8, 28) / 280, size=DRAWING)
        found.append(drawing if number % 3 else 255 - drawing)
    return [*found, np.zeros((DRAWING, DRAWING), np.uint8)]


def eager(name):
    return lambda *inputs: STAGES[name]()(*inputs)


def photo():
    shadow = np.linspace(120, 220, DRAWING)[None, :].repeat(DRAWING, axis=0)
    return (shadow + np.random.default_rng(0).normal(0, 3, shadow.shape)).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("run", [eager("drown"), stage("drown")], ids=["PyTorch", "ONNX Runtime"])
@pytest.mark.parametrize("kind", NAMES)
def test_drowning_is_centring_and_corrupting(run, kind):
    amounts = torch.tensor([0.0, 0.35, 0.9, 1.0])
    for seed, drawing in enumerate(drawings()):
        arguments = torch.tensor([KINDS.index(kind)]), torch.ones(1)
        digit, noisy, told, ink, is_photo = run(torch.tensor(drawing), field(FIELDS[kind], seed), amounts, *arguments)
        assert torch.allclose(digit, digit_from_drawing(drawing), atol=1e-5)
        assert bool(ink) == bool(digit.any()) and not is_photo
        assert torch.equal(told, described(kind, amounts, 4))
        for amount, one in zip(amounts, noisy, strict=True):
            same = corrupt(digit, float(amount), kind, generator=torch.Generator().manual_seed(seed))
            assert torch.allclose(one, same[0], atol=1e-5)


def test_what_is_not_told_is_all_zeros_and_a_photo_is_known():
    arguments = field("uniform", 0), torch.tensor([0.5]), torch.tensor([0]), torch.zeros(1)
    assert not stage("drown")(torch.tensor(drawings()[0]), *arguments)[2].any()
    assert stage("drown")(torch.tensor(photo()), *arguments)[4]


def test_what_is_noisy_already_is_taken_as_it_is():
    drawing = np.random.default_rng(0).integers(0, 256, (DRAWING, DRAWING), dtype=np.uint8)
    (noisy,) = stage("sample")(torch.tensor(drawing))
    assert np.array_equal(to_bytes(noisy[0, 0]), nearest(drawing))


def test_what_is_shown_are_bytes_and_scores():
    pictures = torch.rand(5, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    truth = pictures[2:3].clone()
    pixels, decibels, similar = stage("show")(pictures, truth)
    same = truth.expand_as(pictures).contiguous()
    assert np.array_equal(pixels.numpy(), to_bytes(pictures[:, 0]))
    assert torch.isinf(decibels[2]) and torch.allclose(decibels, psnr(pictures, same), atol=1e-4)
    assert torch.allclose(similar, ssim(pictures, same), atol=1e-5)


def test_many_canvases_are_each_as_if_alone():
    canvases = np.stack(drawings())
    alone = torch.cat([digit_from_drawing(canvas) for canvas in canvases])
    assert torch.allclose(digits_from_canvases(canvases), alone, atol=1e-5)


def test_the_committed_graphs_are_those_that_are_needed():
    assert {path.name for path in FOLDER.glob("*.onnx")} == {*NETWORKS, *map(stage_graph_name, STAGES)}
    assert all(stage_graph(name) for name in STAGES)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_graph_computes_what_the_network_does_with_any_weights(name):
    model, config = NETWORKS[name]
    with torch.random.fork_rng():  # the same weights in every run: some answer black to everything
        torch.manual_seed(0)
        network = build(model, config)
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for tensor in network.state_dict().values():
            if tensor.is_floating_point():  # also what starts as zero
                tensor.add_(0.05 * torch.rand(tensor.shape, generator=generator) - 0.025)
    expected = stage_of(network, model in CLASSIFIERS)
    pictures = torch.rand(3, 1, 28, 28, generator=generator)
    more = [described("speckle", torch.rand(3, generator=generator), 3)] if can_be_told(config) else []
    session = Session(network_graph(model, config).read_bytes(), weights_of(expected))
    with torch.inference_mode():
        result = expected(pictures, *more)
        assert torch.allclose(session(pictures, *more)[0], result, atol=1e-4)
        assert torch.allclose(session(pictures)[0], expected(pictures), atol=1e-4)  # told nothing
    assert result.std() > 1e-3


def test_a_shape_that_nobody_exported_has_no_graph():
    assert network_graph("residual_unet", {"width": 47}) is None
    assert network_graph("simple_unet", {"dropout": 0.5}) is not None  # it happens in training only
    with pytest.raises(ValueError, match="width"):
        network_graph("residual_unet", {"width": 0})


def test_weights_lie_one_behind_the_other_as_the_graph_names_them():
    import onnx

    network = denoiser.load_classifier(device="cpu")
    model = onnx.load(str(network_graph(network.info.model, network.info.config)), load_external_data=False)
    data, weights = flat_weights(network.stage), weights_of(network.stage)
    places = {each.name: {entry.key: entry.value for entry in each.external_data} for each in model.graph.initializer}
    outside = {name: place for name, place in places.items() if place}
    assert outside.keys() == weights.keys()
    for name, place in outside.items():
        assert place["location"] == "weights"
        start, length = int(place["offset"]), int(place["length"])
        stored = np.frombuffer(data[start : start + length], "<f4")
        assert np.array_equal(stored, weights[name].numpy().ravel())
    assert sum(int(place["length"]) for place in outside.values()) == len(data)


def test_folding_changes_nothing_but_the_steps():
    network = build("lean_classifier").eval()
    for layer in network.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(layer.running_mean), torch.nn.init.uniform_(layer.running_var, 0.5, 2)
    pictures = torch.rand(4, 1, 28, 28)
    with torch.inference_mode():
        assert torch.allclose(folded(network)(pictures), network(pictures), atol=1e-4)
    assert not any(isinstance(layer, torch.nn.BatchNorm2d) for layer in folded(network).modules())
    assert any(isinstance(layer, torch.nn.BatchNorm2d) for layer in network.modules())


@pytest.mark.parametrize("name", [*MODELS][:4])
def test_few_pictures_go_through_onnx_runtime_and_come_out_the_same(name):
    plain, quick = denoiser.load(name, device="cpu"), denoiser.load(name, device="cpu")
    quick.use_onnx_runtime()
    noisy = torch.rand(12, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    assert torch.equal(quick(noisy), plain(noisy))  # many do not
    assert not torch.equal(quick(noisy[:1]), plain(noisy[:1])) or name == "dense_autoencoder"
    assert torch.allclose(quick(noisy[:3]), plain(noisy[:3]), atol=1e-5)
    if quick.can_be_told:
        told = ("gaussian", torch.tensor([0.2, 0.5, 0.8]))
        assert torch.allclose(quick(noisy[:3], *told), plain(noisy[:3], *told), atol=1e-5)
    assert quick(noisy[:0]).shape == (0, 1, 28, 28)


def test_weights_of_another_network_are_refused():
    small, large = build("dense_autoencoder").eval(), build("simple_unet").eval()
    with pytest.raises(ValueError, match="export it anew"):
        Session(network_graph("simple_unet", {}).read_bytes(), weights_of(stage_of(small, False)))
    with pytest.raises(ValueError, match="export it anew"):
        Session(b"no model", weights_of(stage_of(large, False)))
