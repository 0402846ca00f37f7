"""One catalogue, two languages, and nothing on the page without its words."""

import re
from pathlib import Path

import pytest

from denoiser import KINDS
from denoiser.models import DENOISERS
from ui.texts import CHINESE, ENGLISH, TEXTS

COMPONENTS = Path("ui/components")


def test_both_languages_have_the_same_keys_and_blanks() -> None:
    assert list(ENGLISH) == list(CHINESE)
    for key in ENGLISH:
        blanks = [sorted(re.findall(r"\{\w+\}", TEXTS[language][key])) for language in TEXTS]
        assert blanks[0] == blanks[1], key
        assert ENGLISH[key].strip() and CHINESE[key].strip(), key


def test_chinese_is_chinese() -> None:
    same = {key for key in ENGLISH if ENGLISH[key] == CHINESE[key]}
    assert same == set()
    assert all(re.search(r"[\u4e00-\u9fff]", text) for text in CHINESE.values())


@pytest.mark.parametrize("name", [*(f"kind.{kind}" for kind in KINDS), *(f"model.{model}" for model in DENOISERS)])
def test_every_kind_and_network_is_named_and_explained(name: str) -> None:
    assert name in ENGLISH and f"{name}.about" in ENGLISH


def test_every_key_that_the_page_asks_for_is_there_and_no_other() -> None:
    html = (COMPONENTS / "board.html").read_text("utf-8")
    asked = set(re.findall(r'data-(?:text|title|label)="(\w+)"', html))
    for script in COMPONENTS.glob("*.js"):
        code = script.read_text("utf-8")
        asked |= set(re.findall(r"\btext\.(\w+)", code))
        asked |= {f"hint_{hint}" for hint in re.findall(r"say\('(\w+)'", code)}
        asked |= {f"hint_{hint}" for hint in re.findall(r"FileProblem\('(\w+)'\)", code)}
    for source in ("denoiser/picture_files.py", "serving/live.py", "ui/components/board.py"):
        code = Path(source).read_text("utf-8")
        asked |= {f"hint_{hint}" for hint in re.findall(r'(?:PictureError\(\s*|hint="|"hint": )"?(\w+)"', code)}
    asked |= {f"hint_{hint}" for hint in ("own_digits", "example")}
    plain = {key for key in ENGLISH if not key.startswith(("kind.", "model."))}
    assert asked <= set(ENGLISH), asked - set(ENGLISH)
    assert plain - asked <= {"headline", "tab_draw"}, plain - asked
