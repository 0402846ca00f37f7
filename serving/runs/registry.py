"""The registry of training runs, which owns them and their history; whoever has the token only watches."""

from __future__ import annotations

import base64
import re
import secrets
import threading
import time
from collections.abc import Mapping

import numpy as np

import denoiser
from denoiser.checkpoint import checkpoint_from_bytes, info_from_bytes, read_info
from denoiser.inference import CHECKPOINTS, READER, Denoiser, Reader, checkpoint_path
from denoiser.train.recipes import LONGEST_RUN
from denoiser.watch.card import model_card
from denoiser.watch.settings import SHORTEST_RUN, RunSettings
from serving.errors import NoTimeLeft, UnknownRun
from serving.runs.answers import Film, Watched
from serving.runs.keeping import Keeper, Limits
from serving.runs.loaded import Loaded
from serving.runs.queue import RunQueue
from serving.runs.run import Run, digit_of
from serving.runs.timelapse import reading_timelapse, timelapse
from serving.tokens import is_token, new_token
from serving.workers.contract import Workers

LARGEST_CHECKPOINT = 16 * 2**20  # bytes


class Runs:
    """All runs, from any thread.

    Args:
        workers: whoever trains.
        at_once: runs that are trained side by side; None for as many as the workers take. `waiting`: in the queue.
        limits: what is kept, and for how long.
    """

    def __init__(
        self,
        workers: Workers,
        at_once: int | None = None,
        waiting: int = 20,
        limits: Limits | None = None,
    ) -> None:
        self._workers = workers
        self._changed = threading.Condition()
        self._runs: dict[str, Run] = {}
        self._queue = RunQueue(workers, at_once or workers.at_once, waiting, self._changed, self._changed.notify_all)
        self._loaded = Loaded()
        self._keeper = Keeper(self._runs, self._queue, limits or Limits(), self._changed)
        self.boot = secrets.token_hex(4)  # another than before a restart, where other runs were known

    @property
    def longest(self) -> float:
        """Seconds that a run may take at a time."""
        return self._workers.longest

    def warm(self) -> None:
        """Let the workers get ready in the background."""
        self._workers.warm()

    def start(self, settings: Mapping[str, object], drawing: np.ndarray | None = None, of: str | None = None) -> str:
        """Queue a run and return its token.

        Args:
            settings: what `RunSettings.of` takes.
            drawing: the visitor's digit, uint8 [28, 28], or a drawing of another size; it is shown among the samples.
            of: the token of a run, or the name of a shipped network, to fine-tune.

        Raises:
            ValueError: settings or a drawing that cannot be; UnknownRun for weights of a run that is not known.
            Busy: the queue is full.
        """
        start, model = (None, None) if of is None else self._weights_of(of)
        if model is not None and isinstance(settings, Mapping):
            settings = {"model": model, **settings}
        chosen = RunSettings.of(settings)
        if model is not None and chosen.model != model:
            raise ValueError(f"these weights are of a {model}: choose that network to fine-tune them")
        if chosen.trained == "decoder" and start is None:
            raise ValueError("random weights have nothing to keep: name weights to start from, or train all layers")
        self._check_budget(chosen.seconds)
        run = Run(new_token(), f"{chosen.model}-{secrets.token_hex(2)}", chosen.model, chosen)
        run.drawing, run.start = digit_of(drawing), start
        with self._changed:
            self._queue.check_room()
            self._add(run)
            self._queue.join(run)
        return run.token

    def watch(self, token: str, since: int = 0) -> Watched:
        """How the run stands and what is new since that version, 0 for all of it."""
        if type(since) is not int:
            raise ValueError("since must be a whole number: the version of the last answer, or 0")
        with self._changed:
            run = self._find(token)
            others = self._queue.others(run)
            return {**run.answer(since), **self._queue.place(run), "others": others, "boot": self.boot}

    def stop(self, token: str) -> None:
        """Let the run end as it stands, now or as soon as it can; nothing happens to one that has ended."""
        with self._changed:
            run = self._find(token)
            if run.state == "waiting":
                self._queue.leave(run)
            tasks = self._queue.tasks_of(run)
        for task in tasks:
            task.stop()

    def go_on(self, token: str, seconds: float) -> None:
        """Queue an ended run again, exactly as it stood, for so many more seconds.

        Raises:
            ValueError: it has not ended, has nothing to go on from, or has had all the time there is.
            Busy: the queue is full.
        """
        if type(seconds) not in (int, float) or not SHORTEST_RUN <= seconds <= LONGEST_RUN:  # NaN fails the comparison
            raise ValueError(f"seconds must be a number from {SHORTEST_RUN:g} to {LONGEST_RUN:g}")
        self._check_budget(seconds)
        with self._changed:
            run = self._find(token)
            if run.state != "ended":
                raise ValueError("this run has not ended: stop it first")
            if not run.can_go_on:
                raise ValueError("this run cannot go on: start a new one, from its weights if you like")
            if run.seconds + seconds > LONGEST_RUN:
                raise NoTimeLeft(int(LONGEST_RUN - run.seconds))
            self._queue.check_room()
            run.wait_to_go_on(float(seconds))
            self._queue.join(run)
            self._changed.notify_all()

    def denoiser(self, token: str) -> Denoiser:
        """The run's kept weights, ready on the CPU, loaded once; ValueError while there are none, or if they read."""
        network = self._network(token, reads=False)
        assert isinstance(network, Denoiser)  # else it was refused
        return network

    def reader(self, token: str) -> Reader:
        """The same of a run that learned to read."""
        network = self._network(token, reads=True)
        assert isinstance(network, Reader)  # likewise
        return network

    def _network(self, token: str, reads: bool) -> Denoiser | Reader:
        with self._changed:
            run = self._find(token)
            if run.reads != reads:
                does, as_what = ("denoises", "model, not as reader") if reads else ("reads", "reader, not as model")
                raise ValueError(f"{run.name} is a {run.model}, which {does}: give its token as {as_what}")
            data, count, name = _weights(run), run.weights, run.name
        return self._loaded.network(token, count, data, name)

    def name(self, token: str) -> str:
        """What its files are called."""
        with self._changed:
            return self._find(token).name

    def checkpoint(self, token: str) -> bytes:
        """Its best weights so far, as a file; ValueError while there are none."""
        with self._changed:
            return _weights(self._find(token))

    def card(self, token: str) -> str:
        """Its model card, in Markdown; ValueError while there are no weights."""
        with self._changed:
            run = self._find(token)
            data, file = _weights(run), f"{run.name}.safetensors"
        return model_card(info_from_bytes(data, file), file)

    def frames(self, token: str) -> Film:
        """The samples over time; empty before the first."""
        with self._changed:
            run = self._find(token)
            frames, started = run.frames.all(), run.started
        return {
            "steps": [step for step, _ in frames],
            "samples": base64.b64encode(b"".join(pixels for _, pixels in frames)).decode(),
            "noisy": started["noisy"] if started is not None else "",
            "clean": started["clean"] if started is not None else "",
        }

    def timelapse(self, token: str) -> bytes:
        """The samples over time as an animated GIF; ValueError while there are none."""
        with self._changed:
            run = self._find(token)
            frames, started = run.frames.all(), run.started
        if not frames or started is None:
            raise ValueError("this run has no pictures yet: wait for its first steps")
        if run.reads:
            return reading_timelapse(frames, base64.b64decode(started["clean"]), started["labels"])
        return timelapse(frames, base64.b64decode(started["noisy"]), base64.b64decode(started["clean"]))

    def adopt(self, data: bytes, name: str = "uploaded") -> str:
        """Take a checkpoint from elsewhere as a finished run, and return its token; ValueError if it is none."""
        name = re.sub(r"\W", "_", name.removesuffix(".safetensors"), flags=re.ASCII)[:40] or "uploaded"
        if len(data) > LARGEST_CHECKPOINT:
            raise ValueError(f"this file is too large: at most {LARGEST_CHECKPOINT >> 20} MiB are taken")
        _, info = checkpoint_from_bytes(data, f"{name}.safetensors")
        run = Run(new_token(), name, info.model)
        run.checkpoint, run.weights, run.training = data, 1, info.training
        run.end("")
        with self._changed:
            self._add(run)
        return run.token

    def __len__(self) -> int:
        with self._changed:
            return len(self._runs)

    def close(self) -> None:
        """End every run and every worker."""
        with self._changed:
            at_work = self._queue.close()
        for task, _ in at_work:
            task.stop()
        self._workers.close()
        for _, thread in at_work:
            thread.join(10)
        self._keeper.close()

    def _find(self, token: object) -> Run:
        run = self._runs.get(token) if isinstance(token, str) else None
        if run is None:
            raise UnknownRun(token)
        run.seen = time.monotonic()
        return run

    def _add(self, run: Run) -> None:
        self._runs[run.token] = run
        self._keeper.start()
        self._changed.notify_all()

    def _weights_of(self, of: str) -> tuple[bytes, str]:
        """The checkpoint to fine-tune, and the network it is of."""
        if isinstance(of, str) and is_token(of):
            with self._changed:
                run = self._find(of)
                return _weights(run), run.model
        shipped = {info.name: info.model for info in (*denoiser.available(), read_info(checkpoint_path(READER)))}
        if not isinstance(of, str) or of not in shipped:
            raise ValueError(f"unknown weights to fine-tune: choose one of {', '.join(shipped)}, or a run of your own")
        return (CHECKPOINTS / f"{of}.safetensors").read_bytes(), shipped[of]

    def _check_budget(self, seconds: float) -> None:
        if seconds > self.longest:
            raise ValueError(f"here a run may take {self.longest:g} seconds at a time: choose at most that")


def _weights(run: Run) -> bytes:
    if run.checkpoint is None:
        raise ValueError("this run has no weights yet: wait for its first seconds")
    return run.checkpoint
