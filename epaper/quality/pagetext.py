"""What is scored: a page as plain values, the same for truth and for output.

All texts are as they came; the metrics fold them (`quality.text.fold`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from epaper.quality.text import fold, fold_body


@dataclass(frozen=True)
class CaptionText:
    """A caption, its credit as printed, and the photographers' names where known.

    `names` is None where they have to be read from `credit`, as in truth files.
    """

    text: str
    credit: str = ""
    names: tuple[str, ...] | None = None


@dataclass(frozen=True)
class ArticleText:
    """One article. `byline` is as printed or the names alone; `people` are names."""

    id: str
    headline: str = ""
    kicker: str = ""
    deck: str = ""
    label: str = ""
    byline: str = ""
    people: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
    subheads: tuple[str, ...] = ()
    captions: tuple[CaptionText, ...] = ()
    continued_on: str = ""
    continued_from: str = ""

    @cached_property
    def folded_headline(self) -> str:
        return fold(self.headline)

    @cached_property
    def folded_paragraphs(self) -> tuple[str, ...]:
        """The body's paragraphs and subheads in order, folded, empty ones left out."""
        return tuple(filter(None, map(fold_body, self.paragraphs)))

    @cached_property
    def folded_body(self) -> str:
        return "".join(self.folded_paragraphs)

    @cached_property
    def folded_captions(self) -> str:
        return "".join(fold(c.text) + fold(c.credit) for c in self.captions)

    @cached_property
    def blocks(self) -> tuple[str, ...]:
        """Every editorial text in its fixed order, folded: label, kicker, headline, deck,
        paragraphs, captions with their credits.

        Bylines and continuation markers are left out, since truth files name the
        reporter and the page only, while the output has them as printed.
        """
        heads = map(fold, (self.label, self.kicker, self.headline, self.deck))
        captions = (fold(c.text) + fold(c.credit) for c in self.captions)
        return tuple(filter(None, (*heads, *self.folded_paragraphs, *captions)))


@dataclass(frozen=True)
class PageText:
    """One page: its facts, its articles (adverts left out), captions of loose pictures."""

    id: str
    facts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    articles: tuple[ArticleText, ...] = ()
    loose_captions: tuple[CaptionText, ...] = ()

    def blocks(self) -> Iterator[str]:
        """Every editorial text of the page, folded (see `ArticleText.blocks`)."""
        for article in self.articles:
            yield from article.blocks
        for caption in self.loose_captions:
            yield fold(caption.text) + fold(caption.credit)


Pairs = tuple[tuple[int, int], ...]
"""Matched articles as (index in truth, index in output), in truth's order."""
