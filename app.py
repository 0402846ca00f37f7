"""The front door: `python app.py` builds the page and serves it."""

from __future__ import annotations

import argparse
import errno
import os
import re
import signal
import socket
import sys
import threading

import torch
from PIL import Image

from denoiser.data import download_in_background
from denoiser.picture_files import LARGEST_PICTURE
from serving.examples import ExampleDigits
from serving.runs.registry import Runs
from serving.workers.zerogpu import best_workers


def main() -> int:
    options = parse()
    try:
        port = port_number(options.port)
    except ValueError as error:
        return fail(str(error))
    # Gradio reads this when it is imported, and stops over what is not a number: hence the import below it.
    os.environ["GRADIO_SERVER_PORT"] = str(port)
    from ui.page import build_page, launch_options

    torch.set_num_threads(1)  # one picture at a time is too little work for two threads to share
    # Whatever Gradio itself decodes comes from strangers too. Here and not in build_page: it holds for the process.
    Image.MAX_IMAGE_PIXELS = LARGEST_PICTURE
    download_in_background()
    examples = ExampleDigits()
    runs = Runs(best_workers())
    try:
        page = build_page(examples=examples, runs=runs)
    except (OSError, ValueError) as error:  # a checkpoint that is missing or damaged
        return fail(str(error))
    first_example = threading.Thread(target=examples.pick, daemon=True)  # so that the first visitor does not wait
    first_example.start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the workers are ended, too
    where = {"server_name": options.host, "server_port": port, "share": options.share}
    try:
        page.launch(prevent_thread_lock=True, **where, **launch_options(runs))
        runs.warm()  # only now, so that nobody waits for the page
        page.block_thread()
    except OSError as error:
        return fail(launch_fault(options.host, port, error))
    finally:
        runs.close()
        first_example.join(10)  # where Python ends while a thread is within PyTorch, the process is aborted
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Draw a digit, drown it in noise, watch a network restore it.")
    parser.add_argument("--host", default=os.environ.get("GRADIO_SERVER_NAME", "127.0.0.1"))
    parser.add_argument("--port", default=os.environ.get("GRADIO_SERVER_PORT", "7860"))
    parser.add_argument("--share", action="store_true", help="also open a public link through Gradio's servers")
    return parser.parse_args()


def port_number(text: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise ValueError(f"{text!r} is not a port: give --port, or GRADIO_SERVER_PORT, a number from 1 to 65535")
    return int(text)


def launch_fault(host: str, port: int, error: OSError) -> str:
    """Say in one line why nothing can be served there, and what to do."""
    reason = bind_error(host, port) or error  # Gradio has the same words for everything
    other = port + 1 if port < 65535 else port - 1
    known = {
        errno.EADDRINUSE: f"{host}:{port} is taken: choose another port with --port {other}",
        errno.EACCES: f"{host}:{port} is not for everyone to open: choose a port above 1023, such as --port 7860",
        errno.EADDRNOTAVAIL: f"{host} is no address of this machine: choose --host 127.0.0.1, or 0.0.0.0 for all",
    }
    code = getattr(reason, "errno", None) or 0
    return known.get(code) or f"{host}:{port} cannot be opened: {' '.join(str(reason).split())}"


def bind_error(host: str, port: int) -> OSError | UnicodeError | None:
    """What the system says to opening this port; None if it opens it."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does
            attempt.bind(address)
    except (OSError, UnicodeError) as error:  # the latter for a name that cannot be one
        return error
    return None


def fail(line: str) -> int:
    print(f"app.py: {line}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
