"""Networks as ONNX files, for programs that have no PyTorch: exported from the code that runs here, and compared."""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from denoiser.atomic import write_atomically
from denoiser.checkpoint import Info
from denoiser.extras import require
from denoiser.folding import folded
from denoiser.graphs import STAGES, WEIGHTS, weights_of
from denoiser.inference import BATCH, load_network
from denoiser.models import CLASSIFIERS, can_be_told
from denoiser.noise import KINDS, corrupt, described
from denoiser.onnx_runtime import Session
from denoiser.pictures import DRAWING, SIDE, check_pictures
from denoiser.stages import Denoise, Read

if TYPE_CHECKING:
    from onnx import ModelProto

OPSET = 20  # the newest that programs of the last years know
FORMAT = "denoiser-onnx-1"
LARGEST_DIFFERENCE = 1e-4  # between both on any pixel or reading: a twentieth of a grey level


@dataclass(frozen=True)
class Exported:
    """What was written, and how far it is from PyTorch."""

    path: Path
    inputs: dict[str, list[str | int]]  # the name and shape of each
    outputs: dict[str, list[str | int]]
    bytes: int
    pictures: int  # on which both were compared
    difference: float  # the largest of any pixel, or of any reading


def export(
    name_or_path: str | Path,
    path: str | Path,
    pictures: Tensor,
    *,
    batch: int | None = None,
    told: bool = False,
) -> Exported:
    """Write a network as one ONNX file that needs nothing else, and compare it with PyTorch.

    A denoiser takes `noisy`, float32 ``[N, 1, 28, 28]``, and gives `denoised`, in [0, 1]; a classifier takes `pictures`
    and gives `readings`, probabilities ``[N, 10]``. What the checkpoint says of itself is in the file's metadata.

    Args:
        name_or_path: as for `load` and `load_classifier`.
        path: where to; the suffix must be `.onnx`.
        pictures: clean digits ``[N, 1, 28, 28]``, N at least 1, on which both are compared; a denoiser gets them noisy.
        batch: how many pictures it takes at a time, 1 to 256; None for any number.
        told: it also takes `told`, float32 ``[N, 2·kinds]``, see `denoiser.noise.described`.

    Raises:
        ValueError: another suffix or batch, a network that cannot be told, a missing package, errors as for `load`, or
            a file that computes something else, which is not left there.
        OSError: the folder is missing or not writable, or the disk is full; an older file is left as it was.
    """
    path = Path(path)
    _check(path, batch)
    check_pictures(pictures)
    model, info = load_network(name_or_path)
    if told and not can_be_told(info.config):
        raise ValueError(f"{info.name} cannot be told the noise: leave out told")
    reads = info.model in CLASSIFIERS
    stage = stage_of(model, reads)
    proto = to_onnx(stage, _network_inputs(reads, told, batch or 3), _outputs(reads), batched=batch is None)
    _describe(proto, info)
    data = proto.SerializeToString()
    examples = _examples(pictures, reads, told)
    difference = _difference(stage, data, examples, batch)
    if not difference <= LARGEST_DIFFERENCE:  # NaN is not either
        raise ValueError(f"{info.name}: the exported network differs by {difference:.2g}: it is not written")
    write_atomically(path, data)
    shapes = _shapes(proto.graph.input), _shapes(proto.graph.output)
    return Exported(path, *shapes, len(data), len(pictures), difference)


def _check(path: Path, batch: int | None) -> None:
    if path.suffix != ".onnx":
        raise ValueError(f"{path.name}: the name of an ONNX file must end in .onnx")
    if batch is not None and (type(batch) is not int or not 1 <= batch <= BATCH):
        raise ValueError(f"batch must be a whole number from 1 to {BATCH}, not {batch!r}")


def stage_of(model: nn.Module, reads: bool) -> nn.Module:
    """A network with what the package does after it, ready to be exported."""
    return (Read(model) if reads else Denoise(model)).eval()


def network_to_graph(model: nn.Module, reads: bool, told: bool) -> bytes:
    """The graph of a network without its weights, as `denoiser.graphs` keeps it."""
    stage = stage_of(model, reads)
    proto = to_onnx(stage, _network_inputs(reads, told, 3), _outputs(reads), batched=True)
    _take_weights_out(proto, weights_of(stage))
    return bytes(proto.SerializeToString())


def stage_to_graph(name: str) -> bytes:
    """The graph of one of `STAGES`."""
    picture, pictures = torch.rand(1, 1, SIDE, SIDE), torch.rand(3, 1, SIDE, SIDE)
    drawing = torch.zeros(DRAWING, DRAWING, dtype=torch.uint8)
    inputs: dict[str, dict[str, Tensor]] = {
        "drown": dict(drawing=drawing, field=picture, amount=torch.rand(3), kind=torch.tensor([0]), tell=torch.ones(1)),
        "sample": dict(drawing=drawing),
        "show": dict(pictures=pictures, truth=picture),
    }
    outputs = {
        "drown": ["digit", "noisy", "told", "ink", "photo"],
        "sample": ["noisy"],
        "show": ["pixels", "psnr", "ssim"],
    }
    proto = to_onnx(STAGES[name]().eval(), inputs[name], outputs[name], batched=True)
    return bytes(proto.SerializeToString())


