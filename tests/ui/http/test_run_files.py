"""The files of runs: whole files in and out, a bound on everything, and nothing learned without a token."""

import asyncio
import io
import threading
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import httpx
import pytest
from PIL import Image
from starlette.routing import Route

from denoiser.checkpoint import Info, checkpoint_bytes, checkpoint_from_bytes
from denoiser.models import build
from serving.runs.registry import LARGEST_CHECKPOINT, Runs
from ui.http.body_limit import LARGEST_BODY
from ui.http.routes import Routes
from ui.http.run_files import BUSY_WITH_FILES, CHECKPOINT, CHECKPOINTS_AT_ONCE, FILE, RunFiles

WIDE = checkpoint_bytes(build("residual_unet", {"width": 128}), Info("residual_unet"))  # too large for other routes


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """What it returns; in a thread of its own, since the browser's tests leave a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def upload(http: httpx.Client, data: Any, **headers: str) -> httpx.Response:
    return http.post(CHECKPOINT, content=data, headers=headers)


def test_a_checkpoint_comes_in_and_goes_out_as_it_is(http: httpx.Client, runs: Runs) -> None:
    assert LARGEST_BODY < len(WIDE) < LARGEST_CHECKPOINT
    token = upload(http, WIDE, **{"X-Name": "my%20n%C3%A9t.safetensors"}).json()["token"]
    assert runs.watch(token)["name"] == "my_n_t" and runs.watch(token)["usable"]
    answer = http.get(FILE, params={"kind": "checkpoint"}, headers={"X-Run": token})
    assert answer.content == WIDE and checkpoint_from_bytes(answer.content)[1].model == "residual_unet"
    assert answer.headers["content-disposition"] == 'attachment; filename="my_n_t.safetensors"'
    assert answer.headers["cache-control"] == "no-store"
    card = http.get(FILE, params={"kind": "card"}, headers={"X-Run": token})
    assert card.text.startswith("---\n") and "residual_unet" in card.text
    film = http.get(FILE, params={"kind": "timelapse"}, headers={"X-Run": token})
    assert film.status_code == 400 and "no pictures yet" in film.json()["detail"]


def test_a_run_can_be_taken_home(http: httpx.Client, runs: Runs) -> None:
    token = runs.start({"model": "dense_autoencoder", "data": "own", "seconds": 1.0})
    while runs.watch(token)["state"] != "ended":
        time.sleep(0.05)  # the run is trained in a thread of this process
    film = http.get(FILE, params={"kind": "timelapse"}, headers={"X-Run": token})
    picture = Image.open(io.BytesIO(film.content))
    assert picture.format == "GIF" and picture.n_frames == runs.watch(token)["frames"]
    assert film.headers["content-type"] == "image/gif"


def described(**facts: Any) -> bytes:
    """A checkpoint of which a stranger has rewritten what it says of itself."""
    return checkpoint_bytes(build("residual_unet", {"width": 4}), replace(Info("residual_unet"), **facts))


@pytest.mark.parametrize(
    "training",
    [
        {"digits": 5, "seed": None},
        {"digits": "01", "augment": 7, "patience": "x"},
        {"digits": [[1], None], "dropout": []},
    ],
)
def test_a_card_of_whatever_a_stranger_wrote(http: httpx.Client, training: Any) -> None:
    token = upload(http, described(training=training)).json()["token"]
    card = http.get(FILE, params={"kind": "card"}, headers={"X-Run": token})
    assert card.status_code == 200 and "# residual_unet" in card.text


def in_chunks(data: bytes) -> Any:
    return (data[i : i + 65536] for i in range(0, len(data), 65536))


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        (b"", 400, "send a .safetensors file as its body"),
        (b"x" * 100, 400, "not a safetensors file"),
        (WIDE[:-1], 400, "not a safetensors file"),
        (b'{"__metadata__":' * 1000, 400, "not a safetensors file"),
        (described(training="for a long time"), 400, "its description is damaged"),
        (described(data=["MNIST"]), 400, "its description is damaged"),
        (b"x" * (LARGEST_CHECKPOINT + 1), 413, "at most 16 MiB"),
        (lambda: in_chunks(b"x" * (LARGEST_CHECKPOINT + 1)), 413, "at most 16 MiB"),
    ],
)
def test_anything_else_is_one_line_and_the_page_lives_on(
    http: httpx.Client, data: Any, status: int, words: str
) -> None:
    answer = upload(http, data() if callable(data) else data)
    assert answer.status_code == status and set(answer.json()) == {"detail"}
    assert words in answer.json()["detail"] and "\n" not in answer.json()["detail"]
    assert http.get("/config").status_code == 200 and "token" in upload(http, WIDE).json()


def test_a_file_needs_a_token_and_a_kind(http: httpx.Client, runs: Runs) -> None:
    token = runs.adopt(WIDE)
    for wrong in ("", "A" * 43, token[:-1], token + "x"):
        answer = http.get(FILE, params={"kind": "checkpoint"}, headers={"X-Run": wrong})
        assert answer.status_code == 404 and "not known here, or no longer" in answer.json()["detail"]
    in_the_address = http.get(FILE, params={"kind": "checkpoint", "token": token, "X-Run": token})
    assert in_the_address.status_code == 404
    for kind in ("", "state", "../card"):
        answer = http.get(FILE, params={"kind": kind}, headers={"X-Run": token})
        assert answer.status_code == 400 and "kind must be" in answer.json()["detail"]


def test_only_the_expected_methods_and_the_exact_paths_are_answered(http: httpx.Client) -> None:
    assert http.get(CHECKPOINT).status_code == http.post(FILE, content=b"x").status_code == 405
    assert http.put(CHECKPOINT, content=b"x" * (10 * 2**20)).json() == {"detail": "Method Not Allowed"}
    for path in (CHECKPOINT + "/", "/x" + CHECKPOINT, CHECKPOINT + "/x"):
        assert http.post(path, content=b"x" * (LARGEST_BODY + 1)).status_code == 413, "as every other address"


def test_what_comes_with_a_wrong_method_is_read_before_the_answer(runs: Runs) -> None:
    """Whoever still sends would otherwise find the line cut, and no answer."""
    received = list[int]()

    async def receive() -> Any:
        received.append(2**20)
        return {"type": "http.request", "body": b"x" * 2**20, "more_body": len(received) < 10}

    status, _ = run(post(RunFiles(runs).routes(), receive, method="PUT"))
    assert (status, len(received)) == (405, 10)


@pytest.mark.parametrize("length", ["-1", "²", "x"])
def test_a_length_that_is_no_number_is_refused(runs: Runs, length: str) -> None:
    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    assert run(post(RunFiles(runs).routes(), receive, length=length))[0] == 413


async def post(
    routes: list[Route],
    receive: Any,
    path: str = CHECKPOINT,
    kind: bytes = b"",
    method: str = "POST",
    length: str = "0",
) -> tuple[int, bytes]:
    """Status and body of the answer; 0 where there is none."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"content-type", kind), (b"content-length", length.encode("latin-1"))]
    scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": headers, "query_string": b""}
    await Routes(None, routes)(scope, receive, send)  # type: ignore[arg-type]
    return (sent[0]["status"], sent[1]["body"]) if sent else (0, b"")


