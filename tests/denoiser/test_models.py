"""Every network against the numbers that define it."""

import pytest
import torch
from torch.nn import functional as F
from torch.utils._python_dispatch import TorchDispatchMode

from denoiser.models import CLASSIFIERS, DENOISERS, MODELS, build, config_of, parameter_count
from denoiser.models.layers import BINS, Dropout, ToneCurves
from denoiser.models.summary import summary
from denoiser.noise import KINDS, described


def dense(*widths):
    return sum(a * b + b for a, b in zip(widths, widths[1:], strict=False))


def conv(channels, width, side):
    return channels * width * side * side + width


COUNTS = {
    "simple_unet": 309_057,  # as its tutorial publishes it
    "conv_autoencoder": sum(conv(a, b, 3) for a, b in [(1, 32), (32, 64), (64, 128), (128, 64), (64, 32), (32, 1)]),
    "dense_autoencoder": dense(784, 128, 64, 12, 2) + dense(2, 12, 64, 128, 784),
    "tutorial_classifier": conv(1, 64, 3) + conv(64, 128, 3) + dense(14 * 14 * 128, 1024, 10),
}


@pytest.mark.parametrize("name", COUNTS)
def test_the_tutorials_networks_have_their_number_of_weights(name):
    assert parameter_count(build(name)) == COUNTS[name]


def test_the_default_network_is_within_its_budget():
    assert parameter_count(build("residual_unet")) <= 1_000_000


@pytest.mark.parametrize("name", MODELS)
def test_each_picture_is_treated_alone(name):
    model = build(name).eval()
    pictures = torch.rand(3, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        together = model(pictures)
        alone = torch.cat([model(picture[None]) for picture in pictures])
    assert together.shape == ((3, 10) if name in CLASSIFIERS else (3, 1, 28, 28))
    assert torch.allclose(together, alone, atol=1e-5)


@pytest.mark.parametrize("name", [name for name in DENOISERS if name != "dense_autoencoder"])
def test_a_few_updates_learn_one_picture(name):
    torch.manual_seed(0)
    model = build(name)
    clean = torch.zeros(2, 1, 28, 28)
    clean[:, :, 6:22, 12:16] = 1
    noisy = (clean * 0.5 + 0.5 * torch.rand(clean.shape)).clamp(0, 1)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    losses = []
    for _ in range(40):
        loss = F.mse_loss(model(noisy), clean)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]
    assert all(parameter.grad is not None for parameter in model.parameters())


def test_the_books_network_has_a_latent_of_128_by_7_by_7_and_no_skip():
    shapes = [row["shape"] for row in summary(build("conv_autoencoder")) if row["type"] == "Conv2d"]
    assert shapes == [
        [1, 32, 28, 28],
        [1, 64, 14, 14],
        [1, 128, 7, 7],
        [1, 64, 14, 14],
        [1, 32, 28, 28],
        [1, 1, 28, 28],
    ]
    model = build("conv_autoencoder").eval()
    x = torch.rand(1, 1, 28, 28)
    assert torch.equal(model(x), model.decoder(model.encoder(x)))


def test_simple_unet_adds_its_skips():
    """With the deepest layers silenced, what is left comes through the skip connections alone."""
    model = build("simple_unet").eval()
    torch.nn.init.zeros_(model.up1.weight)
    torch.nn.init.zeros_(model.up1.bias)
    x = torch.rand(1, 1, 28, 28)
    wide = F.relu(model.down1(x))
    middle = F.relu(model.down2(F.max_pool2d(wide, 2)))
    expected = F.relu(model.up3(F.interpolate(F.relu(model.up2(middle)), scale_factor=2) + wide))
    assert torch.allclose(model(x), expected, atol=1e-6)


def test_the_default_network_starts_as_its_outer_layers_alone():
    """Residual branches begin at zero, so depth costs nothing at the start of training."""
    model = build("residual_unet")
    torch.nn.init.normal_(model.leave.weight)  # at first it answers every picture alike
    x = torch.rand(2, 1, 28, 28)
    skip = model.enter(model.tone(x) - model.config.input_mean)
    expected = F.pixel_shuffle(model.leave(F.relu(model.grow(model.shrink(skip)) + skip)), 2)
    assert expected.std() > 0.1 and torch.allclose(model(x), expected, atol=1e-5)


def test_a_pictures_excess_tells_its_histogram():
    """Of as many pixels in each of the bins: summed up from the counts as a histogram is."""
    counts = torch.tensor([0, 3, 0, 781] + [0] * (BINS - 4))
    pictures = ((torch.arange(BINS) + 0.5) / BINS).repeat_interleave(counts).reshape(1, 1, 28, 28)
    excess = ToneCurves.excess(torch.cat([pictures, pictures.flip(2, 3), torch.ones(1, 1, 28, 28)]))
    above = [3 * (1.5 - level) * (level < 2) + 781 * (3.5 - level) for level in range(4)] + [0] * (BINS - 4)
    assert torch.allclose(excess[0], torch.tensor(above) / (784 * BINS), atol=1e-6)
    assert torch.allclose(excess[1], excess[0], atol=1e-7)
    assert torch.allclose(excess[2], 1 - torch.arange(BINS) / BINS, atol=1e-6)


