"""The command `train`: a run with a progress bar, saved so that neither Ctrl-C, kill nor a full disk costs much."""

from __future__ import annotations

import argparse
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

import torch
from tqdm import tqdm

from denoiser.console import listed, say, tell, warn
from denoiser.data import Digits, load_digits
from denoiser.divergence import Watchdog
from denoiser.evaluation import accuracy, evaluate
from denoiser.inference import Denoiser, Reader
from denoiser.models import CLASSIFIERS
from denoiser.state import save_state
from denoiser.trainer import Diverged, Step, TrainingRun
from denoiser.training_logs import Curves, Samples, Watcher, quiet_writers
from denoiser.training_options import Plan, plan

HELD_OUT = 2000  # digits whose score stands in the checkpoint


@quiet_writers()
def train(options: argparse.Namespace) -> None:
    """Train as the options say and write a checkpoint; Ctrl-C keeps what was learned so far.

    Raises:
        ValueError: options that do not fit, before anything is trained; or `Diverged`, after the last good weights,
            if there are any, were written.
        OSError: a file that is not there, or the checkpoint cannot be written.
    """
    _set_threads(options)
    chosen = plan(options)
    digits, held_out = _digits(chosen, "train", options.json), _digits(chosen, "validation", options.json)
    run = TrainingRun(chosen.config, chosen.state, data=digits, start=chosen.start)
    if run.config.validate_every:
        _ = run.validation  # read now: data that is missing must not end a run at its first score
    watchers = _watchers(options, run, held_out)
    _introduce(options, run)
    saver = Saver(run, chosen, held_out, options.save_every)
    with _interruptible(run) as interrupted:
        try:
            _train_with_bar(run, saver, watchers, quiet=options.json)
        except Diverged as error:
            raise Diverged(f"{error}; {saver.keep_best()}") from error
        if run.step == 0:
            warn("Stopped before the first step: nothing was written")
            raise KeyboardInterrupt
        saver.save_state()
        metrics = saver.save_checkpoint()
    reason = "interrupted" if interrupted.is_set() else "early" if run.ended_early else "budget"
    facts = {"out": str(chosen.out), "steps": run.step, "seconds": round(run.seconds, 2), "data": run.data.source}
    facts |= {"reason": reason, **metrics}
    why = "Stopped early, validation no longer improved. " if reason == "early" else ""
    tell(options, facts, f"{why}Saved {chosen.out} after {run.step:,} steps: " + listed(metrics))


def _set_threads(options: argparse.Namespace) -> None:
    if options.threads is not None:
        if options.threads < 1:
            raise ValueError(f"--threads {options.threads}: at least one is needed")
        torch.set_num_threads(options.threads)


def _digits(chosen: Plan, split: str, quiet: bool) -> Digits:
    """The digits to learn, or those whose score stands in the checkpoint; a bar while the project writes its own."""
    config, limit = chosen.config, HELD_OUT if split == "validation" else None
    with tqdm(desc="Writing digits", unit="digit", disable=quiet, delay=1, leave=False) as bar:
        return load_digits(config.data, split, digits=config.digits, limit=limit, tick=bar.update)


def _watchers(options: argparse.Namespace, run: TrainingRun, held_out: Digits) -> list[Watcher]:
    """Those that the options ask for."""
    watchers: list[Watcher] = []
    writer = None
    if options.tensorboard is not None:
        curves = Curves(options.tensorboard, run)
        writer = curves.writer
        watchers.append(curves)
    if options.samples is not None:
        watchers.insert(0, Samples(options.samples, run, held_out, writer))  # closed before the writer is
    return watchers


def _introduce(options: argparse.Namespace, run: TrainingRun) -> None:
    how = f"{len(run.data):,} digits ({run.data.source}) on {run.device}, {run.precision}"
    say(options, f"Training {run.config.model} with {how}" + (f", from step {run.step:,} on" if run.step else ""))
    layers = run.layers()
    trained = [layer for layer in layers if layer.trained]
    if len(trained) < len(layers):
        weights = f"{sum(layer.weights for layer in trained):,} of {sum(layer.weights for layer in layers):,} weights"
        say(options, f"Only these layers train, {weights}: " + ", ".join(layer.name for layer in trained))


