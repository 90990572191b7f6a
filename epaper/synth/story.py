"""One story in its region: head, pictures, text, and how it ends."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from itertools import pairwise

from epaper.geometry import Box, hull
from epaper.model import WritingMode
from epaper.synth.boxes import set_table
from epaper.synth.bylines import Reporter
from epaper.synth.grammar import Copy, Writer
from epaper.synth.grid import Region, redivided
from epaper.synth.heads import HeadCopy, HeadDesign, HeadSetter, fit_lines, place, split_lines
from epaper.synth.photo import PhotoPlan, set_photo
from epaper.synth.pour import Pour, make_slots
from epaper.synth.quotes import room_for_quote, set_quote
from epaper.synth.setting import Type, from_right
from epaper.synth.sheet import Sheet
from epaper.synth.truth import TruthArticle

# A line of text holds so many ems, beside a headline set into its column fewer.
_LINE, _SHORT_LINE = 6.0, 3.0


@dataclass
class Jump:
    """A story that goes over pages: the marker's words and the other page."""

    page: int | str
    marker: str


@dataclass(frozen=True)
class SubheadLook:
    """How the subheads of one story are set. `face` is ``hei``, ``deck`` or ``body``."""

    face: str = "hei"
    scale: float = 1.0
    bold: bool = False
    align: str = "center"
    mark: str = ""
    air: bool = False


def subhead_look(rng: random.Random) -> SubheadLook:
    """A way of setting subheads in which a reader can tell them from the body."""
    face = rng.choice(("hei", "hei", "hei", "deck", "body"))
    scale = rng.choice((1.0, 1.0, 1.05, 1.15, 1.3))
    align = rng.choice(("center", "center", "left", "indent"))
    return SubheadLook(
        face=face,
        scale=scale,
        bold=face != "hei" or rng.random() < 0.4,
        align=align,
        mark=rng.choice(("", "", "", "■", "◆", "●")) if align != "center" else "",
        air=rng.random() < 0.3,
    )


@dataclass
class StoryPlan:
    """What a story has. `rank` 0 leads the page, 2 is small."""

    copy: Copy
    rank: int
    head: HeadCopy
    reporter: Reporter
    photo: PhotoPlan | None = None
    second: PhotoPlan | None = None
    subheads: int = 0
    subhead_look: SubheadLook = field(default_factory=SubheadLook)
    onward: Jump | None = None
    back: Jump | None = None
    carried: str = ""
    carried_indent: bool = False
    side_head: bool = False
    inset_head: bool = False
    quote: bool = False
    verses: list[list[str]] = field(default_factory=list)
    note: str = ""
    note_wide: bool = False
    rows: list[list[str]] = field(default_factory=list)