def test_pixels_outside_their_range_stay_their_own_pictures_trouble():
    pictures = torch.full((3, 1, 28, 28), 0.5)
    pictures[0, 0, 0, 0], pictures[1] = float("nan"), 7.0
    toned = ToneCurves(3)(pictures)
    assert toned[0].isnan().any() and toned[1:].isfinite().all()


def test_tone_curves_start_as_the_picture_and_steps_up_and_down():
    pictures = torch.rand(2, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    toned = ToneCurves(3)(pictures).unflatten(1, (4, 3))  # [N, place in a square, curve, 14, 14]
    squares = F.pixel_unshuffle(pictures, 2)
    assert torch.equal(toned[:, :, 0], squares)
    assert torch.allclose(toned[:, :, 1], (0.5 - 4 * (squares - 1.5 / 3)).clamp(0, 1), atol=1e-6)
    assert torch.allclose(toned[:, :, 2], (0.5 + 4 * (squares - 2.5 / 3)).clamp(0, 1), atol=1e-6)


def test_tone_curves_follow_the_histogram_and_not_the_places():
    torch.manual_seed(0)
    layer = ToneCurves(2)
    torch.nn.init.normal_(layer.choose.weight, std=0.3)
    picture = torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed(1))
    turned = layer(picture.rot90(2, (2, 3)))
    assert torch.allclose(turned.unflatten(1, (4, 2)).flip(1, 3, 4).flatten(1, 2), layer(picture), atol=1e-6)
    darker = picture.clone()
    darker[..., 14:, :] *= 0.5  # half of the picture changes, and so does what the other half looks like
    assert not torch.allclose(layer(darker)[:, :, :7], layer(picture)[:, :, :7], atol=1e-3)


def test_tone_curves_are_as_precise_under_autocast():
    torch.manual_seed(0)
    layer = ToneCurves(4)
    torch.nn.init.normal_(layer.choose.weight, std=0.3)
    picture = torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed(1))
    with torch.autocast("cpu", torch.bfloat16):
        mixed = layer(picture)
    assert torch.equal(mixed, layer(picture))


def test_dropout_keeps_the_mean_and_rests_in_evaluation():
    layer = Dropout(0.3)
    layer.generator = torch.Generator().manual_seed(1)
    x = torch.ones(1000, 100)
    dropped = layer.train()(x)
    assert float((dropped == 0).double().mean()) == pytest.approx(0.3, abs=0.01)
    assert float(dropped.mean()) == pytest.approx(1.0, abs=0.02)
    assert torch.equal(layer.eval()(x), x)


def test_a_configuration_builds_the_same_network_again():
    model = build("residual_unet", {"width": 8, "blocks_deep": 1})
    again = build("residual_unet", config_of(model))
    assert {k: v.shape for k, v in model.state_dict().items()} == {k: v.shape for k, v in again.state_dict().items()}


@pytest.mark.parametrize(
    ("name", "config", "message"),
    [
        ("vgg", {}, "unknown model 'vgg': choose one of residual_unet"),
        ("residual_unet", {"depth": 3}, "has no setting 'depth'"),
        ("residual_unet", {"width": 10**9}, "width must be a whole number from 1 to 512"),
        ("residual_unet", {"width": "64"}, "width must be a whole number"),
        ("simple_unet", {"width": 8}, "it takes dropout"),
    ],
)
def test_what_cannot_be_built_is_refused(name, config, message):
    with pytest.raises(ValueError, match=message):
        build(name, config)


def test_a_network_that_can_be_told_listens_picture_by_picture_and_does_without():
    torch.manual_seed(0)
    plain, model = build("residual_unet").eval(), build("residual_unet", {"told": True}).eval()
    pictures = torch.rand(3, 1, 28, 28)
    for network in (plain, model):
        torch.nn.init.normal_(network.leave.weight, std=0.1)  # at first it answers everything alike
    told = described("gaussian", torch.tensor([0.1, 0.5, 0.9]), 3)
    with torch.no_grad():
        assert torch.equal(model(pictures, told), model(pictures))  # it has not learned to listen yet
        torch.nn.init.normal_(model.told.weight)
        answers = model(pictures, told)
        assert not torch.isclose(answers, model(pictures)).flatten(1).all(dim=1).any()
        told[0] = 0
        assert torch.equal(model(pictures, told)[0], model(pictures)[0])
        assert torch.equal(model(pictures, told)[1:], answers[1:])
        with torch.autocast("cpu", torch.bfloat16):
            assert torch.allclose(model(pictures, told).float()[1:], answers[1:], atol=0.3)
        with pytest.raises(ValueError, match="cannot be told kind and amount of the noise: let it find out"):
            plain(pictures, told)
    assert parameter_count(model) - parameter_count(plain) == model.told.weight.numel()


