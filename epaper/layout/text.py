"""From lines to running text: finding paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from epaper.layout.chunks import Chunk
from epaper.layout.cues import ends_sentence
from epaper.layout.joined import join_lines
from epaper.layout.nodes import Node
from epaper.layout.tables import cells
from epaper.model import Paragraph, ParagraphKind, table_text

_OPEN_BRACKET = re.compile(r"[（(][^（()）。]{0,24}$")
_CLOSE_BRACKET = re.compile(r"[^（()）。]{0,24}[）)]")
# A line stands in by a paragraph's indent beyond this many em, and closes a paragraph
# by white of this many em.
_INDENT = 0.85
_SHORT = 1.6
# White that closes a paragraph whose next has no indent, em.
_WHITE = 3
# Lines begin at one edge within this; beside a picture they end within that of each other, em.
_EXACT = 0.3
_NARROWED = 1.5


def paragraphs(flow: Sequence[tuple[Node, str]]) -> tuple[Paragraph, ...]:
    """Paragraphs of nodes in reading order; each node comes with its block's id."""
    found: list[tuple[ParagraphKind, list[str], list[str]]] = []
    tables: dict[int, Chunk] = {}
    for node, block in flow:
        if node.chunk.rows:
            tables[len(found)] = node.chunk
            found.append((ParagraphKind.TABLE, [], [block]))
            continue
        if node.head:
            found.append((ParagraphKind.SUBHEAD, [i.text for i in node.chunk.items], [block]))
            continue
        for k, item in enumerate(node.chunk.items):
            fresh = not found or found[-1][0] is not ParagraphKind.TEXT
            starts = node.starts if k == 0 else node.chunk.verse or _starts(node, k)
            if starts and not fresh and _inside_brackets(found[-1][1], item.text):
                starts = False
            if fresh or starts:
                found.append((ParagraphKind.TEXT, [], []))
            found[-1][1].append(item.text)
            if block not in found[-1][2]:
                found[-1][2].append(block)
    return tuple(
        _table(tables[k], blocks)
        if k in tables
        else Paragraph(join_lines(lines), kind, tuple(blocks))
        for k, (kind, lines, blocks) in enumerate(found)
    )


def _inside_brackets(lines: Sequence[str], following: str) -> bool:
    """True if a bracket opened at the end of `lines` closes early in the text after them.

    A name inside a bracket may begin a line with a space, which looks like an indent.
    """
    opened = _OPEN_BRACKET.search("".join(lines[-2:]))
    closed = _CLOSE_BRACKET.match(following)
    return bool(opened and closed)


def _table(chunk: Chunk, blocks: Sequence[str]) -> Paragraph:
    rows = cells(chunk)
    return Paragraph(table_text(rows), ParagraphKind.TABLE, tuple(blocks), rows)


def _starts(node: Node, k: int) -> bool:
    """True if line `k` of the node begins a paragraph."""
    items = node.chunk.items
    item, above = items[k], items[k - 1]
    em, left = node.em, max(node.left, node.chunk.edge_at(k))
    indent = (item.box.x0 - left) / em
    closes = _early(node, k) and ends_sentence(above.text)
    if indent <= _INDENT:
        return closes and _edge(node, k) - above.box.x1 > _WHITE * em
    usual = abs(indent - 2) < _EXACT
    further = above.box.x0 < item.box.x0 - 0.5 * em
    follows = k + 1 < len(items) and abs(items[k + 1].box.x0 - item.box.x0) < _EXACT * em
    if further and not follows:
        return True
    # Two lines that stand in one after the other: paragraphs of one line, or a column
    # narrowed by a picture. Only the former stand in by an indent, and end in white.
    if usual:
        return node.right - above.box.x1 > _SHORT * em or ends_sentence(above.text)
    return closes


def _edge(node: Node, k: int) -> float:
    """Where lines end from line `k` on: before a picture they may all end early."""
    following = max(item.box.x1 for item in node.chunk.items[k : k + 2])
    return min(node.right, following) if len(node.chunk.items) > k + 1 else node.right


def _early(node: Node, k: int) -> bool:
    """True if the line above line `k` ends before those around it do."""
    items, em = node.chunk.items, node.em
    above = items[k - 1].box.x1
    if k > 1 and abs(items[k - 2].box.x1 - above) < _NARROWED * em < node.right - above:
        return False
    return _edge(node, k) - above > _SHORT * em
