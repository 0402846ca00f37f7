"""A checkpoint: one `.safetensors` file whose metadata rebuilds the network in a fresh process, with nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load, save
from torch import Tensor, nn

from denoiser.atomic import write_atomically
from denoiser.models import MODELS, build, config_of, parameter_count

FORMAT = "denoiser-checkpoint-1"
DAMAGED = "{} is not a safetensors file, or is damaged: download or train it again"
LARGEST_FILE = 512 * 1024 * 1024  # bytes; a run of the largest network, the tutorial's classifier, takes 310 million
FORMERLY = {"emphasis": "importance_sampling"}  # fields of `TrainingConfig` in files of earlier versions
READS = 20  # of a file that is replaced while it is read


@dataclass(frozen=True)
class Info:
    """What a checkpoint says of itself.

    `name` is the file's name without its suffix, `model` a key of `MODELS`, `config` what `build` needs,
    `parameters` the number of weights. `data` and `noise` say what it was trained on, `steps` and `seconds`
    for how long, `hardware` on what, `training` holds the whole training configuration and `metrics` what was measured.
    """

    model: str
    config: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    parameters: int = 0
    data: str = ""
    noise: str = ""
    steps: int = 0
    seconds: float = 0.0
    hardware: str = ""
    training: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)


def save_checkpoint(path: str | Path, model: nn.Module, info: Info) -> None:
    """Write a network and what is known of it as one `.safetensors` file, atomically.

    Args:
        path: where to; the suffix must be `.safetensors`.
        model: one of `MODELS`; its weights are stored as float32.
        info: `model`, `config`, `name` and `parameters` in it are filled in from the network and the path.

    Raises:
        ValueError: another suffix, or weights that are not finite.
        OSError: the folder is missing or not writable, or the disk is full; an older file is left as it was.
    """
    path = Path(path)
    if path.suffix != ".safetensors":
        raise ValueError(f"{path.name}: a checkpoint's name must end in .safetensors")
    write_atomically(path, checkpoint_bytes(model, info))


def checkpoint_bytes(model: nn.Module, info: Info) -> bytes:
    """The same file as bytes."""
    facts = asdict(info) | {"config": config_of(model)}
    del facts["name"], facts["parameters"]  # the file's name and its tensors say so themselves
    metadata = {"format": FORMAT} | {key: json.dumps(value) for key, value in facts.items()}
    tensors = {key: _storable(tensor) for key, tensor in model.state_dict().items()}
    if not all(bool(tensor.isfinite().all()) for tensor in tensors.values()):
        raise ValueError("the weights are not finite, so they are not saved: train with a lower learning rate")
    return save(tensors, metadata)


def _storable(tensor: Tensor) -> Tensor:
    return tensor.detach().to("cpu", torch.float32 if tensor.is_floating_point() else tensor.dtype).contiguous()


def read_info(path: str | Path) -> Info:
    """What a checkpoint says of itself, read from its first bytes; `parameters` is counted from its network.

    Raises:
        OSError: no such file.
        ValueError: not a checkpoint of this project, or damaged; the line names the file.
    """
    path = Path(path)
    return _info(path.name, read_safetensors(path, with_tensors=False)[0])


def load_checkpoint(path: str | Path) -> tuple[nn.Module, Info]:
    """Rebuild the network of a checkpoint, on the CPU, in evaluation mode.

    Every tensor must be there with its shape, and no other; nothing is ever unpickled, and sizes are compared
    before memory is asked for.

    Raises:
        OSError: no such file.
        ValueError: truncated, not a checkpoint, an unknown model, a missing, unknown or misshapen key, weights
            that are not finite; one line that names the file and what is wrong.
    """
    path = Path(path)
    return _network(path.name, *read_safetensors(path))


def checkpoint_from_bytes(data: bytes, name: str = "the checkpoint") -> tuple[nn.Module, Info]:
    """The same of a file's content; errors as for `load_checkpoint`, calling it `name`."""
    return _network(name, *parse_safetensors(data, name))


def info_from_bytes(data: bytes, name: str = "the checkpoint") -> Info:
    """What a checkpoint's content says of itself; no weight is looked at. Errors as for `read_info`."""
    try:
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
        metadata = dict(header.get("__metadata__") or {})
    except (ValueError, AttributeError, RecursionError) as error:
        raise ValueError(DAMAGED.format(name)) from error
    return _info(name, metadata)


def _network(name: str, metadata: Mapping[str, str], tensors: dict[str, Tensor]) -> tuple[nn.Module, Info]:
    info = _info(name, metadata)
    with torch.device("meta"):
        model = _rebuild(name, info)
    expected = model.state_dict()
    _compare(name, info.model, expected, tensors)
    for key, tensor in tensors.items():
        if tensor.is_floating_point() and not bool(tensor.isfinite().all()):
            raise ValueError(f"{name}: the weights of {key!r} are not finite: train it again or use another file")
    model.load_state_dict(tensors, strict=True, assign=True)
    return model.eval(), info


