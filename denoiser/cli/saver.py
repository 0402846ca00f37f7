"""The files of a run: its state now and then, so that a kill costs little, and its checkpoint at the end."""

from __future__ import annotations

import time
from functools import cached_property

from denoiser.cli.console import listed, warn
from denoiser.cli.options import Plan
from denoiser.data import Digits
from denoiser.train.run import TrainingRun
from denoiser.train.state import save_state


class Saver:
    """Writes the state of a run now and then, and its checkpoint at the end.

    Args:
        run: the run, and `chosen` where its files belong and how often its state is saved.
        held_out: digits whose score stands in the checkpoint.
    """

    def __init__(self, run: TrainingRun, chosen: Plan, held_out: Digits) -> None:
        self._run, self._out, self._file, self._held_out = run, chosen.out, chosen.state_file, held_out
        self._every, self._last = chosen.pauses.seconds, time.monotonic()
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
        """Write the best weights, and return how they score on held-out digits."""
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
        """Write the best weights of a run that diverged, if there are any, and say where they are."""
        best = self._run.best
        if not best.weights or best.score >= self._run.validation.knowing_nothing():
            return "no validated weights beat a guess, so none are kept"
        metrics = self._metrics(best=True)
        self._run.save(self._out, metrics, best=True)
        return f"the best weights, of step {best.step:,}, are in {self._out} ({listed(metrics)})"

    def _metrics(self, best: bool) -> dict[str, float]:
        run = self._run
        network = run.best_network() if best else run.network()
        metrics = run.task.final_metrics(network, run.info(), run.device, self._held_out)
        return metrics | {"best_step": run.best.step if best else run.step}
