"""ONNX Runtime on one thread of the CPU: one picture takes it half of the time that PyTorch takes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from denoiser.extras import require


class Session:
    """An ONNX model, ready to run from any thread.

    Args:
        model: a file's content.
        weights: tensors by their names, for a graph of `denoiser.graphs` that holds none.

    Raises:
        ValueError: the package is missing, or the model cannot be run, as with weights of another.
    """

    def __init__(self, model: bytes, weights: Mapping[str, Tensor] | None = None) -> None:
        require("onnx", "running ONNX")
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4  # none: what fails is raised, and the rest is how it optimises
        arrays = {name: tensor.detach().cpu().contiguous().numpy() for name, tensor in (weights or {}).items()}
        values = [onnxruntime.OrtValue.ortvalue_from_numpy(array) for array in arrays.values()]
        try:
            if arrays:
                options.add_external_initializers(list(arrays), values)
            self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
            self._inputs = self._session.get_inputs()
        except Exception as error:  # its own classes are derived from nothing else
            raise ValueError("this ONNX model cannot be run, or its weights are of another: export it anew") from error

    def __call__(self, *inputs: Tensor) -> list[Tensor]:
        """Run it on tensors in the order of its inputs, of which the last that are left out are zeros; its outputs.

        Such an input has a fixed size beside that of the batch, the first dimension.
        """
        given = {wanted.name: tensor.cpu().numpy() for wanted, tensor in zip(self._inputs, inputs, strict=False)}
        for wanted in self._inputs[len(inputs) :]:
            given[wanted.name] = np.zeros((len(inputs[0]), *wanted.shape[1:]), np.float32)
        return [torch.from_numpy(output) for output in self._session.run(None, given)]
