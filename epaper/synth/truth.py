"""What a typeset page says: its articles, blocks and facts, written as a truth file."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from epaper.geometry import Box


@dataclass
class TruthBox:
    """A block as printed; `box` in millimetres of the page."""

    role: str
    article: str | None
    box: Box
    text: str = ""


@dataclass
class TruthArticle:
    """One story's part on a page. `headline` is None for a picture that stands alone."""

    id: str
    headline: str | None = None
    label: str = ""
    kicker: str = ""
    deck: str = ""
    byline: str = ""
    body: list[str] = field(default_factory=list)
    subheads: list[str] = field(default_factory=list)
    captions: list[dict[str, str]] = field(default_factory=list)
    continues_to: int | str | None = None
    continued_from: int | str | None = None

    def as_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "id": self.id,
            "headline": self.headline,
            "body": self.body,
            "subheads": self.subheads,
            "captions": self.captions,
        }
        for name in ("label", "kicker", "deck", "byline"):
            if value := getattr(self, name):
                found[name] = value
        for name in ("continues_to", "continued_from"):
            if (page := getattr(self, name)) is not None:
                found[name] = page
        return found


@dataclass
class PageTruth:
    """Everything known about one page."""

    facts: dict[str, Any]
    articles: list[TruthArticle] = field(default_factory=list)
    boxes: list[TruthBox] = field(default_factory=list)

    def write(self, path: Path) -> None:
        """Write the truth file, UTF-8 JSON."""
        data = {
            "page": self.facts,
            "articles": [a.as_dict() for a in self.articles],
            "boxes": [
                {
                    "role": b.role,
                    "article": b.article,
                    "box": [round(v, 2) for v in (b.box.x0, b.box.y0, b.box.x1, b.box.y1)],
                    "text": b.text,
                }
                for b in self.boxes
            ],
        }
        path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
