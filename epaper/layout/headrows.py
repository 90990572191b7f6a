"""Rows of a heading, and which of them are the headline proper.

Built in the reading frame.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean, median

from epaper.layout.chunks import face
from epaper.layout.cues import is_dashed, is_label, names_section
from epaper.layout.frame import Item
from epaper.layout.leftward import is_leftward
from epaper.model import Line, Origin, WritingMode

# Lines of one headline differ less than this in size.
SAME_LINE = 1.10
# Pieces of one row differ less than this, from a text layer and read from ink.
SAME_LAYER, SAME_INK = 1.02, 1.06
# Rows of one headline that is read on stand no further apart than this, em.
_ROW_GAP = 0.55
# A row of so few characters read from ink may be measured so much wrongly.
FEW, FEW_OFF = 4, 1.3
# Where its characters take up as much room as those of the row beside it, by so much.
_FAR_OFF = 1.6
# Of two rows of more characters than this both sizes are known well.
_SEVERAL = 8
# Rows whose characters take up so many times as much, their lengths being so different, are
# set in other type; figures and marks lying in a column take up more or less than half a square.
_WIDER, _WIDER_MIXED, _LONGER = 1.07, 1.15, 1.08
# Steps between letters that tell how wide they are set.
_STEPS = 2
# White that was not read as a blank is by so much wider than other steps.
_BLANK = 0.5
# Characters that fill no square.
_LOW = frozenset("一二三四六八十〇○.．·%％，、：—-")
# Characters of the last row of a kicker; how near under the first it stands, how exactly in its
# middle or flush, em of that, and how many times smaller it may be measured.
_LAST, _UNDER, _LEVEL, _SHRUNK = 2, 0.75, 0.3, 1.8
_QUOTES = (("“", "”"), ("「", "」"), ("『", "』"), ("《", "》"), ("（", "）"))
_OPENING, _CLOSING = ("".join(marks) for marks in zip(*_QUOTES, strict=True))
_IDEOGRAPH = re.compile("[\u4e00-\u9fff]")
_IDEOGRAPHS = re.compile("[\u4e00-\u9fff]{3,}")
_IN_SQUARES = "[0-9０-９：\u4e00-\u9fff]*"
_SQUARES = re.compile(rf"[「『“《]?{_IN_SQUARES}[\u4e00-\u9fff]{_IN_SQUARES}[？！℃％」』”》]?")


def rows_of(items: Sequence[Item], across: bool, mode: WritingMode) -> list[list[Item]]:
    """Items as rows in reading order; pieces of one row from its start to its end."""
    if across:
        # Across a horizontal page means vertical-rl: rows go right to left. Across a
        # vertical page means horizontal-tb: in the reading frame rows go left to right.
        sign = -1.0 if mode is WritingMode.HORIZONTAL else 1.0
        ahead = mode is WritingMode.HORIZONTAL or all(is_leftward(i.line) for i in items)
        key = [(sign * i.box.cx, i.box.y0 if ahead else -i.box.y1) for i in items]
    else:
        key = [(i.box.cy, i.box.x0) for i in items]
    order = sorted(range(len(items)), key=lambda k: key[k])
    rows: list[list[int]] = []
    for k in order:
        last = rows[-1][-1] if rows else None
        if last is not None and abs(key[k][0] - key[last][0]) < 0.4 * items[k].size:
            rows[-1].append(k)
        else:
            rows.append([k])
    return [[items[k] for k in sorted(row, key=lambda k: key[k][1])] for row in rows]


def main_rows(rows: Sequence[Sequence[Item]]) -> list[int]:
    """Rows of the headline proper: the largest type, and those run on in the same face.

    A kicker may come close to its headline in size; then it is of another face or weight.
    """
    sizes = _row_sizes(rows)
    titled = len(rows) > 1 and _is_title(rows[0], rows[1][0])
    if titled and max(sizes[1:]) * SAME_LINE * 1.3 > sizes[0]:
        sizes[0] = 0.0
    top = max(sizes)
    # A few characters tell the weight badly; of two rows of one size a bold one is the headline.
    largest = [k for k, size in enumerate(sizes) if size == top]
    sure = [k for k in largest if _said(rows[k]) > FEW]
    lead = next((k for k in sure if rows[k][0].line.bold), (sure or largest)[0])
    style = (face(rows[lead][0]), rows[lead][0].line.bold)
    main = [lead]
    for step in (-1, 1):
        k = lead + step
        while 0 <= k < len(rows) and (
            _goes_on(rows[min(k, k - step)][-1], sizes[k], top)
            or (
                _run_on(rows[k][0], sizes[k], style, top)
                and not _is_deck(rows[k][0], sizes[k], top)
                and not _is_set_otherwise(rows[lead], rows[k])
            )
        ):
            main.append(k)
            k += step
    return sorted(main)


def heads_section(row: Sequence[Item], below: Item) -> bool:
    """True for a short row that does not run on into the row below it."""
    first = row[0]
    other = (face(first), first.line.bold) != (face(below), below.line.bold)
    other = other or max(first.size, below.size) > SAME_LAYER * min(first.size, below.size)
    return len(row) == 1 and (other or _off(first, below)) and names_section(first.text)


def _off(first: Item, below: Item) -> bool:
    """True if two rows stand further apart than those of one headline."""
    gap = below.box.y0 - first.box.y1
    layer = first.line.origin is Origin.LAYER
    return layer and not first.across and gap > _ROW_GAP * max(first.size, below.size)


def _is_title(row: Sequence[Item], below: Item) -> bool:
    """A standing title, which may be larger than the headline under it, and stands apart."""
    first = row[0]
    ink = first.line.origin is Origin.OCR
    if len(row) > 1 or not (is_label(first.text) or _off(first, below)):
        return False
    return (ink and is_label(first.text)) or heads_section(row, below)


def _row_sizes(rows: Sequence[Sequence[Item]]) -> list[float]:
    """Em of each row; one of few characters read from ink has that of a row beside it.

    Few characters measure badly, and the last row of a headline often has no more. Rows
    that take up as much a character are of one size, however thick their ink.
    """
    sizes = [max(i.size for i in row) for row in rows]
    said = [_said(row) for row in rows]
    # One letter by itself is measured worst; a dot of it may be read as a mark.
    single = [
        n == 1 or sum(c.isalnum() for i in row for c in i.text) == 1
        for n, row in zip(said, rows, strict=True)
    ]
    ink = [all(i.line.origin is Origin.OCR for i in row) for row in rows]
    # A sign by itself, as ℃, tells nothing of its size, and figures are lower than letters.
    for k, row in enumerate(rows):
        if ink[k] and len(rows) > 1 and not any(c.isalpha() for i in row for c in i.text):
            sizes[k] = sizes[k - 1] if k else sizes[1]
    pitches = [_pitch(row) for row in rows]

    def near(k: int, n: int) -> bool:
        off = max(sizes[k], sizes[n]) / min(sizes[k], sizes[n])
        far = single[k] or single[n] or _one_pitch(pitches, k, n)
        return ink[k] and ink[n] and off < (_FAR_OFF if far else FEW_OFF)

    runs = [[0]]
    for k, n in pairwise(range(len(rows))):
        few = max(said[k], said[n]) <= FEW
        both = few or (min(said[k], said[n]) <= _SEVERAL and _one_pitch(pitches, k, n))
        if both and near(k, n):
            runs[-1].append(n)
        else:
            runs.append([n])
    found = [max(sizes[n] for n in run) for run in runs for _ in run]
    for k in (run[0] for run in runs if len(run) == 1 and said[run[0]] <= FEW):
        longer = [n for n in (k - 1, k + 1) if 0 <= n < len(rows) and said[n] > FEW and near(k, n)]
        found[k] = found[longer[0]] if longer else found[k]
    return found


def with_last_rows(display: Sequence[Item], items: Sequence[Item]) -> list[Item]:
    """The display lines and, of the items, those few characters that stand in a row under one.

    Read from ink the last row of a kicker, which has no more, is easily measured smaller.
    """
    shown = {id(i) for i in display}
    few = [
        i
        for i in items
        if id(i) not in shown
        and not i.across
        and i.line.origin is Origin.OCR
        and len(i.text.strip()) <= _LAST
        and i.text.strip().isalpha()
    ]
    return [*display, *(i for i in few if any(_ends_row_of(i, d) for d in display))]


def _ends_row_of(last: Item, row: Item) -> bool:
    """True for a short row right under a line that is hardly larger, as rows are set."""
    a, b, em = row.box, last.box, row.size
    if last.line.mode is WritingMode.VERTICAL:
        # Two characters beside a deck may be a name.
        placed = abs(a.x0 - b.x0) < _LEVEL * em and len(last.text.strip()) == 1
    else:
        placed = abs(a.cx - b.cx) < _LEVEL * em
    near = -0.3 * em < b.y0 - a.y1 < _UNDER * em
    alike = last.size < SAME_LINE * em < _SHRUNK * last.size
    return not row.across and near and alike and placed and len(row.text) > _LAST


def _measured(text: str) -> int:
    """How many of a row's characters tell its size: signs and figures in words do not."""
    return sum(1 for char in text.strip() if char not in _LOW) or len(text.strip())


