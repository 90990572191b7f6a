"""What no schema can say about an ALTO file, of any of its versions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from epaper.export.problems import Finding
from epaper.export.references import dangling, doubled, elements
from epaper.export.xmlio import line_of

# Namespaces of versions before 4, of which only references and boxes are checked.
OLDER_ALTO = (
    "http://schema.ccs-gmbh.com/ALTO",
    "http://www.loc.gov/standards/alto/ns-v2#",
    "http://www.loc.gov/standards/alto/ns-v3#",
)

_REFERENCES = ("STYLEREFS", "TAGREFS", "PROCESSINGREFS", "REF", "IDNEXT", "PROCESSING")

# Elements whose boxes are checked; characters lie in their words.
_PLACED = tuple(
    f"{{*}}{name}"
    for name in (
        "PrintSpace",
        "ComposedBlock",
        "TextBlock",
        "Illustration",
        "GraphicalElement",
        "TextLine",
        "String",
    )
)

# Pixels that rounding may put a box beyond the page.
_SLACK = 1.0


def check_alto(root: etree._Element, path: Path | None) -> list[Finding]:
    """Ids, references, boxes and, where `path` says where the file lies, pictures."""
    nodes = elements(root)
    named = {name for node in nodes if (name := node.get("ID")) is not None}
    found = [*doubled(nodes, "ID"), *dangling(nodes, _REFERENCES, named)]
    for page in root.iter("{*}Page"):
        found += _outside(page)
    found += _unread(root)
    if path is not None:
        found += _pictures(root, path)
    return found


def _outside(page: etree._Element) -> Iterator[Finding]:
    """Boxes that lie beyond their page, in whatever unit."""
    width, height = _number(page, "WIDTH"), _number(page, "HEIGHT")
    if width is None or height is None:
        return
    for node in page.iter(*_PLACED):
        x, y = _number(node, "HPOS"), _number(node, "VPOS")
        if x is None or y is None:
            continue
        right, bottom = x + (_number(node, "WIDTH") or 0), y + (_number(node, "HEIGHT") or 0)
        if min(x, y) < -_SLACK or right > width + _SLACK or bottom > height + _SLACK:
            what = etree.QName(node).localname
            message = f"the {what} lies beyond the page of {width:g} by {height:g}"
            yield Finding(line_of(node), message, "correct the box or the size of the page")


def _number(node: etree._Element, name: str) -> float | None:
    """The number of an attribute; what is none, the schema complains of."""
    value = node.get(name)
    try:
        return None if value is None else float(value)
    except ValueError:
        return None


def _unread(root: etree._Element) -> Iterator[Finding]:
    """Blocks of text that a reading order leaves out, where there is one."""
    order = next(root.iter("{*}ReadingOrder"), None)
    if order is None:
        return
    listed = {name for node in order.iter("{*}ElementRef") for name in _names(node)}
    for block in root.iter("{*}TextBlock"):
        chain = [block, *block.iterancestors()]
        inside = {node.get("ID") for node in (*chain, *block.iter("{*}TextLine"))}
        if not inside & listed:
            message = f"the reading order leaves out the TextBlock {block.get('ID')}"
            yield Finding(line_of(block), message, "add an ElementRef to it")


def _names(node: etree._Element) -> list[str]:
    return (node.get("REF") or "").split()


def _pictures(root: etree._Element, path: Path) -> Iterator[Finding]:
    """Pictures that are named by a path; any other name is an id in a METS file."""
    for node in root.iter("{*}Illustration"):
        name = node.get("FILEID") or ""
        if "/" in name and "://" not in name and not (path.parent / name).is_file():
            message = f"there is no picture {name}"
            fix = "put the picture there or correct the FILEID"
            yield Finding(line_of(node), message, fix)
