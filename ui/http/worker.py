"""The routes by which a browser gets what it computes with: files that it keeps for good, networks of runs, and noise.

A run's token is in a header: in an address it would end in the server's log.
"""

from __future__ import annotations

import asyncio
import gzip
from functools import lru_cache

import torch
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from denoiser.graphs import flat_weights, network_graph
from denoiser.noise import FIELDS, field
from serving.errors import UnknownRun
from serving.live import LARGEST_SEED
from serving.runs.registry import Runs
from ui.http.scripts import FOREVER
from ui.worker.files import FILES, PLACE, graph_address, worker_files

NETWORK, NOISE = f"/{PLACE}/network", f"/{PLACE}/noise"
LARGEST_WEIGHTS = 16 * 2**20  # bytes; what is larger is faster on the server than on its way
MOST_FIELDS = 64  # in one answer
NETWORKS_AT_ONCE = 4  # requests in progress: each holds the weights in memory
A_DAY = {"cache-control": "public, max-age=86400", "x-content-type-options": "nosniff"}
BINARY = "application/octet-stream"


class WorkerRoutes:
    """They count the requests in progress for networks of runs."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._giving = asyncio.Semaphore(NETWORKS_AT_ONCE)
        worker_files()

    def routes(self) -> list[Route]:
        return [
            Route(NETWORK, self.give_network),
            Route(NOISE, _noise),
            Route(f"/{PLACE}/{{name}}", _file),
        ]

    async def give_network(self, request: Request) -> Response:
        """?reads=0 or 1, and the token in the header X-Run: the weights, and in X-Graph the address of their graph."""
        if self._giving.locked():
            raise HTTPException(503, "the server is busy: try again in a moment")
        async with self._giving:
            reads = request.query_params.get("reads") == "1"
            weights, graph = await asyncio.to_thread(self._network, request.headers.get("x-run", ""), reads)
        return Response(weights, headers={"x-graph": graph, "cache-control": "no-store"}, media_type=BINARY)

    def _network(self, token: str, reads: bool) -> tuple[bytes, str]:
        try:
            if self._runs.watch(token)["state"] != "ended":
                raise HTTPException(503, "this network is still trained: ask again when it is done")
            network = self._runs.reader(token) if reads else self._runs.denoiser(token)
        except UnknownRun as error:
            raise HTTPException(404, str(error)) from None
        except ValueError as error:
            raise HTTPException(409, str(error)) from None
        graph = network_graph(network.info.model, network.info.config)
        if graph is None or 4 * network.info.parameters > LARGEST_WEIGHTS:
            raise HTTPException(409, "this network stays on the server: it has no graph, or is too large to travel")
        return flat_weights(network.stage), graph_address(graph)


def _file(request: Request) -> Response:
    file = FILES.get(f"{PLACE}/{request.path_params['name']}")
    if file is None:
        raise HTTPException(404, "there is no such file: reload the page")
    data, headers = file.content(), dict(FOREVER)
    if file.gzipped and "gzip" in request.headers.get("accept-encoding", ""):
        headers |= {"content-encoding": "gzip", "vary": "accept-encoding"}
    elif file.gzipped:
        data = _unzipped(data)
    return Response(data, headers=headers, media_type=file.media_type)


@lru_cache(maxsize=2)
def _unzipped(data: bytes) -> bytes:
    return gzip.decompress(data)


def _noise(request: Request) -> Response:
    """?distribution=…&seed=…&count=…: the fields of so many seeds from this one on, float32, little-endian."""
    distribution = request.query_params.get("distribution", "")
    seed, count = (_whole(request.query_params.get(name, "")) for name in ("seed", "count"))
    if distribution not in {each for each in FIELDS.values() if each}:
        raise HTTPException(400, "distribution must be uniform or normal")
    if not (0 <= seed <= LARGEST_SEED and 1 <= count <= MOST_FIELDS):
        raise HTTPException(400, f"seed must be 0 to {LARGEST_SEED}, and count 1 to {MOST_FIELDS}")
    seeds = (each % (LARGEST_SEED + 1) for each in range(seed, seed + count))
    fields = torch.cat([field(distribution, each) for each in seeds])
    return Response(fields.numpy().astype("<f4").tobytes(), headers=A_DAY, media_type=BINARY)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else -1
