"""The reading frame: one coordinate frame in which every page reads alike.

In the reading frame text runs to the right and its lines follow each other downwards,
whatever the page's setting. For horizontal-tb it is the page itself; for vertical-rl
the page is turned a quarter, so that the columns of characters become lines, the tiers
(栏) become columns side by side, and a headline to the right of its text lies above it.
All rules of layout are written once, in this frame.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from epaper.geometry import Box
from epaper.model import Frame, Line, Page, Picture, Rule, WritingMode


class Item(msgspec.Struct, frozen=True, gc=False):
    """A line seen in the reading frame; `across` if it is set in the other mode.

    `inset` tells a line of a headline that stands in a frame of its own within a tier.
    """

    # No dataclass, for the reason that a box is none.

    line: Line
    box: Box
    across: bool
    inset: bool = False

    @property
    def size(self) -> float:
        return self.line.size

    @property
    def text(self) -> str:
        return self.line.text


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything read on a page (or a region of it), in the reading frame, in pixels."""

    mode: WritingMode
    page_width: float
    box: Box
    items: tuple[Item, ...]
    rules: tuple[Rule, ...]
    frames: tuple[Frame, ...]
    pictures: tuple[Picture, ...]

    def to_page(self, box: Box) -> Box:
        """A box of the reading frame as a box of the page."""
        return box.turned_back(self.page_width) if self.mode is WritingMode.VERTICAL else box


def sheet_of(page: Page, mode: WritingMode) -> Sheet:
    """The page's lines and graphics in the reading frame of `mode`."""
    width = float(page.width)

    def turn(box: Box) -> Box:
        return box.turned(width) if mode is WritingMode.VERTICAL else box

    return Sheet(
        mode=mode,
        page_width=width,
        box=turn(Box(0.0, 0.0, width, float(page.height))),
        items=tuple(
            [Item(line, turn(line.box), across=line.mode is not mode) for line in page.lines]
        ),
        rules=tuple(Rule(turn(rule.box), rule.style) for rule in page.rules),
        frames=tuple(Frame(turn(f.box), f.stroked, f.fill) for f in page.frames),
        pictures=tuple(Picture(p.id, turn(p.box), p.kind, p.confidence) for p in page.pictures),
    )


def dominant_mode(lines: tuple[Line, ...]) -> WritingMode:
    """The writing mode most characters are set in, display sizes left out."""
    sizes: list[float] = []
    for line in lines:
        sizes += [line.size] * min(len(line.text), 40)
    sizes.sort()
    if not sizes:
        return WritingMode.HORIZONTAL
    median = sizes[len(sizes) // 2]
    down = sum(
        len(line.text)
        for line in lines
        if line.mode is WritingMode.VERTICAL and line.size < 1.5 * median
    )
    total = sum(len(line.text) for line in lines if line.size < 1.5 * median)
    return WritingMode.VERTICAL if 2 * down > total else WritingMode.HORIZONTAL
