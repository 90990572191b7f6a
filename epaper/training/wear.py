"""A text layer made to look like what OCR reads on a scan.

Boxes end where the ink does and bend, sizes scatter, typefaces are unknown, bold is seldom
told, some lines are cut, joined or lost, characters misread, and the sides of frames are
rules too. `NEAR` has the shares of typeset scans that were read; `ROUGH` tears text into
more pieces than they are, so that a model has met what rarely happens. Pixels of the page.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from epaper.geometry import Box
from epaper.model import Frame, Line, Origin, Page, Picture, Rule, WritingMode

_LOOK_ALIKE = "。.，,、·:：；;”“（(）)一-—ー日曰未末己已人入土士"
# Type larger than so many ems of the page's text is a headline's.
_LARGE = 1.5


@dataclass(frozen=True, slots=True)
class Manner:
    """How a likeness differs from its page: shares, and means with scatter in ems.

    `bold` is the share of types taken for bold, of small and of large ones, each where they
    are not and where they are. `ink` is how far the ink begins after a line's start, ends
    before its end, and stays inside its two sides; `after_stop` how far it ends after a
    stop. Large type is taken for larger by `larger`, all for more or less by `scatter`
    (logarithms). A picture is found with `about` it, its sides off by `picture`.
    """

    cut: float
    joined: float
    lost: float
    rule_lost: float
    rule_kept_kind: float
    frame_lost: float
    frame_is_rules: float
    errors: float
    end_errors: float
    stop_lost: float
    bold: tuple[tuple[float, float], tuple[float, float]]
    ink: tuple[tuple[float, float], ...]
    after_stop: tuple[float, float]
    larger: float
    scatter: float
    about: float
    picture: float


NEAR = Manner(
    cut=0.003,
    joined=0.001,
    lost=0.0005,
    rule_lost=0.1,
    rule_kept_kind=0.15,
    frame_lost=0.17,
    frame_is_rules=0.9,
    errors=0.0025,
    end_errors=0.006,
    stop_lost=0.01,
    bold=((0.01, 0.2), (0.15, 0.7)),
    ink=((0.08, 0.08), (0.03, 0.08), (0.045, 0.07), (0.045, 0.07)),
    after_stop=(0.35, 0.1),
    larger=0.03,
    scatter=0.012,
    about=0.12,
    picture=0.1,
)
ROUGH = Manner(
    cut=0.002,
    joined=0.0007,
    lost=0.002,
    rule_lost=0.12,
    rule_kept_kind=0.0,
    frame_lost=0.15,
    frame_is_rules=0.0,
    errors=0.004,
    end_errors=0.03,
    stop_lost=0.12,
    bold=((0.0, 0.0), (0.0, 0.0)),
    ink=((0.0, 0.05),) * 4,
    after_stop=(0.35, 0.23),
    larger=0.0,
    scatter=0.03,
    about=0.0,
    picture=0.3,
)


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


def as_read(page: Page, rng: random.Random, manner: Manner = NEAR) -> Page:
    """The page with its lines and graphics as OCR might have read them."""
    em = _median([line.size for line in page.lines]) or 30.0
    warp = _Warp(
        page.width, page.height, rng.gauss(0, 0.0006), rng.uniform(0, 0.12) * em, rng.random()
    )
    bold = _told_bold(page.lines, em, manner, rng)
    kept = [line for line in page.lines if rng.random() > manner.lost]
    lines = [_misread(line, em, _type_of(line) in bold, manner, rng) for line in kept]
    lines = list(_cut_some(lines, manner.cut, rng))
    lines = _join_some(lines, manner.joined, rng)
    return replace(
        page,
        lines=tuple(replace(line, box=warp(line.box)) for line in lines),
        rules=(
            *_rules(page.rules, warp, em, manner, rng),
            *(rule for frame in page.frames for rule in _sides(frame, warp, em, manner, rng)),
        ),
        frames=tuple(_frames(page.frames, warp, em, manner, rng)),
        pictures=tuple(_pictures(page.pictures, warp, em, manner, rng)),
    )


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2] if values else 0.0


def _trembled(box: Box, by: float, rng: random.Random) -> Box:
    x0, y0 = box.x0 + rng.gauss(0, by), box.y0 + rng.gauss(0, by)
    x1, y1 = box.x1 + rng.gauss(0, by), box.y1 + rng.gauss(0, by)
    return Box(x0, y0, max(x1, x0 + 1), max(y1, y0 + 1))


def _rules(
    rules: Sequence[Rule],
    warp: Callable[[Box], Box],
    em: float,
    manner: Manner,
    rng: random.Random,
) -> Iterator[Rule]:
    for rule in rules:
        if rng.random() > manner.rule_lost:
            box = warp(rule.box)
            end = abs(rng.gauss(0, 0.3 * em))
            long = box.grown(-end, 0) if rule.horizontal else box.grown(0, -end)
            if long.width > 0 and long.height > 0:
                kept = rng.random() < manner.rule_kept_kind
                yield replace(rule, box=long, style=rule.style if kept else "solid")


def _sides(
    frame: Frame, warp: Callable[[Box], Box], em: float, manner: Manner, rng: random.Random
) -> tuple[Rule, ...]:
    """The four sides of a stroked frame as rules, as OCR finds them beside most frames."""
    if not frame.stroked or rng.random() > manner.frame_is_rules:
        return ()
    box = _trembled(warp(frame.box), 0.1 * em, rng)
    thick = 0.1 * em
    return (
        Rule(Box(box.x0, box.y0, box.x1, box.y0 + thick)),
        Rule(Box(box.x0, box.y1 - thick, box.x1, box.y1)),
        Rule(Box(box.x0, box.y0, box.x0 + thick, box.y1)),
        Rule(Box(box.x1 - thick, box.y0, box.x1, box.y1)),
    )


def _frames(
    frames: Sequence[Frame],
    warp: Callable[[Box], Box],
    em: float,
    manner: Manner,
    rng: random.Random,
) -> Iterator[Frame]:
    for frame in frames:
        if rng.random() > manner.frame_lost:
            yield replace(frame, box=_trembled(warp(frame.box), 0.1 * em, rng))


def _pictures(
    pictures: Sequence[Picture],
    warp: Callable[[Box], Box],
    em: float,
    manner: Manner,
    rng: random.Random,
) -> Iterator[Picture]:
    for picture in pictures:
        # A photograph is found with a little of what blurs about it.
        seen = warp(picture.box).grown(manner.about * em)
        yield replace(picture, box=_trembled(seen, manner.picture * em, rng))


def _type_of(line: Line) -> tuple[str, int, bool]:
    return line.font, round(line.size), line.bold


def _told_bold(
    lines: Sequence[Line], em: float, manner: Manner, rng: random.Random
) -> frozenset[tuple[str, int, bool]]:
    """The types that are taken for bold, all their lines alike."""
    types = sorted({_type_of(line) for line in lines})
    return frozenset(t for t in types if rng.random() < manner.bold[t[1] > _LARGE * em][t[2]])


def _misread(line: Line, em: float, bold: bool, manner: Manner, rng: random.Random) -> Line:
    text = "".join(_char(c, manner.errors, rng) for c in line.text[:-2])
    text += "".join(_char(c, manner.end_errors, rng) for c in line.text[-2:])
    if text[-1:] in "。，" and rng.random() < manner.stop_lost and len(text) > 1:
        text = text[:-1]
    larger = manner.larger if line.size > _LARGE * em else 0.0
    return replace(
        line,
        text=text or line.text,
        box=_inked(line, manner, rng),
        size=line.size * math.exp(rng.gauss(larger, manner.scatter)),
        font="",
        bold=bold,
        color=0,
        confidence=1 - min(1.0, abs(rng.gauss(0, 0.04))),
        origin=Origin.OCR,
        chars=(),
    )


def _inked(line: Line, manner: Manner, rng: random.Random) -> Box:
    """The line's box where its ink is: less than the ems of its first and last character."""
    vertical = line.mode is WritingMode.VERTICAL
    start, end, top, foot = (line.size * rng.gauss(*part) for part in manner.ink)
    if line.text[-1:] in "。，、；：）”":
        end = line.size * rng.gauss(*manner.after_stop)
    box = line.box.transposed() if vertical else line.box
    x0, y0 = box.x0 + start, box.y0 + top
    box = Box(x0, y0, max(x0 + 1, box.x1 - end), max(y0 + 1, box.y1 - foot))
    return box.transposed() if vertical else box


