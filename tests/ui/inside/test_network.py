"""The network's page, as anybody can call it: against the networks themselves, and whatever else may arrive."""

import re
import threading
import xml.etree.ElementTree as ET
from dataclasses import asdict
from typing import Any

import pytest
import torch

import denoiser
from denoiser.inference import load_network
from denoiser.models import MODELS, build, parameter_count
from denoiser.models.flow import Flow
from denoiser.models.summary import summary, totals
from serving.errors import UnknownRun
from serving.live import LiveDenoiser
from ui.inside.network import describing
from ui.inside.network_texts import GRAPH_WORDS

GOOD = {"name": "simple_unet", "reads": False, "language": "en"}
TOKEN = "T" * 43


class Runs:
    """Networks of a visitor: one that denoises and one that reads."""

    def __init__(self) -> None:
        self.known = {TOKEN: denoiser.load("dense_autoencoder"), "R" * 43: denoiser.load_classifier()}

    def denoiser(self, token: str) -> Any:
        if token not in self.known:
            raise UnknownRun(token)
        return self.known[token]

    reader = denoiser


@pytest.fixture(scope="module")
def page() -> Any:
    return describing(LiveDenoiser(runs=Runs()))


def own_network(name: str) -> torch.nn.Module:
    return build(name) if name == "tutorial_classifier" else load_network(name)[0]


@pytest.mark.parametrize("name", MODELS)
def test_it_tells_what_the_networks_say_of_themselves(page: Any, name: str) -> None:
    answer = page(GOOD | {"name": name, "reads": "classifier" in name})
    model = own_network(name)
    assert (answer["name"], answer["model"], answer["steps"]) == (name, name, summary(model))
    assert answer["totals"] == totals(summary(model)) and answer["totals"]["parameters"] == parameter_count(model)
    boxes = [each.get("data-name") for each in ET.fromstring(answer["graph"]).iter() if each.get("class") == "stage"]
    assert boxes == [stage.name for stage in Flow(model).stages]


def test_a_visitors_own_are_told_by_their_tokens(page: Any) -> None:
    assert page(GOOD | {"name": TOKEN})["model"] == "dense_autoencoder"
    assert page(GOOD | {"name": "R" * 43, "reads": True})["model"] == "lean_classifier"
    gone = page(GOOD | {"name": "G" * 43})
    assert (gone["hint"], gone["token"]) == ("gone", "G" * 43)


def test_the_words_in_the_graph_are_the_visitors(page: Any) -> None:
    english, chinese = (page(GOOD | {"language": language})["graph"] for language in ("en", "zh"))
    assert (
        "skip connection" in english and "跳跃连接" in chinese and "skip" not in ET.fromstring(chinese).find("*").text
    )
    words = {language: asdict(each) for language, each in GRAPH_WORDS.items()}
    for key, said in words["en"].items():
        other = words["zh"][key]
        assert sorted(re.findall(r"\{\w+\}", said)) == sorted(re.findall(r"\{\w+\}", other)), key
        assert said != other and re.search(r"[\u3000-\u9fff]", other), key


@pytest.mark.parametrize(
    "payload, said",
    [
        (None, "exactly these fields"),
        ([GOOD], "exactly these fields"),
        (GOOD | {"more": 1}, "exactly these fields"),
        (GOOD | {"name": 3}, "name must be a text"),
        (GOOD | {"name": None}, "name must be a text"),
        (GOOD | {"name": "../simple_unet.safetensors"}, "unknown model"),
        (GOOD | {"name": "x" * 9000}, "unknown model"),
        (GOOD | {"name": "tutorial_classifier"}, "unknown model"),
        (GOOD | {"name": "simple_unet", "reads": True}, "unknown reader"),
        (GOOD | {"reads": 1}, "reads must be true or false"),
        (GOOD | {"language": "fr"}, "language must be one of en, zh"),
        (GOOD | {"language": ["en"]}, "language must be one of en, zh"),
    ],
)
def test_anything_else_is_one_line(page: Any, payload: Any, said: str) -> None:
    answer = page(payload)
    assert said in answer["error"] and "\n" not in answer["error"] and len(answer["error"]) < 250


def test_many_may_ask_at_once_and_nobodys_random_numbers_are_taken(page: Any) -> None:
    before, answers = torch.get_rng_state(), {}

    def ask(name: str) -> None:
        answers[name] = describing(LiveDenoiser())(GOOD | {"name": name})

    threads = [threading.Thread(target=ask, args=[info.name]) for info in denoiser.available()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {name: answer["model"] for name, answer in answers.items()} == {
        info.name: info.model for info in denoiser.available()
    }
    assert torch.equal(before, torch.get_rng_state())
