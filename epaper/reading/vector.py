"""Rules, frames and pictures of a PDF page from its vector paths and placed images.

Lengths are points in the page's upright frame, y down.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from epaper.geometry import Box, hull
from epaper.reading.placed import placed_images

POINTS_PER_MM = 72 / 25.4
_THIN = 2.0 * POINTS_PER_MM  # a filled bar thicker than this is an area
_SMALLEST_PICTURE = 5.0 * POINTS_PER_MM
_TOUCH = 1.5  # points between ends that are meant to meet
_DOUBLE = 1.5 * POINTS_PER_MM  # between the strokes of a double rule
_SHORTEST_RULE = 4.0 * POINTS_PER_MM
_WHOLE_PAGE = 0.8  # share of the page from which an area is its ground


@dataclass(frozen=True)
class Bar:
    """A straight stroke. `box` is its ink; `style` solid, double or dotted."""

    box: Box
    style: str = "solid"

    @property
    def horizontal(self) -> bool:
        return self.box.width >= self.box.height


@dataclass(frozen=True)
class Area:
    """A rectangle, filled with `fill` (0xRRGGBB) and/or stroked; `order` of drawing."""

    box: Box
    stroked: bool
    fill: int | None
    order: int


@dataclass(frozen=True)
class Graphics:
    """What stands on a page besides text. `images` and `drawings` are picture boxes.

    `grounds` are all filled areas in drawing order, whole-page ones included.
    """

    bars: tuple[Bar, ...]
    frames: tuple[Area, ...]
    grounds: tuple[Area, ...]
    images: tuple[Box, ...]
    drawings: tuple[Box, ...]
    page_image: bool


def read_graphics(page: Any) -> Graphics:
    """Sorts every path and image of the page into rules, frames and pictures."""
    ground = Box(0.0, 0.0, page.rect.width, page.rect.height)
    bars, areas, art = _paths(page, ground)
    bars = _styled(bars)
    bars, made = _frames_of_bars(bars)
    strokes = _merged(tuple(a for a in areas if not _whole(a.box, ground)) + made)
    placed = [b.clipped(ground) for b in placed_images(page) if b.intersection(ground) > 0]
    images = tuple(b for b in _tiles_joined(placed) if _picture_size(b))
    return Graphics(
        bars=tuple(b for b in bars if max(b.box.width, b.box.height) >= _SHORTEST_RULE),
        frames=strokes,
        grounds=tuple(a for a in areas if a.fill is not None),
        images=tuple(b for b in images if not _whole(b, ground)),
        drawings=_drawings(art, ground),
        page_image=any(_whole(b, ground) for b in images),
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


def _paths(page: Any, ground: Box) -> tuple[list[Bar], list[Area], list[Box]]:
    """Thin strokes, rectangles and everything else that is drawn."""
    bars: list[Bar] = []
    areas: list[Area] = []
    art: list[Box] = []
    matrix = page.rotation_matrix
    for path in page.get_cdrawings():
        if path["type"] not in ("f", "s", "fs") or path.get("fill_opacity", 1) == 0:
            continue
        box = _box(path["rect"], matrix)
        if box.overlap_x(ground) < -1 or box.overlap_y(ground) < -1:
            continue
        for part in _rectangles(path, matrix):
            _sort_rectangle(path, part.clipped(ground), bars, areas)
        lines, odd = _segments(path, matrix)
        bars.extend(replace(bar, box=bar.box.clipped(ground)) for bar in lines)
        if odd:
            art.append(box.clipped(ground))
    return bars, areas, art


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
    if thin > _THIN and kinds.count("c") == 4 and set(kinds) == {"c", "l"}:
        sides = [item for item in items if item[0] == "l"]
        return len(sides) <= 5 and all(_upright(item[1], item[2]) for item in sides)
    if len(items) not in (3, 4) or set(kinds) != {"l"}:
        return False
    if len(items) == 3 and not path.get("closePath") and path["type"] == "s":
        return False
    slack = max(0.5, thin) if thin < _THIN else 0.5
    corners = [item[1] for item in items] + [items[-1][2]]
    return all(_at_corner(corner, box, slack) for corner in corners)


def _upright(start: Any, end: Any) -> bool:
    """Whether a segment lies parallel to an axis."""
    return bool(min(abs(start[0] - end[0]), abs(start[1] - end[1])) <= 0.5)


def _sort_rectangle(path: dict[str, Any], box: Box, bars: list[Bar], areas: list[Area]) -> None:
    fill = _rgb(path.get("fill")) if "f" in path["type"] else None
    stroked = "s" in path["type"]
    thin = min(box.width, box.height)
    if thin <= _THIN and max(box.width, box.height) >= 3 * thin:
        if fill != 0xFFFFFF or stroked:
            bars.append(Bar(box))
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


def _styled(bars: list[Bar]) -> list[Bar]:
    """Bars with dashes joined into dotted rules and close pairs into double ones."""
    flat = [b for b in bars if b.horizontal]
    steep = [b for b in bars if not b.horizontal]
    result: list[Bar] = []
    for kind, flip in ((flat, False), (steep, True)):
        joined = _joined([_flipped(b) if flip else b for b in kind])
        paired = _paired(joined)
        result.extend(_flipped(b) if flip else b for b in paired)
    return result


def _flipped(bar: Bar) -> Bar:
    box = bar.box
    return Bar(Box(box.y0, box.x0, box.y1, box.x1), bar.style)


def _joined(bars: list[Bar]) -> list[Bar]:
    """Horizontal pieces that follow each other on one level, as one bar."""
    result: list[Bar] = []
    pieces = 0
    for bar in sorted(bars, key=lambda b: (round(b.box.cy), b.box.x0)):
        last = result[-1] if result else None
        same = last is not None and abs(last.box.cy - bar.box.cy) < 0.6
        gap = bar.box.x0 - last.box.x1 if last is not None else 0.0
        dash = max(_TOUCH, 2 * bar.box.width if bar.box.width < 3 * POINTS_PER_MM else 0.0)
        if last is not None and same and gap <= dash:
            pieces += gap > 0.3
            style = "dotted" if pieces >= 3 else last.style
            result[-1] = Bar(last.box.union(bar.box), style)
        else:
            pieces = 0
            result.append(bar)
    return result


def _paired(bars: list[Bar]) -> list[Bar]:
    """Parallel horizontal bars of one extent, close together, as one double rule."""
    result: list[Bar] = []
    for bar in sorted(bars, key=lambda b: (b.box.y0, b.box.x0)):
        partner = next(
            (
                k
                for k, other in enumerate(result)
                if 0 < bar.box.y0 - other.box.y1 <= _DOUBLE
                and abs(bar.box.x0 - other.box.x0) < 2 * _TOUCH
                and abs(bar.box.x1 - other.box.x1) < 2 * _TOUCH
            ),
            None,
        )
        if partner is None:
            result.append(bar)
        else:
            result[partner] = Bar(result[partner].box.union(bar.box), "double")
    return result


def _frames_of_bars(bars: list[Bar]) -> tuple[list[Bar], tuple[Area, ...]]:
    """Frames whose four sides were drawn one by one (CSS borders), and the bars left."""
    flat = sorted((b for b in bars if b.horizontal), key=lambda b: b.box.y0)
    steep = sorted((b for b in bars if not b.horizontal), key=lambda b: b.box.x0)
    used: set[int] = set()
    frames = []
    for i, top in enumerate(flat):
        for bottom in flat[i + 1 :]:
            if id(top) in used or id(bottom) in used or not _same_span(top.box, bottom.box):
                continue
            whole = top.box.union(bottom.box)
            left = _side(steep, whole, whole.x0, used)
            right = _side(steep, whole, whole.x1, used)
            if left is not None and right is not None and left is not right:
                used.update(map(id, (top, bottom, left, right)))
                frames.append(Area(whole.union(left.box).union(right.box), True, None, -1))
    return [b for b in bars if id(b) not in used], tuple(frames)


def _same_span(one: Box, other: Box) -> bool:
    reach = 2 * _TOUCH
    return abs(one.x0 - other.x0) <= reach and abs(one.x1 - other.x1) <= reach


def _side(steep: list[Bar], whole: Box, x: float, used: set[int]) -> Bar | None:
    reach = 2 * _TOUCH
    for bar in steep:
        box = bar.box
        if (
            id(bar) not in used
            and abs(box.cx - x) <= reach
            and abs(box.y0 - whole.y0) <= reach
            and abs(box.y1 - whole.y1) <= reach
        ):
            return bar
    return None


def _merged(areas: tuple[Area, ...]) -> tuple[Area, ...]:
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
    return one.contains(other, 2 * _TOUCH) and other.contains(one, 2 * _TOUCH)


def _tiles_joined(boxes: list[Box]) -> list[Box]:
    """Images cut into strips or tiles, put together again.

    Two join where they touch along a whole side, so that the union is a rectangle.
    """
    result = list(boxes)
    merged = True
    while merged:
        merged = False
        for i in range(len(result)):
            for j in range(i + 1, len(result)):
                if _one_rectangle(result[i], result[j]):
                    result[i] = result[i].union(result.pop(j))
                    merged = True
                    break
            if merged:
                break
    return result


def _one_rectangle(one: Box, other: Box) -> bool:
    if one.contains(other, _TOUCH) or other.contains(one, _TOUCH):
        return True
    beside = abs(one.y0 - other.y0) < _TOUCH and abs(one.y1 - other.y1) < _TOUCH
    stacked = abs(one.x0 - other.x0) < _TOUCH and abs(one.x1 - other.x1) < _TOUCH
    return (beside and abs(one.overlap_x(other)) < _TOUCH) or (
        stacked and abs(one.overlap_y(other)) < _TOUCH
    )


def _drawings(art: list[Box], ground: Box) -> tuple[Box, ...]:
    """Clusters of curved or slanted paths big enough to be a picture."""
    clusters: list[Box] = []
    for box in art:
        current = box
        near = [c for c in clusters if _close(c, current)]
        while near:
            clusters = [c for c in clusters if c not in near]
            current = hull((current, *near))
            near = [c for c in clusters if _close(c, current)]
        clusters.append(current)
    return tuple(b for b in clusters if _picture_size(b) and not _whole(b, ground))


def _close(one: Box, other: Box) -> bool:
    reach = 1.0 * POINTS_PER_MM
    return one.overlap_x(other) > -reach and one.overlap_y(other) > -reach
