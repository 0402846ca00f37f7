"""Trained networks ready for use: noisy pictures in, denoised pictures or readings out."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor, nn

from denoiser.checkpoint import Info, load_checkpoint, read_info
from denoiser.devices import chosen_device
from denoiser.extras import is_installed
from denoiser.graphs import network_graph, weights_of
from denoiser.models import CLASSIFIERS, DENOISERS, MODELS, can_be_told
from denoiser.noise import described
from denoiser.onnx_runtime import Session
from denoiser.pictures import check_pictures
from denoiser.places import CHECKPOINTS
from denoiser.precision import PRECISIONS, fastest_inference
from denoiser.stages import Denoise, Read

DEFAULT = "residual_unet"
READER = "lean_classifier"
BATCH = 256  # pictures at a time: more gains no speed and costs memory
FEW = 8  # pictures at a time up to which ONNX Runtime is faster than PyTorch; with more they are alike
MANY = 32  # pictures at a time from which on "fastest" may mean bfloat16; one alone is not worth the conversion


class _Ready:
    """A network on its device, in evaluation mode. Calls touch no gradient and no global state."""

    def __init__(self, stage: Denoise | Read, info: Info, device: str | torch.device | None = None) -> None:
        self.info = info
        self.device = chosen_device(device)
        self.stage = stage.eval().to(self.device)
        PRECISIONS["float32_channels_last"].lay_out(self.stage)
        self._session: Session | None = None

    @property
    def model(self) -> nn.Module:
        """The network itself, whose output may lie outside of [0, 1], or be logits."""
        return self.stage.network

    def use_onnx_runtime(self) -> None:
        """Let few pictures at a time go through ONNX Runtime, which takes half of the time for one.

        Nothing changes on another device than the CPU, without the package onnxruntime, and where `denoiser.graphs`
        has no graph of such a network.
        """
        graph = network_graph(self.info.model, self.info.config)
        if self.device.type == "cpu" and graph is not None and is_installed("onnx"):
            self._session = Session(graph.read_bytes(), weights_of(self.stage))

    def _run(self, pictures: Tensor, *more: Tensor) -> Tensor:
        """What the network makes of pictures, and of what else it takes of each of them."""
        check_pictures(pictures)
        if len(pictures) == 0:  # some layers take no empty batch
            return self._run(pictures.new_zeros(1, *pictures.shape[1:]))[:0]
        if self._session is not None and len(pictures) <= FEW:
            return self._session(pictures, *more)[0].to(pictures.device)
        how = PRECISIONS[self._how(len(pictures))]
        inputs = zip(*(each.split(BATCH) for each in (pictures, *more)), strict=True)
        with torch.inference_mode(), how.autocast(self.device):
            parts = [self.stage(*(part.to(self.device) for part in each)).float() for each in inputs]
            result = torch.cat(parts) if len(parts) != 1 else parts[0]
        # Out of inference mode a copy is an ordinary tensor, free to be used in training.
        return result.to(pictures.device).clone()

    def _how(self, pictures: int) -> str:
        """The key of `PRECISIONS` for that many pictures."""
        return "float32_channels_last"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.info.name or self.info.model}, device={str(self.device)!r})"


class Denoiser(_Ready):
    """Noisy float32 ``[N, 1, 28, 28]`` in [0, 1] to denoised pictures of the same shape and range.

    `info` says model, config, data, noise, steps, metrics and `parameters`; `device` where it runs. `precision`
    "float32" gives a picture the same result alone and among others; "fastest" lets batches of 32 and more run in
    bfloat16 where the processor has it: a pixel may differ by some hundredths, the MSE by about 0.1 %.
    Where `can_be_told`, telling it kind and amount of the noise makes it a little better.
    """

    def __init__(
        self, model: nn.Module, info: Info, device: str | torch.device | None = None, precision: str = "float32"
    ) -> None:
        if precision not in ("float32", "fastest"):
            raise ValueError(f"unknown precision {precision!r}: choose float32 or fastest")
        super().__init__(Denoise(model), info, device)
        self.precision = precision

    def __call__(self, noisy: Tensor, kind: str | None = None, amount: float | Tensor | None = None) -> Tensor:
        """Denoise pictures ``[N, 1, 28, 28]``.

        Args:
            kind: of their noise, one of `KINDS`, if it is known and the network is to be told.
            amount: of the noise, a number or one per picture ``[N]``, in [0, 1]; both are told or none.

        Raises:
            ValueError: pictures of another shape or type, a kind or an amount that there is not, or a network that
                cannot be told.
        """
        if kind is None and amount is None:
            return self._run(noisy)
        check_pictures(noisy)
        if not self.can_be_told:
            name = self.info.name or self.info.model
            raise ValueError(f"{name} cannot be told the noise: take {DEFAULT}, or do not tell")
        if kind is None or amount is None:
            raise ValueError("kind and amount of the noise are told together: give both or neither")
        return self._run(noisy, described(kind, amount, len(noisy)))

    @property
    def can_be_told(self) -> bool:
        """Whether it takes kind and amount of the noise."""
        return can_be_told(self.info.config)

    def _how(self, pictures: int) -> str:
        if self.precision == "float32" or pictures < MANY:
            return super()._how(pictures)
        return fastest_inference(self.info.model, self.info.config, MANY, self.device)


class Reader(_Ready):
    """Pictures ``[N, 1, 28, 28]`` in [0, 1] to probabilities ``[N, 10]``, one per digit, summing to 1."""

    def __init__(self, model: nn.Module, info: Info, device: str | torch.device | None = None) -> None:
        super().__init__(Read(model), info, device)

    def __call__(self, pictures: Tensor) -> Tensor:
        """Read pictures ``[N, 1, 28, 28]``; ValueError for another shape or type."""
        return self._run(pictures)


def load(
    name_or_path: str | Path = "default", device: str | torch.device | None = None, *, precision: str = "float32"
) -> Denoiser:
    """A shipped denoiser by name, or any checkpoint by path.

    Args:
        name_or_path: "default", a name out of `available()`, or a path that ends in `.safetensors`.
        device: None takes CUDA or MPS where there is one, else the CPU.
        precision: "float32" or "fastest", see `Denoiser`.

    Raises:
        ValueError: an unknown name or precision, a device that is not there, a damaged or foreign file, a shipped file
            that holds another network than its name says, or a classifier.
        OSError: no such file.
    """
    model, info = load_network(name_or_path)
    if info.model not in DENOISERS:
        raise ValueError(f"{info.name} is a classifier, not a denoiser: choose one that denoises, such as {DEFAULT}")
    return Denoiser(model, info, device, precision)


def load_classifier(name_or_path: str | Path = READER, device: str | torch.device | None = None) -> Reader:
    """The reader of digits that is shipped, or any classifier's checkpoint by path; errors as for `load`."""
    model, info = load_network(name_or_path)
    if info.model not in CLASSIFIERS:
        raise ValueError(f"{info.name} is a denoiser, not a classifier: choose one that reads, such as {READER}")
    return Reader(model, info, device)


