"""The plane of the dense autoencoder: two numbers for each picture, and a picture for each two numbers."""

from __future__ import annotations

import torch
from torch import Tensor

from denoiser.inference import Denoiser
from denoiser.models.dense_autoencoder import DenseAutoencoder

SHARE = 0.01  # of the codes on either side that may lie beyond the limits: a few lie far away from all others
MARGIN = 0.05  # of the plane's side, on either side of what remains


class LatentPlane:
    """Both halves of a dense autoencoder, each by itself."""

    def __init__(self, network: Denoiser) -> None:
        """Take a network apart; ValueError where no two numbers lie in its middle."""
        if not isinstance(network.model, DenseAutoencoder):
            name = network.info.name or network.info.model
            raise ValueError(f"{name} has no plane of two numbers: choose a dense_autoencoder")
        self._network = network
        self._model = network.model

    @torch.no_grad()
    def encode(self, pictures: Tensor) -> Tensor:
        """The codes ``[N, 2]`` of pictures ``[N, 1, 28, 28]``; ValueError where they are no finite numbers."""
        return self._finite(self._model.encoder(pictures.flatten(1).to(self._network.device)))

    @torch.no_grad()
    def decode(self, codes: Tensor) -> Tensor:
        """The pictures ``[N, 1, 28, 28]`` in [0, 1] of codes ``[N, 2]``; errors as for `encode`."""
        pictures: Tensor = self._model.decoder(codes.to(self._network.device)).reshape(-1, 1, 28, 28)
        return self._finite(pictures).clamp(0, 1)

    def _finite(self, values: Tensor) -> Tensor:
        if not values.isfinite().all():
            name = self._network.info.name or self._network.info.model
            raise ValueError(f"{name} gives no finite numbers here: choose another network, or train it anew")
        return values.cpu()


def limits_of(codes: Tensor) -> Tensor:
    """Where the codes ``[N, 2]`` lie, but for the `SHARE` of them at either end: ``[[low, low], [high, high]]``.

    Each of both numbers has limits of its own, and a `MARGIN`. One that is the same for all gets a width of 1.
    """
    low, high = torch.quantile(codes, torch.tensor([SHARE, 1 - SHARE], dtype=codes.dtype), dim=0)
    width = torch.where(high > low, high - low, 1)
    centre, half = (low + high) / 2, width * (0.5 + MARGIN)
    return torch.stack([centre - half, centre + half])


def lattice(limits: Tensor, count: int) -> Tensor:
    """The centres of `count` × `count` equal tiles, ``[count², 2]``, as one reads: the highest second number first."""
    low, high = limits
    steps = low + (high - low) * ((torch.arange(count) + 0.5) / count)[:, None]  # [count, 2]
    second, first = torch.meshgrid(steps[:, 1].flip(0), steps[:, 0], indexing="ij")
    return torch.stack([first, second], dim=2).reshape(-1, 2)
