"""What goes into a watched run and what comes out of it: everything here can be pickled."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from denoiser.checkpoint import Info
from denoiser.train.fine_tuning import Layer
from denoiser.watch.settings import RunSettings


@dataclass(frozen=True)
class Job:
    """What to train: the visitor's settings, and their own digit, uint8 [28, 28], to be shown among the samples.

    `start` is a checkpoint's content to fine-tune, `state` what an earlier `Kept` or `Ended` of the same job said, to
    go on from there; `every` how many seconds lie between two snapshots at least, 0 for one after each
    step.
    """

    settings: RunSettings
    drawing: np.ndarray | None = field(default=None, repr=False)
    start: bytes | None = field(default=None, repr=False)
    state: bytes | None = field(default=None, repr=False)
    every: float = 0.2


@dataclass(frozen=True)
class Preparing:
    """What a run waits for before it has started: "worker", whoever trains it, or "digits" and its network."""

    what: str


@dataclass(frozen=True)
class Started:
    """What stands before the first step. Pictures are uint8 [N, 28, 28]; the visitor's own comes first, label None.

    `nothing` is the validation MSE of the noisy pictures themselves, `untrained` that of the network at the start. Of a
    classifier, which `reads` the clean digits, `nothing` is the share that whoever guesses reads wrongly, and
    `untrained` is None: it guesses. `resumable` says whether the run's state is kept, to go on from.
    """

    device: str
    precision: str
    source: str
    count: int
    parameters: int
    trained_parameters: int
    can_be_told: bool  # kind and amount of the noise
    reads: bool
    resumable: bool
    layers: tuple[Layer, ...]
    clean: np.ndarray = field(repr=False)
    noisy: np.ndarray = field(repr=False)
    labels: tuple[int | None, ...]
    own_drawing: bool
    nothing: float
    untrained: float | None
    step: int
    seconds: float


@dataclass(frozen=True)
class Snapshot:
    """How the run stands. `losses` and `validation` are pairs of step and value, new since the last snapshot.

    `fitted` is what `validation` is, but of digits that the run learns from: of a denoiser that learns from few.

    `samples` are the denoised pictures, uint8 [N, 28, 28]; of a classifier the probabilities that it gives the ten
    digits for each picture, uint8 [N, 10], in 255ths.
    """

    step: int
    seconds: float
    seconds_left: float
    progress: float
    learning_rate: float
    pictures: int
    rate: float  # pictures per second of training, lately
    losses: tuple[tuple[int, float], ...]
    validation: tuple[tuple[int, float], ...]
    fitted: tuple[tuple[int, float], ...]
    samples: np.ndarray = field(repr=False)


@dataclass(frozen=True)
class Kept:
    """What survives if the process is killed: the state to go on from, and the best weights as a checkpoint.

    Of a large network there is no state: with the optimizer's memory it would be several times its weights.
    """

    step: int
    state: bytes | None = field(repr=False)
    checkpoint: bytes = field(repr=False)


@dataclass(frozen=True)
class Ended:
    """The end, and what is left of the run.

    `reason` is "budget", "stopped", "early" (validation no longer improved) or "diverged"; `message` one line of
    explanation or empty. `metrics` are validation_mse, or of a classifier validation_accuracy, and best_step, of the
    weights in `checkpoint`.
    """

    reason: str
    message: str
    info: Info
    metrics: dict[str, float]
    state: bytes | None = field(repr=False)  # None where the weights are no longer finite, and as in `Kept`
    checkpoint: bytes = field(repr=False)


Event = Preparing | Started | Snapshot | Kept | Ended
