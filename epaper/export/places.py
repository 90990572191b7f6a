"""Where the parts of a page lie and in which order they are read, for formats of places.

ALTO, PAGE and METS name blocks and pictures by the same ids and list them in the same
groups, so that what one of them points to is there in the others. Lengths are whole
pixels of the image of `Bounds`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise
from math import ceil, floor, inf
from operator import lt
from typing import NamedTuple

from epaper.export.articles import article_pictures
from epaper.export.guids import xml_id
from epaper.export.newsml import reading_order
from epaper.export.told import Corners, Edges, Place, Told, told_line
from epaper.export.xmlio import clean
from epaper.geometry import Box, Transform, hull
from epaper.model import Article, Block, Line, Page, Picture, Role

# Points it takes to enclose something.
_AREA = 3

TOP_ROLES = (Role.MASTHEAD, Role.FOLIO)


class Pixels(NamedTuple):
    """A rectangle of whole pixels inside an image, at least one by one."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def corners(self) -> str:
        """The corners as ``x,y x,y``, clockwise from the left top one."""
        x, y, right, bottom = self.x, self.y, self.right, self.bottom
        return f"{x},{y} {right},{y} {right},{bottom} {x},{bottom}"


@dataclass(frozen=True, slots=True)
class Group:
    """Blocks and pictures read one after the other; `article` is None where none has them."""

    article: Article | None
    members: tuple[Block | Picture, ...]


class Bounds:
    """The image on which boxes are told, and the way there from the page's own pixels.

    It is the page image where that is written, too, as the file `image`. Else it is the
    scan the page was restored from, so that what is written fits the file a reader has;
    without a scan it is the PDF page, drawn at the page's `dpi`.
    """

    def __init__(self, page: Page, image: str = "") -> None:
        self.name = image or page.source.name
        scan = page.scan if not image else None
        self.width = max(1, scan.width if scan else page.width)
        self.height = max(1, scan.height if scan else page.height)
        self.dpi = scan.dpi if scan else page.dpi
        moved = scan is not None and scan.transform != Transform()
        self._way = scan.transform if scan is not None and moved else None
        # Putting down a number takes longer than looking up how it is put down.
        self.written = _written_up_to(max(self.width, self.height))
        # By the identity of lines, which stand beside what is told of them to stay theirs.
        self._told: dict[int, tuple[Line, Told]] = {}
        self._places: dict[int, tuple[Block | Picture, Pixels]] = {}

    def place(self, member: Block | Picture) -> Pixels:
        """The rectangle around a picture, or a block and all its lines; found once."""
        known = self._places.get(id(member))
        if known is None:
            known = self._places[id(member)] = member, self.pixels(member_box(member))
        return known[1]

    def told(self, line: Line) -> Told:
        """The line on the image; found once for all formats that tell it."""
        known = self._told.get(id(line))
        if known is None:
            self.tell([line])
            known = self._told[id(line)]
        return known[1]

    def tell_all(self, page: Page) -> None:
        """Finds what is told of all lines of a page that say something."""
        self.tell(line for block in page.blocks for line in printed_lines(block))

    def tell(self, lines: Iterable[Line]) -> None:
        """Finds what is told of these lines, all at once."""
        new = [line for line in lines if id(line) not in self._told]
        boxes = [(line.box, *line.chars) for line in new]
        edges = self._rounded(list(chain.from_iterable(boxes))) if self._way is None else None
        starts = accumulate(map(len, boxes), initial=0)
        for line, own, at in zip(new, boxes, starts, strict=False):
            end = at + len(own)
            if edges is not None:
                left, top, right, bottom = edges
                each: Edges = left[at:end], top[at:end], right[at:end], bottom[at:end]
            else:
                each = self._edges(own)
            self._told[id(line)] = line, told_line(line, each, self.path, self.rectangle)

    def _edges(self, boxes: Sequence[Box]) -> Edges:
        """The edges of the rectangles of `pixels`."""
        found = self._rounded(boxes) if self._way is None else None
        if found is None:
            places = list(map(self.rectangle, boxes))
            left, top, right, bottom = zip(*places, strict=True) if places else ((), (), (), ())
            return left, top, right, bottom
        return found

    def _rounded(self, boxes: Sequence[Box]) -> Edges | None:
        """Edges in whole pixels, None where not all boxes lie on the image and have a size."""
        if not boxes:
            return [], [], [], []
        left, top = [floor(b.x0) for b in boxes], [floor(b.y0) for b in boxes]
        right, bottom = [ceil(b.x1) for b in boxes], [ceil(b.y1) for b in boxes]
        inside = min(left) >= 0 and min(top) >= 0
        inside = inside and max(right) <= self.width and max(bottom) <= self.height
        if inside and all(map(lt, left, right)) and all(map(lt, top, bottom)):
            return left, top, right, bottom
        return None

    def rectangle(self, box: Box) -> Corners:
        """As `pixels`, by its edges."""
        place = self.pixels(box)
        return place.x, place.y, place.right, place.bottom

    @property
    def straight(self) -> bool:
        """Whether boxes of the page are rectangles on the image, too."""
        return self._way is None

    def pixels(self, box: Box) -> Pixels:
        """The smallest rectangle of whole pixels around `box`, cut at the image's edge."""
        if self._way is not None:
            box = _around(self._led(_corners(box)))
        x, y, right, bottom = floor(box.x0), floor(box.y0), ceil(box.x1), ceil(box.y1)
        if not (0 <= x < right <= self.width and 0 <= y < bottom <= self.height):
            x, y = min(max(0, x), self.width - 1), min(max(0, y), self.height - 1)
            right, bottom = max(x + 1, min(right, self.width)), max(y + 1, min(bottom, self.height))
        return Pixels(x, y, right - x, bottom - y)

    def outline(self, box: Box) -> str:
        """The corners of `box` on the image as ``x,y x,y``, and points between them.

        They are clockwise as printed.
        """
        if self._way is None:
            return self.pixels(box).corners
        corners = _corners(box)
        points = [self._whole(point) for point in self._led([*corners, corners[0]])]
        kept = [a for a, b in pairwise(points) if a != b]
        return _written(kept) if len(kept) >= _AREA else self.pixels(box).corners

    def path(self, start: Place, end: Place) -> str:
        """A line of the page as ``x,y x,y`` on the image, as straight as it is there."""
        if self._way is None:
            (x0, y0), (x1, y1), w = self._whole(start), self._whole(end), self.written
            return f"{w[x0]},{w[y0]} {w[x1]},{w[y1]}"
        return _written([self._whole(point) for point in self._led([start, end])])

    def _led(self, points: Sequence[Place]) -> list[Place]:
        """A polyline on the image, with points between where the page was bent."""
        if self._way is None:
            return list(points)
        step = self._way.mesh.step if self._way.mesh is not None else inf
        found: list[Place] = []
        for (x0, y0), (x1, y1) in pairwise(points):
            count = max(1, ceil(max(abs(x1 - x0), abs(y1 - y0)) / step))
            parts = [k / count for k in range(count)]
            found += [self._way.to_scan(x0 + p * (x1 - x0), y0 + p * (y1 - y0)) for p in parts]
        return [*found, self._way.to_scan(*points[-1])]

    def _whole(self, place: Place) -> tuple[int, int]:
        x, y = round(place[0]), round(place[1])
        if 0 <= x <= self.width and 0 <= y <= self.height:
            return x, y
        return min(max(0, x), self.width), min(max(0, y), self.height)


