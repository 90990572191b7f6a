"""Checks of the JSON files: the page model and the IIIF manifest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from epaper.errors import InputError
from epaper.export.iiif import CONTEXT
from epaper.export.iiif_check import check_manifest
from epaper.export.jsonfile import SCHEMA, page_of
from epaper.export.jsonlines import Steps, line_at, path_in
from epaper.export.problems import Finding
from epaper.geometry import Box
from epaper.model import Page

_BYTE = re.compile(r"\(byte (\d+)\)")
# Pixels that a box may lie beyond the page: letters at the edge of a page that was cut.
_SLACK = 2.0


def check_json(data: bytes, path: Path | None) -> list[Finding]:
    """What is wrong with a page or a manifest in JSON; other kinds are a finding, too."""
    try:
        text = data.decode("utf-8-sig")
        content = json.loads(text)
    except (UnicodeDecodeError, RecursionError) as error:
        return [Finding(1, f"is no JSON in UTF-8: {error}", "write it anew")]
    except json.JSONDecodeError as error:
        return [Finding(error.lineno, f"is no JSON: {error.msg}", "write it anew")]
    if isinstance(content, dict):
        if "schema" in content:
            return _check_page(data, text)
        context = content.get("@context")
        if CONTEXT in (context if isinstance(context, list) else [context]):
            return check_manifest(content, text, path)
    message = f"is neither {SCHEMA} nor a IIIF manifest of version 3"
    return [Finding(1, message, "check JSON that epaper wrote")]


def _check_page(data: bytes, text: str) -> list[Finding]:
    try:
        page = page_of(data)
    except InputError as error:
        line = line_at(text, ("schema",))
        return [Finding(line, str(error), "convert the page again with this version")]
    except msgspec.DecodeError as error:
        message = str(error)
        byte = _BYTE.search(message)
        line = data.count(b"\n", 0, int(byte[1])) + 1 if byte else line_at(text, path_in(message))
        return [Finding(line, message, "see epaper-page-1.schema.json")]
    id_fix, box_fix = "correct the id or add what it names", "correct the box"
    faults = [(*fault, id_fix) for fault in _references(page)]
    faults += [(*fault, box_fix) for fault in _boxes(page)]
    return [
        Finding(line_at(text, ("page", *where)), message, fix) for where, message, fix in faults
    ]


def _references(page: Page) -> Iterator[tuple[Steps, str]]:
    """Ids that stand twice, and names of blocks and pictures that are not there."""
    for kind in ("blocks", "pictures", "articles"):
        seen: set[str] = set()
        for number, thing in enumerate(getattr(page, kind)):
            if thing.id in seen:
                yield (kind, number, "id"), f"the id {thing.id} stands more than once"
            seen.add(thing.id)
    blocks = {block.id for block in page.blocks}
    pictures = {picture.id for picture in page.pictures}
    for number, article in enumerate(page.articles):
        for kind, names, known in (
            ("blocks", article.blocks, blocks),
            ("pictures", article.pictures, pictures),
        ):
            for place, name in enumerate(names):
                if name not in known:
                    where: Steps = ("articles", number, kind, place)
                    yield where, f"{article.id} names {name}, which is not on the page"
        for place, caption in enumerate(article.captions):
            if caption.picture is not None and caption.picture not in pictures:
                where = ("articles", number, "captions", place, "picture")
                yield where, f"a caption names {caption.picture}, which is not on the page"


def _boxes(page: Page) -> Iterator[tuple[Steps, str]]:
    whole = Box(0, 0, page.width, page.height)
    for kind in ("blocks", "pictures"):
        for number, thing in enumerate(getattr(page, kind)):
            box = thing.box
            if box.x0 > box.x1 or box.y0 > box.y1:
                yield (kind, number, "box"), f"the box of {thing.id} is turned inside out"
            elif not whole.contains(box, _SLACK):
                yield (kind, number, "box"), f"the box of {thing.id} lies beyond the page"
