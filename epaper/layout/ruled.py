"""Tables set with rules: entries in bands between horizontal rules of one measure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from epaper.geometry import Box
from epaper.layout.frame import Item
from epaper.model import Rule

# Rules of one table differ less than this at their ends, and stand less than so far
# apart, em; one that wear or a letter on it has shortened still has so much of the length.
_ENDS = 0.6
_PITCH = 4.5
_WORN = 0.75
_RULES = 3
# Share of a table's rows that have several entries: a single stroke, 一, may be lost.
_SEVERAL = 0.6
# An entry sets itself off from the next by this, em; rows of running text do not.
_LONGEST_ENTRY = 14


def ruled_tables(items: Sequence[Item], rules: Sequence[Rule]) -> list[list[list[Item]]]:
    """Tables as rows of items, found by their horizontal rules.

    A ladder is a run of three rules or more that begin and end together. It is a table
    if most bands between its rules hold entries side by side; the band under the last
    rule belongs to it where its entries do as those above.
    """
    tables = []
    for ladder in ladders(rules, _em(items)):
        rows = [row for band in bands(ladder) for row in _rows_in(band, items)]
        if len(rows) >= _RULES and sum(len(row) > 1 for row in rows) > _SEVERAL * len(rows):
            tables.append(rows)
    return tables


def ladders(rules: Sequence[Rule], em: float) -> Iterator[list[Box]]:
    """Runs of rules of one measure, each close under the one before; `em` is the text's."""
    flat = sorted((r.box for r in rules if r.horizontal), key=lambda box: box.cy)
    left = list(flat)
    while left:
        ladder = [left.pop(0)]
        for box in list(left):
            last = ladder[-1]
            if box.cy - last.cy > _PITCH * em:
                break
            if _one_measure(ladder[0], box, _ENDS * em):
                left.remove(box)
                ladder.append(box)
        if len(ladder) >= _RULES:
            yield ladder


def _one_measure(first: Box, box: Box, slack: float) -> bool:
    """Whether a rule has the ends of the ladder's first, one of them perhaps worn off."""
    ends = abs(box.x0 - first.x0) < slack, abs(box.x1 - first.x1) < slack
    inside = first.x0 - slack < box.x0 and box.x1 < first.x1 + slack
    return all(ends) or (any(ends) and inside and box.width > _WORN * first.width)


def _em(items: Sequence[Item]) -> float:
    sizes = sorted(item.size for item in items)
    return sizes[len(sizes) // 2] if sizes else 1.0


def bands(ladder: Sequence[Box]) -> list[Box]:
    """The room between each two rules, and one more under the last."""
    x0, x1 = ladder[0].x0, ladder[0].x1
    bands = [Box(x0, a.cy, x1, b.cy) for a, b in pairwise(ladder)]
    pitch = sorted(band.height for band in bands)[len(bands) // 2]
    foot = ladder[-1].cy
    return [*bands, Box(x0, foot, x1, foot + pitch)]


def _rows_in(band: Box, items: Sequence[Item]) -> list[list[Item]]:
    """The entries of one band, a row for each height; none if running text crosses it."""
    inside = [i for i in items if _within(i.box, band)]
    if any(len(i.text) > _LONGEST_ENTRY for i in inside):
        return []
    rows: list[list[Item]] = []
    for item in sorted(inside, key=lambda i: i.box.cy):
        if rows and abs(rows[-1][0].box.cy - item.box.cy) < 0.4 * item.size:
            rows[-1].append(item)
        else:
            rows.append([item])
    return [sorted(row, key=lambda i: i.box.x0) for row in rows if _apart(row)]


def _within(box: Box, band: Box) -> bool:
    return (
        band.y0 < box.cy < band.y1
        and box.x0 > band.x0 - box.height
        and (box.x1 < band.x1 + box.height)
    )


def _apart(row: Sequence[Item]) -> bool:
    """True if no two entries of the row lie over one another."""
    boxes = sorted((i.box for i in row), key=lambda box: box.x0)
    return all(a.x1 < b.x0 + 0.2 * b.height for a, b in pairwise(boxes))
