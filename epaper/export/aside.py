"""Elements by the thousand, written as text and put into a document when it is done.

A page has some hundred lines and some thousand characters, each an element or four. As
nodes of a tree they take longer than all else; as text in its serialization they do not.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from types import MappingProxyType

from lxml import etree

from epaper.export.xmlio import serialized

# What a character is in an attribute or in text, where it is not itself.
ESCAPES: Mapping[str, str] = MappingProxyType(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
)


def escaped(text: str) -> str:
    """`text`, which XML can carry, for an attribute or between tags."""
    return html.escape(text).replace("\r", "&#13;")


def in_text(text: str) -> str:
    """`text`, which XML can carry, as a serializer puts it between tags."""
    return html.escape(text, quote=False).replace("\r", "&#13;")


def in_attribute(text: str) -> str:
    """`text`, which XML can carry, as a serializer puts it into an attribute."""
    return in_text(text).translate(_IN_ATTRIBUTE)


_IN_ATTRIBUTE = str.maketrans({'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})
_MARK = "Aside"
_MARKED = re.compile(rb'<(?:\w+:)?Aside n="(\d+)"/>')


class Aside:
    """Keeps texts for a document whose elements are in `namespace`."""

    def __init__(self, namespace: str) -> None:
        self._mark = f"{{{namespace}}}{_MARK}"
        self._texts: list[str] = []

    def put(self, parent: etree._Element, text: str) -> None:
        """Let `text`, well-formed elements of the namespace, be the next child of `parent`.

        It is to be written without prefixes.
        """
        etree.SubElement(parent, self._mark, n=str(len(self._texts)))
        self._texts.append(text)

    def serialized(self, root: etree._Element) -> bytes:
        """The document with every text in its place, UTF-8."""
        texts = [text.encode() for text in self._texts]
        return _MARKED.sub(lambda found: texts[int(found[1])], serialized(root))
