"""Characters regrouped into lines: one run of characters on one line of one column.

Neither the order of a file nor the grouping of a PDF library is trusted for columns;
both print straight across a gutter. Lengths are points, upright frame, y down. Inside
this module every character is seen along its line: `start` and `end` run in reading
direction, `axis` is the baseline (horizontal) or the centre of the column (vertical).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box
from epaper.reading.modes import ON_LINE, SPACED_LIMIT, WORD_REACH
from epaper.reading.tracks import Track, middle

# All in ems of the smaller neighbour.
_TOUCHING = 0.7  # a wider gap never joins on the file's order alone
_BLANK_LIMIT = 2.6  # printed blanks wider than this separate columns of a table
_RULE_GAP = 0.25  # the least in which a rule may stand, of the glyph before it
_OFF_LINE = 0.45  # the same for indices and exponents, of the larger neighbour
_MOST_PAIRS = 500_000
_MARK_GAP = 1.2  # between the number or bullet of an item and its text

_FAR_GAP = 5.0  # between the letters of a heading
_HEAD_SIZE = 1.15  # of the page's usual type, from which a lone letter is a heading's
_ONE_TYPE = 1.3  # type of one line that the file does not draw as one differs less
_INDEX = 0.35  # the least size of indices and exponents, of the larger neighbour's
_ONE_DRAWN = 3.0  # and type of one that it does: a date and the nameplate after it
_ONE_INK = 90  # channels of colours differ more in two inks, of 255,
_INK_GAP = 0.35  # which are parted by more than this white, em
_LONGEST_NUMBER = 12  # characters
_BULLETS = "○●◎◇◆□■△▲▽▼☆★※·•"
_NUMERALS = "一二三四五六七八九十百〇"
# An item's number as lawyers and gazettes write it: 二, （一）, 一の五, 第十七条之二.
_NUMBER = re.compile(
    f"[{_BULLETS}]{{1,3}}|[（(〔]?第?[{_NUMERALS}]+[条條章节節号號項项]?(?:[之の][{_NUMERALS}]+)*[）)〕]?"
)


def group(chars: Track, barriers: NDArray[np.float64]) -> list[NDArray[np.int64]]:
    """Lines as arrays of page glyph indices in reading order, blanks at ends removed.

    `barriers` is M×3: position along the line and axis span (low, high) of rules that
    part columns.
    """
    runs = _split_at_blanks(chars, _stream_runs(chars))
    runs = _split_at_rules(chars, runs, barriers)
    runs = _join_spaced(chars, runs)
    runs = _join_near(chars, runs, barriers)
    return [chars.index[run] for run in runs]


def _stream_runs(chars: Track) -> list[NDArray[np.int64]]:
    """Glyphs that the file draws one after the other and that touch on one axis."""
    if not len(chars.index):
        return []
    size = np.minimum(chars.size[1:], chars.size[:-1])
    gap = (chars.start[1:] - chars.end[:-1]) / size
    shift = np.abs(np.diff(chars.axis)) / size
    # Half-width marks of vertical fonts share one em cell, hence the overlap allowed.
    forward = chars.start[1:] >= chars.start[:-1] - 0.1 * size
    joined = (np.diff(chars.index) == 1) & (gap > -1.1) & (gap < _TOUCHING)
    joined &= (shift < ON_LINE) & forward
    _keep_displaced(chars, joined)
    return pieces(np.arange(len(chars.index)), (np.flatnonzero(~joined) + 1).tolist())


def pieces(values: NDArray[np.int64], cuts: Sequence[int]) -> list[NDArray[np.int64]]:
    """As `numpy.split`, which takes several times as long for many short pieces."""
    return [values[a:b] for a, b in pairwise([0, *cuts, len(values)])]


def _keep_displaced(chars: Track, joined: NDArray[np.bool_]) -> None:
    """Links single glyphs drawn between two that touch, set off along the line.

    Fallback fonts without vertical metrics put a glyph up to an em away from its
    place; the file's order still says where it belongs.
    """
    size = np.minimum(chars.size[2:], chars.size[:-2])
    gap = (chars.start[2:] - chars.end[:-2]) / size
    skip = (np.diff(chars.index)[1:] == 1) & (np.diff(chars.index)[:-1] == 1)
    skip &= (gap > -0.3) & (gap < _TOUCHING)
    skip &= np.abs(chars.axis[2:] - chars.axis[:-2]) < ON_LINE * size
    middle = np.abs(chars.start[1:-1] - chars.start[2:]) < 1.6 * size
    middle &= np.abs(chars.axis[1:-1] - chars.axis[2:]) < 2 * ON_LINE * size
    skip &= middle & ~(joined[1:] & joined[:-1])
    joined[1:] |= skip
    joined[:-1] |= skip
    _keep_outer(chars, joined)


def _keep_outer(chars: Track, joined: NDArray[np.bool_]) -> None:
    """The same for a glyph at the head of its line, which lies over the one drawn after it, and
    for one at its end, which an em of white parts from the one before."""
    size = np.minimum(chars.size[1:], chars.size[:-1])
    near = (np.diff(chars.index) == 1) & (np.abs(np.diff(chars.axis)) < 2 * ON_LINE * size)
    back = (chars.start[:-1] - chars.start[1:]) / size
    gap = (chars.start[1:] - chars.end[:-1]) / size
    before, after = np.append(False, joined[:-1]), np.append(joined[1:], False)
    head = (back > 0.1) & (back < 1.6) & ~before & after
    foot = (gap > 0.8) & (gap < 1.15) & before & ~after & chars.wide[1:] & chars.wide[:-1]
    joined |= near & (head | foot)


def _any_of(marked: NDArray[np.bool_], runs: Sequence[NDArray[np.int64]]) -> list[bool]:
    """Whether any glyph of each run, none of them empty, is marked."""
    if not runs:
        return []
    first = np.cumsum([0, *(run.size for run in runs[:-1])])
    found: list[bool] = np.logical_or.reduceat(marked[np.concatenate(runs)], first).tolist()
    return found


def _trimmed(chars: Track, run: NDArray[np.int64]) -> NDArray[np.int64]:
    inked = np.flatnonzero(~chars.blank[run])
    return run[inked[0] : inked[-1] + 1] if inked.size else run[:0]


def _split_at_blanks(chars: Track, runs: list[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
    """Runs without blanks at their ends, parted where printed blanks make a gutter."""
    result: list[NDArray[np.int64]] = []
    for run, is_blank in zip(runs, _any_of(chars.blank, runs), strict=True):
        if not is_blank:
            result.append(run)
            continue
        kept = _trimmed(chars, run)
        if not kept.size:
            continue
        inked = kept[~chars.blank[kept]]
        gaps = (chars.start[inked[1:]] - chars.end[inked[:-1]]) / np.minimum(
            chars.size[inked[1:]], chars.size[inked[:-1]]
        )
        cuts = np.searchsorted(kept, inked[1:][gaps > _BLANK_LIMIT])
        result.extend(_trimmed(chars, part) for part in np.split(kept, cuts))
    return result


def _parted(chars: Track, left: int, right: int, barriers: NDArray[np.float64]) -> bool:
    """Whether a rule stands between two glyphs of one line."""
    if not len(barriers):
        return False
    slack = 0.15 * chars.size[left]
    between = (barriers[:, 0] > chars.end[left] - slack) & (
        barriers[:, 0] < chars.start[right] + slack
    )
    axis = chars.axis[left]
    return bool((between & (barriers[:, 1] < axis) & (barriers[:, 2] > axis)).any())


def _split_at_rules(
    chars: Track, runs: list[NDArray[np.int64]], barriers: NDArray[np.float64]
) -> list[NDArray[np.int64]]:
    """Runs parted where a rule stands in a gap between two of their glyphs."""
    if not len(barriers) or not runs:
        return runs
    seen = np.concatenate(runs)
    # A gap is as wide as seen here, or wider for the blanks in it; closely set runs have none.
    open_ = np.zeros(len(chars.index), dtype=np.bool_)
    gaps = (chars.start[seen[1:]] - chars.end[seen[:-1]]) / chars.size[seen[:-1]]
    open_[seen[:-1]] = ~(gaps <= _RULE_GAP)
    open_ |= chars.blank
    # What follows the last glyph of a run is another run's.
    open_[[run[-1] for run in runs]] = False
    parted = zip(runs, _any_of(open_, runs), strict=True)
    return [
        part
        for run, is_open in parted
        for part in (_split_run(chars, run, barriers) if is_open else [run])
    ]


def _split_run(
    chars: Track, run: NDArray[np.int64], barriers: NDArray[np.float64]
) -> list[NDArray[np.int64]]:
    if run.size < 2:
        return [run]
    inked = run[~chars.blank[run]]
    gaps = (chars.start[inked[1:]] - chars.end[inked[:-1]]) / chars.size[inked[1:]]
    cuts = [
        int(np.searchsorted(run, inked[k + 1]))
        for k in np.flatnonzero(gaps > _RULE_GAP)
        if _parted(chars, int(inked[k]), int(inked[k + 1]), barriers)
    ]
    return [_trimmed(chars, part) for part in np.split(run, cuts)] if cuts else [run]


def _join_spaced(chars: Track, runs: list[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
    """Single ideographs at even wide distances (昌　吉　日　报) as one run."""
    result: list[NDArray[np.int64]] = []
    chain: list[NDArray[np.int64]] = []
    for run in runs:
        if chain and not _continues(chars, chain, run):
            result.extend(_closed(chars, chain))
            chain = []
        if run.size == 1 and chars.wide[run[0]]:
            chain.append(run)
        else:
            result.extend(_closed(chars, chain))
            chain = []
            result.append(run)
    return result + _closed(chars, chain)


def _continues(chars: Track, chain: list[NDArray[np.int64]], run: NDArray[np.int64]) -> bool:
    last, new = int(chain[-1][0]), int(run[0])
    size = chars.size[last]
    gap = chars.start[new] - chars.end[last]
    if run.size != 1 or abs(chars.size[new] - size) > 0.1 * size:
        return False
    if abs(chars.axis[new] - chars.axis[last]) > ON_LINE * size:
        return False
    if gap <= 0 or (gap >= SPACED_LIMIT * size and not _far_apart(chars, last, new)):
        return False
    if len(chain) == 1:
        return True
    before = chars.start[last] - chars.end[int(chain[-2][0])]
    return bool(abs(gap - before) < 0.15 * max(gap, before))


def _far_apart(chars: Track, last: int, new: int) -> bool:
    """Whether two lone letters are a heading's, set wide (官　　　報) with nothing between."""
    size = chars.size[last]
    if size < _HEAD_SIZE * chars.usual or chars.index[new] != chars.index[last] + 1:
        return False
    between = (chars.start > chars.start[last]) & (chars.start < chars.start[new])
    between &= (np.abs(chars.axis - chars.axis[last]) < size) & ~chars.blank
    near = chars.start[new] - chars.end[last] < _FAR_GAP * size
    return bool(near and not between.any())


