"""Size, weight and colour of recognised lines, and the box of every character."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise, permutations

import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box
from epaper.model import Line, WritingMode
from epaper.reading.ocr_ink import Ink, Mask, runs, stroke

# Glyphs that do not fill their square, so do not tell the em.
_FLAT = frozenset("一二三丨卜工口日曰四皿亠八人入小六")
# Height over em of what is no ideograph: capitals and figures.
_CAPITAL = 0.73
_IDEOGRAPH = 0.92
# Characters from which a pitch tells the em; from which it tells that of the page's body.
_LONG, _PIECE, _SHORT = 8, 4, 3
_BOLDER, _BOLDER_FEW = 1.28, 1.3
# Rows of large type, above the text's by so much, of about one size and so near each other, ems;
# rows of one headline differ less than so much in weight.
_DISPLAY, _OF_A_SIZE, _ROWS_OF_HEAD, _WEIGHTIER = 1.08, 1.25, 1.2, 1.25
# Rows that differ less than so much in weight do not differ.
_EVEN = 1.1
# Two rows of a subhead, so much heavier than the text, in ems: how near they are, how alike in
# size, and how far the short one stands in from both ends of the other.
_HEAVY, _ROWS, _ONE_SIZE, _INSET = 1.18, 0.9, 0.06, 1.0
# So many ideographs cover so much of their line at least.
_INKED = (2, 0.06)
# So many parts of a line are weighed.
_PARTS = 4
# Ink spreads by so much at most; so many lines of one size within so many ems tell it.
_SPREAD, _SEVERAL, _AROUND, _ALIKE = 1.3, 8, 14.0, 0.15
# So few glyphs may all be low ones: what they take up along the line tells as well, if it
# is not so much more that the line is letter-spaced; white at both ends of it, in ems.
_FEW, _SPACED, _WHITE = 3, 1.25, 0.12
# Condensed type read down is by so much longer than wide, and inked along so much of its line;
# letter-spaced type is not.
_LENGTHENED, _WITHOUT_WHITE = 1.15, 0.94
# Sizes within this are one; those of few glyphs within that.
_NEAR, _NEAR_FEW = 0.06, 0.13
# So many lines of each kind tell how their pitch goes with the size of their glyphs.
_TELLING = 3
# Characters do not overlap: where a line has the pitch of the page's body and an em so much
# above it, its glyphs were measured with those of the next line. (Condensed headlines, too,
# have a pitch below their em.)
_TIGHT, _TIGHT_DOWN, _BODY_PITCH, _LOOSE_PITCH = 0.88, 0.96, 0.12, 0.25
_OWN_PITCH = 1.12
# No type is so condensed.
_CONDENSED = 0.5
# Figures, letters and spaces part the squares that tell a pitch.
_UNSQUARE = re.compile(r"[\sA-Za-z0-9]")
# Lines read down with the body's pitch to this share are of its size, if they measure no more.
_GRID, _WORN = 0.04, 1.2


@dataclass(frozen=True, slots=True)
class Measure:
    """What the ink of one line says: em by glyph height, em by pitch (0 unknown), stroke.

    `advance` is the pitch of a line that may be too short to tell its em by itself; `along`
    says that the em is what its few glyphs take up along it, not their height.
    """

    em: float
    pitch: float
    stroke: float
    ideographs: int
    advance: float = 0.0
    along: bool = False


@lru_cache(maxsize=10_000)
def ideograph(char: str) -> bool:
    """True for characters that are set on a full square."""
    return unicodedata.category(char) == "Lo" and unicodedata.east_asian_width(char) == "W"


def shines_through(text: str, ink: Ink) -> bool:
    """True for ideographs in a box with next to no ink: faint ones from the back of the sheet.

    What ink there is may be a rule beside them. A box may be longer than its line.
    """
    height, width = ink.mask.shape
    long = min(width, len(text) * height)
    faint = ink.mask.sum() < _INKED[1] * height * long
    return sum(map(ideograph, text)) >= _INKED[0] and bool(faint)


def measure(
    text: str, spans: Sequence[tuple[float, float]], ink: Ink, *, down: bool = False
) -> Measure:
    """Measures a line's ink (H, W), turned to run across; `spans` place its characters along it.

    Condensed type has its size along a line that is read `down`, and fills it with ink.
    """
    squares = [
        (max(0, round(a)), round(b))
        for char, (a, b) in zip(text, spans, strict=True)
        if ideograph(char) and char not in _FLAT
    ]
    heights = [h for h in _extents(ink.mask, squares) if h > 0]
    line = float(ink.mask.shape[0])
    pitched = False
    if heights:
        em = float(np.percentile(heights, 70)) / _IDEOGRAPH
        along = ink.mask.shape[1] / (len(text) - _WHITE)
        pitched = len(heights) <= _FEW and all(map(ideograph, text)) and em < along < _SPACED * em
        if pitched:
            em = along
    elif any(ideograph(c) for c in text):
        # Marks between them take less than a square along the line.
        along = ink.mask.shape[1] / len(text) if all(map(ideograph, text)) else 0.0
        em = max(line, along) / _IDEOGRAPH
    else:
        em = line / _CAPITAL
    advance = _advance(text, spans)
    pitch = advance if len(text) >= _LONG else 0.0
    if down and len(heights) > _FEW and advance > _LENGTHENED * em and _fills(ink.mask):
        em, pitched = advance, True
    return Measure(em, pitch, _weight(ink.mask, len(text)), len(heights), advance, pitched)


def _fills(mask: Mask) -> bool:
    """True for a line whose characters leave next to no white between them."""
    return bool(mask.any(axis=0).mean() > _WITHOUT_WHITE)


def _weight(mask: Mask, count: int) -> float:
    """Stroke width of most of a line of `count` characters, in pixels.

    A solid square before it, or a lead-in set in bold, makes no line bold.
    """
    if count < _PARTS:
        return stroke(mask)
    edges = np.linspace(0, mask.shape[1], _PARTS + 1).round().astype(int).tolist()
    return float(np.median([stroke(mask[:, a:b]) for a, b in pairwise(edges)]))


def _extents(mask: Mask, spans: Sequence[tuple[int, int]]) -> list[int]:
    """From the topmost ink to the lowest in each span of a line's columns; 0 without any."""
    high, wide = mask.shape
    inked = mask.any(axis=0)
    top = np.where(inked, mask.argmax(axis=0), high).tolist()
    foot = np.where(inked, high - mask[::-1].argmax(axis=0), 0).tolist()
    return [max(0, max(foot[a:b]) - min(top[a:b])) if a < min(b, wide) else 0 for a, b in spans]


