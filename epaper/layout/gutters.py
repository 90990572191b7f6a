"""Cut lines that run on over a gutter.

Where gutters are narrower than the widest space of a justified line, no single line
shows where its column ends; its neighbours above and below do. A wide space is a gutter
if the lines around respect it: they end before it, begin after it or have a space there
too, and hardly any prints across it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from operator import sub

import numpy as np

from epaper.layout.cues import HALF_FILLED, is_credit, side_by_side
from epaper.layout.pieces import measured, piece_of
from epaper.layout.textrows import (
    REACH,
    Extent,
    Neighbour,
    Rows,
    Wall,
    is_set_wide,
    rows_of,
)
from epaper.model import Line, Origin, WritingMode

# Narrowest space that may be a gutter, em.
_NARROWEST = 0.4
# What a mark that hangs out of its column leaves of a gutter, em, and what is hardly one.
_BEHIND_HUNG, _SLIGHT = 0.05, 0.15
# From a mark to the next character of a line set a little wide, em.
_SQUARE = 1.25
# A signature on a story's last line stands off by this, em.
_SIGNATURE_GAP = 1.6
# Measures and gutters of columns agree to within this, em.
_SAME = 0.4
# Text runs round a picture no further off than this, em, and no further into its box's corners.
_ROUND, _INTO = 1.5, 3.0
# Sizes of one type differ by less than this, measured from ink.
_ALIKE = 0.1
# With so many characters read from ink a size is known well.
_MANY = 10
# White between lines of one column is no wider than this, em.
_WHITE = 2.2
# White that parts by itself, and the pieces it parts, em.
_OPEN, _PIECE = 1.2, 6.0
# Lines must agree, and outnumber those that print across by this factor.
_AGREE, _FACTOR = 3, 3
# Spaces of a justified line: more than so many, and none so many times the common one.
_WORDS, _EVEN = 2, 1.5
_BRACKETED = re.compile(r"[（(][^（()）]{2,24}[）)]")


def cut_at_gutters(lines: Sequence[Line], walls: Sequence[Wall] = ()) -> tuple[Line, ...]:
    """The lines in their order, those that cross a gutter in pieces.

    Lines without boxes for their characters stay whole; lines beyond a wall have no say.
    """
    pieces: dict[int, tuple[Line, ...]] = {}
    for mode in WritingMode:
        own = [k for k, line in enumerate(lines) if line.mode is mode]
        rows = rows_of([lines[k] for k in own], mode, walls)
        for i, k in enumerate(own):
            cuts = _cuts(i, rows)
            if cuts:
                pieces[k] = _cut(lines[k], cuts)
    return tuple(piece for k, line in enumerate(lines) for piece in pieces.get(k, (line,)))


def _cuts(i: int, rows: Rows) -> list[int]:
    """Indices of characters before which line `i` is cut."""
    text, em = rows.lines[i].text, rows.size[i]
    if not 4 <= len(rows.lines[i].chars) == len(text):
        return []
    starts, ends = rows.chars(i)
    if is_set_wide(i, rows):
        return []
    layer = rows.lines[i].origin is Origin.LAYER
    if layer and not _any_gap(text, starts, ends, _BEHIND_HUNG * em):
        return []
    found = []
    words = _word_spaces(text, starts, ends) | _credit_spaces(text)
    for before, after in side_by_side(text):
        low = ends[before]
        gap = (starts[after] - low) / em
        if gap < _NARROWEST:
            # Characters read from ink have no white between them where there is a mark.
            if text[before] not in HALF_FILLED or gap < (_BEHIND_HUNG if layer else -_BEHIND_HUNG):
                continue
            # A mark may hang out of its column into the gutter, by half an em.
            low -= 0.5 * em
        if not any(char.isalnum() for char in text[:after]):
            continue  # an ornament before its words
        if (before, after) in words:
            continue
        # The white that belongs to a mark's square is none between columns.
        own = text[before] in HALF_FILLED and starts[after] - starts[before] < _SQUARE * em
        slight = gap < _SLIGHT or (own and layer)
        if _is_signed(text[:after], text[after:], gap) or _is_gutter(
            i, low, starts[after], rows, slight=slight
        ):
            found.append(after)
    return found


def _any_gap(text: str, starts: Sequence[float], ends: Sequence[float], least: float) -> bool:
    """Whether two characters may stand so far apart; blanks hide how far."""
    return text.split() != [text] or max(map(sub, starts[1:], ends)) >= least


def _word_spaces(text: str, starts: Sequence[float], ends: Sequence[float]) -> set[tuple[int, int]]:
    """Spaces between Latin words that are no wider than others of their justified line."""
    words = {
        (a, b): starts[b] - ends[a]
        for a, b in side_by_side(text)
        if b > a + 1 and text[a].isascii() and text[b].isascii() and text[b].isalpha()
    }
    most = _EVEN * float(np.median(list(words.values()))) if len(words) > _WORDS else 0.0
    return {space for space, wide in words.items() if wide < most}


def _credit_spaces(text: str) -> set[tuple[int, int]]:
    """Spaces inside a credit in brackets, （张三 摄）, which no gutter parts."""
    whole = [m.span() for m in _BRACKETED.finditer(text) if is_credit(m.group())]
    if not whole:
        return set()
    return {
        (a, b) for a, b in side_by_side(text) if any(start <= a and b < end for start, end in whole)
    }


def _is_signed(text: str, rest: str, gap: float) -> bool:
    """A name set apart at the end of a story's last line (…发展。　　程智安)."""
    name = rest.strip()
    return (
        gap > _SIGNATURE_GAP
        and text.rstrip().endswith(("。", "！", "？", "”", "」", "）"))
        and 2 <= len(name) <= 8
        and not set(name) & set("，。、！？；：,.;:“”「」")
    )


