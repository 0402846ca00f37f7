"""Five kinds of noise, one function: the slider, the trainer, the benchmarks and the tests all call `corrupt`."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Generator, Tensor

from denoiser.pictures import SIDE, check_pictures

Draw = Callable[[Tensor, Tensor, Generator], Tensor]


class Kind(NamedTuple):
    """How a kind of noise comes about, with ``x`` the pictures ``[N, 1, 28, 28]`` and ``a`` the amounts of each."""

    draw: Draw  # from x and a: n, what is drawn
    drown: Callable[[Tensor, Tensor, Tensor], Tensor]  # from x, a and n: the noisy picture, before it is clipped


def corrupt(
    clean: Tensor, amount: float | Tensor, kind: str = "blend", *, generator: Generator | None = None
) -> Tensor:
    """Drown pictures in noise.

    With ``x`` the clean picture, ``a`` the amount and ``n`` one draw per pixel:

    ============  ==========================================================
    blend         ``x·(1−a) + n·a``, n uniform in [0, 1): the noise of the tutorials
    gaussian      ``clip(x + a·n)``, n ~ N(0, 1)
    salt_pepper   with probability a the pixel becomes 0 or 1, evenly
    poisson       ``clip(Poisson(x·λ)/λ)``, ``λ = (1−a)²/a²``: shot noise
    speckle       ``clip(x + a·x·n)``, n ~ N(0, 1)
    ============  ==========================================================

    Args:
        clean: float32 ``[N, 1, 28, 28]`` in [0, 1].
        amount: a number or one per picture ``[N]``, in [0, 1]; 0 returns the picture unchanged for every kind.
        kind: one of `KINDS`.
        generator: where the noise comes from, and the device on which it is drawn. Without one, a fresh
            generator with an unpredictable seed; the global generator is never touched.

    Returns:
        float32 ``[N, 1, 28, 28]`` in [0, 1], on the device of `clean`.

    Raises:
        ValueError: an unknown kind, an amount outside [0, 1] or NaN, pictures of another shape or type.
    """
    check_pictures(clean)
    check_kind(kind)
    a = _broadcastable(amount, clean)
    if generator is None:
        generator = torch.Generator(device=clean.device)
        generator.seed()
    return drown(clean, a, kind, _KINDS[kind].draw(clean, a, generator))


def drown(clean: Tensor, amounts: Tensor, kind: str, drawn: Tensor) -> Tensor:
    """What `corrupt` makes of noise that is already drawn; nothing is checked.

    Args:
        clean, amounts: float32 ``[N, 1, 28, 28]`` and ``[N, 1, 1, 1]``, both in [0, 1].
        drawn: as the kind wants it: a field, one of `FIELDS`, for each picture or for all of them.
    """
    return _KINDS[kind].drown(clean, amounts, drawn).clamp_(0, 1)


def field(distribution: str, seed: int) -> Tensor:
    """The noise that `corrupt` draws for one picture from a generator with this seed, float32 ``[1, 1, 28, 28]``.

    Args:
        distribution: uniform in [0, 1), or normal with mean 0 and variance 1: a value of `FIELDS`.
    """
    picture = torch.empty(1, 1, SIDE, SIDE)
    return _DISTRIBUTIONS[distribution](picture, picture, torch.Generator().manual_seed(seed))


def described(kind: str, amount: float | Tensor, count: int) -> Tensor:
    """Kind and amount of `count` pictures' noise in numbers, for a network that can be told them.

    Args:
        kind: one of `KINDS`.
        amount: a number or one per picture ``[count]``, in [0, 1].

    Returns:
        float32 ``[count, 2·kinds]``, in the order of `KINDS`: for each kind its amount, then for each kind a 1 where it
        is that one. All zeros say that nothing is known.

    Raises:
        ValueError: as for `corrupt`.
    """
    check_kind(kind)
    told = torch.zeros(count, 2, len(KINDS))
    told[:, 0, KINDS.index(kind)] = amounts_of(amount, count)
    told[:, 1, KINDS.index(kind)] = 1
    return told.flatten(1)


def check_kind(kind: object) -> None:
    """ValueError for what is no kind of noise."""
    if not isinstance(kind, str) or kind not in _KINDS:
        raise ValueError(f"unknown kind of noise {kind!r}: choose one of {', '.join(KINDS)}")


def _broadcastable(amount: float | Tensor, clean: Tensor) -> Tensor:
    """The amounts as ``[N, 1, 1, 1]`` (or ``[1, 1, 1, 1]``), checked where they lie, so that none is copied twice."""
    return amounts_of(amount, len(clean)).reshape(-1, 1, 1, 1).to(clean.device, non_blocking=True)


def amounts_of(amount: float | Tensor, count: int) -> Tensor:
    """The amount as a tensor, ``[]`` or ``[count]``; ValueError for another shape, or outside [0, 1]."""
    try:
        a = torch.as_tensor(amount, dtype=torch.float32)
    except (TypeError, ValueError, OverflowError, RuntimeError) as error:
        raise ValueError(f"amount must be a number or a tensor in [0, 1], not {amount!r:.40}") from error
    if a.ndim > 1 or (a.ndim == 1 and len(a) != count):
        raise ValueError(f"amount must be one number or one per picture [{count}], not {list(a.shape)}")
    if not torch.equal(a, a.clamp(0, 1)):  # NaN equals nothing
        raise ValueError(f"amount must lie in [0, 1], not {_worst(a)}")
    return a


def _worst(a: Tensor) -> float:
    outside = a[~((a >= 0) & (a <= 1))].flatten()
    return round(float(outside[0]), 6)


def _uniform(x: Tensor, a: Tensor, generator: Generator) -> Tensor:
    return torch.rand(x.shape, generator=generator, device=generator.device).to(x.device)


def _normal(x: Tensor, a: Tensor, generator: Generator) -> Tensor:
    return torch.randn(x.shape, generator=generator, device=generator.device).to(x.device)


def _photons(a: Tensor) -> Tensor:
    """How many arrive on average where the picture is 1. Above 10¹² the noise is finer than float32 can tell."""
    return (1 - a) ** 2 / a.clamp(min=1e-6) ** 2


def _counts(x: Tensor, a: Tensor, generator: Generator) -> Tensor:
    return torch.poisson((x * _photons(a)).to(generator.device), generator=generator).to(x.device)


def _blend(x: Tensor, a: Tensor, n: Tensor) -> Tensor:
    return x * (1 - a) + n * a


def _gaussian(x: Tensor, a: Tensor, n: Tensor) -> Tensor:
    return x + a * n


def _salt_pepper(x: Tensor, a: Tensor, n: Tensor) -> Tensor:
    return torch.where(n < a, (n < a / 2).to(x.dtype), x)


def _poisson(x: Tensor, a: Tensor, n: Tensor) -> Tensor:
    photons = _photons(a)
    noisy = torch.where(photons > 0, n / photons, 0)  # at a = 1 no photon arrives at all
    return torch.where(a > 0, noisy, x)


def _speckle(x: Tensor, a: Tensor, n: Tensor) -> Tensor:
    return x + a * x * n


# A new kind goes to the end: networks that are told the noise know a kind by its place.
_KINDS: dict[str, Kind] = {
    "blend": Kind(_uniform, _blend),
    "gaussian": Kind(_normal, _gaussian),
    "salt_pepper": Kind(_uniform, _salt_pepper),
    "poisson": Kind(_counts, _poisson),
    "speckle": Kind(_normal, _speckle),
}
KINDS: tuple[str, ...] = tuple(_KINDS)
_DISTRIBUTIONS: dict[str, Draw] = {"uniform": _uniform, "normal": _normal}
# Of which distribution the field is that a kind draws; None where what is drawn depends on the picture, too.
FIELDS: dict[str, str | None] = {
    name: next((each for each, draw in _DISTRIBUTIONS.items() if draw is kind.draw), None)
    for name, kind in _KINDS.items()
}
