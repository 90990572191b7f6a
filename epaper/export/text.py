"""A page as plain text, story by story in reading order, adverts last."""

from __future__ import annotations

from collections.abc import Iterator

from epaper.export.newsml import page_title, reading_order
from epaper.export.telling import PRINTED
from epaper.export.xmlio import clean
from epaper.model import Article, Page, ParagraphKind, table_text

_RULE = "-" * 40


def page_to_text(page: Page) -> str:
    """The facts of the page on one line, then its stories with a rule before each."""
    facts = page.facts
    head = " ".join(filter(None, (facts.paper, facts.date, page_title(facts, page.id))))
    stories = ("\n\n".join(_story(article)) for article in reading_order(page))
    parts = [head, *(f"{_RULE}\n{story}" for story in stories if story)]
    return clean("\n\n".join(parts)) + "\n"


def story_to_text(article: Article) -> str:
    """One story: headlines and byline, paragraphs with a line between, captions, markers."""
    return clean("\n\n".join(_story(article))) + "\n"


def _story(article: Article) -> Iterator[str]:
    titles = [h.text for role in PRINTED for h in article.headlines if h.role is role]
    if titles or article.byline:
        yield "\n".join(filter(None, (*titles, article.byline)))
    for paragraph in article.paragraphs:
        if paragraph.kind is ParagraphKind.TABLE and paragraph.rows:
            yield table_text(paragraph.rows)
        elif paragraph.text:
            yield paragraph.text
    for caption in article.captions:
        if words := " ".join(filter(None, (caption.text, caption.credit))):
            yield f"〔{words}〕"
    for jump in article.jumps:
        if jump.text:
            yield jump.text
