"""The page's head: masthead of a front page, folio of an inner one, and foot lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from epaper.geometry import Box, hull
from epaper.layout.cues import ADVERT, is_folio, is_imprint, is_inner_number, is_masthead
from epaper.model import Frame, Line, Origin, Rule, WritingMode

# A masthead never reaches deeper than this share of the page's height.
_DEEPEST = 0.30
_FOLIO_DEEPEST = 0.12
# White between the parts of a masthead in a corner, in ems of the body.
_CORNER_GAP = 9.0
# How far beside a nameplate set down the page its date and imprint stand, in its own em.
_STRIP = 2.2
# The head of an inner page: how deep it may reach, and how much it says.
_BAND = 0.08
_BAND_CHARACTERS = 160
_TITLE = 8
# An advert beside the nameplate says more than the words of an emblem or a code to scan.
_EAR = 10
# Words of the head that are so much larger than the text stand in no column of it.
_LARGE = 1.5
# Words of one row are of one size, up to this factor.
_ROW = 1.3
# What a Latin letter says beside a Chinese character.
_LETTER = 0.4
# Fewer characters at the top of a scan may be dirt.
_SAYS = 3
# A nameplate of which one character was read is so many times the body at least.
_GRAND = 8.0
# What is so much smaller than the text, by itself, may be dirt.
_SPECK = 0.8
_HAN = re.compile("[一-鿿]")
# The number of an inner page with its section, 02副刊, is no nameplate.
_NUMBERED = re.compile(r"[A-Za-z]?\d{1,3}\s*版?\s*[^\W\d]|第.{1,3}版")
_PUBLISHED = re.compile(r"主管|主办|主辦|出版|[發发]\s*行\s*人")
# What is left of a date where its year was read wrongly.
_DAY = re.compile(r"月\s*[0-9０-９一二三四五六七八九十廿]{1,3}\s*日|第.{0,3}版")


@dataclass(frozen=True, slots=True)
class Head:
    """Lines of the page's head, in page coordinates; `front` for a masthead."""

    lines: tuple[Line, ...]
    front: bool
    box: Box | None


def find_head(
    lines: Sequence[Line],
    rules: Sequence[Rule],
    frames: Sequence[Frame],
    size: Box,
    body: float,
) -> Head:
    """The lines above the page's news.

    Evidence: the words of a masthead (date, weekday, issue number, CN number…), the
    nameplate (type beyond four times the body), and the rule or white that closes the
    head. `body` is the body em, `size` the page; all in page pixels.
    """
    nameplate = _nameplate(lines, frames, size, body)
    if nameplate is not None and _upright(nameplate):
        return _corner(nameplate, lines, frames, size, body)
    if nameplate is not None:
        lines = _without_ears(lines, nameplate, rules)
    deepest = (_DEEPEST if nameplate else _FOLIO_DEEPEST) * size.height + _margin(lines)
    words = [
        line
        for line in lines
        if line.box.cy < deepest
        and (is_masthead(line.text) if nameplate else is_folio(line.text))
        and not _is_speck(line, body)
    ]
    if words:
        # An advert under the head line of an inner page has its telephone number, too.
        first = nameplate or min(words, key=lambda line: line.box.y1)
        words = _above_the_news(words, first, rules, size, body)
    marks = _dense(words, nameplate, lines, body)
    if not marks:
        return Head((), False, None)
    bottom = _close(max(line.box.y1 for line in marks), marks, lines, rules, frames, size, body)
    inside = tuple(x for x in lines if x.box.cy < bottom and x.box.y1 < bottom + 2 * body)
    if not inside:
        return Head((), False, None)
    return Head(inside, nameplate is not None, hull(line.box for line in inside))


def _is_speck(line: Line, body: float) -> bool:
    """True for one small sign read from ink: dirt looks like a page's number, 0."""
    alone = len(line.text.strip()) == 1
    return alone and line.origin is Origin.OCR and line.size < _SPECK * body


