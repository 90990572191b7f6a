"""Cut lines that run on over a gutter.

Where gutters are narrower than the widest space of a justified line, no single line
shows where its column ends; its neighbours above and below do. A wide space is a gutter
if the lines around respect it: they end before it, begin after it or have a space there
too, and hardly any prints across it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box, hull
from epaper.model import Line, WritingMode

# Narrowest space that may be a gutter, em.
_NARROWEST = 0.4
# Widest space inside a justified line, em.
_WIDEST = 1.5
# A signature on a story's last line stands off by this, em.
_SIGNATURE_GAP = 1.6
# Lines this far above and below have a say, em.
_REACH = 9.0
# Lines must agree, and outnumber those that print across by this factor.
_AGREE = 3
_FACTOR = 3

# Pieces of a line differ so much in size at most; those of few characters so much.
_ALIKE, _FEW, _ALIKE_FEW = 0.05, 8, 0.12
# Marks after which a justified line has its widest spaces, also as OCR misreads them.
_WIDE_MARKS = frozenset("，、。：；”’）°,.:;")

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Lines of one mode seen along their text: extent `low` to `high` at `place`."""

    lines: Sequence[Line]
    low: FloatArray
    high: FloatArray
    place: FloatArray
    size: FloatArray
    starts: list[FloatArray]
    ends: list[FloatArray]


