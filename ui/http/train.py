"""The HTTP endpoints `/train`, `/watch` and `/stop_training`: a run of one's own, for programs."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, Literal, TypeVar, cast

import gradio as gr

from denoiser.models import MODELS
from denoiser.picture_files import shrink
from denoiser.watch.settings import DATA_CHOICES, DEFAULT_SECONDS
from serving.errors import Busy
from serving.runs.answers import Standing
from serving.runs.registry import Runs
from ui.http.endpoints import Field, publish
from ui.http.pictures import PICTURE, Pictures, picture_of

TOKEN_FIELD = Field("Token of the run", "the token that /train gave")
TRAIN_FIELDS = {
    "model": Field("Network"),
    "seconds": Field("Seconds of training"),
    "digits": Field("Digits to learn"),
    "data": Field("Data"),
    "settings": Field("Other settings"),
    "picture": Field("Picture of a digit", schema={"anyOf": [*PICTURE["anyOf"], {"type": "null"}]}),
    "of": Field("Weights to begin with"),
}
WATCH_FIELDS = {"token": TOKEN_FIELD, "since": Field("Version of the answer before")}
Result = TypeVar("Result")

TICK = 0.2  # seconds between two looks at a run: also how soon a program that went away is noticed


class Report(Standing):
    token: str  # the only key to the run
    place: int | None  # in the queue, from 1, while waiting
    wait: float | None  # seconds until its turn, as far as can be foreseen


def publish_training(runs: Runs, pictures: Pictures) -> None:
    """Add the endpoints to the page that is being built."""

    async def train(
        model: Literal[tuple(MODELS)] | None = None,  # type: ignore[valid-type]  # the choices are not repeated here
        seconds: float = DEFAULT_SECONDS,
        digits: list[int] | None = None,
        data: Literal[DATA_CHOICES] = "auto",  # type: ignore[valid-type]  # the choices are not repeated here
        settings: dict[str, Any] | None = None,
        picture: str | dict[str, Any] | None = None,
        of: str | None = None,
    ) -> AsyncIterator[Report]:
        """Train a network, and say five times a second how it goes.

        The run belongs to its token, which comes with the first answer, and not to this request: it goes on to the
        end of its budget when the line is cut, and /watch finds it again.

        Args:
            model: residual_unet, which null stands for, simple_unet, conv_autoencoder or dense_autoencoder, which learn
                to denoise; or lean_classifier or tutorial_classifier, which learn to read clean digits.
            seconds: From 1 to 600.
            digits: A list such as [0, 1]; null stands for all ten.
            data: auto, mnist, own or mnist+own.
            settings: What is not as the preset has it, by name: preset, limit, steps, kinds, amounts, seed, optimizer,
                learning_rate, schedule, weight_decay, dropout, batch_size, patience, augment, trained.
            picture: To be shown among the samples: a file or text, as for /denoise, or null.
            of: The token of a run, or the name of a shipped network, to fine-tune; null begins from nothing.

        Returns:
            token, state (waiting, running, ended), place and wait in the queue, version, losses and validation (new
            points of the curve), step, seconds, seconds_left, progress, rate, best, metrics, and with the token as
            model, or of a classifier as reader, /denoise answers with the new weights. A mistake comes back as one
            line of error.
        """
        asked: dict[str, object] = {"model": model, "seconds": seconds, "digits": digits, "data": data}
        if model is None:
            del asked["model"]  # the weights say of which network they are
        token = await _refusing(_start, runs, pictures, asked, settings, picture, of)
        since = 0
        while True:
            seen = await _refusing(_report, runs, token, since)
            since = seen["version"]
            yield seen
            if seen["state"] == "ended":
                return
            await asyncio.sleep(TICK)

    async def watch(token: str, since: int = 0) -> Report:
        """Say how a run stands.

        Args:
            token: It came with the first answer of /train.
            since: To get only what is new; 0 for the whole curve.

        Returns:
            the same as /train.
        """
        return await _refusing(_report, runs, token, since)

    async def stop_training(token: str) -> Report:
        """End a run as it stands; its weights are kept. A run that has ended is left as it is.

        Args:
            token: It came with the first answer of /train.

        Returns:
            the same as /watch, of this moment: the run itself ends after its step.
        """
        await _refusing(runs.stop, token)
        return await _refusing(_report, runs, token, 0)

    train.__annotations__["return"] = Report  # Gradio describes one answer, not their iterator
    publish(train, TRAIN_FIELDS, "How it goes", concurrency_limit=16)
    publish(watch, WATCH_FIELDS, "How it stands", concurrency_limit=8)
    publish(stop_training, {"token": TOKEN_FIELD}, "How it stands", concurrency_limit=4)


async def _refusing(work: Callable[..., Result], *arguments: object) -> Result:
    """Do it in a thread; what is wrong with it becomes Gradio's one line of error."""
    try:
        return await asyncio.to_thread(work, *arguments)
    except (ValueError, Busy) as error:
        raise gr.Error(str(error), print_exception=False) from None


def _start(
    runs: Runs, pictures: Pictures, asked: dict[str, object], settings: object, picture: object, of: str | None
) -> str:
    if settings is not None and not isinstance(settings, dict):
        raise ValueError("settings must be an object of names and values")
    twice = sorted((settings or {}).keys() & {"model", *asked})
    if twice:
        raise ValueError(f"{twice[0]} belongs beside the settings, not in them")
    drawing = None if picture is None else shrink(picture_of(picture, pictures))
    return runs.start({**asked, **(settings or {})}, drawing, of)


def _report(runs: Runs, token: str, since: int) -> Report:
    answer: dict[str, Any] = {"place": None, "wait": None, **runs.watch(token, since), "token": token}
    return cast(Report, {name: answer[name] for name in Report.__annotations__})  # the rest is for the page