def _advance(text: str, spans: Sequence[tuple[float, float]]) -> float:
    """Advance of neighbouring ideographs, the median over the line; 0 where too few."""
    centres = [(a + b) / 2 for a, b in spans]
    steps: dict[int, list[float]] = {_PIECE: [], _SHORT: []}
    for start, end in runs(np.array([ideograph(c) for c in text], np.bool_)):
        for least, found in steps.items():
            if end - start >= least:
                found.append((centres[end - 1] - centres[start]) / (end - start - 1))
    told = steps[_PIECE] or steps[_SHORT]
    return float(np.median(told)) if told else 0.0


def settle(lines: Sequence[Line], measures: Sequence[Measure]) -> list[Line]:
    """Lines with the sizes and weights that the page as a whole gives them."""
    factors = _pitch_over_em(lines, measures)
    # What a face leaves of its squares above and below, a pitch has in it.
    sizes = [
        m.em if m.along else m.em * factors[line.mode]
        for line, m in zip(lines, measures, strict=True)
    ]
    counts = np.array([m.ideographs for m in measures])
    pitched = np.array([m.pitch for m in measures])
    usual = _weighted_median(pitched, np.where(pitched > 0, counts, 0)) if pitched.any() else 0.0
    sizes = [
        _unsqueezed(line, m, size, usual)
        for line, m, size in zip(lines, measures, sizes, strict=True)
    ]
    sizes = _agreed(sizes, [m.ideographs for m in measures])
    weights = np.array([m.stroke / s if s else 0.0 for m, s in zip(measures, sizes, strict=True)])
    usual_weights = _weights_around(lines, np.array(sizes), weights, counts)
    pairs = zip(weights.tolist(), usual_weights, strict=True)
    heavier = [weight / usual if usual else 0.0 for weight, usual in pairs]
    bold = _bold(lines, sizes, heavier, [m.ideographs > _FEW for m in measures])
    _weigh_rows(bold, lines, sizes, weights.tolist())
    _even_rows(bold, lines, sizes, weights.tolist())
    return [
        replace(line, size=round(size, 2), bold=is_bold)
        for line, size, is_bold in zip(lines, sizes, bold, strict=True)
    ]


