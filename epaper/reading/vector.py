"""Rules, frames and pictures of a PDF page from its vector paths and placed images.

Lengths are points in the page's upright frame, y down.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import ndimage

from epaper.geometry import Box, hull
from epaper.reading.bars import (
    DOT,
    POINTS_PER_MM,
    THIN,
    TOUCH,
    Area,
    Bar,
    frames_of_bars,
    rows_of_dots,
    styled,
)
from epaper.reading.drawn import Drawn
from epaper.reading.placed import Placed, placed_images

_SMALLEST_PICTURE = 5.0 * POINTS_PER_MM
_SHORTEST_RULE = 4.0 * POINTS_PER_MM
_MOST_AREAS = 500  # the largest; more are the bars and cells of charts
_ROUNDED = 1.2  # sides of a box with rounded corners, over its width and height
# A rule that is not straight: so many times as long as high, of so many strokes, and no higher.
_WAVY, _SWINGS, _HIGH = 15, 12, 4.0 * POINTS_PER_MM
_FLAT = 10  # so many times as long as high, it is no part of a drawing beside it
_WHOLE_PAGE = 0.8  # share of the page from which an area is its ground


@dataclass(frozen=True, slots=True)
class _Art:
    """Box of a path that is neither a stroke nor a rectangle, and whether it may be a letter.

    `stroked` says that it is a stroke alone, without a fill; `pieces` counts its segments.
    """

    box: Box
    lettered: bool
    stroked: bool
    pieces: int

    @property
    def wavy(self) -> bool:
        """Whether it is a rule that is not straight: no letters make so long a path."""
        short, long = sorted((self.box.width, self.box.height))
        flat = short < _HIGH and long > _WAVY * short
        return self.stroked and self.pieces >= _SWINGS and flat

    @property
    def flat(self) -> bool:
        """Whether it runs along a drawing, as wavy rules between columns do, and is none."""
        short, long = sorted((self.box.width, self.box.height))
        return self.stroked and long > _FLAT * short


@dataclass(frozen=True)
class Graphics:
    """What stands on a page besides text. `images` and `drawings` are picture boxes.

    `grounds` are all filled areas in drawing order, whole-page ones included. `outlines`
    are those drawings that may be type: it is filled or curved, never all straight strokes.
    Images too small for pictures make `scraps` true, and so does one of the whole page.
    `placed` are the images as they are drawn, `paths` the boxes of all that is drawn besides.
    """

    bars: tuple[Bar, ...]
    frames: tuple[Area, ...]
    grounds: tuple[Area, ...]
    images: tuple[Box, ...]
    drawings: tuple[Box, ...]
    outlines: tuple[Box, ...]
    page_image: bool
    scraps: bool
    placed: tuple[Placed, ...]
    paths: tuple[Box, ...]


def read_graphics(page: Any, drawn: Drawn) -> Graphics:
    """Sorts every path and image of the page into rules, frames and pictures."""
    ground = Box(0.0, 0.0, page.rect.width, page.rect.height)
    bars, areas, art = _paths(page, ground)
    paths = [b.box for b in bars] + [a.box for a in areas] + [a.box for a in art]
    bars = styled(bars)
    bars, made = frames_of_bars(bars)
    bars += [Bar(a.box, "wavy") for a in art if a.wavy]
    sides = [a for a in _largest(areas) if max(a.box.width, a.box.height) > DOT]
    strokes = _merged([a for a in sides if not _whole(a.box, ground)] + list(made))
    found, shades = placed_images(drawn)
    placed = [p for p in found if p.box.intersection(ground) > 0]
    joined = _tiles_joined([p.box.clipped(ground) for p in placed])
    images = tuple(b for b in joined if _picture_size(b))
    drawings = _drawings([a for a in art if not a.flat], ground)
    return Graphics(
        bars=tuple(b for b in bars if max(b.box.width, b.box.height) >= _SHORTEST_RULE),
        frames=strokes,
        grounds=tuple(a for a in areas if a.fill is not None),
        images=tuple(b for b in images if not _whole(b, ground)),
        drawings=tuple(drawings),
        outlines=tuple(box for box, lettered in drawings.items() if lettered),
        page_image=any(_whole(b, ground) for b in images),
        scraps=any(not _picture_size(b) or _whole(b, ground) for b in joined),
        placed=tuple(placed),
        paths=(*paths, *shades),
    )


def _whole(box: Box, ground: Box) -> bool:
    return box.intersection(ground) >= _WHOLE_PAGE * ground.area


def _picture_size(box: Box) -> bool:
    return min(box.width, box.height) >= _SMALLEST_PICTURE


def _box(rect: Any, matrix: Any) -> Box:
    """A PyMuPDF rectangle in the upright frame."""
    (x0, y0), (x1, y1) = _point(rect[:2], matrix), _point(rect[2:], matrix)
    return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _point(point: Any, matrix: Any) -> tuple[float, float]:
    x, y = point
    return (
        x * matrix.a + y * matrix.c + matrix.e,
        x * matrix.b + y * matrix.d + matrix.f,
    )


def _quad(corners: Any, matrix: Any) -> Box | None:
    """The quad as a box where it lies parallel to the axes."""
    points = [_point(corner, matrix) for corner in corners]
    box = hull(Box(x, y, x, y) for x, y in points)
    return box if all(_at_corner(p, box, 0.5) for p in points) else None


def _at_corner(point: tuple[float, float], box: Box, slack: float) -> bool:
    x, y = point
    return (
        min(abs(x - box.x0), abs(x - box.x1)) <= slack
        and min(abs(y - box.y0), abs(y - box.y1)) <= slack
    )


def _rgb(color: Any) -> int | None:
    if color is None:
        return None
    parts = tuple(color) * 3 if len(color) == 1 else tuple(color)
    red, green, blue = (round(255 * min(1.0, max(0.0, float(c)))) for c in parts[:3])
    return red << 16 | green << 8 | blue


def _paths(page: Any, ground: Box) -> tuple[list[Bar], list[Area], list[_Art]]:
    """Thin strokes, rectangles and everything else that is drawn."""
    bars: list[Bar] = []
    areas: list[Area] = []
    art: list[_Art] = []
    dots: list[Area] = []
    matrix = page.rotation_matrix
    for path in page.get_cdrawings():
        if path["type"] not in ("f", "s", "fs") or path.get("fill_opacity", 1) == 0:
            continue
        box = _box(path["rect"], matrix)
        if box.overlap_x(ground) < -1 or box.overlap_y(ground) < -1:
            continue
        for part in _rectangles(path, matrix):
            _sort_rectangle(path, part.clipped(ground), bars, areas, dots)
        lines, odd = _segments(path, matrix)
        bars.extend(replace(bar, box=bar.box.clipped(ground)) for bar in lines)
        if odd:
            lettered = "f" in path["type"] or any(item[0] == "c" for item in path["items"])
            stroked = "f" not in path["type"]
            art.append(_Art(box.clipped(ground), lettered, stroked, len(path["items"])))
    rows, alone = rows_of_dots([dot.box for dot in dots])
    return bars + rows, areas + [dots[k] for k in alone], art


def _rectangles(path: dict[str, Any], matrix: Any) -> list[Box]:
    """The axis-parallel rectangles among a path's items."""
    found = []
    for item in path["items"]:
        if item[0] == "re":
            found.append(_box(item[1], matrix))
        elif item[0] == "qu" and (quad := _quad(item[1], matrix)) is not None:
            found.append(quad)
    if not found and _is_rectangle(path):
        found.append(_box(path["rect"], matrix))
    return found


