"""Punctuation of vertical lines that recognition passes over.

Vertical setting puts a comma in the upper right corner of its square. A line turned
on its side for recognition shows it in the upper left, where the models have not
learnt to look; and it shows brackets, which are set turned, upright among letters that
lie. Their ink is found here and told by its shape.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from epaper.reading.ocr_corners import corner_brackets
from epaper.reading.ocr_dots import with_colons
from epaper.reading.ocr_ink import Mask, runs

# Sizes of a mark in line widths.
_LARGEST, _SMALLEST = 0.55, 0.1
# Ink at a line's sides that is of the next lines: how deep it is where it is so many times as
# long, and where it is not. Ink so much less than a mark's, beside it, is dirt.
_SIDE, _FLAT, _SHALLOW, _DIRT = 0.2, 2.5, 0.08, 0.15
_RING, _COMMA = "。", "、"
# The bracket that closes a dateline, lying across its column, looks like a stroke: （廿五日电一.
_DATELINE = re.compile("(（[^（）]{2,16}[電电])一")
# On its side, a comma in the upper corner looks like one of these.
_APOSTROPHE = re.compile("(?<![A-Za-z])['`´](?![A-Za-z])")
# Least distance from the middle of a character that was read, in line widths: letters
# come apart into pieces, too, and some of those bend like a bracket.
_MARK_AWAY, _BRACKET_AWAY = 0.42, 0.6
# So far from the middle of a letter its bracket ends on the other side.
_BRACKET_REACH = 0.8
# Letters with a mark or a bracket between them are so many times as far apart as others.
_MARK_ROOM, _BRACKET_ROOM = 1.3, 1.6
_FEW = 4
# Ink of a mark, and the most between two letters that have but a bracket between them, in
# squares of the line's width.
_MARK_INK, _BRACKET_INK = 0.015, 0.2
# How much longer one way a full stop's ring may be; a nought is no ring.
_ROUND = 1.3
# Beside these there is no other mark but a quotation mark.
_STOPS = frozenset("，。、；：！？…,.;:!?%％")
# A quotation mark is two strokes within so many line widths.
_QUOTE = 0.7
# Read without its other half, one of a single stroke is a comma in the upper corner; the
# stroke is looked for this far around, and is no speck.
_PAIRS = {"’": "‘", "”": "“"}
_AROUND, _STROKE_INK = 0.35, 0.004
# Brackets: across and along the line, how far they bend, and a gap inside one.
_WIDE, _LONGEST, _BEND, _INSIDE = 0.6, 0.6, 0.07, 0.12
# A dash: how long it is and how thick, in line widths.
_DASH, _DASH_THICK = (0.6, 1.3), 0.2
_BRACKETS = {(1, True): "（", (1, False): "）", (2, True): "《", (2, False): "》"}


@dataclass(frozen=True, slots=True)
class _Piece:
    """Ink by itself along a line: first and last pixel, and what it may be."""

    start: int
    end: int
    char: str

    @property
    def place(self) -> float:
        return (self.start + self.end) / 2


def with_marks(text: str, centres: Sequence[float], ink: Mask) -> tuple[str, list[float]]:
    """Text and centres with the marks that the ink shows and the text lacks.

    `ink` (W, H) is the line transposed: it runs along x, and the top of the mask is the
    line's left side; lengths are pixels.
    """
    em = float(ink.shape[0])
    text, centres = with_colons(_with_commas(text, centres, ink), centres, ink)
    pitch = float(np.median(np.diff(centres))) if len(centres) >= _FEW else em
    ink = _without_sides(ink, em)
    marks = _apart(_marks(ink, em, max(em, pitch)), centres, _MARK_AWAY * em, _MARK_ROOM * pitch)
    added = [*_told(marks, text, centres, em), *_dashes(ink, centres, em)]
    added += [(piece.place, piece.char) for piece in _all_brackets(text, centres, ink, em, pitch)]
    both = sorted([*zip(centres, text, strict=True), *added])
    whole = _DATELINE.sub(r"\1）", "".join(char for _, char in both))
    return whole, [place for place, _ in both]


def _all_brackets(
    text: str, centres: Sequence[float], ink: Mask, em: float, pitch: float
) -> Iterator[_Piece]:
    """Brackets that were not read, between letters or at the line's ends."""
    # A corner keeps so close to a stop that their inks lie side by side.
    letters = [c for c, char in zip(centres, text, strict=True) if char not in _STOPS]
    corners = [_Piece(*corner) for corner in corner_brackets(ink, em)]
    for piece in (
        *_apart(_brackets(ink, em), centres, _BRACKET_AWAY * em, _BRACKET_ROOM * pitch),
        *_apart(corners, letters, _BRACKET_AWAY * em, _BRACKET_ROOM * pitch),
    ):
        between = ink[:, _inner(*_neighbours(piece, centres), pitch, ink.shape[1])]
        before, after = _neighbours(piece, letters)
        reaches = min(piece.end - before, after - piece.start) >= _BRACKET_REACH * em
        if reaches and between.sum() <= _BRACKET_INK * em * em:
            yield piece


