"""The noise of a step, of a score and of what is shown, each drawn again picture by picture."""

import pytest
import torch

from denoiser import KINDS, TrainingConfig, corrupt
from denoiser.train.batches import Batches, mixed_seed
from denoiser.train.noising import HELD_OUT_SEED, noisy_samples
from denoiser.train.validation import Validation

CPU = torch.device("cpu")
RUNS = {
    "one kind": dict(kinds=("blend",)),
    "all kinds": dict(kinds=KINDS, amounts=(0.2, 0.9)),
    "twice, and apart": dict(kinds=("salt_pepper", "blend", "salt_pepper", "gaussian"), amounts=(0.5, 0.6)),
    "more kinds than pictures": dict(kinds=KINDS * 60, amounts=(0.0, 0.3)),
    "without noise": dict(kinds=("gaussian", "speckle"), amounts=(0.0, 0.0)),
}


def config(**changes):
    return TrainingConfig(**(dict(model="dense_autoencoder", steps=30, batch_size=16, seed=4) | changes))


def one_by_one(clean, amounts, kinds, generator):
    triples = zip(clean, amounts, kinds, strict=True)
    return torch.cat([corrupt(x[None], a[None], kind, generator=generator) for x, a, kind in triples])


def dealt(kinds, count):
    """The kind of each picture: every kind a block, all blocks alike but for the first ones, which have one more."""
    sizes = [0] * len(kinds)
    for number in range(count):
        sizes[number % len(kinds)] += 1
    return [kind for kind, size in zip(kinds, sizes, strict=True) for _ in range(size)]


@pytest.mark.parametrize("changes", RUNS.values(), ids=RUNS)
def test_held_out_digits_have_amounts_from_all_over_and_a_block_of_each_kind(bars, changes):
    run = config(**changes)
    low, high = (0.0, 1.0) if run.amounts == (0.0, 0.0) else run.amounts
    generator = torch.Generator().manual_seed(HELD_OUT_SEED)
    amounts = low + (high - low) * (torch.randperm(200, generator=generator) + 0.5) / 200
    truth = one_by_one(bars.images, amounts, dealt(run.kinds, 200), generator)
    assert torch.equal(Validation(bars, run, CPU).inputs, truth)


@pytest.mark.parametrize("changes", RUNS.values(), ids=RUNS)
def test_kinds_take_turns_at_what_is_shown(bars, changes):
    run = config(**changes)
    different = sorted(set(run.kinds), key=run.kinds.index)
    kinds = [different[place % len(different)] for place in range(11)]
    amount = {(0.5, 0.6): 0.6, (0.0, 0.3): 0.3}.get(run.amounts, 0.7)
    generator = torch.Generator().manual_seed(run.seed)
    truth = one_by_one(bars.images[:11], torch.full((11,), amount), kinds, generator)
    assert torch.equal(noisy_samples(bars.images[:11], run), truth)


@pytest.mark.parametrize("changes", [RUNS["one kind"], RUNS["twice, and apart"], RUNS["without noise"]])
def test_a_step_has_one_block_of_each_kind_with_an_amount_from_every_part_of_the_range(bars, changes):
    run = config(**changes)
    different = sorted(set(run.kinds), key=run.kinds.index)
    kinds = sorted(dealt(run.kinds, 16), key=different.index)
    small = torch.Generator().manual_seed(mixed_seed(run.seed, 2 * 5))
    within = torch.rand(16, generator=small).tolist()
    places = [(kinds[:i].count(kind) + within[i]) / kinds.count(kind) for i, kind in enumerate(kinds)]
    low, high = run.amounts
    amounts = torch.tensor([low + (high - low) * place for place in places])
    batch = Batches(bars, run, CPU).noisy_and_clean(5)
    generator = torch.Generator().manual_seed(mixed_seed(run.seed, 2 * 5 + 1))
    assert torch.allclose(batch.noisy, one_by_one(batch.clean, amounts, kinds, generator), atol=1e-6)