def _margin(lines: Sequence[Line]) -> float:
    """The white above all that was read on a scan, which may show more than the paper."""
    if any(line.origin is not Origin.OCR for line in lines):
        return 0.0
    return min((x.box.y0 for x in lines if len(x.text.strip()) >= _SAYS), default=0.0)


def _without_ears(lines: Sequence[Line], nameplate: Line, rules: Sequence[Rule]) -> Sequence[Line]:
    """The lines but those beside the nameplate behind an upright rule, where adverts stand.

    The date may be set apart there as well: then nothing of that side is left out.
    """
    ears: set[int] = set()
    upright = [rule.box for rule in rules if not rule.horizontal]
    foot = nameplate.box.y1 + 0.5 * nameplate.size
    for side in (-1, 1):
        beside = [
            line
            for line in lines
            if (line.box.cx - nameplate.box.cx) * side > 0
            and line.box.overlap_x(nameplate.box) <= 0
            and _behind(line, nameplate, upright)
        ]
        # The rule of an advert's box may be read along a part of it.
        column = [x.box for x in beside if x.box.cy < foot]
        known = {id(x) for x in beside}
        beside += [
            x
            for x in lines
            if x.box.cy < foot
            and x.box.overlap_x(nameplate.box) <= 0
            and id(x) not in known
            and any(x.box.overlap_x(box) > 0.6 * min(x.box.width, box.width) for box in column)
        ]
        said = sum(len(line.text) for line in beside)
        if said > _EAR and not any(_is_ours(x.text) and x.box.cy < foot for x in beside):
            words = [x for x in lines if x.box.overlap_x(nameplate.box) > 0 and is_masthead(x.text)]
            ears |= {id(line) for line in beside if not _in_our_row(line, nameplate, words)}
    return [line for line in lines if id(line) not in ears]


def _in_our_row(line: Line, nameplate: Line, words: Sequence[Line]) -> bool:
    """True for a line below the nameplate that stands in one row with `words` of the masthead.

    The date of old papers may be read from the wrong side, in a frame of its own.
    """
    return line.box.y0 > nameplate.box.y1 and any(
        x is not line
        and x.mode is line.mode
        and x.box.overlap_y(line.box) > 0.6 * min(x.box.height, line.box.height)
        and max(x.size, line.size) < _ROW * min(x.size, line.size)
        for x in words
    )


def _is_ours(text: str) -> bool:
    """True for the words of a masthead, or for those that publish the paper."""
    return is_masthead(text) or bool(_PUBLISHED.search(text))


def _behind(line: Line, nameplate: Line, upright: Sequence[Box]) -> bool:
    """True if one of the upright rules stands between the line and the nameplate's middle."""
    left, right = sorted((line.box.cx, nameplate.box.cx))
    return any(
        left < box.cx < right and box.y0 - 2 * line.size < line.box.cy < box.y1 + 0.5 * line.size
        for box in upright
    )


def _above_the_news(
    words: Sequence[Line], first: Line, rules: Sequence[Rule], size: Box, body: float
) -> list[Line]:
    """The words but those well below the wide rule that closes the band of `first`.

    A headline may hold a date, too. The imprint often stands right under that rule.
    """
    closing = [
        r.box.y1
        for r in rules
        if r.horizontal and r.box.width > 0.6 * size.width and r.box.cy > first.box.y1
    ]
    foot = min(closing, default=size.y1)
    return [
        line
        for line in words
        if line.box.cy < foot or (line.box.cy < foot + 4.5 * body and line.size < 1.6 * body)
    ]


