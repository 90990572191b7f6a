"""Stories as NITF 3.6, one document each: what a news system made before NewsML-G2 takes."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from lxml import etree

from epaper import __version__
from epaper.export.articles import (
    article_pictures,
    article_title,
    loose_captions,
    resolved,
    table_rows,
    word_count,
    worded,
)
from epaper.export.build import href
from epaper.export.files import NITF_SUFFIX
from epaper.export.guids import item_guid, page_guid
from epaper.export.nitf_check import check_nitf
from epaper.export.options import ExportOptions, PictureFile, iso_date, version_created
from epaper.export.problems import refuse
from epaper.export.stories import whole_story
from epaper.export.xmlio import NITF_MAP, append, clean, nitf
from epaper.model import (
    Article,
    Caption,
    Facts,
    Issue,
    Jump,
    Page,
    Paragraph,
    ParagraphKind,
    Person,
    Role,
)

SUFFIX = NITF_SUFFIX

_PUBLIC_ID = "-//IPTC//DTD NITF 3.6//EN"
_CHANGED = {"change.date": "September 11, 2009", "change.time": "12:26"}
_SECOND = {Role.HEADLINE: "main", Role.KICKER: "kicker", Role.DECK: "deck"}

Attributes = Mapping[str, str]


def article_to_nitf(
    page: Page,
    article: Article,
    options: ExportOptions,
    pictures: Mapping[str, PictureFile],
    issue: Issue | None = None,
) -> bytes:
    """One article of `page`, to lie in the page's folder beside its pictures.

    `pictures` maps picture ids to their files; `issue`, where known, tells of the whole
    story that the article is a part of. Raises ExportError where the document would not
    keep the rules.
    """
    guid = item_guid(options.authority, page.issue, page.id, article.id)
    root = etree.Element(nitf("nitf"), nsmap=NITF_MAP)
    for key, value in (
        ("uno", guid),
        ("version", _PUBLIC_ID),
        *_CHANGED.items(),
        ("baselang", options.language or page.language),
    ):
        root.set(key, clean(value))
    _head(root, page, article, options, issue)
    body = append(root, nitf("body"))
    _body_head(append(body, nitf("body.head")), article)
    content = append(body, nitf("body.content"))
    for paragraph in worded(article.paragraphs):
        _paragraph(content, paragraph)
    for picture in article_pictures(article, page):
        captions = [c for c in article.captions if c.picture == picture]
        _media(content, page, pictures.get(picture), captions)
    _loose(content, loose_captions(article, page))
    if article.jumps:
        append(append(body, nitf("body.end")), nitf("tagline"), None, {"class": "continued"})
    etree.indent(root, space=" ")
    _mixed(root, page, article, issue)
    refuse(f"page {page.id}: NITF of {article.id}", check_nitf(root, None))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def _head(
    root: etree._Element,
    page: Page,
    article: Article,
    options: ExportOptions,
    issue: Issue | None,
) -> None:
    head = append(root, nitf("head"))
    append(head, nitf("title"), article_title(article))
    for name, value in _metas(page, article, options, issue):
        append(head, nitf("meta"), None, {"name": name, "content": value})
    kind = "advertisement" if article.advert else "news"
    append(head, nitf("tobject"), None, {"tobject.type": kind})
    _docdata(append(head, nitf("docdata")), page, article, options, issue)
    _pubdata(head, page, article, options)


def _metas(
    page: Page, article: Article, options: ExportOptions, issue: Issue | None
) -> Iterator[tuple[str, str]]:
    yield "generator", f"epaper {__version__}"
    yield "source", page.source.name
    yield "writingMode", article.mode.value
    for jump in article.jumps:
        yield f"{jump.kind.value}Page", jump.page
        if target := resolved(jump, page, issue):
            yield jump.kind.value, item_guid(options.authority, page.issue, *target)


def _docdata(
    data: etree._Element,
    page: Page,
    article: Article,
    options: ExportOptions,
    issue: Issue | None,
) -> None:
    data.set("management-status", "usable")
    guid = item_guid(options.authority, page.issue, page.id, article.id)
    if options.version > 1:
        info = f"version {options.version}"
        append(data, nitf("correction"), None, {"info": info, "id-string": guid})
    append(data, nitf("doc-id"), None, {"id-string": guid, "regsrc": options.authority})
    if label := article.headline(Role.LABEL):
        append(data, nitf("fixture"), None, {"fix-id": label})
    if day := _norm(page.facts):
        append(data, nitf("date.issue"), None, {"norm": day})
    if options.version > 1:
        made = datetime.fromisoformat(version_created(options, page.facts.date))
        append(data, nitf("date.release"), None, {"norm": f"{made:%Y%m%dT%H%M%S%z}"})
    for story in issue.stories if issue else ():
        keys = list(story.parts)
        if issue and len(keys) > 1 and (page.id, article.id) in keys:
            part = keys.index((page.id, article.id)) + 1
            series = {
                "series.name": article_title(whole_story(issue, story).article),
                "series.part": str(part),
                "series.totalpart": str(len(keys)),
            }
            append(data, nitf("series"), None, series)


def _norm(facts: Facts) -> str:
    """The date of issue in the basic form of ISO 8601 that NITF asks for, where it is whole."""
    day = iso_date(facts.date)
    return f"{day.replace('-', '')}T000000Z" if len(day) == len("2024-06-05") else ""


def _pubdata(head: etree._Element, page: Page, article: Article, options: ExportOptions) -> None:
    facts = page.facts
    values = {
        "type": "print",
        "item-length": str(word_count(worded(article.paragraphs))),
        "unit-of-measure": "word",
        "date.publication": _norm(facts),
        "name": facts.paper,
        "number": facts.issue_number,
        "position.section": facts.section,
        "position.sequence": facts.page_number,
        "ex-ref": page_guid(options.authority, page.issue, page.id),
    }
    append(head, nitf("pubdata"), None, {k: v for k, v in values.items() if v})


def _body_head(head: etree._Element, article: Article) -> None:
    printed = [h for h in article.headlines if h.role in _SECOND and clean(h.text).strip()]
    if printed:
        main = next((h for h in printed if h.role is Role.HEADLINE), printed[0])
        hedline = append(head, nitf("hedline"))
        append(hedline, nitf("hl1"), main.text)
        for part in printed:
            if part is not main:
                append(hedline, nitf("hl2"), part.text, {"class": _SECOND[part.role]})
    if article.byline or article.people:
        append(head, nitf("byline"))
    if article.dateline:
        append(head, nitf("dateline"), article.dateline)


def _paragraph(content: etree._Element, paragraph: Paragraph) -> None:
    if paragraph.kind is ParagraphKind.TABLE:
        table = append(content, nitf("table"))
        for row in table_rows(paragraph):
            if row:
                cells = append(table, nitf("tr"))
                for cell in row:
                    append(cells, nitf("td"), cell)
    else:
        tag = "hl2" if paragraph.kind is ParagraphKind.SUBHEAD else "p"
        append(content, nitf(tag), paragraph.text)


def _media(
    content: etree._Element, page: Page, file: PictureFile | None, captions: Sequence[Caption]
) -> None:
    if file is None:
        _loose(content, captions)
        return
    media = append(content, nitf("media"), None, {"media-type": "image"})
    reference = {
        "source": href(posixpath.relpath(file.name, page.id)),
        "mime-type": file.contenttype,
        "width": str(file.width),
        "height": str(file.height),
    }
    append(media, nitf("media-reference"), None, reference)
    for caption in captions:
        if caption.text:
            append(media, nitf("media-caption"), caption.text)
    for caption in captions:
        if caption.credit:
            append(media, nitf("media-producer"), caption.credit)


def _loose(content: etree._Element, captions: Iterable[Caption]) -> None:
    """Words whose picture is not there; a media element would have to name one."""
    for caption in captions:
        if words := " ".join(filter(None, (caption.text, caption.credit))):
            note = append(content, nitf("note"), None, {"noteclass": "undef", "class": "caption"})
            append(append(note, nitf("body.content")), nitf("p"), words)


def _mixed(root: etree._Element, page: Page, article: Article, issue: Issue | None) -> None:
    """Fills elements of text and markup, which indenting would have put white into."""
    for byline in root.iter(nitf("byline")):
        _byline(byline, article.byline, article.people)
    for tagline in root.iter(nitf("tagline")):
        last = None
        for jump in article.jumps:
            if last is not None:
                last.tail = " "
            last = append(tagline, nitf("a"), jump.text or jump.page, _target(jump, page, issue))


def _target(jump: Jump, page: Page, issue: Issue | None) -> Attributes:
    kind = {"class": jump.kind.value}
    target = resolved(jump, page, issue)
    return kind if target is None else kind | {"href": href(f"../{target[0]}/{target[1]}{SUFFIX}")}


def _byline(byline: etree._Element, printed: str, people: Iterable[Person]) -> None:
    """The byline as printed, its names marked; those it does not print follow."""
    rest = clean(printed)
    last: etree._Element | None = None
    left = list(people)
    while left:
        places = [(rest.find(p.name), -len(p.name), p) for p in left if p.name and p.name in rest]
        if not places:
            break
        at, _, person = min(places, key=lambda place: place[:2])
        _say(byline, last, rest[:at])
        last = append(byline, nitf("person"), person.name, {"class": person.role.value})
        rest = rest[at + len(person.name) :]
        left.remove(person)
    _say(byline, last, rest)
    for person in left:
        if person.name and person.name not in printed:
            if printed or last is not None:
                _say(byline, last, " ")
            last = append(byline, nitf("person"), person.name, {"class": person.role.value})


def _say(parent: etree._Element, after: etree._Element | None, text: str) -> None:
    if after is None:
        parent.text = (parent.text or "") + text
    else:
        after.tail = (after.tail or "") + text
