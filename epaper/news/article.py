"""One article: markers, bylines and signatures out of the text, captions taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from epaper.geometry import Box, hull
from epaper.model import (
    Article,
    Block,
    Caption,
    Doubt,
    Headline,
    Jump,
    JumpKind,
    Page,
    Paragraph,
    ParagraphKind,
    Person,
    PersonRole,
    Role,
)
from epaper.news import byline, caption, jumps
from epaper.news.credits import parse
from epaper.news.dateline import LeadIn, lead_in
from epaper.news.text import flat, squeeze, unwrapped

_LEAD_IN_PARAGRAPHS = 3
# A kicker that names its writer is left as it was set: over the headline.
_UNMASKED = frozenset({Role.DECK})


@dataclass(slots=True)
class _Findings:
    """What was taken out of an article so far, in print order."""

    jumps: list[Jump] = field(default_factory=list)
    bylines: list[str] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)

    def sign(self, printed: str, people: Iterable[Person]) -> None:
        self.bylines.append(printed)
        self.people.extend(people)


def with_named_bylines(page: Page) -> Page:
    """The page with decks that are nothing but names as bylines.

    By its look a line of names under a headline is a deck; only its words tell.
    """
    named = {
        block.id: block
        for block in page.blocks
        if block.role in _UNMASKED and byline.whole(flat(block.text), names_alone=True)
    }
    if not named:
        return page
    blocks = tuple(replace(b, role=Role.BYLINE) if b.id in named else b for b in page.blocks)
    articles = tuple(
        _without_parts(a, [named[b] for b in a.blocks if b in named]) for a in page.articles
    )
    return replace(page, blocks=blocks, articles=articles)


def _without_parts(article: Article, blocks: Sequence[Block]) -> Article:
    """The article without the headline parts that these blocks are."""
    gone = {(block.role, squeeze(block.text)) for block in blocks}
    kept = tuple(h for h in article.headlines if (h.role, squeeze(h.text)) not in gone)
    return replace(article, headlines=kept) if blocks else article


def read_article(page: Page, article: Article) -> tuple[Article, tuple[Doubt, ...]]:
    """The article with byline, people, dateline, jumps and credits filled.

    Its paragraphs lose markers, and bylines that stood on a line of their own; all
    other text stays as it is. What an earlier pass filled is kept. What says that it comes
    from another page is no advert, however little of it there is.
    """
    if article.advert and not _comes_from_elsewhere(article):
        return article, ()
    article = replace(article, advert=False)
    blocks = [block for block in page.blocks if block.id in set(article.blocks)]
    blocks.sort(key=lambda block: article.blocks.index(block.id))
    found = _Findings()
    doubts = _from_blocks(blocks, found)
    headlines = _headlines(article.headlines, found)
    lines = {block.id: [line.text for line in block.lines] for block in blocks}
    paragraphs = _Paragraphs(article.paragraphs, lines, found).read()
    opening = _opening(paragraphs)
    article = replace(
        article,
        headlines=headlines,
        paragraphs=paragraphs,
        captions=_captions(page, article, blocks),
        jumps=tuple(dict.fromkeys([*article.jumps, *_new(found.jumps, article.jumps)])),
    )
    return _signed(article, found, opening), doubts


def _comes_from_elsewhere(article: Article) -> bool:
    """Whether the text begins with a marker that points back (上接03版)."""
    first = next((p.text for p in article.paragraphs if p.text.strip()), "")
    marker = jumps.leading(first) or jumps.whole(first, at_start=True)
    return marker is not None and marker.jump.kind is JumpKind.CONTINUED_FROM


def _new(found: Sequence[Jump], known: Sequence[Jump]) -> list[Jump]:
    seen = {(jump.kind, jump.page) for jump in known}
    fresh: list[Jump] = []
    for jump in found:
        if (jump.kind, jump.page) not in seen:
            seen.add((jump.kind, jump.page))
            fresh.append(jump)
    return fresh


def _from_blocks(blocks: Sequence[Block], found: _Findings) -> tuple[Doubt, ...]:
    """Markers and bylines that layout already knew by their look."""
    doubts: list[Doubt] = []
    bodies = [index for index, block in enumerate(blocks) if block.role is Role.BODY]
    first = bodies[0] if bodies else len(blocks)
    for index, block in enumerate(blocks):
        if block.role is Role.JUMP:
            marker = jumps.whole(flat(block.text), at_start=index < first)
            if marker:
                found.jumps.append(marker.jump)
            else:
                message = f"The jump marker “{flat(block.text)}” names no page."
                doubts.append(Doubt("jump-unread", message, block.id, block.box))
        elif block.role is Role.BYLINE:
            printed = unwrapped(" ".join(line.text.strip() for line in block.lines))
            credit = parse(printed)
            found.sign(printed, credit.people if credit else ())
    return tuple(doubts)


def _headlines(headlines: Sequence[Headline], found: _Findings) -> tuple[Headline, ...]:
    """Headline parts that are not markers; a marker before the words is taken off."""
    kept: list[Headline] = []
    for item in headlines:
        marker = jumps.whole(item.text, at_start=True) or jumps.leading(item.text)
        rest = item.text[marker.end :].strip() if marker else item.text
        if marker:
            found.jumps.append(marker.jump)
        if rest:
            kept.append(replace(item, text=rest) if marker else item)
    return tuple(kept)


@dataclass(slots=True)
class _Paragraphs:
    """The paragraphs of one article and the lines of print they came from."""

    paragraphs: Sequence[Paragraph]
    lines: dict[str, list[str]]
    found: _Findings

    def read(self) -> tuple[Paragraph, ...]:
        texts = [p for p in self.paragraphs if p.kind is not ParagraphKind.TABLE]
        kept: list[Paragraph] = []
        for paragraph in self.paragraphs:
            if paragraph.kind is ParagraphKind.TABLE:
                kept.append(paragraph)
                continue
            first, last = paragraph is texts[0], paragraph is texts[-1]
            text = self._stripped(paragraph, first, last)
            if text:
                kept.append(replace(paragraph, text=text) if text != paragraph.text else paragraph)
        return self._without_signatures(kept)

    def _stripped(self, paragraph: Paragraph, first: bool, last: bool) -> str:
        """The paragraph's own words, empty where it was a marker or a byline."""
        text = paragraph.text
        marker = jumps.whole(text, at_start=first and not last)
        if marker:
            self.found.jumps.append(marker.jump)
            return ""
        if first and (marker := jumps.leading(text)):
            self.found.jumps.append(marker.jump)
            text = text[marker.end :].lstrip()
        marker = jumps.trailing(text)
        if marker and (last or text[marker.start :].strip()[0] in "(（[【"):
            self.found.jumps.append(marker.jump)
            text = text[: marker.start].rstrip()
        bracketed = unwrapped(text) != text.strip()
        signed = byline.whole(text, names_alone=first or bracketed)
        if signed and (first or bracketed or signed.people):
            self.found.sign(signed.printed, signed.people)
            return ""
        return self._without_head(text, paragraph) if first else text

    def _without_head(self, text: str, paragraph: Paragraph) -> str:
        signed = byline.leading(text, self._lines(paragraph))
        if signed:
            self.found.sign(signed.printed, signed.people)
            return signed.after
        return text

    def _without_signatures(self, kept: list[Paragraph]) -> tuple[Paragraph, ...]:
        """Signatures at the foot: a name alone as the last paragraph, or behind its end."""
        while kept and kept[-1].kind is not ParagraphKind.TABLE:
            last = kept[-1]
            whole = byline.whole(last.text, names_alone=True) if len(kept) > 1 else None
            signed = whole or byline.trailing(last.text, self._lines(last))
            if signed is None:
                break
            self.found.sign(signed.printed, signed.people)
            kept.pop()
            rest = signed.before
            if rest and (marker := jumps.trailing(rest)):
                self.found.jumps.append(marker.jump)
                rest = rest[: marker.start].rstrip()
            if rest:
                kept.append(replace(last, text=rest))
        return tuple(kept)

    def _lines(self, paragraph: Paragraph) -> list[str]:
        return [line for block in paragraph.blocks for line in self.lines.get(block, [])]


