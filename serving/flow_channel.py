"""One channel of a stage: its map, what it answers to, and what the next stage makes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from denoiser.inference import Denoiser
from denoiser.models.flow import Flow
from denoiser.models.layers import BINS, ToneCurves
from denoiser.noise import corrupt
from denoiser.pictures import SIDE, to_bytes
from serving.flow import FlowViewer, Wish, levels_of
from serving.live import LiveDenoiser, LiveRequest, drowned

NEXT = 6  # channels of the next stage that are shown
ANSWERS = 6  # places in test digits that it answers to most, each in another digit
WINDOW = {28: 9, 14: 13, 7: 19}  # pixels, of the noisy picture around such a place, by the side of the map
TONE_AMOUNTS = (0.1, 0.3, 0.5, 0.7, 0.9)


@dataclass(frozen=True)
class Change:
    """What becomes of a channel of the next stage when this one is silenced."""

    channel: int
    size: float  # the mean change, without its sign
    values: np.ndarray  # int8, of the map's shape: what this one adds


@dataclass(frozen=True)
class Answer:
    """A place in a test digit that a channel answers to."""

    pixels: np.ndarray  # uint8 [window, window] of the noisy digit
    activation: float


@dataclass(frozen=True)
class Tone:
    """How a tone curve shows the brightness of this picture."""

    slope: float
    offset: float
    others: tuple[tuple[float, float, float], ...]  # amount, slope and offset, for the same digit under other amounts
    histogram: tuple[float, ...]  # shares of the noisy pixels, from dark to bright


@dataclass(frozen=True)
class Channel:
    """Without ink there is only a hint."""

    hint: str | None = None
    values: np.ndarray | None = None  # int8: 127 is `brightest`
    low: float = 0.0
    high: float = 0.0
    brightest: float = 1.0
    next: str | None = None  # the stage that takes it; None behind the last one
    changes: tuple[Change, ...] = ()
    answers: tuple[Answer, ...] = ()
    tone: Tone | None = None


class ChannelViewer:
    """Answers requests from any thread, with what the view of the whole flow knows already."""

    def __init__(self, live: LiveDenoiser, viewer: FlowViewer) -> None:
        self._live = live
        self._viewer = viewer

    def look(self, request: LiveRequest, wish: Wish, stage: str, channel: int) -> Channel:
        """Look at one channel while the drawing runs through the network that the request names.

        Raises:
            ValueError: an unknown network, stage or channel; UnknownRun for the token of no run.
            Busy: too many requests in progress.
        """
        with self._live.place():
            network = self._live.network(request.model)
            digit, noisy, _ = drowned(request)
            if noisy is None:
                return Channel("no_ink")
            flow = self._viewer.flow(network)
            edits = self._viewer.edits(network, wish, request.kind, request.amount)
            found = flow.run(noisy.to(network.device), replace(edits, silenced=edits.silenced - {(stage, channel)}))
            silent = flow.run(noisy.to(network.device), replace(edits, silenced=edits.silenced | {(stage, channel)}))
            values = found[stage][0, channel].float().cpu()
            levels, brightest = levels_of(values, clip=False)
            following = next((each.name for each in flow.stages if each.inputs[:1] == (stage,)), None)
            return Channel(
                values=levels,
                low=float(values.min()),
                high=float(values.max()),
                brightest=brightest,
                next=following,
                changes=_changes(found[following] - silent[following]) if following else (),
                answers=self._answers(network, flow, request, stage, channel),
                tone=_tone(network, digit, noisy, request, stage, channel),
            )

    def _answers(
        self, network: Denoiser, flow: Flow, request: LiveRequest, stage: str, channel: int
    ) -> tuple[Answer, ...]:
        """The strongest activation of each test digit under this noise, of the strongest of them."""
        _, noisy = self._viewer.reference(request.kind, request.amount)
        output = self._viewer.outputs(network, request.kind, request.amount)[stage][:, channel].float().cpu()
        strongest, places = output.flatten(1).max(dim=1) if output.dim() > 1 else (output, torch.zeros(len(output)))
        chosen = strongest.argsort(descending=True)[:ANSWERS].tolist()
        side = output.shape[-1] if output.dim() > 1 else 1
        return tuple(
            Answer(to_bytes(_window(noisy[digit, 0], int(places[digit]), side)), float(strongest[digit]))
            for digit in chosen
        )


def _window(picture: Tensor, place: int, side: int) -> Tensor:
    """Around a place of a map with this side, in pixels of the picture; what lies outside of it is black."""
    size = WINDOW.get(side, SIDE)
    if size == SIDE:
        return picture
    scale = SIDE // side
    row, column = (scale * each + scale // 2 for each in divmod(place, side))
    padded = F.pad(picture, [size // 2] * 4)
    return padded[row : row + size, column : column + size]


def _changes(difference: Tensor) -> tuple[Change, ...]:
    """The channels that change most, of ``[1, C, …]``."""
    sizes = difference[0].float().cpu().flatten(1).abs().mean(dim=1) if difference.dim() > 2 else difference[0].abs()
    chosen = sizes.argsort(descending=True)[:NEXT].tolist()
    strongest = difference[0, chosen].abs().max().item() or 1.0
    return tuple(
        Change(each, float(sizes[each]), levels_of(difference[0, each].float().cpu(), strongest)[0])
        for each in chosen
        if sizes[each] > 0
    )


def _tone(
    network: Denoiser, digit: Tensor, noisy: Tensor, request: LiveRequest, stage: str, channel: int
) -> Tone | None:
    tone = dict(network.model.named_modules()).get(stage)
    if not isinstance(tone, ToneCurves):
        return None
    generators = (torch.Generator().manual_seed(request.seed) for _ in TONE_AMOUNTS)
    others = [corrupt(digit, amount, request.kind, generator=next(generators)) for amount in TONE_AMOUNTS]
    with torch.no_grad():
        slopes, offsets = (
            each[:, 0, channel % tone.curves].cpu().tolist()
            for each in tone.chosen(torch.cat([noisy, *others]).to(network.device))
        )
    histogram = torch.histc(noisy, BINS, 0, 1) / noisy.numel()
    return Tone(
        slopes[0], offsets[0], tuple(zip(TONE_AMOUNTS, slopes[1:], offsets[1:], strict=True)), tuple(histogram.tolist())
    )
