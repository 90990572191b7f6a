"""Write stories back into the page model: blocks with ids and roles, articles in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from epaper.geometry import Box, hull
from epaper.layout.cues import begins_credit, is_credit
from epaper.layout.frame import Item, Sheet
from epaper.layout.headings import Heading
from epaper.layout.headrows import rows_of
from epaper.layout.joined import join_lines
from epaper.layout.specks import without_squeezed
from epaper.layout.story import Story, Words, is_advert, reading_order
from epaper.layout.text import paragraphs
from epaper.layout.zones import Head
from epaper.model import (
    Article,
    Block,
    Caption,
    Headline,
    Line,
    Origin,
    Page,
    Role,
    WritingMode,
)

# A long dash that was read in two.
_DASHES = re.compile(r"(?<=[^\W\dA-Za-z])[-—－]+ [-—－]+(?=[^\W\dA-Za-z])")
# What no headline begins with is dirt.
_NEVER_FIRST = "、。，,·.•˙"
_LEADING_DASH = re.compile(r"^[-—－─━]+\s?[1l]?\s?(?=[^\W\dA-Za-z_])")
# A credit that begins with what its people are.
_WHOLE_CREDIT = re.compile(
    r"[\s□■●◆（(]*(?:本[报報刊]|新[华華]社|中新社|特[约約]|[记記]者|通[讯訊][员員]|[摄攝]影|[图圖])"
)
_HEADS = (Role.HEADLINE, Role.KICKER, Role.DECK, Role.LABEL)


class Writer:
    """Collects the stories of one page and numbers what they become."""

    def __init__(self, page: Page, head: Head) -> None:
        self._page = page
        self._blocks: list[Block] = []
        self._articles: list[tuple[Box, Article]] = []
        self._seen: set[int] = set()
        if head.lines:
            role = Role.MASTHEAD if head.front else Role.FOLIO
            for line in head.lines:
                self._block(role, [line], 1.0)

    def add(self, sheet: Sheet, stories: Sequence[Story]) -> None:
        """Add the stories laid out on one sheet."""
        for story in stories:
            self._articles.append((self._place(sheet, story), self._article(sheet, story)))

    def finish(self) -> Page:
        """The page with every line in a block: what no story took becomes furniture."""
        for line in self._page.lines:
            if id(line) not in self._seen:
                self._block(Role.FURNITURE, [line], 0.3)
        order = reading_order([self._seen_from_start(box) for box, _ in self._articles])
        news = [k for k in order if not self._articles[k][1].advert]
        adverts = [k for k in order if self._articles[k][1].advert]
        articles = tuple(
            replace(self._articles[k][1], id=f"a{n:02d}")
            for n, k in enumerate(news + adverts, start=1)
        )
        return replace(
            self._page,
            blocks=tuple(self._blocks),
            articles=articles,
            coverage=self._coverage(),
        )

    def _seen_from_start(self, box: Box) -> Box:
        """The box on a page that begins at the left: vertical pages are read from the right."""
        if self._page.mode is not WritingMode.VERTICAL:
            return box
        return Box(self._page.width - box.x1, box.y0, self._page.width - box.x0, box.y1)

    def _coverage(self) -> float:
        total = sum(len(line.text) for line in self._page.lines)
        lost = sum(
            len(line.text) for b in self._blocks if b.role is Role.FURNITURE for line in b.lines
        )
        return 1.0 - lost / total if total else 1.0

    def _block(self, role: Role, lines: Sequence[Line], confidence: float) -> str:
        name = f"b{len(self._blocks) + 1:03d}"
        down = sum(line.mode is WritingMode.VERTICAL for line in lines)
        mode = WritingMode.VERTICAL if 2 * down > len(lines) else WritingMode.HORIZONTAL
        self._blocks.append(
            Block(name, role, hull(x.box for x in lines), tuple(lines), mode, confidence)
        )
        self._seen.update(id(line) for line in lines)
        return name

    def _place(self, sheet: Sheet, story: Story) -> Box:
        boxes = story.boxes + [sheet.pictures[p].box for p in story.pictures]
        boxes += [c.box for words in story.captions for c in words.chunks]
        return sheet.to_page(hull(boxes))

    def _article(self, sheet: Sheet, story: Story) -> Article:
        advert = is_advert(story)
        blocks, headlines = self._heading(story.heading, sheet) if story.heading else ([], [])
        flow = []
        for node, link in zip(story.nodes, story.links, strict=True):
            role = Role.SUBHEAD if node.head else Role.TABLE if node.chunk.rows else Role.BODY
            lines = [i.line for i in node.chunk.items]
            name = self._block(role, lines, node.chunk.subhead or link.confidence)
            blocks.append(name)
            flow.append((node, name))
            blocks += [self._block(r, [i.line], 0.9) for r, i in node.chunk.tail]
        blocks += [self._block(Role.QUOTE, [i.line for i in c.items], 0.9) for c in story.quotes]
        captions = tuple(self._caption(words, sheet, blocks) for words in story.captions)
        sure = [link.confidence for link in story.links]
        return Article(
            id="",
            blocks=tuple(blocks),
            pictures=tuple(sheet.pictures[p].id for p in story.pictures),
            headlines=tuple(headlines),
            paragraphs=paragraphs(flow),
            captions=captions,
            advert=advert,
            mode=sheet.mode,
            membership=min(sure, default=0.5),
            order=min(sure, default=0.5),
        )

    def _heading(self, heading: Heading, sheet: Sheet) -> tuple[list[str], list[Headline]]:
        blocks, headlines = [], []
        for role, items in heading.parts.items():
            blocks.append(self._block(role, [i.line for i in items], 0.9))
            if role in _HEADS:
                headlines.append(Headline(role, heading_text(items, heading.across, sheet.mode)))
        headlines.sort(key=lambda h: _HEADS.index(h.role))
        return blocks, headlines

    def _caption(self, words: Words, sheet: Sheet, blocks: list[str]) -> Caption:
        """The caption, its blocks added to `blocks`; a credit set apart has its own."""
        parts: dict[Role, list[Item]] = {}
        for chunk in words.chunks:
            items = [*chunk.items, *(i for _, i in chunk.tail)]
            said, signed = credit_apart(items)
            if _breaks_off(parts.get(Role.CAPTION, ())):
                said, signed = items, ()
            if _ends_credit(parts.get(Role.CREDIT, ()), items):
                said, signed = (), items
            if said:
                parts.setdefault(Role.CAPTION, []).extend(said)
            if signed:
                parts.setdefault(Role.CREDIT, []).extend(signed)
        names = {
            role: self._block(role, [i.line for i in items], words.confidence)
            for role, items in parts.items()
        }
        blocks += names.values()
        words_of = {role: caption_text([i.text for i in items]) for role, items in parts.items()}
        return Caption(
            words_of.get(Role.CAPTION, ""),
            sheet.pictures[words.picture].id,
            credit=words_of.get(Role.CREDIT, ""),
            block=names.get(Role.CAPTION, names.get(Role.CREDIT)),
            confidence=words.confidence,
        )


def credit_apart(items: Sequence[Item]) -> tuple[Sequence[Item], Sequence[Item]]:
    """The words of a caption's piece, and the credit it is or that its last line is."""
    if is_credit("".join(i.text for i in items)):
        return (), items
    last = len(items) > 1 and is_credit(items[-1].text) and _WHOLE_CREDIT.match(items[-1].text)
    if last and not begins_credit(items[-2].text):
        return items[:-1], items[-1:]
    return items, ()


def _breaks_off(items: Sequence[Item]) -> bool:
    """True for words of a caption that end within its credit."""
    return bool(items) and begins_credit(items[-1].text)


def _ends_credit(signed: Sequence[Item], items: Sequence[Item]) -> bool:
    """True for the rest of a credit that its line breaks: 记者 叶开元 摄|影报道."""
    words = [i.text.strip() for i in (*signed, *items)]
    return bool(signed) and is_credit("".join(words))


def caption_text(lines: Sequence[str]) -> str:
    """The lines as one text; a credit on the last of them is set off by a space."""
    if len(lines) > 1 and is_credit(lines[-1]) and not begins_credit(lines[-2]):
        return f"{join_lines(lines[:-1])} {lines[-1].strip()}"
    return join_lines(lines)


def heading_text(items: Sequence[Item], across: bool, mode: WritingMode) -> str:
    """The words of a heading part: pieces of a row joined by a space, rows run on."""
    rows = rows_of(items, across, mode)
    text = join_lines([" ".join(without_squeezed(i.line).strip() for i in row) for row in rows])
    if items[0].line.origin is Origin.OCR:
        text = _LEADING_DASH.sub("——", text.lstrip(_NEVER_FIRST))
    return _DASHES.sub("——", text)
