"""A second look where detection contradicts itself.

In a caption with wide letter-spacing among vertical lines, detection draws boxes down and
across the same letters. Shown those letters alone and a little larger, it knows better.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box
from epaper.reading.tiles import Found
from epaper.reading.tiles_white import lines_by_white

Image = NDArray[np.uint8]
Floats = NDArray[np.float64]
# Lines of an image at some times the working scale, in pixels of that image.
Look = Callable[[Image, float], list[Found]]

# Boxes clash that share so much of the smaller one.
_CLASH = 0.35
# A line so many times as high as another has so much white along its sides in its box.
_MUCH_LARGER, _WHITE = 4.0, 0.12
# Lines that lie in a region by so much are looked for again; others reach out of it.
_WHOLE = 0.95
# Around the boxes in doubt, in their common short side, and how much closer the looks are.
_AROUND, _CLOSER = 0.6, (1.35, 1.8)
# A box of less score is none where it lies over so many lines of more than the other score:
# large letters shine through from the back of the sheet.
_WEAK, _SEVERAL, _CLEAR = 0.75, 2, 0.85
# A line that was found so clearly is not lost: so much of it has to be found again.
_KEPT = 0.6
# More where it is found as a line of its own direction, which lies in it by so much; or all its
# length but for margins, in its short sides.
_KEPT_ALONG, _WITHIN, _MARGIN = 0.75, 0.8, 0.75
# Of a box's short side its letters have so much; so many boxes that clash may be letter-spaced
# lines.
_OF_BOX, _FEWEST = 0.8, 2
# Regions looked at again, the largest first, and the largest of them as a share of the page.
_MOST, _LARGEST = 24, 0.1


def looked_again(image: Image, found: Sequence[Found], look: Look) -> list[Found]:
    """The lines of an RGB page (H, W, 3), those that clash found anew where that settles it."""
    lines = _without_weak(found)
    for closer in _CLOSER:
        lines = _looked(image, lines, look, closer)
    return _told_by_white(image, lines)


def _told_by_white(image: Image, found: Sequence[Found]) -> list[Found]:
    """The lines; where they clash at every look, those that the white between them shows."""
    if not found:
        return []
    lines = list(found)
    em = _OF_BOX * float(np.median([f.short for f in found]))
    for region in _regions(lines):
        inside = [f for f in lines if f.box.share_in(region) > 0.5]
        if region.area > _LARGEST * image.shape[0] * image.shape[1] or len(inside) < _FEWEST:
            continue
        score = float(np.mean([f.score for f in inside]))
        shown = [Found(box, 0.0, score) for box in lines_by_white(image, region, em)]
        if shown and _loses_none(_within(region, inside), shown):
            lines = _exchanged(lines, region, shown)
    return lines


def _without_weak(found: Sequence[Found]) -> list[Found]:
    """The lines without doubtful ones that lie over several clear ones."""
    if not found:
        return []
    clear = np.array([f.score > _CLEAR for f in found])
    over = (_clashes(found) & clear).sum(axis=1)
    return [f for f, n in zip(found, over.tolist(), strict=True) if f.score > _WEAK or n < _SEVERAL]


def _looked(image: Image, found: Sequence[Found], look: Look, closer: float) -> list[Found]:
    lines = list(found)
    whole = Box(0, 0, image.shape[1], image.shape[0])
    regions = [r for r in _regions(lines) if r.area <= _LARGEST * whole.area]
    for region in sorted(regions, key=lambda r: -r.area)[:_MOST]:
        inside = [f for f in lines if f.box.share_in(region) > 0.5]
        if not inside:
            # They were found anew with another region that reaches over this one.
            continue
        short = float(np.median([f.short for f in inside]))
        part = region.grown(_AROUND * short).clipped(whole)
        x0, y0 = round(part.x0), round(part.y0)
        crop = np.ascontiguousarray(image[y0 : round(part.y1), x0 : round(part.x1)])
        again = [replace(f, box=f.box.moved(x0, y0)) for f in look(crop, closer)]
        again = [f for f in again if f.box.share_in(region) > 0.5]
        known = _within(region, inside)
        if again and _loses_none(known, again) and _clashes(again).sum() < _clashes(known).sum():
            lines = _exchanged(lines, region, again)
    return lines


def _within(region: Box, lines: Sequence[Found]) -> list[Found]:
    """The lines, of those that reach out of a region the part that is in it."""
    return [replace(f, box=f.box.clipped(region)) for f in lines]


def _exchanged(lines: Sequence[Found], region: Box, new: Sequence[Found]) -> list[Found]:
    """The lines of a region exchanged for new ones; those that reach out of it stay whole."""
    kept = [f for f in lines if f.box.share_in(region) <= _WHOLE]
    reaching = [f.box for f in kept if f.box.share_in(region) > 0.5]
    return [*kept, *(f for f in new if not any(f.box.share_in(box) > 0.5 for box in reaching))]


def _loses_none(before: Sequence[Found], after: Sequence[Found]) -> bool:
    """True if every clear line of a first look is found in a second, as lines of any direction.

    Found as one of its own direction, it has not lost an end. A box that holds several others
    is no line, however clear: it is a frame with its text.
    """
    clear = [
        f
        for f in before
        if f.score > _CLEAR and sum(x.box.share_in(f.box) > _KEPT for x in before) <= _SEVERAL
    ]
    settled = not _clashes(after).any()
    return all(_is_found(f, after, settled) for f in clear)


def _is_found(line: Found, after: Sequence[Found], settled: bool) -> bool:
    """True if a line is among those of a second look, which is `settled` if none of them clash.

    A closer look draws boxes tighter, and if it is settled only a line's length counts.
    """
    along = [f for f in after if f.upright is line.upright and f.box.share_in(line.box) > _WITHIN]
    if along and settled:
        return line.long - _covered(line, after) < _MARGIN * line.short
    least = _KEPT_ALONG if along else _KEPT
    return sum(f.box.intersection(line.box) for f in after) > least * line.box.area


def _covered(line: Found, after: Sequence[Found]) -> float:
    """How much of a line's length others cover that lie over half of its width."""
    flat = line.box.transposed() if line.upright else line.box
    boxes = [f.box.transposed() if line.upright else f.box for f in after]
    over = [b for b in boxes if b.overlap_y(flat) > 0.5 * flat.height and b.overlap_x(flat) > 0]
    covered, reached = 0.0, flat.x0
    for box in sorted(over, key=lambda b: b.x0):
        end = min(box.x1, flat.x1)
        covered += max(0.0, end - max(box.x0, reached))
        reached = max(reached, end)
    return covered


