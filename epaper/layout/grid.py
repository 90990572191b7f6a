"""Column edges: where the column a chunk stands in begins and ends.

A chunk of one or two lines does not show its column's edges (its only line may be
indented, or short). They are taken from the longer chunks above and below it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from epaper.layout.chunks import EDGE, Chunk
from epaper.layout.headings import Heading
from epaper.model import Origin

# Texts side by side share this much of their height at least, and overlap no more, em.
_LEVEL = 0.3


def column_edges(chunks: Sequence[Chunk]) -> list[tuple[float, float]]:
    """Left and right edge of each chunk's column, pixels of the reading frame.

    A chunk's own edges where it has three lines or more, else those of the nearest
    longer chunk of the same size of type above or below that covers it.
    """
    if not chunks:
        return []
    boxes = [c.box for c in chunks]
    x0, y0, x1, y1 = np.array([(b.x0, b.y0, b.x1, b.y1) for b in boxes], np.float64).T
    size = np.array([c.size for c in chunks])
    lines = np.array([1 if c.rows else len(c.items) for c in chunks])
    edges = np.column_stack([x0, x1])
    short = np.flatnonzero(lines <= 2)
    # Each short chunk is a row, each chunk a column.
    own, em = short[:, None], size[short][:, None]
    away = np.maximum(np.maximum(y0 - y1[own], y0[own] - y1), 0.0)
    # A line that is centred stands further in than an indent, but close to its text.
    reach = np.where(away < 3 * em, 12.0, EDGE) * em
    alike = (
        (lines > 2)
        & (np.abs(size / em - 1) < 0.25)
        & (x0 - x0[own] < 0.3 * em)
        & (x0[own] - x0 < reach)
        & (x1 - x1[own] > -0.6 * em)
    )
    # A column reaches no further than the text beside the chunk.
    level = np.minimum(y1, y1[own]) - np.maximum(y0, y0[own]) > _LEVEL * em
    behind, before = level & (x0 > x1[own] - _LEVEL * em), level & (x1 < x0[own] + _LEVEL * em)
    end = np.where(behind, x0, np.inf).min(axis=1, keepdims=True)
    start = np.where(before, x1, -np.inf).max(axis=1, keepdims=True)
    alike &= (x1 < end + _LEVEL * em) & (x0 > start - _LEVEL * em)
    near = np.where(alike, away, np.inf).argmin(axis=1)
    borrowed = np.column_stack([np.minimum(x0[near], x0[short]), np.maximum(x1[near], x1[short])])
    covered = alike.any(axis=1)
    edges[short[covered]] = borrowed[covered]
    return [(left, right) for left, right in edges.tolist()]


def mark_flush(headings: Sequence[Heading], chunks: Sequence[Chunk], body: float) -> None:
    """Set `flush` on headings that begin at the left edge of a column below them."""
    for heading in headings:
        main = heading.main
        # Boxes of a text layer are exact, those read from ink are not.
        layer = heading.items[0].line.origin is Origin.LAYER
        slack = (0.35 if layer else 0.8) * body
        heading.flush = any(
            abs(chunk.box.x0 - main.x0) < slack
            and 0 < chunk.box.y0 - main.y1 < 12 * body
            and len(chunk.items) >= 3
            for chunk in chunks
        )
