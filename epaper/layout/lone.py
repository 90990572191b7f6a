"""Lines in body type that are no text: what a scan, which tells no faces, shows of them.

A kicker over a headline and a deck under it may be as large as the body. They stand
alone, say no whole sentence, and do not fill their column though nothing is left to
say. Boxes in the reading frame.
"""

from __future__ import annotations

from collections.abc import Sequence

from epaper.geometry import Box
from epaper.layout.chunks import Chunk
from epaper.layout.cues import CREDIT, LEAD_IN, ends_sentence, is_byline, is_jump
from epaper.layout.headings import Heading
from epaper.model import Origin, Role

# Longest such line, characters; marks of sentences.
_LONGEST, _MARKS = 30, frozenset("，。；！？")
# A deck set to its headline is so to within this; one with its dash lost stands so far in, em.
_EXACT, _IN = 0.4, 2.0
# Rows of one kicker stand so near and differ in size by no more.
_ROWS, _ALIKE = 0.6, 0.08
# The line stands this near its headline, and off any text on its other side, em.
_NEAR, _OFF = 1.4, 1.0


def stands_over(chunk: Chunk, heading: Heading, chunks: Sequence[Chunk]) -> bool:
    """A lone line right over a headline, nearer to it than to any text above; or two phrases."""
    if not (_is_lone(chunk) or _are_phrases(chunk, heading)):
        return False
    em, gap = chunk.size, _top(heading) - chunk.box.y1
    above = (
        c.box
        for c in chunks
        if c is not chunk and _shares(c.box, chunk.box) and not is_row_over(c, chunk, heading)
    )
    off = min((chunk.box.y0 - b.y1 for b in above if b.y1 < chunk.box.cy), default=99 * em)
    return -0.5 * em < gap < _NEAR * em and off > max(_OFF * em, gap)


def _top(heading: Heading) -> float:
    """Where a headline begins, with the kicker that it has."""
    kicker = heading.parts.get(Role.KICKER, ())
    return min([heading.main.y0, *(i.box.y0 for i in kicker)])


def is_row_over(first: Chunk, second: Chunk, heading: Heading) -> bool:
    """True for the first of two rows over a headline, a kicker, that came as two chunks."""
    em = second.size
    near = -0.3 * em < second.box.y0 - first.box.y1 < _ROWS * em
    alike = abs(first.size / em - 1) < _ALIKE
    set_so = all(_is_set_to(c.items[0].box, heading.main, em) for c in (first, second))
    return near and alike and set_so and _is_lone(first)


def _is_set_to(row: Box, main: Box, em: float) -> bool:
    """True for a row in the middle of a headline, or begun with it."""
    return min(abs(row.cx - main.cx), abs(row.x0 - main.x0)) < _EXACT * em


def stands_under(chunk: Chunk, heading: Heading, chunks: Sequence[Chunk]) -> bool:
    """A lone line right under a headline, with a paragraph's beginning some way below."""
    if not _is_lone(chunk):
        return False
    em, gap = chunk.size, chunk.box.y0 - heading.box.y1
    below = [c for c in chunks if c is not chunk and _shares(c.box, chunk.box)]
    below = [c for c in below if c.box.y0 > chunk.box.cy]
    if not below or not -0.5 * em < gap < _NEAR * em:
        return False
    text = min(below, key=lambda c: c.box.y0)
    if text.box.y0 - chunk.box.y1 < 0.8 * em:
        return False
    starts = text.indented or LEAD_IN.match(text.text) is not None
    short = text.box.x1 - chunk.box.x1 > 1.2 * em
    return (starts and short) or _under_headline(chunk, heading, em)


def _under_headline(chunk: Chunk, heading: Heading, em: float) -> bool:
    """Set to the headline: to its middle, its beginning, or two em in, and near it.

    What follows may be a picture with its caption, so that no text tells.
    """
    main = heading.main
    lead = chunk.box.x0 - main.x0
    centred = abs(chunk.box.cx - main.cx) < _EXACT * em and lead > -em
    return centred or abs(lead) < _EXACT * em or abs(lead - _IN * em) < _EXACT * em


def _are_phrases(chunk: Chunk, heading: Heading) -> bool:
    """True for two rows without a mark in them, each centred to the headline or begun with it."""
    rows, main = chunk.items, heading.main
    if len(rows) != 2 or not _is_lone(chunk, 2) or any(char in _MARKS for char in chunk.text):
        return False
    slack = _EXACT * chunk.size
    centred = all(abs(row.box.cx - main.cx) < slack for row in rows)
    return centred or all(abs(row.box.x0 - main.x0) < slack for row in rows)


def _is_lone(chunk: Chunk, rows: int = 1) -> bool:
    # A speck behind it reads like a stop of two words.
    text = chunk.text.strip().removesuffix("、")
    return (
        len(chunk.items) == rows
        and chunk.items[0].line.origin is Origin.OCR
        and 3 < len(text) <= _LONGEST
        and not chunk.tail
        and not chunk.rows
        and not ends_sentence(text)
        and not text.endswith(("，", "、", ","))
        and not (is_byline(text) or is_jump(text) or CREDIT.search(text))
    )


def _shares(one: Box, other: Box) -> bool:
    return one.overlap_x(other) > 0.5 * min(one.width, other.width)