def _is_rectangle(path: dict[str, Any]) -> bool:
    """Whether the path is one closed outline of a rectangle.

    Sides of a CSS border are mitred, so a thin one may end aslant; the corners of an
    area may be rounded.
    """
    items = path["items"]
    x0, y0, x1, y1 = path["rect"]
    box = Box(x0, y0, x1, y1)
    thin = min(box.width, box.height)
    kinds = [item[0] for item in items]
    if thin > THIN and set(kinds) == {"c", "l"}:
        sides = [item[1:3] for item in items if item[0] == "l"]
        if len(sides) > 5 or not all(_upright(*side) for side in sides):
            return False
        return kinds.count("c") == 4 or _along(sides, box) >= _ROUNDED * (box.width + box.height)
    if len(items) not in (3, 4) or set(kinds) != {"l"}:
        return False
    if len(items) == 3 and not path.get("closePath") and path["type"] == "s":
        return False
    slack = max(0.5, thin) if thin < THIN else 0.5
    corners = [item[1] for item in items] + [items[-1][2]]
    return all(_at_corner(corner, box, slack) for corner in corners)


def _along(sides: Sequence[Any], box: Box) -> float:
    """Length of those segments that lie on the sides of a box."""
    found = 0.0
    for (ax, ay), (bx, by) in sides:
        upright = abs(ax - bx) < abs(ay - by)
        off = min(abs(ax - box.x0), abs(ax - box.x1), abs(bx - box.x0), abs(bx - box.x1))
        if not upright:
            off = min(abs(ay - box.y0), abs(ay - box.y1), abs(by - box.y0), abs(by - box.y1))
        found += (abs(ax - bx) + abs(ay - by)) if off <= 0.5 else 0.0
    return found


def _upright(start: Any, end: Any) -> bool:
    """Whether a segment lies parallel to an axis."""
    return bool(min(abs(start[0] - end[0]), abs(start[1] - end[1])) <= 0.5)


