"""The profile's RELAX NG grammar, with messages that name the culprit.

libxml2 answers whether a document is valid well, and why not badly: it reports the
alternatives it gave up on. So a failing document is searched from the top for the
smallest elements that fail on their own, and those are compared with their pattern.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lxml import etree

from epaper.export.xmlio import RELAXNG, line_of, safe_parser

_MAY_BE_ABSENT = {"optional", "zeroOrMore", "choice"}

# A compiled grammar keeps its errors in itself.
_LOCK = threading.Lock()


_LEAVE_OUT = "leave it out"


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where a document leaves the grammar."""

    line: int
    message: str
    fix: str = "write it as docs/newsml-profile.md says"


def _rng(tag: str) -> str:
    return f"{{{RELAXNG}}}{tag}"


class Grammar:
    """A grammar whose every element pattern can be asked by itself."""

    def __init__(self, data: bytes) -> None:
        self._root = etree.fromstring(data, safe_parser())
        self._whole = etree.RelaxNG(self._root)
        self._defines = {str(d.get("name")): d for d in self._root.iter(_rng("define"))}
        self._patterns: dict[str, list[etree._Element]] = {}
        for pattern in self._root.iter(_rng("element")):
            self._patterns.setdefault(self._name(pattern), []).append(pattern)
        self._compiled: dict[str, etree.RelaxNG] = {}

    def faults(self, root: etree._Element) -> list[Fault]:
        """Where `root` leaves the grammar, in document order; empty where it is valid."""
        with _LOCK:
            if self._whole.validate(root):
                return []
            return list(self._search(root)) or [
                Fault(line_of(root), f"<{_short(root)}> does not match the profile")
            ]

    def _name(self, pattern: etree._Element) -> str:
        space = next((e.get("ns") for e in (pattern, *pattern.iterancestors()) if e.get("ns")), "")
        return f"{{{space}}}{pattern.get('name')}"

    def _alone(self, name: str) -> etree.RelaxNG:
        """The grammar that starts at the elements called `name`."""
        if name not in self._compiled:
            grammar = copy.deepcopy(self._root)
            start = grammar.find(_rng("start"))
            assert start is not None
            del start[:]
            choice = etree.SubElement(start, _rng("choice"))
            for pattern in self._patterns[name]:
                own = copy.deepcopy(pattern)
                own.set("ns", etree.QName(name).namespace or "")
                choice.append(own)
            self._compiled[name] = etree.RelaxNG(grammar)
        return self._compiled[name]

    def _search(self, element: etree._Element) -> Iterator[Fault]:
        name = str(element.tag)
        if name not in self._patterns:
            yield Fault(line_of(element), f"<{_short(element)}> is not in the profile", _LEAVE_OUT)
            return
        checker = self._alone(name)
        if checker.validate(element):
            return
        reason = next((e.message for e in checker.error_log if "TYPEVAL" in e.type_name), None)
        last = checker.error_log[-1].message if len(checker.error_log) else "does not match"
        below = [f for c in element if isinstance(c.tag, str) for f in self._search(c)]
        own = list(self._compare(element))
        yield from own
        yield from below
        if not own and not below:
            message = f"<{_short(element)}>: {reason or last}"
            yield Fault(line_of(element), message)

    def _compare(self, element: etree._Element) -> Iterator[Fault]:
        """Names the pattern forbids or asks for; where there are several patterns, of all."""
        line, tag = line_of(element), _short(element)
        parts = [list(self._walk(p, False)) for p in self._patterns[str(element.tag)]]
        allowed = {name for part in parts for _, name, _ in part}
        needed = set.intersection(*({n for _, n, must in part if must} for part in parts))
        attributes = {"@" + str(name) for name in element.attrib}
        children = {str(c.tag): c for c in reversed(element) if isinstance(c.tag, str)}
        for name in sorted(attributes - allowed):
            message = f"<{tag}> has {_plain(name)}, which is not in the profile"
            yield Fault(line, message, _LEAVE_OUT)
        for name, child in children.items():
            if name not in allowed and name in self._patterns:
                message = f"<{_short(child)}> does not belong into <{tag}>"
                yield Fault(line_of(child), message, "move it or leave it out")
        for name in sorted(needed - attributes - set(children)):
            yield Fault(line, f"<{tag}> lacks {_plain(name)}", "add it")

    def _walk(self, pattern: etree._Element, absent: bool) -> Iterator[tuple[str, str, bool]]:
        """(kind, name, required) of the attributes and children of a pattern."""
        for node in pattern:
            if not isinstance(node.tag, str):
                continue
            kind = etree.QName(node).localname
            if kind == "attribute":
                yield kind, _attribute_name(str(node.get("name"))), not absent
            elif kind == "element":
                yield kind, self._name(node), not absent
            elif kind == "ref":
                yield from self._walk(self._defines[str(node.get("name"))], absent)
            else:
                yield from self._walk(node, absent or kind in _MAY_BE_ABSENT)


def _attribute_name(name: str) -> str:
    if name.startswith("xml:"):
        return f"@{{http://www.w3.org/XML/1998/namespace}}{name[4:]}"
    return f"@{name}"


def _short(element: etree._Element) -> str:
    return etree.QName(element).localname


def _plain(name: str) -> str:
    """A Clark name as a reader knows it: @version, <pubStatus>."""
    if name.startswith("@"):
        return "@" + name[1:].rpartition("}")[2]
    return f"<{name.rpartition('}')[2]}>"


@cache
def profile() -> Grammar:
    """The grammar shipped with the package."""
    return Grammar(files("epaper.export").joinpath("schema/epaper-profile.rng").read_bytes())
