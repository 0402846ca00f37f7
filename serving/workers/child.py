"""The other side of the pipe: a process that trains what it is given, and exits when nobody is left to give it work."""

from __future__ import annotations

import gc
import logging
import os
import queue
import signal
import threading
from multiprocessing.connection import Connection

import torch

from denoiser.watch.events import Job
from denoiser.watch.settings import RunSettings
from serving.workers.crowd import Crowd
from serving.workers.messages import Ready, messages_of

log = logging.getLogger(__name__)

WARM_STEPS = 3


def serve(pipe: Connection, nice: int, warm_up: bool) -> None:
    """What a worker process does all its life."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the server, which then ends its workers
    if hasattr(os, "nice"):
        os.nice(nice)
    desk = Desk(pipe)
    threading.Thread(target=desk.listen, daemon=True).start()
    if warm_up:
        for _ in messages_of(Job(RunSettings()), desk.warms_on):
            pass
    try:
        while True:
            pipe.send(Ready())
            for message in messages_of(desk.next_job(), desk.goes_on):
                pipe.send(message)
            _clean_up()
    except OSError:  # the server is gone
        return


class Desk:
    """What the server has said so far: a job, stop, or how many threads to use."""

    def __init__(self, pipe: Connection) -> None:
        self._jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._pipe = pipe
        self._stopped = False
        self._threads = self._threads_in_use = torch.get_num_threads()
        self._crowd = Crowd()
        self._warm_steps = 0

    def listen(self) -> None:
        """Take what comes. A broken pipe means that the server is gone, even by kill -9: so is this process, then."""
        try:
            while True:
                match self._pipe.recv():
                    case "run", job:
                        self._stopped = False
                        self._jobs.put(job)
                    case ("stop",):
                        self._stopped = True
                    case "threads", count:
                        self._threads = count
        except (EOFError, OSError):
            os._exit(0)

    def next_job(self) -> Job:
        """Wait for a job; the time spent waiting says nothing about how crowded the machine is."""
        job = self._jobs.get()
        self._crowd = Crowd()
        return job

    def goes_on(self) -> bool:
        """Asked after every step, by the thread that trains: OpenMP's number of threads belongs to a thread."""
        threads = self._crowd.threads(self._threads)
        if threads != self._threads_in_use:
            self._threads_in_use = threads
            torch.set_num_threads(threads)
        return not self._stopped

    def warms_on(self) -> bool:
        self._warm_steps += 1
        return self._warm_steps < WARM_STEPS


def _clean_up() -> None:
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
