"""The optimizers are PyTorch's own, without its compiler."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from denoiser import TrainingConfig
from denoiser.train.optimizers import OPTIMIZERS, make_optimizer

ROOT = Path(__file__).parents[3]
TRAIN = """
import sys, torch
from denoiser import Digits, TrainingConfig, TrainingRun
digits = Digits(torch.rand(20, 1, 28, 28))
for optimizer in ("adam", "adamw", "sgd", "muon"):
    how = TrainingConfig(model="dense_autoencoder", optimizer=optimizer, steps=2, batch_size=4, clip_gradient=1.0)
    run = TrainingRun(how, data=digits, held_out=digits)
    next(run)
    list(TrainingRun(how, run.state(), data=digits, held_out=digits))
print("torch._dynamo" in sys.modules)
"""


def test_training_does_not_wait_for_the_compiler_to_be_imported():
    """It takes two seconds, which whoever starts a run would wait for its first step."""
    done = subprocess.run([sys.executable, "-c", TRAIN], cwd=ROOT, env=os.environ, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "False\n"), done.stderr


@pytest.mark.parametrize(("name", "theirs"), [("adam", "Adam"), ("adamw", "AdamW"), ("sgd", "SGD")])
def test_an_update_is_that_of_pytorchs_optimizer(name, theirs):
    ours, other = nn.Linear(5, 3), nn.Linear(5, 3)
    other.load_state_dict(ours.state_dict())
    config = TrainingConfig(optimizer=name, learning_rate=0.05, weight_decay=0.1, steps=1)
    extra = {"momentum": 0.9} if name == "sgd" else {}
    optimizers = (
        make_optimizer(config, ours, torch.device("cpu")),
        getattr(torch.optim, theirs)(other.parameters(), lr=0.05, weight_decay=0.1, **extra),
    )
    assert isinstance(optimizers[0], OPTIMIZERS[name]) and isinstance(optimizers[0], type(optimizers[1]))
    for step in range(4):
        pictures = torch.randn(7, 5, generator=torch.Generator().manual_seed(step))
        for layer, optimizer in zip((ours, other), optimizers, strict=True):
            optimizer.zero_grad()
            layer(pictures).square().mean().backward()
            optimizer.step()
    for mine, its in zip(ours.parameters(), other.parameters(), strict=True):
        assert torch.allclose(mine, its, atol=1e-6) and not mine.grad_fn