def _corner(
    nameplate: Line, lines: Sequence[Line], frames: Sequence[Frame], size: Box, body: float
) -> Head:
    """A masthead set down a corner of the page: nameplate, date and imprint in one strip."""
    strip = nameplate.box.grown(_STRIP * nameplate.size, 0.0)
    near = [x for x in lines if strip.x0 <= x.box.cx <= strip.x1 and x.box.cy < 0.4 * size.height]
    sure = [line.box for line in near if is_masthead(line.text)]
    column = hull([nameplate.box, *sure]).grown(body, 0.0)
    marks = sure + [
        line.box
        for line in near
        if is_imprint(line.text)
        and not is_masthead(line.text)
        and not _beside(line, nameplate)
        and not _is_news(line, lines, column)
    ]
    if not marks:
        return Head((), False, None)
    found = nameplate.box
    for mark in sorted(marks, key=lambda b: b.y0):
        # The news below may speak of something published.
        if mark.y0 - found.y1 < _CORNER_GAP * body:
            found = found.union(mark)
    for frame in frames:
        inner = frame.box.contains(marks[0], slack=body)
        if inner and frame.box.height < 0.2 * size.height and frame.box.width < 2 * found.width:
            found = found.union(frame.box)
    inside = tuple(x for x in lines if x.box.share_in(found.grown(0.5 * body)) > 0.6)
    return Head(inside, True, hull(line.box for line in inside))


def _is_news(line: Line, lines: Sequence[Line], column: Box) -> bool:
    """True for a line of text that speaks of publishing, in a column of news beside the strip's."""
    if line.mode is WritingMode.VERTICAL or line.box.overlap_x(column) > 0.5 * line.box.width:
        return False
    return not _is_notice(line) or _runs_on(line, lines)


def _beside(line: Line, nameplate: Line) -> bool:
    """True for a vertical line beside the nameplate's strip; news may speak of publishing."""
    box = nameplate.box
    return line.mode is WritingMode.VERTICAL and not box.x0 < line.box.cx < box.x1


def _dense(
    words: Sequence[Line], nameplate: Line | None, lines: Sequence[Line], body: float
) -> list[Line]:
    """The words down to the lowest one above which masthead words make up most lines.

    A line of the news may speak of a publishing house too; by then many lines that are
    no masthead stand above it. Large words in one row with a large date are of its band.
    """
    marks = sorted(words, key=lambda line: line.box.y1)
    for count in range(len(marks), 0, -1):
        low = marks[count - 1].box.y1
        if nameplate is not None:
            low = max(low, nameplate.box.y1)
        above = [line for line in lines if line.box.cy < low]
        strange = [line for line in above if line not in marks and line is not nameplate]
        grand = [x for x in marks[:count] if x.size > _LARGE * body]
        strange = [x for x in strange if x.size < _LARGE * body or not _in_row(x, grand)]
        said = sum(map(_said, marks[:count]))
        if sum(_said(x) for x in strange if not is_imprint(x.text)) <= said + 12:
            return marks[:count] + ([nameplate] if nameplate else [])
    return []


def _in_row(line: Line, others: Sequence[Line]) -> bool:
    box = line.box
    return any(box.overlap_y(o.box) > 0.5 * min(box.height, o.box.height) for o in others)


def _said(line: Line) -> float:
    """Characters, of which a word of Latin letters takes more to say as much."""
    return sum(_LETTER if char.isascii() and char.isalpha() else 1.0 for char in line.text)


def _nameplate(
    lines: Sequence[Line], frames: Sequence[Frame], size: Box, body: float
) -> Line | None:
    white = _margin(lines)
    top = [
        line
        for line in lines
        if line.size > 3.6 * body
        and line.box.cy < white + 0.22 * size.height
        and _can_be_name(line, body)
        and not _NUMBERED.match(line.text.strip())
        and not _in_advert(line, lines, frames, size)
    ]
    if not top:
        return None
    largest = max(top, key=lambda line: line.size)
    band = white + _BAND * size.height
    head = [line for line in lines if line.box.cy < min(band, largest.box.y0)]
    if any(is_inner_number(line.text) for line in head):
        return None
    # A head line above the largest type belongs to an inner page with a large headline.
    marks = sum(
        is_masthead(line.text)
        and (line.box.y1 > largest.box.y0 - 0.5 * body or _over_strip(line, largest))
        for line in lines
        if line.box.cy < white + 0.33 * size.height
    )
    return largest if marks >= 2 else None


def _in_advert(line: Line, lines: Sequence[Line], frames: Sequence[Frame], size: Box) -> bool:
    """True for a line in the box of an advert, which may have larger words than the nameplate."""
    around = [f.box for f in frames if f.box.contains(line.box) and f.box.area < size.area / 4]
    if not around:
        return False
    box = min(around, key=lambda b: b.area)
    said = [x.text for x in lines if box.contains(x.box)]
    return any(map(ADVERT.search, said)) and not any(map(is_masthead, said))


