"""Pages and issues as NewsML-G2 2.35 messages, conformance power."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from epaper.errors import ExportError
from epaper.export.articles import (
    article_item,
    article_pictures,
    article_title,
    caption_fields,
    region,
)
from epaper.export.build import (
    NEWS_ITEM,
    PACKAGE_ITEM,
    add,
    content_created,
    finish,
    href,
    item,
    item_meta,
    link,
    message,
    party,
    percent,
    short,
)
from epaper.export.guids import issue_guid, item_guid, page_guid, story_guid, xml_id
from epaper.export.options import ExportOptions, PictureFile, for_pages
from epaper.export.stories import Whole, issue_facts, story_item, whole_story
from epaper.model import Article, Caption, Facts, Issue, Page, Person, PersonRole, Picture

__all__ = ["issue_to_newsml", "page_to_newsml"]


def page_to_newsml(
    page: Page,
    options: ExportOptions,
    pictures: Mapping[str, PictureFile],
    issue: Issue | None = None,
) -> bytes:
    """The message of one page: package, articles, pictures.

    `pictures` maps picture ids to their files; `issue`, where known, lets jumps be
    checked and parts name their whole story. Raises ExportError for a picture
    without a file.
    """
    articles = reading_order(page)
    items = [_page_package(page, articles, options)]
    items += [article_item(page, article, options, issue) for article in articles]
    for picture in page.pictures:
        file = pictures.get(picture.id)
        if file is None:
            raise ExportError(f"page {page.id}: there is no file for picture {picture.id}")
        items.append(_picture_item(page, picture, file, options))
    return message(items, page_guid(options.authority, page.issue, page.id), options)


def reading_order(page: Page) -> list[Article]:
    """The articles as the page lists them, adverts after the others."""
    return sorted(page.articles, key=lambda article: article.advert)


def page_title(facts: Facts, fallback: str) -> str:
    """``第01版 要闻`` as far as the page says so, else `fallback`."""
    number = f"第{facts.page_number}版" if facts.page_number else ""
    return " ".join(filter(None, (number, facts.section))) or fallback


def _item_ref(group: etree._Element, guid: str, kind: str, title: str, **extra: str) -> None:
    content = PACKAGE_ITEM if kind == "composite" else NEWS_ITEM
    reference = add(group, "itemRef", residref=guid, contenttype=content, **extra)
    add(reference, "itemClass", qcode=f"ninat:{kind}")
    if title:
        add(reference, "title", title)


def _page_package(page: Page, articles: list[Article], options: ExportOptions) -> etree._Element:
    authority, language = options.authority, options.language or page.language
    guid = page_guid(authority, page.issue, page.id)
    element = item("packageItem", guid, language, page.facts, options)
    item_meta(element, "ninat:composite", page_title(page.facts, page.id), page.facts, options)
    _package_meta(element, page.facts, language, _page_values(page))
    groups = add(element, "groupSet", root="G0")
    group = add(groups, "group", id="G0", role="epg:page", mode="pgrmod:seq")
    for article in articles:
        guid = item_guid(authority, page.issue, page.id, article.id)
        _item_ref(group, guid, "text", article_title(article))
    used = {p for article in articles for p in article_pictures(article, page)}
    for picture in page.pictures:
        if picture.id not in used:
            _item_ref(group, item_guid(authority, page.issue, page.id, picture.id), "picture", "")
    return finish(element, options)


def _page_values(page: Page) -> Iterator[tuple[str, str]]:
    yield from _fact_values(page.facts)
    yield "source", page.source.name
    yield "imageWidth", str(page.width)
    yield "imageHeight", str(page.height)
    yield "dpi", f"{page.dpi:g}"
    yield "coverage", f"{page.coverage:.4f}"


def _fact_values(facts: Facts) -> Iterator[tuple[str, str]]:
    yield "pageNumber", facts.page_number
    yield "pageCount", facts.page_count
    yield "issueNumber", facts.issue_number
    yield "section", facts.section
    yield "weekday", facts.weekday
    yield "lunarDate", facts.lunar_date
    yield "cnNumber", facts.cn_number
    yield "postalCode", facts.postal_code
    yield "publisher", facts.publisher
    yield "website", facts.website
    yield "email", facts.email
    yield "telephone", facts.telephone
    for editor in facts.editors:
        yield "editor", editor


def _package_meta(
    element: etree._Element, facts: Facts, language: str, values: Iterator[tuple[str, str]]
) -> None:
    meta = add(element, "contentMeta")
    content_created(meta, facts)
    add(meta, "language", tag=language)
    for name, value in values:
        if value:
            add(meta, "contentMetaExtProperty", rel=f"epm:{name}", value=value)


def _picture_item(
    page: Page, picture: Picture, file: PictureFile, options: ExportOptions
) -> etree._Element:
    language = options.language or page.language
    guid = item_guid(options.authority, page.issue, page.id, picture.id)
    element = item("newsItem", guid, language, page.facts, options)
    owners = [a for a in page.articles if picture.id in article_pictures(a, page)]
    captions = [c for a in owners for c in a.captions if c.picture == picture.id]
    title = next(filter(None, (short(c.text) for c in captions)), "")
    meta = item_meta(element, "ninat:picture", title, page.facts, options)
    for article in owners:
        link(meta, "illustrates", item_guid(options.authority, page.issue, page.id, article.id))
    _picture_meta(element, captions, page.facts, language)
    part = add(element, "partMeta", partid=xml_id(picture.id, "r"), seq="1")
    region(part, picture.box)
    add(part, "role", qcode="epm:picture")
    add(part, "partMetaExtProperty", rel="epm:confidence", value=percent(picture.confidence))
    add(
        add(element, "contentSet"),
        "remoteContent",
        href=href(file.name),
        rendition="rnd:highRes",
        contenttype=file.contenttype,
        size=str(file.size),
        width=str(file.width),
        height=str(file.height),
    )
    return finish(element, options)


def _picture_meta(
    element: etree._Element, captions: list[Caption], facts: Facts, language: str
) -> None:
    meta = add(element, "contentMeta")
    content_created(meta, facts)
    for name in dict.fromkeys(p.name for c in captions for p in c.people if p.name):
        party(meta, "creator", Person(name, PersonRole.PHOTOGRAPHER))
    add(meta, "language", tag=language)
    caption_fields(meta, captions)


def issue_to_newsml(issue: Issue, options: ExportOptions) -> bytes:
    """The issue's message: its pages in order and its whole stories.

    Pages are named by guid and by the file beside; a story links to its parts. A correction
    of a page raises the version of the package and of the stories that have a part there.
    """
    stories = [whole_story(issue, story) for story in issue.stories]
    items = [_issue_package(issue, stories, for_pages(options, issue.pages))]
    pages = {page.id: page for page in issue.pages}
    for whole in stories:
        parts = dict.fromkeys(page for page, _ in whole.story.parts)
        items.append(story_item(whole, for_pages(options, (pages[name] for name in parts))))
    return message(items, issue_guid(options.authority, issue.id), options)


def _issue_package(issue: Issue, stories: list[Whole], options: ExportOptions) -> etree._Element:
    facts = issue_facts(issue)
    authority = options.authority
    language = options.language or (issue.pages[0].language if issue.pages else "zh-Hans")
    element = item("packageItem", issue_guid(authority, issue.id), language, facts, options)
    title = " ".join(filter(None, (facts.paper, facts.date))) or issue.id
    item_meta(element, "ninat:composite", title, facts, options)
    _package_meta(element, facts, language, _fact_values(facts))
    groups = add(element, "groupSet", root="G0")
    root = add(groups, "group", id="G0", role="epg:issue", mode="pgrmod:seq")
    add(root, "groupRef", idref="G1")
    pages = add(groups, "group", id="G1", role="epg:pages", mode="pgrmod:seq")
    for page in issue.pages:
        guid = page_guid(authority, page.issue, page.id)
        title = page_title(page.facts, page.id)
        _item_ref(pages, guid, "composite", title, href=href(f"{page.id}.xml"))
    if stories:
        add(root, "groupRef", idref="G2")
        group = add(groups, "group", id="G2", role="epg:stories", mode="pgrmod:bag")
        for whole in stories:
            guid = story_guid(authority, whole.page.issue, whole.story.id)
            _item_ref(group, guid, "text", article_title(whole.article))
    return finish(element, options)
