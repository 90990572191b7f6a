"""Figures: what a caption can speak of, a picture or a group of pictures.

Built in the reading frame, pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import networkx as nx

from epaper.geometry import Box, hull
from epaper.model import Frame, Picture

# Pictures of a group stand closer to each other than this, em; columns stand wider apart.
_CLOSE = 1.1
# And their sides are level within this, em.
_LEVEL = 0.5
# A group fills its hull up to this share.
_FULL = 0.8


@dataclass(frozen=True, slots=True)
class Figure:
    """Indices of its pictures, their hull, and the innermost frame around it, or -1."""

    pictures: tuple[int, ...]
    box: Box
    frame: int = -1


def find_figures(
    pictures: Sequence[Picture], texts: Sequence[Box], frames: Sequence[Frame], em: float
) -> list[Figure]:
    """Every picture, then every group of pictures with no text between them.

    Pictures of a group stand in a row or one over another with their sides level, or make
    up a block of such rows; a group may itself stand so beside another or a picture.
    """
    boxes = [p.box for p in pictures]
    whole = [Figure((k,), box, frame_around(box, frames, em)) for k, box in enumerate(boxes)]
    found = list(whole)
    while True:
        grown = _joined(whole, boxes, texts, em)
        made = [f for f in grown if not any(f is g for g in whole)]
        if not made:
            return found
        found += [replace(f, frame=frame_around(f.box, frames, em)) for f in made]
        whole = grown


def _joined(
    figures: Sequence[Figure], pictures: Sequence[Box], texts: Sequence[Box], em: float
) -> list[Figure]:
    """The figures, neighbours among them put together."""
    boxes = [f.box for f in figures]
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(boxes)))
    graph.add_edges_from(
        (a, b)
        for b in range(len(boxes))
        for a in range(b)
        if _neighbours(boxes[a], boxes[b], em) and not _parted(boxes[a], boxes[b], texts)
    )
    result: list[Figure] = []
    for group in nx.connected_components(graph):
        members = {k for g in group for k in figures[g].pictures}
        box = hull(boxes[g] for g in group)
        if len(group) > 1 and sum(pictures[k].area for k in members) > _FULL * box.area:
            order = sorted(members, key=lambda k: (pictures[k].y0, pictures[k].x0))
            result.append(Figure(tuple(order), box))
        else:
            result += [figures[g] for g in group]
    return result


def units(figures: Sequence[Figure]) -> list[Figure]:
    """The figures as they stand on the page: groups, and pictures in no group."""
    members = [set(f.pictures) for f in figures]
    return [f for f, own in zip(figures, members, strict=True) if not any(own < m for m in members)]


def frame_around(box: Box, frames: Sequence[Frame], em: float) -> int:
    """The smallest frame around a picture, itself larger than a border of it; or -1."""
    order = sorted(range(len(frames)), key=lambda k: frames[k].box.area)
    inside = (
        k
        for k in order
        if frames[k].box.contains(box, slack=0.3 * em) and frames[k].box.area > 1.15 * box.area
    )
    return next(inside, -1)


def are_level(a: Box, b: Box, em: float) -> bool:
    """True if two boxes begin and end at the same heights."""
    return max(abs(a.y0 - b.y0), abs(a.y1 - b.y1)) < _LEVEL * em


def _neighbours(a: Box, b: Box, em: float) -> bool:
    level, aligned = are_level(a, b, em), are_level(a.transposed(), b.transposed(), em)
    beside = level and -_LEVEL * em < -a.overlap_x(b) < _CLOSE * em
    stacked = aligned and -_LEVEL * em < -a.overlap_y(b) < _CLOSE * em
    return beside or stacked


def _parted(a: Box, b: Box, texts: Sequence[Box]) -> bool:
    """True if text stands in the white between two pictures."""
    if a.overlap_x(b) > a.overlap_y(b):
        gap = Box(max(a.x0, b.x0), min(a.y1, b.y1), min(a.x1, b.x1), max(a.y0, b.y0))
    else:
        gap = Box(min(a.x1, b.x1), max(a.y0, b.y0), max(a.x0, b.x0), min(a.y1, b.y1))
    return any(gap.x0 <= t.cx <= gap.x1 and gap.y0 <= t.cy <= gap.y1 for t in texts)
