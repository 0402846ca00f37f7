"""The HTTP endpoint `/denoise`: what the page does, for programs."""

import base64
import math
import re
from typing import Literal, TypedDict

import gradio as gr
import numpy as np

from denoiser import KINDS
from denoiser.picture_files import LARGEST_FILE, decode_picture, encode_png, shrink
from serving.encoding import from_base64
from serving.live import Busy, LiveDenoiser, LiveRequest, LiveResponse, Seen

DATA_URL = re.compile(r"data:image/[a-z.+-]{1,20};base64,")
NO_INK = "there is no ink in this picture: draw a digit, bright on dark or dark on bright"


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


def publish_denoise(live: LiveDenoiser) -> None:
    """Add the endpoint to the page that is being built."""

    def denoise(
        picture: str,
        kind: Literal[KINDS] = "blend",  # type: ignore[valid-type]
        amount: float = 0.5,
        seed: int = 0,
        model: str = "default",
        clean_only: bool = False,
        told: bool = False,
    ) -> Answer:
        """Drown a drawn digit in noise and denoise it.

        Args:
            picture: a PNG, JPEG or WebP file in base64, or as a data URL; at most 1 MiB and 2,000,000 pixels.
            kind: of noise: blend, gaussian, salt_pepper, poisson or speckle.
            amount: of noise, from 0 to 1.
            seed: of the noise, 0 to 2147483647; the same seed gives the same noise.
            model: the network: "default", one of those the page offers, or the token of a run of /train.
            clean_only: the picture is noisy already: it is reduced to 28×28 without smoothing or centring, no
                noise is added, and there are no scores.
            told: the network is told kind and amount of the noise; "default" can be, and does without as well.

        Returns:
            digit, noisy and denoised (28×28 PNG in base64), scores (psnr in dB, null where nothing differs, and
            ssim, of noisy and denoised), readings (ten probabilities for each), ms, device, model and hint
            (null, or why there is nothing else). A mistake comes back as one line of error.
        """
        try:
            pixels = picture_of(picture)
            if not clean_only:
                pixels = shrink(pixels)
            return _answer(live.respond(LiveRequest(pixels, amount, kind, seed, model, clean_only, told)))
        except (ValueError, Busy) as error:
            raise gr.Error(str(error), print_exception=False) from None

    gr.api(denoise, api_name="denoise", concurrency_limit=4)


def picture_of(text: object) -> np.ndarray:
    """The pixels of a picture file in base64, or of a data URL; ValueError for anything else."""
    if not isinstance(text, str):
        raise ValueError("picture must be text: a PNG, JPEG or WebP file in base64, or a data URL")
    encoded = DATA_URL.sub("", text[:60], count=1) + text[60:]
    return decode_picture(from_base64(encoded, "picture", LARGEST_FILE))


def _answer(response: LiveResponse) -> Answer:
    noisy, denoised = response.noisy, response.denoised
    if noisy is None or denoised is None:
        nothing = dict.fromkeys(("digit", "noisy", "denoised", "scores", "readings", "ms", "device"))
        return Answer(hint=NO_INK, model=response.model, **nothing)  # type: ignore[typeddict-item]
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
