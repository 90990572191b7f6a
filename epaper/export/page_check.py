"""What no schema can say about a PAGE file, of any of its versions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import inf
from pathlib import Path

from lxml import etree

from epaper.export.problems import Finding
from epaper.export.references import dangling, doubled, elements
from epaper.export.xmlio import PAGE, line_of

# Namespaces of versions before 2019, of which only references and outlines are checked.
OLDER_PAGE = tuple(
    PAGE.replace("2019-07-15", version)
    for version in ("2010-03-19", "2013-07-15", "2016-07-15", "2017-07-15", "2018-07-15")
)

_REFERENCES = ("regionRef",)
_POINT = re.compile(r"(-?\d+),(-?\d+)")
_AREA, _LINE = 3, 2


def check_page(root: etree._Element, path: Path | None) -> list[Finding]:
    """Ids, references, outlines and the reading order."""
    nodes = elements(root)
    named = {name for node in nodes if (name := node.get("id")) is not None}
    found = [*doubled(nodes, "id"), *dangling(nodes, _REFERENCES, named)]
    for page in root.iter("{*}Page"):
        found += _outlines(page)
    found += _read_twice(root)
    if path is not None:
        found += _image(root, path)
    return found


def _outlines(page: etree._Element) -> Iterator[Finding]:
    """Outlines without enough points, or beyond the image."""
    width, height = _length(page, "imageWidth"), _length(page, "imageHeight")
    for node in page.iter("{*}Coords", "{*}Baseline"):
        points = [(int(x), int(y)) for x, y in _POINT.findall(node.get("points") or "")]
        what = etree.QName(node).localname
        least = _AREA if what == "Coords" else _LINE
        if len(points) < least:
            message = f"the {what} have {len(points)} points, fewer than {least}"
            yield Finding(line_of(node), message, "write x,y pairs of whole pixels")
        elif any(not (0 <= x <= width and 0 <= y <= height) for x, y in points):
            message = f"the {what} leave the image of {width:g} by {height:g} pixels"
            yield Finding(line_of(node), message, "correct the points or the size of the image")


def _length(node: etree._Element, name: str) -> float:
    """A length of the image; one that is no number leaves room for anything."""
    value = node.get(name) or ""
    return float(value) if value.isdecimal() else inf


def _read_twice(root: etree._Element) -> Iterator[Finding]:
    """Regions that the reading order names more than once."""
    seen: set[str] = set()
    for order in root.iter("{*}ReadingOrder"):
        for node in order.iter("{*}RegionRef", "{*}RegionRefIndexed"):
            name = node.get("regionRef") or ""
            if name in seen:
                message = f"the reading order names the region {name} twice"
                yield Finding(line_of(node), message, "leave one of the references out")
            seen.add(name)


def _image(root: etree._Element, path: Path) -> Iterator[Finding]:
    """An image that is named by a path beside the file but is not there."""
    for page in root.iter("{*}Page"):
        name = page.get("imageFilename") or ""
        if not name:
            yield Finding(line_of(page), "the page names no image", "write its imageFilename")
        elif "/" in name and "://" not in name and not (path.parent / name).is_file():
            message = f"there is no image {name}"
            yield Finding(
                line_of(page), message, "put the image there or correct the imageFilename"
            )