def _sort_rectangle(
    path: dict[str, Any], box: Box, bars: list[Bar], areas: list[Area], dots: list[Area]
) -> None:
    fill = _rgb(path.get("fill")) if "f" in path["type"] else None
    stroked = "s" in path["type"]
    thin = min(box.width, box.height)
    if thin <= THIN and max(box.width, box.height) >= 3 * thin:
        if fill != 0xFFFFFF or stroked:
            bars.append(Bar(box))
    elif max(box.width, box.height) <= DOT and fill is not None:
        dots.append(Area(box, stroked, fill, path["seqno"]))
    else:
        areas.append(Area(box, stroked, fill, path["seqno"]))


def _segments(path: dict[str, Any], matrix: Any) -> tuple[list[Bar], bool]:
    """Axis-parallel strokes of a path, and whether it holds anything else."""
    if _is_rectangle(path):
        return [], False
    half = max(path.get("width") or 0.0, 0.1) / 2
    dotted = path.get("dashes", "[] 0") not in ("[] 0", "[ ] 0", "")
    bars: list[Bar] = []
    odd = False
    for item in path["items"]:
        if item[0] in ("re", "qu"):
            odd |= item[0] == "qu" and _quad(item[1], matrix) is None
            continue
        if item[0] != "l" or path["type"] == "f":
            odd = True
            continue
        if not _upright(item[1], item[2]):
            odd = True
            continue
        box = hull(Box(x, y, x, y) for x, y in (_point(p, matrix) for p in item[1:3]))
        grown = box.grown(0, half) if box.width >= box.height else box.grown(half, 0)
        bars.append(Bar(grown, "dotted" if dotted else "solid"))
    return bars, odd


def _largest(areas: list[Area]) -> list[Area]:
    """The largest areas, still in drawing order."""
    if len(areas) <= _MOST_AREAS:
        return areas
    least = sorted((a.box.area for a in areas), reverse=True)[_MOST_AREAS]
    return [a for a in areas if a.box.area > least]


def _merged(areas: list[Area]) -> tuple[Area, ...]:
    """Fill and stroke of one rectangle as one frame; white grounds fall away."""
    result: list[Area] = []
    for area in areas:
        twin = next((k for k, a in enumerate(result) if _alike(a.box, area.box)), None)
        if twin is None:
            result.append(area)
            continue
        known = result[twin]
        fill = area.fill if area.fill is not None else known.fill
        result[twin] = Area(known.box, known.stroked or area.stroked, fill, known.order)
    return tuple(a for a in result if a.stroked or a.fill not in (None, 0xFFFFFF))


def _alike(one: Box, other: Box) -> bool:
    return one.contains(other, 2 * TOUCH) and other.contains(one, 2 * TOUCH)


def _tiles_joined(boxes: list[Box]) -> list[Box]:
    """Images cut into strips or tiles, put together again.

    Two join where they touch along a whole side, so that the union is a rectangle; rows
    of tiles become strips in one pass and the image in the next.
    """
    joined = list(boxes)
    while True:
        result: list[Box] = []
        for box in joined:
            at = next((k for k, b in enumerate(result) if _one_rectangle(b, box)), None)
            if at is None:
                result.append(box)
            else:
                result[at] = result[at].union(box)
        if len(result) == len(joined):
            return result
        joined = result


def _one_rectangle(one: Box, other: Box) -> bool:
    if one.contains(other, TOUCH) or other.contains(one, TOUCH):
        return True
    beside = abs(one.y0 - other.y0) < TOUCH and abs(one.y1 - other.y1) < TOUCH
    stacked = abs(one.x0 - other.x0) < TOUCH and abs(one.x1 - other.x1) < TOUCH
    return (beside and abs(one.overlap_x(other)) < TOUCH) or (
        stacked and abs(one.overlap_y(other)) < TOUCH
    )


def _drawings(art: list[_Art], ground: Box) -> dict[Box, bool]:
    """Clusters of curved or slanted paths big enough to be a picture; which may be type.

    Boxes are marked on a grid of millimetres; cells that touch belong together.
    """
    if not art:
        return {}
    cell = POINTS_PER_MM
    grid = np.zeros((int(ground.height / cell) + 2, int(ground.width / cell) + 2), dtype=np.bool_)
    for box in (a.box for a in art):
        rows = slice(int(box.y0 / cell), int(box.y1 / cell) + 1)
        grid[rows, int(box.x0 / cell) : int(box.x1 / cell) + 1] = True
    marks, _ = ndimage.label(grid, structure=np.ones((3, 3)))
    clusters: defaultdict[int, list[_Art]] = defaultdict(list)
    for piece in art:
        at = int(piece.box.y0 / cell), int(piece.box.x0 / cell)
        clusters[int(marks[at])].append(piece)
    hulls = {hull(p.box for p in c): any(p.lettered for p in c) for c in clusters.values()}
    return {b: may for b, may in hulls.items() if _picture_size(b) and not _whole(b, ground)}
