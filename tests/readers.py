"""What the tests of written formats share: official schemas, models, readers of others."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from digital_eval.model.common import DigitalObjectLevel
from digital_eval.model.digital_object_util import DigitalObjectUtil
from digital_eval.model.main import to_digital_object

from epaper.export.jsonfile import load_page
from epaper.model import Page

ROOT = Path(__file__).resolve().parent.parent
_FOLDER = (ROOT / os.environ.get("EPAPER_SHARED", "../shared")).resolve() / "schemas"
SCHEMAS = _FOLDER if _FOLDER.is_dir() else None


def needs(schema: str) -> pytest.MarkDecorator:
    """Skips a test, loudly, where the official schema is not there."""
    reason = f"THE OFFICIAL SCHEMA IS NOT CHECKED: no {schema} in {_FOLDER}"
    return pytest.mark.skipif(not (_FOLDER / schema).is_file(), reason=reason)


def models(out: Path) -> Iterator[tuple[Path, Page]]:
    """The page models below an output folder, each with its JSON file."""
    for path in sorted(out.rglob("*.json")):
        if not any(part.startswith(".") for part in path.relative_to(out).parts):
            yield path, load_page(path)


def lines_read(path: Path) -> dict[str, str]:
    """Lines of an ALTO or PAGE file by id, as digital-eval reads them."""
    pieces = DigitalObjectUtil.flatten(to_digital_object(str(path)))
    return {
        piece.id: " ".join(word.transcription for word in piece.children)
        for piece in pieces
        if piece.level is DigitalObjectLevel.LINE
    }
