"""Muon against the singular value decomposition, and its share of Adam against PyTorch's."""

import pytest
import torch
from torch import nn

from denoiser.train.muon import VECTORS, Muon, inverse_roots


def seeded(*shape):
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))


@pytest.mark.parametrize(
    "shapes", [[(64, 576)], [(32, 36), (4, 288), (64, 64)], [(1, 9)], [(16, 16)] * 3, [(300, 900), (8, 9)]]
)
def test_singular_values_come_near_one_and_directions_stay(shapes):
    matrices = [seeded(*shape) for shape in shapes]
    for matrix, (root,) in zip(matrices, inverse_roots([matrix[None] for matrix in matrices]), strict=True):
        turned = root @ matrix
        left, values, right = torch.linalg.svd(matrix, full_matrices=False)
        kept = values > 0.05 * values[0]  # a direction that hardly exists takes longer
        pulled = (left.T @ turned @ right.T).diagonal()
        assert pulled[kept].min() > 0.6 and pulled.max() < 1.3
        assert torch.allclose(turned, (left * pulled) @ right, atol=1e-3)


def test_a_first_step_is_the_orthogonalised_gradient_times_the_rate():
    layer = nn.Conv2d(8, 16, 3)
    before, layer.weight.grad = layer.weight.detach().clone(), seeded(16, 8, 3, 3)
    Muon([layer.weight], lr=0.1).step()
    moved = (layer.weight.detach() - before).reshape(16, -1) / -0.1
    left, _, right = torch.linalg.svd(layer.weight.grad.reshape(16, -1), full_matrices=False)
    assert torch.nn.functional.cosine_similarity(moved.flatten(), (left @ right).flatten(), dim=0) > 0.97
    tall = nn.Linear(4, 16)  # more outputs than inputs: the step grows with the root of their ratio
    tall.weight.grad, start = seeded(16, 4), tall.weight.detach().clone()
    Muon([tall.weight], lr=0.1).step()
    assert torch.linalg.svdvals((tall.weight.detach() - start) / 0.1).mean() == pytest.approx(2, rel=0.3)


def test_vectors_are_updated_as_pytorchs_adam_does_it():
    ours, theirs = (nn.Parameter(seeded(7)) for _ in range(2))
    muon = Muon([ours], lr=0.04)
    adam = torch.optim.Adam([theirs], lr=0.04 * VECTORS, betas=(0.9, 0.95))
    for step in range(5):
        ours.grad, theirs.grad = seeded(7) * step, seeded(7) * step
        muon.step()
        adam.step()
    assert torch.allclose(ours, theirs, atol=1e-6)


def test_weight_decay_shrinks_before_the_step():
    plain, decayed = (nn.Parameter(seeded(4, 8)) for _ in range(2))
    start = plain.detach().clone()
    for weight, decay in ((plain, 0.0), (decayed, 0.5)):
        weight.grad = seeded(4, 8).flip(0)
        Muon([weight], lr=0.1, weight_decay=decay).step()
    assert torch.allclose(decayed, plain - 0.05 * start, atol=1e-6)


def test_what_has_no_gradient_stays():
    used, idle = nn.Parameter(seeded(4, 4)), nn.Parameter(seeded(4, 4))
    used.grad, before = seeded(4, 4), idle.detach().clone()
    Muon([used, idle]).step()
    assert torch.equal(idle, before)
