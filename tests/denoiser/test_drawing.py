"""A network's graph as SVG: what is drawn against the network's own stages."""

import threading
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
import torch

from denoiser.models import MODELS, build, parameter_count
from denoiser.models.drawing import ENGLISH, HEIGHT, WIDTH, graph_svg, laid_out
from denoiser.models.flow import Flow, traced

SVG = "{http://www.w3.org/2000/svg}"
BARE = {"blocks_down": 0, "blocks_deep": 0, "blocks_up": 0, "tone_curves": 0}
EACH = [
    *((name, {}) for name in MODELS),
    ("residual_unet", BARE),
    ("residual_unet", {"told": True, "blocks_down": 2, "blocks_deep": 9, "blocks_up": 3}),
]
SKIPS = {"simple_unet": {("down2", "add"), ("down1", "add_1")}, "residual_unet": {("down_0", "add")}}


def groups(drawn, name):
    return [each for each in drawn.iter() if each.get("class") == name]


@pytest.mark.parametrize(("name", "config"), EACH)
def test_there_is_a_box_for_each_stage_and_an_arc_for_each_skip(name, config):
    model = build(name, config)
    stages, drawn = Flow(model).stages, ET.fromstring(graph_svg(model, name))
    boxes = groups(drawn, "stage")
    assert [box.get("data-name") for box in boxes] == [stage.name for stage in stages]
    for box, stage in zip(boxes, stages, strict=True):
        shape, weights = "×".join(map(str, stage.shape)), [f"{stage.parameters:,}"] if stage.parameters else []
        assert [each.text for each in box.iter(f"{SVG}text")] == [stage.name, stage.type, shape, *weights]
    assert sum(int(each.text.replace(",", "")) for each in groups(drawn, "weights")) == sum(
        stage.parameters for stage in stages
    )
    skips = {(arc.get("data-from"), arc.get("data-to")) for arc in groups(drawn, "skip")}
    assert skips == set(Flow(model).skips) and (config or skips == SKIPS.get(name, set()))
    assert [each.text for each in groups(drawn, "skip-name")] == [ENGLISH.skip] * len(skips)
    assert len(groups(drawn, "way")) == len(stages) - 1


@pytest.mark.parametrize("name", MODELS)
def test_title_and_description_say_what_it_shows(name):
    model = build(name)
    drawn = ET.fromstring(graph_svg(model, "a <b> & c"))
    title, told = drawn.find(f"{SVG}title").text, drawn.find(f"{SVG}desc")
    assert title == f"a <b> & c, {len(Flow(model).stages)} stages, {parameter_count(model):,} weights"
    assert drawn.get("aria-label").startswith(title)
    ends = [f"from {source} to {target}" for source, target in Flow(model).skips]
    assert [end in told.text for end in ends] == [True] * len(ends) if ends else told is None


@pytest.mark.parametrize(("name", "config"), EACH)
def test_time_runs_to_the_right_deeper_lies_lower_and_no_box_lies_on_another(name, config):
    stages = Flow(build(name, config)).stages
    places = laid_out(stages)
    for (stage, place), (later, after) in pairwise(zip(stages, places, strict=True)):
        assert after.x >= place.x
        sides = [(len(each.shape) == 3, each.shape[-1]) for each in (stage, later)]
        if sides[0] != sides[1]:
            assert (after.y > place.y) == (sides[1] < sides[0]), (stage, later)
            assert after.x > place.x
    spots = {(place.x // WIDTH, place.y // HEIGHT) for place in places}
    assert len(spots) == len(stages)
    drawn = ET.fromstring(graph_svg(build(name, config), name))
    width, height = (int(drawn.get(side)) for side in ("width", "height"))
    assert all(0 <= place.x <= width - WIDTH and 0 <= place.y <= height - HEIGHT for place in places)


@pytest.mark.parametrize("name", SKIPS)
def test_skips_arrive_at_the_resolution_that_they_left(name):
    stages = Flow(build(name)).stages
    shapes = {stage.name: stage.shape for stage in stages}
    assert all(shapes[source] == shapes[target] for source, target in SKIPS[name])


def test_what_it_can_be_told_is_not_drawn_but_said():
    model = build("residual_unet", {"told": True})
    drawn = ET.fromstring(graph_svg(model, "x"))
    assert ENGLISH.told in drawn.find(f"{SVG}desc").text
    left_out = parameter_count(model) - sum(stage.parameters for stage in Flow(model).stages)
    assert left_out == parameter_count(model.told) > 0


def test_other_threads_compute_while_networks_are_traced():
    """PyTorch changes its classes of all threads while it traces; what runs elsewhere must not notice."""
    busy, picture = build("simple_unet").eval(), torch.rand(1, 1, 28, 28)
    with torch.no_grad():
        expected = busy(picture)
    stop, wrong, done = threading.Event(), [], []

    def compute():
        try:
            while not stop.is_set():
                with torch.no_grad():
                    if not torch.equal(busy(picture), expected):
                        wrong.append("another picture")
                done.append(1)
        except Exception as error:  # as a visitor would meet it
            wrong.append(repr(error))

    def trace():
        try:
            for _ in range(10):
                assert len(traced(busy).graph.nodes) > 10
        except Exception as error:
            wrong.append(repr(error))

    own = torch.nn.Module.__call__, torch.nn.Module.__getattr__
    threads = [threading.Thread(target=each) for each in (compute, compute, trace, trace)]
    for thread in threads:
        thread.start()
    for thread in threads[2:]:
        thread.join()
    stop.set()
    for thread in threads[:2]:
        thread.join()
    assert wrong == [] and done
    assert own == (torch.nn.Module.__call__, torch.nn.Module.__getattr__)
