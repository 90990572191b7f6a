"""Articles as news items: fields, links, boxes of the blocks and the body as XHTML."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from lxml import etree

from epaper.export.build import (
    add,
    content_created,
    finish,
    item,
    item_meta,
    link,
    people,
    percent,
    short,
)
from epaper.export.guids import item_guid, jump_target, story_guid, xml_id
from epaper.export.options import ExportOptions
from epaper.export.xmlio import XHTML_MAP, clean, xhtml
from epaper.geometry import Box
from epaper.model import (
    Article,
    Caption,
    Issue,
    Jump,
    Page,
    Paragraph,
    ParagraphKind,
    Person,
    PersonRole,
    Role,
)

_HEADLINE_ROLES = {
    Role.HEADLINE: "main",
    Role.KICKER: "kicker",
    Role.DECK: "deck",
    Role.LABEL: "label",
}

# Furniture makes no item, so its blocks make no part of one either.
_BLOCK_ROLES = frozenset(Role) - {Role.MASTHEAD, Role.FOLIO, Role.FURNITURE}

# Han, kana and hangul count one word a character, anything else a word a run.
_UNSPACED = (
    r"\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
    r"\uf900-\ufaff\U00020000-\U0003ffff"
)
_CHARACTERS = re.compile(f"[{_UNSPACED}]+")
_WORD = re.compile(rf"[^\W_{_UNSPACED}]+")


def article_title(article: Article) -> str:
    """The headline; without one, the start of the text or of the first caption."""
    texts = [
        article.headline(),
        *(h.text for h in article.headlines),
        *(p.text for p in article.paragraphs),
        *(c.text for c in article.captions),
    ]
    return next(filter(None, map(short, texts)), "")


def article_pictures(article: Article, page: Page) -> tuple[str, ...]:
    """Ids of the page's pictures that belong to the article, its own first."""
    known = {picture.id for picture in page.pictures}
    named = (*article.pictures, *(c.picture for c in article.captions if c.picture))
    return tuple(dict.fromkeys(p for p in named if p in known))


def article_item(
    page: Page, article: Article, options: ExportOptions, issue: Issue | None
) -> etree._Element:
    """The news item of one article of `page`."""
    language = options.language or page.language
    guid = item_guid(options.authority, page.issue, page.id, article.id)
    element = item("newsItem", guid, language, page.facts, options)
    meta = item_meta(element, "ninat:text", article_title(article), page.facts, options)
    _article_links(meta, page, article, options, issue)
    _article_properties(meta, article)
    content_meta(element, article, page, language)
    content_id = xml_id(article.id, "c")
    _parts(element, page, article, content_id)
    body(element, article.paragraphs, article_title(article), content_id)
    return finish(element, options)


def _article_links(
    meta: etree._Element,
    page: Page,
    article: Article,
    options: ExportOptions,
    issue: Issue | None,
) -> None:
    for picture in article_pictures(article, page):
        link(meta, "illustratedBy", item_guid(options.authority, page.issue, page.id, picture))
    for jump in article.jumps:
        target = resolved(jump, page, issue)
        if target is not None:
            guid = item_guid(options.authority, page.issue, *target)
            link(meta, jump.kind.value, guid, jump.text)
    for story in issue.stories if issue else ():
        if (page.id, article.id) in story.parts:
            link(meta, "partOf", story_guid(options.authority, page.issue, story.id))


def resolved(jump: Jump, page: Page, issue: Issue | None) -> tuple[str, str] | None:
    """The other part where it is there to be linked to, as far as can be seen."""
    target = jump_target(jump)
    if target is None:
        return None
    pages = issue.pages if issue else (page,)
    if issue is None and target[0] != page.id:
        return target
    found = any(p.id == target[0] and a.id == target[1] for p in pages for a in p.articles)
    return target if found else None


def _article_properties(meta: etree._Element, article: Article) -> None:
    for jump in article.jumps:
        rel = f"epm:{jump.kind.value}Page"
        mark = add(meta, "itemMetaExtProperty", rel=rel, value=jump.page)
        if jump.text:
            add(mark, "name", jump.text)
    for name, value in (
        ("writingMode", article.mode.value),
        ("membership", percent(article.membership)),
        ("order", percent(article.order)),
    ):
        add(meta, "itemMetaExtProperty", rel=f"epm:{name}", value=value)


def loose_captions(article: Article, page: Page) -> list[Caption]:
    """Captions whose picture is not there: their words stay with the article."""
    known = {picture.id for picture in page.pictures}
    return [c for c in article.captions if c.picture not in known]


