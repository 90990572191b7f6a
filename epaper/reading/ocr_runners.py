"""What runs a network on this machine: ONNX Runtime or OpenVINO, arrays in and out."""

from __future__ import annotations

import importlib
import queue
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from epaper.reading.freed import give_back


class Runner(Protocol):
    """A network: a list of input arrays to a list of output arrays."""

    def __call__(self, x: Sequence[NDArray[Any]]) -> list[NDArray[Any]]: ...


class OpenVinoRunner:
    """A runner on OpenVINO, in the floats that it finds best for the processor.

    They have 16 bits (bfloat16) where the processor computes with those, else 32. It may
    be called from `streams` threads at once, which share its `threads`.
    """

    def __init__(self, model: Path, threads: int, streams: int = 1) -> None:
        # Its package would report its use over the network; without this one it cannot.
        sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
        openvino = importlib.import_module("openvino")
        # Its table of number types is made when first asked for; two threads that do so at
        # once have been seen to wait for each other for ever.
        openvino.Type.f32.to_dtype()
        settings: dict[str, object] = {
            "NUM_STREAMS": streams,
            "INFERENCE_NUM_THREADS": threads,
        }
        self._compiled = openvino.compile_model(str(model), "CPU", settings)
        self._idle: queue.SimpleQueue[Any] = queue.SimpleQueue()
        for _ in range(streams):
            self._idle.put(self._compiled.create_infer_request())

    def __call__(self, x: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        request = self._idle.get()
        try:
            return [np.array(request.infer(list(x), share_inputs=True)[0])]
        finally:
            self._idle.put(request)

    def rest(self) -> None:
        """Gives back the memory of the steps in between, some 300 MB for a large input."""
        if hasattr(self._compiled, "release_memory"):  # OpenVINO 2024.5 and later
            self._compiled.release_memory()
            give_back()


class OnnxRunner:
    """A runner on ONNX Runtime, without the arena that keeps every peak of memory.

    It may be called from `streams` threads at once, which share its `threads`.
    """

    def __init__(self, model: Path, threads: int, streams: int = 1) -> None:
        onnxruntime = importlib.import_module("onnxruntime")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = max(1, threads // streams)
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name

    def __call__(self, x: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        return list(self._session.run(None, {self._input: x[0]}))