def _clashes(found: Sequence[Found]) -> NDArray[np.bool_]:
    """Which pairs (N, N) of lines lie over each other."""
    x0, y0, x1, y1 = np.array([(f.box.x0, f.box.y0, f.box.x1, f.box.y1) for f in found]).T
    area = (x1 - x0) * (y1 - y0)
    across = np.minimum(x1[:, None], x1) - np.maximum(x0[:, None], x0)
    down = np.minimum(y1[:, None], y1) - np.maximum(y0[:, None], y0)
    shared = np.maximum(across, 0) * np.maximum(down, 0)
    clash = shared > _CLASH * np.minimum(area[:, None], area)
    np.fill_diagonal(clash, False)
    beside = _beside(x0, y0, x1, y1)
    return np.asarray(clash & ~(beside | beside.T), np.bool_)


def _beside(x0: Floats, y0: Floats, x1: Floats, y1: Floats) -> NDArray[np.bool_]:
    """Which boxes (N, N) are so large a line that the other one lies in the white along its side.

    Detection draws boxes larger than letters, by the more the larger these are: a line close
    under a nameplate lies in the nameplate's box, and contradicts nothing.
    """
    wide, high = x1 - x0, y1 - y0
    short = np.minimum(wide, high)
    down = ((y0 + y1) / 2 - y0[:, None]) / high[:, None]
    along = ((x0 + x1) / 2 - x0[:, None]) / wide[:, None]
    across = np.where((wide >= high)[:, None], down, along)
    return (short[:, None] > _MUCH_LARGER * short) & (np.abs(across - 0.5) > 0.5 - _WHITE)


def _regions(found: Sequence[Found]) -> list[Box]:
    """Boxes around the lines that clash, a box for all that hang together."""
    if not found:
        return []
    clash = _clashes(found)
    regions: list[Box] = []
    for index in np.flatnonzero(clash.any(axis=1)).tolist():
        region = found[index].box
        apart = []
        for other in regions:
            if region.intersection(other) > 0:
                region = region.union(other)
            else:
                apart.append(other)
        regions = [*apart, region]
    return regions
