"""Classical ways to take noise out of a picture: what the networks are measured against.

The filters are those of scikit-image, SciPy and the package bm3d. Each gets what a network gets, and no less: kind and
amount of the noise are known, the bias that noise brings is removed, and how strongly it filters was tuned on
validation digits for every kind and amount (`strengths.json`, written by `python -m benchmarks.classical`).
"""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from denoiser.extras import is_installed, require
from denoiser.noise import amounts_of, check_kind, corrupt
from denoiser.pictures import SIDE, check_pictures

Array = NDArray[Any]
# From a noisy picture [28, 28], a strength and the noise's standard deviation to the filtered picture.
Filter = Callable[[Array, float, float], Array]
STRENGTHS = Path(__file__).with_name("strengths.json")
MOST = 0.99  # of noise: at 1 nothing is left that could be made larger
INK = 0.13  # the mean of MNIST's pixels: so much of a picture has the noise of white, and the rest that of black
SHIFTS = 4  # in each direction, of which the wavelets take the mean
_ONE_AT_A_TIME = threading.Lock()
LEVELS = torch.linspace(0, 1, 257, dtype=torch.float64)  # grey values at which the bias is known


@dataclass(frozen=True)
class Method:
    """A filter, and what its strength may be."""

    filter: Filter
    strengths: tuple[float, ...]  # that tuning tries, rising
    extras: tuple[str, ...] = ("classical",)  # which of `denoiser.extras` it takes
    median: bool = False  # whether it makes the median of a patch of noise, and not its mean


class Classical:
    """One of `METHODS`, ready for use: like a `Denoiser` that is told kind and amount."""

    def __init__(self, name: str) -> None:
        if name not in METHODS:
            raise ValueError(f"unknown method {name!r}: choose one of {', '.join(METHODS)}")
        for extra in METHODS[name].extras:
            require(extra, f"the method {name}")
        self.name = name

    def __call__(self, noisy: Tensor, kind: str, amount: float | Tensor, strength: float | None = None) -> Tensor:
        """Denoise pictures, one after the other.

        Args:
            noisy: float32 ``[N, 1, 28, 28]`` in [0, 1].
            kind, amount: of their noise, as for `corrupt`.
            strength: of the filter, in units of its own; None for the tuned one.

        Returns:
            float32 ``[N, 1, 28, 28]`` in [0, 1], on the device of `noisy`.

        Raises:
            ValueError: pictures of another shape, or a kind or an amount that there is not.
        """
        check_pictures(noisy)
        check_kind(kind)
        amounts = amounts_of(amount, len(noisy)).expand(len(noisy)).tolist()
        parts = [
            self._one(picture, kind, a, strength) for picture, a in zip(noisy[:, 0].cpu().numpy(), amounts, strict=True)
        ]
        denoised = np.stack(parts) if parts else np.empty((0, SIDE, SIDE))
        return torch.from_numpy(denoised).float().clamp(0, 1)[:, None].to(noisy.device)

    def _one(self, noisy: Array, kind: str, amount: float, strength: float | None) -> Array:
        if amount == 0:
            return noisy
        method, a = METHODS[self.name], round(min(amount, MOST), 6)
        deviation = sigma(kind, a)
        if deviation == 0:  # so little noise that none was seen, and filters divide by it
            return noisy
        if strength is None:
            strength = tuned_strength(self.name, kind, a)
        filtered = method.filter(noisy.astype(np.float64), strength, deviation)
        known = _medians(kind, a) if method.median else _means(kind, a)
        return np.interp(filtered, known, LEVELS.numpy())


def usable() -> list[str]:
    """Those of `METHODS` whose packages are installed."""
    return [name for name, method in METHODS.items() if all(map(is_installed, method.extras))]


def tuned_strength(name: str, kind: str, amount: float) -> float:
    """Of a method under this noise: between two amounts that were tuned, as far between their strengths."""
    known = _strengths()
    return float(np.interp(amount, known["amounts"], known["strengths"][name][kind]))


@cache
def _strengths() -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(STRENGTHS.read_text("utf-8"))
    return facts


@lru_cache(maxsize=1024)
def sigma(kind: str, amount: float) -> float:
    """The standard deviation of a pixel's noise, where as much of a picture is ink as in a digit of MNIST.

    Measured on the noise that `corrupt` draws, so that there is no second definition of it.
    """
    flat = torch.cat([torch.zeros(16, 1, SIDE, SIDE), torch.ones(16, 1, SIDE, SIDE)])
    noisy = corrupt(flat, amount, kind, generator=torch.Generator().manual_seed(0))
    black, white = (float(part.double().var()) for part in noisy.chunk(2))
    return math.sqrt((1 - INK) * black + INK * white)


@lru_cache(maxsize=1024)
def _means(kind: str, amount: float) -> Array:
    """What noise makes on average of each of `LEVELS`, ``[257]``, rising: the bias, and the contrast that is lost."""
    return MEANS[kind](LEVELS, amount).numpy()


