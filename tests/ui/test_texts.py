"""Catalogues in two languages, and nothing on the page without its words."""

import re
from pathlib import Path
from typing import get_args

import pytest

from denoiser import KINDS
from denoiser.classical import METHODS
from denoiser.models import CLASSIFIERS, DENOISERS, MODELS, build
from denoiser.models.flow import Flow
from denoiser.train.recipes import PRESETS
from denoiser.train.schedule import SCHEDULES
from denoiser.watch.settings import DATA_CHOICES
from denoiser.watch.workflow import WORKFLOW
from serving.errors import Fault
from serving.rivals import NOTHING
from ui.compare.texts import COMPARE_TEXTS
from ui.inside.texts import INSIDE_TEXTS
from ui.shared.component import text_of
from ui.shared.scripts import MODULES
from ui.shared.task_texts import TASK_TEXTS
from ui.shared.texts import TEXTS
from ui.shell.texts import SHELL_TEXTS
from ui.train.form_texts import FORM_TEXTS
from ui.train.reading_texts import READING_TEXTS
from ui.train.run_texts import RUN_TEXTS
from ui.train.texts import TRAINING_TEXTS
from ui.train.workflow_texts import WORKFLOW_TEXTS

ENGLISH, READING = TEXTS["en"], READING_TEXTS["en"]
TRAINING = TRAINING_TEXTS["en"]  # the words of one tab, in three catalogues
COMPARING, INSIDE, TASK = COMPARE_TEXTS["en"], INSIDE_TEXTS["en"], TASK_TEXTS["en"]
REASONS = ("stopped", "early", "diverged", "killed", "failed")  # of a run's end, besides its budget


def read(room: str, *names: str) -> str:
    return "\n".join(text_of(room, name) for name in names)


def scripts(*entries: str) -> str:
    """These scripts, and all that they import."""
    found, asked = dict[str, str](), list(entries)
    while asked:
        name = asked.pop()
        if name not in found:
            found[name] = MODULES[name]
            imported = re.findall(r"^import .* from '(\./|\.\./)(.*)';$", found[name], re.MULTILINE)
            asked += [f"{name.partition('/')[0]}/{path}" if up == "./" else path for up, path in imported]
    return "\n".join(found.values())


@pytest.mark.parametrize(
    "texts",
    [TEXTS, TASK_TEXTS, COMPARE_TEXTS, INSIDE_TEXTS, FORM_TEXTS, RUN_TEXTS, READING_TEXTS, WORKFLOW_TEXTS, SHELL_TEXTS],
)
def test_both_languages_have_the_same_keys_and_blanks(texts: dict[str, dict[str, str]]) -> None:
    english, chinese = texts["en"], texts["zh"]
    assert list(english) == list(chinese)
    for key in english:
        blanks = [sorted(re.findall(r"\{\w+\}", texts[language][key])) for language in texts]
        assert blanks[0] == blanks[1], key
        assert english[key].strip() and chinese[key].strip(), key
        assert english[key] != chinese[key] and re.search(r"[\u4e00-\u9fff]", chinese[key]), key


def test_no_key_is_in_two_catalogues() -> None:
    assert not ENGLISH.keys() & TRAINING.keys() and not SHELL_TEXTS["en"].keys() & (ENGLISH | TRAINING).keys()
    for one, others in ((COMPARING, INSIDE), (INSIDE, TASK), (TASK, COMPARING)):
        assert not one.keys() & (ENGLISH | TRAINING | SHELL_TEXTS["en"] | others).keys()
    assert len(TRAINING) == sum(len(texts["en"]) for texts in (FORM_TEXTS, RUN_TEXTS, READING_TEXTS, WORKFLOW_TEXTS))


@pytest.mark.parametrize("name", [*(f"kind.{kind}" for kind in KINDS), *(f"model.{model}" for model in DENOISERS)])
def test_every_kind_and_network_is_named_and_explained(name: str) -> None:
    assert name in ENGLISH and f"{name}.about" in ENGLISH


@pytest.mark.parametrize("name", [f"model.{model}" for model in CLASSIFIERS])
def test_so_is_every_network_that_reads(name: str) -> None:
    assert name in READING and f"{name}.about" in READING


def test_every_choice_and_every_end_of_a_run_is_named() -> None:
    taught = {f"tutorial.{model}" for model in PRESETS if "tutorial" in PRESETS[model]}
    named = {f"data.{data}" for data in DATA_CHOICES} | {f"schedule.{name}" for name in SCHEDULES}
    assert taught | named | {f"news_{reason}" for reason in REASONS} <= TRAINING.keys()


