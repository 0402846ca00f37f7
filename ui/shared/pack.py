"""Many ES modules as one, so that a page asks once for all of them, and a server of a class answers once a visitor."""

from __future__ import annotations

import re
from collections.abc import Mapping
from graphlib import TopologicalSorter
from posixpath import dirname, join, normpath

IMPORT = re.compile(r"^import \{ (\w+(?:, \w+)*) \} from '(\.[\w./]+)';$", re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:const|class|function|async function) (\w+))", re.MULTILINE)
OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def pack(modules: Mapping[str, str]) -> str:
    """One ES module that exports an object of exports for each of `modules`, by the name that `packed_name` gives.

    Each keeps a scope of its own. Understood are imports by name from a relative path, each on one line, and exports
    before a const, a class or a function, which is never assigned anew.

    Args:
        modules: their text by their path.

    Raises:
        ValueError: another import or export, an import of what is not there or not exported, or one that leads back to
            where it began.
    """
    exports = {name: set(EXPORT.findall(text)) for name, text in modules.items()}
    needs = {name: _needs(name, text, exports) for name, text in modules.items()}
    ordered = TopologicalSorter(needs).static_order()
    parts = [_scope(name, modules[name]) for name in ordered]
    return "\n".join([*parts, f"export {{ {', '.join(map(packed_name, modules))} }};\n"])


def needed_by(entry: str, modules: Mapping[str, str]) -> dict[str, str]:
    """Of these modules one, and those that it imports, and so on; ValueError for an import of what is not there."""
    found: dict[str, str] = {}
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        if name not in modules:
            raise ValueError(f"{name} is imported, and not there")
        if name not in found:
            found[name] = modules[name]
            waiting += [_path(name, relative) for _, relative in IMPORT.findall(modules[name])]
    return found


def packed_name(path: str) -> str:
    """Of the module at this path: draw_board for draw/board.js."""
    return path.removesuffix(".js").replace("/", "_")


def _needs(name: str, text: str, exports: Mapping[str, set[str]]) -> list[str]:
    """The paths that a module imports from, once it is sure that they are there and export what is imported."""
    paths = []
    for names, relative in IMPORT.findall(text):
        path = _path(name, relative)
        if path not in exports:
            raise ValueError(f"{name} imports {path}, which is not there")
        if missing := set(names.split(", ")) - exports[path]:
            raise ValueError(f"{name} imports {', '.join(sorted(missing))}, which {path} does not export")
        paths.append(path)
    return paths


def _scope(name: str, text: str) -> str:
    body = IMPORT.sub(lambda found: f"const {{ {found[1]} }} = {packed_name(_path(name, found[2]))};", text)
    exported = ", ".join(EXPORT.findall(body))
    body = EXPORT.sub("", body)
    if other := OTHER.search(body):
        raise ValueError(f"{name} has a line that is not understood: {other[0]}")
    return f"// --- {name}\nconst {packed_name(name)} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();\n"


def _path(name: str, relative: str) -> str:
    return normpath(join(dirname(name), relative))
