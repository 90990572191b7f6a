"""What no schema can say about a METS file: its references, its files, its areas."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from epaper.errors import InputError
from epaper.export.problems import Finding
from epaper.export.references import dangling, doubled, elements
from epaper.export.xmlio import METS, XLINK, line_of, mets, parse_file

_REFERENCES = ("DMDID", "ADMID", "FILEID", "STRUCTID")

_HREF, _TO, _FROM = (f"{{{XLINK}}}{name}" for name in ("href", "to", "from"))

_DIGESTS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384"} | {
    "SHA-512": "sha512"
}

_AGAIN = "convert the issue again, or correct the entry"


@dataclass(frozen=True, slots=True)
class _Located:
    """A file element, its FLocat and where that says the file lies."""

    entry: etree._Element
    place: etree._Element
    path: Path


def check_mets(root: etree._Element, path: Path | None) -> list[Finding]:
    """Ids and references; where `path` says where the file lies, its files and areas."""
    # What is wrapped, descriptions and contents, has ids of its own.
    nodes = [node for node in elements(root) if etree.QName(node).namespace == METS]
    named = {name for node in nodes if (name := node.get("ID")) is not None}
    found = [*doubled(nodes, "ID"), *dangling(nodes, _REFERENCES, named)]
    found += _links(root, named)
    if path is not None:
        files = _located(root, path)
        for file in files.values():
            found += _file(file)
        found += _areas(root, {name: file.path for name, file in files.items()})
    return found


def _links(root: etree._Element, named: set[str]) -> Iterator[Finding]:
    for link in root.iter(mets("smLink")):
        for attribute in (_FROM, _TO):
            name = (link.get(attribute) or "").removeprefix("#")
            if name not in named:
                what = etree.QName(attribute).localname
                message = f"smLink/@xlink:{what} names {name}, which is no id in the file"
                yield Finding(line_of(link), message, "correct the link or leave it out")


def _located(root: etree._Element, path: Path) -> dict[str, _Located]:
    """Files beside the METS file by id; what is on a server is not asked for."""
    found: dict[str, _Located] = {}
    for file in root.iter(mets("file")):
        for place in file.iterfind(mets("FLocat")):
            name = place.get(_HREF) or ""
            url = place.get("LOCTYPE") == "URL"
            if url and name and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|/", name):
                found[file.get("ID") or ""] = _Located(file, place, path.parent / unquote(name))
    return found


def _file(file: _Located) -> Iterator[Finding]:
    """A file that is gone, or that has changed since it was entered."""
    entry, path = file.entry, file.path
    try:
        size = path.stat().st_size
    except OSError:
        message = f"there is no file {path.name}"
        yield Finding(line_of(file.place), message, "put it there or leave its entry out")
        return
    line, stated = line_of(entry), entry.get("SIZE")
    if stated is not None and stated != str(size):
        yield Finding(line, f"{path.name} has {size} bytes, not {stated}", _AGAIN)
        return
    kind = _DIGESTS.get(entry.get("CHECKSUMTYPE") or "")
    if kind is not None and _digest(path, kind) != (entry.get("CHECKSUM") or "").lower():
        message = f"{path.name} is not the file whose checksum stands here"
        yield Finding(line, message, _AGAIN)


def _digest(path: Path, kind: str) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, kind).hexdigest()
    except OSError:
        return ""


def _areas(root: etree._Element, files: Mapping[str, Path]) -> Iterator[Finding]:
    """Areas that name an element which their file does not have."""
    for area in root.iter(mets("area")):
        path = files.get(area.get("FILEID") or "")
        if area.get("BETYPE") != "IDREF" or path is None or not path.is_file():
            continue
        names = _names_at(path, path.stat().st_mtime_ns, path.stat().st_size)
        for attribute in ("BEGIN", "END"):
            name = area.get(attribute)
            if name is not None and name not in names:
                message = f"the area names {name}, which is no id in {path.name}"
                yield Finding(line_of(area), message, _AGAIN)


@lru_cache(maxsize=64)
def _names_at(path: Path, _modified: int, _size: int) -> frozenset[str]:
    """Ids in an XML file; one that cannot be read has none, and its own check says why."""
    try:
        root = parse_file(path)
    except InputError:
        return frozenset()
    nodes = elements(root)
    return frozenset(name for node in nodes for key in ("ID", "id") if (name := node.get(key)))
