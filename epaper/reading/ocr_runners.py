"""What runs a network on this machine: ONNX Runtime or OpenVINO, arrays in and out."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class Runner(Protocol):
    """A network: a list of input arrays to a list of output arrays."""

    def __call__(self, x: Sequence[NDArray[Any]]) -> list[NDArray[Any]]: ...


class OpenVinoRunner:
    """A runner on OpenVINO, in 32-bit floats so that every machine reads alike."""

    def __init__(self, model: Path, threads: int) -> None:
        openvino = importlib.import_module("openvino")
        settings: dict[str, object] = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "f32",
            "INFERENCE_NUM_THREADS": threads,
        }
        self._request = openvino.compile_model(str(model), "CPU", settings).create_infer_request()
        self._lock = threading.Lock()

    def __call__(self, x: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        with self._lock:
            result = self._request.infer(list(x), share_inputs=True)
            return [np.array(result[0])]


class OnnxRunner:
    """A runner on ONNX Runtime, without the arena that keeps every peak of memory."""

    def __init__(self, model: Path, threads: int) -> None:
        onnxruntime = importlib.import_module("onnxruntime")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name

    def __call__(self, x: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        return list(self._session.run(None, {self._input: x[0]}))