def _closed(chars: Track, chain: list[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
    """A chain as one run where it is long enough to be letter-spacing by intent."""
    if len(chain) == 2:
        last, new = int(chain[0][0]), int(chain[1][0])
        near = chars.start[new] - chars.end[last] < 2.2 * chars.size[last]
        return [np.concatenate(chain)] if near or _far_apart(chars, last, new) else chain
    return [np.concatenate(chain)] if chain else []


@dataclass(frozen=True)
class _Ends:
    """First and last glyph of each run, its letter-spacing, the gap it allows after it.

    `order` sorts the runs by the axis of their first glyph, `axis` is so sorted.
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    pitch: NDArray[np.float64]
    reach: NDArray[np.float64]
    order: NDArray[np.int64]
    axis: NDArray[np.float64]


def _ends(chars: Track, runs: list[NDArray[np.int64]]) -> _Ends:
    first = np.array([run[0] for run in runs], dtype=np.int64)
    marked = [
        run.size <= _LONGEST_NUMBER
        and _NUMBER.fullmatch("".join([chars.text[i] for i in run])) is not None
        for run in runs
    ]
    order = np.argsort(chars.axis[first], kind="stable")
    return _Ends(
        first=first,
        last=np.array([run[-1] for run in runs], dtype=np.int64),
        pitch=np.array(_pitches(chars, runs)),
        reach=np.where(marked, _MARK_GAP, WORD_REACH),
        order=order,
        axis=chars.axis[first][order],
    )


def _pitches(chars: Track, runs: Sequence[NDArray[np.int64]]) -> list[float]:
    """Median gap between each run's glyphs in ems, 0 for a single one."""
    seen = np.concatenate(runs)
    gaps = ((chars.start[seen[1:]] - chars.end[seen[:-1]]) / chars.size[seen[1:]]).tolist()
    stops = np.cumsum([run.size for run in runs]).tolist()
    return [
        max(0.0, middle(gaps[stop - run.size : stop - 1]))
        for run, stop in zip(runs, stops, strict=True)
    ]


def _join_near(
    chars: Track, runs: list[NDArray[np.int64]], barriers: NDArray[np.float64]
) -> list[NDArray[np.int64]]:
    """Runs that follow each other on one axis with no gutter between, as one."""
    if len(runs) < 2:
        return runs
    ends = _ends(chars, runs)
    follower: dict[int, int] = {}
    claimed: dict[int, tuple[float, int]] = {}
    for i, j, gap in _followers(chars, ends):
        if _parted(chars, int(ends.last[i]), int(ends.first[j]), barriers):
            continue
        rival = claimed.get(j)
        if rival is None or gap < rival[0]:
            if rival is not None:
                del follower[rival[1]]
            follower[i] = j
            claimed[j] = (gap, i)
    heads = [i for i in range(len(runs)) if i not in claimed]
    result = []
    for head in heads:
        chain = [head]
        while chain[-1] in follower:
            chain.append(follower[chain[-1]])
        result.append(np.concatenate([runs[i] for i in chain]))
    return result


def _followers(chars: Track, ends: _Ends) -> list[tuple[int, int, float]]:
    """(run, the run that goes on after it, gap in points) for all that have such."""
    axis = chars.axis[ends.last]
    window = _OFF_LINE * chars.size.max()
    low = np.searchsorted(ends.axis, axis - window)
    high = np.searchsorted(ends.axis, axis + window)
    found: list[tuple[int, int, float]] = []
    start = 0
    while start < len(axis):
        # As many runs at a time as keep the table of pairs small.
        total = np.cumsum((high - low)[start:])
        stop = start + max(1, int(np.searchsorted(total, _MOST_PAIRS)))
        found.extend(
            _nearest(np.arange(start, stop), low[start:stop], high[start:stop], chars, ends)
        )
        start = stop
    return found


def _nearest(
    run: NDArray[np.int64],
    low: NDArray[np.int64],
    high: NDArray[np.int64],
    chars: Track,
    ends: _Ends,
) -> list[tuple[int, int, float]]:
    """`_followers` of some runs; `low` and `high` bound their candidates in `ends.order`."""
    count = high - low
    i = np.repeat(run, count)
    j = ends.order[np.arange(count.sum()) - np.repeat(np.cumsum(count) - count - low, count)]
    last, first = ends.last[i], ends.first[j]
    size = np.minimum(chars.size[first], chars.size[last])
    large = np.maximum(chars.size[first], chars.size[last])
    gap = chars.start[first] - chars.end[last]
    shift = np.abs(chars.axis[first] - chars.axis[last])
    # Letter-spacing reaches as far as the type that is so set.
    pitch = np.where(size > large / _HEAD_SIZE, np.maximum(ends.pitch[j], ends.pitch[i]), 0)
    limit = np.maximum(ends.reach[i], 2 * pitch + 0.5) * size
    near = (gap > -0.3 * size) & (gap < limit) & (shift < ON_LINE * size)
    # A headline may begin where a column of text ends, but then the file draws it apart.
    drawn = chars.index[first] == chars.index[last] + 1
    near &= large < np.where(drawn, _ONE_DRAWN, _ONE_TYPE) * size
    # Headlines in two inks stand side by side with a narrow gutter between.
    inks = np.abs(chars.color[first] - chars.color[last]).max(axis=1)
    near &= (inks < _ONE_INK) | (gap < _INK_GAP * size)
    # Indices and exponents stand off the line, close to a larger neighbour.
    index = (size < 0.8 * large) & (size > _INDEX * large)
    near |= index & (np.abs(gap) < 0.3 * size) & (shift < _OFF_LINE * large)
    near &= (chars.start[first] > chars.start[last]) & (j != i)
    where = np.flatnonzero(near)
    where = where[np.lexsort((np.abs(gap[where]), i[where]))]
    _, best = np.unique(i[where], return_index=True)
    return [(int(i[k]), int(j[k]), float(abs(gap[k]))) for k in where[best]]


def boxes_of(rows: NDArray[np.float64]) -> tuple[Box, ...]:
    """The rows of an N×4 array as boxes."""
    return tuple(map(Box, *rows.round(2).T.tolist()))
