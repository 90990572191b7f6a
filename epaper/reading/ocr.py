"""Text of a page image: detection, recognition, and lines as a newspaper sets them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from epaper.model import Line, Origin, WritingMode
from epaper.reading.engine import OcrOptions, load_engine
from epaper.reading.ocr_text import recognise
from epaper.reading.tiles import Found, detect

Image = NDArray[np.uint8]


def read_image(image: Image, dpi: float, options: OcrOptions | None = None) -> tuple[Line, ...]:
    """Lines of an RGB page (H, W, 3).

    Raises MissingError where the engine is not installed, EngineError where it fails.
    """
    options = options or OcrOptions()
    engine = load_engine(options)
    found = detect(image, engine.detection, options.tile)
    readings = recognise([_crop(image, f) for f in found], engine)
    return tuple(
        Line(
            text=reading.text,
            box=f.box,
            size=min(f.box.width, f.box.height) * 0.8,
            mode=WritingMode.VERTICAL if f.upright else WritingMode.HORIZONTAL,
            confidence=reading.confidence,
            origin=Origin.OCR,
        )
        for f, reading in zip(found, readings, strict=True)
        if reading.text.strip() and reading.confidence >= options.min_confidence
    )


def _crop(image: Image, found: Found) -> Image:
    box = found.box
    crop = image[round(box.y0) : round(box.y1), round(box.x0) : round(box.x1)]
    return np.rot90(crop) if found.upright else crop
