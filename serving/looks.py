"""Where a network looks: the input pixels that move one pixel of its output, which is that pixel's gradient."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from denoiser.pictures import SIDE
from serving.flow import FlowViewer, levels_of
from serving.live import LiveDenoiser, LiveRequest, Seen, drowned

MOST_OF_IT = 0.9  # of the influence: the fewest pixels that have so much of it are counted


@dataclass(frozen=True)
class Looked:
    """Without ink there is only a hint."""

    hint: str | None = None
    digit: Seen | None = None
    noisy: Seen | None = None
    denoised: Seen | None = None
    gradient: np.ndarray | None = None  # int8 [28, 28]: 127 is `strongest`
    strongest: float = 0.0  # change of the output pixel for a change of 1 in an input pixel
    pixels: int = 0  # that have `MOST_OF_IT` of the influence together
    field: tuple[int, int, int, int] = (0, 0, 0, 0)  # top, left, bottom, right of all that has any, ends included


class Looks:
    """Answers requests from any thread."""

    def __init__(self, live: LiveDenoiser, viewer: FlowViewer) -> None:
        self._live = live
        self._viewer = viewer

    def look(self, request: LiveRequest, row: int, column: int) -> Looked:
        """The gradient of one output pixel with respect to the noisy picture.

        Args:
            request: the drawing, its noise and the network.
            row, column: of the output pixel, 0 to 27.

        Raises:
            ValueError: a pixel or a network that there is not; UnknownRun for the token of no run.
            Busy: too many requests in progress.
        """
        for place in (row, column):
            if type(place) is not int or not 0 <= place < SIDE:
                raise ValueError(f"row and column are whole numbers from 0 to {SIDE - 1}, not {place!r:.40}")
        with self._live.place():
            network = self._live.network(request.model)
            digit, noisy, _ = drowned(request)
            if noisy is None:
                return Looked("no_ink")
            flow = self._viewer.flow(network)
            entering = noisy.clone().to(network.device).requires_grad_()
            denoised = flow.run_with_gradient(entering)[flow.stages[-1].name]
            (found,) = torch.autograd.grad(denoised[0, 0, row, column], entering)
            gradient = found[0, 0].float().cpu()
            clean, before, after = self._live.seen([digit, noisy, denoised.detach().clamp(0, 1)], digit)
            levels, strongest = levels_of(gradient, clip=False)
            return Looked(None, clean, before, after, levels, strongest, _most(gradient.abs()), _field(gradient))


def _most(influence: torch.Tensor) -> int:
    sums = influence.flatten().sort(descending=True).values.cumsum(0)
    return int((sums < MOST_OF_IT * sums[-1]).sum()) + 1 if sums[-1] > 0 else 0


def _field(gradient: torch.Tensor) -> tuple[int, int, int, int]:
    rows, columns = gradient.nonzero().unbind(1)
    if not len(rows):
        return (0, 0, 0, 0)
    return int(rows.min()), int(columns.min()), int(rows.max()), int(columns.max())
