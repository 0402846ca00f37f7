"""The average of a run is what PyTorch's own averaging makes of it, statistics of the normalisations included."""

from dataclasses import replace

import pytest
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel

from denoiser import TrainingConfig, TrainingRun
from denoiser.train.state import state_bytes, state_from_bytes

SMALL = {
    "lean_classifier": dict(width=4, middle_width=4, deep_width=8),
    "residual_unet": dict(width=8, deep_width=8, blocks_deep=1),
}


def config(model, **changes):
    plain = dict(steps=40, batch_size=16, learning_rate=1e-2, average=0.9, precision="float32")
    return TrainingConfig(model=model, model_config=SMALL[model], **(plain | changes))


def oracle(model, decay):
    """PyTorch's average with the same decay; it would take over the first weights, were it not told of a step."""

    def average(old, new, number):
        kept = torch.minimum(torch.tensor(decay), number / (9 + number))
        return kept * old + (1 - kept) * new if old.is_floating_point() else new

    averaged = AveragedModel(model, avg_fn=average, use_buffers=True)
    averaged.n_averaged += 1
    return averaged


@pytest.mark.parametrize("layout", ["float32", "float32_channels_last"])
@pytest.mark.parametrize("model", SMALL)
def test_the_average_is_pytorchs_own(bars, model, layout):
    run = TrainingRun(config(model, precision=layout), data=bars)
    averaged = oracle(run.model, run.config.average)
    for step in run:
        averaged.update_parameters(run.model)
        if step.step == 25:
            break
    expected, found = averaged.module.state_dict(), run.best_network().state_dict()
    assert expected.keys() == found.keys()
    for key, tensor in expected.items():
        assert torch.allclose(found[key].double(), tensor.double(), rtol=1e-4, atol=1e-6), key


def test_an_averaged_reader_reads_as_well_as_the_weights_it_averages(bars):
    """With the statistics it was made with, it read one digit in ten."""
    run = TrainingRun(config("lean_classifier", steps=150, schedule="one_cycle"), data=bars)
    *_, _ = run
    read = run.reader()(bars.images).argmax(dim=1)
    assert (read == bars.labels).double().mean() > 0.9


def test_a_state_saved_without_statistics_is_mended(bars):
    """As states were once written: the average's statistics are those of fresh layers."""
    run = TrainingRun(config("lean_classifier"), data=bars)
    for step in run:
        if step.step == 20:
            break
    state = run.state()
    fresh = {"running_mean": torch.zeros_like, "running_var": torch.ones_like, "num_batches_tracked": torch.zeros_like}
    old = {
        key: fresh[key.split(".")[-1]](tensor) if key.startswith("average.") and key.split(".")[-1] in fresh else tensor
        for key, tensor in state.tensors.items()
    }
    resumed = TrainingRun(run.config, state_from_bytes(state_bytes(replace(state, tensors=old))), data=bars)
    for network, name in ((run.model, "model"), (resumed.best_network(), "resumed")):
        norms = [layer for layer in network.modules() if isinstance(layer, nn.BatchNorm2d)]
        assert norms and all(norm.num_batches_tracked == 20 for norm in norms), name
    for mended, trained in zip(resumed.best_network().buffers(), run.model.buffers(), strict=True):
        assert torch.equal(mended, trained)
