"""Colours and fonts. System fonts only, so that nothing is fetched from anywhere."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

WESTERN_FONTS = ("-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial")
CHINESE_FONTS = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC")
MONOSPACED_FONTS = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")
CSS = (Path(__file__).parent / "page.css").read_text("utf-8")


def page_theme() -> gr.themes.Base:
    theme = gr.themes.Base(
        primary_hue=gr.themes.colors.orange,
        neutral_hue=gr.themes.colors.stone,
        font=(*WESTERN_FONTS, *CHINESE_FONTS, "sans-serif"),
        font_mono=MONOSPACED_FONTS,
    )
    return theme.set(
        body_background_fill="#fdfcfa",
        body_background_fill_dark="#131211",
        background_fill_primary="#fdfcfa",
        background_fill_primary_dark="#131211",
        body_text_color="#1f1d1a",
        body_text_color_dark="#ece9e4",
        body_text_color_subdued="#67625b",
        body_text_color_subdued_dark="#a39d94",
    )
