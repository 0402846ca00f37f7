"""Slow work waits for its turn without a place of the pen's, and only few wait."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from serving.errors import Busy
from serving.live import LiveDenoiser
from serving.turns import WAITING, Turns


def test_who_waits_for_a_turn_leaves_the_places_to_others_and_only_few_wait() -> None:
    live = LiveDenoiser(device="cpu", at_once=2)
    turns, started, go_on = Turns(live), threading.Event(), threading.Event()
    at_work, most = 0, 0

    def work() -> None:
        nonlocal at_work, most
        with turns.take():
            at_work += 1
            most = max(most, at_work)
            started.set()
            assert go_on.wait(30)
            at_work -= 1

    with ThreadPoolExecutor(WAITING) as pool:
        all_work = [pool.submit(work) for _ in range(WAITING)]
        assert started.wait(30)
        while turns._waiting.acquire(blocking=False):  # until all of them wait
            turns._waiting.release()
        with pytest.raises(Busy), turns.take():
            pass
        with live.place():  # two places: one has a turn, and the pen the other
            go_on.set()
        for each in all_work:
            each.result()
    assert most == 1
    with turns.take():
        pass
