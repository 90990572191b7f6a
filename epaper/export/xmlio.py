"""Reading and writing XML safely: no network, no DTD, no entities, no control characters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from lxml import etree

from epaper.errors import InputError, LimitError

G2 = "http://iptc.org/std/nar/2006-10-01/"
XHTML = "http://www.w3.org/1999/xhtml"
XSD = "http://www.w3.org/2001/XMLSchema"
XML = "http://www.w3.org/XML/1998/namespace"
RELAXNG = "http://relaxng.org/ns/structure/1.0"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XLINK = "http://www.w3.org/1999/xlink"
ALTO = "http://www.loc.gov/standards/alto/ns-v4#"
PAGE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"
METS = "http://www.loc.gov/METS/"
MODS = "http://www.loc.gov/mods/v3"
NITF = "http://iptc.org/std/NITF/2006-10-18/"

# lxml writes the default namespace as None, which its type stubs do not know.
G2_MAP: Any = {None: G2}
XHTML_MAP: Any = {None: XHTML}
ALTO_MAP: Any = {None: ALTO, "xsi": XSI}
PAGE_MAP: Any = {None: PAGE, "xsi": XSI}
METS_MAP: Any = {"mets": METS, "mods": MODS, "xlink": XLINK, "xsi": XSI}
MODS_MAP: Any = {"mods": MODS}
NITF_MAP: Any = {None: NITF}

MAX_BYTES = 64 * 1024 * 1024

# What the Char production of XML 1.0 leaves out.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


# Where the document element follows the XML declaration, nothing can stand before it.
_NO_DOCTYPE = re.compile(rb"""<\?xml version=['"]1\.0['"] encoding=['"]UTF-8['"]\?>\s*<[A-Za-z]""")


class _ElementMetError(Exception):
    """The document element was reached without a document type."""


class _DoctypeMetError(Exception):
    """A document type declaration was met."""


class _Guard:
    """Parser target that looks no further than the document element."""

    def doctype(self, *_: object) -> None:
        raise _DoctypeMetError

    def start(self, *_: object) -> None:
        raise _ElementMetError

    def close(self) -> None:
        """Nothing was built."""


def clean(text: str) -> str:
    """`text` without the code points XML 1.0 cannot carry."""
    # All of those are unprintable, and asking is ten times quicker than looking for them.
    return text if text.isprintable() else _FORBIDDEN.sub("", text)


def g2(tag: str) -> str:
    """Clark name of a NewsML-G2 element."""
    return f"{{{G2}}}{tag}"


def xhtml(tag: str) -> str:
    """Clark name of an XHTML element."""
    return f"{{{XHTML}}}{tag}"


def alto(tag: str) -> str:
    """Clark name of an ALTO element."""
    return f"{{{ALTO}}}{tag}"


def pcgts(tag: str) -> str:
    """Clark name of a PAGE element."""
    return f"{{{PAGE}}}{tag}"


def mets(tag: str) -> str:
    """Clark name of a METS element."""
    return f"{{{METS}}}{tag}"


def nitf(tag: str) -> str:
    """Clark name of a NITF element."""
    return f"{{{NITF}}}{tag}"


def append(
    parent: etree._Element,
    tag: str,
    text: str | None = None,
    attributes: Mapping[str, str] | None = None,
) -> etree._Element:
    """Append an element by its Clark name; text and values lose what XML cannot carry."""
    as_given: Any = attributes
    try:
        child = etree.SubElement(parent, tag, as_given)
    except ValueError:
        # The library refuses what XML cannot carry; hardly any text has such.
        given = {key: clean(value) for key, value in (attributes or {}).items()}
        child = etree.SubElement(parent, tag, given)
    if text is not None:
        child.text = clean(text)
    return child


def serialized(root: etree._Element) -> bytes:
    """The document as UTF-8, indented, with its declaration."""
    etree.indent(root, space=" ")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def values_of(*names: str) -> etree.XPath:
    """Finds the values of these attributes of all NewsML-G2 elements of a tree, as strings."""
    paths = "|".join(f"descendant-or-self::g:*/@{name}" for name in names)
    return etree.XPath(paths, namespaces={"g": G2}, smart_strings=False)


def line_of(element: etree._Element) -> int:
    """The line of the file an element starts on, from 1."""
    return int(cast(Any, element).sourceline or 1)


def safe_parser() -> etree.XMLParser:
    """A parser that resolves nothing outside the bytes it is given."""
    return etree.XMLParser(no_network=True, resolve_entities=False, load_dtd=False, huge_tree=False)


def parse(data: bytes, name: str) -> etree._Element:
    """The document element of `data`; `name` is what errors call the file.

    Raises InputError for XML that is not well formed and LimitError for a document
    type declaration (where entity bombs live) or more than 64 MiB.
    """
    if len(data) > MAX_BYTES:
        raise LimitError(f"{name}: larger than {MAX_BYTES // 2**20} MiB, not opened")
    if not _NO_DOCTYPE.match(data):
        _look_for_doctype(data, name)
    try:
        return etree.fromstring(data, safe_parser())
    except etree.XMLSyntaxError as error:
        raise InputError(f"{name}: not well-formed XML: {error.msg}") from error


def _look_for_doctype(data: bytes, name: str) -> None:
    try:
        guard = etree.XMLParser(
            target=cast(Any, _Guard()), no_network=True, resolve_entities=False, load_dtd=False
        )
        etree.fromstring(data, guard)
    except _DoctypeMetError:
        raise LimitError(f"{name}: has a document type declaration, which is refused") from None
    except _ElementMetError:
        pass
    except etree.XMLSyntaxError as error:
        raise InputError(f"{name}: not well-formed XML: {error.msg}") from error


def parse_file(path: Path) -> etree._Element:
    """The document element of a file; errors as `parse`, or InputError if unreadable."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    return parse(data, str(path))
