"""Which way up a page stands, and whether it is mirrored, by reading a few of its lines.

A line runs the same way on a page of vertical columns and on a horizontal page laid on
its side. So two things are asked: from which end, and on which side of the film, lines can
be read; and whether letters stand upright in their line or lie on their backs, as they do
in a column laid down to be read. For the second, the letters are turned one by one, in
squares as wide as the line is thick: they can be read again only if they were turned the
right way.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from rapidfuzz.distance import LCSseq

from epaper.restore.tone import Image
from epaper.restore.traces import Trace
from epaper.restore.view import Floats, View, centred

# Reads RGB crops of single lines: for each, the text and the confidence, 0 to 1.
Probe = Callable[[Sequence[Image]], Sequence[tuple[str, float]]]

_CROPS, _LEAST_CROPS = 6, 3
_HEIGHT = 64
# In ems of the line: what a crop shows around its middle and beyond its ends; the length
# of a line from and to; letters from one to the next.
_ASIDE, _AHEAD, _LENGTH, _PITCH = 0.85, 1.2, (6.0, 12.0), 1.15
# How well lines are read when they are read the right way, surely and at least, and how
# much better than as the page stands another way must do.
_WELL, _READ, _BETTER = 0.85, 0.7, 0.2
# Share of ideographs from which a text is Chinese.
_WIDE = 0.3
# Share of a line's letters known again when they were turned the right way; the difference
# between both ways that settles it.
_KNOWN, _SETTLED = 0.3, 0.2
_LETTERS = 20


@dataclass(frozen=True, slots=True)
class Turn:
    """What makes a view upright: mirrored left to right first, then turned clockwise."""

    mirrored: bool
    quarters: int
    evidence: str

    @property
    def told(self) -> str:
        """What is done and why, in words."""
        turned = f"turned clockwise by {90 * self.quarters} degrees" if self.quarters else ""
        done = ", ".join(filter(None, ("mirrored" if self.mirrored else "", turned)))
        return f"{done}: {self.evidence}"

    def of(self, view: View) -> View:
        """The view as it reads."""
        width, height = view.width, view.height
        back: Floats = np.eye(3)
        if self.mirrored:
            back = np.array([[-1.0, 0.0, width], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
        for _ in range(self.quarters % 4):
            # Clockwise: the point (x, y) of the page was at (y, height - x).
            back = back @ np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, height], [0.0, 0.0, 1.0]])
            width, height = height, width
        return view.moved(back, width, height)


@dataclass(frozen=True, slots=True)
class _Read:
    """How well the crops are read one way: 0 to 1, and the texts."""

    score: float
    texts: list[str]


def find_turn(scan: Image, view: View, traces: Sequence[Trace], probe: Probe) -> Turn | None:
    """How the page must be turned; None where it is upright, or where nothing tells."""
    texts = [t for t in traces if t.kind == "line"]
    upright = sum(t.upright for t in texts) * 2 > len(texts)
    crops = _crops(scan, view, [t for t in texts if t.upright is upright])
    if len(crops) < _LEAST_CROPS:
        return None
    ways = _read_ways(crops, probe)
    (mirrored, over), best = max(ways.items(), key=lambda item: item[1].score)
    first = ways[False, False]
    if best.score < _READ or (best is not first and best.score < first.score + _BETTER):
        return None
    read = [_seen(crop, mirrored, over) for crop in crops]
    lying = _lying(read, best.texts, probe, upright)
    quarters = (1 if mirrored else -1) * upright + 2 * over + lying
    if not mirrored and not quarters % 4:
        return None
    return Turn(mirrored, quarters % 4, _told(best, first, lying))


def _told(best: _Read, first: _Read, lying: bool) -> str:
    way = "down" if lying else "across"
    return f"lines read {way} at {best.score:.2f}, as scanned at {first.score:.2f}"


def _crops(scan: Image, view: View, lines: list[Trace]) -> list[Image]:
    """Common lines cut from the scan, laid to run across; columns turned to the left."""
    if not lines:
        return []
    em = float(np.median([t.em for t in lines]))
    fit = [t for t in lines if 0.7 * em < t.em < 1.4 * em and _LENGTH[0] * em < t.length]
    step = max(1, len(fit) // _CROPS)
    return [_crop(scan, view, t) for t in fit[::step][:_CROPS]]


def _crop(scan: Image, view: View, line: Trace) -> Image:
    aside, ahead = _ASIDE * line.em, _AHEAD * line.em
    low, high = line.points.min(axis=0), line.points.max(axis=0)
    length = min(line.length, _LENGTH[1] * line.em) + 2 * ahead
    pixel = 2 * aside / _HEIGHT
    if line.upright:
        x, y = (low[0] + high[0]) / 2 + aside, low[1] - ahead
        cut = np.array([[0.0, -pixel, x], [pixel, 0.0, y], [0.0, 0.0, 1.0]])
    else:
        x, y = low[0] - ahead, (low[1] + high[1]) / 2 - aside
        cut = np.array([[pixel, 0.0, x], [0.0, pixel, y], [0.0, 0.0, 1.0]])
    crop = cv2.warpAffine(
        scan,
        centred(view.matrix @ cut)[:2],
        (max(1, round(length / pixel)), _HEIGHT),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(crop, np.uint8)


def _read_ways(crops: Sequence[Image], probe: Probe) -> dict[tuple[bool, bool], _Read]:
    """How crops are read as they are and, where not well, (mirrored, upside down)."""
    found = {}
    for way in ((False, False), (False, True), (True, False), (True, True)):
        found[way] = _read([_seen(crop, *way) for crop in crops], probe)
        if found[way].score >= _WELL:
            break
    return found


def _read(crops: Sequence[Image], probe: Probe) -> _Read:
    """The usual confidence, less where texts are shorter than lines so long can be."""
    readings = probe(crops)
    shares = [
        confidence * min(1.0, len(text) * crop.shape[0] / crop.shape[1])
        for crop, (text, confidence) in zip(crops, readings, strict=True)
    ]
    return _Read(float(np.median(shares)), [text for text, _ in readings])


def _seen(crop: Image, mirrored: bool, over: bool) -> Image:
    """A crop mirrored left to right, then turned by half."""
    crop = crop[:, ::-1] if mirrored else crop
    return np.ascontiguousarray(crop[::-1, ::-1] if over else crop)


def _lying(crops: Sequence[Image], texts: Sequence[str], probe: Probe, expected: bool) -> bool:
    """Whether letters lie on their backs in their lines; what is `expected` where unclear.

    Only ideographs lie so: text in other scripts runs across the page.
    """
    letters = [c for text in texts for c in text if unicodedata.category(c).startswith("L")]
    wide = sum(unicodedata.east_asian_width(c) == "W" for c in letters)
    if wide < _WIDE * len(letters):
        return expected and len(letters) < _LETTERS
    known = _known(crops, texts, probe, expected)
    if known >= _KNOWN:
        return expected
    other = _known(crops, texts, probe, not expected)
    return (not expected) if other >= max(_KNOWN, known + _SETTLED) else expected


def _known(crops: Sequence[Image], texts: Sequence[str], probe: Probe, lying: bool) -> float:
    """Share of the letters read again after each is turned: upright if they are lying."""
    turned = [_letters_turned(crop, -1 if lying else 1) for crop in crops]
    same = sum(
        LCSseq.similarity(text, again)
        for text, (again, _) in zip(texts, probe(turned), strict=True)
    )
    return same / max(1, sum(map(len, texts)))


def _letters_turned(crop: Image, quarters: int) -> Image:
    """A line whose squares are each turned by quarters, to the left where positive."""
    height, width = crop.shape[:2]
    side = height / (2 * _ASIDE) * _PITCH
    edges = np.linspace(0, width, max(1, round(width / side)) + 1).round().astype(int)
    margin = round((height - side) / 2)
    rows = slice(margin, height - margin)
    size = height - 2 * margin
    squares = [
        cv2.resize(np.rot90(crop[rows, a:b], quarters), (size, size))
        for a, b in pairwise(edges.tolist())
    ]
    return np.asarray(np.hstack(squares), np.uint8)
