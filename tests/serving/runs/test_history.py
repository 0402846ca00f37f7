"""The past of a run: bounded, and as true as before."""

import numpy as np
import pytest

from serving.runs.history import Curve, Frames


def test_a_watcher_gets_each_point_once() -> None:
    curve, seen, known = Curve(), [], 0
    for version in range(1, 200):
        curve.add(((2 * version, 1 / version), (2 * version + 1, 2 / version)), version)
        if version % 7 == 0:
            seen += curve.since(known)
            known = version
    seen += curve.since(known)
    assert seen == curve.since(0) and len(seen) == 398 and curve.since(199) == []


@pytest.mark.parametrize("points", [10, 99, 100, 101, 5_000])
def test_a_long_curve_keeps_its_mean_and_its_end_in_bounded_memory(points: int) -> None:
    values, curve = np.random.default_rng(points).random(points), Curve(most=100)
    for step, value in enumerate(values, start=1):
        curve.add(((step, float(value)),), version=step)
        assert len(curve.since(0)) < 100
    curve.flush(points)
    kept = np.array(curve.since(0))
    assert kept[-1, 0] == points and (np.diff(kept[:, 0]) > 0).all()
    spans = np.diff(kept[:, 0], prepend=0)
    assert spans.max() <= 2 * np.median(spans)  # evenly fine
    assert (kept[:, 1] * spans).sum() / points == pytest.approx(values.mean())
    first = int(kept[0, 0])
    assert kept[0, 1] == pytest.approx(values[:first].mean())


def test_who_knows_a_curve_from_before_it_was_thinned_must_take_all_of_it() -> None:
    curve = Curve(most=10)
    curve.add(tuple((step, 0.0) for step in range(1, 10)), version=1)
    assert curve.fresh_from == 0
    curve.add(((10, 0.0),), version=2)
    assert curve.fresh_from == 2 and len(curve.since(0)) == 5


def test_scores_are_thinned_to_their_better_half_and_keep_the_best() -> None:
    scores, curve = np.random.default_rng(0).random(1000), Curve(most=50, average=False)
    for step, score in enumerate(scores, start=1):
        curve.add(((step, float(score)),), version=step)
    curve.flush(1000)
    assert curve.lowest() == (int(scores.argmin()) + 1, scores.min()) and len(curve.since(0)) < 50


def test_a_cut_forgets_what_came_later_and_only_that() -> None:
    curve = Curve()
    curve.add(tuple((step, float(step)) for step in range(1, 11)), version=3)
    curve.cut(10, version=4)
    assert curve.fresh_from == 0 and len(curve.since(0)) == 10
    curve.cut(6, version=5)
    assert curve.fresh_from == 5 and curve.since(0)[-1] == (6, 6.0)
    curve.add(((7, 1.0),), version=6)
    assert curve.since(5) == [(7, 1.0)]


@pytest.mark.parametrize("count", [1, 2, 159, 160, 161, 1_000])
def test_frames_keep_the_first_the_last_and_evenly_many_between(count: int) -> None:
    frames = Frames(most=160)
    for step in range(1, count + 1):
        frames.add(step, bytes([step % 256]))
        assert len(frames) == len(frames.all()) <= 160
    steps = [step for step, _ in frames.all()]
    assert steps[0] == 1 and steps[-1] == count and all(b == bytes([s % 256]) for s, b in frames.all())
    gaps = np.diff(steps)[:-1]
    assert len(gaps) == 0 or len(set(gaps)) == 1
    if count > 160:
        assert len(steps) > 60


def test_frames_can_be_cut() -> None:
    frames = Frames(most=8)
    for step in range(1, 31):
        frames.add(step, b"x")
    frames.cut(12)
    kept = frames.all()
    assert kept[0][0] == 1 and 1 < kept[-1][0] <= 12 and len(frames) == len(kept)
    frames.add(13, b"y")
    assert frames.all()[-1] == (13, b"y")
    frames.cut(0)
    assert frames.all() == [] and len(frames) == 0