def _apart(
    pieces: Sequence[_Piece], centres: Sequence[float], away: float, room: float
) -> list[_Piece]:
    """The pieces that are no part of a letter, and have a place between letters."""
    kept = []
    for piece in pieces:
        before, after = _neighbours(piece, centres)
        if piece.place - before > away and after - piece.place > away and after - before > room:
            kept.append(piece)
    return kept


def _neighbours(piece: _Piece, centres: Sequence[float]) -> tuple[float, float]:
    """Middles of the letters before and after; infinitely far where there are none."""
    before = max((c for c in centres if c < piece.place), default=-math.inf)
    return before, min((c for c in centres if c >= piece.place), default=math.inf)


def _inner(before: float, after: float, pitch: float, length: int) -> slice:
    """Pixels between two letters, to the line's ends where one is missing."""
    return slice(round(max(0.0, before + pitch / 2)), round(min(length, after - pitch / 2)))


def _told(
    marks: Sequence[_Piece], text: str, centres: Sequence[float], em: float
) -> Iterator[tuple[float, str]]:
    """Place and character of marks: two strokes together are a quotation mark."""
    pending = list(marks)
    while pending:
        mark = pending.pop(0)
        number = bisect_left(centres, mark.place)
        before, after = text[max(0, number - 1) : number], text[number : number + 1]
        pair = bool(pending) and pending[0].end - mark.start <= _QUOTE * em
        if pair and _COMMA == mark.char == pending[0].char:
            place = (mark.start + pending.pop(0).end) / 2
            last, first = _neighbours(mark, centres)
            # A quotation mark keeps close to what it encloses.
            yield place, "“" if first - place < place - last else "”"
        elif before not in _STOPS and after not in _STOPS:
            yield mark.place, mark.char


def _with_commas(text: str, centres: Sequence[float], ink: Mask) -> str:
    """The text with commas for what was read as quotes of one stroke."""
    em = float(ink.shape[0])
    chars = list(_APOSTROPHE.sub("，", text))
    for number, char in enumerate(chars):
        open_before = _PAIRS.get(char, "") in chars[:number]
        if char in _PAIRS and not open_before and _strokes(ink, centres[number], em) == 1:
            chars[number] = "，"
    return "".join(chars)


def _strokes(ink: Mask, place: float, em: float) -> int:
    """Pieces of ink of a mark's size around a place on the line."""
    part = ink[:, max(0, round(place - _AROUND * em)) : round(place + _AROUND * em) + 1]
    count, _, stats, _ = cv2.connectedComponentsWithStats(part.astype(np.uint8), connectivity=8)
    return int((stats[1:count, cv2.CC_STAT_AREA] >= _STROKE_INK * em * em).sum())