def _is_gutter(i: int, low: float, high: float, rows: Rows, *, slight: bool) -> bool:
    votes = _evidence(i, low, high, rows, slight=slight)
    agree, across = _counted(votes)
    if slight:
        return agree >= max(2 * _AGREE, (_FACTOR + 1) * across)
    if agree >= max(_AGREE, _FACTOR * across):
        return True
    # What stands beyond white, as a quote in two columns, may print across their gutter.
    near = _counted(_unbroken(rows.place[i], votes, _WHITE * rows.size[i]))
    if agree < _AGREE:
        wide = bool(high - low > 0.7 * rows.size[i])
        if agree == 1 and across == 0 and _parts_halves(i, low, high, rows):
            return True
        if near == (2, 0) or (agree == 2 and across == 0):
            return wide
        return (wide or not across) and agree >= max(1, across) and _is_of_grid(i, low, high, rows)
    return near[0] >= max(_AGREE, _FACTOR * near[1])


def _parts_halves(i: int, low: float, high: float, rows: Rows) -> bool:
    """Whether white wider than any in a line stands between two long pieces read from ink.

    Under a headline two columns may have but two or three rows.
    """
    em = rows.size[i]
    shorter = min(low - rows.low[i], rows.high[i] - high)
    ink = rows.lines[i].origin is Origin.OCR
    return ink and bool(high - low > _OPEN * em and shorter > _PIECE * em)


# Where a line stands, and whether it respects the gap; None where it has no say.
_Votes = list[tuple[float, bool | None]]


def _counted(votes: _Votes) -> tuple[int, int]:
    said = [free for _, free in votes if free is not None]
    return sum(said), len(said) - sum(said)


def _unbroken(place: float, votes: _Votes, white: float) -> _Votes:
    """The votes of lines that no wider white parts from the one at `place`."""
    kept: _Votes = []
    for side in (1, -1):
        last = place
        beyond = [v for v in votes if side * (v[0] - place) > 0]
        for where, free in sorted(beyond, key=lambda v: side * v[0]):
            if abs(where - last) > white:
                break
            kept.append((where, free))
            last = where
    return kept


