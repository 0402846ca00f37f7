"""The moving average of a network in training, which is what a run that averages shows, scores and saves."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn


class Average:
    """A copy of a network that follows it: the exponential moving average of its weights, and of the statistics that
    its normalisations keep.

    Args:
        model: the network in training.
        decay: what stays of the average at each step, in [0, 1); at most ``step / (9 + step)``, so that the first
            weights are forgotten.
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self._model, self._decay = model, decay
        self.network = copy.deepcopy(model).requires_grad_(False)
        self._means, self._counts = _parts(self.network)
        self._followed, self._counted = _parts(model)

    def update(self, step: int) -> None:
        """Follow the network after this step, counted from 1."""
        decay = min(self._decay, step / (9 + step))
        with torch.no_grad():
            # All of them in one call: one by one they take longer than their arithmetic.
            torch._foreach_lerp_(self._means, self._followed, 1 - decay)
            for count, counted in zip(self._counts, self._counted, strict=True):
                count.copy_(counted)

    def mend(self) -> None:
        """Take over the network's statistics where a state was saved by a version that did not average them."""
        if all(torch.equal(*pair) for pair in zip(self._counts, self._counted, strict=True)):
            return
        for mean, found in zip(self.network.buffers(), self._model.buffers(), strict=True):
            mean.copy_(found)


def _parts(network: nn.Module) -> tuple[list[Tensor], list[Tensor]]:
    """What can be averaged, weights and statistics, and what only counts."""
    buffers = list(network.buffers())
    statistics = [buffer for buffer in buffers if buffer.is_floating_point()]
    return [*network.parameters(), *statistics], [buffer for buffer in buffers if not buffer.is_floating_point()]