def _pitch_over_em(lines: Sequence[Line], measures: Sequence[Measure]) -> dict[WritingMode, float]:
    """How much more than its em, as its glyphs show it, a line of a page has from square to square.

    Lines read down show how wide their glyphs are, lines read across how high: where both are on
    a page, few of a kind tell nothing of the other.
    """
    ratios: dict[WritingMode, list[float]] = {mode: [] for mode in WritingMode}
    for line, m in zip(lines, measures, strict=True):
        if m.pitch and m.em and 0.85 < m.pitch / m.em < 1.15:
            ratios[line.mode].append(m.pitch / m.em)
    enough = _TELLING if all(ratios.values()) else 1
    return {
        mode: float(np.median(told)) if len(told) >= enough else 1.0
        for mode, told in ratios.items()
    }


def _bold(
    lines: Sequence[Line], sizes: Sequence[float], heavier: Sequence[float], many: Sequence[bool]
) -> list[bool]:
    """Which lines are bold; `heavier` is their weight over that of the type around.

    `many` says which have characters enough to be weighed well.

    A short row centred under another tells a subhead, which is hardly as black as it was on
    a worn page: the two of them are bold together.
    """
    least = [_BOLDER if sure else _BOLDER_FEW for sure in many]
    bold = [bool(weight > bound) for weight, bound in zip(heavier, least, strict=True)]
    heavy = [k for k, weight in enumerate(heavier) if weight > _HEAVY]
    for k, n in permutations(heavy, 2):
        if not (bold[k] and bold[n]) and _is_under(lines[k], lines[n], sizes[k], sizes[n]):
            bold[k] = bold[n] = True
    return bold


def _weigh_rows(
    bold: list[bool], lines: Sequence[Line], sizes: Sequence[float], weights: Sequence[float]
) -> None:
    """Tell whether two rows of large type are of one weight by each other, not by the text.

    A kicker may be as large as its headline; then it is lighter. Changes `bold`.
    """
    said = np.array([len(line.text) for line in lines])
    body = _weighted_median(np.asarray(sizes), said) if len(said) else 0.0
    large = [k for k, size in enumerate(sizes) if size > _DISPLAY * body and said[k] > _FEW - 1]
    for k, n in permutations(large, 2):
        off = max(sizes[k], sizes[n]) / min(sizes[k], sizes[n])
        if off > _OF_A_SIZE or weights[k] < weights[n] or not _stacked(lines[k], lines[n]):
            continue
        if weights[k] > _WEIGHTIER * weights[n] > 0:
            bold[k], bold[n] = True, False
        elif off < 1 + _NEAR:
            bold[k] = bold[n] = bold[k] or bold[n]


def _even_rows(
    bold: list[bool], lines: Sequence[Line], sizes: Sequence[float], weights: Sequence[float]
) -> None:
    """Tell two rows that begin together, hardly differing in weight, by the longer of them.

    One of a caption's may lie just above the bound for bold, and one below. Changes `bold`.
    """
    weight, size, heavy = np.asarray(weights), np.asarray(sizes), np.asarray(bold, np.bool_)
    pairs = heavy[:, None] & ~heavy & (weight[:, None] < _EVEN * weight)
    pairs &= np.abs(size[:, None] - size) < _ONE_SIZE * size
    for k, n in np.argwhere(pairs).tolist():
        if _stacked(lines[k], lines[n]) and _flush(lines[k], lines[n], sizes[k]):
            bold[k] = bold[n] = len(lines[k].text) >= len(lines[n].text)


def _flush(one: Line, other: Line, em: float) -> bool:
    """True for rows that begin together."""
    down = one.mode is WritingMode.VERTICAL
    a, b = ((x.box.y0 if down else x.box.x0) for x in (one, other))
    return abs(a - b) < em / 2


def _stacked(one: Line, other: Line) -> bool:
    """True for rows next to each other."""
    if one.mode is not other.mode:
        return False
    down = one.mode is WritingMode.VERTICAL
    a, b = ((x.box.transposed() if down else x.box) for x in (one, other))
    along = a.overlap_x(b) > 0.3 * min(a.width, b.width)
    return along and max(a.y0 - b.y1, b.y0 - a.y1) < _ROWS_OF_HEAD * max(one.size, other.size)


