"""Five kinds of noise, one function: the slider, the trainer, the benchmarks and the tests all call `corrupt`."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Generator, Tensor

from denoiser.pictures import check_pictures

Kind = Callable[[Tensor, Tensor, Generator], Tensor]


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
    _check_kind(kind)
    a = _broadcastable(amount, clean)
    if generator is None:
        generator = torch.Generator(device=clean.device)
        generator.seed()
    return _KINDS[kind](clean, a, generator).clamp_(0, 1)


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
    _check_kind(kind)
    told = torch.zeros(count, 2, len(KINDS))
    told[:, 0, KINDS.index(kind)] = _checked_amount(amount, count)
    told[:, 1, KINDS.index(kind)] = 1
    return told.flatten(1)


def _check_kind(kind: object) -> None:
    if not isinstance(kind, str) or kind not in _KINDS:
        raise ValueError(f"unknown kind of noise {kind!r}: choose one of {', '.join(KINDS)}")


def _broadcastable(amount: float | Tensor, clean: Tensor) -> Tensor:
    """The amounts as ``[N, 1, 1, 1]`` (or ``[1, 1, 1, 1]``), checked where they lie, so that none is copied twice."""
    return _checked_amount(amount, len(clean)).reshape(-1, 1, 1, 1).to(clean.device, non_blocking=True)


def _checked_amount(amount: float | Tensor, count: int) -> Tensor:
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


def _uniform(x: Tensor, generator: Generator) -> Tensor:
    return torch.rand(x.shape, generator=generator, device=generator.device).to(x.device)


def _normal(x: Tensor, generator: Generator) -> Tensor:
    return torch.randn(x.shape, generator=generator, device=generator.device).to(x.device)


def _blend(x: Tensor, a: Tensor, generator: Generator) -> Tensor:
    n = _uniform(x, generator)
    return x * (1 - a) + n * a


def _gaussian(x: Tensor, a: Tensor, generator: Generator) -> Tensor:
    n = _normal(x, generator)
    return x + a * n


def _salt_pepper(x: Tensor, a: Tensor, generator: Generator) -> Tensor:
    n = _uniform(x, generator)
    return torch.where(n < a, (n < a / 2).to(x.dtype), x)


def _poisson(x: Tensor, a: Tensor, generator: Generator) -> Tensor:
    # Above 10¹² photons the noise is finer than float32 can tell; at a = 1 no photon arrives at all.
    photons = (1 - a) ** 2 / a.clamp(min=1e-6) ** 2
    counts = torch.poisson((x * photons).to(generator.device), generator=generator).to(x.device)
    noisy = torch.where(photons > 0, counts / photons, 0)
    return torch.where(a > 0, noisy, x)


def _speckle(x: Tensor, a: Tensor, generator: Generator) -> Tensor:
    n = _normal(x, generator)
    return x + a * x * n


# A new kind goes to the end: networks that are told the noise know a kind by its place.
_KINDS: dict[str, Kind] = {
    "blend": _blend,
    "gaussian": _gaussian,
    "salt_pepper": _salt_pepper,
    "poisson": _poisson,
    "speckle": _speckle,
}
KINDS: tuple[str, ...] = tuple(_KINDS)
