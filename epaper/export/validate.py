"""Checks of a document: rules of our own, its references and the official schema.

The document element tells the kind of an XML document, and `KINDS` what is asked of it;
JSON, PDF and the catalogue have checks of their own.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from lxml import etree

from epaper.errors import InputError, MissingError
from epaper.export.alto_check import OLDER_ALTO, check_alto
from epaper.export.catalogue_check import check_catalogue
from epaper.export.json_check import check_json
from epaper.export.mets_check import check_mets
from epaper.export.newsml_check import check_newsml
from epaper.export.nitf_check import OLDER_NITF, check_nitf
from epaper.export.page_check import OLDER_PAGE, check_page
from epaper.export.pdf_check import check_pdf
from epaper.export.problems import Finding, Problem
from epaper.export.xmlio import XSD, alto, g2, line_of, mets, nitf, parse, pcgts, safe_parser

__all__ = ["KINDS", "Kind", "Problem", "check_message", "load_xsd", "validate_file"]

_LOCK = threading.Lock()
_LINE = re.compile(r"line (\d+), column")
_REWRITE = "mend it there or write the file anew"
_NAMESPACE = re.compile(r"\{http[^}]*\}")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document and how it is checked.

    `xsd` is the file of its official schema, empty where only `rules` are asked. These
    are given the document element and where it lies, None where it is not on disk.
    """

    name: str
    xsd: str
    rules: Callable[[etree._Element, Path | None], list[Finding]]


_NEWSML = Kind("NewsML-G2", "NewsML-G2_2.35-spec-All-Power.xsd", check_newsml)

# By the Clark name of the document element.
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        g2("newsMessage"): _NEWSML,
        g2("knowledgeItem"): _NEWSML,
        alto("alto"): Kind("ALTO", "alto-4-4.xsd", check_alto),
        **{f"{{{namespace}}}alto": Kind("ALTO", "", check_alto) for namespace in OLDER_ALTO},
        mets("mets"): Kind("METS", "mets.xsd", check_mets),
        nitf("nitf"): Kind("NITF", "nitf-3-6.xsd", check_nitf),
        **{name: Kind("NITF", "", check_nitf) for name in OLDER_NITF},
        pcgts("PcGts"): Kind("PAGE", "page-2019-07-15.xsd", check_page),
        **{f"{{{namespace}}}PcGts": Kind("PAGE", "", check_page) for namespace in OLDER_PAGE},
    }
)


def validate_file(path: Path, schemas: Path | None = None) -> list[Problem]:
    """Check a document on disk; no problems, empty list.

    `schemas` is a folder with the official schemas and what they import. References to
    other files are looked up beside the document. Raises InputError where the file
    cannot be read and MissingError for an absent schema.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    found = _no_xml(data, path)
    if found is not None:
        return [Problem(str(path), f.line, f.message, f.fix) for f in found]
    return _check(data, str(path), schemas, path)


def _no_xml(data: bytes, path: Path) -> list[Finding] | None:
    """What is wrong with a file that its name or start shows to be no XML; None for XML."""
    suffix = path.suffix.lower()
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if suffix == ".pdf" or start.startswith(b"%PDF-"):
        return check_pdf(data)
    if suffix == ".csv":
        return check_catalogue(path)
    if suffix == ".json" or start.startswith((b"{", b"[")):
        return check_json(data, path)
    return None


def check_message(data: bytes, name: str = "message", schemas: Path | None = None) -> list[Problem]:
    """As `validate_file`, of bytes: pictures and other files are not looked for."""
    return _check(data, name, schemas, None)


def _check(data: bytes, name: str, schemas: Path | None, path: Path | None) -> list[Problem]:
    """Rules first; a schema's word on a line a rule has spoken on adds nothing."""
    try:
        root = parse(data, name)
    except InputError as error:
        message = str(error).removeprefix(f"{name}: ")
        line = _LINE.search(message)
        return [Problem(name, int(line[1]) if line else 1, message, _REWRITE)]
    kind = KINDS.get(str(root.tag))
    if kind is None:
        names = ", ".join(dict.fromkeys(kind.name for kind in KINDS.values()))
        message = f"the document is <{etree.QName(root).localname}>, none of {names}"
        return [Problem(name, line_of(root), message, "leave the file out")]
    found = kind.rules(root, path)
    if schemas is not None and kind.xsd:
        spoken = {finding.line for finding in found}
        found += [f for f in _xsd_faults(root, schemas / kind.xsd) if f.line not in spoken]
    return [Problem(name, f.line, f.message, f.fix) for f in sorted(found, key=lambda f: f.line)]


def _xsd_faults(root: etree._Element, xsd: Path) -> list[Finding]:
    schema = load_xsd(xsd)
    with _LOCK:
        schema.validate(root)
        log = cast(Any, schema.error_log)
        fix = f"write it as {xsd.name} has it"
        return [Finding(e.line, _NAMESPACE.sub("", e.message), fix) for e in log]


@lru_cache(maxsize=8)
def load_xsd(path: Path) -> etree.XMLSchema:
    """A schema compiled from local files alone.

    What it imports by URL is taken from its own folder, too. Raises MissingError where
    it, or a schema it imports, is not there.
    """
    if not path.is_file():
        raise MissingError(f"{path}: there is no such schema; put the official one there")
    try:
        tree = etree.parse(path, safe_parser())
        for node in tree.iter(f"{{{XSD}}}import", f"{{{XSD}}}include"):
            location = node.get("schemaLocation") or ""
            if "://" in location:
                location = location.rpartition("/")[2]
                node.set("schemaLocation", location)
            if location and not (path.parent / location).is_file():
                raise MissingError(f"{path}: imports {location}, which is not beside it")
        return etree.XMLSchema(tree)
    except (etree.XMLSyntaxError, etree.XMLSchemaParseError) as error:
        raise MissingError(f"{path}: is not a usable schema: {error}") from error