def test_a_network_is_told_nothing_of_a_kind_that_came_after_it():
    torch.manual_seed(0)
    model = build("residual_unet", {"told": True, "told_kinds": 3}).eval()
    for layer in (model.leave, model.told):
        torch.nn.init.normal_(layer.weight, std=0.1)
    pictures = torch.rand(2, 1, 28, 28)
    answers = {kind: model(pictures, described(kind, 0.5, 2)) for kind in KINDS}
    told = [not torch.allclose(answer, model(pictures), atol=1e-3) for answer in answers.values()]
    assert told == [place < 3 for place in range(len(KINDS))]
    assert not torch.allclose(answers["blend"], answers["gaussian"], atol=1e-3)
    with pytest.raises(ValueError, match=f"told_kinds must be a whole number from 1 to {len(KINDS)}"):
        build("residual_unet", {"told": True, "told_kinds": len(KINDS) + 1})


def test_only_a_network_with_tone_curves_can_be_told():
    for told in (1, "yes", None):
        with pytest.raises(ValueError, match="told must be true or false"):
            build("residual_unet", {"told": told})
    with pytest.raises(ValueError, match="needs tone curves: give tone_curves at least 1"):
        build("residual_unet", {"told": True, "tone_curves": 0})


@pytest.mark.parametrize(
    ("name", "config"), [*((name, {}) for name in MODELS), ("residual_unet", {"told": True, "dropout": 0.2})]
)
def test_the_summary_has_every_weight_and_every_step_of_the_forward_pass(name, config):
    """The steps against what PyTorch's dispatcher is asked for, one level below."""
    model = build(name, config)
    rows = summary(model)
    assert sum(row["parameters"] for row in rows) == sum(weight.numel() for weight in model.parameters())
    done = []

    class Dispatched(TorchDispatchMode):
        def __torch_dispatch__(self, function, types, args=(), kwargs=None):
            output = function(*args, **(kwargs or {}))
            step = STEPS.get(function.overloadpacket.__name__.rstrip("_"))
            if step is not None and isinstance(args[0], torch.Tensor):
                done.append((step, list((output if isinstance(output, torch.Tensor) else output[0]).shape)))
            return output

    told = (described("blend", 0, 1),) if config.get("told") else ()
    with torch.no_grad(), Dispatched():
        model.eval()(torch.zeros(1, 1, 28, 28), *told)
    names = {"Conv2d": "Convolution", "ConvTranspose2d": "Convolution"}
    views = ("Flatten", "Reshape", "Dropout")  # which compute nothing, dropout at least in evaluation mode
    told_of = [(names.get(row["type"], row["type"]), row["shape"]) for row in rows if row["type"] not in views]
    assert told_of == done


STEPS = {
    "convolution": "Convolution", "addmm": "Linear", "mm": "Linear", "native_batch_norm": "BatchNorm2d",
    "_native_batch_norm_legit_no_training": "BatchNorm2d", "_batch_norm_with_update": "BatchNorm2d",
    "relu": "ReLU", "gelu": "GELU", "tanh": "Tanh", "max_pool2d_with_indices": "MaxPool2d", "max_pool2d": "MaxPool2d",
    "avg_pool2d": "AvgPool2d", "upsample_nearest2d": "Upsample", "pixel_shuffle": "PixelShuffle",
    "pixel_unshuffle": "PixelUnshuffle", "add": "Add", "sub": "Subtract", "mul": "Multiply", "div": "Divide",
    "addcmul": "MultiplyAdd", "clamp": "Clamp", "clamp_min": "Clamp", "mean": "Mean",
}  # fmt: skip


def test_the_tutorials_table_of_shapes_is_the_summarys():
    """SimpleUNet as its tutorial tells it: pooled on the way down, upsampled and added to on the way up."""
    steps = [(row["type"], row["shape"][1:]) for row in summary(build("simple_unet")) if row["type"] != "Dropout"]
    wide, middle, deep = [32, 28, 28], [64, 14, 14], [64, 7, 7]
    assert steps == [
        *(("Conv2d", wide), ("ReLU", wide), ("MaxPool2d", [32, 14, 14])),
        *(("Conv2d", middle), ("ReLU", middle), ("MaxPool2d", deep)),
        *(("Conv2d", deep), ("ReLU", deep), ("Conv2d", deep), ("ReLU", deep)),
        *(("Upsample", middle), ("Add", middle), ("Conv2d", [32, 14, 14]), ("ReLU", [32, 14, 14])),
        *(("Upsample", wide), ("Add", wide), ("Conv2d", [1, 28, 28]), ("ReLU", [1, 28, 28])),
    ]
