"""The HTTP endpoint `/denoise`: what the page does, for programs."""

import base64
import math
from typing import Any, Literal, TypedDict

import gradio as gr
import numpy as np

from denoiser import KINDS
from denoiser.picture_files import PHOTO_SIDE, encode_png, shrink
from serving.errors import Busy
from serving.live import LiveDenoiser, LiveRequest, LiveResponse, Seen
from ui.http.endpoints import Field, publish
from ui.http.pictures import PICTURE, SAMPLE_FILE, Pictures, picture_of

DENOISE_FIELDS = {
    "picture": Field("Picture of a digit", SAMPLE_FILE, PICTURE),
    "kind": Field("Kind of noise"),
    "amount": Field("Amount of noise"),
    "seed": Field("Seed of the noise"),
    "model": Field("Network"),
    "clean_only": Field("The picture is noisy already"),
    "told": Field("Tell the network kind and amount"),
    "reader": Field("Reader of the pictures"),
}
HINTS = {
    "no_ink": "there is no ink in this picture: draw a digit, bright on dark or dark on bright",
    "several": "there are several things in this picture: cut out the one digit that is meant",
}


class Score(TypedDict):
    psnr: float | None  # dB; null where nothing differs
    ssim: float


class Scores(TypedDict):
    noisy: Score
    denoised: Score


class Readings(TypedDict):
    noisy: list[float]  # a probability for each of the ten digits
    denoised: list[float]


class Answer(TypedDict):
    hint: str | None  # why there is nothing else
    digit: str | None  # 28×28 PNG in base64, as the two below
    noisy: str | None
    denoised: str | None
    scores: Scores | None
    readings: Readings | None
    ms: float | None
    device: str | None
    model: str


def publish_denoise(live: LiveDenoiser, pictures: Pictures) -> None:
    """Add the endpoint to the page that is being built."""

    def denoise(
        picture: str | dict[str, Any],
        kind: Literal[KINDS] = "blend",  # type: ignore[valid-type]  # the choices are not repeated here
        amount: float = 0.5,
        seed: int = 0,
        model: str = "default",
        clean_only: bool = False,
        told: bool = False,
        reader: str = "default",
    ) -> Answer:
        """Drown a drawn or photographed digit in noise and denoise it.

        Args:
            picture: A PNG, JPEG or WebP file of at most 1 MiB and 2,000,000 pixels, handle_file("digit.png") in
                Python; or text, which is such a file in base64, or a data URL.
            kind: Of the noise, one of the values that are listed with its type.
            amount: From 0 to 1.
            seed: From 0 to 2147483647; the same seed gives the same noise.
            model: "default", simple_unet or another that the page offers, or the token of a run of /train.
            clean_only: It is reduced to 28×28 without smoothing or centring, no noise is added, and there are no
                scores.
            told: "default" can be told, and does without as well; no other shipped network can.
            reader: Who reads the pictures: "default", or the token of a run of /train that trained a classifier.

        Returns:
            digit, noisy and denoised (28×28 PNG in base64), scores (psnr in dB, null where nothing differs, and
            ssim, of noisy and denoised), readings (ten probabilities for each), ms, device, model and hint
            (null, or why there is nothing else). A mistake comes back as one line of error.
        """
        try:
            pixels = picture_of(picture, pictures)
            if not clean_only:
                pixels = shrink(pixels, PHOTO_SIDE)
            request = LiveRequest(pixels, amount, kind, seed, model, clean_only, told, from_file=True, reader=reader)
            return _answer(live.respond(request))
        except (ValueError, Busy) as error:
            raise gr.Error(str(error), print_exception=False) from None

    publish(denoise, DENOISE_FIELDS, "What becomes of it", concurrency_limit=4)


def _answer(response: LiveResponse) -> Answer:
    noisy, denoised = response.noisy, response.denoised
    if noisy is None or denoised is None:
        return Answer(
            hint=HINTS[response.hint or "no_ink"],
            digit=None,
            noisy=None,
            denoised=None,
            scores=None,
            readings=None,
            ms=None,
            device=None,
            model=response.model,
        )
    return Answer(
        hint=None,
        digit=_png(response.digit),
        noisy=_png(noisy.pixels),
        denoised=_png(denoised.pixels),
        scores=None if noisy.ssim is None else Scores(noisy=_score(noisy), denoised=_score(denoised)),
        readings=Readings(noisy=_rounded(noisy.readings), denoised=_rounded(denoised.readings)),
        ms=round(response.ms, 3),
        device=response.device,
        model=response.model,
    )


def _score(seen: Seen) -> Score:
    assert seen.psnr is not None and seen.ssim is not None  # they come together
    return Score(psnr=None if math.isinf(seen.psnr) else seen.psnr, ssim=seen.ssim)


def _rounded(readings: tuple[float, ...]) -> list[float]:
    return [round(probability, 6) for probability in readings]


def _png(pixels: np.ndarray | None) -> str | None:
    return None if pixels is None else base64.b64encode(encode_png(pixels)).decode()
