"""Draw: a digit, its noisy picture and the denoised one, live."""

from __future__ import annotations

from serving.examples import ExampleDigits
from serving.live import LiveDenoiser
from ui.components.board import denoise_board


def draw_tab(live: LiveDenoiser, examples: ExampleDigits) -> None:
    denoise_board(live, examples)
