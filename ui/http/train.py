"""The HTTP endpoints `/train`, `/watch` and `/stop_training`: a run of one's own, for programs."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Literal, TypedDict

import gradio as gr

from denoiser.models import MODELS
from denoiser.picture_files import shrink
from denoiser.watch.settings import DATA_CHOICES, DEFAULT_SECONDS
from serving.errors import Busy
from serving.runs.registry import Runs
from ui.http.endpoints import Field, publish
from ui.http.pictures import PICTURE, Pictures, picture_of

TOKEN = Field("Token of the run", "the token that /train gave")
FIELDS = {
    "model": Field("Network"),
    "seconds": Field("Seconds of training"),
    "digits": Field("Digits to learn"),
    "data": Field("Data"),
    "settings": Field("Other settings"),
    "picture": Field("Picture of a digit", schema={"anyOf": [*PICTURE["anyOf"], {"type": "null"}]}),
    "of": Field("Weights to begin with"),
}
WATCH_FIELDS = {"token": TOKEN, "since": Field("Version of the answer before")}
TICK = 0.2  # seconds between two looks at a run: also how soon a program that went away is noticed


class Best(TypedDict, total=False):
    step: int
    mse: float  # of a denoiser
    wrong: float  # of a classifier: the share read wrongly


class Watched(TypedDict):
    token: str  # the only key to the run
    state: Literal["waiting", "running", "ended"]
    reason: str  # of the end: budget, stopped, early, diverged, killed or failed
    message: str  # one line of explanation, or empty
    place: int | None  # in the queue, from 1, while waiting
    wait: float | None  # seconds until its turn, as far as can be told
    version: int  # to be passed as `since`
    fresh: bool  # whether losses and validation are the whole curve, or new points of it
    losses: list[list[float]]  # pairs of step and mean loss
    validation: list[list[float]]  # pairs of step and MSE, or share read wrongly, of held-out digits
    step: int
    pictures: int
    seconds: float  # of training so far
    seconds_left: float
    progress: float  # 0 to 1
    rate: float  # pictures a second
    learning_rate: float
    best: Best | None
    metrics: dict[str, float] | None
    device: str | None
    reads: bool  # whether it is a classifier; else it denoises
    usable: bool  # whether /denoise takes the token, as its model or, of a classifier, as its reader
    can_go_on: bool


def publish_training(runs: Runs, pictures: Pictures) -> None:
    """Add the endpoints to the page that is being built."""

    async def train(
        model: Literal[tuple(MODELS)] | None = None,  # type: ignore[valid-type]
        seconds: float = DEFAULT_SECONDS,
        digits: list[int] | None = None,
        data: Literal[DATA_CHOICES] = "auto",  # type: ignore[valid-type]
        settings: dict[str, Any] | None = None,
        picture: str | dict[str, Any] | None = None,
        of: str | None = None,
    ) -> AsyncIterator[Watched]:
        """Train a network, and tell five times a second how it goes.

        The run belongs to its token, which comes with the first answer, and not to this request: it goes on to the
        end of its budget when the line is cut, and /watch finds it again.

        Args:
            model: residual_unet, which null stands for, simple_unet, conv_autoencoder or dense_autoencoder, which learn
                to denoise; or lean_classifier or tutorial_classifier, which learn to read clean digits.
            seconds: From 1 to 600.
            digits: A list such as [0, 1]; null stands for all ten.
            data: auto, mnist, own or mnist+own.
            settings: What is not as the preset has it, by name: preset, kinds, amounts, seed, optimizer,
                learning_rate, schedule, weight_decay, dropout, batch_size, patience, augment, trained.
            picture: To be shown among the samples: a file or text, as for /denoise, or null.
            of: The token of a run, or the name of a shipped network, to fine-tune; null begins from nothing.

        Returns:
            token, state (waiting, running, ended), place and wait in the queue, version, losses and validation (new
            points of the curve), step, seconds, seconds_left, progress, rate, best, metrics, and with the token as
            model, or of a classifier as reader, /denoise answers with the new weights. A mistake comes back as one
            line of error.
        """
        asked: dict[str, Any] = {"model": model, "seconds": seconds, "digits": digits, "data": data}
        if model is None:
            del asked["model"]  # the weights say of which network they are
        token = await _refusing(_start, runs, pictures, asked, settings, picture, of)
        since = 0
        while True:
            seen = await _refusing(_watched, runs, token, since)
            since = seen["version"]
            yield seen
            if seen["state"] == "ended":
                return
            await asyncio.sleep(TICK)

    async def watch(token: str, since: int = 0) -> Watched:
        """Tell how a run stands.

        Args:
            token: It came with the first answer of /train.
            since: To get only what is new; 0 for the whole curve.

        Returns:
            the same as /train.
        """
        return await _refusing(_watched, runs, token, since)

    async def stop_training(token: str) -> Watched:
        """End a run as it stands; its weights are kept. A run that has ended is left as it is.

        Args:
            token: It came with the first answer of /train.

        Returns:
            the same as /watch, of this moment: the run itself ends after its step.
        """
        await _refusing(runs.stop, token)
        return await _refusing(_watched, runs, token, 0)

    train.__annotations__["return"] = Watched  # Gradio describes one answer, not their iterator
    publish(train, FIELDS, "How it goes", concurrency_limit=16)
    publish(watch, WATCH_FIELDS, "How it stands", concurrency_limit=8)
    publish(stop_training, {"token": TOKEN}, "How it stands", concurrency_limit=4)


async def _refusing(work: Any, *arguments: Any) -> Any:
    """Do it in a thread; what is wrong with it becomes Gradio's one line of error."""
    try:
        return await asyncio.to_thread(work, *arguments)
    except (ValueError, Busy) as error:
        raise gr.Error(str(error), print_exception=False) from None


def _start(
    runs: Runs, pictures: Pictures, asked: dict[str, Any], settings: object, picture: object, of: str | None
) -> str:
    if settings is not None and not isinstance(settings, dict):
        raise ValueError("settings must be an object of names and values")
    twice = sorted((settings or {}).keys() & {"model", *asked})
    if twice:
        raise ValueError(f"{twice[0]} belongs beside the settings, not in them")
    drawing = None if picture is None else shrink(picture_of(picture, pictures))
    return runs.start({**asked, **(settings or {})}, drawing, of)


def _watched(runs: Runs, token: str, since: int) -> Watched:
    answer: dict[str, Any] = {"place": None, "wait": None, **runs.watch(token, since), "token": token}
    return {name: answer[name] for name in Watched.__annotations__}  # type: ignore[return-value]
