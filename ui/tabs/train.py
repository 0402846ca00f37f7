"""Train: a network of the visitor's own, watched from grey mush to sharp digits."""

from __future__ import annotations

from serving.live import LiveDenoiser
from serving.runs import Runs
from ui.components.training import training_board


def train_tab(live: LiveDenoiser, runs: Runs) -> None:
    training_board(live, runs)