def _char(char: str, share: float, rng: random.Random) -> str:
    return rng.choice(_LOOK_ALIKE) if rng.random() < share else char


def _cut_some(lines: Sequence[Line], share: float, rng: random.Random) -> Iterator[Line]:
    for line in lines:
        if len(line.text) < 6 or rng.random() > share:
            yield line
            continue
        at = rng.randrange(2, len(line.text) - 2)
        there = at / len(line.text)
        first, second = _halves(line, there)
        yield replace(line, text=line.text[:at], box=first)
        yield replace(line, text=line.text[at:], box=second)


def _halves(line: Line, share: float) -> tuple[Box, Box]:
    b = line.box
    if line.mode is WritingMode.VERTICAL:
        y = b.y0 + share * b.height
        return Box(b.x0, b.y0, b.x1, y), Box(b.x0, y, b.x1, b.y1)
    x = b.x0 + share * b.width
    return Box(b.x0, b.y0, x, b.y1), Box(x, b.y0, b.x1, b.y1)


def _join_some(lines: list[Line], share: float, rng: random.Random) -> list[Line]:
    """Some lines run on into their neighbour over a narrow gutter."""
    gone: set[int] = set()
    joined = list(lines)
    for k, line in enumerate(lines):
        if k in gone or rng.random() > share:
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
