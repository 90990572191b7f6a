"""Truth files (JSON) as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from epaper.errors import InputError
from epaper.geometry import Box
from epaper.quality.pagetext import ArticleText, CaptionText, PageText

FACTS = (
    "paper", "date", "number", "pages", "issue", "cn", "section", "postal", "lunar",
    "weekday", "publisher", "website", "email", "telephone", "editor",
)  # fmt: skip
"""Keys of a truth file's `page` that `meta_acc` judges."""


@dataclass(frozen=True)
class TruthBox:
    """A box the truth drew; `box` in millimetres, `article` None for furniture."""

    role: str
    article: str | None
    box: Box
    text: str = ""


@dataclass(frozen=True)
class Truth:
    """A truth file: the page's text, its boxes, and its size in millimetres."""

    page: PageText
    boxes: tuple[TruthBox, ...]
    width_mm: float
    height_mm: float


def read_truth(path: Path) -> Truth:
    """Reads ``<page id>.json``; InputError where it is not such a file."""
    try:
        data = msgspec.json.decode(path.read_bytes())
        return _truth(path.stem, data)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}).") from error
    except msgspec.DecodeError as error:
        raise InputError(f"{path}: is not JSON ({error}).") from error
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise InputError(f"{path}: is not a truth file ({error!r}).") from error


def _truth(page_id: str, data: Mapping[str, Any]) -> Truth:
    page = data["page"]
    articles = tuple(_article(str(n), raw) for n, raw in enumerate(data["articles"]))
    return Truth(
        page=PageText(page_id, facts=_facts(page), articles=articles),
        boxes=tuple(map(_box, data.get("boxes") or ())),
        width_mm=float(page.get("width_mm") or 0),
        height_mm=float(page.get("height_mm") or 0),
    )


def _facts(page: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    found = ((name, _texts(page.get(name))) for name in FACTS)
    return {name: values for name, values in found if values}


def _article(number: str, raw: Mapping[str, Any]) -> ArticleText:
    names = _texts(raw.get("byline"))
    return ArticleText(
        id=str(raw.get("id", number)),
        headline=_text(raw.get("headline")),
        kicker=_text(raw.get("kicker")),
        deck=_text(raw.get("deck")),
        label=_text(raw.get("label")),
        byline="、".join(names),
        people=names,
        paragraphs=_texts(raw.get("body")),
        subheads=_texts(raw.get("subheads")),
        captions=tuple(
            CaptionText(_text(c.get("text")), _text(c.get("credit")))
            for c in raw.get("captions") or ()
        ),
        continued_on=_text(raw.get("continues_to")),
        continued_from=_text(raw.get("continued_from")),
    )


def _box(raw: Mapping[str, Any]) -> TruthBox:
    x0, y0, x1, y1 = map(float, raw["box"])
    return TruthBox(raw["role"], raw.get("article"), Box(x0, y0, x1, y1), _text(raw.get("text")))


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _texts(value: object) -> tuple[str, ...]:
    """A list of texts, or one text, or nothing, as a tuple without empty texts."""
    several = isinstance(value, Sequence) and not isinstance(value, str)
    values: Sequence[object] = value if several else (value,)  # type: ignore[assignment]
    return tuple(filter(None, map(_text, values)))
