"""What is shipped loads, denoises and reads; the global state rests."""

import shutil

import pytest
import torch
from torch.nn import functional as F

import denoiser
from denoiser import TrainingConfig, TrainingRun, available, corrupt, load, load_classifier
from denoiser.data import handwritten_digits
from denoiser.inference import CHECKPOINTS as SHIPPED
from denoiser.models import DENOISERS

SHIPPED_DENOISERS = {"residual_unet", "simple_unet", "conv_autoencoder", "dense_autoencoder"}


@pytest.fixture(scope="module")
def digits():
    return handwritten_digits(100, seed=5)


def test_every_shipped_denoiser_is_listed_the_default_first():
    infos = available()
    assert infos[0].name == "residual_unet"
    assert {info.name for info in infos} == SHIPPED_DENOISERS <= set(DENOISERS)
    assert infos[0].parameters <= 1_000_000
    assert all(info.steps > 0 and info.data for info in infos)


@pytest.mark.parametrize("name", sorted(SHIPPED_DENOISERS - {"dense_autoencoder"}))
def test_shipped_weights_denoise_digits_they_have_never_seen(name, digits):
    noisy = corrupt(digits.images, 0.5, generator=torch.Generator().manual_seed(0))
    denoised = load(name, device="cpu")(noisy)
    assert F.mse_loss(denoised, digits.images) < 0.3 * F.mse_loss(noisy, digits.images)


def test_two_numbers_a_digit_still_say_which_digit(digits):
    """The fully connected autoencoder blurs; a coarse picture of the digit is what passes its code."""
    noisy = corrupt(digits.images, 0.5, "gaussian", generator=torch.Generator().manual_seed(0))
    denoised = load("dense_autoencoder", device="cpu")(noisy)
    assert F.mse_loss(denoised, digits.images) < 0.75 * F.mse_loss(noisy, digits.images)


def test_the_reader_reads(digits):
    probabilities = load_classifier(device="cpu")(digits.images)
    assert torch.allclose(probabilities.sum(dim=1), torch.ones(100), atol=1e-5)
    assert (probabilities.argmax(dim=1) == digits.labels).double().mean() >= 0.95


def test_calls_touch_no_global_state_and_leave_ordinary_tensors(digits):
    network = load(device="cpu")
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    noisy = digits.images[:3].clone().requires_grad_()
    denoised = network(noisy)
    assert torch.is_grad_enabled()
    assert torch.equal(state, torch.get_rng_state())
    assert torch.get_num_threads() == threads
    assert not denoised.requires_grad
    assert not denoised.is_inference()
    assert denoised.min() >= 0 and denoised.max() <= 1


def test_many_pictures_are_denoised_as_each_one_alone(digits):
    network = load(device="cpu")
    many = digits.images.repeat(4, 1, 1, 1)  # more than one batch
    together = network(many)
    assert torch.allclose(together[-1:], network(many[-1:]), atol=1e-4)
    assert network(many[:0]).shape == (0, 1, 28, 28)


def test_the_fastest_precision_costs_no_quality(digits):
    clean = digits.images.repeat(10, 1, 1, 1)  # of one digit alone the error moves by more than is allowed here
    noisy = corrupt(clean, torch.linspace(0, 1, 1000), generator=torch.Generator().manual_seed(0))
    exact, fast = (load(device="cpu", precision=precision) for precision in ("float32", "fastest"))
    assert torch.equal(fast(noisy[:5]), exact(noisy[:5]))  # few pictures: nothing to gain
    denoised = fast(noisy)
    assert denoised.dtype == torch.float32 and (denoised - exact(noisy)).abs().mean() < 0.002
    errors = [float(F.mse_loss(pictures, clean)) for pictures in (denoised, exact(noisy))]
    assert errors[0] == pytest.approx(errors[1], rel=2e-3)
    with pytest.raises(ValueError, match="unknown precision 'half': choose float32 or fastest"):
        load(precision="half")


def test_a_wrong_name_or_shape_is_refused():
    with pytest.raises(ValueError, match="unknown model 'vgg': choose one of default, "):
        load("vgg")
    with pytest.raises(ValueError, match="is a classifier, not a denoiser"):
        load("lean_classifier")
    with pytest.raises(ValueError, match="is a denoiser, not a classifier"):
        load_classifier("residual_unet")
    with pytest.raises(FileNotFoundError, match="no file at"):
        load("nowhere/x.safetensors")
    with pytest.raises(ValueError, match=r"\[28, 28\]"):
        load(device="cpu")(torch.zeros(28, 28))


