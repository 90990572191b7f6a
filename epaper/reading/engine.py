"""The OCR engine: PaddleOCR's detection and recognition models and what runs them.

PaddleOCR supplies the models' configuration and predictors; this module runs their
networks on OpenVINO, ONNX Runtime or Paddle and hands out plain arrays.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
import os
import platform
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from epaper.errors import EngineError, MissingError
from epaper.reading.models import BUNDLED, Model, bundled_file, model_folder, prepared

# Whoever only says which engine there is to be, as the command line does, needs no NumPy.
if TYPE_CHECKING:
    from epaper.reading.ocr_runners import Floats, Pictures, Runner, Scaling

Runtime = Literal["auto", "onnxruntime", "openvino", "paddle"]
T = TypeVar("T")

# Pixels of width that a GPU reads at once; it bounds the memory of the answer, 18,710
# floats a step of eight pixels.
_BATCH = 7680
# Lines that OpenVINO reads together: their weights are fetched once for all of them. More
# gained nothing.
_TOGETHER = 3
_TILES_AT_ONCE = 2
_OPENVINO_HOW = "on x86-64, pip install openvino halves the time of reading"
_PADDLE_HOW = "pip install 'paddleocr>=3.7,<3.8'"
# PaddleOCR's names for the two kinds of model.
_DETECTION, _RECOGNITION = "TextDetection", "TextRecognition"
_LOADING = Lock()
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OcrOptions:
    """Which models read a page, and what runs them.

    `det_model` and `rec_model` are PaddleOCR's model names. A name that is not
    bundled is looked up as ``model_dir/<name>`` (a PaddleOCR model folder), and
    without `model_dir` fetched by PaddleOCR from its hub. `runtime` "auto" takes
    OpenVINO on x86 where it is installed, else ONNX Runtime. `device` is PaddleOCR's
    ("cpu", "gpu:0"). `threads` 0 means one a core. Lines read with less than
    `min_confidence` (0 to 1) are dropped as no text, those of five and more
    ideographs with less than 0.7 of that.
    """

    model_dir: Path | None = None
    det_model: str = "PP-OCRv6_small_det"
    rec_model: str = "PP-OCRv6_small_rec"
    runtime: Runtime = "auto"
    device: str = "cpu"
    threads: int = 0
    tile: int = 1408
    min_confidence: float = 0.5


@dataclass(frozen=True, slots=True)
class Part:
    """One thing the engine needs or can use: what it is and how to get it."""

    name: str
    present: bool
    detail: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Network:
    """A loaded model and its PaddleOCR configuration.

    `look` may be called from `streams` threads at once, and is best given `batch` pixels of
    width a call; where that is 0, `together` lines of one width.
    """

    name: str
    runner: Runner
    config: dict[str, Any]
    streams: int = 1
    batch: int = 0
    together: int = 1

    def look(self, pictures: Pictures, use: Callable[[Floats], T]) -> T:
        """What `use` makes of the answer for RGB pictures (N, H, W, 3), which it must not keep.

        EngineError where it fails.
        """
        try:
            return self.runner(pictures, use)
        except Exception as error:
            shape = "x".join(str(n) for n in pictures.shape)
            raise EngineError(f"{self.name} failed on an input of {shape}: {error}") from error

    def rest(self) -> None:
        """Gives back what memory can be had again; not while `look` is at work."""
        from epaper.reading.ocr_runners import OpenVinoRunner

        if isinstance(self.runner, OpenVinoRunner):
            self.runner.rest()


@dataclass(frozen=True, slots=True)
class Engine:
    """Detection and recognition networks of one process."""

    detection: Network
    recognition: Network
    characters: tuple[str, ...]
    runtime: str


def engine_status(options: OcrOptions | None = None) -> tuple[Part, ...]:
    """What the engine needs and can use, without loading a model."""
    options = options or OcrOptions()
    parts = [
        _package("paddleocr", _PADDLE_HOW),
        _opencv(),
        _package("onnxruntime", "pip install onnxruntime"),
        _package("openvino", _OPENVINO_HOW, required=False),
        _package("paddle", "pip install paddlepaddle, only for runtime paddle", required=False),
    ]
    for name in (options.det_model, options.rec_model):
        parts.append(_model_part(name, options))
    return tuple(parts)


def load_engine(options: OcrOptions) -> Engine:
    """The process's engine for `options`, loaded once.

    Raises MissingError where a library or model is not installed.
    """
    choice = _Choice(
        options.model_dir,
        options.det_model,
        options.rec_model,
        _runtime(options.runtime, options.device),
        options.device,
        options.threads,
    )
    # Two threads that need it would both load it.
    with _LOADING:
        return _load(choice)


@dataclass(frozen=True, slots=True)
class _Choice:
    """What tells one loaded engine from another."""

    model_dir: Path | None
    det_model: str
    rec_model: str
    runtime: str
    device: str
    threads: int


@lru_cache(maxsize=2)
def _load(choice: _Choice) -> Engine:
    for part in (_opencv(), _package("paddleocr", _PADDLE_HOW)):
        if not part.present:
            raise MissingError(part.detail)
    detection = _network(_DETECTION, choice.det_model, choice)
    recognition = _network(_RECOGNITION, choice.rec_model, choice)
    listed = recognition.config["PostProcess"]["character_dict"]
    # CTC's blank comes first; PaddleOCR adds the space after the listed characters.
    return Engine(detection, recognition, ("", *listed, " "), choice.runtime)


def _runtime(wanted: Runtime, device: str) -> str:
    if wanted != "auto":
        return wanted
    x86 = platform.machine().lower() in {"x86_64", "amd64"}
    if device == "cpu" and x86 and importlib.util.find_spec("openvino"):
        return "openvino"
    return "onnxruntime"


def _network(kind: str, name: str, choice: _Choice) -> Network:
    """A model as PaddleOCR prepares it, run by the fastest runner of this machine."""
    try:
        folder = model_folder(name, choice.model_dir)
        predictor = partial(_predictor, kind, name, folder, choice)
        plain = choice.runtime != "paddle" and choice.device == "cpu"
        model = prepared(kind, name, folder, predictor) if plain else None
        network = (
            _on_processor(kind, name, model, choice) if model else _own(kind, name, predictor())
        )
    except Exception as error:
        raise MissingError(
            f"The model {name} cannot be loaded on {choice.runtime}: {error}"
        ) from error
    _log.debug("loaded %s on %s", name, choice.runtime)
    return network


def _own(kind: str, name: str, predictor: Any) -> Network:
    """The network as PaddleOCR itself runs it."""
    from epaper.reading.ocr_runners import OwnRunner

    runner = OwnRunner(predictor.runner, _scaling(kind, predictor.config))
    return Network(name, runner, predictor.config, 1, _BATCH)


def _on_processor(kind: str, name: str, model: Model, choice: _Choice) -> Network:
    # Many short lines keep a core each busier than one line keeps all of them. Of two large
    # tiles one is cut out and looked through while the other is at work; more cost memory.
    threads = _threads(choice)
    streams = threads if kind == _RECOGNITION else min(_TILES_AT_ONCE, threads)
    from epaper.reading.ocr_runners import OnnxRunner, OpenVinoRunner

    openvino = choice.runtime == "openvino"
    make = OpenVinoRunner if openvino else OnnxRunner
    runner = make(model.network, _scaling(kind, model.config), threads, streams)
    return Network(name, runner, model.config, streams, together=_TOGETHER if openvino else 1)


def _scaling(kind: str, config: dict[str, Any]) -> Scaling:
    from epaper.reading.ocr_runners import Scaling

    if kind == _RECOGNITION:
        return Scaling((127.5,) * 3, (127.5,) * 3)
    steps = config["PreProcess"]["transform_ops"]
    told = next(step["NormalizeImage"] for step in steps if "NormalizeImage" in step)
    (a, b, c), (d, e, f) = ([255.0 * v for v in told[name]] for name in ("mean", "std"))
    return Scaling((a, b, c), (d, e, f))


def _threads(choice: _Choice) -> int:
    return choice.threads or os.cpu_count() or 1


def _predictor(kind: str, name: str, folder: Path | None, choice: _Choice) -> Any:
    """PaddleOCR's predictor for a model in `folder` or, without one, of its hub."""
    # PaddleX looks for its model hosts on import unless told not to.
    os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
    paddleocr = importlib.import_module("paddleocr")
    paddle = choice.runtime == "paddle"
    return getattr(paddleocr, kind)(
        model_name=name,
        model_dir=str(folder) if folder else None,
        device=choice.device,
        engine="paddle" if paddle else "onnxruntime",
        engine_config=None if paddle else {"intra_op_num_threads": _threads(choice)},
    ).paddlex_predictor


