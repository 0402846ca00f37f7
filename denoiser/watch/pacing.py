"""When a watched run is scored, shown and kept: soon enough for whoever watches, and at a small share of its time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from denoiser.train.run import TrainingRun

FIRST_SCORES = (0.5, 0.8, 1.1, 1.5)  # seconds of training at which a run is validated, at first often:
SCORE_EVERY = 0.04  # of the budget later on,
SHORTEST_PAUSE = 1.0  # but not more often than this, in seconds,
SCORES_COST = 0.03  # nor so often that scoring takes more than this share of the time;
SCORE_AT_LEAST = 0.1  # but that often, as a share of the budget,
SCORES_FREE, SCORES_AT_MOST = 0.6, 0.1  # unless they took more than these seconds and this share
UNKNOWN = 1.0  # seconds that a large network's score is taken to need until that is known
SHOWING_COSTS = 0.15  # share of the time that a snapshot may take
KEEP_FIRST, KEEP_EVERY = 2.0, 5.0  # seconds until a run is first kept, and between two times at least,
KEEPING_COSTS = 0.05  # of which it takes no more than this share


class Scoring:
    """When a run is validated again, counted in its seconds of training."""

    def __init__(self, run: TrainingRun, large: bool) -> None:
        self._run = run
        self._scored, self._took, self._spent = run.seconds, UNKNOWN * large, 0.0

    def is_due(self) -> bool:
        """Whether enough time has passed for another score, and scores have not taken too much of it."""
        now, budget = self._run.seconds, self._run.config.seconds or 0.0
        if self._spent + self._took > SCORES_FREE + SCORES_AT_MOST * now:
            return False
        if now < FIRST_SCORES[-1] + SHORTEST_PAUSE:
            return any(self._scored < moment <= now for moment in FIRST_SCORES)
        costly = min(self._took / SCORES_COST, SCORE_AT_LEAST * budget)
        return now - self._scored >= max(SHORTEST_PAUSE, SCORE_EVERY * budget, costly)

    @contextmanager
    def timing(self) -> Iterator[None]:
        """Around a score; how long it takes decides when the next one is due."""
        start = time.perf_counter()
        yield
        self._scored, self._took = self._run.seconds, time.perf_counter() - start
        self._spent += self._took


class Showing:
    """When whoever watches is shown the run again: the first step at once, and then every so many seconds at most.

    With 0 they are shown every step, however long that takes.
    """

    def __init__(self, every: float) -> None:
        self._every, self._due = every, 0.0

    def is_due(self) -> bool:
        """Whether enough time has passed."""
        return time.monotonic() >= self._due

    @contextmanager
    def timing(self) -> Iterator[None]:
        """Around a snapshot and whatever is done with it; how long that takes decides when the next one is due."""
        start = time.monotonic()
        yield
        took = time.monotonic() - start
        self._due = start + (max(self._every, took / SHOWING_COSTS) if self._every else 0.0)


class Keeping:
    """When it is time to keep something again. Large weights take a while to be written and handed over."""

    def __init__(self, run: TrainingRun, large: bool) -> None:
        self._run, self._large = run, large
        self._due, self._step = time.monotonic() + (2 * KEEP_EVERY if large else KEEP_FIRST), -1

    def is_due(self) -> bool:
        """Whether enough time has passed, and there is something new."""
        return time.monotonic() >= self._due and (not self._large or self._run.best.step > self._step)

    @contextmanager
    def timing(self) -> Iterator[None]:
        """Around the handing over; how long it takes decides when the next one is due."""
        start, self._step = time.monotonic(), self._run.best.step
        yield
        self._due = time.monotonic() + max(KEEP_EVERY, (time.monotonic() - start) / KEEPING_COSTS)
