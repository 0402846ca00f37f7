"""What a test wants to know of the Train tab, and do to it; and a run that is over, for those who look back."""

import json
import time
from typing import Any

import httpx

# The smallest network and little time: what is tested is the page, not how well something is learned.
TINY = {"model": "dense_autoencoder", "data": "own", "seconds": 2, "batch_size": 32}
PATIENCE = 240_000  # ms: the first run may have to wait for a worker process to start
FORM = """(values) => {
    for (const [name, value] of Object.entries(values)) {
        const control = document.querySelector('.training .form').elements[name];
        control.value = value;
        control.dispatchEvent(new Event('input', { bubbles: true }));
    }
}"""


def open_train(page: Any, run: str | None = None) -> None:
    """Open the tab, which is built only then; with the token of a run, as a visitor comes back to it."""
    if run is not None:
        page.evaluate("(token) => localStorage.setItem('denoiser.run', token)", run)
    page.get_by_role("tab").nth(1).click()
    page.wait_for_selector(".training .cell")


def fill(page: Any, **values: Any) -> None:
    """Set controls of the form by their names, hidden in a fold or not."""
    page.evaluate(FORM, values)


def begin(page: Any, **values: Any) -> None:
    """Press Start, with the settings of `TINY`, and wait for the first pictures."""
    fill(page, **(TINY | values))
    page.click(".go")
    page.wait_for_function(
        "() => document.querySelector('.samples').dataset.denoised === 'shown'"
        " && ['running', 'ended'].includes(document.querySelector('.training').dataset.state)",
        timeout=PATIENCE,
    )


def wait_for_state(page: Any, state: str) -> None:
    page.wait_for_function(
        "(state) => document.querySelector('.training').dataset.state === state", arg=state, timeout=PATIENCE
    )


def wait_for_news(page: Any, name: str) -> None:
    page.wait_for_function(
        "(name) => document.querySelector('.training').dataset.news === name", arg=name, timeout=PATIENCE
    )


def row(page: Any, name: str) -> list[list[int]]:
    """The pictures of one row, left to right, as grey values."""
    return page.evaluate(
        """(name) => [...document.querySelectorAll(`.cell.${name} canvas`)].map((canvas) => {
            const copy = new OffscreenCanvas(28, 28).getContext('2d', { willReadFrequently: true });
            copy.drawImage(canvas, 0, 0);
            const { data } = copy.getImageData(0, 0, 28, 28);
            return Array.from({ length: 784 }, (_, i) => data[4 * i]);
        })""",
        name,
    )


def points(page: Any, line: str = "training-line") -> int:
    """How many points a curve has."""
    return (page.locator(f".{line}").get_attribute("d") or "").count(" ")


def figure(page: Any, name: str) -> str:
    return page.locator(f'[data-figure="{name}"]').inner_text()


def step(page: Any) -> int:
    digits = "".join(filter(str.isdigit, figure(page, "step")))
    return int(digits or 0)


def call(address: str, function: str, payload: Any) -> dict[str, Any]:
    """One of the page's functions on the server, as anybody can call it."""
    with httpx.Client(base_url=address, timeout=60) as client:
        components = client.get("/config").json()["components"]
        here = next(c["id"] for c in components if function in c["props"].get("server_fns", []))
        body = {"data": payload, "component_id": here, "fn_name": function, "session_hash": "test"}
        headers = {"content-type": "application/json"}
        return client.post("/gradio_api/component_server/", content=json.dumps(body), headers=headers).json()


def finished_run(address: str, **settings: Any) -> str:
    """Train without a page; gives the token of a run that is over."""
    token = call(address, "start", {"settings": TINY | settings, "drawing": None, "of": None})["token"]
    deadline = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < deadline:
        answer = call(address, "watch", {"token": token, "since": 0})
        if answer["state"] == "ended":
            assert answer["reason"] == "budget", answer["message"]
            return token
        time.sleep(0.1)
    raise TimeoutError(f"the run is still {answer['state']}")