def content_meta(
    element: etree._Element, article: Article, page: Page, language: str
) -> etree._Element:
    """contentMeta of an article."""
    meta = add(element, "contentMeta")
    content_created(meta, page.facts)
    captions = loose_captions(article, page)
    credited = (Person(p.name, PersonRole.PHOTOGRAPHER) for c in captions for p in c.people)
    people(meta, dict.fromkeys((*article.people, *credited)))
    add(meta, "language", tag=language)
    if article.advert:
        add(meta, "genre", qcode="epk:advertisement")
    headlines(meta, article)
    if article.dateline:
        add(meta, "dateline", article.dateline)
    if article.byline:
        add(meta, "by", article.byline)
    caption_fields(meta, captions)
    return meta


def headlines(meta: etree._Element, article: Article) -> None:
    """The headline parts, main ones first, with rank and confidence."""
    ordered = sorted(article.headlines, key=lambda h: h.role is not Role.HEADLINE)
    for rank, headline in enumerate(ordered, 1):
        role = _HEADLINE_ROLES.get(headline.role)
        if role and clean(headline.text).strip():
            add(
                meta,
                "headline",
                headline.text,
                role=f"eph:{role}",
                rank=str(rank),
                confidence=percent(headline.confidence),
            )


def caption_fields(meta: etree._Element, captions: Sequence[Caption]) -> None:
    """Credits and captions; the rank tells which belong together."""
    for rank, caption in enumerate(captions, 1):
        if caption.credit:
            add(meta, "creditline", caption.credit, rank=str(rank))
        if caption.text:
            add(
                meta,
                "description",
                caption.text,
                role="drol:caption",
                rank=str(rank),
                confidence=percent(caption.confidence),
            )


def region(part: etree._Element, box: Box) -> None:
    """The smallest box of whole pixels around `box`."""
    x, y = math.floor(box.x0), math.floor(box.y0)
    width, height = math.ceil(box.x1) - x, math.ceil(box.y1) - y
    add(part, "regionDelim", x=str(x), y=str(y), width=str(width), height=str(height))


def _parts(element: etree._Element, page: Page, article: Article, content_id: str) -> None:
    blocks = {block.id: block for block in page.blocks}
    listed = (blocks[i] for i in dict.fromkeys(article.blocks) if i in blocks)
    for seq, block in enumerate((b for b in listed if b.role in _BLOCK_ROLES), 1):
        part = add(
            element,
            "partMeta",
            partid=xml_id(article.id, block.id),
            seq=str(seq),
            contentrefs=content_id,
        )
        region(part, block.box)
        add(part, "role", qcode=f"epm:{block.role.value}")
        value = percent(block.confidence)
        add(part, "partMetaExtProperty", rel="epm:confidence", value=value)


def worded(paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
    """The paragraphs with something in them."""
    return [p for p in paragraphs if clean(p.text).strip() or any(map(any, p.rows))]


def word_count(paragraphs: Iterable[Paragraph]) -> int:
    """Words of alphabetic scripts and characters of those that set no spaces."""
    text = "\n".join(p.text or " ".join(map(" ".join, p.rows)) for p in paragraphs)
    return sum(map(len, _CHARACTERS.findall(text))) + len(_WORD.findall(text))


def table_rows(paragraph: Paragraph) -> tuple[tuple[str, ...], ...]:
    """The cells of a table; those of its text, by tabs, where it has none set apart."""
    return paragraph.rows or tuple(tuple(line.split("\t")) for line in paragraph.text.split("\n"))


def body(
    element: etree._Element, paragraphs: Iterable[Paragraph], title: str, content_id: str
) -> None:
    """contentSet with the paragraphs as the direct children of an XHTML body."""
    kept = worded(paragraphs)
    inline = add(
        add(element, "contentSet"),
        "inlineXML",
        id=content_id,
        contenttype="application/xhtml+xml",
        wordcount=str(word_count(kept)),
    )
    html = etree.SubElement(inline, xhtml("html"), nsmap=XHTML_MAP)
    etree.SubElement(etree.SubElement(html, xhtml("head")), xhtml("title")).text = title
    children = etree.SubElement(html, xhtml("body"))
    for paragraph in kept:
        child = etree.SubElement(children, xhtml(paragraph.kind.value))
        if paragraph.kind is ParagraphKind.TABLE:
            _table(child, paragraph)
        else:
            child.text = clean(paragraph.text)


def _table(table: etree._Element, paragraph: Paragraph) -> None:
    for row in table_rows(paragraph):
        tr = etree.SubElement(table, xhtml("tr"))
        for cell in row:
            etree.SubElement(tr, xhtml("td")).text = clean(cell)
