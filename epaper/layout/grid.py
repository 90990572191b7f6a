"""Column edges: where the column a chunk stands in begins and ends.

A chunk of one or two lines does not show its column's edges (its only line may be
indented, or short). They are taken from the longer chunks above and below it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from epaper.layout.chunks import EDGE, Chunk
from epaper.layout.headings import Heading


def column_edges(chunks: Sequence[Chunk]) -> list[tuple[float, float]]:
    """Left and right edge of each chunk's column, pixels of the reading frame.

    A chunk's own edges, moved outwards to those of a longer chunk of the same size of
    type whose edges lie within a paragraph indent of its own on the left and which
    covers it on the right.
    """
    if not chunks:
        return []
    boxes = [c.box for c in chunks]
    x0 = np.array([b.x0 for b in boxes])
    x1 = np.array([b.x1 for b in boxes])
    y = np.array([b.cy for b in boxes])
    size = np.array([c.size for c in chunks])
    lines = np.array([len(c.items) for c in chunks])
    edges = []
    for k, chunk in enumerate(chunks):
        em = size[k]
        alike = (
            (lines > max(len(chunk.items), 2))
            & (np.abs(size / em - 1) < 0.12)
            & (x0 - x0[k] < 0.3 * em)
            & (x0[k] - x0 < EDGE * em)
            & (x1 - x1[k] > -0.6 * em)
        )
        if len(chunk.items) > 2 or not alike.any():
            edges.append((float(x0[k]), float(x1[k])))
            continue
        near = np.where(alike, np.abs(y - y[k]), np.inf).argmin()
        edges.append((float(min(x0[near], x0[k])), float(max(x1[near], x1[k]))))
    return edges


def mark_flush(headings: Sequence[Heading], chunks: Sequence[Chunk], body: float) -> None:
    """Set `flush` on headings that begin at the left edge of a column below them."""
    for heading in headings:
        main = heading.main
        heading.flush = any(
            abs(chunk.box.x0 - main.x0) < 0.8 * body
            and 0 < chunk.box.y0 - main.y1 < 12 * body
            and len(chunk.items) >= 3
            for chunk in chunks
        )