def _evidence(i: int, low: float, high: float, rows: Rows, *, slight: bool) -> _Votes:
    """The lines around line `i` that respect the gap, and those that print across it.

    Lines beside a picture show no `slight` gap over it: there is one behind every mark.
    """
    low, high, em = float(low), float(high), float(rows.size[i])
    middle = (low + high) / 2
    enough = min(0.35 * em, 0.6 * (high - low))
    over = rows.walls_over(middle)
    extent = float(rows.low[i]), float(rows.high[i])
    votes: _Votes = []
    layer = rows.lines[i].origin is Origin.LAYER
    many = len(rows.lines[i].text) >= _MANY
    for line in rows.near(i):
        j, begin, end, place, _ = line
        alike = abs(rows.size[j] / em - 1) < _ALIKE
        # Columns of text say nothing of the phrases of a kicker, whose size is well known here.
        if not alike and (layer or (len(rows.lines[j].text) >= _MANY and many)):
            continue
        agrees: bool | None = None
        if end <= middle or begin >= middle:
            lead = (begin - high) / em
            ends = abs(end - low) < 0.7 * em
            near = ends if end <= middle else abs(lead) < 0.5 or abs(lead - 2) < 0.5
            # A caption beside the picture is no text that runs round it.
            round_it = alike and not slight and _runs_round(line, extent, over)
            agrees = near or round_it or None
        elif rows.lines[j].chars and not is_set_wide(j, rows):
            agrees = _free(low, high, *rows.printed(j)) >= enough or _hangs(j, low, high, rows)
        if agrees is not None or (begin < extent[1] and end > extent[0]):
            votes.append((place, agrees))
    return votes


def _hangs(j: int, low: float, high: float, rows: Rows) -> bool:
    """Whether only a mark that hangs out of its column stands in the gap of a layer's line."""
    line, em = rows.lines[j], rows.size[j]
    if line.origin is not Origin.LAYER or len(line.chars) != len(line.text):
        return False
    printed = [k for k, char in enumerate(line.text) if not char.isspace()]
    starts, _ = rows.chars(j)
    return any(
        line.text[k] in HALF_FILLED and low - em < starts[k] < low + _SAME * em < starts[after]
        for k, after in itertools.pairwise(printed)
        if starts[after] > high - _SAME * em
    )


def _is_of_grid(i: int, low: float, high: float, rows: Rows) -> bool:
    """Whether the gap makes columns of the measure and gutter of the next one beside them.

    Under a picture, two rows may be all that two or three columns have.
    """
    em, gutter = rows.size[i], high - low
    # The line may end with a mark that hangs out of the last of them.
    hung = 0.5 * em if rows.lines[i].text.rstrip()[-1:] in HALF_FILLED else 0.0
    near = np.abs(rows.place - rows.place[i]) < REACH * em
    near &= np.abs(rows.size / em - 1) < _ALIKE
    off = rows.low - rows.high[i] - gutter
    after = near & (-_SAME * em - hung < off) & (off < _SAME * em)
    before = near & (np.abs(rows.low[i] - rows.high - gutter) < _SAME * em)
    return any(
        any(_are_columns(rows.high[i] - high - x, measure, gutter, em) for x in (0.0, hung))
        and (
            _are_columns(low - rows.low[i], measure, gutter, em)
            or _are_columns(low - rows.low[i] + 2 * em, measure, gutter, em)
        )
        for side in (after, before)
        if side.sum() >= _AGREE
        for measure in (float(np.median(rows.high[side] - rows.low[side])),)
    )


def _are_columns(wide: float, measure: float, gutter: float, em: float) -> bool:
    """Whether a width is that of some columns of a measure with a gutter between them."""
    count = max(1, round((wide + gutter) / (measure + gutter)))
    return abs(wide - count * measure - (count - 1) * gutter) < _SAME * em


def _runs_round(line: Neighbour, extent: tuple[float, float], walls: Sequence[Extent]) -> bool:
    """Whether a line stands beside one of the walls, a picture that two columns run round.

    They are the columns that a line of this `extent` fills; its beginning may be indented.
    """
    _, begin, end, place, em = line
    if not walls or begin < extent[0] - 2.5 * em or end > extent[1] + em:
        return False
    return any(
        low < place < high and -_INTO * em < max(left - end, begin - right) < _ROUND * em
        for left, right, low, high in walls
    )


def _free(low: float, high: float, starts: Sequence[float], ends: Sequence[float]) -> float:
    """The widest part of `low` to `high` that no character covers.

    From each character inside, in their order, it is white to the start of the next.
    """
    stop, widest = low, -float("inf")
    for start, end in zip(starts, ends, strict=True):
        if end > low and start < high:
            widest = max(widest, start - stop)
            stop = end
    return max(widest, high - stop)


def _cut(line: Line, cuts: Sequence[int]) -> tuple[Line, ...]:
    spans = itertools.pairwise([0, *cuts, len(line.text)])
    return tuple(measured([piece_of(line, a, b) for a, b in spans if line.text[a:b].strip()]))
