"""The training loops of tutorials, as they are written."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pandas
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset
from tqdm import tqdm

from denoiser import Digits
from denoiser.evaluation import evaluate
from denoiser.models import build

EPOCHS, BATCH = 3, 128


def simple_unet() -> nn.Module:
    return build("simple_unet")


class KaggleTable(Dataset[Tensor]):
    """The tutorial's data set: one row of the table at a time, made into a picture."""

    def __init__(self, images: Tensor) -> None:
        pixels = (images[:, 0] * 255).round().to(torch.uint8).flatten(1).numpy()
        self.table = pandas.DataFrame(pixels)

    def __len__(self) -> int:
        return len(self.table)

    def __getitem__(self, row: int) -> Tensor:
        return torch.tensor(self.table.iloc[row].values.reshape(1, 28, 28) / 255, dtype=torch.float32)


def tutorial(data: Dataset[Any], seed: int, make: Callable[[], nn.Module] = simple_unet) -> Iterator[nn.Module]:
    """The tutorial's loop, as it is written, for its own network or another; yields the network after each step."""
    torch.manual_seed(seed)
    loader = DataLoader(data, batch_size=BATCH, shuffle=True)
    network = make()
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    for _ in range(EPOCHS):
        for batch in loader:
            clean = batch[0] if isinstance(batch, list) else batch
            amount = torch.rand(len(clean)).view(-1, 1, 1, 1)
            noisy = clean * (1 - amount) + torch.rand_like(clean) * amount
            loss = F.mse_loss(network(noisy), clean)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss.item()  # it is printed
            yield network


def using(network: nn.Module) -> Callable[[Tensor], Tensor]:
    """The network as `evaluate` takes a denoiser."""

    def denoise(noisy: Tensor) -> Tensor:
        with torch.inference_mode():
            return network(noisy)

    return denoise


def curve(
    loop: Iterator[nn.Module], steps: int, scores: int, digits: Digits
) -> tuple[nn.Module, float, list[tuple[float, float]]]:
    """Run a loop: its last network, the seconds of its steps, and so many pairs of seconds and MSE along the way."""
    seconds, found = 0.0, []
    for step in tqdm(range(1, steps + 1), disable=None):
        start = time.perf_counter()
        network = next(loop)
        seconds += time.perf_counter() - start
        if step * scores // steps > (step - 1) * scores // steps:
            found.append((seconds, evaluate(using(network), digits, amounts=()).mse["uniform"]))
    return network, seconds, found