def test_importing_does_nothing(tmp_path):
    """Nothing is read, printed, seeded or threaded by the import alone."""
    import subprocess
    import sys
    from pathlib import Path

    program = (
        "import torch; before = torch.get_rng_state(), torch.get_num_threads(); import denoiser, sys;"
        "assert torch.equal(before[0], torch.get_rng_state()) and before[1] == torch.get_num_threads();"
        "assert not {'gradio', 'skimage', 'scipy', 'matplotlib.pyplot'} & set(sys.modules), 'heavy import'"
    )
    root = Path(denoiser.__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=root)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_told_kind_and_amount_the_default_network_does_a_little_better():
    clean = handwritten_digits(300, seed=6).images
    network = load(device="cpu")
    amounts = (torch.arange(300) + 0.5) / 300
    for kind, share in (("speckle", 0.99), ("poisson", 0.995)):
        noisy = corrupt(clean, amounts, kind, generator=torch.Generator().manual_seed(0))
        alone, told = (float(F.mse_loss(x, clean)) for x in (network(noisy), network(noisy, kind, amounts)))
        assert told < share * alone
        assert torch.allclose(
            network(noisy[7:8], kind, float(amounts[7])), network(noisy, kind, amounts)[7:8], atol=1e-5
        )
    assert network(noisy[:0], "blend", 0.5).shape == (0, 1, 28, 28)


def test_what_cannot_be_told_says_so():
    x = torch.zeros(2, 1, 28, 28)
    assert not load("simple_unet", device="cpu").can_be_told
    with pytest.raises(ValueError, match="simple_unet cannot be told the noise: take residual_unet, or do not tell"):
        load("simple_unet", device="cpu")(x, "blend", 0.5)
    network = load(device="cpu")
    for half in ({"kind": "blend"}, {"amount": 0.5}):
        with pytest.raises(ValueError, match="told together: give both or neither"):
            network(x, **half)
    with pytest.raises(ValueError, match="unknown kind of noise 'fog'"):
        network(x, "fog", 0.5)
    with pytest.raises(ValueError, match=r"amount must lie in \[0, 1\]"):
        network(x, "blend", 2)
    for foreign in (None, torch.tensor(0.5), torch.zeros(28, 28)):
        with pytest.raises(ValueError, match=r"must be .*\[N, 1, 28, 28\]"):
            network(foreign, "blend", 0.5)


@pytest.fixture
def other_checkpoints(tmp_path, monkeypatch):
    """A folder of shipped networks in the place of the project's own."""
    monkeypatch.setattr("denoiser.inference.CHECKPOINTS", tmp_path)
    available.cache_clear()
    yield tmp_path
    available.cache_clear()


def test_a_shipped_name_above_another_networks_weights_is_refused(other_checkpoints, monkeypatch):
    shutil.copy(SHIPPED / "simple_unet.safetensors", other_checkpoints / "residual_unet.safetensors")
    monkeypatch.chdir(other_checkpoints.parent)
    relative = f"{other_checkpoints.name}/residual_unet.safetensors"
    for read in (load, lambda: load("residual_unet"), lambda: load(relative), available):
        with pytest.raises(ValueError, match="its name says residual_unet, and it holds a simple_unet: put the right"):
            read()
    shutil.copy(SHIPPED / "simple_unet.safetensors", other_checkpoints / "mine.safetensors")
    assert load("mine").info.model == "simple_unet"


def test_a_missing_default_is_named_with_what_is_left(other_checkpoints):
    with pytest.raises(ValueError) as caught:
        load()
    assert str(caught.value).startswith("the default network is missing: put residual_unet.safetensors into ")
    shutil.copy(SHIPPED / "simple_unet.safetensors", other_checkpoints)
    with pytest.raises(ValueError, match="again, or choose simple_unet$"):
        load()
    with pytest.raises(ValueError, match="unknown model 'vgg': choose one of simple_unet$"):
        load("vgg")


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
@pytest.mark.parametrize(
    ("device", "message"),
    [
        ("cuda", "there is no cuda here, or this PyTorch cannot use it: choose cpu"),
        ("cuda:3", "there is no cuda:3 here"),
        (torch.device("cuda"), "there is no cuda here"),
        ("gpu", "no device is called 'gpu': choose cpu"),
        ("meta", "there is no meta here"),
        (7.5, "no device is called 7.5"),
    ],
)
def test_a_device_that_is_not_there_is_one_line_with_what_is(device, message):
    for use in (load, load_classifier, lambda device: TrainingRun(TrainingConfig(steps=1, data="own"), device=device)):
        with pytest.raises(ValueError) as caught:
            use(device=device)
        assert message in str(caught.value) and "leave the device out" in str(caught.value)
        assert "\n" not in str(caught.value)