def read_safetensors(path: Path, with_tensors: bool = True) -> tuple[dict[str, str], dict[str, Tensor]]:
    """Metadata and tensors of a `.safetensors` file; errors as for `load_checkpoint`."""
    if not path.is_file():
        raise FileNotFoundError(f"no file at {path}: check the path, or run `python -m denoiser models`")
    if path.stat().st_size > LARGEST_FILE:
        raise ValueError(f"{path.name} is larger than {LARGEST_FILE >> 20} MiB: no network of this project is")
    for _ in range(READS):
        before = _edition(path)
        try:
            with safe_open(str(path), framework="pt") as file:
                keys = file.keys() if with_tensors else ()
                # A copy: the tensors would otherwise stay mapped to a file that may be replaced while they are in use.
                content = file.metadata() or {}, {key: file.get_tensor(key).clone() for key in keys}
        except (SafetensorError, RuntimeError) as error:
            fault: Exception | None = error
        else:
            fault = None
        # safetensors opens a file twice, for its header and for its tensors: a file that a run replaced in between
        # would be a header of one edition and tensors of another.
        if _edition(path) == before:
            if fault is not None:
                raise ValueError(DAMAGED.format(path.name)) from fault
            return content
    raise ValueError(f"{path.name} is replaced faster than it can be read: wait for the run that writes it")


def _edition(path: Path) -> tuple[int, int, int]:
    facts = path.stat()
    return facts.st_ino, facts.st_size, facts.st_mtime_ns


def parse_safetensors(data: bytes, name: str) -> tuple[dict[str, str], dict[str, Tensor]]:
    """Metadata and tensors of a `.safetensors` file's content; ValueError, calling it `name`, where it is none."""
    try:
        tensors = load(data)  # checks the header that is read below
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
        return header.get("__metadata__") or {}, tensors
    except (SafetensorError, RuntimeError, ValueError, KeyError) as error:
        raise ValueError(DAMAGED.format(name)) from error


def _info(name: str, metadata: Mapping[str, str]) -> Info:
    if metadata.get("format") != FORMAT:
        raise ValueError(f"{name} is not a checkpoint of this project: save one with `python -m denoiser train`")
    try:
        facts = {key: json.loads(value) for key, value in metadata.items() if key != "format"}
        info = Info(**facts, name=Path(name).stem)
        _check_types(info)
        numbers: dict[str, Any] = {"steps": int(info.steps), "seconds": float(info.seconds)}
        numbers["training"] = renamed(info.training)
        numbers["metrics"] = {str(key): float(value) for key, value in dict(info.metrics).items()}
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise ValueError(f"{name}: its description is damaged: download or train it again") from error
    with torch.device("meta"):
        parameters = parameter_count(_rebuild(name, info))
    return replace(info, parameters=parameters, **numbers)


def renamed(training: Mapping[str, Any]) -> dict[str, Any]:
    """A training configuration as a file holds it, its fields named as they are now."""
    return {FORMERLY.get(name, name): value for name, value in training.items()}


def _check_types(info: Info) -> None:
    """Whoever shows a checkpoint takes text for text and a mapping for a mapping; TypeError where they are not."""
    texts, mappings = (info.data, info.noise, info.hardware), (info.config, info.training, info.metrics)
    if not all(isinstance(text, str) for text in texts) or not all(isinstance(each, dict) for each in mappings):
        raise TypeError("a description of the wrong type")


def _rebuild(name: str, info: Info) -> nn.Module:
    if not isinstance(info.model, str) or info.model not in MODELS:
        raise ValueError(f"{name} holds an unknown model {info.model!r}: this version knows {', '.join(MODELS)}")
    try:
        return build(info.model, info.config)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}: {error}") from error


def _compare(name: str, model: str, expected: Mapping[str, Tensor], found: Mapping[str, Tensor]) -> None:
    missing, unknown = sorted(expected.keys() - found.keys()), sorted(found.keys() - expected.keys())
    if missing:
        raise ValueError(f"{name}: the key {missing[0]!r} of {model} is missing: download or train it again")
    if unknown:
        raise ValueError(f"{name}: unknown key {unknown[0]!r} for {model}: save it without that key")
    for key, tensor in expected.items():
        if found[key].shape != tensor.shape or found[key].dtype != tensor.dtype:
            has, needs = _describe(found[key]), _describe(tensor)
            raise ValueError(f"{name}: {key!r} is {has} where {model} needs {needs}: use a matching file")


def _describe(tensor: Tensor) -> str:
    return f"{str(tensor.dtype).removeprefix('torch.')} {list(tensor.shape)}"
