"""Names inside a document and what points to them, whatever the format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from lxml import etree

from epaper.export.problems import Finding
from epaper.export.xmlio import line_of


def doubled(nodes: Iterable[etree._Element], attribute: str) -> Iterator[Finding]:
    """Ids that stand more than once."""
    named = [(node, name) for node in nodes if (name := node.get(attribute)) is not None]
    counts = Counter(name for _, name in named)
    if len(counts) == len(named):
        return
    for node, name in named:
        if counts[name] > 1:
            message = f"the id {name} stands {counts[name]} times"
            yield Finding(line_of(node), message, "make it unique")


def dangling(
    nodes: Iterable[etree._Element], attributes: Sequence[str], known: set[str]
) -> Iterator[Finding]:
    """Values of `attributes`, lists of ids each, that name nothing that is known."""
    for node in nodes:
        for attribute in attributes:
            value = node.get(attribute)
            for name in value.split() if value and value not in known else ():
                if name not in known:
                    what = etree.QName(node).localname
                    message = f"{what}/@{attribute} names {name}, which is no id in the file"
                    yield Finding(line_of(node), message, "correct the reference or add its target")


def elements(root: etree._Element) -> list[etree._Element]:
    """All elements in document order, comments and instructions left out."""
    return list(root.iter(etree.Element))
