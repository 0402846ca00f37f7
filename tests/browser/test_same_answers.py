"""Browser and server, digit by digit: every way of writing one, every shipped network, every kind of noise."""

from itertools import cycle
from typing import Any

import numpy as np
import pytest

import denoiser
from denoiser.data.glyphs import GLYPHS, Glyph, path_of
from denoiser.data.strokes import draw_strokes
from denoiser.models import can_be_told
from denoiser.noise import FIELDS, field
from serving.encoding import from_base64, to_base64
from serving.live import LiveDenoiser, LiveRequest
from ui.shared.handlers import answer_of
from ui.worker.files import worker_files

SET_UP = """async ({ files, names }) => {
    const { href } = document.querySelector('link[rel="modulepreload"][href*="scripts/"]');
    const { shared_engine } = await import(href);
    window.engine = new shared_engine.Engine(files);
    for (const name of names) await window.engine.load(name, files.networks[name]);
    await window.engine.load('reader', files.readers.default);
}"""
ANSWER = """(wish) => {
    const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const field = new Float32Array(bytes(wish.field).buffer);
    return window.engine.denoise({ ...wish, field, drawing: bytes(wish.drawing) });
}"""
BOTH = ("noisy", "denoised")


def drawn(glyph: Glyph, rng: np.random.Generator) -> np.ndarray:
    path = path_of(glyph)
    size, at = rng.uniform(0.35, 0.8), rng.uniform(0.05, 0.15, size=2)
    strokes = np.split(path.sharp @ path.control * size + at, path.ends)
    return draw_strokes(strokes, width=float(rng.uniform(0.03, 0.1)))


def requests() -> list[LiveRequest]:
    rng = np.random.default_rng(3)
    glyphs = [glyph for ways in GLYPHS.values() for glyph in ways]
    kinds, networks = cycle([kind for kind in denoiser.KINDS if FIELDS[kind]]), cycle(denoiser.available())
    asked = []
    for number, (glyph, kind, info) in enumerate(zip(glyphs, kinds, networks, strict=False)):
        clean = number % 7 == 0
        told = can_be_told(info.config) and not clean and number % 2 == 0
        amount, seed = float(rng.choice([0.0, 1.0, *rng.uniform(size=6)])), int(rng.integers(2**31))
        asked.append(LiveRequest(drawn(glyph, rng), amount, kind, seed, info.name, clean, told))
    return asked


def wish_of(request: LiveRequest) -> dict[str, Any]:
    distribution = FIELDS[request.kind]
    assert distribution is not None
    noise = field(distribution, request.seed).numpy().astype("<f4")
    return {
        "drawing": to_base64(request.pixels),
        "field": to_base64(noise),
        "amount": request.amount,
        "kind": denoiser.KINDS.index(request.kind),
        "told": request.told,
        "clean_only": request.clean_only,
        "network": request.model,
        "reader": "reader",
    }


def levels(answer: dict[str, Any]) -> np.ndarray:
    pictures = [answer["digit"], *(answer[name]["pixels"] for name in BOTH)]
    return np.concatenate([np.frombuffer(from_base64(one, "pixels", 784), np.uint8) for one in pictures]).astype(int)


def figures(answer: dict[str, Any], *names: str) -> list[float]:
    return [np.nan if value is None else value for one in BOTH for name in names for value in [answer[one][name]]]


def test_a_browser_answers_as_the_server_does(open_page: Any) -> None:
    page, live = open_page(), LiveDenoiser(device="cpu")
    page.evaluate(SET_UP, {"files": worker_files(), "names": [info.name for info in denoiser.available()]})
    for request in requests():
        theirs: Any = answer_of(live.respond(request))
        ours = page.evaluate(ANSWER, wish_of(request))
        what = f"{request.kind} {request.amount} {request.model}"
        assert np.abs(levels(ours) - levels(theirs)).max() <= 1, what
        for name in BOTH:
            assert ours[name]["readings"] == pytest.approx(theirs[name]["readings"], abs=0.001), what
        scores = figures(ours, "psnr", "ssim"), figures(theirs, "psnr", "ssim")
        assert scores[0] == pytest.approx(scores[1], abs=0.001, nan_ok=True), what
        assert [ours[name]["equal"] for name in BOTH] == [theirs[name]["equal"] for name in BOTH], what