class StorySetter:
    """Sets a planned story into a region of a sheet, and notes its truth."""

    def __init__(self, sheet: Sheet, writer: Writer, rng: random.Random) -> None:
        self.sheet = sheet
        self.writer = writer
        self.rng = rng
        self._rows: tuple[Box, list[list[str]]] | None = None

    def set(self, plan: StoryPlan, region: Region, name: str) -> TruthArticle:
        article = TruthArticle(name)
        self.sheet.truth.articles.append(article)
        if plan.side_head:
            columns = self._side_head(plan, region, article)
        elif plan.inset_head:
            columns = self._inset_head(plan, region, article)
        else:
            columns = self._head(plan, region, article)
        obstacles: list[Box] = []
        if plan.note and plan.note_wide and not plan.side_head:
            columns = self._wide_note(plan, columns, article)
        if plan.rows and not self.sheet.vertical:
            columns = self._table(plan, columns)
        if plan.photo is not None:
            obstacles = set_photo(self.sheet, plan.photo, columns, article, self.rng)
        if plan.second is not None and obstacles:
            obstacles += self._second_photo(plan.second, columns, obstacles, article)
        look = self.sheet.look
        quote = room_for_quote(columns, obstacles, look.leading, self.rng) if plan.quote else None
        if quote is not None:
            obstacles = [*obstacles, quote]
        least = _SHORT_LINE if plan.inset_head else _LINE
        em = look.body.em
        slots = make_slots(columns, obstacles, look.leading, em, em * 0.6, least)
        pour = Pour(self.sheet, slots, look.body)
        self._text(plan, pour, article)
        pour.draw(name)
        article.body += pour.paragraphs
        article.subheads = pour.subheads
        if quote is not None:
            set_quote(self.sheet, quote, pour.paragraphs, name, self.rng)
        if self._rows is not None:
            set_table(self.sheet, *self._rows, article)
            self._rows = None
        if look.column_rules and not region.poured:
            self._column_rules(columns, obstacles)
        return article

    def _design(self, plan: StoryPlan) -> HeadDesign:
        look, rng = self.sheet.look, self.rng
        scale = min(1.15, max(0.75, self.sheet.canvas.width / 390))
        low, high = ((34, 56), (21, 33), (14.5, 21))[plan.rank]
        face = look.type(rng.choice(look.heads), 20.0, bold=rng.random() < look.style.head_bold)
        centered = rng.random() < look.center_heads
        return HeadDesign(
            face=face,
            cap=rng.uniform(low, high) * scale,
            align="center" if centered else "left",
            label=rng.choice(("plain", "reversed", "boxed", "reversed")),
            byline_align="center" if centered else rng.choice(("left", "right")),
            air=rng.uniform(1.2, 2.4),
        )

    def _head(self, plan: StoryPlan, region: Region, article: TruthArticle) -> list[Box]:
        """Sets the head over the columns that begin at the top; returns the columns below."""
        over = region.columns[: region.head_columns]
        area = Box(over[0].x0, over[0].y0, over[-1].x1, over[0].y1)
        setter = HeadSetter(self.sheet, area, article, self._design(plan))
        shortest = min(c.height for c in over)
        below = setter.set(setter.fitted(plan.head, shortest * 0.5)) + self.sheet.look.leading * 0.4
        count = len(over)
        cut = [Box(c.x0, below, c.x1, max(below, c.y1)) for c in over]
        return cut + region.columns[count:]

    def _side_head(self, plan: StoryPlan, region: Region, article: TruthArticle) -> list[Box]:
        """Sets the headline across the text's direction, at its start or end."""
        mode = WritingMode.HORIZONTAL if self.sheet.vertical else WritingMode.VERTICAL
        cross, box = self.sheet.other(mode), region.box
        if plan.reporter.byline:
            plan.reporter = Reporter()
        design = self._design(plan)
        lines, kind = fit_lines(cross, plan.head.headline, design.face, box.height, design.cap, 2)
        extent = len(lines) * kind.em * 1.18 + 1.0
        at_end = not self.sheet.vertical and self.rng.random() < 0.4
        start = box.x1 - extent if at_end else box.x0
        strip = cross.to_frame(self.sheet.to_page(Box(start, box.y0, start + extent, box.y1)))
        plain = plan.head.headline.replace(" ", "").isalpha()
        leftward = self.sheet.vertical and self.writer.date.year < 1956 and plain
        design = replace(
            design, cap=kind.points + 0.1, leftward=leftward and self.rng.random() < 0.6
        )
        HeadSetter(cross, strip, article, design).set(HeadCopy(plan.head.headline))
        gutter = self.sheet.look.gutter
        rest = Box(box.x0, box.y0, start - gutter, box.y1)
        if not at_end:
            rest = Box(start + extent + gutter, box.y0, box.x1, box.y1)
        pitch = (box.width + gutter) / len(region.columns)
        count = max(1, round((rest.width + gutter) / pitch))
        return redivided(Region([rest]), count, gutter).columns

    def _inset_head(self, plan: StoryPlan, region: Region, article: TruthArticle) -> list[Box]:
        """Sets the headline across, in a frame at the head of the first tier.

        Short lines stand under it, full ones beside it. For vertical pages.
        """
        rng, first, look = self.rng, region.columns[0], self.sheet.look
        cross = self.sheet.other(WritingMode.HORIZONTAL)
        plan.reporter = Reporter() if plan.reporter.byline else plan.reporter
        half, pad = first.width * rng.uniform(0.4, 0.5), 0.8
        text, rows = plan.head.headline, rng.choice((1, 2, 2))
        face = look.type(rng.choice(look.heads), 20.0, bold=True)
        lines = split_lines(cross, text, face, rows)
        kind = face.sized(face.points * (half - 2 * pad) / (1.2 * len(lines) * face.em))
        longest = max(cross.composer.length(line, kind) for line in lines)
        kind = kind.sized(kind.points * min(1.0, 0.5 * first.height / longest))
        longest = max(cross.composer.length(line, kind) for line in lines) + 2 * pad
        foot = first.y0 + longest
        page = cross.to_frame(self.sheet.to_page(Box(first.x0, first.y0, first.x0 + half, foot)))
        leftward = text.isalpha() and self.writer.date.year < 1956
        boxes = []
        for k, row in enumerate(lines):
            line = cross.composer.line(from_right(row) if leftward else row, kind)
            top = page.y0 + pad + 1.2 * k * kind.em
            boxes.append(place(cross, line, kind, page.grown(-pad, 0.0), top, "center"))
        cross.canvas.rect(page, stroke=0.25)
        article.headline = text
        cross.mark("headline", article.id, hull(boxes), text)
        under = Box(first.x0 + half + look.body.em * 0.4, first.y0, first.x1, foot)
        rest = Box(first.x0, foot + look.leading * 0.3, first.x1, first.y1)
        return [under, rest, *region.columns[1:]]

    def _wide_note(self, plan: StoryPlan, columns: list[Box], article: TruthArticle) -> list[Box]:
        """Sets the editor's note over all columns under the head; returns the room below it."""
        look, sheet = self.sheet.look, self.sheet
        head = [c for c in columns if abs(c.y0 - columns[0].y0) < 0.1]
        area = Box(head[0].x0, head[0].y0, head[-1].x1, head[0].y1)
        kind = look.type(look.deck, look.body.points)
        lines = sheet.composer.lines(plan.note, area.width, kind, indent=2 * kind.em)
        below = area.y0 + (len(lines) + 0.6) * look.leading
        if below > area.y0 + area.height * 0.4 or area.x0 > area.x1:
            return columns
        boxes = []
        for i, line in enumerate(lines):
            boxes.append(sheet.line(line, kind, area.x0, area.y0 + i * look.leading))
        sheet.mark("body", article.id, hull(boxes), plan.note)
        if self.rng.random() < 0.5:
            v = below - look.leading * 0.5
            sheet.rule(area.x0, v, area.x1, v, "thin", (0.0, 0.0, 0.0))
            below += look.leading * 0.4
        article.body.append(plan.note)
        plan.note = ""
        cut = [Box(c.x0, min(below, c.y1), c.x1, c.y1) for c in head]
        return cut + columns[len(head) :]

    def _table(self, plan: StoryPlan, columns: list[Box]) -> list[Box]:
        """Sets the table at the foot of the last column; returns the room left above it."""
        last = columns[-1]
        pitch = self.sheet.look.body.em * 0.95 * 1.75
        tall = min(len(plan.rows) * pitch, last.height * 0.7)
        if tall < 4 * pitch:
            return columns
        area = Box(last.x0, last.y1 - tall, last.x1, last.y1)
        self._rows = (area, plan.rows)
        return [*columns[:-1], Box(last.x0, last.y0, last.x1, area.y0 - pitch)]

    def _text(self, plan: StoryPlan, pour: Pour, article: TruthArticle) -> None:
        rng, look = self.rng, self.sheet.look
        reserved = 1 if plan.onward or plan.reporter.signature else 0
        if plan.back:
            article.continued_from = plan.back.page
            if pour.left > 3:
                pour.closing(
                    plan.back.marker, look.type(look.deck, look.body.points), "jump", "left"
                )
        if plan.note:
            kai = look.type(look.deck, look.body.points)
            pour.paragraph(plan.note, lead_in=len(plan.note), lead_face=kai)
        held = pour.slots
        pour.slots = held[: len(held) - reserved]
        if plan.verses:
            self._verses(plan.verses, pour)
            pour.slots = held
            self._close(plan, pour, article)
            return
        if plan.carried and pour.left > 2:
            plan.carried = pour.broken(plan.carried, plan.carried_indent)
        self._paragraphs(plan, pour)
        if plan.onward and pour.left and rng.random() < 0.5:
            plan.carried = pour.broken(plan.copy.paragraph(), indented=True)
        pour.slots = held
        self._close(plan, pour, article)

    def _verses(self, verses: list[list[str]], pour: Pour) -> None:
        """The poem's lines, one a paragraph, its stanzas parted by white."""
        indent = self.rng.choice((0.0, 1.0, 2.0))
        for stanza in verses:
            if pour.left < len(stanza) + 1:
                break
            if pour.paragraphs:
                pour.blank()
            for line in stanza:
                pour.verse(line, indent)

    def _paragraphs(self, plan: StoryPlan, pour: Pour) -> None:
        rng, look = self.rng, self.sheet.look
        total = len(pour.slots)
        slack = 0 if plan.onward else rng.choice((0, 0, 1, 2, 3, 5))
        lead_in = plan.reporter.lead_in if not plan.back else ""
        every = total / (plan.subheads + 1)
        due = every
        misses = 0
        while pour.left > slack and misses < (6 if pour.paragraphs else 40):
            if pour.subheads != [] or plan.subheads:
                due = self._maybe_subhead(plan, pour, due, every)
            text = plan.copy.paragraph() if misses < 2 else self.writer.sentence(plan.copy.beat)
            face = look.type(look.hei, look.body.points) if lead_in and rng.random() < 0.5 else None
            full = lead_in + text
            if pour.paragraph(full, lead_in=len(lead_in), lead_face=face):
                lead_in = ""
            else:
                misses += 1
                if misses > 8 and lead_in:
                    lead_in, plan.reporter = "", Reporter()

        if lead_in:
            plan.reporter = Reporter()
        if not pour.paragraphs and pour.left:
            pour.paragraph(self.writer.shortest(), indented=False)

    def _maybe_subhead(self, plan: StoryPlan, pour: Pour, due: float, every: float) -> float:
        if pour.at < due or len(pour.subheads) >= plan.subheads or pour.left < 8:
            return due
        if pour.paragraphs and pour.paragraphs[-1] in pour.subheads:
            return due
        look = plan.subhead_look
        words = look.mark + self.writer.subhead()
        if words not in pour.subheads:
            pour.subhead(words, self._subhead_type(look), look.align, look.air)
        return due + every

    def _subhead_type(self, subhead: SubheadLook) -> Type:
        look = self.sheet.look
        face = {"hei": look.hei, "deck": look.deck, "body": look.body.face}[subhead.face]
        return look.type(face, round(look.body.points * subhead.scale, 1), bold=subhead.bold)

    def _close(self, plan: StoryPlan, pour: Pour, article: TruthArticle) -> None:
        look = self.sheet.look
        kind = look.type(look.deck, look.body.points)
        article.byline = " ".join(plan.reporter.names)
        if not pour.left:
            # A signature that found no room is not printed.
            article.byline = "" if plan.reporter.signature else article.byline
            return
        if plan.onward:
            article.continues_to = plan.onward.page
            pour.closing(plan.onward.marker, kind, "jump")
        elif plan.reporter.signature:
            pour.closing(plan.reporter.signature, kind, "byline")

    def _second_photo(
        self, plan: PhotoPlan, columns: list[Box], taken: list[Box], article: TruthArticle
    ) -> list[Box]:
        """Another picture, in columns that the first one left whole; the boxes it takes."""
        free = [c for c in columns if not any(c.intersection(box) > 0 for box in taken)]
        return set_photo(self.sheet, plan, free, article, self.rng) if free else []

    def _column_rules(self, columns: list[Box], obstacles: list[Box]) -> None:
        for left, right in pairwise(columns):
            top, bottom = max(left.y0, right.y0), min(left.y1, right.y1)
            u = (left.x1 + right.x0) / 2
            crossing = any(o.x0 < u < o.x1 for o in obstacles)
            if bottom - top > 10 and not crossing:
                self.sheet.rule(u, top, u, bottom, "thin", (0.0, 0.0, 0.0))