def test_only_so_many_uploads_at_once(runs: Runs) -> None:
    async def work() -> None:
        routes, free = RunFiles(runs).routes(), asyncio.Event()

        async def slow() -> Any:
            await free.wait()
            return {"type": "http.request", "body": b"x", "more_body": False}

        async def quick() -> Any:
            return {"type": "http.request", "body": b"x", "more_body": False}

        waiting = [asyncio.create_task(post(routes, slow)) for _ in range(CHECKPOINTS_AT_ONCE)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        status, body = await post(routes, quick)
        assert status == 503 and BUSY_WITH_FILES.encode() in body
        free.set()
        assert [status for status, _ in await asyncio.gather(*waiting)] == CHECKPOINTS_AT_ONCE * [400]
        assert (await post(routes, quick))[0] == 400

    run(work())


def test_a_body_that_never_ends_arriving_is_refused(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.http.body_limit.DROPPING_SECONDS", 0.05)

    async def never() -> Any:
        await asyncio.sleep(60)

    status, body = run(post(RunFiles(runs, seconds=0.05).routes(), never))
    assert status == 408 and b"took too long" in body


def test_who_goes_away_is_forgotten(runs: Runs) -> None:
    async def gone() -> Any:
        return {"type": "http.disconnect"}

    async def there() -> Any:
        return {"type": "http.request", "body": b"x", "more_body": False}

    async def work() -> None:
        routes = RunFiles(runs).routes()
        for _ in range(CHECKPOINTS_AT_ONCE):
            assert await post(routes, gone) == (0, b"")
        assert (await post(routes, there))[0] == 400

    run(work())


def test_uploads_and_downloads_side_by_side(http: httpx.Client, runs: Runs) -> None:
    token, statuses = runs.adopt(WIDE), []

    def ask() -> None:
        with httpx.Client(base_url=http.base_url, timeout=60) as client:
            statuses.append(client.get(FILE, params={"kind": "card"}, headers={"X-Run": token}).status_code)
            statuses.append(upload(client, WIDE).status_code)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {200, 503} and 200 in statuses
    assert http.get(FILE, params={"kind": "card"}, headers={"X-Run": token}).status_code == 200