@lru_cache(maxsize=1)
def available() -> tuple[Info, ...]:
    """The shipped denoisers, the default first; errors as for `load`."""
    infos = [_what_its_name_says(path, read_info(path)) for path in sorted(CHECKPOINTS.glob("*.safetensors"))]
    order = list(DENOISERS)
    denoisers = [info for info in infos if info.model in DENOISERS]
    return tuple(sorted(denoisers, key=lambda info: (info.name != DEFAULT, order.index(info.model), info.name)))


def load_network(name_or_path: str | Path) -> tuple[nn.Module, Info]:
    """The network of a checkpoint, on the CPU, by name or path as for `load`, whose errors it raises."""
    path = checkpoint_path(name_or_path)
    model, info = load_checkpoint(path)
    return model, _what_its_name_says(path, info)


def _what_its_name_says(path: Path, info: Info) -> Info:
    """The same `info`; ValueError where a shipped network's name stands above another network's weights."""
    if path.resolve().parent == CHECKPOINTS and path.stem in MODELS and path.stem != info.model:
        remedy = "put the right file there, or give this one another name"
        raise ValueError(f"{path}: its name says {path.stem}, and it holds a {info.model}: {remedy}")
    return info


def checkpoint_path(name_or_path: str | Path) -> Path:
    """Where the checkpoint lies that `load` and `load_classifier` would read; ValueError for an unknown name."""
    if isinstance(name_or_path, str) and not name_or_path.endswith(".safetensors"):
        shipped = {path.stem: path for path in sorted(CHECKPOINTS.glob("*.safetensors"))}
        name = DEFAULT if name_or_path == "default" else name_or_path
        if name in shipped:
            return shipped[name]
        if name == DEFAULT:
            choice = ", ".join(shipped) or "give a checkpoint's path"
            file = f"{DEFAULT}.safetensors"
            raise ValueError(f"the default network is missing: put {file} into {CHECKPOINTS} again, or choose {choice}")
        names = [*(["default"] if DEFAULT in shipped else []), *shipped]
        raise ValueError(f"unknown model {name!r}: choose one of {', '.join(names)}")
    return Path(name_or_path)
