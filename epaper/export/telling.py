"""What a page says, story by story in reading order, each character in its place.

The words are those of the stories, so that whatever is corrected or taken out there is
so here; the places are those of the printed lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from rapidfuzz.distance import Levenshtein

from epaper.export.articles import article_title
from epaper.export.newsml import reading_order
from epaper.export.xmlio import clean
from epaper.geometry import Box
from epaper.model import Article, Block, Line, Page, ParagraphKind, Role, WritingMode

# Headline parts from top to bottom, as they stand in print.
PRINTED = (Role.LABEL, Role.KICKER, Role.HEADLINE, Role.DECK)

_TOP = (Role.MASTHEAD, Role.FOLIO)
_ASIDE = (*PRINTED, Role.BYLINE, Role.CAPTION, Role.CREDIT, Role.JUMP)
_TAGS = {ParagraphKind.TEXT: "P", ParagraphKind.SUBHEAD: "H2", ParagraphKind.TABLE: "P"}


@dataclass(frozen=True, slots=True)
class Run:
    """Characters on one line of print, a box each in pixels; `size` is the em.

    `center` is the middle of the line across its direction.
    """

    text: str
    boxes: tuple[Box, ...]
    size: float
    center: float
    mode: WritingMode


@dataclass(frozen=True, slots=True)
class Passage:
    """Runs of one paragraph, headline or caption; `tag` is its structure type in PDF."""

    tag: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """One story as it stands on the page, or text of no story where `article` is None."""

    article: Article | None
    title: str
    passages: tuple[Passage, ...]


def tellings(page: Page) -> Iterator[Telling]:
    """Masthead and folio, the stories with adverts last, then what is in no story."""
    taken = {name for article in page.articles for name in article.blocks}
    loose = [block for block in page.blocks if block.id not in taken]
    yield from _loose(block for block in loose if block.role in _TOP)
    blocks = {block.id: block for block in page.blocks}
    for article in reading_order(page):
        own = [blocks[name] for name in dict.fromkeys(article.blocks) if name in blocks]
        yield Telling(article, article_title(article), tuple(_passages(article, own)))
    yield from _loose(block for block in loose if block.role not in _TOP)


def _loose(blocks: Iterable[Block]) -> Iterator[Telling]:
    passages = tuple(Passage("P", _as_printed(block.lines)) for block in blocks)
    if passages:
        yield Telling(None, "", passages)


def _passages(article: Article, blocks: Sequence[Block]) -> Iterator[Passage]:
    """Headlines, byline, text, captions, markers; what none of them says stands before these."""
    rest: list[Run] = []
    for role in PRINTED:
        texts = [h.text for h in article.headlines if h.role is role]
        runs, left = placed(texts, _lines(blocks, role))
        rest += left
        yield from (Passage("H1" if role is Role.HEADLINE else "P", r) for r in runs)
    yield from (Passage("P", _as_printed(b.lines)) for b in blocks if b.role is Role.BYLINE)
    flow = [line for block in blocks if block.role not in _ASIDE for line in block.lines]
    runs, left = placed([p.text for p in article.paragraphs], flow)
    yield from (Passage(_TAGS[p.kind], r) for p, r in zip(article.paragraphs, runs, strict=True))
    yield from (Passage("P", (run,)) for run in (*rest, *left) if _says_something(run))
    yield from _captions(article, blocks)
    yield from (Passage("P", _as_printed(b.lines)) for b in blocks if b.role is Role.JUMP)


def _captions(article: Article, blocks: Sequence[Block]) -> Iterator[Passage]:
    captions = {c.block: c for c in article.captions if c.block}
    for block in blocks:
        if block.role is Role.CREDIT or (block.role is Role.CAPTION and block.id not in captions):
            yield Passage("Caption", _as_printed(block.lines))
        elif block.role is Role.CAPTION:
            caption = captions[block.id]
            apart = _squeezed(caption.credit) not in _squeezed(block.text)
            (runs,), left = placed([caption.text + ("" if apart else caption.credit)], block.lines)
            yield Passage("Caption", (*runs, *filter(_says_something, left)))


def _lines(blocks: Sequence[Block], role: Role) -> list[Line]:
    return [line for block in blocks if block.role is role for line in block.lines]


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _says_something(run: Run) -> bool:
    """Not a hyphen that joining lines took away."""
    return any(char.isalnum() for char in run.text)


def _as_printed(lines: Sequence[Line]) -> tuple[Run, ...]:
    (runs,), _ = placed(["".join(line.text for line in lines)], lines)
    return runs


def placed(texts: Sequence[str], lines: Sequence[Line]) -> tuple[list[tuple[Run, ...]], list[Run]]:
    """Each of `texts` as runs on `lines`, and runs of what the lines say beyond them.

    `texts` follow the lines in order. Characters the lines do not have take the place of
    those they stand for, or share that of the one before (alignment after Levenshtein
    1966); white space follows the texts, but none begins a line.
    """
    inks = [_ink(line) for line in lines]
    told, printed = "".join(map(_squeezed, texts)), "".join([ink.text for ink in inks])
    if told == printed:
        return _as_they_stand(texts, inks), []
    homes, left = _homes(told, printed)
    ink = [(k, box) for k, found in enumerate(inks) for box in found.boxes]
    places = _places(homes, ink, lines)
    found, start = [], 0
    for text in texts:
        size = len(_squeezed(text)) if ink else 0
        found.append(tuple(_runs(text, places[start : start + size], lines)))
        start += size
    spare = _places(left, ink, lines)
    pieces = _runs("".join(printed[i] for i in left), spare, lines)
    return found, list(pieces)


@dataclass(frozen=True, slots=True)
class _Ink:
    """The characters of a line but for its white, and a box each."""

    line: Line
    text: str
    boxes: Sequence[Box]


def _ink(line: Line) -> _Ink:
    text, boxes = _squeezed(line.text), _boxes(line)
    if len(text) < len(boxes):
        boxes = [box for box, char in zip(boxes, line.text, strict=True) if not char.isspace()]
    return _Ink(line, text, boxes)


def _as_they_stand(texts: Sequence[str], inks: Sequence[_Ink]) -> list[tuple[Run, ...]]:
    """Texts that say just what the lines do."""
    lines = [ink.line for ink in inks]
    pieces = _pieces([len(_squeezed(text)) for text in texts], inks)
    found = []
    for text, own in zip(texts, pieces, strict=True):
        if text.isprintable() and " " not in text:
            runs = [_run(inks[k].text[a:b], inks[k].boxes[a:b], lines[k]) for k, a, b in own]
        else:
            places = [(k, box) for k, a, b in own for box in inks[k].boxes[a:b]]
            runs = list(_runs(text, places, lines))
        found.append(tuple(runs))
    return found


def _pieces(sizes: Iterable[int], inks: Sequence[_Ink]) -> Iterator[list[tuple[int, int, int]]]:
    """Where texts of these sizes lie on the lines that follow one another: (line, from, to)."""
    k, at = 0, 0
    for size in sizes:
        own, due = [], size
        while due:
            end = min(len(inks[k].text), at + due)
            if end > at:
                own.append((k, at, end))
            due -= end - at
            k, at = (k, end) if end < len(inks[k].text) else (k + 1, 0)
        yield own


def _homes(told: str, printed: str) -> tuple[list[int], list[int]]:
    """For each character of `told` one of `printed`, and those that stand for none."""
    homes: list[int] = []
    left: list[int] = []
    if not printed:
        return homes, left
    for step in Levenshtein.opcodes(told, printed):
        size, start, end = step.src_end - step.src_start, step.dest_start, step.dest_end
        if step.tag == "delete":
            homes += [max(0, start - 1)] * size
        elif step.tag == "insert":
            left += range(start, end)
        else:
            homes += [start + k * (end - start) // size for k in range(size)]
    return homes, left


_Place = tuple[int, Box]
"""Index of a line, and the box of a character on it."""


def _places(homes: Sequence[int], ink: Sequence[_Place], lines: Sequence[Line]) -> list[_Place]:
    """The boxes of `homes` in `ink`; characters that share one get equal parts of it."""
    places: list[_Place] = []
    start = 0
    while start < len(homes):
        end = start + 1
        while end < len(homes) and homes[end] == homes[start]:
            end += 1
        k, box = ink[homes[start]]
        if end == start + 1:
            places.append((k, box))
        else:
            parts = _cut(box, [1.0] * (end - start), lines[k].mode)
            places += [(k, part) for part in parts]
        start = end
    return places


def _boxes(line: Line) -> Sequence[Box]:
    """A box a character: its own, or its share of the line by its width."""
    if len(line.chars) == len(line.text):
        return line.chars
    return _cut(
        line.box, [2.0 if east_asian_width(c) in "WF" else 1.0 for c in line.text], line.mode
    )


def _cut(box: Box, shares: Sequence[float], mode: WritingMode) -> list[Box]:
    total, at, parts = sum(shares), 0.0, []
    for share in shares:
        a, b = at / total, (at + share) / total
        if mode is WritingMode.VERTICAL:
            y0, y1 = box.y0 + a * box.height, box.y0 + b * box.height
            parts.append(Box(box.x0, y0, box.x1, y1))
        else:
            x0, x1 = box.x0 + a * box.width, box.x0 + b * box.width
            parts.append(Box(x0, box.y0, x1, box.y1))
        at += share
    return parts


def _runs(text: str, places: Sequence[_Place], lines: Sequence[Line]) -> Iterator[Run]:
    """`text` broken where the line changes; `places` are of its characters but for white."""
    if not places:
        return
    chars: list[str] = []
    boxes: list[Box] = []
    on, at, spaced = places[0][0], 0, False
    for char in text:
        if char.isspace():
            spaced = bool(chars)
            continue
        k, box = places[at]
        at += 1
        if k != on:
            yield _run(chars, boxes, lines[on])
            chars, boxes, on = [], [], k
        elif spaced:
            chars.append(" ")
            boxes.append(_between(boxes[-1], box, lines[k].mode))
        chars.append(char if clean(char) else "\ufffd")
        boxes.append(box)
        spaced = False
    yield _run(chars, boxes, lines[on])


def _run(chars: Sequence[str], boxes: Sequence[Box], line: Line) -> Run:
    center = line.box.cx if line.mode is WritingMode.VERTICAL else line.box.cy
    return Run("".join(chars), tuple(boxes), line.size, center, line.mode)


def _between(before: Box, after: Box, mode: WritingMode) -> Box:
    """The room of a space, down to nothing."""
    if mode is WritingMode.VERTICAL:
        return Box(after.x0, min(before.y1, after.y0), after.x1, max(before.y1, after.y0))
    return Box(min(before.x1, after.x0), after.y0, max(before.x1, after.x0), after.y1)
