"""The Measure view: the command line's table fills while one looks, and only then."""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from denoiser.classical import Classical
from denoiser.data import load_digits
from denoiser.evaluation import evaluate
from tests.browser.test_comparing import PHONE, open_compare
from ui.compare.measure_texts import MEASURE_TEXTS
from ui.compare.speed_texts import SPEED_TEXTS
from ui.shared.texts import TEXTS

WORDS = MEASURE_TEXTS["en"]
ROW = '.measure-table tr[data-name="gaussian_filter"]'
FILLED = f"() => document.querySelectorAll('{ROW} td small').length === 5"


def open_measure(page: Any) -> list[str]:
    """The requests for cells from then on."""
    open_compare(page)
    asked: list[str] = []

    def listen(request: Any) -> None:
        if "measure_cell" in (request.post_data or ""):
            asked.append(request.post_data)

    page.on("request", listen)
    page.click('.views [data-view="measure"]')
    return asked


def saved(page: Any, kind: str) -> str:
    with page.expect_download() as download:
        page.click(f'.measure-files [data-file="{kind}"]')
    assert download.value.suggested_filename == f"denoising-mnist.{kind}"
    return Path(download.value.path()).read_text("utf-8")


def test_it_starts_by_a_button_stops_where_it_is_left_and_goes_on(page: Any) -> None:
    asked = open_measure(page)
    page.wait_for_timeout(300)
    assert asked == [] and page.inner_text(".measure-go") == WORDS["measure_go"]
    page.click(".measure-go")
    page.wait_for_function(FILLED, timeout=60_000)
    assert page.inner_text(".measure-go") == WORDS["measure_stop"]
    page.click('.views [data-view="map"]')
    page.wait_for_timeout(1500)  # for what is in flight
    before = len(asked)
    page.wait_for_timeout(1000)
    assert len(asked) == before > 5
    page.click('.views [data-view="measure"]')
    share = page.inner_text(".measure-share")
    assert page.inner_text(".measure-go") == WORDS["measure_go_on"] and share != "0 %"
    page.click(".measure-go")
    page.wait_for_function(
        "(share) => document.querySelector('.measure-share').textContent !== share", arg=share, timeout=60_000
    )
    assert len(asked) > before
    first, again = (json.loads(body)["data"] for body in (asked[0], asked[before]))
    assert again != first  # what is known is not asked again
    page.click(".measure-go")
    assert page.inner_text(".measure-go") == WORDS["measure_go_on"]


def test_its_numbers_and_its_files_are_those_of_the_evaluation(page: Any) -> None:
    open_measure(page)
    page.click(".measure-go")
    page.wait_for_function(FILLED, timeout=60_000)
    page.click(".measure-go")
    page.wait_for_timeout(1000)
    scores = evaluate(Classical("gaussian_filter"), load_digits("auto", "test", limit=100), tell=True, thorough=True)
    shown = [text.split("\n")[0] for text in page.locator(f"{ROW} td").all_inner_texts()]
    assert shown == [f"{psnr:.2f}" for psnr in scores.psnr.values()]
    page.select_option(".measure-score", "ssim")
    low, high = scores.intervals["ssim"]["0.9"]
    cells = page.locator(f"{ROW} td").all_inner_texts()
    assert cells[3].split() == [f"{scores.ssim['0.9']:.4f}", f"{low:.4f}–{high:.4f}"]
    best = page.locator(".measure-best")
    assert best.count() == 5 and WORDS["measure_best"] == best.first.get_attribute("title")
    lines = list(csv.DictReader(saved(page, "csv").splitlines()))
    mine = [line for line in lines if line["name"] == "gaussian filter"]
    assert [(line["amount"], float(line["mse"])) for line in mine] == list(scores.mse.items())
    assert [line["name"] for line in lines[:5]] == ["noisy"] * 5
    rows = json.loads(saved(page, "json"))["rows"]
    row = next(row for row in rows if row["name"] == "gaussian filter")
    assert row["mse"] == scores.mse and row["interval"] == scores.interval and row["kind"] == "blend"
    page.select_option(".measure-kind", "speckle")
    assert page.locator(f"{ROW} td small").count() == 0
    assert TEXTS["en"]["kind.speckle.within"] in page.inner_text(".measure-caption")


def test_it_fits_a_phone_and_speaks_chinese(open_page: Callable[..., Any]) -> None:
    page = open_page(**PHONE)
    open_measure(page)
    page.click(".measure-go")
    page.wait_for_function(FILLED, timeout=60_000)
    page.click(".measure-go")
    assert page.inner_text(".measure-go") == MEASURE_TEXTS["zh"]["measure_go_on"]
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_server_and_browser_are_timed_by_a_button(page: Any) -> None:
    open_measure(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "worker/" in request.url else None)
    words = SPEED_TEXTS["en"]
    assert not asked and page.locator(".speed-curves").is_hidden()
    page.select_option(".speed-network", "dense_autoencoder")
    page.click(".speed-go")
    done = "(words) => document.querySelector('.speed-go').textContent === words && document.querySelector('.speed li')"
    page.wait_for_function(done, arg=words["speed_go"], timeout=90_000)
    label = page.get_attribute(".speed-curves svg", "aria-label")
    speeds = [int(number.replace(",", "")) for number in re.findall(r": ([\d,]+) a second", label)]
    assert words["way_browser"] in label and len(speeds) == page.locator(".speed-curve path").count() >= 2
    assert all(speed > 50 for speed in speeds)  # a few multiplications, however busy the machine is
    x = [float(each.get_attribute("cx")) for each in page.locator('[data-way="cpu"] circle').all()]
    assert len(x) >= 5 and max(np.diff(x)) - min(np.diff(x)) < 0.3  # powers of two, as far from each other
