"""A text layer made to look like what OCR reads on a scan.

Boxes tremble and bend, sizes scatter, typefaces are unknown, some lines are cut, joined
or lost, marks and characters at line ends misread. Pixels of the page.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from epaper.geometry import Box
from epaper.model import Frame, Line, Origin, Page, Picture, Rule, WritingMode

_LOOK_ALIKE = "。.，,、·:：；;”“（(）)一-—ー日曰未末己已人入土士"
_SHARE_CUT, _SHARE_JOINED, _SHARE_LOST = 0.002, 0.0007, 0.002
_SHARE_RULE_LOST, _SHARE_FRAME_LOST = 0.12, 0.15
_ERRORS, _END_ERRORS, _STOP_LOST = 0.004, 0.03, 0.12


@dataclass(frozen=True, slots=True)
class _Warp:
    """A slight turn and a wave over the page."""

    width: float
    height: float
    turn: float
    depth: float
    phase: float

    def __call__(self, box: Box) -> Box:
        x = (box.cx - self.width / 2) / self.width
        y = (box.cy - self.height / 2) / self.height
        wave = self.depth * math.sin(2 * math.pi * (x + self.phase))
        dx = -self.turn * y * self.height + 0.5 * self.depth * math.sin(3 * y + self.phase)
        dy = self.turn * x * self.width + wave
        return Box(box.x0 + dx, box.y0 + dy, box.x1 + dx, box.y1 + dy)


def as_read(page: Page, rng: random.Random) -> Page:
    """The page with its lines and graphics as OCR might have read them."""
    em = _median([line.size for line in page.lines]) or 30.0
    warp = _Warp(
        page.width, page.height, rng.gauss(0, 0.0006), rng.uniform(0, 0.12) * em, rng.random()
    )
    lines = [_misread(line, rng) for line in page.lines if rng.random() > _SHARE_LOST]
    lines = list(_cut_some(lines, rng))
    lines = _join_some(lines, rng)
    return replace(
        page,
        lines=tuple(replace(line, box=_trembled(warp(line.box), 0.05 * em, rng)) for line in lines),
        rules=tuple(_rules(page.rules, warp, em, rng)),
        frames=tuple(_frames(page.frames, warp, em, rng)),
        pictures=tuple(_pictures(page.pictures, warp, em, rng)),
    )


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2] if values else 0.0


def _trembled(box: Box, by: float, rng: random.Random) -> Box:
    x0, y0 = box.x0 + rng.gauss(0, by), box.y0 + rng.gauss(0, by)
    x1, y1 = box.x1 + rng.gauss(0, by), box.y1 + rng.gauss(0, by)
    return Box(x0, y0, max(x1, x0 + 1), max(y1, y0 + 1))


def _rules(
    rules: Sequence[Rule], warp: Callable[[Box], Box], em: float, rng: random.Random
) -> Iterator[Rule]:
    for rule in rules:
        if rng.random() > _SHARE_RULE_LOST:
            box = warp(rule.box)
            end = abs(rng.gauss(0, 0.3 * em))
            long = box.grown(-end, 0) if rule.horizontal else box.grown(0, -end)
            if long.width > 0 and long.height > 0:
                yield replace(rule, box=long, style="solid")


def _frames(
    frames: Sequence[Frame], warp: Callable[[Box], Box], em: float, rng: random.Random
) -> Iterator[Frame]:
    for frame in frames:
        if rng.random() > _SHARE_FRAME_LOST:
            yield replace(frame, box=_trembled(warp(frame.box), 0.1 * em, rng))


def _pictures(
    pictures: Sequence[Picture], warp: Callable[[Box], Box], em: float, rng: random.Random
) -> Iterator[Picture]:
    for picture in pictures:
        yield replace(picture, box=_trembled(warp(picture.box), 0.3 * em, rng))


def _misread(line: Line, rng: random.Random) -> Line:
    text = "".join(_char(c, _ERRORS, rng) for c in line.text[:-2])
    text += "".join(_char(c, _END_ERRORS, rng) for c in line.text[-2:])
    if text[-1:] in "。，" and rng.random() < _STOP_LOST and len(text) > 1:
        text = text[:-1]
    box = line.box
    if line.text[-1:] in "。，、；：）”" and rng.random() < 0.7:
        # The box OCR finds ends where the ink ends, half an em before the cell does.
        box = _shortened(line, 0.5 * line.size)
    return replace(
        line,
        text=text or line.text,
        box=box,
        size=line.size * math.exp(rng.gauss(0, 0.03)),
        font="",
        bold=False,
        color=0,
        confidence=min(1.0, rng.uniform(0.8, 1.05)),
        origin=Origin.OCR,
        chars=(),
    )


def _char(char: str, share: float, rng: random.Random) -> str:
    return rng.choice(_LOOK_ALIKE) if rng.random() < share else char


def _shortened(line: Line, by: float) -> Box:
    box = line.box
    if line.mode is WritingMode.VERTICAL:
        return Box(box.x0, box.y0, box.x1, max(box.y0 + 1, box.y1 - by))
    return Box(box.x0, box.y0, max(box.x0 + 1, box.x1 - by), box.y1)


def _cut_some(lines: Sequence[Line], rng: random.Random) -> Iterator[Line]:
    for line in lines:
        if len(line.text) < 6 or rng.random() > _SHARE_CUT:
            yield line
            continue
        at = rng.randrange(2, len(line.text) - 2)
        share = at / len(line.text)
        first, second = _halves(line, share)
        yield replace(line, text=line.text[:at], box=first)
        yield replace(line, text=line.text[at:], box=second)


def _halves(line: Line, share: float) -> tuple[Box, Box]:
    b = line.box
    if line.mode is WritingMode.VERTICAL:
        y = b.y0 + share * b.height
        return Box(b.x0, b.y0, b.x1, y), Box(b.x0, y, b.x1, b.y1)
    x = b.x0 + share * b.width
    return Box(b.x0, b.y0, x, b.y1), Box(x, b.y0, b.x1, b.y1)


def _join_some(lines: list[Line], rng: random.Random) -> list[Line]:
    """Some lines run on into their neighbour over a narrow gutter."""
    gone: set[int] = set()
    joined = list(lines)
    for k, line in enumerate(lines):
        if k in gone or rng.random() > _SHARE_JOINED:
            continue
        for n, other in enumerate(lines):
            if n != k and n not in gone and _neighbours(line, other):
                text = joined[k].text + other.text
                joined[k] = replace(joined[k], text=text, box=line.box.union(other.box))
                gone.add(n)
                break
    return [line for k, line in enumerate(joined) if k not in gone]


def _neighbours(a: Line, b: Line) -> bool:
    if a.mode is not b.mode or abs(a.size / b.size - 1) > 0.1:
        return False
    if a.mode is WritingMode.VERTICAL:
        return a.box.overlap_x(b.box) > 0.7 * a.size and 0 < b.box.y0 - a.box.y1 < 1.2 * a.size
    return a.box.overlap_y(b.box) > 0.7 * a.size and 0 < b.box.x0 - a.box.x1 < 1.2 * a.size
