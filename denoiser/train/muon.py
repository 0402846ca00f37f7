"""Muon: momentum whose every step is orthogonalised, so that no direction of a weight matrix is left behind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

STEPS = 3  # of Newton and Schulz's iteration
A, B, C = 3.4445, -4.7750, 2.0315  # its coefficients
VECTORS = 0.075  # learning rate of biases, as a share of the matrices'
LARGE = 256  # rows from which on a product costs so much that nothing is gained by padding others to its size


class Muon(Optimizer):
    """Muon (Jordan and others 2024, kellerjordan.github.io/posts/muon) for matrices and convolutions, Adam for biases.

    The momentum M of a weight, as a matrix of a row for each output, becomes roughly its nearest (semi-)orthogonal
    matrix ``(M Mᵀ)^(-1/2) M``, by a polynomial in ``M Mᵀ``.

    Args:
        params: weights; those of two and more dimensions are orthogonalised.
        lr: learning rate, the length of a step along each direction of an output; 0.02 to 0.06 for small networks.
        weight_decay: share of the weights, times lr, that is taken off before each step.
        momentum: of the gradient's running mean, looked ahead (Nesterov).
        betas: of Adam's two running means, for biases.
    """

    def __init__(
        self,
        params: Iterable[nn.Parameter],
        lr: float = 0.04,
        weight_decay: float = 0.0,
        momentum: float = 0.9,
        betas: tuple[float, float] = (0.9, 0.95),
    ) -> None:
        super().__init__(params, dict(lr=lr, weight_decay=weight_decay, momentum=momentum, betas=betas))

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """Update all weights that have a gradient."""
        for group in self.param_groups:
            weights = [weight for weight in group["params"] if weight.grad is not None]
            if group["weight_decay"]:
                torch._foreach_mul_(weights, 1 - group["lr"] * group["weight_decay"])
            self._orthogonal_step([weight for weight in weights if weight.ndim >= 2], group)
            self._adam_step([weight for weight in weights if weight.ndim < 2], group)

    def _orthogonal_step(self, weights: list[Tensor], group: dict[str, Any]) -> None:
        if not weights:
            return
        gradients = [weight.grad for weight in weights if weight.grad is not None]
        means = self._memory(weights, "momentum")
        torch._foreach_lerp_(means, gradients, 1 - group["momentum"])
        ahead = torch._foreach_lerp(gradients, means, group["momentum"])
        # Weights of one shape are turned in one call: one by one it takes longer than the arithmetic.
        alike: dict[tuple[torch.Size, bool], list[int]] = {}
        for place, weight in enumerate(weights):
            alike.setdefault((weight.shape, _is_channels_last(weight)), []).append(place)
        stacks = [
            _wide(torch.stack([_ordered(ahead[i], last) for i in places]).flatten(2))
            for (_, last), places in alike.items()
        ]
        for ((_, last), places), stack, roots in zip(alike.items(), stacks, inverse_roots(stacks), strict=True):
            rows = [_ordered(weights[i], last).view(len(weights[i]), -1) for i in places]
            outputs, inputs = rows[0].shape
            stretch = max(1.0, outputs / inputs) ** 0.5  # of a tall matrix, which turns less
            turned = roots @ stack if outputs <= inputs else (roots @ stack).mT
            torch._foreach_add_(rows, list(turned.unbind()), alpha=-group["lr"] * stretch)

    def _adam_step(self, vectors: list[Tensor], group: dict[str, Any]) -> None:
        if not vectors:
            return
        (beta1, beta2), rate = group["betas"], VECTORS * group["lr"]
        gradients = [vector.grad for vector in vectors if vector.grad is not None]
        means, squares = self._memory(vectors, "exp_avg"), self._memory(vectors, "exp_avg_sq")
        counts = [self.state[vector].setdefault("step", torch.zeros(())) for vector in vectors]
        torch._foreach_add_(counts, 1)
        torch._foreach_lerp_(means, gradients, 1 - beta1)
        torch._foreach_mul_(squares, beta2)
        torch._foreach_addcmul_(squares, gradients, gradients, 1 - beta2)
        count = counts[0].item()
        roots = torch._foreach_sqrt(squares)
        torch._foreach_div_(roots, (1 - beta2**count) ** 0.5)
        torch._foreach_add_(roots, 1e-8)
        torch._foreach_addcdiv_(vectors, means, roots, -rate / (1 - beta1**count))

    def _memory(self, weights: list[Tensor], name: str) -> list[Tensor]:
        for weight in weights:
            if name not in self.state[weight]:
                self.state[weight][name] = torch.zeros_like(weight)
        return [self.state[weight][name] for weight in weights]


def inverse_roots(stacks: Sequence[Tensor]) -> list[Tensor]:
    """About ``(M Mᵀ)^(-1/2)`` of each matrix M, whose singular values then all lie near 1, from 0.7 to 1.2.

    Small Gram matrices are padded to one size, since a batch of small products costs hardly more than one of them.

    Args:
        stacks: of matrices of one shape each, ``[k, rows, columns]``, no more rows than columns.

    Returns:
        for each stack ``[k, rows, rows]``.
    """
    small = [stack for stack in stacks if stack.shape[1] <= LARGE]
    roots = iter(_roots_together(small) if small else ())
    return [next(roots) if stack.shape[1] <= LARGE else _roots_together([stack])[0] for stack in stacks]


def _roots_together(stacks: Sequence[Tensor]) -> list[Tensor]:
    size = max(stack.shape[1] for stack in stacks)
    counts = [len(stack) for stack in stacks]
    grams = stacks[0].new_zeros(sum(counts), size, size)
    for part, stack in zip(grams.split(counts), stacks, strict=True):
        part[:, : stack.shape[1], : stack.shape[1]] = stack @ stack.mT
    # No singular value of the Gram matrix is above its Frobenius norm; the tighter the bound, the fewer steps.
    norms = grams.flatten(1).norm(dim=1).clamp(min=1e-20)[:, None, None]
    rest = grams / norms
    product: Tensor | None = None
    for step in range(STEPS):
        factor = torch.baddbmm(rest, rest, rest, beta=B, alpha=C)
        factor.diagonal(dim1=1, dim2=2).add_(A)
        product = factor if product is None else product @ factor
        if step < STEPS - 1:
            rest = rest @ factor @ factor
    assert product is not None
    roots = (product / norms.sqrt()).split(counts)
    return [part[:, : stack.shape[1], : stack.shape[1]] for part, stack in zip(roots, stacks, strict=True)]


def _is_channels_last(weight: Tensor) -> bool:
    return weight.ndim == 4 and weight.is_contiguous(memory_format=torch.channels_last)


def _ordered(weight: Tensor, channels_last: bool) -> Tensor:
    """A weight, or its gradient, with the dimensions in the order of the weight's memory, outputs first: a view."""
    return weight.permute(0, 2, 3, 1) if channels_last else weight


def _wide(stack: Tensor) -> Tensor:
    """Matrices turned so that they have no more rows than columns."""
    return stack if stack.shape[1] <= stack.shape[2] else stack.mT
