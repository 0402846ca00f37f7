"""One drawing in; its noisy and its denoised picture out, with scores and what the reader sees in both."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

import denoiser
from denoiser.canvas import look
from denoiser.checkpoint import Info
from denoiser.devices import devices_here
from denoiser.graphs import stage
from denoiser.inference import Denoiser, Reader
from denoiser.noise import FIELDS, field
from denoiser.picture_files import nearest
from denoiser.pictures import DRAWING, from_bytes
from serving.errors import Busy
from serving.tokens import is_token

SEVERAL = "several"  # hint: none of the things in a picture is taken for the digit
LARGEST_SEED = 2**31 - 1
DEFAULT_AMOUNT = 0.7


@dataclass(frozen=True)
class LiveRequest:
    """What a visitor asks for. ValueError, in one line, where a field is of another type or out of range."""

    pixels: np.ndarray  # uint8 [H, W], [H, W, 3] or [H, W, 4]
    amount: float = DEFAULT_AMOUNT
    kind: str = "blend"
    seed: int = 0
    model: str = "default"
    clean_only: bool = False  # the picture is noisy already: no noise is added, nothing is centred
    told: bool = False  # the network is told kind and amount of the noise
    from_file: bool = False  # the picture may show several things, of which none is taken for the digit
    reader: str = "default"  # or the token of a run that learned to read

    def __post_init__(self) -> None:
        if type(self.amount) not in (int, float) or not 0 <= self.amount <= 1:  # NaN fails the comparison
            raise ValueError(f"amount must be a number from 0 to 1, not {_short(self.amount)}")
        if not isinstance(self.kind, str) or self.kind not in denoiser.KINDS:
            raise ValueError(f"unknown kind of noise {_short(self.kind)}: choose one of {', '.join(denoiser.KINDS)}")
        if type(self.seed) is not int or not 0 <= self.seed <= LARGEST_SEED:
            raise ValueError(f"seed must be a whole number from 0 to {LARGEST_SEED}, not {_short(self.seed)}")
        if not isinstance(self.model, str):
            raise ValueError(f"model must be a name, not {_short(self.model)}")
        if not isinstance(self.reader, str):
            raise ValueError(f"reader must be a name, not {_short(self.reader)}")
        if type(self.clean_only) is not bool:
            raise ValueError(f"clean_only must be true or false, not {_short(self.clean_only)}")
        if type(self.told) is not bool:
            raise ValueError(f"told must be true or false, not {_short(self.told)}")
        if type(self.from_file) is not bool:
            raise ValueError(f"from_file must be true or false, not {_short(self.from_file)}")
        if self.told and self.clean_only:
            raise ValueError("nobody knows the noise of a picture that is noisy already: leave out told or clean_only")


@dataclass(frozen=True)
class Seen:
    """A picture, what the reader sees in it, and how close it is to the clean digit."""

    pixels: np.ndarray  # uint8 [28, 28]
    readings: tuple[float, ...]  # a probability for each of the ten digits
    psnr: float | None = None  # dB; infinite where nothing differs; None where the truth is not known
    ssim: float | None = None


@dataclass(frozen=True)
class LiveResponse:
    """Without ink there is only a hint."""

    hint: str | None = None
    digit: np.ndarray | None = None  # uint8 [28, 28]: what the drawing became
    noisy: Seen | None = None
    denoised: Seen | None = None
    ms: float = 0.0  # that the network took
    device: str = "cpu"
    model: str = "default"


class Networks(Protocol):
    """What runs have learned, by their tokens; ValueError where there is no such network."""

    def denoiser(self, token: str) -> Denoiser: ...

    def reader(self, token: str) -> Reader: ...


class LiveDenoiser:
    """Answers requests from any thread; each network is loaded once, and the work in progress is bounded.

    With `runs`, the token of a run is the name of its network, too: of a denoiser, or of whoever reads the pictures.
    """

    def __init__(self, device: str | None = None, at_once: int = 16, runs: Networks | None = None) -> None:
        self._device = device
        self._runs = runs
        self._places = threading.BoundedSemaphore(at_once)
        self._loading = threading.Lock()
        self._models: dict[str, Denoiser] = {}
        self._reader: Reader | None = None

    @property
    def devices(self) -> list[str]:
        """The names of the kinds of devices that it may use: all there are, but for one that it was told to take."""
        return devices_here() if self._device is None else [torch.device(self._device).type]

    @cached_property
    def models(self) -> tuple[Info, ...]:
        """What is known of each shipped network."""
        return denoiser.available()

    @contextmanager
    def place(self) -> Iterator[None]:
        """Take one of the places for work in progress, or raise Busy at once."""
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            yield
        finally:
            self._places.release()

    def respond(self, request: LiveRequest) -> LiveResponse:
        """Denoise one drawing.

        Raises:
            ValueError: an unknown model, one that cannot be told but shall be, or pixels that are no picture;
                UnknownRun for the token of no run.
            Busy: too many requests in progress.
        """
        with self.place():
            both = self.network(request.model), self.reader(request.reader)
            if request.clean_only:
                return self._clean(request, *both)
            return self._drown_and_clean(request, *both)

    def _clean(self, request: LiveRequest, network: Denoiser, reader: Reader) -> LiveResponse:
        noisy = from_bytes(nearest(request.pixels))
        denoised, ms = _timed(network, noisy, request)
        return _response(request, network, reader, noisy, noisy, denoised, ms)

    def _drown_and_clean(self, request: LiveRequest, network: Denoiser, reader: Reader) -> LiveResponse:
        digit, noisy, several = drowned(request)
        if several:
            return LiveResponse(SEVERAL)
        if noisy is None:
            return LiveResponse(hint="no_ink")
        denoised, ms = _timed(network, noisy, request)
        return _response(request, network, reader, digit, noisy, denoised, ms)

    def network(self, name: str) -> Denoiser:
        """A shipped one, or that of a run; ValueError for another name."""
        if self._runs is not None and is_token(name):
            return self._runs.denoiser(name)
        # The name comes from a stranger, and load() also takes paths: only shipped names reach it.
        names = ["default", *(info.name for info in self.models)]
        if name not in names:
            raise ValueError(f"unknown model {_short(name)}: choose one of {', '.join(names)}")
        with self._loading:
            if name not in self._models:
                self._models[name] = denoiser.load(name, device=self._device)
                self._models[name].use_onnx_runtime()
            return self._models[name]

    def seen(self, pictures: Sequence[Tensor], digit: Tensor) -> list[Seen]:
        """Pictures ``[n, 1, 28, 28]``: what the shipped reader sees in them, and how close they are to the digit."""
        batch = torch.cat([picture.cpu() for picture in pictures])
        pixels, psnr, ssim = (each.numpy() for each in stage("show")(batch, digit))
        readings = self.reader()(batch).tolist()
        return [Seen(*each) for each in zip(pixels, map(tuple, readings), psnr.tolist(), ssim.tolist(), strict=True)]

    def reader(self, name: str = "default") -> Reader:
        """The shipped one, or that of a run; ValueError for another name."""
        if self._runs is not None and is_token(name):
            return self._runs.reader(name)
        if name != "default":
            raise ValueError(f"unknown reader {_short(name)}: choose default, or give the token of a run that reads")
        with self._loading:
            if self._reader is None:
                self._reader = denoiser.load_classifier(device=self._device)
                self._reader.use_onnx_runtime()
            return self._reader


def _response(
    request: LiveRequest, network: Denoiser, reader: Reader, digit: Tensor, noisy: Tensor, denoised: Tensor, ms: float
) -> LiveResponse:
    pixels, psnr, ssim = (each.numpy() for each in stage("show")(torch.cat([noisy, denoised, digit]), digit))
    readings = [tuple(row) for row in reader(torch.cat([noisy, denoised])).tolist()]
    scores = [(None, None)] * 2 if request.clean_only else list(zip(psnr.tolist(), ssim.tolist(), strict=True))
    before, after = (Seen(pixels[i], readings[i], *scores[i]) for i in range(2))
    return LiveResponse(None, pixels[2], before, after, ms, str(network.device), request.model)


Drowned = tuple[Tensor, Tensor | None, bool]  # digit, noisy or None where there is no ink, one of several things


def drowned(request: LiveRequest) -> Drowned:
    """The digit of a request, and its noise."""
    return _drown_canvas(request) or _drown_picture(request)


def _drown_canvas(request: LiveRequest) -> Drowned | None:
    """The quick way, for what the page's canvas sends; None where it cannot be taken."""
    distribution = FIELDS[request.kind]
    if request.from_file or distribution is None or request.pixels.shape != (DRAWING, DRAWING):
        return None
    what = torch.tensor([float(request.amount)]), torch.tensor([denoiser.KINDS.index(request.kind)]), torch.zeros(1)
    drawing = torch.tensor(request.pixels)
    digit, noisy, _, ink, photo = stage("drown")(drawing, field(distribution, request.seed), *what)
    return None if photo else (digit, noisy if ink else None, False)


def _drown_picture(request: LiveRequest) -> Drowned:
    sight = look(request.pixels) if request.from_file else None
    digit = sight.digit if sight else denoiser.digit_from_drawing(request.pixels)
    generator = torch.Generator().manual_seed(request.seed)
    noisy = denoiser.corrupt(digit, request.amount, request.kind, generator=generator)
    return digit, noisy if digit.any() else None, sight is not None and sight.several


def _timed(network: Denoiser, noisy: Tensor, request: LiveRequest) -> tuple[Tensor, float]:
    kind, amount = (request.kind, request.amount) if request.told else (None, None)
    start = time.perf_counter()
    denoised = network(noisy, kind, amount).cpu()  # the copy also waits for a GPU to finish
    return denoised, 1000 * (time.perf_counter() - start)


def _short(value: object) -> str:
    """A stranger's value, never longer than a line."""
    text = repr(value)
    return text if len(text) <= 40 else text[:39] + "…"
