"""The past of a run in bounded memory, so that a page that comes back, or comes late, sees the whole of it."""

from __future__ import annotations

from bisect import bisect_right

Point = tuple[int, float]  # step, value

MOST_POINTS = 2000
MOST_FRAMES = 160


class Curve:
    """Points of a curve, each with the version at which it was added, so that a watcher gets only what is new.

    When there are `most` of them, neighbours are merged in pairs, and from then on so are those that follow: the
    curve stays evenly fine. With `average` a merged value is the mean over the steps it stands for; without, it is
    the better (lower) one of the two, with its own step.
    """

    def __init__(self, most: int = MOST_POINTS, average: bool = True) -> None:
        self.fresh_from = 0  # a watcher who knows an older version must take the whole curve
        self._most = most
        self._average = average
        self._points: list[Point] = []
        self._versions: list[int] = []  # of the points, never falling
        self._stride = 1  # points that become one
        self._waiting: list[Point] = []  # for their merger
        self._spans: list[int] = []  # steps that each of those stands for
        self._end = 0  # the last step that is part of the curve

    def add(self, points: tuple[Point, ...], version: int) -> None:
        for step, value in points:
            self._spans.append(max(1, step - self._end))
            self._end = step
            self._waiting.append((step, value))
            if len(self._waiting) >= self._stride:
                self._append(version)

    def flush(self, version: int) -> None:
        """Show also the points that wait to be merged: nothing follows for now."""
        if self._waiting:
            self._append(version)

    def since(self, version: int) -> list[Point]:
        """The points that were added after this version."""
        return self._points[bisect_right(self._versions, version) :]

    def cut(self, step: int, version: int) -> None:
        """Forget what came after this step: the run goes on from there."""
        self.flush(version)
        keep = bisect_right(self._points, (step, float("inf")))
        if keep < len(self._points):
            del self._points[keep:], self._versions[keep:]
            self._end = step
            self.fresh_from = version

    def lowest(self) -> Point | None:
        return min(self._points, key=lambda point: point[1], default=None)

    def _append(self, version: int) -> None:
        self._points.append(self._merged(self._waiting, self._spans))
        self._versions.append(version)
        self._waiting, self._spans = [], []
        if len(self._points) >= self._most:
            self._thin(version)

    def _thin(self, version: int) -> None:
        steps = [0, *(step for step, _ in self._points)]
        spans = [max(1, after - before) for before, after in zip(steps, steps[1:], strict=False)]
        pairs = range(0, len(self._points), 2)
        self._points = [self._merged(self._points[i : i + 2], spans[i : i + 2]) for i in pairs]
        self._versions = [version] * len(self._points)
        self._stride *= 2
        self.fresh_from = version

    def _merged(self, points: list[Point], spans: list[int]) -> Point:
        if not self._average:
            return min(points, key=lambda point: point[1])
        total = sum(value * span for (_, value), span in zip(points, spans, strict=True))
        return points[-1][0], total / sum(spans)


class Frames:
    """Pictures of a run, at most `most` of them: the first, the last, and evenly many between the two."""

    def __init__(self, most: int = MOST_FRAMES) -> None:
        self._most = most
        self._kept: list[tuple[int, bytes]] = []
        self._last: tuple[int, bytes] | None = None
        self._seen = 0
        self._stride = 1

    def add(self, step: int, pixels: bytes) -> None:
        if self._last is not None and step == self._last[0]:  # the end repeats its step
            return
        self._last = (step, pixels)
        if self._seen % self._stride == 0:
            self._kept.append(self._last)
            if len(self._kept) >= self._most:
                self._kept = self._kept[::2]
                self._stride *= 2
        self._seen += 1

    def all(self) -> list[tuple[int, bytes]]:
        """Steps and pictures, in order."""
        if self._last is None or self._kept[-1] is self._last:
            return list(self._kept)
        return [*self._kept, self._last]

    def cut(self, step: int) -> None:
        """Forget what came after this step."""
        self._kept = [frame for frame in self._kept if frame[0] <= step]
        self._seen = len(self._kept) * self._stride
        self._last = self._kept[-1] if self._kept else None

    def __len__(self) -> int:
        return len(self._kept) + (self._last is not None and self._kept[-1] is not self._last)

    @property
    def bytes(self) -> int:
        return sum(len(pixels) for _, pixels in self.all())
