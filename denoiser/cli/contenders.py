"""Whom `evaluate` compares: networks, classical methods, and functions of other people."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from os import getcwd

from torch import Tensor

from denoiser.classical import METHODS, usable
from denoiser.contenders import Contender
from denoiser.inference import Denoiser


def all_contenders(denoisers: Sequence[Denoiser], methods: Sequence[str], functions: Sequence[str]) -> list[Contender]:
    """In the order of a table: classical methods, networks, functions.

    Args:
        methods: names of `METHODS`, or "all" for those whose packages are installed.
        functions: as `named_function` takes them.
    """
    names = usable() if "all" in methods else list(dict.fromkeys(methods))
    contenders = [Contender.classical(name) for name in names]
    contenders += [contender for denoiser in denoisers for contender in Contender.of(denoiser)]
    return contenders + [named_function(name) for name in functions]


def left_out(methods: Sequence[str]) -> list[str]:
    """The methods that "all" leaves out because a package is missing."""
    return [name for name in METHODS if name not in usable()] if "all" in methods else []


def named_function(name: str) -> Contender:
    """``module:function``, of a module that Python finds, also in the folder where one is.

    It is called with noisy pictures, float32 ``[n, 1, 28, 28]`` in [0, 1], the kind of their noise, and the amount, a
    number or ``[n]``, and gives the pictures without noise.

    Raises:
        ValueError: no such module or function, or a module that cannot be imported.
    """
    module, _, attribute = name.partition(":")
    if not module or not attribute:
        raise ValueError(f"--method {name}: name it as module:function, such as my_filters:denoise")
    if getcwd() not in sys.path:
        sys.path.append(getcwd())
    try:
        function = getattr(import_module(module), attribute)
    except Exception as error:  # whatever a module of somebody else raises
        raise ValueError(f"--method {name}: it cannot be imported: {error}") from error
    if not callable(function):
        raise ValueError(f"--method {name}: it is no function, but {type(function).__name__}")

    def denoise(noisy: Tensor, kind: str, amount: float | Tensor) -> Tensor:
        given: Tensor = function(noisy.clone(), kind, amount)
        return given

    return Contender(name, denoise, name)
