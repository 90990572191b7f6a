"""Rules of the profile that no grammar can state, on a parsed message."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from epaper.export.build import qcodes
from epaper.export.house import IPTC_ALIASES, SCHEMES
from epaper.export.problems import Finding
from epaper.export.xmlio import G2, XHTML, g2, line_of, values_of, xhtml

# Relations whose other end stands in the same file; any other may lead out of it.
INSIDE = frozenset({"illustratedBy", "illustrates"})

_ITEMS = (g2("packageItem"), g2("newsItem"), g2("knowledgeItem"))
_IPTC_CATALOG = re.compile(
    r"https?://www\.iptc\.org/std/catalog/catalog\.IPTC-G2-Standards_\d+\.xml"
)
_IDS = ("id", "partid")
_IDREFS = ("contentrefs", "idref", "root")
_ID_VALUES, _IDREF_VALUES = values_of(*_IDS), values_of(*_IDREFS)
# A QCode: the element and the attribute it stands in, and itself.
Code = tuple[etree._Element, str, str]
_BODY = {xhtml("p"), xhtml("h2"), xhtml("table")}


@dataclass(frozen=True, slots=True)
class Reference:
    """A residref to an item that is not in the file but may be beside it."""

    line: int
    guid: str


@dataclass(slots=True)
class Findings:
    """What the rules found; `outside` waits for the other files of the issue."""

    broken: list[Finding] = field(default_factory=list)
    outside: list[Reference] = field(default_factory=list)

    def add(self, node: etree._Element, message: str, fix: str) -> None:
        self.broken.append(Finding(line_of(node), message, fix))


def check(root: etree._Element) -> Findings:
    """Every profile rule on a message or a knowledge item."""
    found = Findings()
    items = [root] if root.tag in _ITEMS else list(root.iter(*_ITEMS))
    for rule in (_guids, _references, _listed, _ids):
        rule(root, items, found)
    for item in items:
        for each in _ITEM_RULES:
            each(item, found)
    found.broken.sort(key=lambda finding: finding.line)
    return found


def items_of(root: etree._Element) -> Iterator[etree._Element]:
    """All items of a document."""
    return root.iter(*_ITEMS)


def item_guids(root: etree._Element) -> Iterator[str]:
    """The guids of all items in a document."""
    for item in items_of(root):
        if guid := item.get("guid"):
            yield guid


def _guids(_: etree._Element, items: list[etree._Element], found: Findings) -> None:
    seen: set[str] = set()
    for item in items:
        guid = item.get("guid")
        if not guid:
            found.add(item, "the item has no guid", "give it one that never changes")
        elif guid in seen:
            found.add(item, f"the guid {guid} stands twice", "give every item its own")
        else:
            seen.add(guid)


def _references(root: etree._Element, items: list[etree._Element], found: Findings) -> None:
    guids = {item.get("guid") for item in items}
    packages = tuple(f"{i.get('guid')}:" for i in items if i.tag == g2("packageItem"))
    for node in root.iter(g2("link"), g2("itemRef")):
        guid = node.get("residref")
        if guid is None or guid in guids:
            continue
        kind = node.find(g2("itemClass"))
        relation = (node.get("rel") or "").partition(":")[2]
        page = kind is not None and kind.get("qcode") == "ninat:composite"
        leads_out = page if node.tag == g2("itemRef") else relation not in INSIDE
        if leads_out and not _of_own_page(guid, packages, root):
            found.outside.append(Reference(line_of(node), guid))
        else:
            what = etree.QName(node).localname
            found.add(
                node,
                f"the {what} points to {guid}, which is not in the file",
                "correct the residref or add the item",
            )


def _of_own_page(guid: str, packages: tuple[str, ...], root: etree._Element) -> bool:
    """Whether `guid` claims to be an item of the very page this message holds."""
    issue = any((g.get("role") or "").partition(":")[2] == "issue" for g in root.iter(g2("group")))
    return not issue and guid.startswith(packages) if packages else False


def _listed(root: etree._Element, items: list[etree._Element], found: Findings) -> None:
    listed = {node.get("residref") for node in root.iter(g2("itemRef"))}
    for item in items:
        if _item_class(item) == "ninat:text" and item.get("guid") not in listed:
            message = f"no group lists the article {item.get('guid')}"
            found.add(item, message, "add an itemRef to the package")


def _item_class(item: etree._Element) -> str:
    kind = item.find(f"{g2('itemMeta')}/{g2('itemClass')}")
    return "" if kind is None else kind.get("qcode") or ""


def _ids(root: etree._Element, _: list[etree._Element], found: Findings) -> None:
    ids: Any = _ID_VALUES(root)
    named: Any = _IDREF_VALUES(root)
    known = set(ids)
    # Most documents are sound, and to say where one is not takes five times as long.
    if len(known) == len(ids) and known.issuperset(v for said in named for v in said.split()):
        return
    every = list(root.iter(f"{{{G2}}}*"))
    nodes = [(n, value) for n in every for a in _IDS if (value := n.get(a))]
    counts = Counter(value for _, value in nodes)
    for node, value in nodes:
        if counts[value] > 1:
            found.add(node, f"the id {value} stands {counts[value]} times", "make it unique")
    for node in every:
        for name in _IDREFS:
            said = node.get(name)
            for value in said.split() if said else ():
                if value not in counts:
                    message = f"@{name} names {value}, which is no id in the file"
                    found.add(node, message, "correct the reference")


def _attributes(item: etree._Element, found: Findings) -> None:
    if item.get("conformance") != "power":
        message = f"conformance is {item.get('conformance') or 'not given, so core'}"
        found.add(item, message, 'write conformance="power"')
    if not re.fullmatch(r"[1-9]\d*", item.get("version") or ""):
        message = f"version is {item.get('version') or 'not given'}"
        found.add(item, message, "write a positive whole number")
    meta = item.find(g2("itemMeta"))
    if meta is not None and meta.find(g2("pubStatus")) is None:
        message = "the item has no pubStatus"
        found.add(meta, message, 'add <pubStatus qcode="stat:usable"/> after versionCreated')


def _codes(item: etree._Element, found: Findings) -> None:
    """Aliases that nothing declares, then names that a house scheme does not have."""
    codes = list(qcodes(item))
    _aliases(item, codes, found)
    _house_names(item, codes, found)


def _aliases(item: etree._Element, codes: Sequence[Code], found: Findings) -> None:
    catalogs = [c.get("href") or "" for c in item.findall(g2("catalogRef"))]
    if any(not _IPTC_CATALOG.fullmatch(href) for href in catalogs):
        return  # A catalog that is not at hand may declare anything.
    schemes = item.iterfind(f"{g2('catalog')}/{g2('scheme')}")
    declared = {s.get("alias") for s in schemes} | (IPTC_ALIASES if catalogs else set())
    for node, name, code in codes:
        alias, colon, _ = code.partition(":")
        if not colon:
            found.add(node, f"@{name} is {code!r}, which is no QCode", "write alias:name")
        elif alias not in declared:
            message = f"the alias {alias} of {code} is not declared"
            found.add(node, message, "declare its scheme in the item's catalog")


def _house_names(item: etree._Element, codes: Sequence[Code], found: Findings) -> None:
    """Names of a house scheme that the vocabulary does not have."""
    schemes = {
        str(s.get("alias")): (s.get("uri") or "")
        for s in item.iterfind(f"{g2('catalog')}/{g2('scheme')}")
    }
    ours = {a: s for a, s in SCHEMES.items() if schemes.get(a, "").endswith(f"/{s.path}/")}
    for node, _, code in codes:
        alias, _, term = code.partition(":")
        if alias in ours and term not in ours[alias].terms:
            message = f"{code} is no name of the house scheme {alias}"
            found.add(node, message, "see house-schemes.xml for its names")


def _datatypes(item: etree._Element, found: Findings) -> None:
    for node in item.iter(f"{{{G2}}}*"):
        name = node.get("valuedatatype")
        if name is not None and name.partition(":")[0] not in node.nsmap:
            message = f"valuedatatype {name} has a prefix that is not declared"
            found.add(node, message, "declare the prefix on the document element")


def _content(item: etree._Element, found: Findings) -> None:
    kinds = {"ninat:text": "inlineXML", "ninat:picture": "remoteContent"}
    wanted = kinds.get(_item_class(item))
    if item.tag == g2("newsItem") and wanted:
        content = item.find(f"{g2('contentSet')}/{g2(wanted)}")
        if content is None:
            found.add(item, f"the item has no {wanted}", f"add a contentSet with {wanted}")
        elif wanted == "inlineXML":
            _body(content, found)


def _body(content: etree._Element, found: Findings) -> None:
    body = content.find(f"{xhtml('html')}/{xhtml('body')}")
    fix = "write html/body in the XHTML namespace with p, h2 and table only"
    if body is None:
        found.add(content, "the content is not XHTML with a body", fix)
        return
    stray = [text for text in (body.text, *(c.tail for c in body)) if (text or "").strip()]
    if stray:
        found.add(body, "text stands in the body outside its paragraphs", fix)
    for child in body:
        if child.tag not in _BODY:
            name = etree.QName(child).localname if isinstance(child.tag, str) else "comment"
            found.add(child, f"{name} stands directly in the body", fix)
    for node in body.iter(etree.Element):
        if etree.QName(node).namespace != XHTML:
            message = f"{etree.QName(node).localname} is not in the XHTML namespace"
            found.add(node, message, fix)


_ITEM_RULES: tuple[Callable[[etree._Element, Findings], None], ...] = (
    _attributes,
    _codes,
    _datatypes,
    _content,
)
