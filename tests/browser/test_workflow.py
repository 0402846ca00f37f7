"""The experiment in Train: first overfit, then one remedy after another, each run begun when the last has ended."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from denoiser.watch.workflow import WORKFLOW
from tests.browser.test_comparing import PHONE
from tests.browser.training import PATIENCE, open_train
from ui.train.workflow_texts import WORKFLOW_TEXTS

WORDS = WORKFLOW_TEXTS["en"]


def open_workflow(page: Any, seconds: str) -> None:
    open_train(page)
    page.click(".workflow > summary")
    page.fill(".workflow-seconds", seconds)


def wait_until(page: Any, state: str) -> None:
    page.wait_for_function(
        "(s) => document.querySelector('.workflow').dataset.state === s", arg=state, timeout=PATIENCE
    )


def wait_for_run(page: Any, name: str, state: str) -> None:
    page.wait_for_selector(f'.workflow tr[data-run="{name}"][data-state="{state}"]', timeout=PATIENCE)


@pytest.fixture
def started(page: Any) -> list[dict[str, Any]]:
    """The settings of all runs that the page asks for."""
    asked: list[dict[str, Any]] = []

    def note(request: Any) -> None:
        body = json.loads(request.post_data) if "component_server" in request.url else {}
        if body.get("fn_name") == "start":
            asked.append(body["data"]["settings"])

    page.on("request", note)
    return asked


def test_all_runs_follow_each_other_and_what_they_gave_stands_in_chart_and_table(
    page: Any, started: list[dict[str, Any]]
) -> None:
    open_workflow(page, "2,5")
    assert page.locator(".workflow-results").is_hidden()
    page.click(".workflow-go")
    wait_until(page, "running")
    wait_until(page, "idle")
    assert page.inner_text(".workflow-news") == WORDS["workflow_done"]
    assert [settings.pop("seconds") for settings in started] == [2.5] + [7.5] * (len(WORKFLOW) - 1)
    steps = {settings.pop("steps", None) for settings in started}
    assert len(steps) == 2 and min(steps - {None}) >= 1
    assert started == json.loads(json.dumps(list(WORKFLOW.values())))
    rows = page.locator(".workflow tbody tr")
    assert rows.count() == len(WORKFLOW)
    label = page.get_attribute(".workflow-chart", "aria-label")
    for place, name in enumerate(WORKFLOW):
        cells = rows.nth(place).locator("td").all_inner_texts()
        training, validation, gap = (float(cell.replace("−", "-")) for cell in cells[1:4])
        assert gap == pytest.approx(validation - training, abs=2e-4)
        assert f"{WORDS[f'workflow.{name}']}: training {cells[1]}, validation {cells[2]}" in label
        assert bool(cells[4]) == (place > 0)
        column = page.locator(f'.workflow-chart [data-run="{name}"]')
        assert column.locator(".training").count() == column.locator(".validation").count() == 1
    assert page.locator(".workflow-chart .nothing").count() == 1


def test_it_stops_when_it_is_asked_to_and_begins_again(page: Any, started: list[dict[str, Any]]) -> None:
    open_workflow(page, "60")
    page.click(".workflow-go")
    wait_for_run(page, "overfit", "running")
    page.wait_for_selector('.workflow-chart [data-run="overfit"] .validation', timeout=PATIENCE)
    page.click(".workflow-go")
    wait_until(page, "idle")
    assert page.inner_text(".workflow-news") == WORDS["workflow_stopped"]
    page.wait_for_timeout(1500)
    assert len(started) == 1  # nothing follows
    page.fill(".workflow-seconds", "nonsense")
    page.click(".workflow-go")
    assert page.inner_text("#workflow-fault") and len(started) == 1
    page.fill(".workflow-seconds", "1")
    page.click(".workflow-go")
    wait_for_run(page, "more_data", "running")
    assert page.inner_text("#workflow-fault") == "" and started[1]["seconds"] == 1
    page.click(".workflow-go")
    wait_until(page, "idle")


def test_a_full_queue_is_asked_again_and_a_refusal_is_told(page: Any) -> None:
    answers = ['{"hint": "full"}', '{"error": "not like this"}']

    def instead(route: Any) -> None:
        if json.loads(route.request.post_data).get("fn_name") == "start":
            route.fulfill(body=answers.pop(0), content_type="application/json")
        else:
            route.continue_()

    page.route("**/component_server/", instead)
    open_workflow(page, "2")
    page.click(".workflow-go")
    busy = WORDS["workflow_busy"].split("{")[0]
    page.wait_for_function("(w) => document.querySelector('.workflow-news').textContent.startsWith(w)", arg=busy)
    wait_until(page, "idle")
    assert "not like this" in page.inner_text("#workflow-fault") and answers == []
    assert WORDS["workflow.overfit"] in page.inner_text(".workflow-news")


def test_it_fits_a_phone_and_speaks_chinese(open_page: Callable[..., Any]) -> None:
    page = open_page(**PHONE)
    open_workflow(page, "1")
    page.click(".workflow-go")
    wait_for_run(page, "overfit", "ended")
    page.click(".workflow-go")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert WORKFLOW_TEXTS["zh"]["workflow.overfit"] in page.get_attribute(".workflow-chart", "aria-label")
