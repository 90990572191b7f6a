"""What no schema can say about a NITF document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from epaper.export.problems import Finding
from epaper.export.references import doubled, elements
from epaper.export.xmlio import NITF, line_of, nitf

# Once there was no namespace.
OLDER_NITF = ("nitf",)

_NORM = re.compile(r"\d{8}(T?\d{6}(Z|[+-]\d{2}:?\d{2})?)?")
_DATES = ("norm", "date.publication")
_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|#")


def check_nitf(root: etree._Element, path: Path | None) -> list[Finding]:
    """Identity, headline and dates; where `path` says where it lies, what it refers to."""
    found = [*doubled(elements(root), "id"), *_identity(root), *_headline(root), *_dates(root)]
    if path is not None:
        found += _files(root, path)
    return found


def _tag(root: etree._Element, name: str) -> str:
    return nitf(name) if etree.QName(root).namespace == NITF else name


def _identity(root: etree._Element) -> Iterator[Finding]:
    uno = root.get("uno")
    names = list(root.iter(_tag(root, "doc-id")))
    if not uno and not any(name.get("id-string") for name in names):
        yield Finding(line_of(root), "the document has no identity", "write @uno and a doc-id")
    for name in names:
        if uno and name.get("id-string") not in {None, uno}:
            message = f"the doc-id is {name.get('id-string')}, the uno {uno}"
            yield Finding(line_of(name), message, "write the same in both")


def _headline(root: etree._Element) -> Iterator[Finding]:
    for headline in root.iter(_tag(root, "hl1")):
        if not "".join(map(str, headline.itertext())).strip():
            message = "the headline is empty"
            yield Finding(line_of(headline), message, "write it or leave the hedline out")


def _dates(root: etree._Element) -> Iterator[Finding]:
    for node in elements(root):
        for name in _DATES:
            value = node.get(name)
            if value is not None and not _NORM.fullmatch(value):
                message = f"@{name} is {value!r}, no date of ISO 8601 in its basic form"
                yield Finding(line_of(node), message, "write YYYYMMDDTHHMMSSZ")


def _files(root: etree._Element, path: Path) -> Iterator[Finding]:
    """Pictures that are not there, links to stories whose page is there but not they."""
    for node in root.iter(_tag(root, "media-reference")):
        source = node.get("source") or ""
        if source and not _REMOTE.match(source) and not (path.parent / unquote(source)).is_file():
            message = f"there is no picture {source}"
            yield Finding(line_of(node), message, "put the picture there or correct the source")
    for node in root.iter(_tag(root, "a")):
        target = node.get("href") or ""
        if target and not _REMOTE.match(target) and not (path.parent / unquote(target)).is_file():
            message = f"there is no file {target}"
            yield Finding(line_of(node), message, "correct the href or convert the other page too")
