"""Drawing of a page's structure over its image. Boxes are pixels of the source page."""

from __future__ import annotations

import colorsys
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import pymupdf
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from epaper.geometry import Box

MAX_HEIGHT = 2400
_LEGEND_WIDTH = 460
_TEXT = 16
_LEGEND_TEXT = 20
_LIGHTEN = 0.45
_FILL = 46
_HATCH_STEP = 22
_DASH = 9
_GOLDEN = 0.618034
_GREY = (120, 120, 120)
_RED = (220, 0, 0)

Colour = tuple[int, int, int]
Point = tuple[float, float]


@dataclass(frozen=True)
class Shape:
    """A box to draw. `story` is None for what belongs to no article."""

    box: Box
    label: str
    story: str | None = None
    heavy: bool = False
    hatched: bool = False


@dataclass(frozen=True)
class Scene:
    """All that is drawn: stories as (id, title), shapes, reading order, links, doubts.

    `orders` holds a chain of boxes a story, `links` pairs of boxes (picture, article),
    `doubts` the boxes to mark.
    """

    width: float
    height: float
    stories: tuple[tuple[str, str], ...]
    shapes: tuple[Shape, ...]
    orders: tuple[tuple[str, tuple[Box, ...]], ...] = ()
    links: tuple[tuple[str, Box, Box], ...] = ()
    doubts: tuple[Box, ...] = ()


def render(scene: Scene, image: NDArray[np.uint8] | None = None) -> Image.Image:
    """The scene over `image` (RGB, height x width x 3; white where None), legend at the right.

    The page is scaled down to at most `MAX_HEIGHT` pixels, never up.
    """
    scale = min(1.0, MAX_HEIGHT / max(scene.height, 1))
    size = max(1, round(scene.width * scale)), max(1, round(scene.height * scale))
    page = _ground(image, size).convert("RGBA")
    layer = Image.new("RGBA", size)
    _Painter(layer, scene, scale).paint()
    page.alpha_composite(layer)
    return _with_legend(page.convert("RGB"), scene)


def colours(stories: Sequence[str]) -> dict[str, Colour]:
    """A colour a story; hues step by the golden ratio, so that neighbours differ."""
    found: dict[str, Colour] = {}
    for n, story in enumerate(stories):
        value = 0.78 if n % 2 else 0.6
        red, green, blue = colorsys.hsv_to_rgb(n * _GOLDEN % 1, 0.95, value)
        found[story] = (round(red * 255), round(green * 255), round(blue * 255))
    return found


def _ground(image: NDArray[np.uint8] | None, size: tuple[int, int]) -> Image.Image:
    white = Image.new("RGB", size, "white")
    if image is None:
        return white
    scaled = Image.fromarray(image).convert("RGB").resize(size, Image.Resampling.BOX)
    return Image.blend(scaled, white, _LIGHTEN)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    """A face with Chinese and Latin characters; PyMuPDF carries one."""
    face: bytes = pymupdf.Font("china-s").buffer  # type: ignore[no-untyped-call]
    return ImageFont.truetype(io.BytesIO(face), size)


