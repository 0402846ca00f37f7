"""What is said of a run to whoever watches it: plain values, ready for JSON. Pictures are uint8, in base64."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from serving.errors import Fault
from serving.learned import Learned

State = Literal["waiting", "running", "ended"]
Point = list[float]  # step and value


class Best(TypedDict, total=False):
    """The lowest point of the validation."""

    step: int
    mse: float  # of a denoiser
    wrong: float  # of a classifier: the share read wrongly


class Numbers(TypedDict):
    """How far a run is; zeros before its first step."""

    step: int
    pictures: int
    progress: float  # 0 to 1
    rate: float  # pictures a second
    learning_rate: float
    seconds: float  # of training so far
    seconds_left: float


class Start(TypedDict):
    """What is known of a run when it begins; see `denoiser.watch.events.Started`."""

    device: str
    precision: str
    source: str
    count: int
    parameters: int
    trained_parameters: int
    can_be_told: bool
    reads: bool
    resumable: bool
    own_drawing: bool
    nothing: float
    untrained: float | None
    layers: list[list[Any]]  # name, shape, weights, whether they are trained
    labels: list[int | None]
    clean: str
    noisy: str


class Whole(TypedDict, total=False):
    """What only an answer that is `fresh` has."""

    settings: dict[str, Any]
    learned: Learned | None


class Standing(Numbers):
    """How a run stands, and what is new since a version, as programs get it, too."""

    state: State
    reason: str  # of the end: budget, stopped, early, diverged, killed or failed
    message: str  # one line of explanation, or empty
    version: int  # to be passed as `since`
    fresh: bool  # whether losses and validation are the whole curve, or new points of it
    losses: list[Point]  # steps, and their mean loss
    validation: list[Point]  # steps, and the MSE of held-out digits, or the share of them read wrongly
    best: Best | None
    metrics: dict[str, float] | None
    device: str | None
    reads: bool  # whether it is a classifier; else it denoises
    usable: bool  # whether /denoise takes the token, as its model or, of a classifier, as its reader
    can_go_on: bool


class Place(TypedDict, total=False):
    """What only a run that waits has: its place in the queue, from 1, and the seconds until its turn."""

    place: int
    wait: float


class Answer(Standing, Whole):
    """The same, and what the page alone shows."""

    fault: Fault  # what `message` says
    preparing: str  # what it waits for, from its turn to its start: worker or digits
    prepared: float  # seconds that this took so far
    started: Start | None  # where it is new
    fitted: list[Point]  # what validation is, of digits that a denoiser learns from, where it learns from few
    times: list[Point]  # steps, and the seconds of training until then
    samples: str | None  # where they are new
    frames: int  # of the samples over time
    name: str


class Watched(Answer, Place):
    others: int  # runs that are trained now
    boot: str  # of the registry: another one after a restart


class Film(TypedDict):
    """The samples over time, and what they are made from; all pictures of a step after those of the step before."""

    steps: list[int]
    samples: str
    noisy: str
    clean: str
