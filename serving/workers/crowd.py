"""How many processors there are for a run, and how many of its threads get to use them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

LOOK = 0.4  # seconds over which the share of processor time is taken
CROWDED = 0.65  # of the time that its threads could have
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 8.0  # seconds with one thread before all are tried again


class Crowd:
    """How many threads a run uses: all it may, or one while others keep its threads from running.

    The threads of an operation wait for each other, so that on two cores, one of which is busy with what has a higher
    priority, two threads are ten times slower than one. Whether they run shows in the processor time they get.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, used: Callable[[], float] = time.process_time
    ) -> None:
        self._clock, self._used = clock, used
        self._alone = False  # one thread, for now
        self._until = 0.0  # when it tries them all again
        self._pause = FIRST_PAUSE
        self._since = clock(), used()

    def threads(self, most: int) -> int:
        """To be asked after every step; `most` is how many it may use."""
        now, used = self._clock(), self._used()
        elapsed = now - self._since[0]
        if self._alone:
            if now < self._until:
                return 1
            self._alone, self._since = False, (now, used)
        elif elapsed >= LOOK:
            share = (used - self._since[1]) / (elapsed * most)
            self._since = now, used
            if most > 1 and share < CROWDED:
                self._alone, self._until = True, now + self._pause
                self._pause = min(LONGEST_PAUSE, 2 * self._pause)
                return 1
            self._pause = FIRST_PAUSE
        return most


def cores(limit: str = "/sys/fs/cgroup/cpu.max") -> int:
    """How many processors this process may keep busy, also in a container, whose share is in the file `limit`."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        with open(limit) as file:
            quota, period = file.read().split()
        return max(1, min(count, round(int(quota) / int(period))))
    except (OSError, ValueError):  # no such limit, or "max"
        return count
