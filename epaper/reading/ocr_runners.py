"""What runs a network on this machine: pictures in, its answer looked at where it lies."""

from __future__ import annotations

import importlib
import queue
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from epaper.reading.freed import give_back
from epaper.reading.ocr_pools import pooled_first
from epaper.reading.ocr_tails import drawn_last

Floats = NDArray[np.float32]
Pictures = NDArray[np.uint8]
Triple = tuple[float, float, float]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scaling:
    """What a network makes of a picture: (value - `mean`) / `spread`, blue, green, red."""

    mean: Triple
    spread: Triple

    def of(self, pictures: Pictures) -> Floats:
        """RGB pictures (N, H, W, 3) as the network's input (N, 3, H, W)."""
        blue_first = pictures[..., ::-1].astype(np.float32)
        values = (blue_first - np.array(self.mean, np.float32)) / np.array(self.spread, np.float32)
        return np.ascontiguousarray(values.transpose(0, 3, 1, 2))


class Runner(Protocol):
    """A network. `logits` says that its answer is what a softmax was to be taken of.

    A call takes RGB pictures (N, H, W, 3) and answers what `use` makes of the network's
    answer, which is there no longer than that.
    """

    logits: bool

    def __call__(self, pictures: Pictures, use: Callable[[Floats], T]) -> T: ...


class OpenVinoRunner:
    """A runner on OpenVINO, in the floats that it finds best for the processor.

    They have 16 bits (bfloat16) where the processor computes with those, else 32. It may
    be called from `streams` threads at once, which share its `threads`. A softmax at the
    end of the network is left off: few of its values are ever looked at.
    """

    def __init__(self, model: Path, scaling: Scaling, threads: int, streams: int = 1) -> None:
        # Its package would report its use over the network; without this one it cannot.
        sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
        # Its converter of other frameworks' models takes as long to load as all the rest of it.
        sys.modules.setdefault("openvino.tools.ovc", None)  # type: ignore[arg-type]
        openvino = importlib.import_module("openvino")
        # Its table of number types is made when first asked for; two threads that do so at
        # once have been seen to wait for each other for ever.
        openvino.Type.f32.to_dtype()
        settings: dict[str, object] = {
            "NUM_STREAMS": streams,
            "INFERENCE_NUM_THREADS": threads,
            # Each process would tie its threads to the first cores, so that two processes
            # with a thread each share one core while the other has nothing to do.
            "ENABLE_CPU_PINNING": False,
        }
        network = _taking_pictures(openvino.Core().read_model(str(model)), scaling)
        network = pooled_first(drawn_last(network))
        last = network.get_results()[0].input_value(0).get_node()
        self.logits = last.get_type_name() == "Softmax"
        if self.logits:
            network = openvino.Model([last.input_value(0)], network.get_parameters())
        self._compiled = openvino.compile_model(network, "CPU", settings)
        self._idle: queue.SimpleQueue[Any] = queue.SimpleQueue()
        for _ in range(streams):
            self._idle.put(self._compiled.create_infer_request())

    def __call__(self, pictures: Pictures, use: Callable[[Floats], T]) -> T:
        request = self._idle.get()
        try:
            request.infer([pictures], share_inputs=True, share_outputs=True)
            return use(request.get_output_tensor(0).data)
        finally:
            self._idle.put(request)

    def rest(self) -> None:
        """Gives back the memory of the steps in between, some 300 MB for a large input."""
        if hasattr(self._compiled, "release_memory"):  # OpenVINO 2024.5 and later
            self._compiled.release_memory()
            give_back()


def _taking_pictures(network: Any, scaling: Scaling) -> Any:
    """An OpenVINO network that takes RGB bytes (N, H, W, 3)."""
    openvino = importlib.import_module("openvino")
    preprocess = importlib.import_module("openvino.preprocess")
    build = preprocess.PrePostProcessor(network)
    given = build.input()
    given.tensor().set_element_type(openvino.Type.u8).set_layout(openvino.Layout("NHWC"))
    given.tensor().set_color_format(preprocess.ColorFormat.RGB)
    given.model().set_layout(openvino.Layout("NCHW"))
    steps = given.preprocess().convert_element_type(openvino.Type.f32)
    steps = steps.convert_color(preprocess.ColorFormat.BGR)
    steps.mean(list(scaling.mean)).scale(list(scaling.spread))
    return build.build()


class OnnxRunner:
    """A runner on ONNX Runtime, without the arena that keeps every peak of memory.

    It may be called from `streams` threads at once, which share its `threads`.
    """

    logits = False

    def __init__(self, model: Path, scaling: Scaling, threads: int, streams: int = 1) -> None:
        onnxruntime = importlib.import_module("onnxruntime")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = max(1, threads // streams)
        options.enable_cpu_mem_arena = False
        self._scaling = scaling
        self._session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name

    def __call__(self, pictures: Pictures, use: Callable[[Floats], T]) -> T:
        return use(self._session.run(None, {self._input: self._scaling.of(pictures)})[0])


class OwnRunner:
    """A network as PaddleOCR itself runs it; `call` takes and gives lists of arrays."""

    logits = False

    def __init__(self, call: Callable[..., Any], scaling: Scaling) -> None:
        self._call = call
        self._scaling = scaling

    def __call__(self, pictures: Pictures, use: Callable[[Floats], T]) -> T:
        answer = self._call(x=[self._scaling.of(pictures)])[0]
        return use(np.asarray(answer, dtype=np.float32))
