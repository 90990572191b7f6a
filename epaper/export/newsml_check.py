"""All checks of a NewsML-G2 document: rules, grammar, and what it names outside itself."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from epaper.errors import InputError
from epaper.export import grammar, rules
from epaper.export.problems import Finding
from epaper.export.xmlio import g2, line_of, parse_file


def check_newsml(root: etree._Element, path: Path | None) -> list[Finding]:
    """What is wrong with a message or knowledge item.

    A grammar's word on a line a rule has spoken on adds nothing, so it is left out.
    Where `path` says where the document lies, references to other pages are looked up
    in the files of the same folder, if there are any, and pictures on the disk.
    """
    found = rules.check(root)
    spoken = {finding.line for finding in found.broken}
    faults = [Finding(f.line, f.message, f.fix) for f in grammar.profile().faults(root)]
    findings = [*found.broken, *(f for f in faults if f.line not in spoken)]
    if path is not None:
        findings += _outside(path, found)
        findings += _pictures(path, root)
    return findings


def _outside(path: Path, found: rules.Findings) -> list[Finding]:
    others = sorted(p for p in path.parent.glob("*.xml") if p.name != path.name)
    if not found.outside or not others:
        return []
    known = {guid for other in others for guid in _guids_of(other)}
    return [
        Finding(
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


def _pictures(path: Path, root: etree._Element) -> list[Finding]:
    findings = []
    for node in root.iter(g2("remoteContent")):
        name = node.get("href") or ""
        line = line_of(node)
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", name):
            continue  # On a server, which is not asked.
        file = path.parent / unquote(name)
        if not name or not file.is_file():
            fix = "put the picture there or correct the href"
            findings.append(Finding(line, f"there is no picture {name}", fix))
        elif node.get("size") not in {None, str(file.stat().st_size)}:
            message = f"{name} has {file.stat().st_size} bytes, not {node.get('size')}"
            findings.append(Finding(line, message, "correct the size"))
    return findings