def _is_under(upper: Line, lower: Line, size: float, other: float) -> bool:
    """True for a short line centred under a longer one of the same size."""
    if upper.mode is not lower.mode or abs(size / other - 1) > _ONE_SIZE:
        return False
    down = upper.mode is WritingMode.VERTICAL
    a, b = ((x.box.transposed() if down else x.box) for x in (upper, lower))
    gap = a.y0 - b.y1 if down else b.y0 - a.y1
    lead, trail = b.x0 - a.x0, a.x1 - b.x1
    inset = min(lead, trail) > _INSET * size and abs(lead - trail) < 2 * _INSET * size
    return inset and -0.3 * size < gap < _ROWS * size


def _unsqueezed(line: Line, measure: Measure, size: float, usual: float) -> float:
    """The em of a line, its pitch where its glyphs were measured with the next line's.

    Condensed type has a pitch below its em too, but not where it is read from above down:
    there short lines tell as well, and those a little looser than the body. Type that is read
    down stands in a grid: what has the body's pitch has its size, however thick its ink.
    """
    down = line.mode is WritingMode.VERTICAL
    pitch = measure.advance if down else measure.pitch
    if 0 < measure.pitch < _CONDENSED * size:
        # The foot of a picture was in its box.
        return measure.pitch
    grid = down and not _UNSQUARE.search(line.text)
    if grid and abs(pitch - usual) < _GRID * usual and usual < size < _WORN * usual:
        return usual
    near = abs(pitch - usual) < (_LOOSE_PITCH if down else _BODY_PITCH) * usual
    # A headline hardly larger than the text has a pitch of its own.
    tight = _TIGHT_DOWN if grid and pitch < _OWN_PITCH * usual else _TIGHT
    if not (0 < pitch < tight * size and near):
        return size
    return min(pitch, usual) if down else pitch


def _weights_around(
    lines: Sequence[Line],
    sizes: NDArray[np.float64],
    weights: NDArray[np.float64],
    counts: NDArray[np.int64],
) -> list[float]:
    """The usual weight of type around each line: the page's, heavier where the ink has spread.

    A box set in bold is not taken for such a place.
    """
    if not counts.sum():
        return [0.0] * len(lines)
    body = _weighted_median(weights, counts)
    x, y = (np.array([getattr(line.box, side) for line in lines]) for side in ("cx", "cy"))
    found = []
    for k, size in enumerate(sizes.tolist()):
        near = (np.abs(x - x[k]) < _AROUND * size) & (np.abs(y - y[k]) < _AROUND * size)
        near &= (np.abs(sizes / size - 1) < _ALIKE) & (counts > _FEW)
        local = float(np.median(weights[near])) if near.sum() >= _SEVERAL else body
        found.append(min(max(local, body), _SPREAD * body))
    return found


def _agreed(sizes: Sequence[float], counts: Sequence[int]) -> list[float]:
    """Sizes drawn to the page's common ones: few glyphs measure badly, many measure well."""
    values = np.asarray(sizes)
    weights = np.asarray(counts, np.float64)
    result = []
    for size, count in zip(values.tolist(), counts, strict=True):
        reach = _NEAR if count > _FEW else _NEAR_FEW
        near = np.abs(values / max(size, 1e-6) - 1) < reach
        mass = float(weights[near].sum())
        result.append(float(np.average(values[near], weights=weights[near])) if mass else size)
    return result


def _weighted_median(values: NDArray[np.float64], weights: NDArray[np.int64]) -> float:
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order[int(np.searchsorted(total, total[-1] / 2))]])


def char_spans(text: str, centres: Sequence[float], em: float) -> list[tuple[float, float]]:
    """Span of each character along the line (pixels), from their centres.

    Neighbours meet half way; a full-width character is at most an em wide, another
    at most 0.7 em.
    """
    spans = []
    for i, (char, centre) in enumerate(zip(text, centres, strict=True)):
        half = em / 2 if unicodedata.east_asian_width(char) in "WF" else 0.35 * em
        before = centres[i - 1] if i else centre - 2 * half
        after = centres[i + 1] if i + 1 < len(centres) else centre + 2 * half
        spans.append(
            (max(centre - half, (before + centre) / 2), min(centre + half, (centre + after) / 2))
        )
    return spans


def char_boxes(
    spans: Sequence[tuple[float, float]], box: Box, *, vertical: bool
) -> tuple[Box, ...]:
    """Character boxes on the page; `spans` run along the line from its start."""
    if vertical:
        return tuple(Box(box.x0, box.y0 + a, box.x1, box.y0 + b) for a, b in spans)
    return tuple(Box(box.x0 + a, box.y0, box.x0 + b, box.y1) for a, b in spans)
