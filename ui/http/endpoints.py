"""How a function becomes an endpoint that documents itself: each field with a name, a description and an example."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr
from gradio.context import get_blocks_context
from gradio.utils import get_function_description


@dataclass(frozen=True)
class Field:
    """What the documentation calls a parameter, what its examples show, and a JSON schema in place of the type's own.

    Without an example they show the default.
    """

    label: str
    example: Any = None
    schema: dict[str, Any] | None = None


def publish(function: Callable[..., Any], fields: Mapping[str, Field], answer: str, concurrency_limit: int) -> None:
    """Add `function`, under its own name, to the page that is being built.

    The page "Use via API", /gradio_api/info and MCP clients describe it by its docstring.

    Args:
        function: typed, with `Args` and `Returns` in its docstring.
        fields: one for each of its parameters, by name.
        answer: what the documentation calls its answer.
        concurrency_limit: how many calls of it run at the same time.
    """
    # Gradio reads one line for each parameter.
    function.__doc__ = (inspect.getdoc(function) or "").replace("\n" + 8 * " ", " ")
    # gr.api calls fields "1st", "2nd", describes none of them, and shows "..." as their values: the rest is ours.
    dependency = gr.api(function, api_name=function.__name__, concurrency_limit=concurrency_limit)
    context: Any = get_blocks_context()  # there is one, and what follows is not in its types
    blocks = context.blocks
    _, described, returned = get_function_description(function)
    for (name, about), number in zip(described.items(), dependency["inputs"], strict=True):
        field, place = fields[name], blocks[number]
        place.label = field.label
        place.async_move_resource_to_block_cache = _as_it_is
        place._api_info = {**(field.schema or place._api_info), "additional_description": about}
        place.example_payload = partial(deepcopy, place.value if field.example is None else field.example)
    (number,) = dependency["outputs"]
    blocks[number].label = answer
    blocks[number]._api_info = {**blocks[number]._api_info, "description": " ".join(returned)}


async def _as_it_is(address: str | None) -> str | None:
    """In place of Gradio's, which fetches whatever a caller names as a file, and writes it to the disk."""
    return address
