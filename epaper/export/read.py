"""A neutral reader of page messages: only what stands in the XML, in plain values.

The evaluation and importers start here. Lengths are pixels of the page image, whose
size and resolution `ReadPage` gives; confidences run from 0 to 1 as in the model.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from epaper.errors import InputError
from epaper.export.found import (
    ReadArticle,
    ReadBlock,
    ReadCaption,
    ReadHeadline,
    ReadJump,
    ReadPage,
    ReadParagraph,
    ReadPicture,
)
from epaper.export.xmlio import G2, XHTML, XML, parse, parse_file
from epaper.geometry import Box
from epaper.model import (
    Facts,
    JumpKind,
    ParagraphKind,
    Person,
    PersonRole,
    Role,
    WritingMode,
    table_text,
)

__all__ = [
    "ReadArticle",
    "ReadBlock",
    "ReadCaption",
    "ReadHeadline",
    "ReadJump",
    "ReadPage",
    "ReadParagraph",
    "ReadPicture",
    "local",
    "read_newsml",
    "read_newsml_bytes",
]

_NS = {"g": G2, "h": XHTML}

_HEADLINE_ROLE = {
    "main": Role.HEADLINE,
    "kicker": Role.KICKER,
    "deck": Role.DECK,
    "label": Role.LABEL,
}

_FACTS = {
    "pageNumber": "page_number",
    "pageCount": "page_count",
    "issueNumber": "issue_number",
    "section": "section",
    "weekday": "weekday",
    "lunarDate": "lunar_date",
    "cnNumber": "cn_number",
    "postalCode": "postal_code",
    "publisher": "publisher",
    "website": "website",
    "email": "email",
    "telephone": "telephone",
}


def read_newsml(path: Path) -> ReadPage:
    """Read a page or issue message; InputError where it is none."""
    return _read(parse_file(path), str(path))


def read_newsml_bytes(data: bytes, name: str = "message") -> ReadPage:
    """As `read_newsml`, of bytes; `name` is what errors call them."""
    return _read(parse(data, name), name)


def local(qcode: str | None) -> str:
    """The local name of a QCode, an empty string for None."""
    return (qcode or "").partition(":")[2]


def _text(element: etree._Element | None) -> str:
    return "" if element is None else "".join(map(str, element.itertext(with_tail=False)))


def _find(element: etree._Element, path: str) -> etree._Element | None:
    return element.find(path, namespaces=_NS)


def _all(element: etree._Element, path: str) -> list[etree._Element]:
    return element.findall(path, namespaces=_NS)


def _attribute(element: etree._Element | None, name: str) -> str:
    return "" if element is None else element.get(name) or ""


def _int(value: str) -> int:
    return int(value) if value.isdecimal() else 0


def _float(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def _percent(value: str | None) -> float | None:
    number = _float(value or "")
    return None if number is None else number / 100


def _properties(element: etree._Element, path: str) -> Iterator[tuple[str, etree._Element]]:
    for prop in _all(element, path):
        yield local(prop.get("rel")), prop


def _links(item: etree._Element, name: str) -> list[etree._Element]:
    return [e for e in _all(item, "g:itemMeta/g:link") if local(e.get("rel")) == name]


def _item_class(item: etree._Element) -> str:
    return local(_attribute(_find(item, "g:itemMeta/g:itemClass"), "qcode"))


def _read(root: etree._Element, name: str) -> ReadPage:
    package = _find(root, "g:itemSet/g:packageItem")
    if root.tag != f"{{{G2}}}newsMessage" or package is None:
        raise InputError(f"{name}: is not a NewsML-G2 message with a page in it")
    items = {str(e.get("guid")): e for e in _all(root, "g:itemSet/g:newsItem")}
    pictures = {g: _picture(e) for g, e in items.items() if _item_class(e) == "picture"}
    listed = [str(e.get("residref")) for e in _all(package, "g:groupSet/g:group/g:itemRef")]
    texts = [g for g, e in items.items() if _item_class(e) == "text"]
    order = [g for g in listed if g in texts] + [g for g in texts if g not in listed]
    page = _facts_of(package)
    values = {k: _attribute(e, "value") for k, e in _properties(package, _PAGE_PROPERTY)}
    return ReadPage(
        path=name,
        guid=str(package.get("guid")),
        version=_int(package.get("version") or "1"),
        language=package.get(f"{{{XML}}}lang") or "",
        title=_text(_find(package, "g:itemMeta/g:title")),
        facts=page,
        source=values.get("source", ""),
        width=_int(values.get("imageWidth", "")),
        height=_int(values.get("imageHeight", "")),
        dpi=_float(values.get("dpi", "")) or 0.0,
        coverage=_float(values.get("coverage", "")),
        articles=tuple(_article(items[g], pictures) for g in order),
        pictures=tuple(pictures.values()),
        pages=tuple(
            str(e.get("residref"))
            for e in _all(package, "g:groupSet/g:group/g:itemRef")
            if local(_attribute(_find(e, "g:itemClass"), "qcode")) == "composite"
        ),
    )


_PAGE_PROPERTY = "g:contentMeta/g:contentMetaExtProperty"


def _facts_of(package: etree._Element) -> Facts:
    found: dict[str, str] = {}
    editors: list[str] = []
    for key, prop in _properties(package, _PAGE_PROPERTY):
        if key == "editor":
            editors.append(_attribute(prop, "value"))
        elif key in _FACTS:
            found[_FACTS[key]] = _attribute(prop, "value")
    published = _find(package, "g:pubHistory/g:published")
    if published is not None:
        found["paper"] = _text(_find(published, "g:name"))
        found["date"] = _text(_find(published, "g:timestamp"))
    return Facts(**found, editors=tuple(editors))


def _article(item: etree._Element, pictures: dict[str, ReadPicture]) -> ReadArticle:
    guid = str(item.get("guid"))
    linked = tuple(str(e.get("residref")) for e in _links(item, "illustratedBy"))
    properties = {
        k: _attribute(e, "value") for k, e in _properties(item, "g:itemMeta/g:itemMetaExtProperty")
    }
    genres = [local(e.get("qcode")) for e in _all(item, "g:contentMeta/g:genre")]
    mode = properties.get("writingMode", WritingMode.HORIZONTAL.value)
    captions = [c for g in linked if g in pictures for c in pictures[g].captions]
    loose = _captions(item, None)
    credited = {name for caption in loose for name in caption.photographers}
    return ReadArticle(
        guid=guid,
        id=guid.rpartition(":")[2],
        version=_int(item.get("version") or "1"),
        headlines=_headlines(item),
        byline=_text(_find(item, "g:contentMeta/g:by")),
        people=tuple(
            p
            for p in _people(item)
            if p.role is not PersonRole.PHOTOGRAPHER or p.name not in credited
        ),
        dateline=_text(_find(item, "g:contentMeta/g:dateline")),
        paragraphs=_paragraphs(item),
        captions=(*captions, *loose),
        jumps=_jumps(item),
        blocks=_blocks(item, guid),
        pictures=linked,
        advert="advertisement" in genres,
        mode=WritingMode(mode) if mode in set(WritingMode) else WritingMode.HORIZONTAL,
        membership=_percent(properties.get("membership")),
        order=_percent(properties.get("order")),
    )


def _headlines(item: etree._Element) -> tuple[ReadHeadline, ...]:
    return tuple(
        ReadHeadline(_HEADLINE_ROLE[local(e.get("role"))], _text(e), _percent(e.get("confidence")))
        for e in _all(item, "g:contentMeta/g:headline")
        if local(e.get("role")) in _HEADLINE_ROLE
    )


def _people(item: etree._Element) -> tuple[Person, ...]:
    people = []
    for element in _all(item, "g:contentMeta/*"):
        if element.tag not in {f"{{{G2}}}creator", f"{{{G2}}}contributor"}:
            continue
        role = local(element.get("role"))
        if role not in set(PersonRole):
            role = "reporter" if element.tag.endswith("creator") else "other"
        people.append(Person(_text(_find(element, "g:name")), PersonRole(role)))
    return tuple(people)


def _paragraphs(item: etree._Element) -> tuple[ReadParagraph, ...]:
    body = _find(item, "g:contentSet/g:inlineXML/h:html/h:body")
    paragraphs = []
    for child in [] if body is None else list(body):
        tag = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if tag not in set(ParagraphKind):
            continue
        rows = tuple(tuple(_text(cell) for cell in row) for row in child.iter(f"{{{XHTML}}}tr"))
        text = table_text(rows) if rows else _text(child)
        paragraphs.append(ReadParagraph(ParagraphKind(tag), text, rows))
    return tuple(paragraphs)


def _captions(item: etree._Element, picture: str | None) -> tuple[ReadCaption, ...]:
    """Captions and credits pair by rank; a photographer goes where the credit names him."""
    credits = {e.get("rank") or "1": _text(e) for e in _all(item, "g:contentMeta/g:creditline")}
    texts = {
        e.get("rank") or "1": e
        for e in _all(item, "g:contentMeta/g:description")
        if local(e.get("role")) == "caption"
    }
    names = [p.name for p in _people(item) if p.role is PersonRole.PHOTOGRAPHER or picture]
    ranks = sorted({*credits, *texts}, key=_int)
    # An article's own photographers may have nothing to do with its captions.
    first = ranks[0] if ranks and picture else ""
    owner = {n: next((r for r in ranks if n and n in credits.get(r, "")), first) for n in names}
    return tuple(
        ReadCaption(
            _text(texts.get(rank)),
            credits.get(rank, ""),
            tuple(n for n in names if owner[n] == rank),
            picture,
            _percent(_attribute(texts.get(rank), "confidence")),
        )
        for rank in ranks
    )


def _jumps(item: etree._Element) -> tuple[ReadJump, ...]:
    jumps = []
    for kind in JumpKind:
        links = _links(item, kind.value)
        marks = [
            e
            for k, e in _properties(item, "g:itemMeta/g:itemMetaExtProperty")
            if k == f"{kind.value}Page"
        ]
        for mark in marks:
            text = _text(_find(mark, "g:name"))
            link = next((e for e in links if not text or _text(_find(e, "g:title")) == text), None)
            if link is not None:
                links.remove(link)
                text = text or _text(_find(link, "g:title"))
            target = None if link is None else link.get("residref")
            jumps.append(ReadJump(kind, _attribute(mark, "value"), text, target))
        jumps += [ReadJump(kind, "", _text(_find(e, "g:title")), e.get("residref")) for e in links]
    return tuple(jumps)


def _blocks(item: etree._Element, guid: str) -> tuple[ReadBlock, ...]:
    blocks = []
    for part in _all(item, "g:partMeta"):
        region, role = _find(part, "g:regionDelim"), _find(part, "g:role")
        if region is None or role is None:
            continue
        x, y, width, height = (_int(_attribute(region, k)) for k in ("x", "y", "width", "height"))
        found = dict(_properties(part, "g:partMetaExtProperty"))
        confidence = _percent(_attribute(found.get("confidence"), "value"))
        box = Box(x, y, x + width, y + height)
        blocks.append(ReadBlock(local(role.get("qcode")), box, guid, confidence))
    return tuple(blocks)


def _picture(item: etree._Element) -> ReadPicture:
    guid = str(item.get("guid"))
    remote = _find(item, "g:contentSet/g:remoteContent")
    return ReadPicture(
        guid=guid,
        href=_attribute(remote, "href"),
        width=_int(_attribute(remote, "width")),
        height=_int(_attribute(remote, "height")),
        contenttype=_attribute(remote, "contenttype"),
        size=_int(_attribute(remote, "size")),
        articles=tuple(str(e.get("residref")) for e in _links(item, "illustrates")),
        captions=_captions(item, guid),
    )
