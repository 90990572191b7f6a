"""Columns of text that were not read and passed for rules.

The strokes of small characters that stand close over each other make a line of ink as long as
the column. It is as wide as its neighbours, and stands among them where the next column has to
stand. Built in the reading frame.
"""

from __future__ import annotations

from collections.abc import Sequence

from epaper.layout.frame import Item
from epaper.model import Origin, Rule, WritingMode

# Ink of a column is so wide, its middle so far from that of the next, em.
_WIDE, _PITCH = (0.7, 1.25), (0.8, 1.6)
# On one side its ends are so near those of the next, em; that of the other, which may be
# indented, has so much of its length.
_ENDS, _SHARE = 1.6, 0.3


def without_unread(rules: Sequence[Rule], items: Sequence[Item], body: float) -> tuple[Rule, ...]:
    """The rules without those that are columns of text. `body` is the em of the text."""
    down = [
        i.box
        for i in items
        if i.line.origin is Origin.OCR and i.line.mode is WritingMode.VERTICAL and not i.across
    ]

    def is_column(rule: Rule) -> bool:
        box = rule.box
        if not (rule.horizontal and _WIDE[0] * body < box.height < _WIDE[1] * body):
            return False
        beside = [
            line
            for line in down
            if _PITCH[0] * body < abs(line.cy - box.cy) < _PITCH[1] * body
            and line.overlap_x(box) > _SHARE * box.width
        ]
        level = any(
            abs(line.x0 - box.x0) < _ENDS * body and abs(line.x1 - box.x1) < _ENDS * body
            for line in beside
        )
        between = len({line.cy < box.cy for line in beside}) == 2
        return level and between

    return tuple(rule for rule in rules if not is_column(rule))