_WRITTEN: list[str] = []


def _written_up_to(most: int) -> Sequence[str]:
    """The whole numbers from 0 to `most`, at least, in figures."""
    if len(_WRITTEN) <= most:
        _WRITTEN.extend(map(str, range(len(_WRITTEN), most + 1)))
    return _WRITTEN


def _written(points: Iterable[tuple[int, int]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _corners(box: Box) -> list[Place]:
    return [(box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)]


def _around(points: Sequence[Place]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def part_id(article: Article) -> str:
    """The id of an article's part on a page."""
    return xml_id(article.id)


def member_id(member: Block | Picture) -> str:
    """The id of a block or picture."""
    return xml_id(member.id)


def member_box(member: Block | Picture) -> Box:
    """The box of a picture, or that around a block and all its lines."""
    if isinstance(member, Picture):
        return member.box
    return hull([member.box, *(line.box for line in member.lines)])


def printed_lines(block: Block) -> list[Line]:
    """The lines of a block that say something."""
    return [line for line in block.lines if clean(line.text).strip()]


def groups(page: Page) -> list[Group]:
    """All blocks with text and all pictures of a page, each once, in reading order.

    Masthead and folio come first, then the articles, adverts last, then what is in none.
    A picture stands before its caption, else at the end of its article.
    """
    left: dict[str, Block | Picture] = {b.id: b for b in page.blocks if printed_lines(b)}
    left |= {picture.id: picture for picture in page.pictures}
    claimed = {name for article in page.articles for name in article.blocks}
    top = [left.pop(b.id) for b in page.blocks if _on_top(b, claimed) and b.id in left]
    found = [Group(None, tuple(top))]
    for article in reading_order(page):
        names = [name for name in _names(article, page) if name in left]
        found.append(Group(article, tuple(left.pop(name) for name in names)))
    found.append(Group(None, tuple(left.values())))
    return [group for group in found if group.members]


def _on_top(block: Block, claimed: set[str]) -> bool:
    return block.role in TOP_ROLES and block.id not in claimed


def _names(article: Article, page: Page) -> list[str]:
    """Ids of an article's blocks and pictures, each once."""
    own = article_pictures(article, page)
    before = {c.block: c.picture for c in reversed(article.captions) if c.picture in own}
    names: dict[str, None] = {}
    for name in article.blocks:
        if picture := before.get(name):
            names.setdefault(picture)
        names.setdefault(name)
    return list({**names, **dict.fromkeys(own)})


def widest(pieces: Sequence[Pixels]) -> Pixels:
    """The smallest rectangle around all; ValueError where there is none."""
    x, y = min(p.x for p in pieces), min(p.y for p in pieces)
    right, bottom = max(p.right for p in pieces), max(p.bottom for p in pieces)
    return Pixels(x, y, right - x, bottom - y)


def may_be_aside(member: Block | Picture, group: Group) -> bool:
    """Whether it is a running title, which is no part of the print space."""
    return group.article is None and isinstance(member, Block) and member.role is Role.FOLIO


def print_space(found: Sequence[Group], bounds: Bounds) -> Pixels:
    """The rectangle around all that is printed but running titles; else the whole page."""
    held = [m for group in found for m in group.members if not may_be_aside(m, group)]
    if not held:
        return Pixels(0, 0, bounds.width, bounds.height)
    return widest([bounds.place(member) for member in held])
