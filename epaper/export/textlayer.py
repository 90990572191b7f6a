"""The invisible text of a PDF page: content stream, fonts and structure.

Characters are set one by one where they were printed, in rendering mode 3, by fonts of
blank glyphs (ISO 32000-1, 9.3.6). Vertical lines are set in vertical writing mode. Each
passage is marked content that the structure tree names, so that the order of the
stream, the order of the structure and the order of the stories are one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from epaper.export.blankfont import ASCENT, STEPS, WIDEST, BlankFont
from epaper.export.telling import Run, Telling
from epaper.model import WritingMode

# Parts of an em that a character may stand off before it is moved.
_SLACK = 0.04
# Beyond so many em two characters are no neighbours: white stays between them.
_APART = 3.5
# Objects begin at one height where they are nearer than so many em.
_ONE_HEIGHT = 0.6


@dataclass(frozen=True, slots=True)
class Scale:
    """From pixels of the page image to points of the PDF page, `height` points high."""

    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Marked:
    """A story's marked contents: (structure type, number) in order."""

    title: str
    passages: tuple[tuple[str, int], ...]


class TextLayer:
    """The content stream of the stories, and what it needs."""

    def __init__(self, stories: Iterable[Telling], scale: Scale) -> None:
        self.across = BlankFont(vertical=False)
        self.down = BlankFont(vertical=True)
        self.marked: list[Marked] = []
        self._scale = scale
        told = list(stories)
        runs = [run for story in told for passage in story.passages for run in passage.runs]
        after = {id(run): following for run, following in pairwise(runs)}
        lines = ["q", "3 Tr"]
        count = 0
        for story in told:
            passages = []
            for passage in story.passages:
                if passage.runs:
                    lines.append(f"/{passage.tag} <</MCID {count}>> BDC")
                    lines += [self._set(run, after.get(id(run))) for run in passage.runs]
                    lines.append("EMC")
                    passages.append((passage.tag, count))
                    count += 1
            self.marked.append(Marked(story.title, tuple(passages)))
        self.count = count
        self.content = "\n".join((*lines, "Q", "")).encode()

    def _set(self, run: Run, following: Run | None) -> str:
        """One line of print as a text object, and that which comes after it."""
        down = run.mode is WritingMode.VERTICAL
        scale = self._scale
        size = run.size * scale.y
        if down:
            x = run.center * scale.x - size / 2
            y = scale.height - run.boxes[0].y0 * scale.y
        else:
            drop = (ASCENT / 1000 - 0.5) * size
            x, y = run.boxes[0].x0 * scale.x, scale.height - run.center * scale.y - drop
        font, name = (self.down, "Down") if down else (self.across, "Across")
        shown = _shown(run, font, _apart(run, following) if down else 0)
        return f"BT /{name} {size:.3f} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm {shown} ET"


def _apart(run: Run, following: Run | None) -> int:
    """Where to cut a vertical line so that its end begins lower or higher than what follows.

    PDFium takes objects that begin at one height for one horizontal line, and would turn
    the order of the columns round. 0 where there is nothing to cut.
    """
    last = len(run.text) - 1
    if following is None:
        return last
    reach = _ONE_HEIGHT * max(run.size, following.size)
    start = following.boxes[0].y0
    cuts = (k for k in range(last, 0, -1) if abs(run.boxes[k].y0 - start) > reach)
    return next(cuts, last)


def _shown(run: Run, font: BlankFont, cut: int) -> str:
    """Codes to be shown, and how far a character is moved where it has to be.

    A character is as wide as it is far to the next, so that nobody takes letterspacing
    for spaces. A second object begins at `cut` where that is not 0.
    """
    down, inverse, unit = font.vertical, 1 / run.size, run.size / STEPS
    starts = [b.y0 for b in run.boxes] if down else [b.x0 for b in run.boxes]
    last = run.boxes[-1]
    parts = ["<"]
    pen, codes = starts[0], font.codes
    ends = (*starts[1:], last.y1 if down else last.x1)
    for k, (char, start, end) in enumerate(zip(run.text, starts, ends, strict=True)):
        off = (start - pen) * inverse
        if off > _SLACK or off < -_SLACK:
            # A positive number moves left in a line across, down in a line down.
            parts.append(f">{1000 * (off if down else -off):.0f}<")
            pen = start
        width = (end - start) * inverse
        if not 0 < width < _APART:
            own = run.boxes[k]
            width = ((own.y1 - own.y0) if down else (own.x1 - own.x0)) * inverse
        steps = int(width * STEPS + 0.5)
        if not 0 < steps <= WIDEST:
            steps = 1 if steps < 1 else WIDEST
        if k == cut and k:
            parts.append(">] TJ [<")
        parts.append(codes.get((char, steps)) or font.code(char, steps))
        pen += steps * unit
    return f"[{''.join(parts)}>] TJ"
