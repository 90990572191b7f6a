"""The whole news room: a page with blocks and articles in, its fields filled out."""

from __future__ import annotations

from dataclasses import replace

from epaper.collector import uncollected
from epaper.model import Doubt, Page
from epaper.news.article import read_article, with_named_bylines
from epaper.news.facts import facts_doubts, facts_of
from epaper.news.language import language_of

_CODES = frozenset({"date-weekday", "date-lunar", "no-date", "jump-unread"})


@uncollected()
def understand(page: Page) -> Page:
    """The page with facts, language, doubts, and each article's fields.

    Facts come from its MASTHEAD and FOLIO blocks and are as printed; a weekday or
    lunar date that contradicts the date becomes a doubt. Articles get byline, people,
    dateline, jumps and their captions' credits; jump markers and bylines on lines of
    their own leave the paragraphs. Nothing is raised on any text, and a second pass
    changes nothing.
    """
    page = with_named_bylines(page)
    facts = facts_of(page)
    text = "\n".join(block.text for block in page.blocks) or "\n".join(
        line.text for line in page.lines
    )
    read = [read_article(page, article) for article in page.articles]
    doubts: list[Doubt] = [doubt for doubt in page.doubts if doubt.code not in _CODES]
    doubts.extend(facts_doubts(page, facts))
    doubts.extend(doubt for _, found in read for doubt in found)
    return replace(
        page,
        facts=facts,
        language=language_of(text) or page.language,
        articles=tuple(article for article, _ in read),
        doubts=tuple(doubts),
    )
