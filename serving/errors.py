"""What can be wrong with a request or a run, each with one line for the visitor."""

from __future__ import annotations

from typing import Literal

from denoiser.train.recipes import LONGEST_RUN

# What a run failed of, by names for which the page has words in its visitor's language; empty for all else.
Fault = Literal["", "broken", "settings"]


class Busy(RuntimeError):
    """Too many requests in progress; nothing was computed."""

    def __init__(self) -> None:
        super().__init__("the server is busy: try again in a moment")


class QueueFull(Busy):
    """So many runs wait that another one would wait too long."""

    def __init__(self) -> None:
        RuntimeError.__init__(self, "too many runs are waiting: try again in a few minutes")


class NoTimeLeft(ValueError):
    """A run may not train for so long in all; `left` says for how many seconds it may."""

    def __init__(self, left: int) -> None:
        super().__init__(f"a run may train for {LONGEST_RUN:g} seconds in all: give it at most {left} more")
        self.left = left


class UnknownRun(ValueError):
    """A token that is wrong, or of a run that is gone: nobody learns which."""

    def __init__(self, token: object) -> None:
        super().__init__("this run is not known here, or no longer: start a new one")
        self.token = token  # of several in one request


class WorkerDied(RuntimeError):
    """The worker is gone: killed, out of memory, or hanging; what it had kept is all there is."""


class TrainingFailed(RuntimeError):
    """The run could not be trained; one line for the visitor."""

    def __init__(self, line: str, fault: Fault = "") -> None:
        super().__init__(line)
        self.fault = fault
