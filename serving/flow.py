"""One digit on its way through a network: what each stage makes of it, what breaks where a part is missing, and why."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor

from denoiser.data import Digits
from denoiser.inference import Denoiser
from denoiser.metrics import decibels, mse
from denoiser.models.flow import Edits, Flow, Stage
from denoiser.noise import corrupt
from serving.examples import ExampleDigits
from serving.live import LiveDenoiser, LiveRequest, Seen, drowned

DIGITS = 64  # of the test set: what a part carries is measured on them
SEED = 0  # of their noise
KEPT = 8  # things computed for a network under one noise; up to 25 MB each
MOST_EDITS = 64  # in one request
BRIGHT = 0.995  # of a stage's activations are not brighter than its brightest grey
Found = TypeVar("Found")


@dataclass(frozen=True)
class Wish:
    """What is to be changed in a network, by the names of its stages."""

    cut: tuple[tuple[str, str], ...] = ()
    frozen: tuple[str, ...] = ()
    silenced: tuple[tuple[str, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.cut or self.frozen or self.silenced)

    def __post_init__(self) -> None:
        if len(self.cut) + len(self.frozen) + len(self.silenced) > MOST_EDITS:
            raise ValueError(f"change at most {MOST_EDITS} parts at a time")


@dataclass(frozen=True)
class Maps:
    """What a stage made of a picture."""

    stage: Stage
    values: np.ndarray  # int8, of the stage's shape: 127 is `brightest`
    brightest: float


@dataclass(frozen=True)
class Flowed:
    """Without ink there is only a hint."""

    hint: str | None = None
    digit: Seen | None = None
    noisy: Seen | None = None
    whole: Seen | None = None  # what the network makes of it as it is
    edited: Seen | None = None  # and with what was changed
    maps: tuple[Maps, ...] = ()  # with what was changed
    skips: tuple[tuple[str, str], ...] = field(default=())


@dataclass(frozen=True)
class Cost:
    """What a part carries: PSNR in dB of the mean squared error over all `digits`."""

    whole: float
    edited: float
    digits: int
    source: str


class FlowViewer:
    """Answers requests from any thread, within the bounds of the drawing that it goes with."""

    def __init__(self, live: LiveDenoiser, examples: ExampleDigits) -> None:
        self._live = live
        self._examples = examples
        self._keeping = threading.Lock()
        self._kept: OrderedDict[tuple[object, ...], object] = OrderedDict()

    def look(self, request: LiveRequest, wish: Wish) -> Flowed:
        """Let the drawing run through the network that the request names, which is told nothing.

        Raises:
            ValueError: an unknown network, or a part that it has not; UnknownRun for the token of no run.
            Busy: too many requests in progress.
        """
        with self._live.place():
            network = self._live.network(request.model)
            digit, noisy, _ = drowned(request)
            if noisy is None:
                return Flowed("no_ink")
            flow = self.flow(network)
            edits = self.edits(network, wish, request.kind, request.amount)
            found = flow.run(noisy.to(network.device), edits)
            last = flow.stages[-1].name
            edited = found[last]
            whole = flow.run(noisy.to(network.device))[last] if wish else edited
            pictures = [digit, noisy, whole.clamp(0, 1), edited.clamp(0, 1)]
            clean, before, after, changed = self._live.seen(pictures, digit)
            maps = tuple(_maps(each, found[each.name][0]) for each in flow.stages)
            return Flowed(None, clean, before, after, changed, maps, flow.skips)

    def cost(self, name: str, wish: Wish, kind: str, amount: float) -> Cost:
        """How much worse the network becomes on test digits; errors as for `look`."""
        with self._live.place():
            network = self._live.network(name)
            digits, noisy = self.reference(kind, amount)
            flow, edits = self.flow(network), self.edits(network, wish, kind, amount)
            whole, edited = (
                decibels(float(mse(found[flow.stages[-1].name].cpu().clamp(0, 1), digits.images).mean()))
                for found in (self.outputs(network, kind, amount), flow.run(noisy.to(network.device), edits))
            )
            return Cost(whole, edited, len(digits), digits.source)

    def flow(self, network: Denoiser) -> Flow:
        """The stages of a network."""
        return self.keep((network, "flow"), lambda: Flow(network.model))

    def edits(self, network: Denoiser, wish: Wish, kind: str, amount: float) -> Edits:
        """What is wished; a frozen stage is frozen at its mean over the test digits under this noise.

        ValueError: a part that the network has not.
        """
        flow = self.flow(network)
        names = [stage.name for stage in flow.stages]
        if unknown := [name for name in wish.frozen if name not in names]:
            raise ValueError(f"no stage {unknown[0]!r}: it has {', '.join(names)}")
        found = self.outputs(network, kind, amount) if wish.frozen else {}
        means = {name: found[name].mean(dim=0, keepdim=True) for name in wish.frozen}
        return Edits(frozenset(wish.cut), means, frozenset(wish.silenced))

    def outputs(self, network: Denoiser, kind: str, amount: float) -> dict[str, Tensor]:
        """What each stage makes of the test digits under this noise, ``[DIGITS, …]`` each."""
        flow, (digits, noisy) = self.flow(network), self.reference(kind, amount)
        key = (network, kind, amount, digits.source, "outputs")
        return self.keep(key, lambda: flow.run(noisy.to(network.device)))

    def reference(self, kind: str, amount: float) -> tuple[Digits, Tensor]:
        """Test digits, the same for all, and what they are under this noise, ``[DIGITS, 1, 28, 28]``."""
        digits = self._examples.some(DIGITS)
        return digits, corrupt(digits.images, amount, kind, generator=torch.Generator().manual_seed(SEED))

    def keep(self, key: tuple[object, ...], compute: Callable[[], Found]) -> Found:
        """What was computed by this key, or is now; of all keys the last `KEPT` are remembered.

        Networks are keys themselves: another one, or the same with other weights, is another object.
        """
        with self._keeping:
            known = self._kept.get(key)
            if known is None:
                known = self._kept[key] = compute()
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return known  # type: ignore[return-value]  # the key says what it is


def _maps(stage: Stage, output: Tensor) -> Maps:
    return Maps(stage, *levels_of(output.float().cpu()))


def levels_of(values: Tensor, brightest: float | None = None, *, clip: bool = True) -> tuple[np.ndarray, float]:
    """Numbers as int8 levels to be painted, and what 127 stands for.

    Where `clip` is set the few strongest, which would leave all others dark, are clipped.
    """
    if brightest is None:
        sizes = values.abs().flatten()
        brightest = float(sizes.quantile(BRIGHT) if clip else sizes.max()) or float(sizes.max()) or 1.0
    return (127 * values / brightest).round().clamp(-127, 127).to(torch.int8).numpy(), brightest
