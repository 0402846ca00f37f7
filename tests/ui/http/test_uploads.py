"""Pictures that programs upload: small, few, in memory, soon forgotten, and only pictures."""

import asyncio
import os
import threading
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from denoiser.picture_files import LARGEST_FILE, encode_png
from tests.ui.http.test_denoise import SEVEN, ask
from tests.ui.http.test_run_files import post, run
from ui.http.body_limit import TOO_SLOW
from ui.http.pictures import KEPT, MOST_PICTURES, Pictures
from ui.http.uploads import BUSY_WITH_UPLOADS, NO_FILE, UPLOAD, UPLOADS_AT_ONCE, PictureUploads

PNG = encode_png(SEVEN)
FILE_DATA = {"_type": "gradio.FileData"}


def upload(http: httpx.Client, data: bytes, path: str = UPLOAD, name: str = "digit.png") -> httpx.Response:
    return http.post(path, files={"files": (name, data)})


def as_file(path: str) -> dict[str, Any]:
    return {"path": path, "meta": FILE_DATA}


@pytest.mark.parametrize("path", [UPLOAD, f"{UPLOAD}/", f"{UPLOAD}?upload_id=1"])
def test_a_file_is_answered_as_the_same_picture_in_text(http: httpx.Client, path: str) -> None:
    (name,) = upload(http, PNG, path).json()
    event, [answer] = ask(http, picture=as_file(name), amount=0.3)
    assert event == "complete" and answer["denoised"] == ask(http, amount=0.3)[1][0]["denoised"]


def test_nothing_that_is_sent_reaches_the_disk(http: httpx.Client) -> None:
    folder = Path(os.environ["GRADIO_TEMP_DIR"])
    before = sorted(folder.rglob("*"))
    (name,) = upload(http, PNG).json()
    assert ask(http, picture=as_file(name))[0] == "complete"
    assert ask(http, picture=as_file("http://192.0.2.1/large.png"))[0] == "error"
    assert upload(http, b"x" * 1000).status_code == 400
    assert sorted(folder.rglob("*")) == before


def test_an_address_is_not_fetched(http: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fetch(*arguments: Any, **named: Any) -> str:
        raise AssertionError("something was fetched")

    monkeypatch.setattr("gradio.processing_utils.async_ssrf_protected_download", fetch)
    for field in ("picture", "kind", "model"):
        event, data = ask(http, **{field: as_file("https://example.org/large.bin")})
        assert event == "error" and data["error"], field
    assert "is not fetched" in ask(http, picture=as_file("https://example.org/a.png"))[1]["error"]
    event, [answer] = ask(http, picture=as_file("https://proxied.example/lab/sample.png"))  # ours, by whatever name
    assert event == "complete" and answer["denoised"]


@pytest.mark.parametrize("path", ["/etc/passwd", "README.md", "../app.py", "/tmp"])
def test_no_file_of_the_server_is_read(http: httpx.Client, path: str) -> None:
    assert ask(http, picture=as_file(path))[0] == "error"


def test_a_name_that_is_not_known_is_one_line(http: httpx.Client) -> None:
    event, data = ask(http, picture=as_file(f"{KEPT}{'A' * 32}"))
    assert event == "error" and "not here, or no longer" in data["error"]
    assert ask(http, picture={"path": 7})[1]["error"].startswith("picture must be a file, or text")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"x" * 1000, "not a picture"),
        (PNG[:200], "damaged"),
        (encode_png(np.zeros((1500, 1500), np.uint8)), "1500×1500 pixels"),
        (b"", NO_FILE),
    ],
)
def test_what_is_no_picture_is_refused_at_once(http: httpx.Client, data: bytes, words: str) -> None:
    answer = upload(http, data)
    assert answer.status_code == 400 and words in answer.json()["detail"]
    assert upload(http, PNG).status_code == 200


def test_a_body_that_is_no_upload_is_one_line(http: httpx.Client) -> None:
    bodies: list[dict[str, Any]] = [
        {"content": b"--x", "headers": {"content-type": "multipart/form-data; boundary=y"}},
        {"content": b"--y\r\nbad header", "headers": {"content-type": "multipart/form-data; boundary=y"}},
        {"content": PNG, "headers": {"content-type": "multipart/form-data"}},
        {"content": PNG, "headers": {"content-type": "image/png"}},
        {"content": PNG},
        {"data": {"files": "text"}},
        {"files": [("files", ("a.png", PNG)), ("files", ("b.png", PNG))]},
        {"files": {"other": ("a.png", PNG)}},
    ]
    for body in bodies:
        answer = http.post(UPLOAD, **body)
        assert answer.status_code == 400 and answer.json() == {"detail": NO_FILE}, body
    assert http.get(UPLOAD).status_code == 405


@pytest.mark.parametrize("announced", [True, False])
def test_a_file_without_end_is_refused(http: httpx.Client, announced: bool) -> None:
    parts = [
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n',
        b"x" * (2 * LARGEST_FILE),
    ]
    content: Any = b"".join(parts) if announced else iter(parts)
    answer = http.post(UPLOAD, content=content, headers={"content-type": "multipart/form-data; boundary=x"})
    assert answer.status_code == 413 and "at most 1 MiB" in answer.json()["detail"]


def test_all_files_together_are_bounded_and_the_oldest_make_room() -> None:
    pictures = Pictures(most_bytes=1000)
    names = [pictures.put(bytes([number]) * 300) for number in range(4)]
    assert [pictures.get(name) is not None for name in names] == [False, True, True, True]
    assert pictures.get(names[3]) == bytes([3]) * 300 and len(set(names)) == 4
    many = Pictures()
    names = [many.put(b"x") for _ in range(MOST_PICTURES + 1)]
    assert many.get(names[0]) is None and many.get(names[1]) == b"x"


def test_a_file_is_forgotten_after_its_time() -> None:
    pictures = Pictures(lifetime=-1.0)
    assert pictures.get(pictures.put(b"x")) is None


def test_only_some_are_taken_at_the_same_time(http: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    working, go = threading.Semaphore(0), threading.Event()

    def slowly(data: bytes) -> None:
        working.release()
        assert go.wait(60)

    monkeypatch.setattr("ui.http.uploads.decode_picture", slowly)
    codes: list[int] = []

    def work() -> None:
        codes.append(upload(http, PNG).status_code)

    threads = [threading.Thread(target=work) for _ in range(UPLOADS_AT_ONCE)]
    for thread in threads:
        thread.start()
    assert all(working.acquire(timeout=60) for _ in range(UPLOADS_AT_ONCE))
    refused = upload(http, PNG)
    go.set()
    for thread in threads:
        thread.join()
    assert (refused.status_code, refused.json()) == (503, {"detail": BUSY_WITH_UPLOADS}) and codes == [
        200
    ] * UPLOADS_AT_ONCE


def test_a_file_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.http.body_limit.DROPPING_SECONDS", 0.05)

    async def never() -> Any:
        await asyncio.Event().wait()

    routes = PictureUploads(Pictures(), seconds=0.05).routes()
    status, body = run(post(routes, never, UPLOAD, b"multipart/form-data; boundary=x"))
    assert status == 408 and TOO_SLOW.encode() in body