def to_onnx(module: nn.Module, inputs: Mapping[str, Tensor], outputs: Sequence[str], *, batched: bool) -> ModelProto:
    """A module as an ONNX model, whose weights have the names that they have in the module.

    Args:
        inputs: examples, in the order in which `forward` takes them, by the names they get.
        outputs: the names of what it returns.
        batched: those inputs of which there are three become such of any number.

    Raises:
        ValueError: a package is missing.
    """
    require("export", "writing ONNX")
    anything = torch.export.Dim("batch", min=1, max=1 << 20)
    sizes = tuple({0: anything} if batched and len(example) == 3 else {} for example in inputs.values())
    with _quiet():
        program = torch.onnx.export(
            folded(module),
            tuple(inputs.values()),
            dynamo=True,
            optimize=False,  # which would take weights that are alike for one
            opset_version=OPSET,
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_shapes=sizes,
            verbose=False,
        )
    assert program is not None
    proto = _simplified(program.model_proto)
    _forget_where_it_was_made(proto)
    return proto


def _simplified(proto: ModelProto) -> ModelProto:
    """What is constant is computed now, and steps are joined. The weights are no constants meanwhile, but inputs."""
    from onnx.helper import make_tensor_value_info
    from onnxscript.optimizer import optimize

    inputs, weights = list(proto.graph.input), list(proto.graph.initializer)
    del proto.graph.initializer[:]
    proto.graph.input.extend(make_tensor_value_info(each.name, each.data_type, each.dims) for each in weights)
    simple: ModelProto = optimize(proto)
    del simple.graph.input[:]
    simple.graph.input.extend(inputs)
    simple.graph.initializer.extend(weights)
    return simple


@contextmanager
def _quiet() -> Iterator[None]:
    """The exporter tells of packages that it misses and of its own old ways."""
    logger = logging.getLogger("torch.onnx")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(before)


def _forget_where_it_was_made(proto: ModelProto) -> None:
    """Every node would say which line of which file on this machine it comes from."""
    graph = proto.graph
    for part in (graph, *graph.node, *graph.input, *graph.output, *graph.initializer):
        part.doc_string = ""
        del part.metadata_props[:]
    del graph.value_info[:]
    graph.name = "denoiser"


def _take_weights_out(proto: ModelProto, weights: Mapping[str, Tensor]) -> None:
    from onnx import TensorProto

    own = {initializer.name: initializer for initializer in proto.graph.initializer}
    start = 0
    for name, tensor in weights.items():
        size, initializer = 4 * tensor.numel(), own[name]
        initializer.ClearField("raw_data")
        initializer.data_location = TensorProto.EXTERNAL
        for key, value in (("location", WEIGHTS), ("offset", start), ("length", size)):
            initializer.external_data.add(key=key, value=str(value))
        start += size


def _describe(proto: ModelProto, info: Info) -> None:
    proto.producer_name = "denoiser"
    facts = {"format": FORMAT, "name": info.name, "kinds": ",".join(KINDS)}
    facts |= {key: json.dumps(value) for key, value in asdict(info).items() if key != "name"}
    for key, value in facts.items():
        proto.metadata_props.add(key=key, value=value)


def _network_inputs(reads: bool, told: bool, count: int) -> dict[str, Tensor]:
    pictures = torch.rand(count, 1, SIDE, SIDE)
    if reads:
        return {"pictures": pictures}
    return {"noisy": pictures} | ({"told": torch.zeros(count, 2 * len(KINDS))} if told else {})


def _outputs(reads: bool) -> list[str]:
    return ["readings" if reads else "denoised"]


def _shapes(values: Any) -> dict[str, list[str | int]]:
    return {each.name: [dim.dim_param or dim.dim_value for dim in each.type.tensor_type.shape.dim] for each in values}


def _examples(pictures: Tensor, reads: bool, told: bool) -> dict[str, Tensor]:
    """What both get: amounts from 0 to 1, the same at every export."""
    if reads:
        return {"pictures": pictures}
    amounts = torch.linspace(0, 1, len(pictures))
    noisy = corrupt(pictures, amounts, generator=torch.Generator().manual_seed(0))
    return {"noisy": noisy} | ({"told": described("blend", amounts, len(pictures))} if told else {})


def _difference(stage: nn.Module, data: bytes, examples: Mapping[str, Tensor], batch: int | None) -> float:
    """The largest between PyTorch and ONNX Runtime; what is left over of a fixed batch is not compared."""
    session, size = Session(data), batch or BATCH
    parts = list(zip(*(each.split(size) for each in examples.values()), strict=True))
    whole = [part for part in parts if batch is None or len(part[0]) == batch] or [
        tuple(each[:1].expand(size, *each.shape[1:]).contiguous() for each in examples.values())
    ]
    with torch.inference_mode():
        return max(float((stage(*part) - session(*part)[0]).abs().max()) for part in whole)
