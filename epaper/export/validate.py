"""Is this XML what the profile promises? Every problem with file, line and remedy."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

from lxml import etree

from epaper.errors import InputError, MissingError
from epaper.export import grammar, rules
from epaper.export.xmlio import XSD, g2, line_of, parse, parse_file, safe_parser

NEWSML_XSD = "NewsML-G2_2.35-spec-All-Power.xsd"

_LOCK = threading.Lock()
_LINE = re.compile(r"line (\d+), column")
_NAMESPACE = re.compile(r"\{http[^}]*\}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault; ``str()`` is the line to print. `line` counts from 1."""

    path: str
    line: int
    message: str
    fix: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}" + (f" ({self.fix})" if self.fix else "")


def validate_file(path: Path, schemas: Path | None = None) -> list[Problem]:
    """Check a message or knowledge item on disk; no problems, empty list.

    `schemas` is a folder with the official XSD and xml.xsd. References to other pages
    are looked up in the files of the same folder, where there are any. Raises
    InputError where the file cannot be read and MissingError for an absent schema.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    root, problems = _parsed(data, str(path))
    if root is None:
        return problems
    found = rules.check(root)
    problems = _problems(root, found, str(path), schemas)
    problems += _outside(path, found)
    problems += _pictures(path, root)
    return sorted(problems, key=lambda p: p.line)


def check_message(data: bytes, name: str = "message", schemas: Path | None = None) -> list[Problem]:
    """As `validate_file`, of bytes: pictures and other files are not looked for."""
    root, problems = _parsed(data, name)
    return problems if root is None else _problems(root, rules.check(root), name, schemas)


def _parsed(data: bytes, name: str) -> tuple[etree._Element | None, list[Problem]]:
    try:
        root = parse(data, name)
    except InputError as error:
        message = str(error).removeprefix(f"{name}: ")
        line = _LINE.search(message)
        return None, [Problem(name, int(line[1]) if line else 1, message)]
    if root.tag not in {g2("newsMessage"), g2("knowledgeItem")}:
        what = etree.QName(root).localname
        message = f"the document is <{what}>, neither a NewsML-G2 newsMessage nor a knowledgeItem"
        return None, [Problem(name, line_of(root), message)]
    return root, []


def _problems(
    root: etree._Element, found: rules.Findings, name: str, schemas: Path | None
) -> list[Problem]:
    """Rules first; a grammar's word on a line a rule has spoken on adds nothing."""
    problems = [Problem(name, f.line, f.message, f.fix) for f in found.broken]
    spoken = {p.line for p in problems}
    faults = [(f.line, f.message) for f in grammar.profile().faults(root)]
    problems += [Problem(name, line, message) for line, message in faults if line not in spoken]
    spoken |= {line for line, _ in faults}
    if schemas is not None:
        problems += [
            Problem(name, line, message)
            for line, message in _xsd_faults(root, schemas)
            if line not in spoken
        ]
    return sorted(problems, key=lambda p: p.line)


def _xsd_faults(root: etree._Element, schemas: Path) -> list[tuple[int, str]]:
    schema = load_xsd(schemas / NEWSML_XSD)
    with _LOCK:
        schema.validate(root)
        return [(e.line, _NAMESPACE.sub("", e.message)) for e in cast(Any, schema.error_log)]


@lru_cache(maxsize=8)
def load_xsd(path: Path) -> etree.XMLSchema:
    """A schema compiled from local files alone.

    Raises MissingError where it, or a schema it imports, is not in its folder.
    """
    if not path.is_file():
        raise MissingError(f"{path}: there is no such schema; put the official one there")
    try:
        tree = etree.parse(path, safe_parser())
        for node in tree.iter(f"{{{XSD}}}import", f"{{{XSD}}}include"):
            location = node.get("schemaLocation") or ""
            if location and not (path.parent / location).is_file():
                raise MissingError(f"{path}: imports {location}, which is not beside it")
        return etree.XMLSchema(tree)
    except (etree.XMLSyntaxError, etree.XMLSchemaParseError) as error:
        raise MissingError(f"{path}: is not a usable schema: {error}") from error


def _outside(path: Path, found: rules.Findings) -> list[Problem]:
    others = sorted(p for p in path.parent.glob("*.xml") if p.name != path.name)
    if not found.outside or not others:
        return []
    known = {guid for other in others for guid in _guids_of(other)}
    return [
        Problem(
            str(path),
            reference.line,
            f"points to {reference.guid}, which is in no file of the folder",
            "correct the residref or convert the other page too",
        )
        for reference in found.outside
        if reference.guid not in known
    ]


def _guids_of(path: Path) -> frozenset[str]:
    try:
        status = path.stat()
    except OSError:
        return frozenset()
    return _guids_at(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=4096)
def _guids_at(path: Path, _modified: int, _size: int) -> frozenset[str]:
    """Guids in a file; what cannot be read has none, and its own check says why."""
    try:
        return frozenset(rules.item_guids(parse_file(path)))
    except InputError:
        return frozenset()


def _pictures(path: Path, root: etree._Element) -> list[Problem]:
    problems = []
    for node in root.iter(g2("remoteContent")):
        name = node.get("href") or ""
        line = line_of(node)
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", name):
            continue  # On a server, which is not asked.
        file = path.parent / unquote(name)
        if not name or not file.is_file():
            fix = "put the picture there or correct the href"
            problems.append(Problem(str(path), line, f"there is no picture {name}", fix))
        elif node.get("size") not in {None, str(file.stat().st_size)}:
            message = f"{name} has {file.stat().st_size} bytes, not {node.get('size')}"
            problems.append(Problem(str(path), line, message, "correct the size"))
    return problems
