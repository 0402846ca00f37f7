"""The digits of a set that lie nearest to a picture: what a network that copies from memory would have copied."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from denoiser.data import Digits
from denoiser.pictures import bytes_of, check_pictures

CHUNK = 1024  # digits whose pixels are floats at a time: 3 MB, which stay in the cache
SPARE = 16  # candidates beyond those asked for: the quick distances are rounded


@dataclass(frozen=True)
class Nearest:
    """For each of M pictures, the nearest digit first: `places` int64 [M, count] in the set, `rmse` float32.

    The RMSE is the root of the mean squared difference of the 784 pixels, in [0, 1]: the Euclidean distance over 28.
    """

    places: Tensor
    rmse: Tensor


class Neighbours:
    """A set of digits to be searched, kept as bytes: 784 and four more for each digit, 43 MB for MNIST's 55,000."""

    def __init__(self, digits: Digits) -> None:
        self.source, self.labels = digits.source, digits.labels
        self.pixels = bytes_of(digits.images).flatten(1)  # [N, 784]
        self._squares = torch.cat([chunk.int().square().sum(1) for chunk in self.pixels.split(CHUNK)]).float()

    def __len__(self) -> int:
        return len(self.pixels)

    def nearest(self, pictures: Tensor, count: int = 8, among: Tensor | None = None) -> Nearest:
        """Find the nearest digits to each picture.

        Args:
            pictures: float32 [M, 1, 28, 28] in [0, 1].
            count: how many for each; fewer where there are not so many.
            among: bool [N], which digits to look at; None for all.

        Raises:
            ValueError: other pictures, or nothing to look at.
        """
        check_pictures(pictures)
        there = len(self) if among is None else int(among.sum())
        if count < 1 or not there:
            raise ValueError(f"there is nothing to find: ask for 1 or more among some digits, not {count} of {there}")
        queries = 255 * pictures.flatten(1)
        products = torch.cat([chunk.float() @ queries.T for chunk in self.pixels.split(CHUNK)])  # [N, M]
        far = self._squares[:, None] - 2 * products  # |x|² − 2 x·q: the same order as |x − q|²
        if among is not None:
            far[~among] = torch.inf
        some = far.T.topk(min(count + SPARE, there), largest=False).indices.sort().values  # [M, candidates]
        exact = (self.pixels[some].float() - queries[:, None]).square().mean(2).sqrt() / 255
        rmse, order = exact.sort(stable=True)
        return Nearest(some.gather(1, order)[:, :count], rmse[:, :count])
