"""The whole page: headline and tabs, in the order of a lesson."""

from __future__ import annotations

from typing import Any

import gradio as gr
from starlette.middleware import Middleware

from serving.examples import ExampleDigits
from serving.live import LiveDenoiser
from serving.runs.registry import Runs
from serving.workers.zerogpu import drawing_device
from ui.compare.tab import compare_tab
from ui.draw.tab import draw_tab
from ui.http.body_limit import BodyLimit
from ui.http.denoise import publish_denoise
from ui.http.pictures import Pictures
from ui.http.readme import document_routes
from ui.http.routes import Routes
from ui.http.run_files import RunFiles
from ui.http.scripts import script_routes
from ui.http.train import publish_training
from ui.http.uploads import PictureUploads
from ui.http.worker import WorkerRoutes
from ui.inside.tab import inside_tab
from ui.shared.texts import ENGLISH, TEXTS
from ui.shell.front import ICON, Front
from ui.shell.header import header
from ui.theme import CSS, page_theme
from ui.train.tab import train_tab

UPLOADED = Pictures()  # one for the process, whose memory it bounds
I18N = gr.I18n(**TEXTS)
QUEUE_PAUSE = 0.02  # seconds between two looks of Gradio's queue for work


def build_page(runs: Runs, live: LiveDenoiser | None = None, examples: ExampleDigits | None = None) -> gr.Blocks:
    """Build every tab and every endpoint; nothing is computed for a tab until it is opened."""
    live, examples = live or LiveDenoiser(drawing_device(), runs=runs), examples or ExampleDigits()
    page = gr.Blocks(title=ENGLISH["title"], analytics_enabled=False, delete_cache=(300, 600), fill_width=True)
    with page:
        header(live)
        with gr.Tabs():
            with gr.Tab(I18N("tab_draw"), id="draw", elem_id="tab-draw"):
                draw_tab(live, examples)
            with gr.Tab(I18N("tab_train"), id="train", elem_id="tab-train"):
                train_tab(live, runs)
            with gr.Tab(I18N("tab_compare"), id="compare", elem_id="tab-compare"):
                compare_tab(live, examples)
            with gr.Tab(I18N("tab_inside"), id="inside", elem_id="tab-inside"):
                inside_tab(live, examples)
        publish_denoise(live, UPLOADED)
        publish_training(runs, UPLOADED)
    page.queue(max_size=64, default_concurrency_limit=4)
    # By default one of Gradio's loops looks for work a thousand times a second and another a hundred times: a tenth of
    # a core, and each look pushes a training run off its own. The pen does not wait in this queue.
    page._queue.sleep_when_free = page._queue.progress_update_sleep_when_free = QUEUE_PAUSE
    return page


def launch_options(runs: Runs) -> dict[str, Any]:
    """How the page is always launched, here and in the tests."""
    uploads = [*RunFiles(runs).routes(), *PictureUploads(UPLOADED).routes()]
    routes = [*uploads, *document_routes(), *script_routes(), *WorkerRoutes(runs).routes()]
    middleware = [Middleware(Routes, routes=routes), Middleware(BodyLimit), Middleware(Front)]
    return {
        "theme": page_theme(),
        "css": CSS,
        "i18n": I18N,
        "ssr_mode": False,  # doubles the round trip while drawing
        "show_error": False,
        "max_file_size": "1mb",
        "enable_monitoring": False,
        "run_history": False,
        "state_session_capacity": 1000,
        "footer_links": ["api"],
        "favicon_path": str(ICON),
        "app_kwargs": {"middleware": middleware},
    }
