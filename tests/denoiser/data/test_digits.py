"""What `Digits` accepts, and what choosing, selecting and adding does to it."""

import pytest
import torch

from denoiser.data import Digits, concatenate


def digits_of(labels: list[int], source: str = "") -> Digits:
    images = torch.arange(len(labels), dtype=torch.float32).div(100).reshape(-1, 1, 1, 1).expand(-1, 1, 28, 28)
    return Digits(images, torch.tensor(labels), source)


def test_only_keeps_order_and_source() -> None:
    some = digits_of([3, 1, 0, 1, 7], "five").only([1, 3, 1])
    assert some.labels is not None and some.labels.tolist() == [3, 1, 1]
    assert some.images[:, 0, 0, 0].mul(100).round().tolist() == [0, 1, 3] and some.source == "five"
    assert len(some) == 3


@pytest.mark.parametrize(("chosen", "says"), [([], "no digits"), ([10], "10"), ([-1], "-1"), ([8], "none of")])
def test_only_refuses(chosen: list[int], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        digits_of([3, 1]).only(chosen)


def test_unlabelled_digits_cannot_be_chosen_from() -> None:
    unlabelled = Digits(torch.zeros(2, 1, 28, 28), source="test.csv")
    assert unlabelled.only(range(10)) is unlabelled
    with pytest.raises(ValueError, match=r"test\.csv has no labels"):
        unlabelled.only([1])


def test_sums_and_selections() -> None:
    both = digits_of([3, 1], "MNIST") + digits_of([7], "pen strokes")
    assert both.source == "MNIST + pen strokes" and both.labels is not None
    assert both.take([2, 0]).labels.tolist() == [7, 3]  # type: ignore[union-attr]
    assert torch.equal(both.take(torch.tensor([1])).images, both.images[1:2])
    assert (both + Digits(torch.zeros(1, 1, 28, 28))).labels is None
    assert both.to("cpu").images.device.type == "cpu"
    with pytest.raises(ValueError, match="at least one set"):
        concatenate([])


def test_a_sample_is_without_repetition_and_the_seed_chooses_it() -> None:
    images = torch.arange(50).float().view(50, 1, 1, 1).expand(50, 1, 28, 28) / 49
    digits = Digits(images, torch.arange(50) % 10)
    places = [(digits.sample(20, seed).images[:, 0, 0, 0] * 49).round().long().tolist() for seed in (3, 3, 4)]
    assert places[0] == places[1] != places[2] and len(set(places[0])) == 20 and places[0] != sorted(places[0])
    assert digits.sample(20, 3).labels.tolist() == [place % 10 for place in places[0]]  # type: ignore[union-attr]
    assert sorted((digits.sample(99, 0).images[:, 0, 0, 0] * 49).round().long().tolist()) == list(range(50))


@pytest.mark.parametrize(
    ("images", "labels"),
    [
        (torch.zeros(2, 28, 28), None),
        (torch.zeros(2, 1, 28, 28, dtype=torch.float64), None),
        (torch.zeros(0, 1, 28, 28), None),
        (torch.full((2, 1, 28, 28), 1.01), None),
        (torch.full((2, 1, 28, 28), float("nan")), None),
        (torch.zeros(2, 1, 28, 28), torch.zeros(3, dtype=torch.int64)),
        (torch.zeros(2, 1, 28, 28), torch.zeros(2)),
        (torch.zeros(2, 1, 28, 28), torch.tensor([0, 10])),
    ],
)
def test_digits_refuse_what_they_are_not(images: torch.Tensor, labels: torch.Tensor | None) -> None:
    with pytest.raises(ValueError) as caught:
        Digits(images, labels)
    assert "\n" not in str(caught.value)
