"""What can only be seen over many files: names that should be unique and are not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from lxml import etree

from epaper.errors import InputError
from epaper.export.problems import Problem
from epaper.export.rules import items_of
from epaper.export.xmlio import G2, line_of, nitf, parse_file


def doubled_guids(paths: Iterable[Path]) -> Iterator[Problem]:
    """Items of one guid and version that stand in more than one of these files.

    A story has one guid in NewsML-G2 and NITF, so each is compared with its like. What is
    neither, or cannot be read, is passed over: its own check says so. The later file is
    named.
    """
    first: dict[tuple[str, str, str], str] = {}
    for path in paths:
        try:
            root = parse_file(path)
        except InputError:
            continue
        kind = str(root.tag)
        for guid, version, line in _named(root):
            other = first.setdefault((kind, guid, version), str(path))
            if guid and other != str(path):
                message = f"the item {guid}, version {version}, stands in {other}, too"
                fix = "leave one of the files out, or raise the version of the later one"
                yield Problem(str(path), line, message, fix)


def _named(root: etree._Element) -> Iterator[tuple[str, str, int]]:
    """Guid, version and line of each item of a document."""
    if etree.QName(root).namespace == G2:
        for item in items_of(root):
            yield item.get("guid") or "", item.get("version") or "", line_of(item)
    elif root.tag == nitf("nitf"):
        correction = next(root.iter(nitf("correction")), None)
        info = "" if correction is None else correction.get("info") or ""
        yield root.get("uno") or "", info.removeprefix("version ") or "1", line_of(root)