def _said(row: Sequence[Item]) -> int:
    return sum(_measured(i.text) for i in row)


def _one_pitch(pitches: Sequence[float], k: int, n: int) -> bool:
    return 0 < min(pitches[k], pitches[n]) > max(pitches[k], pitches[n]) / SAME_INK


def _pitch(row: Sequence[Item]) -> float:
    """What a character of a row of ideographs and figures takes up; 0 for any other row.

    Quotation marks at its ends have their white outside of its box.
    """
    text, line = row[0].text.strip(), row[0].line
    if len(row) > 1 or len(text) < 2 or not _SQUARES.fullmatch(text):
        return 0.0
    down = line.mode is WritingMode.VERTICAL
    # Figures may be half as wide as letters, or two of them as wide as one.
    quoted = text[0] in _OPENING or text[-1] in _CLOSING
    mixed = quoted or any(char.isascii() for char in text)
    long = line.box.height if down else line.box.width
    return (_apart(line) if mixed else 0.0) or long / (len(text) - 0.5 * quoted)


def _apart(line: Line) -> float:
    """From one ideograph to the next of its row; 0 where too few are, or no places."""
    if len(line.chars) != len(line.text):
        return 0.0
    down = line.mode is WritingMode.VERTICAL
    steps = [
        b.cy - a.cy if down else b.cx - a.cx
        for (one, a), (two, b) in pairwise(zip(line.text, line.chars, strict=True))
        if _IDEOGRAPH.match(one) and _IDEOGRAPH.match(two)
    ]
    # Old headlines are read from the right.
    return abs(float(median(steps))) if len(steps) >= _STEPS else 0.0


