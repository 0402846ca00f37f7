"""What a visitor does with a network of their own: draw with it, compare it, take it home and bring it back."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import denoiser
from tests.browser.board import DENOISED, after_update, draw, in_board, pixels, settle
from tests.browser.training import begin, call, fill, finished_run, open_train, row, wait_for_news, wait_for_state
from ui.shared.texts import TEXTS
from ui.train.texts import ENGLISH


@pytest.fixture(scope="module")
def run(address: str) -> str:
    return finished_run(address)


@pytest.fixture
def ended(open_page: Callable[..., Any], run: str) -> Any:
    page = open_page()
    open_train(page, run)
    wait_for_state(page, "ended")
    return page


def chosen_network(page: Any) -> list[str]:
    """Value and words of what Draw denoises with."""
    return page.evaluate(
        "() => { const s = document.querySelector('.board .model'); return [s.value, s.selectedOptions[0].text]; }"
    )


def use(page: Any) -> None:
    after_update(page, lambda: page.click(".training .use"))
    assert page.get_by_role("tab").first.get_attribute("aria-selected") == "true"


def test_it_draws_with_that_very_network(ended: Any, run: str) -> None:
    shipped = pixels(ended, DENOISED)
    use(ended)
    assert chosen_network(ended) == [run, "My Dense autoencoder"]
    ended.wait_for_function("() => document.activeElement.matches('.board .ink')")
    drawn = pixels(ended, DENOISED)
    assert not np.array_equal(drawn, shipped)
    assert ended.locator("#board-model-about").inner_text().startswith("Trained by you on ")
    ended.select_option(".board .model", "dense_autoencoder")
    settle(ended)
    assert not np.array_equal(pixels(ended, DENOISED), drawn)
    after_update(ended, lambda: ended.select_option(".board .model", run))
    assert np.array_equal(pixels(ended, DENOISED), drawn)


def test_what_was_fine_tuned_from_a_network_that_can_be_told_can_be_told(open_page: Any, ended: Any) -> None:
    use(ended)
    assert ended.locator(".tell").is_hidden()
    page = open_page()
    open_train(page)
    begin(page, model="residual_unet", of="residual_unet", learning_rate=1e-4)
    wait_for_state(page, "ended")
    use(page)
    untold = pixels(page, DENOISED)
    after_update(page, lambda: page.check(".told"))
    assert not np.array_equal(pixels(page, DENOISED), untold)
    page.reload()
    page.wait_for_selector(".board")
    page.select_option(".board .model", label="My Residual U-Net")
    assert page.locator(".tell").is_visible()


def test_draw_remembers_it_for_this_visitor_only(ended: Any, open_page: Any, run: str) -> None:
    use(ended)
    ended.reload()
    ended.wait_for_selector(".board")
    group = ended.locator(f'.board optgroup option[value="{run}"]')
    assert group.count() == 1
    assert open_page().locator(".board optgroup").count() == 0


def test_a_network_that_is_gone_leaves_the_list_with_a_kind_word(open_page: Any) -> None:
    page = open_page()
    lost = {"token": "z" * 43, "name": "My lost one", "model": "simple_unet", "parameters": 5}
    after_update(page, lambda: in_board(page, "(board, lost) => board.useModel(lost)", lost) or settle(page))
    page.wait_for_function(
        "(words) => document.querySelector('.hint').textContent === words", arg=TEXTS["en"]["hint_gone"]
    )
    assert chosen_network(page)[0] == "residual_unet" and page.locator(".board optgroup").count() == 0
    draw(page)


def test_it_is_compared_with_the_shipped_one(ended: Any) -> None:
    ended.click(".versus")
    ended.wait_for_selector(".comparison[data-updates='1']")
    captions = [figure.inner_text() for figure in ended.locator(".comparison figure").all()]
    assert [words.split("\n")[0] for words in captions] == ["Your digit", "Noisy", "Mine", "Shipped"]
    assert all("dB" in words and "Read as" in words for words in captions[1:])
    ended.locator("#compare-amount").focus()
    ended.keyboard.press("Home")
    ended.wait_for_function("() => document.querySelector('.comparison .noisy .score').textContent === '∞ dB'")
    digit, noisy = (pixels(ended, f".comparison .{name} canvas") for name in ("digit", "noisy"))
    assert np.array_equal(digit, noisy)
    ended.click(".versus")
    assert ended.locator(".panel.curve").is_visible() and not ended.locator(".comparison").is_visible()


def saved(page: Any, kind: str, folder: Path) -> Path:
    with page.expect_download() as download:
        page.click(f'[data-file="{kind}"]')
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_its_files_are_what_they_say(ended: Any, address: str, run: str, tmp_path: Path) -> None:
    network = denoiser.load(saved(ended, "checkpoint", tmp_path))
    assert network.info.model == "dense_autoencoder" and network.info.steps > 0
    card = saved(ended, "card", tmp_path).read_text("utf-8")
    assert card.startswith("---\n") and "dense_autoencoder" in card
    with Image.open(saved(ended, "timelapse", tmp_path)) as film:
        frames = call(address, "frames", {"token": run})
        assert film.format == "GIF" and 2 <= film.n_frames <= len(frames["steps"])  # equal ones become one
    assert run not in ended.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name).join()")


def test_a_checkpoint_comes_back_and_is_trained_further(ended: Any, open_page: Any, tmp_path: Path) -> None:
    path = saved(ended, "checkpoint", tmp_path)
    page = open_page()
    open_train(page)
    fill(page, seconds="42")
    page.set_input_files('.training [type="file"]', path)
    wait_for_news(page, "uploaded")
    assert page.locator('.training [name="seconds"]').input_value() == "42"  # the file says nothing of it
    assert page.locator(".training .use").is_enabled()
    assert page.locator("#training-network").input_value() == "dense_autoencoder"
    assert page.locator("#training-of").evaluate("(node) => node.selectedOptions[0].text") == path.stem.replace(
        "-", "_"
    )
    fill(page, trained="decoder")
    page.evaluate("document.querySelector('[name=trained]').click()")
    begin(page)
    wait_for_state(page, "ended")
    frozen = page.locator(".layers li.frozen").count()
    assert 0 < frozen < page.locator(".layers li").count()
    assert np.isfinite(row(page, "denoised")).all()
    use(page)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("broken.safetensors", b"nothing of the kind", ENGLISH["fault_upload"]),
        ("large.safetensors", b"\0" * (16 * 2**20 + 1), ENGLISH["fault_upload_large"].replace("{highest}", "16")),
    ],
)
def test_a_damaged_file_is_told_and_the_run_stays(open_page: Any, run: str, name: str, data: bytes, says: str) -> None:
    page = open_page(tolerate=("400", "413"))
    open_train(page, run)
    wait_for_state(page, "ended")
    before = row(page, "denoised")
    file: Any = {"name": name, "mimeType": "application/octet-stream", "buffer": io.BytesIO(data).getvalue()}
    page.set_input_files('.training [type="file"]', file)
    page.wait_for_function("(says) => document.querySelector('[data-fault=upload]').textContent === says", arg=says)
    assert row(page, "denoised") == before and page.locator(".training .use").is_enabled()


def test_earlier_runs_are_offered_to_start_from(ended: Any, run: str) -> None:
    ended.click(".finetune summary")
    assert ended.locator(f'#training-of option[value="{run}"]').count() == 1
    fill(ended, model="simple_unet")
    assert ended.locator(f'#training-of option[value="{run}"]').count() == 0
    assert ended.locator('#training-of option[value="simple_unet"]').count() == 1


def test_one_press_brings_it_into_the_map_where_networks_break(ended: Any, run: str) -> None:
    expected = call(ended.url.split("#")[0], "noise_map_row", {"name": run})
    gain = expected["psnr"][0][0] - expected["nothing"][0][0]
    for _ in range(2):  # the Compare tab is drawn when it is first opened, and is there the second time
        ended.click(".training .break-it")
        assert ended.locator('[role="tab"][data-tab-id="compare"]').get_attribute("aria-selected") == "true"
        ended.wait_for_selector('.views [data-view="map"][aria-pressed="true"]')
        ended.wait_for_selector(".map [aria-current] td[title]", timeout=60_000)
        table = "document.querySelector('.map table')"
        ended.wait_for_function(
            f"() => Number({table}.dataset.rows) === {table}.tBodies[0].rows.length", timeout=60_000
        )
        line = ended.locator(".map [aria-current]")
        assert line.count() == 1 and line.locator("th").inner_text() == "My Dense autoencoder"
        assert line.locator("td").first.inner_text() == f"{'−' if gain < 0 else '+'}{abs(gain):.1f}"
        top, bottom = line.evaluate("(row) => [row.getBoundingClientRect().top, row.getBoundingClientRect().bottom]")
        assert 0 <= top < bottom <= ended.viewport_size["height"]
        ended.click('.views [data-view="beside"]')
        ended.get_by_role("tab").nth(1).click()