def _opening(paragraphs: Sequence[Paragraph]) -> LeadIn:
    """The first lead-in among the first paragraphs; an editor's note may precede it."""
    texts = [p.text for p in paragraphs if p.kind is ParagraphKind.TEXT]
    for text in texts[:_LEAD_IN_PARAGRAPHS]:
        opening = lead_in(text)
        if opening.byline or opening.dateline:
            return opening
    return LeadIn()


def _signed(article: Article, found: _Findings, opening: LeadIn) -> Article:
    """Byline and people: a byline of its own goes before the one inside the text."""
    if article.byline:
        return article
    if found.bylines:
        inline = [Person(p.name, PersonRole.OTHER) for p in (*opening.people, *opening.others)]
        printed, people = " ".join(found.bylines), [*found.people, *inline]
    else:
        printed, people = opening.byline, [*opening.people, *opening.others]
    by_name: dict[str, Person] = {}
    for person in people:
        by_name.setdefault(person.name, person)
    return replace(
        article,
        byline=printed,
        people=tuple(by_name.values()),
        dateline=article.dateline or opening.dateline,
    )


def _captions(page: Page, article: Article, blocks: Sequence[Block]) -> tuple[Caption, ...]:
    """Captions without their credits; credits set apart go to the nearest caption."""
    captions = [_caption(item) for item in article.captions]
    for block in blocks:
        if block.role is not Role.CREDIT:
            continue
        printed = unwrapped(flat(block.text))
        people = caption.credit_people(printed)
        open_ones = [i for i, item in enumerate(captions) if not item.credit]
        if any(item.credit == printed for item in captions):
            continue
        if open_ones:
            near = min(open_ones, key=lambda i: _distance(page, captions[i], block))
            captions[near] = replace(captions[near], credit=printed, people=people)
        elif article.pictures and not captions:
            picture = article.pictures[0]
            captions.append(Caption("", picture, printed, people, block.id))
    return tuple(captions)


def _caption(item: Caption) -> Caption:
    if item.credit:
        credit = unwrapped(item.credit)
        whole = None if item.people else caption.rejoined(item.text, credit)
        if whole is not None:
            return replace(item, text=whole.text, credit=whole.credit, people=whole.people)
        return replace(item, credit=credit, people=item.people or caption.credit_people(credit))
    parts = caption.split(item.text)
    if not parts.credit:
        return item
    return replace(item, text=parts.text, credit=parts.credit, people=parts.people)


def _distance(page: Page, item: Caption, block: Block) -> float:
    """Pixels between a credit and the nearest box of a caption or its picture."""
    boxes: list[Box] = [other.box for other in page.blocks if other.id == item.block]
    boxes += [picture.box for picture in page.pictures if picture.id == item.picture]
    if not boxes:
        return float("inf")
    around = hull(boxes)
    return max(0.0, -around.overlap_x(block.box)) + max(0.0, -around.overlap_y(block.box))
