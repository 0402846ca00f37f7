"""Training in processes of lower priority, warm before they are needed: whoever draws does not notice."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing import connection, get_context

from denoiser.train.recipes import LONGEST_RUN
from denoiser.watch.events import Event, Job, Preparing
from serving.errors import TrainingFailed, WorkerDied
from serving.workers.child import serve
from serving.workers.contract import Task
from serving.workers.crowd import cores
from serving.workers.messages import Failed, Message, Ready, understood

log = logging.getLogger(__name__)

NICE = 10  # niceness of the processes: whoever draws goes first
SILENCE = 60.0  # seconds without a word after which a run is taken to hang;
SLOW_START = 300.0  # before its first word, and while a process warms up, a busy machine may take so long
OVERRUN = 2.0  # how many times its budget a run may take, for its scores and samples, before it is taken to hang
MOST_THREADS = 8  # of one run: small networks have no work for more
ATTEMPTS = 2  # of a run whose process dies before its first word


class ProcessWorkers:
    """Trains in worker processes: drawing keeps its pace, and a process that dies takes only its own run with it.

    The processes are spawned by `warm`, or when a task needs one, and used again and again. One that dies or hangs
    is replaced. Each watches its end of a pipe and exits when this process is gone, however it went.
    """

    def __init__(
        self,
        at_once: int = 2,
        longest: float = LONGEST_RUN,
        *,
        nice: int = NICE,
        silence: float = SILENCE,
        slow_start: float = SLOW_START,
        warm_up: bool = True,
    ) -> None:
        self.at_once, self.longest, self.silence, self.slow_start = at_once, longest, silence, slow_start
        self._nice, self._warm_up = nice, warm_up
        self._changing = threading.Lock()
        self._idle: list[Worker] = []
        self._busy: list[Worker] = []
        self._closed = False
        self._woken, self._wake = get_context("spawn").Pipe(duplex=False)
        self._keeper: threading.Thread | None = None

    def warm(self) -> None:
        with self._changing:
            while not self._closed and len(self._idle) + len(self._busy) < self.at_once:
                self._idle.append(self._spawned())

    def task(self, job: Job, seconds: float) -> Task:
        return _ProcessTask(self, job, seconds)

    def close(self) -> None:
        with self._changing:
            self._closed = True
            workers = [*self._idle, *self._busy]
            self._idle.clear()
            self.wake_keeper()
        for worker in workers:
            worker.kill()
        if self._keeper is not None:
            self._keeper.join(10)

    @property
    def pids(self) -> list[int]:
        """Of the processes, those at work first."""
        with self._changing:
            return [worker.process.pid for worker in (*self._busy, *self._idle) if worker.process.pid]

    def take(self) -> Worker:
        """A worker for one task, a warm one if there is one; WorkerDied after `close`."""
        with self._changing:
            if self._closed:
                raise WorkerDied("the server is closing")
            alive = [worker for worker in self._idle if worker.process.is_alive()]
            worker = max(alive, key=Worker.is_ready) if alive else self._spawned()
            if alive:
                self._idle.remove(worker)
            self._busy.append(worker)
            worker.extend(self.slow_start)
            self.wake_keeper()
        self._share_cores()
        return worker

    def give_back(self, worker: Worker) -> None:
        """After a task. A dead one is replaced, unless it never got ready: another would only die, too."""
        with self._changing:
            self._busy.remove(worker)
            if len(self._idle) + len(self._busy) >= self.at_once:  # the next task did not wait for it
                worker.kill()
            elif worker.process.is_alive() and not self._closed:
                worker.deadline = float("inf")
                self._idle.append(worker)
                self.wake_keeper()
        self._share_cores()
        if worker.ready:
            self.warm()

    def _spawned(self) -> Worker:
        if self._keeper is None:
            self._keeper = threading.Thread(target=self._keep, name="training-keeper", daemon=True)
            self._keeper.start()
        worker = Worker(self._nice, self._warm_up)
        self.wake_keeper()
        return worker

    def _share_cores(self) -> None:
        with self._changing:
            busy = list(self._busy)
            for worker in busy:
                worker.threads = min(MOST_THREADS, max(1, cores() // len(busy)))
        for worker in busy:
            worker.send_threads()

    def wake_keeper(self) -> None:
        """So that it looks at the deadlines again."""
        self._wake.send_bytes(b".")

    def _keep(self) -> None:
        """Replace idle workers that die, and kill busy ones that hang."""
        while not self._closed:
            with self._changing:
                deaths = [worker.process.sentinel for worker in self._idle]
                deadlines = [worker.deadline for worker in self._busy]
            timeout = min(deadlines, default=float("inf")) - time.monotonic()
            happened = connection.wait([self._woken, *deaths], max(0.0, timeout) if timeout < 1e6 else None)
            if self._woken in happened:
                self._woken.recv_bytes()
            self._kill_hanging()
            self._replace_dead()

    def _kill_hanging(self) -> None:
        with self._changing:
            hanging = [worker for worker in self._busy if worker.deadline <= time.monotonic()]
        for worker in hanging:
            log.warning("a training process hangs and is killed")
            worker.deadline = float("inf")
            worker.kill()  # its task hears of it, and replaces it

    def _replace_dead(self) -> None:
        with self._changing:
            dead = [worker for worker in self._idle if not worker.process.is_alive()]
            for worker in dead:
                self._idle.remove(worker)
        if any(worker.is_ready() for worker in dead):
            self.warm()


class Worker:
    """A worker process as the server sees it."""

    def __init__(self, nice: int, warm_up: bool) -> None:
        context = get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs, nice, warm_up), name="training", daemon=True)
        self.process.start()
        theirs.close()  # so that the pipe breaks when the process dies
        self.ready = False  # as far as is known
        self.threads = 1
        self.deadline = float("inf")  # on the monotonic clock: who has said nothing by then hangs
        self._sending = threading.Lock()

    def is_ready(self) -> bool:
        """Whether it has said so. Only for a worker that nobody else listens to."""
        if not self.ready and self.connection.poll():
            with suppress(WorkerDied):
                self.hear()
        return self.ready

    def send(self, *words: object) -> None:
        with self._sending, suppress(OSError):  # of a dead one we hear when we listen
            self.connection.send(words)

    def send_threads(self) -> None:
        with self._sending, suppress(OSError):
            self.connection.send(("threads", self.threads))  # whoever comes last has the newest

    def hear(self) -> Message:
        """The next message; WorkerDied if there will be none."""
        try:
            message: Message = self.connection.recv()
        except (EOFError, OSError):
            raise WorkerDied("the training process is gone") from None
        self.ready = True  # it has said so before anything else
        return message

    def extend(self, seconds: float, most: float = float("inf")) -> None:
        self.deadline = min(most, time.monotonic() + seconds)

    def kill(self) -> None:
        self.process.kill()
        self.process.join(10)


class _ProcessTask:
    def __init__(self, workers: ProcessWorkers, job: Job, seconds: float) -> None:
        self._workers, self._job, self._seconds = workers, job, seconds
        self._changing = threading.Lock()
        self._worker: Worker | None = None
        self._stopped = False

    def stop(self) -> None:
        with self._changing:
            self._stopped = True
            if self._worker is not None:
                self._worker.send("stop")

    def __iter__(self) -> Iterator[Event]:
        for attempt in range(1, ATTEMPTS + 1):
            worker, said = self._workers.take(), False
            try:
                for event in understood(self._events(worker)):
                    said = said or not isinstance(event, Preparing)  # those words are this process's own
                    yield event
                return
            except TrainingFailed:
                raise
            except WorkerDied:
                worker.process.join(1)  # it is ending by itself: what counts is its own exit code, not that of our kill
                worker.kill()
                log.warning("a training process is gone, with exit code %s", worker.process.exitcode)
                if said or attempt == ATTEMPTS:
                    raise
            except BaseException:  # nobody listens to it any more, and it may be in the middle of anything
                worker.kill()
                raise
            finally:
                with self._changing:
                    self._worker = None
                self._workers.give_back(worker)

    def _events(self, worker: Worker) -> Iterator[Event | Failed]:
        silence, slow_start = self._workers.silence, self._workers.slow_start
        end = time.monotonic() + slow_start + silence + OVERRUN * self._seconds
        if not worker.ready:
            yield Preparing("worker")
            worker.hear()
        worker.extend(slow_start)
        worker.send("run", self._job)
        with self._changing:
            self._worker = worker
            if self._stopped:
                worker.send("stop")
        yield Preparing("digits")
        begun, failed = False, list[Failed]()
        while not isinstance(message := worker.hear(), Ready):
            worker.extend(silence, most=end)
            if not begun:
                begun = True
                self._workers.wake_keeper()  # the deadline has come nearer
            if isinstance(message, Failed):
                failed.append(message)
            else:
                yield message
        yield from failed
