"""A glance at a few lines, to see whether they can be read at all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from epaper.reading.engine import OcrOptions, load_engine
from epaper.reading.ocr_crops import SQUEEZE_DOWN
from epaper.reading.ocr_sight import look
from epaper.reading.ocr_text import read


def glance(
    crops: Sequence[NDArray[np.uint8]], options: OcrOptions | None = None
) -> list[tuple[str, float]]:
    """Text and confidence, 0 to 1, of RGB crops of lines that run across.

    Raises MissingError where the engine is not installed, EngineError where it fails.
    """
    engine = load_engine(options or OcrOptions())
    readings = read(look(crops, engine, [SQUEEZE_DOWN] * len(crops)), engine.characters)
    return [(found.text, found.confidence) for found in readings]
