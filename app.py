"""The front door: `python app.py` builds the page and serves it."""

from __future__ import annotations

import argparse
import os
import sys
import threading

import torch

from denoiser.data import download_in_background
from serving.examples import ExampleDigits
from ui.page import build_page, launch_options


def main() -> int:
    options = parse()
    torch.set_num_threads(1)  # one picture at a time is too little work for two threads to share
    download_in_background()
    examples = ExampleDigits()
    threading.Thread(target=examples.pick, daemon=True).start()  # so that the first visitor does not wait
    try:
        page = build_page(examples=examples)
    except (OSError, ValueError) as error:  # a checkpoint that is missing or damaged
        return fail(str(error))
    try:
        page.launch(server_name=options.host, server_port=options.port, share=options.share, **launch_options())
    except OSError:
        return fail(f"{options.host}:{options.port} is taken: choose another port with --port {options.port + 1}")
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Draw a digit, drown it in noise, watch a network restore it.")
    parser.add_argument("--host", default=os.environ.get("GRADIO_SERVER_NAME", "127.0.0.1"))
    parser.add_argument("--port", type=port, default=os.environ.get("GRADIO_SERVER_PORT", "7860"))
    parser.add_argument("--share", action="store_true", help="also open a public link through Gradio's servers")
    return parser.parse_args()


def port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a number from 1 to 65535")
    return int(text)


def fail(line: str) -> int:
    print(f"app.py: {line}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
