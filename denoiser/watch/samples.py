"""The few digits on which a page shows how a run gets better: always the same ones, the visitor's own among them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from denoiser.data import Digits
from denoiser.pictures import from_bytes

COUNT = 10


def sample_pictures(
    held_out: Digits, digits: Sequence[int], drawing: np.ndarray | None = None
) -> tuple[Tensor, tuple[int | None, ...]]:
    """The clean pictures to show, [N, 1, 28, 28], with their labels: one of each digit that is learned, in turn.

    Args:
        held_out: where they come from; without labels the first ones are taken, and their labels are None.
        digits: those that are learned; with fewer than ten some come again, in another hand.
        drawing: the visitor's own, uint8 [28, 28]; it comes first, and its label is None.
    """
    chosen, labels = list(range(min(COUNT, len(held_out)))), list[int | None]()
    if held_out.labels is None:
        labels = [None] * len(chosen)
    else:
        order = sorted(set(digits) & set(held_out.labels.tolist()))  # a small set may lack a digit
        chosen = []
        for place in range(COUNT):
            digit, hand = order[place % len(order)], place // len(order)
            found = (held_out.labels == digit).nonzero().flatten().tolist()
            chosen.append(found[hand % len(found)])
            labels.append(digit)
    pictures = held_out.images[chosen]
    if drawing is not None:
        own = from_bytes(drawing)
        pictures, labels = torch.cat([own, pictures]), [None, *labels]
    return pictures, tuple(labels)
