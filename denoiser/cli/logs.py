"""What a run leaves for its watchers: TensorBoard's curves, and sample pictures after every epoch."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import torch

from denoiser.cli import sheets
from denoiser.data import Digits
from denoiser.extras import require
from denoiser.noise import corrupt
from denoiser.train.noising import evaluation_amounts
from denoiser.train.run import TrainingRun
from denoiser.train.step import Step

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

FLUSH = 10  # seconds: whoever watches a run does not want to wait the usual two minutes


class Watcher(Protocol):
    """Shown the run's begin and every step. OSError, such as a full disk, ends the watching and not the run."""

    def begin(self) -> None:
        """The run is about to make a step."""

    def note(self, step: Step) -> None:
        """A step was made."""

    def close(self) -> None:
        """The run is over."""


class Curves:
    """Loss, learning rate and validation of every step, in TensorBoard's event files.

    Args:
        folder: where the event files go; made if missing.
        run: what a resumed run logs replaces what the interrupted one had logged of the same steps.

    Raises:
        ValueError: the package `tensorboard` is not installed.
    """

    def __init__(self, folder: Path, run: TrainingRun) -> None:
        require("logs", "--tensorboard")
        from torch.utils.tensorboard import SummaryWriter

        self.writer: SummaryWriter = SummaryWriter(folder, purge_step=run.step + 1, flush_secs=FLUSH)  # type: ignore

    def begin(self) -> None:
        """There is nothing to log yet."""

    def note(self, step: Step) -> None:
        """Log one step."""
        self._scalar("loss", step.loss, step)
        self._scalar("learning_rate", step.learning_rate, step)
        if step.validation is not None:
            self._scalar("validation", step.validation, step)

    def _scalar(self, name: str, value: float, step: Step) -> None:
        self.writer.add_scalar(name, value, step.step)  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """Write what is still in memory."""
        self.writer.close()  # type: ignore[no-untyped-call]


@contextmanager
def quiet_writers() -> Iterator[None]:
    """No traceback of TensorBoard's writing thread: what went wrong in it is raised at the next call."""
    before = threading.excepthook

    def hook(arguments: threading.ExceptHookArgs) -> None:
        if not issubclass(arguments.exc_type, OSError):
            before(arguments)

    threading.excepthook = hook
    try:
        yield
    finally:
        threading.excepthook = before


class Samples:
    """Held-out digits, noisy over denoised over clean, as ``folder/img_EPOCH.jpg`` after every epoch.

    Epochs are counted from 1: ``img_0.jpg`` shows the network before the first step. A run that ends within an epoch
    leaves a picture of it too.

    Args:
        folder: where the pictures go; it exists.
        run: a run of a denoiser.
        digits: held out; the first eight are shown.
        writer: TensorBoard's, to log the same pictures there.
    """

    def __init__(self, folder: Path, run: TrainingRun, digits: Digits, writer: SummaryWriter | None = None) -> None:
        self._folder, self._run, self._writer = folder, run, writer
        self._clean = digits.images[: len(sheets.SHOWN_AMOUNTS)]
        low, high = evaluation_amounts(run.config)
        self._amounts = low + (high - low) * torch.tensor(sheets.SHOWN_AMOUNTS[: len(self._clean)])
        generator = torch.Generator().manual_seed(run.config.seed)
        self._noisy = corrupt(self._clean, self._amounts, run.config.kinds[0], generator=generator)
        self._drawn = run.step

    def begin(self) -> None:
        """Draw, before the first step of all."""
        if self._run.step == 0:
            self._draw(0)

    def note(self, step: Step) -> None:
        """Draw, if an epoch is over."""
        if step.epoch_loss is not None:
            self._draw(step.epoch)

    def close(self) -> None:
        """Draw, if the run ended within an epoch."""
        if self._run.step > self._drawn:
            self._draw(self._run.epochs.over(self._run.step) + 1)

    def _draw(self, number: int) -> None:
        self._drawn = self._run.step
        denoised = self._run.answers(self._noisy)
        sheet = torch.cat([self._noisy, denoised.nan_to_num(), self._clean])  # NaN where the run diverged
        sheets.save_samples(self._folder / f"img_{number}.jpg", sheet, self._amounts.tolist())
        if self._writer is not None:
            rows = sheet[:, 0].unflatten(0, (3, -1)).permute(0, 2, 1, 3).flatten(2).flatten(0, 1)  # [84, 28·count]
            self._writer.add_image("samples", rows[None], self._run.step)  # type: ignore[no-untyped-call]
