"""The Train tab as one component: its layout and scripts, and the functions the page calls on the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TypedDict

import gradio as gr

import denoiser
from denoiser.data import find_mnist
from denoiser.data.own import OWN_SOURCE
from denoiser.inference import READER
from denoiser.models import MODELS, checked_config
from denoiser.train.config import TrainingConfig
from denoiser.train.recipes import BY_BUDGET, BY_OPTIMIZER, LONGEST_RUN, PRESETS
from denoiser.train.schedule import SCHEDULES
from denoiser.train.tasks import TASKS
from denoiser.watch.settings import DATA_CHOICES, LARGEST_BATCH, SHORTEST_RUN, RunSettings
from denoiser.watch.workflow import WORKFLOW
from serving.errors import Busy, NoTimeLeft, UnknownRun
from serving.live import LARGEST_SEED, LiveDenoiser, LiveRequest
from serving.runs.answers import Film, Watched
from serving.runs.registry import LARGEST_CHECKPOINT, Runs
from ui.shared.component import component
from ui.shared.handlers import Handler, Hint, Shown, answering, denoised_of, drawing_of, fields_of
from ui.shared.texts import TEXTS
from ui.train.texts import TRAINING_TEXTS

LONGEST_TOKEN = 100  # characters


class Recipe(TypedDict):
    """What of a recipe stands in the form."""

    kinds: Sequence[str]
    amounts: tuple[float, float]
    optimizer: str
    learning_rate: float
    schedule: str
    weight_decay: float
    batch_size: int
    patience: int
    dropout: float
    augment: bool


class Network(TypedDict):
    model: str
    reads: bool
    shipped: list[str]  # networks of this kind, by name
    recipes: list[tuple[float, dict[str, Recipe]]]  # by rising budget: the most seconds, and what each preset then says


class Token(TypedDict):
    token: str


class RunGone(Hint):
    """Expired here, or lost with a server that was another: the page knows which it was."""

    error: str
    boot: str


class Comparison(TypedDict):
    """The visitor's network beside a shipped one, on the same noisy digit."""

    digit: str
    noisy: Shown
    mine: Shown
    shipped: Shown
    name: str  # of the shipped one


def train_tab(live: LiveDenoiser, runs: Runs) -> gr.HTML:
    """The tab, ready to start a run."""
    return component(
        {
            "texts": {language: TEXTS[language] | TRAINING_TEXTS[language] for language in TEXTS},
            "networks": [_network(model, live) for model in MODELS],
            "kinds": list(denoiser.KINDS),
            "data": list(DATA_CHOICES),
            "mnist": find_mnist() is not None,
            "own_source": OWN_SOURCE,
            "optimizers": BY_OPTIMIZER,
            "schedules": list(SCHEDULES),
            "defaults": asdict(RunSettings()),
            "limits": _limits(runs.longest),
            "largest_checkpoint": LARGEST_CHECKPOINT,
            "workflow": list(WORKFLOW.items()),
        },
        "train",
        "training",
        _server_functions(live, runs),
        ("workflow.css",),
    )


def _network(model: str, live: LiveDenoiser) -> Network:
    return {
        "model": model,
        "reads": TASKS[model].reads,
        "shipped": [READER] if model == READER else [info.name for info in live.models if info.model == model],
        "recipes": [
            (most, {preset: _shown(RunSettings(model, preset, seconds=most).config()) for preset in PRESETS[model]})
            for most in sorted(BY_BUDGET.get(model, (LONGEST_RUN,)))
        ],
    }


def _shown(config: TrainingConfig) -> Recipe:
    return {
        "kinds": config.kinds,
        "amounts": config.amounts,
        "optimizer": config.optimizer,
        "learning_rate": config.learning_rate,
        "schedule": config.schedule,
        "weight_decay": config.weight_decay,
        "batch_size": config.batch_size,
        "patience": config.patience,
        "dropout": checked_config(config.model, config.model_config).dropout,
        "augment": config.augment is not None,
    }


def _limits(longest: float = LONGEST_RUN) -> dict[str, tuple[float, float]]:
    """Of the numbers a visitor types, to say at once what is wrong; the server's own checks are what counts."""
    return {
        "seconds": (SHORTEST_RUN, min(longest, LONGEST_RUN)),
        "learning_rate": (1e-9, 1000),
        "weight_decay": (0, 1000),
        "dropout": (0, 0.9),
        "patience": (0, 1000),
        "batch_size": (1, LARGEST_BATCH),
        "seed": (0, LARGEST_SEED),
    }


def _server_functions(live: LiveDenoiser, runs: Runs) -> list[Handler]:
    """What the page calls. Anything may arrive here, so each checks everything first."""

    @answering
    def start(payload: object) -> Token | Hint:
        fields = fields_of(payload, {"settings", "drawing", "of"})
        settings = RunSettings.of(fields["settings"])
        of = None if fields["of"] is None else _token(fields["of"], "of")
        if "mnist" in settings.data and find_mnist() is None:
            return {"hint": "mnist"}
        drawing = None if fields["drawing"] is None else drawing_of(fields["drawing"])
        try:
            return {"token": runs.start(fields["settings"], drawing, of)}
        except UnknownRun:
            return {"hint": "of"}
        except Busy:
            return {"hint": "full"}

    @answering
    def watch(payload: object) -> Watched | RunGone:
        fields = fields_of(payload, {"token", "since"})
        if type(fields["since"]) is not int or not 0 <= fields["since"] < 2**53:
            raise ValueError("since must be the version of the answer before, or 0")
        try:
            return runs.watch(_token(fields["token"]), fields["since"])
        except UnknownRun as error:
            return {"hint": "gone", "error": str(error), "boot": runs.boot}

    @answering
    def sources(payload: object) -> dict[str, bool]:
        fields_of(payload, set())
        return {"mnist": find_mnist() is not None}  # which may have come since the page was built

    @answering
    def stop(payload: object) -> dict[str, object]:
        runs.stop(_token(fields_of(payload, {"token"})["token"]))
        return {}

    @answering
    def go_on(payload: object) -> dict[str, object]:
        fields = fields_of(payload, {"token", "seconds"})
        try:
            runs.go_on(_token(fields["token"]), fields["seconds"])
        except NoTimeLeft as error:
            return {"hint": "total", "left": error.left}
        except Busy:
            return {"hint": "full"}
        return {}

    @answering
    def frames(payload: object) -> Film:
        return runs.frames(_token(fields_of(payload, {"token"})["token"]))

    @answering
    def compare(payload: object) -> Comparison | Hint:
        fields = fields_of(payload, {"token", "pixels", "amount", "kind", "seed"})
        token, drawing = _token(fields.pop("token")), drawing_of(fields.pop("pixels"))
        architecture = runs.denoiser(token).info.model
        shipped = next((info.name for info in live.models if info.model == architecture), "default")
        responses = [live.respond(LiveRequest(drawing, model=name, **fields)) for name in (token, shipped)]
        if responses[0].hint:
            return {"hint": responses[0].hint}
        mine, theirs = (denoised_of(response) for response in responses)
        return {
            "digit": mine["digit"],
            "noisy": mine["noisy"],
            "mine": mine["denoised"],
            "shipped": theirs["denoised"],
            "name": shipped,
        }

    return [start, watch, sources, stop, go_on, frames, compare]


def _token(value: object, name: str = "token") -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_TOKEN:
        raise ValueError(f"{name} must be text of at most {LONGEST_TOKEN} characters")
    return value