@contextmanager
def _interruptible(run: TrainingRun) -> Iterator[threading.Event]:
    """Ctrl-C, or a polite kill, ends the run after the update in progress, and does not disturb what is saved then."""
    interrupted = threading.Event()

    def stop(*_: object) -> None:
        interrupted.set()
        run.close()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interrupted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _train_with_bar(run: TrainingRun, saver: Saver, watchers: list[Watcher], quiet: bool) -> None:
    """Train until the budget is used up or the run is closed, saving the state as it goes."""
    watchdog, smooth, validation = Watchdog(run), 0.0, ""
    try:
        # What an earlier run did is no part of the pace that tells how long this one still takes.
        form, done = "{l_bar}{bar}| {elapsed}<{remaining}{postfix}", 100 * run.progress
        with tqdm(total=100, initial=done, disable=quiet, bar_format=form) as bar:
            for step in run:
                smooth = smooth + 0.02 * (step.loss - smooth) if smooth else step.loss
                validation = f", validation {step.validation:.5f}" if step.validation is not None else validation
                bar.set_postfix_str(f"step {step.step:,}, loss {smooth:.5f}{validation}", refresh=False)
                bar.update(100 * step.progress - bar.n)
                _show(step, watchers)
                watchdog.note(step)
                saver.save_state_if_due()
    finally:
        _close(watchers)


def _show(step: Step, watchers: list[Watcher]) -> None:
    for watcher in tuple(watchers):
        try:
            watcher.note(step)
        except OSError as error:
            warn(f"{type(watcher).__name__} ended at step {step.step:,}, the run goes on: {error}")
            watchers.remove(watcher)


def _close(watchers: list[Watcher]) -> None:
    for watcher in watchers:
        try:
            watcher.close()
        except OSError as error:
            warn(f"{type(watcher).__name__} are incomplete: {error}")


class Saver:
    """Writes the state of a run now and then, and its checkpoint at the end.

    Args:
        run: the run, and `chosen` where its files belong.
        held_out: digits whose score stands in the checkpoint.
        every: seconds between two states at least.
    """

    def __init__(self, run: TrainingRun, chosen: Plan, held_out: Digits, every: float) -> None:
        self._run, self._out, self._file, self._held_out = run, chosen.out, chosen.state_file, held_out
        self._every, self._last = every, time.monotonic()
        self._saved: int | None = None  # the step of the state that is on the disk

    def save_state_if_due(self) -> None:
        """Save the state if the last one is old enough."""
        if time.monotonic() - self._last >= self._every:
            self.save_state()

    def save_state(self) -> None:
        """Save the state; one that cannot be saved is a pity, and the run goes on without it."""
        try:
            state = self._run.state()
            if all(bool(tensor.isfinite().all()) for tensor in state.tensors.values()):  # else the last one was better
                save_state(self._file, state)
                self._saved = state.step
        except OSError as error:
            warn(f"The state was not saved: {error}")
        self._last = time.monotonic()

    def save_checkpoint(self) -> dict[str, float]:
        """Write the best weights, and tell how they score on held-out digits."""
        run = self._run
        best = bool(run.best.weights) and not self._last_score <= run.best.score
        metrics = self._metrics(best)
        try:
            run.save(self._out, metrics, best=best)
        except OSError as error:
            if self._saved is None:
                raise
            where = f"{self._out} {error.strerror or error}"
            raise OSError(f"{where}; then --resume {self._file} goes on from step {self._saved:,}") from error
        return metrics

    @cached_property
    def _last_score(self) -> float:
        """Of the weights as they stand; it is not offered to `best`, so that the state stays that of the last step."""
        return self._run.score()

    def keep_best(self) -> str:
        """Write the best weights of a run that diverged, if there are any, and tell where they are."""
        best = self._run.best
        if not best.weights or best.score >= self._run.validation.knowing_nothing():
            return "no validated weights beat a guess, so none are kept"
        metrics = self._metrics(best=True)
        self._run.save(self._out, metrics, best=True)
        return f"the best weights, of step {best.step:,}, are in {self._out} ({listed(metrics)})"

    def _metrics(self, best: bool) -> dict[str, float]:
        run = self._run
        info, device = run.info(), run.device
        network = run.best_network() if best else None
        step = {"best_step": run.best.step if best else run.step}
        if run.config.model in CLASSIFIERS:
            reader = Reader(network, info, device) if network is not None else run.reader()
            return {"validation_accuracy": round(accuracy(reader, self._held_out), 5), **step}
        denoiser = Denoiser(network, info, device) if network is not None else run.denoiser()
        scores = evaluate(denoiser, self._held_out, kind=run.config.kinds[0], amounts=())
        return {"validation_mse": round(scores.mse["uniform"], 6), **step}
