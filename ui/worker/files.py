"""What a browser needs to compute by itself: the runtime, the worker's script, graphs, and weights of what is shipped.

Each file has an address that changes with its content, so that a browser keeps it for good.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TypedDict

from denoiser import available, load, load_classifier
from denoiser.checkpoint import Info, read_info
from denoiser.graphs import STAGES, flat_weights, network_graph, stage_graph
from denoiser.inference import READER, checkpoint_path
from denoiser.noise import FIELDS
from ui.shared.pack import needed_by, pack
from ui.shared.scripts import SOURCES
from ui.worker.vendor import SCRIPT, WASM, compressed

PLACE = "worker"  # relative to the base of the page


@dataclass(frozen=True)
class File:
    content: Callable[[], bytes]
    media_type: str
    gzipped: bool = False  # whether the content is


class Network(TypedDict):
    """Where a browser finds the two parts of one."""

    graph: str
    weights: str


class Worker(TypedDict):
    """What the page passes on to its worker: addresses, relative to the page's base."""

    worker: str
    runtime: str
    wasm: str
    stages: dict[str, str]
    networks: dict[str, Network]
    readers: dict[str, Network]
    fields: dict[str, str | None]  # of which distribution the field of each kind of noise is


FILES: dict[str, File] = {}  # by their address


@cache
def worker_files() -> Worker:
    """Read everything once and put it into `FILES`; errors as for `available`."""
    script = pack(needed_by("worker/worker.js", SOURCES)).encode()
    stages = {name: path for name in STAGES if (path := stage_graph(name))}
    readers = _networks((read_info(checkpoint_path(READER)),))
    return {
        "worker": _kept(script, "js", "text/javascript"),
        "runtime": _kept(compressed(SCRIPT), "mjs", "text/javascript", gzipped=True),
        "wasm": _kept(compressed(WASM), "wasm", "application/wasm", gzipped=True),
        "stages": {name: graph_address(path) for name, path in stages.items()},
        "networks": _networks(available()),
        "readers": {"default": readers[READER]} if readers else {},
        "fields": FIELDS,
    }


def _networks(infos: tuple[Info, ...]) -> dict[str, Network]:
    found = {info.name: network_graph(info.model, info.config) for info in infos}
    return {name: {"graph": graph_address(path), "weights": _weights(name)} for name, path in found.items() if path}


@cache
def graph_address(path: Path) -> str:
    """Of a graph, which is served from then on."""
    return _kept(path.read_bytes(), "onnx", "application/octet-stream")


def _kept(data: bytes, suffix: str, media_type: str, gzipped: bool = False) -> str:
    address = _address(data, suffix)
    FILES[address] = File(lambda: data, media_type, gzipped)
    return address


def _weights(name: str) -> str:
    """Made only when the first browser asks; the checkpoint's own content says whether they have changed."""
    address = _address(checkpoint_path(name).read_bytes(), "weights")
    FILES[address] = File(lambda: shipped_weights(name), "application/octet-stream")
    return address


@lru_cache(maxsize=16)
def shipped_weights(name: str) -> bytes:
    """Of a shipped network by its name, as `flat_weights` makes them."""
    return flat_weights((load_classifier if name == READER else load)(name, device="cpu").stage)


def _address(data: bytes, suffix: str) -> str:
    return f"{PLACE}/{hashlib.sha256(data).hexdigest()[:16]}.{suffix}"
