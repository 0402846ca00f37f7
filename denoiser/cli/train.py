"""The command `train`: a run with a progress bar, saved so that neither Ctrl-C, kill nor a full disk costs much."""

from __future__ import annotations

import argparse
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from operator import methodcaller

import torch
from tqdm import tqdm

from denoiser.cli.console import listed, report, say, warn
from denoiser.cli.diary import Diary
from denoiser.cli.logs import Curves, Samples, Watcher, quiet_writers
from denoiser.cli.options import Plan, plan
from denoiser.cli.saver import Saver
from denoiser.data import Digits, load_digits
from denoiser.devices import chosen_device
from denoiser.train.divergence import Watchdog
from denoiser.train.run import TrainingRun
from denoiser.train.step import Diverged, Step

SCORED_DIGITS = 1000  # digits whose score stands in the checkpoint: whoever trains waits for it


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
    device = chosen_device(options.device)
    digits, held_out = _digits(chosen, "train", options.json), _digits(chosen, "validation", options.json)
    run = TrainingRun(chosen.config, chosen.state, data=digits, start=chosen.start, device=device)
    _ = run.validation  # read now: data that is missing must not end a run at its first score
    watchers = _watchers(options, run, held_out)
    _introduce(options, run)
    saver, diary = Saver(run, chosen, held_out), Diary(run, chosen, quiet=options.json)
    with _interruptible(run) as interrupted:
        try:
            _train_with_bar(run, saver, diary, watchers, quiet=options.json)
        except Diverged as error:
            raise Diverged(f"{error}; {saver.keep_best()}") from error
        if run.step == 0:
            warn("Stopped before the first step: nothing was written")
            raise KeyboardInterrupt
        saver.save_state()
        metrics = saver.save_checkpoint()
    reason = "interrupted" if interrupted.is_set() else "early" if run.ended_early else "budget"
    facts = {"out": str(chosen.out), "steps": run.step, "seconds": round(run.seconds, 2), "data": run.data.source}
    facts |= {"reason": reason, **metrics, "epochs": diary.epochs}
    why = "Stopped early, validation no longer improved. " if reason == "early" else ""
    report(options, facts, f"{why}Saved {chosen.out} after {run.step:,} steps: " + listed(metrics))


def _set_threads(options: argparse.Namespace) -> None:
    if options.threads is not None:
        if options.threads < 1:
            raise ValueError(f"--threads {options.threads}: at least one is needed")
        torch.set_num_threads(options.threads)


def _digits(chosen: Plan, split: str, quiet: bool) -> Digits:
    """The digits to learn, or those whose score stands in the checkpoint; a bar while the project writes its own."""
    config, limit = chosen.config, SCORED_DIGITS if split == "validation" else chosen.config.limit
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
    if run.task.loss_unit != 1:
        summed = "summed over all pixels of a batch" if run.config.loss == "sum" else "averaged"
        say(options, f"It minimises the error {summed}, times {run.config.loss_scale:g}; shown is the mean per pixel")
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


def _train_with_bar(run: TrainingRun, saver: Saver, diary: Diary, watchers: list[Watcher], quiet: bool) -> None:
    """Train until the budget is used up or the run is closed, saving the state as it goes."""
    watchdog, smooth, validation = Watchdog(run), 0.0, ""
    try:
        _watched(run.step, watchers, methodcaller("begin"))
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
                diary.note(step)
                saver.save_state_if_due()
    finally:
        _close(watchers)


def _show(step: Step, watchers: list[Watcher]) -> None:
    _watched(step.step, watchers, methodcaller("note", step))


def _watched(step: int, watchers: list[Watcher], what: Callable[[Watcher], None]) -> None:
    for watcher in tuple(watchers):
        try:
            what(watcher)
        except OSError as error:
            warn(f"{type(watcher).__name__} ended at step {step:,}, the run goes on: {error}")
            watchers.remove(watcher)


def _close(watchers: list[Watcher]) -> None:
    for watcher in watchers:
        try:
            watcher.close()
        except OSError as error:
            warn(f"{type(watcher).__name__} are incomplete: {error}")
