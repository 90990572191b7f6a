"""A page as drawing operators: glyphs, rules, tints and pictures, then a PDF.

Positions are millimetres of the page, x to the right, y down.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pymupdf

from epaper.geometry import Box
from epaper.model import WritingMode
from epaper.synth.fonts import Face, embedded
from epaper.synth.setting import Glyph, SetLine, Type
from epaper.synth.stops import ASCENT, stop_shift

# PyMuPDF types only some of its calls.
_mupdf: Any = pymupdf
_K = 72 / 25.4
_MIDDLE = 0.38

Color = tuple[float, float, float]
BLACK: Color = (0.0, 0.0, 0.0)
# Kind of rule → thickness in points and dash pattern.
_STROKES = {
    "thin": (0.4, "[]"),
    "thick": (1.6, "[]"),
    "heavy": (3.2, "[]"),
    "dotted": (0.9, "[0.9 1.8]"),
    "dashed": (0.5, "[4 2.5]"),
}


def _num(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def _rgb(color: Color, operator: str) -> str:
    return " ".join(_num(c) for c in color) + f" {operator}"


class Canvas:
    """Collects the operators of one page of `width` by `height` millimetres."""

    def __init__(self, width: float, height: float) -> None:
        self.width = width
        self.height = height
        self._under: list[str] = []
        self._over: list[str] = []
        self._images: list[tuple[Box, bytes]] = []
        self._faces: dict[Face, str] = {}
        self._chars: dict[Face, dict[int, str]] = {}

    def _x(self, x: float) -> str:
        return _num(x * _K)

    def _y(self, y: float) -> str:
        return _num((self.height - y) * _K)

    def line(
        self,
        line: SetLine,
        kind: Type,
        x: float,
        y: float,
        mode: WritingMode = WritingMode.HORIZONTAL,
    ) -> None:
        """Draw a set line whose em box starts at (x, y): its left top, in vertical its top left."""
        head = ["BT", _rgb(kind.color, "rg")]
        if kind.bold:
            head += [_rgb(kind.color, "RG"), f"2 Tr {_num(kind.points * 0.032)} w 1 j"]
        self._over.extend(head)
        if mode is WritingMode.HORIZONTAL:
            for face, run in groupby(line.glyphs, key=lambda g: g.face):
                self._run(face, list(run), kind, x, y)
        else:
            for glyph in line.glyphs:
                self._upright(glyph, kind, x, y)
        self._over.append("0 Tr ET" if kind.bold else "ET")

    def _font(self, face: Face, points: float) -> str:
        name = self._faces.setdefault(face, f"F{len(self._faces) + 1}")
        return f"/{name} {_num(points)} Tf"

    def _hex(self, face: Face, char: str) -> str:
        gid = face.gid(char)
        self._chars.setdefault(face, {}).setdefault(gid, char)
        return f"<{gid:04x}>"

    def _run(self, face: Face, run: list[Glyph], kind: Type, x: float, y: float) -> None:
        baseline = y + ASCENT * kind.em
        start = run[0].at
        parts, at = [], start
        for glyph in run:
            move = (at - glyph.at) / kind.em / kind.stretch * 1000
            if abs(move) > 0.5:
                parts.append(_num(move))
            parts.append(self._hex(face, glyph.char))
            at = glyph.at + face.advance(glyph.char) * kind.em * kind.stretch
        self._over.append(
            f"{self._font(face, kind.points)} {_num(kind.stretch)} 0 0 1 "
            f"{self._x(x + start)} {self._y(baseline)} Tm [{''.join(parts)}] TJ"
        )

    def _upright(self, glyph: Glyph, kind: Type, x: float, y: float) -> None:
        """A glyph of a vertical line: upright in its cell, or turned with the line."""
        face, em = glyph.face, kind.em
        if not glyph.upright:
            matrix = f"0 {_num(-kind.stretch)} 1 0"
            px, py = x + (0.5 - _MIDDLE) * em, y + glyph.at
        else:
            matrix = f"1 0 0 {_num(kind.stretch)}"
            dx, dy = stop_shift(face, glyph.char)
            px = x + (0.5 - face.advance(glyph.char) / 2 + dx) * em
            py = y + glyph.at + (ASCENT - dy) * em * kind.stretch
        self._over.append(
            f"{self._font(face, kind.points)} {matrix} {self._x(px)} {self._y(py)} Tm "
            f"{self._hex(face, glyph.char)} Tj"
        )

    def rect(
        self,
        box: Box,
        fill: Color | None = None,
        stroke: float = 0.0,
        color: Color = BLACK,
        radius: float = 0.0,
    ) -> None:
        """A tint and/or a frame `stroke` millimetres thick, corners rounded by `radius`."""
        path = (
            self._rounded(box, radius)
            if radius
            else (
                f"{self._x(box.x0)} {self._y(box.y1)} "
                f"{_num(box.width * _K)} {_num(box.height * _K)} re"
            )
        )
        if fill is not None:
            self._under.append(f"{_rgb(fill, 'rg')} {path} f")
        if stroke:
            self._under.append(f"{_rgb(color, 'RG')} {_num(stroke * _K)} w {path} S")

    def band(self, box: Box, fill: Color) -> None:
        """A flat ground over a picture, under the words drawn after it."""
        corner = f"{self._x(box.x0)} {self._y(box.y1)}"
        size = f"{_num(box.width * _K)} {_num(box.height * _K)}"
        self._over.append(f"{_rgb(fill, 'rg')} {corner} {size} re f")

    def _rounded(self, box: Box, radius: float) -> str:
        bend = radius * 0.4477
        points = []
        corners = (
            (box.x0, box.y0, 0, 1, 1, 0),
            (box.x1, box.y0, -1, 0, 0, 1),
            (box.x1, box.y1, 0, -1, -1, 0),
            (box.x0, box.y1, 1, 0, 0, -1),
        )
        for i, (cx, cy, ax, ay, bx, by) in enumerate(corners):
            start = (cx + ax * radius, cy + ay * radius)
            one = (cx + ax * bend, cy + ay * bend)
            two = (cx + bx * bend, cy + by * bend)
            end = (cx + bx * radius, cy + by * radius)
            points.append(f"{self._x(start[0])} {self._y(start[1])} {'l' if i else 'm'}")
            points.append(
                " ".join(f"{self._x(px)} {self._y(py)}" for px, py in (one, two, end)) + " c"
            )
        return " ".join(points) + " h"

    def rule(self, along: Box, kind: str = "thin", color: Color = BLACK) -> None:
        """A straight rule: thin, thick, heavy, double, thickthin, dotted, dashed or wavy.

        It runs along the longer side of `along`, which may have no thickness.
        """
        stroke = _rgb(color, "RG")
        down = along.width < along.height
        if kind in ("double", "thickthin"):
            for offset, weight in ((-0.4, 0.3 if kind == "double" else 0.9), (0.4, 0.3)):
                self._over.append(f"{stroke} {_num(weight)} w {self._path(along, down, offset)}")
        elif kind == "wavy":
            self._over.append(f"{stroke} 0.6 w {self._wave(along, down)}")
        else:
            weight, dash = _STROKES[kind]
            self._over.append(
                f"{stroke} {_num(weight)} w {dash} 0 d {self._path(along, down, 0.0)} [] 0 d"
            )

    def _path(self, along: Box, down: bool, offset: float) -> str:
        if down:
            ends = ((along.cx + offset, along.y0), (along.cx + offset, along.y1))
        else:
            ends = ((along.x0, along.cy + offset), (along.x1, along.cy + offset))
        (ax, ay), (bx, by) = ends
        return f"{self._x(ax)} {self._y(ay)} m {self._x(bx)} {self._y(by)} l S"

    def _wave(self, along: Box, down: bool) -> str:
        length = along.height if down else along.width
        steps = max(4, int(length / 0.5))
        points = []
        for i in range(steps + 1):
            at, swing = length * i / steps, 0.5 * math.sin(i * math.pi / 2)
            x, y = (along.cx + swing, along.y0 + at) if down else (along.x0 + at, along.cy + swing)
            points.append(f"{self._x(x)} {self._y(y)} {'l' if i else 'm'}")
        return " ".join(points) + " S"

    def strokes(self, lines: Sequence[Sequence[tuple[float, float]]], weight: float) -> None:
        """Lines of a drawing through the given points, `weight` millimetres thick."""
        self._under.append(f"{_rgb(BLACK, 'RG')} {_num(weight * _K)} w 1 j")
        for points in lines:
            path = [
                f"{self._x(x)} {self._y(y)} {'l' if i else 'm'}" for i, (x, y) in enumerate(points)
            ]
            self._under.append(" ".join(path) + " S")
        self._under.append("0 j")

    def image(self, box: Box, data: bytes) -> None:
        """A picture, JPEG or PNG, that fills `box`."""
        self._images.append((box, data))

    def save(self, path: Path, title: str) -> None:
        """Write the page as a PDF with fonts cut to what it uses."""
        document = _mupdf.open()
        page = document.new_page(width=self.width * _K, height=self.height * _K)
        for face, name in self._faces.items():
            chars = self._chars[face]
            xref = page.insert_font(fontname=name, fontbuffer=embedded(face, chars))
            _say_unicode(document, xref, chars)
        page.set_contents(_stream(document, self._under))
        for box, jpeg in self._images:
            page.insert_image(_mupdf.Rect(*(v * _K for v in _corners(box))), stream=jpeg)
        streams = [*page.get_contents(), _stream(document, self._over)]
        document.xref_set_key(
            page.xref, "Contents", "[" + " ".join(f"{xref} 0 R" for xref in streams) + "]"
        )
        document.set_metadata({"title": title, "producer": "epaper synth"})
        document.subset_fonts()
        document.save(path, garbage=3, deflate=True, no_new_id=True)
        document.close()


def _corners(box: Box) -> Sequence[float]:
    return (box.x0, box.y0, box.x1, box.y1)


def _stream(document: Any, operators: list[str]) -> int:
    xref = int(document.get_new_xref())
    document.update_object(xref, "<<>>")
    document.update_stream(xref, ("q\n" + "\n".join(operators) + "\nQ\n").encode("ascii"))
    return xref


def _say_unicode(document: Any, font: int, chars: dict[int, str]) -> None:
    """Give the font `font` a ToUnicode map of exactly what was set.

    One made from the font's own map may name a lookalike that shares the glyph.
    """
    rows = [f"<{gid:04x}> <{char.encode('utf-16-be').hex()}>" for gid, char in chars.items()]
    blocks = "".join(
        f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar\n"
        for part in (rows[i : i + 100] for i in range(0, len(rows), 100))
    )
    head = (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
    )
    kind, value = document.xref_get_key(font, "ToUnicode")
    xref = int(value.split()[0]) if kind == "xref" else int(document.get_new_xref())
    if kind != "xref":
        document.update_object(xref, "<<>>")
        document.xref_set_key(font, "ToUnicode", f"{xref} 0 R")
    text = head + blocks + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    document.update_stream(xref, text.encode("ascii"))