def test_every_key_that_draw_asks_for_is_there_and_no_other() -> None:
    code = scripts("draw/board.js")
    asked = asked_by(read("draw", "board.html"), code)
    asked |= {f"hint_{hint}" for hint in re.findall(r"say\('(\w+)'", code)}
    asked |= {f"hint_computing_{what}" for what in re.findall(r"tell\('(\w+)'", code)}
    asked |= {f"computed_{side}{short}" for side in ("before", "here", "server") for short in ("", "_short")}
    asked |= {f"where_{reason}" for reason in re.findall(r"'(auto|here|server|cannot|poisson|photo|network)'", code)}
    asked |= {f"hint_{hint}" for hint in re.findall(r"(?:FileProblem|BadLink)\('(\w+)'\)", code)}
    for source in ("denoiser/picture_files.py", "serving/live.py", "ui/draw/tab.py", "ui/shared/handlers.py"):
        code = Path(source).read_text("utf-8")
        asked |= {f"hint_{hint}" for hint in re.findall(r'(?:PictureError\(\s*|hint="|"hint": )"?(\w+)"', code)}
    asked |= {f"hint_{hint}" for hint in ("start", "own_digits", "example", "uploaded", "no_answer", "refused")}
    asked |= set(re.findall(r"words\.(hint_\w+)", Path("ui/shared/component.py").read_text("utf-8")))
    plain = {key for key in ENGLISH if not key.startswith(("kind.", "model."))}
    assert asked <= ENGLISH.keys(), asked - ENGLISH.keys()
    asked |= {"headline", *re.findall(r'I18N\("(\w+)"\)', Path("ui/page.py").read_text("utf-8"))}  # around the tabs
    assert plain <= asked, plain - asked


def test_every_key_that_train_asks_for_is_there_and_no_other() -> None:
    code = scripts("train/training.js")
    asked = asked_by(read("train", "training.html"), code)
    asked |= {f"news_{news}" for news in re.findall(r"say\('(\w+)'", code)}
    asked |= {f"fault_{fault}" for fault in re.findall(r"TransferProblem\('(\w+)'\)", code)}
    asked |= {f"fault_{hint}" for hint in re.findall(r'"hint": "(\w+)"', read("train", "tab.py"))}
    asked |= {f"fault_{fault}" for fault in get_args(Fault) if fault}
    asked |= {key for name in WORKFLOW for key in (f"workflow.{name}", f"workflow_{name}_what")}
    known = ENGLISH | TRAINING
    assert asked <= known.keys(), asked - known.keys()
    # Keys that are put together in the scripts: their last part stands there by itself.
    words = set(re.findall(r"'(\w+)'", code)) | set(re.findall(r"\b(\w+): ", code)) | set(REASONS)
    for key in TRAINING.keys() - asked:
        family, _, last = key.partition("_")
        composed = family in {"news", "fault", "figure", "row", "line", "compare", "own"} and last in words
        field = key.removesuffix("_about").removeprefix("train_") in words
        assert composed or field or key.startswith(("data.", "schedule.", "tutorial.", "model.")), key


def test_every_key_that_compare_asks_for_is_there_and_no_other() -> None:
    code = scripts("compare/compare.js")
    asked = asked_by(read("compare", "compare.html"), code)
    asked |= {f"hint_task_{hint}" for hint in re.findall(r"'(empty|lost|busy|refused)'", code)}
    asked |= {f"sort_{order}" for order in ("given", "psnr", "ssim", "ms")}
    asked |= {f"view_{view}" for view in re.findall(r'data-view="(\w+)"', read("compare", "compare.html"))}
    asked |= {f"rival.{name}" for name in (NOTHING, *METHODS)}
    asked |= {f"way_{way}" for way in ("cpu", "onnx", "cuda", "mps", "browser")}
    asked |= {f"score_{score}" for score in ("mse", "psnr", "ssim", "read")}
    known = ENGLISH | TASK | COMPARING
    assert asked <= known.keys(), asked - known.keys()
    assert asked >= (TASK | COMPARING).keys(), (TASK | COMPARING).keys() - asked


def test_every_key_that_inside_asks_for_is_there_and_no_other() -> None:
    code = scripts("inside/inside.js")
    asked = asked_by(read("inside", "inside.html"), code)
    asked |= {f"hint_task_{hint}" for hint in re.findall(r"'(empty|lost|busy|refused)'", code)}
    asked |= {f"view_{view}" for view in re.findall(r'data-view="(\w+)"', read("inside", "inside.html"))}
    stages = {stage.type for model in DENOISERS for stage in Flow(build(model)).stages}
    asked |= {f"flow_type.{stage}" for stage in stages}
    asked |= {f"network_note.{name}" for name in MODELS} | {f"network_reader.{name}" for name in CLASSIFIERS}
    known = ENGLISH | TASK | INSIDE
    assert asked <= known.keys(), asked - known.keys()
    assert asked >= INSIDE.keys(), INSIDE.keys() - asked


def test_every_key_that_the_head_asks_for_is_there_and_no_other() -> None:
    code = scripts("shell/header.js")
    stops = re.findall(r"name: '(\w+)'", code)
    asked = asked_by(read("shell", "header.html"), code)
    asked |= {f"tour_{stop}{end}" for stop in stops for end in ("", "_text")}
    asked |= set(re.findall(r"\bwords\.(language\w*)", code)) | {"source", "readme"}  # the links, by name
    said_elsewhere = {"description", "preview"}  # by ui/shell/front.py
    assert len(stops) == 5 and asked - {"title", "headline"} == SHELL_TEXTS["en"].keys() - said_elsewhere


def asked_by(html: str, code: str) -> set[str]:
    return set(re.findall(r'data-(?:text|title|label|about|reading)="(\w+)"', html)) | set(
        re.findall(r"\btext\.(\w+)", code)
    )