def _goes_on(first: Item, size: float, top: float) -> bool:
    """True for a row that breaks off inside a quotation: 核桃“金|招牌”, and is not much smaller."""
    text = first.text
    opened = max(text.count(a) - text.count(b) for a, b in _QUOTES)
    return opened > 0 and size * FEW_OFF > top


def _is_deck(item: Item, size: float, top: float) -> bool:
    """True for a row in smaller type that begins as decks do."""
    hair = SAME_INK if item.line.origin is Origin.OCR else SAME_LAYER
    return is_dashed(item.text) and size * hair < top


def _is_set_otherwise(one: Sequence[Item], other: Sequence[Item]) -> bool:
    """True for vertical rows read from ink, of other lengths, whose characters take up other room.

    A narrow face looks smaller than it is; a headline's rows set to one length are spaced.
    """
    if len(one) > 1 or len(other) > 1:
        return False
    lines = [one[0].line, other[0].line]
    texts = [line.text.strip() for line in lines]
    ink = all(x.origin is Origin.OCR and x.mode is WritingMode.VERTICAL for x in lines)
    if not ink or min(map(len, texts)) <= FEW + 1:
        return False
    long = [line.box.height for line in lines]
    # Figures may take a square each, or two of them one.
    pitch = [_step(line) or _apart(line) for line in lines]
    if not all(pitch):
        pitch = [_length(line) / _squares(x) for line, x in zip(lines, texts, strict=True)]
    wider = _WIDER_MIXED if any(char.isascii() for char in "".join(texts)) else _WIDER
    return max(long) > _LONGER * min(long) and max(pitch) > wider * min(pitch)


def _step(line: Line) -> float:
    """From one ideograph of a column to the next on average; 0 where there are other signs.

    A step that is much longer than the others takes no part in it: white that was not read as a
    blank, as in 沙井镇　千亩马铃薯. Reading tells places but to a fraction of a character.
    """
    if len(line.chars) != len(line.text) or not _IDEOGRAPHS.fullmatch(line.text):
        return 0.0
    steps = _steps(line)
    return (sum(steps) - _blank(steps)) / len(steps)


def _steps(line: Line) -> list[float]:
    return [b.cy - a.cy for a, b in pairwise(line.chars)]


def _blank(steps: Sequence[float]) -> float:
    """By how much the longest step exceeds the others, where that is white not read as a blank."""
    *others, longest = sorted(steps)
    usual = fmean(others)
    return longest - usual if longest - usual > _BLANK * usual else 0.0


def _length(line: Line) -> float:
    """The height of a column without a blank in it that was not read."""
    if len(line.chars) != len(line.text) or len(line.text) <= FEW or " " in line.text:
        return line.box.height
    return line.box.height - _blank(_steps(line))


def _squares(text: str) -> float:
    """The squares that a text takes up in a column; figures, letters and blanks take half,
    a bracket or quotation mark at an end no more than its ink."""
    half = (text[:1] in _OPENING) + (text[-1:] in _CLOSING)
    return sum(0.5 if char.isascii() or char.isspace() else 1.0 for char in text) - 0.5 * half


def _run_on(item: Item, size: float, style: tuple[str, bool], top: float) -> bool:
    if size * SAME_LINE < top:
        return False
    # Within a hair of the same size a difference in name alone says little: one face
    # may reach a file as several fonts. Rows read from ink are weighed against each other,
    # but few characters are weighed badly.
    if item.line.origin is Origin.OCR and _measured(item.text) > FEW + 1:
        return item.line.bold == style[1]
    hair = SAME_INK if item.line.origin is Origin.OCR else SAME_LAYER
    return (face(item), item.line.bold) == style or size * hair >= top