def _package(name: str, how: str, *, required: bool = True) -> Part:
    present = importlib.util.find_spec(name) is not None
    detail = f"{name} is installed." if present else f"{name} is not installed: {how}."
    return Part(name, present, detail, required)


def _opencv() -> Part:
    try:
        cv2 = importlib.import_module("cv2")
    except ImportError as error:
        if "libGL" in str(error):
            how = "OpenCV needs libGL.so.1: install the system package libgl1 (Debian, Ubuntu)."
        elif "libgthread" in str(error) or "libglib" in str(error):
            how = "OpenCV needs libglib: install the system package libglib2.0-0 (Debian, Ubuntu)."
        else:
            how = f"OpenCV cannot be loaded ({error}): pip install opencv-python."
        return Part("opencv", False, how)
    return Part("opencv", True, f"OpenCV {cv2.__version__} is installed.")


def _model_part(name: str, options: OcrOptions) -> Part:
    try:
        if options.model_dir is None and name in BUNDLED:
            return Part(name, True, f"{name} is at {bundled_file(name)}.")
        folder = model_folder(name, options.model_dir)
    except MissingError as error:
        return Part(name, False, str(error))
    if folder is not None:
        return Part(name, True, f"{name} is at {folder}.")
    return Part(name, True, f"{name} will be fetched by PaddleOCR from its hub when first used.")
