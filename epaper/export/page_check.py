"""What no schema can say about a PAGE file, of any of its versions."""

from __future__ import annotations

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
        xs, ys = _points(node.get("points") or "")
        what = "Coords" if str(node.tag).endswith("Coords") else "Baseline"
        least = _AREA if what == "Coords" else _LINE
        if len(ys) < least:
            message = f"the {what} have {len(ys)} points, fewer than {least}"
            yield Finding(line_of(node), message, "write x,y pairs of whole pixels")
        elif min(xs) < 0 or min(ys) < 0 or max(xs) > width or max(ys) > height:
            message = f"the {what} leave the image of {width:g} by {height:g} pixels"
            yield Finding(line_of(node), message, "correct the points or the size of the image")


def _points(text: str) -> tuple[list[int], list[int]]:
    """Abscissas and ordinates of ``x,y x,y``; none where it is anything else."""
    try:
        numbers = [int(number) for number in text.replace(" ", ",").split(",")]
    except ValueError:
        return [], []
    return numbers[::2], numbers[1::2]


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
