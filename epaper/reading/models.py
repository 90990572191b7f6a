"""PaddleOCR's models on disk: where they lie, and what PaddleOCR says of them.

The PP-OCRv6 small models come with the `rapidocr` package, so nothing is downloaded
unless another model is asked for by name. PaddleOCR prepares a model once; what it said
is kept, because importing it costs more than reading a quarter of a page.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from epaper.errors import MissingError

# Models that the `rapidocr` package carries: PaddleOCR's name -> file.
BUNDLED = {
    "PP-OCRv6_small_det": "PP-OCRv6_det_small.onnx",
    "PP-OCRv6_small_rec": "PP-OCRv6_rec_small.onnx",
}
_FORMAT = 1
# Files of a PaddleOCR model folder.
_NETWORK, _CONFIG = "inference.onnx", "inference.yml"


def cache_dir() -> Path:
    """Folder for prepared models: $EPAPER_CACHE, else the user's cache folder."""
    own = os.environ.get("EPAPER_CACHE")
    if own:
        return Path(own)
    if platform.system() == "Windows":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif platform.system() == "Darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "epaper"


@dataclass(frozen=True, slots=True)
class Model:
    """A model as PaddleOCR prepares it: its configuration, and its network as ONNX."""

    config: dict[str, Any]
    network: Path


def prepared(kind: str, name: str, folder: Path | None, prepare: Callable[[], Any]) -> Model | None:
    """A model that `prepare`, which gives a predictor of PaddleOCR's, has prepared once.

    `kind` is PaddleOCR's class, `folder` the model's own, None where PaddleOCR looks for
    it. None where the model is not in ONNX.
    """
    # With it comes what reads mail, which a run that finds all up to date does without.
    from importlib.metadata import version

    made_by = [version(package) for package in ("paddleocr", "paddlex")]
    known = json.dumps([_FORMAT, kind, name, str(folder), *made_by])
    key = hashlib.sha256(known.encode()).hexdigest()[:16]
    record = cache_dir() / "prepared" / f"{name}-{key}.json"
    return _recorded(record) or _prepare(record, prepare)


def _recorded(record: Path) -> Model | None:
    """What was recorded of a model, unless its files are gone or have changed."""
    try:
        told = json.loads(record.read_text(encoding="utf-8"))
        network = Path(told["network"])
        if told["stamp"] == _stamp(network):
            return Model(told["config"], network)
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None


def _prepare(record: Path, prepare: Callable[[], Any]) -> Model | None:
    predictor = prepare()
    network = Path(predictor.model_dir) / _NETWORK
    if not network.is_file():
        return None
    config: dict[str, Any] = predictor.config
    told = {"network": str(network), "stamp": _stamp(network), "config": config}
    # A model that cannot be recorded is prepared again by the next process.
    with suppress(OSError, TypeError):
        record.parent.mkdir(parents=True, exist_ok=True)
        file, aside = tempfile.mkstemp(dir=record.parent)
        with os.fdopen(file, "w", encoding="utf-8") as out:
            json.dump(told, out, ensure_ascii=False)
        Path(aside).replace(record)
    return Model(config, network)


def _stamp(network: Path) -> list[list[int]]:
    """Sizes and times of a model's files."""
    stats = [path.stat() for path in (network, network.with_name(_CONFIG))]
    return [[stat.st_size, stat.st_mtime_ns] for stat in stats]


def model_folder(name: str, model_dir: Path | None) -> Path | None:
    """The model's folder on disk; None leaves it to PaddleOCR's hub."""
    if model_dir is not None:
        folder = model_dir / name
        if not folder.is_dir():
            raise MissingError(f"There is no model folder {folder}.")
        return folder
    return bundled_folder(name) if name in BUNDLED else None


def bundled_file(name: str) -> Path:
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise MissingError(f"The model {name} is missing: pip install rapidocr, which carries it.")
    file = Path(spec.origin).parent / "models" / BUNDLED[name]
    if not file.is_file():
        raise MissingError(f"This rapidocr has no {file.name}: pip install 'rapidocr>=3.10'.")
    return file


def bundled_folder(name: str) -> Path:
    """The PaddleOCR model folder of a model in `BUNDLED`: made once, whole or not at all.

    Raises MissingError where `rapidocr`, which carries it, is not installed.
    """
    source = bundled_file(name)
    stat = source.stat()
    folder = cache_dir() / "models" / f"{name}-{_FORMAT}-{stat.st_size}-{int(stat.st_mtime)}"
    if folder.is_dir():
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(dir=folder.parent))
        shutil.copyfile(source, aside / _NETWORK)
        # JSON is YAML, so no YAML writer is needed.
        (aside / _CONFIG).write_text(
            json.dumps(_bundled_config(name, source), ensure_ascii=False), encoding="utf-8"
        )
        _rename(aside, folder)
    except OSError as error:
        raise MissingError(f"The model cannot be prepared in {folder.parent}: {error}") from error
    return folder


def _rename(aside: Path, folder: Path) -> None:
    try:
        aside.rename(folder)
    except OSError:
        shutil.rmtree(aside, ignore_errors=True)
        if not folder.is_dir():  # not another process that was quicker
            raise


def _bundled_config(name: str, source: Path) -> dict[str, Any]:
    head: dict[str, Any] = {"Global": {"model_name": name}}
    if name.endswith("_det"):
        normal = {
            "scale": "1./255.",
            "mean": [0.485, 0.456, 0.406],
            "std": [0.229, 0.224, 0.225],
            "order": "hwc",
        }
        operations: list[dict[str, Any]] = [
            {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
            {"DetResizeForTest": {"resize_long": 960}},
            {"NormalizeImage": normal},
            {"ToCHWImage": {}},
        ]
        post: dict[str, Any] = {
            "name": "DBPostProcess",
            "thresh": 0.3,
            "box_thresh": 0.6,
            "unclip_ratio": 1.5,
            "max_candidates": 1000,
        }
    else:
        operations = [
            {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
            {"RecResizeImg": {"image_shape": [3, 48, 320]}},
        ]
        post = {"name": "CTCLabelDecode", "character_dict": _characters(source)}
    return {**head, "PreProcess": {"transform_ops": operations}, "PostProcess": post}


def _characters(source: Path) -> list[str]:
    onnxruntime = importlib.import_module("onnxruntime")
    session = onnxruntime.InferenceSession(str(source), providers=["CPUExecutionProvider"])
    characters = session.get_modelmeta().custom_metadata_map.get("character")
    if not characters:
        raise MissingError(f"{source.name} does not carry its list of characters.")
    # Not splitlines(): some of the characters are themselves line separators.
    return str(characters).split("\n")
