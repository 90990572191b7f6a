"""Whole stories: the parts of one story put together again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from epaper.errors import ExportError
from epaper.export.articles import article_title, body, content_meta
from epaper.export.build import add, finish, item, item_meta, link
from epaper.export.guids import item_guid, story_guid, xml_id
from epaper.export.options import ExportOptions, iso_date
from epaper.model import Article, Facts, Issue, Page, Paragraph, ParagraphKind, Story

# Marks that end a sentence, or close a quotation or bracket that may have held its end.
_ENDINGS = tuple("。！？…：；.!?:;”’」』）)》】")

# Facts that hold for the whole issue, not for one page of it.
_ISSUE_FACTS = (
    "paper",
    "page_count",
    "issue_number",
    "weekday",
    "lunar_date",
    "cn_number",
    "postal_code",
    "publisher",
    "website",
    "email",
    "telephone",
)


@dataclass(frozen=True, slots=True)
class Whole:
    """A story with the page it begins on and its parts put together as one article."""

    story: Story
    page: Page
    article: Article


def issue_facts(issue: Issue) -> Facts:
    """What the pages say about the issue: the first page that says it counts."""
    found: dict[str, Any] = {
        name: next((v for p in issue.pages if (v := getattr(p.facts, name))), "")
        for name in _ISSUE_FACTS
    }
    date = next((p.facts.date for p in issue.pages if iso_date(p.facts.date)), "")
    return Facts(**found, date=date)


def whole_story(issue: Issue, story: Story) -> Whole:
    """The parts of `story` in order as one article.

    Headlines, byline and dateline are those of the first part that has them. Raises
    ExportError for a part that is not in the issue.
    """
    known = {(page.id, a.id): (page, a) for page in issue.pages for a in page.articles}
    missing = [f"{page}#{article}" for page, article in story.parts if (page, article) not in known]
    if missing or not story.parts:
        what = f"has no part {missing[0]}" if missing else "has no parts"
        raise ExportError(f"issue {issue.id}: story {story.id} {what}")
    parts = [known[key] for key in story.parts]
    page, first = parts[0]
    articles = [article for _, article in parts]
    whole = replace(
        first,
        headlines=next((a.headlines for a in articles if a.headlines), ()),
        byline=next((a.byline for a in articles if a.byline), ""),
        dateline=next((a.dateline for a in articles if a.dateline), ""),
        people=tuple(dict.fromkeys(p for a in articles for p in a.people)),
        paragraphs=joined(a.paragraphs for a in articles),
        captions=(),
        pictures=(),
        jumps=(),
        blocks=(),
    )
    return Whole(story, page, whole)


def joined(parts: Iterable[tuple[Paragraph, ...]]) -> tuple[Paragraph, ...]:
    """Paragraphs of all parts, one that a page break cut in two made whole."""
    result: list[Paragraph] = []
    for paragraphs in parts:
        rest = paragraphs
        if result and rest and _cut(result[-1], rest[0]):
            result[-1] = replace(
                result[-1],
                text=_join(result[-1].text, rest[0].text),
                blocks=(*result[-1].blocks, *rest[0].blocks),
            )
            rest = rest[1:]
        result += rest
    return tuple(result)


def _cut(before: Paragraph, after: Paragraph) -> bool:
    plain = before.kind is ParagraphKind.TEXT and after.kind is ParagraphKind.TEXT
    return plain and bool(before.text.strip()) and not before.text.rstrip().endswith(_ENDINGS)


def _join(before: str, after: str) -> str:
    """Words of alphabetic scripts are set apart, Chinese characters are not."""
    spaced = before[-1:].isascii() and after[:1].isascii()
    return f"{before} {after}" if spaced else before + after


def story_item(whole: Whole, options: ExportOptions) -> etree._Element:
    """The news item of a whole story, with links to its parts in order."""
    page, article = whole.page, whole.article
    language = options.language or page.language
    guid = story_guid(options.authority, page.issue, whole.story.id)
    element = item("newsItem", guid, language, page.facts, options)
    meta = item_meta(element, "ninat:text", article_title(article), page.facts, options)
    for rank, (page_id, article_id) in enumerate(whole.story.parts, 1):
        part = item_guid(options.authority, page.issue, page_id, article_id)
        link(meta, "hasPart", part, rank=rank)
    add(meta, "itemMetaExtProperty", rel="epm:writingMode", value=article.mode.value)
    content_meta(element, article, page, language)
    body(element, article.paragraphs, article_title(article), xml_id(whole.story.id, "c"))
    return finish(element, options)
