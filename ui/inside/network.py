"""The network's page: its steps, what they cost, and its graph; of a shipped network or one of a visitor's own."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypedDict

from torch import nn
from torch.overrides import TorchFunctionMode

from denoiser.models import CLASSIFIERS, build
from denoiser.models.drawing import graph_svg
from denoiser.models.summary import summary, totals
from serving.live import LiveDenoiser
from ui.inside.network_texts import GRAPH_WORDS
from ui.shared.handlers import Handler, answering, fields_of

KEPT = 48  # pages, of some 20 kB
_MAKING = threading.Lock()  # one at a time: the largest network takes 100 MB for a moment


class NetworkPage(TypedDict):
    name: str  # for a file
    model: str  # a key of MODELS
    steps: list[dict[str, Any]]  # as `summary` gives them
    totals: dict[str, int]
    graph: str  # SVG


def describing(live: LiveDenoiser) -> Handler:
    """What the page calls. Anything may arrive here, so everything is checked first."""

    @answering
    def network_page(payload: object) -> NetworkPage:
        fields = fields_of(payload, {"name", "reads", "language"})
        name, reads, language = fields["name"], fields["reads"], fields["language"]
        if not isinstance(name, str):
            raise ValueError("name must be a text")
        if type(reads) is not bool:
            raise ValueError("reads must be true or false")
        if not isinstance(language, str) or language not in GRAPH_WORDS:
            raise ValueError(f"language must be one of {', '.join(GRAPH_WORDS)}")
        with live.place():
            title, model, config = _known(live, name, reads)
            with _MAKING:
                return _page(title, model, json.dumps(dict(config), sort_keys=True), language)

    return network_page


def _known(live: LiveDenoiser, name: str, reads: bool) -> tuple[str, str, Mapping[str, Any]]:
    """Name, model and configuration; of who reads also of networks that are not shipped, as they are at first."""
    if reads and name in CLASSIFIERS:
        shipped = live.reader().info
        return name, name, shipped.config if shipped.model == name else {}
    info = (live.reader(name) if reads else live.network(name)).info
    return info.name, info.model, info.config


@lru_cache(KEPT)
def _page(name: str, model: str, config: str, language: str) -> NetworkPage:
    network = _structure(model, json.loads(config))
    steps = summary(network)
    graph = graph_svg(network, name, GRAPH_WORDS[language])
    return {"name": name, "model": model, "steps": steps, "totals": totals(steps), "graph": graph}


def _structure(model: str, config: Mapping[str, Any]) -> nn.Module:
    """A network of its own, since others use the one that is served; its weights are whatever lies in memory."""
    with _Undrawn():
        return build(model, config)


class _Undrawn(TorchFunctionMode):
    """No weights are drawn: that takes the largest network half a second, and random numbers that belong to others."""

    def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if function.__name__ in ("uniform_", "normal_", "kaiming_uniform_"):
            return args[0] if args else kwargs["tensor"]
        return function(*args, **kwargs)