class _Painter:
    """Paints a scene on a transparent layer, `scale` layer pixels to a page pixel."""

    def __init__(self, layer: Image.Image, scene: Scene, scale: float) -> None:
        self._layer = layer
        self._pen = ImageDraw.Draw(layer)
        self._scene = scene
        self._scale = scale
        self._colours = colours([story for story, _ in scene.stories])

    def paint(self) -> None:
        for shape in self._scene.shapes:
            self._shape(shape)
        for story, boxes in self._scene.orders:
            self._order(story, boxes)
        for story, picture, article in self._scene.links:
            self._dashes(_centre(self._at(picture)), _centre(self._at(article)), story)
        for shape in self._scene.shapes:
            self._label(shape)
        for box in self._scene.doubts:
            self._doubt(self._at(box))

    def _at(self, box: Box) -> Box:
        return box.scaled(self._scale)

    def _colour(self, story: str | None) -> Colour:
        return self._colours.get(story, _GREY) if story is not None else _GREY

    def _shape(self, shape: Shape) -> None:
        box, colour = self._at(shape.box), self._colour(shape.story)
        corners = (box.x0, box.y0, box.x1, box.y1)
        if shape.hatched:
            self._hatch(box, colour)
        self._tint(box, colour)
        self._pen.rectangle(corners, outline=(*colour, 255), width=5 if shape.heavy else 2)

    def _tint(self, box: Box, colour: Colour) -> None:
        """Adds the colour to what is there, so that boxes over each other show."""
        inside = box.clipped(Box(0, 0, *self._layer.size))
        size = math.ceil(inside.width), math.ceil(inside.height)
        if min(size) > 0:
            tile = Image.new("RGBA", size, (*colour, _FILL))
            self._layer.alpha_composite(tile, (int(inside.x0), int(inside.y0)))

    def _hatch(self, box: Box, colour: Colour) -> None:
        start = box.x0 - box.height
        for step in range(math.ceil((box.width + box.height) / _HATCH_STEP)):
            # The stroke from (x, y1) up to (x + height, y0), cut at the box's sides.
            x = start + step * _HATCH_STEP
            left, right = max(x, box.x0), min(x + box.height, box.x1)
            if left < right:
                ends = ((left, box.y1 - (left - x)), (right, box.y1 - (right - x)))
                self._pen.line(ends, fill=(*colour, 150), width=2)

    def _order(self, story: str, boxes: Sequence[Box]) -> None:
        colour = (*self._colour(story), 230)
        centres = [_centre(self._at(box)) for box in boxes]
        for start, end in pairwise(centres):
            self._arrow(start, end, colour)
        for number, (x, y) in enumerate(centres, 1):
            self._pen.ellipse((x - 13, y - 13, x + 13, y + 13), fill=(255, 255, 255, 235))
            self._pen.ellipse((x - 13, y - 13, x + 13, y + 13), outline=colour, width=2)
            self._pen.text((x, y), str(number), colour, _font(_TEXT), anchor="mm")

    def _arrow(self, start: Point, end: Point, colour: tuple[int, ...]) -> None:
        length = math.dist(start, end)
        if length < 1:
            return
        ux, uy = (end[0] - start[0]) / length, (end[1] - start[1]) / length
        tip = (end[0] - ux * 14, end[1] - uy * 14)
        back = (tip[0] - ux * 14, tip[1] - uy * 14)
        wings = [(back[0] - uy * side, back[1] + ux * side) for side in (7, -7)]
        self._pen.line((start, back), fill=colour, width=3)
        self._pen.polygon((tip, *wings), fill=colour)

    def _dashes(self, start: Point, end: Point, story: str) -> None:
        length = math.dist(start, end)
        for begin in range(0, math.floor(length), _DASH * 2):
            dash = (_between(start, end, part / length) for part in (begin, begin + _DASH))
            self._pen.line(tuple(dash), fill=(*self._colour(story), 230), width=3)

    def _label(self, shape: Shape) -> None:
        box = self._at(shape.box)
        place = (box.x0 + 4, box.y0 + 2)
        ground = self._pen.textbbox(place, shape.label, _font(_TEXT))
        self._pen.rectangle(ground, fill=(255, 255, 255, 215))
        self._pen.text(place, shape.label, (*self._colour(shape.story), 255), _font(_TEXT))

    def _doubt(self, box: Box) -> None:
        x, y = box.x1 - 16, box.y0 + 16
        self._pen.ellipse((x - 15, y - 15, x + 15, y + 15), fill=(*_RED, 255))
        self._pen.text((x, y), "!", (255, 255, 255, 255), _font(26), anchor="mm")


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _centre(box: Box) -> Point:
    return box.cx, box.cy


def _with_legend(page: Image.Image, scene: Scene) -> Image.Image:
    """The page with its stories listed in their colours to the right of it."""
    row = _LEGEND_TEXT + 10
    notes = ("dashed: picture to article", "grey: in no article", "!: doubt")
    height = max(page.height, row * (len(scene.stories) + len(notes) + 2))
    sheet = Image.new("RGB", (page.width + _LEGEND_WIDTH, height), "white")
    sheet.paste(page, (0, 0))
    pen = ImageDraw.Draw(sheet)
    palette = colours([story for story, _ in scene.stories])
    x, y = page.width + 16, 16
    for story, title in scene.stories:
        pen.rectangle((x, y, x + _LEGEND_TEXT, y + _LEGEND_TEXT), fill=palette[story])
        text = f"{story} {title}"[:21]
        pen.text((x + row, y), text, palette[story], _font(_LEGEND_TEXT))
        y += row
    for note in notes:
        pen.text((x, y + row // 2), note, _RED if note[0] == "!" else _GREY, _font(_LEGEND_TEXT))
        y += row
    return sheet
