"""The table that the page fills is the one that the command line prints, to the last digit."""

import csv
import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

import denoiser
from denoiser.cli.main import main
from denoiser.cli.tables import results_csv
from denoiser.contenders import Contender, scored
from denoiser.data import load_digits
from serving.errors import Busy
from serving.examples import ExampleDigits
from serving.live import LiveDenoiser
from serving.measure import AMOUNTS, Cell, CellWish, Measuring
from serving.rivals import NOTHING
from serving.turns import WAITING

WISH = CellWish("gaussian_filter", told=False, kind="speckle", amount="0.5", digits="100")


@pytest.fixture
def measuring() -> Measuring:
    return Measuring(LiveDenoiser(device="cpu"), ExampleDigits())


def filled(measuring: Measuring, wish: CellWish) -> Cell:
    cell = measuring.cell(wish)
    while cell.facts is None:
        cell = measuring.cell(wish)
    return cell


def row_of(measuring: Measuring, wish: CellWish) -> dict[str, Any]:
    """The cells of a row put together."""
    cells = [filled(measuring, replace(wish, amount=amount)) for amount in AMOUNTS]
    rows = [cell.facts["rows"][0] for cell in cells if cell.facts]
    row: dict[str, Any] = dict(rows[-1])
    for score in ("mse", "psnr", "ssim", "read"):
        row[score] = {key: value for each in rows for key, value in each[score].items()}
        row["intervals"][score] = {key: ends for each in rows for key, ends in each["intervals"][score].items()}
    return row


@pytest.mark.parametrize(
    "name, told, kind",
    [("residual_unet", True, "poisson"), ("simple_unet", False, "blend"), (NOTHING, False, "gaussian")],
)
def test_a_row_is_that_of_the_evaluation_to_the_last_digit(
    measuring: Measuring, name: str, told: bool, kind: str
) -> None:
    row = row_of(measuring, CellWish(name, told, kind, "uniform", "100"))
    digits = load_digits("auto", "test", limit=100)
    contender = Contender("noisy", lambda noisy, kind, amount: noisy)
    if name != NOTHING:
        contender = Contender.of(denoiser.load(name, device="cpu"))[told]
    expected = scored(contender, digits, kind=kind, read=denoiser.load_classifier(device="cpu"))
    assert {**row, "milliseconds": 0} == {**expected, "milliseconds": 0}
    assert row["milliseconds"] >= 0


def test_a_line_of_the_csv_is_that_of_the_command(
    measuring: Measuring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "scores.csv"
    command = "evaluate --methods gaussian_filter --kinds speckle --device cpu --limit 100 --json --csv"
    assert main([*command.split(), str(table)]) == 0
    facts = json.loads(capsys.readouterr().out)
    cells = [filled(measuring, replace(WISH, amount=amount)) for amount in AMOUNTS]
    assert all(cell.facts for cell in cells)
    ours = [next(csv.DictReader(results_csv(cell.facts).splitlines())) for cell in cells if cell.facts]
    theirs = [line for line in csv.DictReader(table.read_text().splitlines()) if line["name"] == "gaussian filter"]
    for line in (*ours, *theirs):
        assert float(line.pop("milliseconds")) > 0  # the one thing that differs from run to run
    assert ours == theirs and len(ours) == 5
    assert cells[0].facts is not None
    assert {key: value for key, value in cells[0].facts.items() if key != "rows"} == {
        key: value for key, value in facts.items() if key not in ("rows", "reader")
    }


def test_what_takes_longer_goes_on_where_it_was_and_gives_the_same(
    measuring: Measuring, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = filled(measuring, WISH).facts
    monkeypatch.setattr("serving.measure.SECONDS", 0)
    hurried = Measuring(LiveDenoiser(device="cpu"), ExampleDigits())
    steps = [hurried.cell(WISH) for _ in range(4)]
    assert [(cell.done, cell.of) for cell in steps] == [(25, 100), (50, 100), (75, 100), (100, 100)]
    assert all(cell.facts is None for cell in steps)
    other = hurried.cell(replace(WISH, amount="0.9"))  # has a work of its own
    assert other.done == 25
    found = hurried.cell(WISH).facts
    assert found and expected and found["rows"][0]["mse"] == expected["rows"][0]["mse"]


def test_who_is_done_is_not_asked_again(measuring: Measuring, monkeypatch: pytest.MonkeyPatch) -> None:
    first = filled(measuring, WISH)
    monkeypatch.setattr("serving.measure.Scoring", None)
    assert measuring.cell(WISH) is first


def test_a_method_that_raises_is_one_line_and_the_rest_goes_on(
    measuring: Measuring, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> torch.Tensor:
        raise RuntimeError("out of\nluck")

    monkeypatch.setattr("denoiser.contenders.Classical", lambda name: broken)
    facts = filled(measuring, WISH).facts
    assert facts is not None
    assert facts["rows"][0]["error"] == "gaussian filter, speckle: out of luck" and "mse" not in facts["rows"][0]
    assert filled(measuring, replace(WISH, name=NOTHING)).facts


@pytest.mark.parametrize(
    "change, said",
    [
        ({"name": 1}, "name must be a text"),
        ({"name": "magic"}, "unknown model 'magic'"),
        ({"name": "../x.safetensors"}, "unknown model"),
        ({"told": 1}, "told must be true or false"),
        ({"told": True}, "gaussian_filter is no network"),
        ({"name": "simple_unet", "told": True}, "simple_unet cannot be told the noise"),
        ({"kind": "snow"}, "unknown kind"),
        ({"amount": "0.3"}, "unknown amount: choose one of 0.25, 0.5, 0.75, 0.9, uniform"),
        ({"digits": "7"}, "unknown digits: choose one of 100, 1000, all"),
        ({"digits": ["all"]}, "digits must be a text"),
    ],
)
def test_other_cells_are_refused(measuring: Measuring, change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        measuring.cell(replace(WISH, **change))


def test_few_wait_and_the_others_are_told_so(measuring: Measuring, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits keeps a thread of the server; the pen needs some, too."""
    started, go_on = threading.Event(), threading.Event()

    def wait(*_: object) -> torch.Tensor:
        started.set()
        assert go_on.wait(30)
        raise RuntimeError("enough")

    monkeypatch.setattr("denoiser.contenders.Classical", lambda name: wait)
    threads = [threading.Thread(target=measuring.cell, args=(replace(WISH, amount=amount),)) for amount in AMOUNTS][
        :WAITING
    ]
    threads[0].start()
    assert started.wait(30)
    for thread in threads[1:]:
        thread.start()
    while measuring._turns._waiting.acquire(blocking=False):  # until all of them have come
        measuring._turns._waiting.release()
    with pytest.raises(Busy):
        measuring.cell(WISH)
    go_on.set()
    for thread in threads:
        thread.join(30)
    assert filled(measuring, replace(WISH, name=NOTHING)).facts


def test_the_bound_on_work_in_progress_holds_here_too() -> None:
    live = LiveDenoiser(device="cpu", at_once=1)
    with live.place(), pytest.raises(Busy):
        Measuring(live, ExampleDigits()).cell(WISH)
