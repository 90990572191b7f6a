"""Scans of typeset pages as read by OCR, with the truth moved to where the scan has it.

A scan ``<page id>.scan<level>.jpg`` beside its PDF is read once and kept as
``<page id>.scan<level>.read``. Its restored image is skewed, cropped and bent a little
against the page that was set. The lines that both have with the same text tell how: the
truth's boxes go along, and the scan's own geometry, which layout will meet, stays as it is.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import msgspec
import numpy as np
from numpy.typing import NDArray

from epaper import layout
from epaper.geometry import Box
from epaper.model import Line, Page
from epaper.pipeline import Options, TextFrom, convert_page
from epaper.quality.truth import Truth
from epaper.sources.pages import open_pages
from epaper.training.examples import MM

FloatArray = NDArray[np.float64]

# Ending of a scan as read.
KEPT = ".read"
# Characters of a line that is sure to be itself elsewhere.
_TELLING = 5
# Lines that a bend needs, and that even a straight move needs.
_FOR_BEND, _FEWEST = 60, 12
_ROUNDS = 6
# Residuals beyond so many times their median are strays, and the least, in pixels.
_STRAY, _EXACT = 4.0, 2.0


@dataclass(frozen=True, slots=True)
class Move:
    """A polynomial way from a typeset page's pixels to those of its scan as restored.

    `weights` are terms by 2, over coordinates less `middle` in parts of `reach`.
    """

    middle: FloatArray
    reach: float
    degree: int
    weights: FloatArray

    def points(self, points: FloatArray) -> FloatArray:
        """Points (n by 2) moved."""
        return _terms((points - self.middle) / self.reach, self.degree) @ self.weights

    def box(self, box: Box) -> Box:
        """The upright box between the moved sides, each taken at its middle."""
        corners = [(box.x0, box.cy), (box.x1, box.cy), (box.cx, box.y0), (box.cx, box.y1)]
        left, right, top, foot = self.points(np.array(corners))
        return Box(float(left[0]), float(top[1]), float(right[0]), float(foot[1]))


def read_scan(scan: Path) -> Path:
    """Read a scan by OCR, as it is before layout, and keep it beside the image."""
    seen: list[Page] = []

    def keep(page: Page) -> Page:
        seen.append(page)
        return page

    with patch.object(layout, "lay_out", keep):
        for source in open_pages(scan):
            convert_page(source, scan.stem, Options(text=TextFrom.OCR))
    kept = scan.with_suffix(KEPT)
    kept.write_bytes(msgspec.json.encode(seen[0]))
    return kept


def scans_of(typeset: Page, truth: Truth, pdf: Path) -> Iterator[tuple[Page, Truth]]:
    """The scans of a page that were read, each with the truth where it has it."""
    for kept in sorted(pdf.parent.glob(f"{pdf.stem}.scan*{KEPT}")):
        scanned = msgspec.json.decode(kept.read_bytes(), type=Page)
        moved = truth_on_scan(truth, typeset, scanned)
        if moved is not None:
            yield scanned, moved


def truth_on_scan(truth: Truth, typeset: Page, scanned: Page) -> Truth | None:
    """The truth of the page `typeset` with its boxes where `scanned` shows them.

    Their millimetres are those that the scan's pixels would be at `examples.DPI`. None where too
    few lines were read as they were set.
    """
    move = find_move(typeset.lines, scanned.lines)
    if move is None:
        return None
    boxes = (replace(b, box=move.box(b.box.scaled(MM)).scaled(1 / MM)) for b in truth.boxes)
    return replace(truth, boxes=tuple(boxes))


def find_move(typeset: Iterable[Line], scanned: Iterable[Line]) -> Move | None:
    """How the lines of a page moved in its scan; None where too few are the same."""
    known, seen = _telling(typeset), _telling(scanned)
    same = [text for text in known if text in seen]
    if len(same) < _FEWEST:
        return None
    start, end = (np.array([_middle(m[text]) for text in same]) for m in (known, seen))
    middle = np.asarray(start.mean(axis=0))
    reach = float(np.abs(start - middle).max()) or 1.0
    degree = 3 if len(same) >= _FOR_BEND else 1
    terms = _terms((start - middle) / reach, degree)
    kept = np.ones(len(same), dtype=bool)
    for _ in range(_ROUNDS):
        weights = np.linalg.lstsq(terms[kept], end[kept], rcond=None)[0]
        off = np.hypot(*(terms @ weights - end).T)
        kept = off <= max(_EXACT, _STRAY * float(np.median(off[kept])))
    if kept.sum() < _FEWEST:
        return None
    return Move(middle, reach, degree, weights)


def _telling(lines: Iterable[Line]) -> dict[str, Line]:
    """Lines by their text, where it is long enough and stands once."""
    folded = [(unicodedata.normalize("NFKC", line.text).replace(" ", ""), line) for line in lines]
    times = Counter(text for text, _ in folded)
    return {t: line for t, line in folded if times[t] == 1 and len(t) >= _TELLING}


def _middle(line: Line) -> tuple[float, float]:
    return line.box.cx, line.box.cy


def _terms(points: FloatArray, degree: int) -> FloatArray:
    """Products of powers of the coordinates up to `degree`; points by terms."""
    x, y = points.T
    powers = [(i, j) for i in range(degree + 1) for j in range(degree + 1 - i)]
    return np.stack([x**i * y**j for i, j in powers], axis=1)
