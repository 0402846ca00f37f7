"""The house as CONTRIBUTING.md draws it: imports go one way, also those inside functions and those for types alone."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = ("denoiser", "serving", "ui", "app")  # from the ground up
FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for floor in FLOORS
    for path in sorted(ROOT.glob(f"{floor}/**/*.py")) + sorted(ROOT.glob(f"{floor}.py"))
}


def imported_by(module: str) -> set[str]:
    """The files of ours that a file names in any import, wherever in it that stands."""
    found = set[str]()
    for node in ast.walk(ast.parse(FILES[module].read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            submodules = {f"{node.module}.{alias.name}" for alias in node.names} & FILES.keys()
            # `from package import module` asks the package for nothing but its module.
            found |= submodules if len(submodules) == len(node.names) else submodules | {node.module}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found & FILES.keys()


IMPORTS = {module: imported_by(module) for module in FILES}


def circle(imports: dict[str, set[str]]) -> list[str] | None:
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return None


def test_no_file_needs_itself_by_way_of_others() -> None:
    assert circle(IMPORTS) is None
    assert circle({"a": {"b"}, "b": {"a"}}) is not None


def test_nothing_imports_upward() -> None:
    height = {module: FLOORS.index(module.split(".")[0]) for module in FILES}
    upward = {
        (module, other) for module, others in IMPORTS.items() for other in others if height[other] > height[module]
    }
    assert upward == set()


@pytest.mark.parametrize("floor", ["denoiser", "serving", "ui"])
def test_no_folder_needs_itself_by_way_of_others(floor: str) -> None:
    """The files at the top of a floor are rooms of their own."""

    def room(module: str) -> str:
        return ".".join(module.split(".")[:2])

    inside = [module for module in FILES if module.startswith(f"{floor}.")]
    rooms: dict[str, set[str]] = {room(module): set() for module in inside}
    for module in inside:
        rooms[room(module)] |= {room(other) for other in IMPORTS[module] if other in inside} - {room(module)}
    assert circle(rooms) is None, rooms


def test_the_rooms_of_the_science_lie_above_each_other() -> None:
    """Models, data and what lies at the top of the package know nothing of training, and training of who watches it."""
    floors = {"denoiser.train": 1, "denoiser.watch": 2, "denoiser.cli": 2, "denoiser.__main__": 3, "denoiser": 3}

    def height(module: str) -> int:
        return floors.get(".".join(module.split(".")[:2]), 0)

    inside = [module for module in FILES if module.startswith("denoiser")]
    upward = {(module, other) for module in inside for other in IMPORTS[module] if height(other) > height(module)}
    assert upward == set()


def test_the_science_knows_neither_the_page_nor_how_to_print() -> None:
    for module, path in FILES.items():
        if module.startswith("denoiser"):
            tree = ast.parse(path.read_text("utf-8"))
            names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            assert "print" not in names or module.startswith("denoiser.cli"), module
            assert "gradio" not in path.read_text("utf-8"), module
