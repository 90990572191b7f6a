"""Courses of text lines and rules, which were straight when they were printed.

Lines are found by smearing ink along them (run-length smoothing: Wong, Casey and Wahl,
"Document analysis system", IBM J. Res. Dev. 26, 1982); what comes out as long as several
letters and as thick as one is a line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.restore.tone import Image
from epaper.restore.view import Floats, Mask, View

# Letters have this height where lines are looked for, in pixels.
_EM = 12.0
_BANDS = 6
# In ems: what ink is smeared over, across and down; the share of it from which a place
# counts as print; the least length of a line, its thickness from and to; a rule's.
_SMEAR, _DENSE = (1.6, 0.25), 0.06
_LONG, _THICK = 5.0, (0.4, 1.35)
_RULE_LONG, _RULE_THICK = 8.0, 0.3
_STROKE = 1.9
# The course is taken at windows of so many ems.
_WINDOW = 2.0
_LEAST_POINTS = 4
# A line begins so few ems below the last and so few aside, and an edge has so many.
_NEXT, _FLUSH, _LEAST_FLUSH = 4.0, 0.3, 6
# Ems by which the points of a line lie off a smooth course.
_WAVY = 0.09


@dataclass(frozen=True, slots=True)
class Trace:
    """The course of a line: points (N, 2) as x, y in pixels of the view.

    `upright` says that it runs down the page, `em` how thick the line is, `start` where
    its ink begins. It is a line of letters, a rule, or the edge of a column.
    """

    points: Floats
    upright: bool
    kind: Literal["line", "rule", "edge"]
    em: float
    start: Floats

    @property
    def length(self) -> float:
        """From the first point to the last, along the line."""
        return float(np.ptp(self.points[:, int(self.upright)]))


def letter_size(ink: Mask) -> float:
    """Height of the common letters in pixels of the ink's mask; 0 where there are none.

    A third of the page is looked at, in bands.
    """
    tops = np.linspace(0, len(ink), _BANDS, endpoint=False).astype(int).tolist()
    deep = max(1, len(ink) // (3 * _BANDS))
    bands = np.concatenate([ink[top + deep : top + 2 * deep] for top in tops])
    _, _, stats, _ = cv2.connectedComponentsWithStats(bands.astype(np.uint8))
    sides = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    area = stats[1:, cv2.CC_STAT_AREA]
    letters = (sides >= 5) & (sides <= 80) & (area >= 0.12 * sides**2)
    if letters.sum() < 20:
        return 0.0
    sides, area = sides[letters], area[letters]
    order = np.argsort(sides)
    mass = np.cumsum(area[order])
    return float(sides[order[int(np.searchsorted(mass, mass[-1] / 2))]])


def find_traces(view: View) -> list[Trace]:
    """Courses of the lines and rules of a page, both across and down."""
    ink = view.ink()
    em = letter_size(ink)
    if not em:
        return []
    scale = min(1.0, _EM / em)
    if scale < 1:
        small = cv2.resize(
            ink.astype(np.uint8) * 255, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA
        )
        ink = np.asarray(small > 96, np.bool_)
    em *= scale
    with ThreadPoolExecutor(2) as pool:
        both = pool.map(lambda upright: list(_one_way(ink, upright, em, scale)), (False, True))
        found = _along_print([t for way in both for t in way if t.kind == "rule" or _smooth(t)])
    return [*found, *filter(_smooth, _edges(found))]


def _one_way(ink: Mask, upright: bool, em: float, scale: float) -> Iterator[Trace]:
    """Lines and rules across or, if `upright`, down; `ink` is at `scale` times the view."""
    mask = np.ascontiguousarray(ink.T if upright else ink).astype(np.uint8)
    way = -1 if upright else 1
    for course in (*_rules(mask, em), *_lines(mask, em)):
        points = course.points[:, ::way] / scale
        start = np.array([course.start, course.points[0, 1]])[::way] / scale
        yield Trace(points, upright, course.kind, course.thick / scale, start)


def _edges(traces: Sequence[Trace]) -> Iterator[Trace]:
    """Edges of columns: where lines one after the other begin."""
    for upright in (False, True):
        lines = [t for t in traces if t.kind == "line" and t.upright is upright]
        starts = sorted((tuple(t.start[:: 1 if upright else -1]), t.em) for t in lines)
        chains: list[list[tuple[Floats, float]]] = []
        for (down, along), em in starts:
            chain = next(
                (
                    c
                    for c in reversed(chains)
                    if down - c[-1][0][0] < _NEXT * em and abs(along - c[-1][0][1]) < _FLUSH * em
                ),
                None,
            )
            if chain is None:
                chains.append(chain := [])
            chain.append((np.array([down, along]), em))
        for chain in chains:
            if len(chain) >= _LEAST_FLUSH:
                points = np.array([p for p, _ in chain])[:, :: 1 if upright else -1]
                em = float(np.median([e for _, e in chain]))
                yield Trace(points, not upright, "edge", em, points[0])


def _smooth(trace: Trace) -> bool:
    """Whether a trace bends as paper does; parts of large letters jump about."""
    along, across = trace.points.T[:: -1 if trace.upright else 1]
    # What no parabola of the least squares explains: slope and bend are taken off in turn.
    slope = along - along.mean()
    bend = _without(slope**2 - np.mean(slope**2), slope)
    off = _without(_without(across - across.mean(), slope), bend)
    return bool(np.sqrt(np.mean(off**2)) <= _WAVY * trace.em)


def _without(values: Floats, part: Floats) -> Floats:
    """Values (N,) less their share along `part` (N,), so that none is left."""
    share = float(values @ part) / max(float(part @ part), 1e-12)
    return np.asarray(values - part * share)


def _along_print(traces: list[Trace]) -> list[Trace]:
    """Traces without those that run across lines of print, letter over letter.

    Such a trace meets a line at every letter; of the lines, few of which it meets, each
    meets one such here and there.
    """
    rules = [t for t in traces if t.kind == "rule"]
    texts = [[t for t in traces if t.kind == "line" and t.upright is up] for up in (False, True)]
    if not all(texts):
        return traces
    boxes = [np.array([(*t.points.min(axis=0), *t.points.max(axis=0)) for t in ts]) for ts in texts]
    (ax0, ay0, ax1, ay1), (bx0, by0, bx1, by1) = boxes[0].T[:, :, None], boxes[1].T[:, None, :]
    met = (ax0 <= bx1) & (bx0 <= ax1) & (ay0 <= by1) & (by0 <= ay1)
    often = [met.sum(axis=1) / (ax1 - ax0)[:, 0], met.sum(axis=0) / (by1 - by0)[0]]
    kept = list(rules)
    for own, other, crossed, group in ((0, 1, met, texts[0]), (1, 0, met.T, texts[1])):
        theirs = crossed @ often[other] / np.maximum(crossed.sum(axis=1), 1)
        kept += [t for t, n, m in zip(group, often[own], theirs, strict=True) if n <= m]
    return kept


@dataclass(frozen=True, slots=True)
class _Course:
    """A trace in the frame where it runs across."""

    kind: Literal["line", "rule"]
    points: Floats
    thick: float
    start: float


def _rules(mask: Image, em: float) -> Iterator[_Course]:
    kernel = np.ones((1, max(5, round(_STROKE * em))), np.uint8)
    runs = cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel)
    # The runs of a rule that slopes lie side by side.
    joined = cv2.dilate(runs, np.ones((3, 3), np.uint8))
    labels, stats = _components(joined)
    for label in np.flatnonzero(stats[:, cv2.CC_STAT_WIDTH] >= _RULE_LONG * em).tolist():
        course = _course("rule", labels, stats, label, runs, em)
        if course is not None and course.thick <= _RULE_THICK * em:
            yield course


def _lines(mask: Image, em: float) -> Iterator[_Course]:
    tall = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((max(5, round(2.2 * em)), 1), np.uint8))
    letters = cv2.subtract(mask, tall)
    box = (round(_SMEAR[0] * em), max(1, round(_SMEAR[1] * em)))
    smeared = (cv2.blur(letters * 255, box) > _DENSE * 255).astype(np.uint8)
    # Bridges between lines are thinner than letters.
    opened = cv2.morphologyEx(
        smeared, cv2.MORPH_OPEN, np.ones((max(2, round(0.3 * em)), round(0.7 * em)), np.uint8)
    )
    labels, stats = _components(opened)
    long = stats[:, cv2.CC_STAT_WIDTH] >= _LONG * em
    thick = stats[:, cv2.CC_STAT_AREA] / stats[:, cv2.CC_STAT_WIDTH]
    for label in np.flatnonzero(long & (_THICK[0] * em <= thick) & (thick <= _THICK[1] * em)):
        course = _course("line", labels, stats, int(label), letters, em)
        if course is not None:
            yield replace(course, thick=float(thick[label]))


def _components(mask: NDArray[Any]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    stats[0] = (0, 0, 1, 1, 0)
    return np.asarray(labels, np.int32), np.asarray(stats, np.int32)


def _course(
    kind: Literal["line", "rule"],
    labels: NDArray[np.int32],
    stats: NDArray[np.int32],
    label: int,
    ink: NDArray[Any],
    em: float,
) -> _Course | None:
    """Middles of a component's ink, window by window; None where it is too short."""
    x, y, w, h, _ = (int(v) for v in stats[label])
    part = (labels[y : y + h, x : x + w] == label) & (ink[y : y + h, x : x + w] > 0)
    count = part.sum(axis=0)
    weight = (part * (np.arange(h) + 0.5)[:, None]).sum(axis=0)
    windows = max(1, round(w / (_WINDOW * em)))
    edges = np.linspace(0, w, windows + 1).round().astype(int)
    ink_in = np.add.reduceat(count, edges[:-1])
    filled = ink_in > 0
    if filled.sum() < _LEAST_POINTS:
        return None
    down = np.add.reduceat(weight, edges[:-1])[filled] / ink_in[filled]
    across = (edges[:-1] + edges[1:])[filled] / 2
    inked = np.flatnonzero(count)
    points = np.stack([across + x, down + y], axis=1)
    return _Course(kind, points, float(count[inked].mean()), float(x + inked[0]))