def cut_at_gutters(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines in their order, those that cross a gutter in pieces.

    Lines without boxes for their characters stay whole.
    """
    pieces: dict[int, tuple[Line, ...]] = {}
    for mode in WritingMode:
        own = [k for k, line in enumerate(lines) if line.mode is mode]
        rows = _rows([lines[k] for k in own], mode)
        for i, k in enumerate(own):
            cuts = _cuts(i, rows)
            if cuts:
                pieces[k] = _cut(lines[k], cuts)
    return tuple(piece for k, line in enumerate(lines) for piece in pieces.get(k, (line,)))


def join_pieces(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Pieces of one line put together where the lines around print across the gap."""
    gone: set[int] = set()
    joined = dict(enumerate(lines))
    for mode in WritingMode:
        own = [k for k, line in enumerate(lines) if line.mode is mode and line.chars]
        rows = _rows([lines[k] for k in own], mode)
        for i in np.argsort(rows.low) if own else []:
            j = _next_piece(int(i), rows)
            if j is None or own[j] in gone or own[int(i)] in gone:
                continue
            parted, across = _rows_around(int(i), rows.high[i], rows.low[j], rows)
            text = rows.lines[int(i)].text
            least = _AGREE if text.strip()[-1:] not in _WIDE_MARKS else _AGREE - 1
            if across >= max(least, 2 * parted) or _begins_row(text):
                left, right = joined[own[int(i)]], joined[own[j]]
                joined[own[j]] = _together(left, right)
                gone.add(own[int(i)])
    return tuple(joined[k] for k in range(len(lines)) if k not in gone)


def _begins_row(text: str) -> bool:
    """A character and a mark, 号，: the beginning of a row whose first space is wide.

    No column is so narrow, and no cell of a table ends in such a mark.
    """
    text = text.strip()
    return len(text) == 2 and text[0].isalpha() and text[1] in _WIDE_MARKS


def _rows_around(i: int, low: float, high: float, rows: _Rows) -> tuple[int, int]:
    """How many rows around line `i` are parted at the gap, and how many print across it.

    Two pieces of one row count once: they are what the question is about. A row that only
    begins behind the gap, where an indent of the column would, tells nothing.
    """
    em, middle = rows.size[i], (low + high) / 2
    indent = rows.low[i] + 2 * em
    near = list(_near(i, rows))
    ending = [j for j in near if rows.high[j] <= middle and abs(rows.high[j] - low) < 0.7 * em]
    beginning = [j for j in near if rows.low[j] >= middle and abs(rows.low[j] - high) < 0.7 * em]
    # The wide space behind a mark is the mark's.
    marked = [j for j in ending if rows.lines[j].text.strip()[-1:] in _WIDE_MARKS]
    parted: list[float] = []
    for j in (*ending, *beginning):
        if j in beginning and abs(rows.low[j] - indent) < 0.4 * em:
            continue
        known = (*parted, *(rows.place[k] for k in marked))
        if all(abs(rows.place[j] - place) > 0.3 * em for place in known):
            parted.append(float(rows.place[j]))
    across = sum(
        bool(rows.low[j] < low and rows.high[j] > high and len(rows.starts[j])) for j in near
    )
    return len(parted), across


def _near(i: int, rows: _Rows) -> Iterator[int]:
    """Lines above and below line `i`, of about its size."""
    em = rows.size[i]
    near = np.abs(rows.place - rows.place[i]) < _REACH * em
    near &= np.abs(rows.size / em - 1) < 0.3
    near &= np.abs(rows.place - rows.place[i]) > 0.3 * em
    yield from np.flatnonzero(near).tolist()


def _next_piece(i: int, rows: _Rows) -> int | None:
    """The nearest line that begins on the row of line `i` within the widest space."""
    em = rows.size[i]
    gap = rows.low - rows.high[i]
    # Few characters read from ink measure badly.
    few = np.array([min(len(x.text), len(rows.lines[i].text)) < _FEW for x in rows.lines])
    alike = np.where(few, _ALIKE_FEW, _ALIKE)
    same = (np.abs(rows.place - rows.place[i]) < 0.3 * em) & (np.abs(rows.size / em - 1) < alike)
    same &= (gap > -0.1 * em) & (gap < _WIDEST * em)
    same[i] = False
    found = np.flatnonzero(same)
    return int(found[gap[found].argmin()]) if len(found) else None


def _together(left: Line, right: Line) -> Line:
    return replace(
        left,
        text=left.text + right.text,
        box=left.box.union(right.box),
        chars=left.chars + right.chars,
    )


def _rows(lines: Sequence[Line], mode: WritingMode) -> _Rows:
    down = mode is WritingMode.VERTICAL

    def along(box: Box) -> tuple[float, float]:
        return (box.y0, box.y1) if down else (box.x0, box.x1)

    extents = np.array([along(line.box) for line in lines]).reshape(-1, 2)
    return _Rows(
        lines,
        extents[:, 0],
        extents[:, 1],
        np.array([line.box.cx if down else line.box.cy for line in lines]),
        np.array([line.size for line in lines]),
        [np.array([along(c)[0] for c in line.chars]) for line in lines],
        [np.array([along(c)[1] for c in line.chars]) for line in lines],
    )


def _cuts(i: int, rows: _Rows) -> list[int]:
    """Indices of characters before which line `i` is cut."""
    starts, ends, em = rows.starts[i], rows.ends[i], rows.size[i]
    if len(starts) < 4 or len(starts) != len(rows.lines[i].text):
        return []
    found = []
    text = rows.lines[i].text
    inked = [k for k, char in enumerate(text) if not char.isspace()]
    for before, after in itertools.pairwise(inked):
        if starts[after] - ends[before] < _NARROWEST * em:
            continue
        if not any(char.isalnum() for char in text[:after]):
            continue  # an ornament before its words
        gap = (starts[after] - ends[before]) / em
        if _is_signed(text[:after], text[after:], gap) or _is_gutter(
            i, ends[before], starts[after], rows
        ):
            found.append(after)
    return found


def _is_signed(text: str, rest: str, gap: float) -> bool:
    """A name set apart at the end of a story's last line (…发展。　　程智安)."""
    name = rest.strip()
    return (
        gap > _SIGNATURE_GAP
        and text.rstrip().endswith(("。", "！", "？", "”", "」", "）"))
        and 2 <= len(name) <= 8
        and not set(name) & set("，。、！？；：,.;:“”「」")
    )


def _is_gutter(i: int, low: float, high: float, rows: _Rows) -> bool:
    agree, across = _evidence(i, low, high, rows)
    if agree < _AGREE:
        return agree == 2 and across == 0 and high - low > 0.7 * rows.size[i]
    return agree >= _FACTOR * across


def _evidence(i: int, low: float, high: float, rows: _Rows) -> tuple[int, int]:
    """How many lines around line `i` respect the gap, and how many print across it."""
    em = rows.size[i]
    middle = (low + high) / 2
    enough = min(0.35 * em, 0.6 * (high - low))
    agree = across = 0
    for j in _near(i, rows):
        if rows.high[j] <= middle:
            agree += bool(abs(rows.high[j] - low) < 0.7 * em)
        elif rows.low[j] >= middle:
            lead = (rows.low[j] - high) / em
            agree += bool(abs(lead) < 0.5 or abs(lead - 2) < 0.5)
        elif len(rows.starts[j]):
            free = _free(low, high, rows.starts[j], rows.ends[j]) >= enough
            agree += free
            across += not free
    return agree, across


def _free(low: float, high: float, starts: FloatArray, ends: FloatArray) -> float:
    """The widest part of `low` to `high` that no character covers."""
    inside = (ends > low) & (starts < high)
    begins = np.append(starts[inside], high)
    stops = np.insert(ends[inside], 0, low)
    return float((begins - stops).max())


def _cut(line: Line, cuts: Sequence[int]) -> tuple[Line, ...]:
    edges = [0, *cuts, len(line.text)]
    parts = []
    for a, b in itertools.pairwise(edges):
        text = line.text[a:b]
        kept = [k for k in range(a, b) if not line.text[k].isspace()]
        if not kept:
            continue
        chars = line.chars[kept[0] : kept[-1] + 1]
        parts.append(replace(line, text=text.strip(), chars=chars, box=hull(chars)))
    return tuple(parts)
