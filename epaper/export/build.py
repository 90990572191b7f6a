"""Small builders of NewsML-G2 elements, in the order the standard asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from lxml import etree

from epaper import __version__
from epaper.export.house import IPTC_CATALOG, SCHEMES
from epaper.export.options import ExportOptions, iso_date, stamp, version_created
from epaper.export.xmlio import G2, G2_MAP, XML, append, clean, g2
from epaper.model import Facts, Person, PersonRole

NEWS_ITEM = "application/vnd.iptc.g2.newsitem+xml"
PACKAGE_ITEM = "application/vnd.iptc.g2.packageitem+xml"

PROFILE = "epaper"
PROFILE_VERSION = "1.0.0.0"

TITLE_LENGTH = 40

QCODE_ATTRIBUTES = frozenset(
    ("qcode", "rel", "role", "mode", "rendition", "creator", "how", "why", "type")
)

_CREATOR_ROLES = (PersonRole.REPORTER,)


def add(
    parent: etree._Element, tag: str, text: str | None = None, /, **attributes: str
) -> etree._Element:
    """Append a NewsML-G2 element; text and values lose what XML cannot carry."""
    return append(parent, f"{{{G2}}}{tag}", text, attributes)


def percent(confidence: float) -> str:
    """A confidence of 0 to 1 as the 0 to 100 of the standard."""
    return str(round(100 * min(1.0, max(0.0, confidence))))


def href(name: str) -> str:
    """A relative path as an IRI reference: what has a meaning in one is escaped."""
    return "".join(quote(c, safe="/") if ord(c) < 128 else c for c in clean(name))


def short(text: str) -> str:
    """The start of a text as a title on one line."""
    line = " ".join(clean(text).split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1] + "…"


def item(
    tag: str, guid: str, language: str, facts: Facts, options: ExportOptions
) -> etree._Element:
    """An item up to its pubHistory; `finish` adds the catalog of what it uses."""
    element = etree.Element(g2(tag), nsmap=G2_MAP)
    for key, value in (
        ("standard", "NewsML-G2"),
        ("standardversion", "2.35"),
        ("conformance", "power"),
        ("guid", guid),
        ("version", str(options.version)),
        (f"{{{XML}}}lang", language),
    ):
        element.set(key, value)
    add(element, "catalogRef", href=IPTC_CATALOG)
    hops = add(element, "hopHistory")
    hop = add(hops, "hop", seq="1", timestamp=version_created(options, facts.date))
    # No party: generator names the tool, and IPTC's Python reader stumbles over one here.
    add(hop, "action", qcode="hopaction:created")
    _publication(element, facts)
    return element


def _publication(element: etree._Element, facts: Facts) -> None:
    day = iso_date(facts.date)
    if not (day or facts.paper or facts.page_number):
        return
    published = add(add(element, "pubHistory"), "published")
    if day:
        add(published, "timestamp", day)
    if facts.paper:
        add(published, "name", facts.paper)
    if facts.page_number:
        add(published, "publishedExtProperty", rel="epm:pageNumber", value=facts.page_number)


def item_meta(
    element: etree._Element, kind: str, title: str, facts: Facts, options: ExportOptions
) -> etree._Element:
    """itemMeta up to its title; links and extension properties follow."""
    meta = add(element, "itemMeta")
    add(meta, "itemClass", qcode=kind)
    uri = "://" in options.provider or options.provider.startswith("urn:")
    add(meta, "provider", **{"uri" if uri else "literal": options.provider})
    add(meta, "versionCreated", version_created(options, facts.date))
    add(meta, "pubStatus", qcode="stat:usable")
    add(meta, "generator", PROFILE, versioninfo=__version__)
    add(meta, "profile", PROFILE, versioninfo=PROFILE_VERSION)
    if title:
        add(meta, "title", title)
    return meta


def content_created(meta: etree._Element, facts: Facts) -> None:
    """contentCreated, the first child of contentMeta, where the date is known."""
    if day := iso_date(facts.date):
        add(meta, "contentCreated", day)


def people(meta: etree._Element, persons: Mapping[Person, None]) -> None:
    """One creator a reporter, one contributor for each of the others."""
    for person in persons:
        if person.name:
            tag = "creator" if person.role in _CREATOR_ROLES else "contributor"
            party(meta, tag, person)


def party(meta: etree._Element, tag: str, person: Person) -> None:
    """A creator or contributor with name and house role."""
    element = add(meta, tag, role=f"epp:{person.role.value}", literal=person.name)
    add(element, "name", person.name)


def link(meta: etree._Element, relation: str, guid: str, title: str = "", rank: int = 0) -> None:
    """A link of the house scheme `relation` to the news item `guid`."""
    attributes = {"rank": str(rank)} if rank else {}
    element = add(
        meta, "link", rel=f"epr:{relation}", residref=guid, contenttype=NEWS_ITEM, **attributes
    )
    if title:
        add(element, "title", title)


def qcodes(element: etree._Element) -> Iterator[tuple[etree._Element, str, str]]:
    """Every QCode below an item: its element, its attribute, the code."""
    for node in element.iter(f"{{{G2}}}*"):
        for name, value in node.items():
            if name in QCODE_ATTRIBUTES:
                for code in str(value).split():
                    yield node, name, code


def finish(element: etree._Element, options: ExportOptions) -> etree._Element:
    """Put the inline catalog of the house schemes the item uses after its catalogRef."""
    used = {code.partition(":")[0] for _, _, code in qcodes(element)}
    schemes = [s for alias, s in SCHEMES.items() if alias in used]
    if schemes:
        catalog = etree.Element(g2("catalog"))
        for scheme in schemes:
            add(catalog, "scheme", alias=scheme.alias, uri=scheme.uri(options.base))
        element.insert(1, catalog)
    return element


def message(items: list[etree._Element], transmit: str, options: ExportOptions) -> bytes:
    """The newsMessage around `items`, UTF-8."""
    root = etree.Element(g2("newsMessage"), nsmap=G2_MAP)
    header = add(root, "header")
    add(header, "sent", stamp(options).isoformat())
    add(header, "catalogRef", href=IPTC_CATALOG)
    add(header, "sender", options.authority)
    add(header, "transmitId", transmit)
    add(header, "priority", "4")
    item_set = add(root, "itemSet")
    item_set.extend(items)
    etree.indent(root, space=" ")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"