def _can_be_name(line: Line, body: float) -> bool:
    said = len(line.text.replace(" ", ""))
    return (said > 1 or line.size > _GRAND * body) and said <= _longest_name(line.text)


def _longest_name(text: str) -> int:
    """Characters of a newspaper's name at most, which letters need more of."""
    return 12 if _HAN.search(text) else 28


def _upright(line: Line) -> bool:
    """True for a nameplate set down the page; its date may stand over it."""
    return line.box.height > 1.6 * line.box.width


def _over_strip(line: Line, nameplate: Line) -> bool:
    """True for a line over a nameplate set down the page, in its strip."""
    strip = nameplate.box.grown(_STRIP * nameplate.size, 0.0)
    return _upright(nameplate) and strip.x0 <= line.box.cx <= strip.x1


def _close(
    bottom: float,
    marks: Sequence[Line],
    lines: Sequence[Line],
    rules: Sequence[Rule],
    frames: Sequence[Frame],
    size: Box,
    body: float,
) -> float:
    """The y below which the news begins: a wide rule near `bottom`, a frame's foot, or white."""
    for frame in frames:
        if frame.box.height < 0.2 * size.height and any(
            frame.box.contains(mark.box, slack=body) for mark in marks
        ):
            bottom = max(bottom, frame.box.y1)
    wide = sorted(
        (r for r in rules if r.horizontal and r.box.width > 0.5 * size.width),
        key=lambda r: r.box.cy,
    )
    middles = [line.box.cy for line in lines]
    for rule in wide:
        foot = rule.box.cy
        # Slogans and Latin titles may stand between the date and the closing rule.
        passed = [x for x, y in zip(lines, middles, strict=True) if bottom < y < foot]
        small = all(x.size < 1.6 * body for x in passed) and len(passed) <= 4
        near = -body < rule.box.cy - bottom < 4.5 * body and small
        if near or _closes_band(rule, marks, lines, size, body):
            bottom = max(bottom, rule.box.y1)
    for line in sorted(lines, key=lambda line: line.box.y0):
        near = bottom < line.box.cy and line.box.y0 - bottom < 1.5 * body
        if not near or line.size >= 1.1 * body or not _is_notice(line):
            continue
        if not _runs_on(line, lines):
            bottom = line.box.y1
    below = [line.box.y0 for line in lines if line.box.cy > bottom]
    return (bottom + min(below)) / 2 if below else bottom + 1


def _is_notice(line: Line) -> bool:
    """True for a line of an imprint; a sentence of the news may speak of prices, too."""
    running = line.mode is WritingMode.VERTICAL or "，" in line.text or "。" in line.text
    return is_imprint(line.text) and not running


def _runs_on(line: Line, lines: Sequence[Line]) -> bool:
    """True if more text of the same type stands right under `line`, as in a column of news."""
    under = [
        x
        for x in lines
        if 0 < x.box.cy - line.box.cy < 2.2 * line.size
        and x.box.overlap_x(line.box) > 0.6 * line.box.width
        and abs(x.size - line.size) < 0.1 * line.size
    ]
    return any(not _is_notice(x) for x in under)


def _closes_band(
    rule: Rule, marks: Sequence[Line], lines: Sequence[Line], size: Box, body: float
) -> bool:
    """True if a wide rule at the page's top has only a head above it.

    An inner page's head may hold its section in large type and a small nameplate.
    """
    if rule.box.cy > _BAND * size.height or any(m.box.cy > rule.box.cy for m in marks):
        return False
    above = [x for x in lines if x.box.cy < rule.box.cy]
    large = [x for x in above if x.size > 2 * body]
    said = sum(len(x.text) for x in above)
    running = any("，" in x.text or "。" in x.text for x in above)
    titles = all(len(x.text) <= _TITLE or _DAY.search(x.text) for x in large)
    return not running and titles and len(large) <= 4 and said < _BAND_CHARACTERS
