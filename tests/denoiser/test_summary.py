"""What the steps of a network cost, against what PyTorch counts one level below."""

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode

from denoiser.models import MODELS, build, parameter_count
from denoiser.models.summary import summary, totals
from denoiser.noise import described
from tests.denoiser.test_models import STEPS

EACH = [*((name, {}) for name in MODELS), ("residual_unet", {"told": True, "blocks_deep": 2, "width": 20})]


def told_of(config):
    return (described("blend", 0, 1),) if config.get("told") else ()


@pytest.mark.parametrize(("name", "config"), EACH)
def test_multiply_adds_are_half_of_the_operations_that_pytorch_counts(name, config):
    model = build(name, config)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model.eval()(torch.zeros(1, 1, 28, 28), *told_of(config))
    counted = counter.get_flop_counts()
    rows = summary(model)
    assert 2 * totals(rows)["multiply_adds"] == counter.get_total_flops() > 0
    for row in rows:
        if row["multiply_adds"]:
            layer = f"{type(model).__name__}.{row['layer']}"
            assert 2 * row["multiply_adds"] == sum(counted[layer].values()), layer


@pytest.mark.parametrize(("name", "config"), EACH)
def test_activations_take_the_memory_that_the_steps_claim(name, config):
    model = build(name, config)
    kept, claimed = [], {}

    class Claims(TorchDispatchMode):
        def __torch_dispatch__(self, function, types, args=(), kwargs=None):
            given = {x.untyped_storage().data_ptr() for x in args if isinstance(x, torch.Tensor)}
            output = function(*args, **(kwargs or {}))
            first = output if isinstance(output, torch.Tensor) else output[0]
            kept.append(first)  # so that no two of them lie in one place after the other
            where = first.untyped_storage()
            is_copy = function.overloadpacket.__name__ in ("clone", "_unsafe_view")  # of a reshape that moves numbers
            if where.data_ptr() not in given and (is_copy or function.overloadpacket.__name__.rstrip("_") in STEPS):
                claimed[where.data_ptr()] = where.nbytes()
            return output

    told = told_of(config)
    with torch.no_grad(), Claims():
        model.eval()(torch.zeros(1, 1, 28, 28), *told)
    assert totals(summary(model))["activation_bytes"] == sum(claimed.values())


def test_the_cost_of_simple_unet_by_hand():
    rows = [row for row in summary(build("simple_unet")) if row["parameters"]]
    assert [row["multiply_adds"] for row in rows] == [
        784 * 32 * 25, 196 * 64 * 32 * 25, 49 * 64 * 64 * 25, 49 * 64 * 64 * 25, 196 * 32 * 64 * 25, 784 * 32 * 25,
    ]  # fmt: skip
    assert [row["activation_bytes"] for row in rows] == [
        4 * each for each in (32 * 784, 64 * 196, 64 * 49, 64 * 49, 32 * 196, 784)
    ]
    assert totals(rows)["weight_bytes"] == 4 * 309_057


@pytest.mark.parametrize("name", MODELS)
def test_the_total_is_the_networks_own_number_of_weights(name):
    model = build(name)
    assert totals(summary(model))["parameters"] == parameter_count(model)
