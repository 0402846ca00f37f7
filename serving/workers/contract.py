"""Where runs are trained: what every kind of worker promises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from denoiser.watch.events import Event, Job


class Task(Protocol):
    """One run on a worker. Iterating trains; `stop`, from any thread, lets it end as soon as it can."""

    def __iter__(self) -> Iterator[Event]: ...

    def stop(self) -> None: ...


class Workers(Protocol):
    """Whoever trains runs. `longest` is the largest budget in seconds, `at_once` how many runs fit side by side."""

    longest: float
    at_once: int

    def warm(self) -> None:
        """Get ready in the background."""

    def task(self, job: Job, seconds: float) -> Task:
        """What trains for so many seconds once it is iterated over; it raises WorkerDied or TrainingFailed."""

    def close(self) -> None:
        """End everything that was started."""