def _without_sides(ink: Mask, em: float) -> Mask:
    """The ink without the edges of the lines beside it that a box takes in where they lean."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    top, high = stats[:, cv2.CC_STAT_TOP], stats[:, cv2.CC_STAT_HEIGHT]
    flat = (high <= _SIDE * em) & (stats[:, cv2.CC_STAT_WIDTH] >= _FLAT * high)
    outside = ((top == 0) | (top + high == ink.shape[0])) & (flat | (high <= _SHALLOW * em))
    outside[0] = True
    return np.asarray(~outside[labels], np.bool_) if count > 1 else ink


def _marks(ink: Mask, em: float, square: float) -> list[_Piece]:
    """Pieces of ink that may be a mark; `square` is what a letter takes along the line."""
    found = []
    for start, end in _isolated(ink):
        if not _SMALLEST * em <= end - start <= _LARGEST * square:
            continue
        mark = _largest_piece(ink[:, start:end])
        across = np.flatnonzero(mark.any(axis=1))
        depth = int(across[-1] - across[0]) + 1
        middle = (across[0] + across[-1]) / 2
        mark = mark[across[0] : across[-1] + 1]
        # A stroke of 一 or a dash is wide, dirt is tiny, a mark is not left of the middle.
        if (
            _SMALLEST * em <= depth <= _LARGEST * square
            and middle > 0.3 * em
            and mark.sum() >= _MARK_INK * em * em
        ):
            ring = _ring(mark)
            if not ring or max(depth, end - start) <= _ROUND * min(depth, end - start):
                found.append(_Piece(start, end, _RING if ring else _COMMA))
    return found


def _largest_piece(ink: Mask) -> Mask:
    """The ink without pieces that are next to nothing beside the largest."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    area = stats[:, cv2.CC_STAT_AREA]
    kept = area > _DIRT * area[1:].max()
    kept[0] = False
    return np.asarray(kept[labels], np.bool_) if count > 2 else ink


def _dashes(ink: Mask, centres: Sequence[float], em: float) -> Iterator[tuple[float, str]]:
    """Place and characters of strokes along the middle of the line that were not read."""
    for start, end in _isolated(ink):
        if not _DASH[0] * em <= end - start <= _DASH[1] * em:
            continue
        rows = np.flatnonzero(ink[:, start:end].any(axis=1))
        thin = rows[-1] + 1 - rows[0] <= _DASH_THICK * em
        amid = 0.3 * em < (rows[0] + rows[-1]) / 2 < 0.7 * em
        read = any(start - 0.1 * em <= c <= end + 0.1 * em for c in centres)
        if thin and amid and not read:
            yield (start + end) / 2, "—"


def _brackets(ink: Mask, em: float) -> list[_Piece]:
    found = []
    joined: list[tuple[int, int]] = []
    for start, end in _isolated(ink):
        if joined and start - joined[-1][1] <= _INSIDE * em and end - joined[-1][0] < em / 2:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    for start, end in joined:
        if _SMALLEST * em <= end - start <= _LONGEST * em:
            bracket = _bracket(ink[:, start:end], em)
            if bracket:
                found.append(_Piece(start, end, bracket))
    return found


def _bracket(ink: Mask, em: float) -> str:
    """The bracket that a piece of ink shows; empty where it shows none.

    Followed across the line, a bracket's stroke bends one way and back, the same on
    both sides: to the line's start in the middle where it opens.
    """
    rows = np.flatnonzero(ink.any(axis=1))
    if rows[-1] + 1 - rows[0] < _WIDE * em or len(rows) < 0.8 * (rows[-1] + 1 - rows[0]):
        return ""
    stroke = ink[rows]
    edge = stroke.argmax(axis=1)
    fifth = max(1, len(rows) // 5)
    middle = float(np.median(edge[2 * fifth : 3 * fifth + 1]))
    ends = [float(np.median(part)) - middle for part in (edge[:fifth], edge[-fifth:])]
    bend = sum(ends) / 2
    if abs(bend) < _BEND * em or min(ends) * max(ends) <= 0 or abs(ends[0] - ends[1]) > abs(bend):
        return ""
    strokes = round(float(np.median([len(list(runs(row))) for row in stroke])))
    return _BRACKETS.get((strokes, bend > 0), "")


def _isolated(ink: Mask) -> list[tuple[int, int]]:
    return list(runs(np.asarray(ink.any(axis=0), np.bool_)))


def _ring(mark: Mask) -> bool:
    """True where the mark encloses white."""
    padded = np.pad(mark.astype(np.uint8), 1)
    _, tree = cv2.findContours(padded, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    return tree is not None and bool((tree[0][:, 3] >= 0).any())