def _medians(kind: str, amount: float) -> Array:
    """The same of the median, which only blend moves: neither clipping does, nor what falls to both ends alike."""
    return _means("blend", amount) if kind == "blend" else LEVELS.numpy()


def _half_grey(x: Tensor, a: float) -> Tensor:
    return x * (1 - a) + a / 2


def _clipped_normal(mean: Tensor, deviation: Tensor) -> Tensor:
    """The mean of a normal variable that is clipped to [0, 1]; without any deviation it is its own mean."""
    low, high = (0 - mean) / deviation, (1 - mean) / deviation
    density = [(-each.square() / 2).exp() / math.sqrt(2 * math.pi) for each in (low, high)]
    below = [torch.special.ndtr(each) for each in (low, high)]
    clipped = mean * (below[1] - below[0]) + deviation * (density[0] - density[1]) + 1 - below[1]
    return torch.where(deviation > 0, clipped, mean)


def _clipped_poisson(x: Tensor, a: float) -> Tensor:
    """The mean of Poisson(x·λ)/λ that is clipped to 1, by P(K ≤ k) = Q(k + 1, x·λ)."""
    photons = ((1 - a) / a) ** 2
    most = torch.full_like(x, math.floor(photons))
    fewer = torch.special.gammaincc(most.clamp(min=1e-9), x * photons) * (most > 0)  # P(K ≤ most − 1)
    no_more = torch.special.gammaincc(most + 1, x * photons)
    return x * fewer + 1 - no_more


MEANS: dict[str, Callable[[Tensor, float], Tensor]] = {
    "blend": _half_grey,
    "gaussian": lambda x, a: _clipped_normal(x, torch.full_like(x, a)),
    "salt_pepper": _half_grey,
    "poisson": _clipped_poisson,
    "speckle": lambda x, a: _clipped_normal(x, a * x),
}


def _gaussian_filter(noisy: Array, strength: float, sigma: float) -> Array:
    from scipy.ndimage import gaussian_filter

    return np.asarray(gaussian_filter(noisy, strength, mode="nearest"))


def _median_filter(noisy: Array, strength: float, sigma: float) -> Array:
    from scipy.ndimage import median_filter

    return np.asarray(median_filter(noisy, 2 * round((strength - 1) / 2) + 1, mode="nearest"))


def _total_variation(noisy: Array, strength: float, sigma: float) -> Array:
    """Chambolle 2004."""
    from skimage.restoration import denoise_tv_chambolle

    return np.asarray(denoise_tv_chambolle(noisy, strength * sigma))


def _wavelets(noisy: Array, strength: float, sigma: float) -> Array:
    """Haar wavelets, thresholded at every shift of the picture by 0 to 3 pixels (Coifman and Donoho 1995)."""
    from skimage.restoration import denoise_wavelet

    how = dict(sigma=strength * sigma, wavelet="db1", mode="soft", method="VisuShrink")
    total = np.zeros_like(noisy)
    for shift in product(range(SHIFTS), repeat=2):  # skimage's own `cycle_spin`, whose parameters change
        moved = denoise_wavelet(np.roll(noisy, shift, axis=(0, 1)), **how)
        total += np.roll(moved, (-shift[0], -shift[1]), axis=(0, 1))
    return total / SHIFTS**2


def _non_local_means(noisy: Array, strength: float, sigma: float) -> Array:
    """Buades, Coll and Morel 2005, with patches of 5×5."""
    from skimage.restoration import denoise_nl_means

    how = dict(patch_size=5, patch_distance=9, fast_mode=True)
    return np.asarray(denoise_nl_means(noisy, h=strength * sigma, sigma=sigma, **how))


def _bm3d(noisy: Array, strength: float, sigma: float) -> Array:
    """Dabov et al. 2007."""
    from bm3d import BM3DProfile, bm3d

    profile = BM3DProfile()
    profile.num_threads = 1  # of its own: with more its results scatter, and two calls at once end the process
    with _ONE_AT_A_TIME:
        return np.asarray(bm3d(noisy, strength * sigma, profile))


_TIMES_SIGMA = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.25, 1.6, 2.0, 3.0, 5.0, 9.0, 16.0)
METHODS: dict[str, Method] = {
    "gaussian_filter": Method(_gaussian_filter, (0.1, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0, 1.3, 1.6, 2, 3, 5, 8, 12)),
    "median_filter": Method(_median_filter, (1, 3, 5, 7, 9, 11, 13), median=True),
    "total_variation": Method(_total_variation, _TIMES_SIGMA),
    "wavelets": Method(_wavelets, _TIMES_SIGMA, extras=("classical", "wavelets")),
    "non_local_means": Method(_non_local_means, _TIMES_SIGMA),
    "bm3d": Method(_bm3d, (0.1, 0.3, 0.5, 0.75, 1.0, 1.4, 2.0, 4.0), extras=("bm3d",)),
}
