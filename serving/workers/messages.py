"""What a run says to whoever had it trained elsewhere: its events, or one line on what went wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from denoiser.watch.events import Event, Job
from denoiser.watch.snapshots import snapshots
from serving.errors import Fault, TrainingFailed

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ready:
    """The process waits for a job."""


@dataclass(frozen=True)
class Failed:
    """In place of further messages: one line for the visitor."""

    line: str
    fault: Fault = ""


Message = Event | Ready | Failed


def messages_of(job: Job, goes_on: Callable[[], bool]) -> Iterator[Event | Failed]:
    """What the run of this job has to say; where it goes wrong the last of it is `Failed`."""
    try:
        yield from snapshots(job, goes_on)
    except (ValueError, OSError) as error:  # words meant for people
        yield Failed(" ".join(str(error).split()))
    except Exception as error:
        log.exception("a training run failed")
        yield Failed(f"the training failed ({type(error).__name__}): try other settings", "settings")


def understood(messages: Iterator[Event | Failed]) -> Iterator[Event]:
    """The messages, with a failure raised."""
    for message in messages:
        if isinstance(message, Failed):
            raise TrainingFailed(message.line, message.fault)
        yield message
