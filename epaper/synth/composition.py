"""Filling a page: what each region of it holds, and which stories go on elsewhere."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

from epaper.geometry import Box
from epaper.model import WritingMode
from epaper.synth.boxes import advert_strip, frame_region, set_advert, table_rows
from epaper.synth.bylines import Reporter, back_marker, marker, reporter
from epaper.synth.grammar import Writer
from epaper.synth.grid import Divider, Plan, Region, contours, redivided
from epaper.synth.heads import HeadCopy
from epaper.synth.picture_news import grouped, photo_plan, set_picture_news
from epaper.synth.sheet import Look, Sheet
from epaper.synth.story import Jump, StoryPlan, StorySetter, subhead_look
from epaper.synth.styles import Style
from epaper.synth.truth import TruthArticle

_BLACK = (0.0, 0.0, 0.0)
# A column of text holds at least so many ems.
_NARROWEST = 7.0


@dataclass
class Pending:
    """A story that left page `from_page` for page `to_page`."""

    plan: StoryPlan
    from_page: int
    to_page: int


@dataclass
class Edition:
    """What the pages of one issue share."""

    rng: random.Random
    style: Style
    writer: Writer
    look: Look
    letter: str
    count: int
    pending: list[Pending] = field(default_factory=list)

    def shown(self, number: int) -> str:
        """The page's number as folio and markers print it: ``02``, ``A13``."""
        return f"{self.letter}{number:02d}"

    def plain(self, number: int) -> int | str:
        """The page's number as the truth gives it."""
        return f"{self.letter}{number}" if self.letter else number


class Composition:
    """Fills one page."""

    def __init__(self, edition: Edition, sheet: Sheet, number: int) -> None:
        self.edition = edition
        self.sheet = sheet
        self.number = number
        self.rng = edition.rng
        self.writer = edition.writer
        self.look = edition.look
        self._articles = 0

    def fill(self, parts: list[Box]) -> None:
        """Fill page boxes, millimetres, the main one last: adverts at its foot, stories above."""
        rng = self.rng
        gap = rng.uniform(5.0, 8.0)
        *beside, page = parts
        for part in beside:
            self._stories(part, gap, main=False)
        if rng.random() < (0.25 if self.number == 1 else 0.4):
            tall = page.height * rng.uniform(0.1, 0.28)
            foot = Box(page.x0, page.y1 - tall, page.x1, page.y1)
            advert_strip(self.sheet, foot, self.writer, rng)
            page = Box(page.x0, page.y0, page.x1, foot.y0 - gap)
        self._stories(page, gap, main=True)

    def _stories(self, page: Box, gap: float, *, main: bool) -> None:
        rng, style = self.rng, self.edition.style
        area = self.sheet.to_frame(page)
        plan = Plan(
            columns=self._columns(area),
            gutter=self.look.gutter,
            gap=gap,
            story_area=style.story_mm2 * rng.uniform(0.75, 1.3),
            odd_shapes=style.odd_shapes,
        )
        regions = Divider(area, plan, rng).divide()
        biggest = max(regions, key=lambda r: r.area * (1 + r.head_columns))
        going_on = self._going_on(regions, biggest) if main else []
        for region in regions:
            self._separate(region, area, plan.gap)
            rank = 1 if region.area > plan.story_area else 2
            if main and region is biggest and region.head_columns > 1:
                rank = 0
            self._region(region, rank, region in going_on)

    def _columns(self, area: Box) -> int:
        if not self.sheet.vertical:
            full = self.sheet.canvas.width - 2 * self.edition.style.margin
            return max(1, round(self.look.columns * area.width / full))
        return min(self.look.columns, max(1, int(area.width / 34)))

    def _going_on(self, regions: list[Region], biggest: Region) -> list[Region]:
        """The regions whose stories go on to a later page of this issue."""
        if self.number >= self.edition.count:
            return []
        found = [biggest] if self.rng.random() < 0.6 else []
        if len(regions) > 4 and self.rng.random() < 0.3:
            found.append(self.rng.choice(regions))
        return found

    def _separate(self, region: Region, area: Box, gap: float) -> None:
        """Rules above the region and, in some papers, at its left."""
        for u0, u1, v in contours(region):
            if v > area.y0 + 1:
                self.sheet.rule(u0, v - gap / 2, u1, v - gap / 2, self.look.separator, _BLACK)
        first = region.columns[0]
        if first.x0 > area.x0 + 1 and region.rectangular:
            u = first.x0 - self.look.gutter / 2
            kind = self.look.side_rule
            self.sheet.rule(u, first.y0, u, first.y1, kind, _BLACK)

    def _name(self) -> str:
        self._articles += 1
        return f"a{self._articles - 1}"

    def _region(self, region: Region, rank: int, goes_on: bool) -> None:
        rng, style = self.rng, self.edition.style
        plan = self._arrival(rank)
        if plan is None and not goes_on and self._other_matter(region):
            return
        if plan is None:
            plan = self._story(region, rank)
            if goes_on:
                self._send_on(plan)
        box = region.box
        roomy = region.rectangular and rank > 0 and box.height > 48
        if roomy and rng.random() < style.frames + style.tints:
            region = frame_region(self.sheet, region, rng)
        if region.rectangular and rng.random() < 0.2:
            region = self._recolumned(region)
        region = self._readable(region)
        if region.rectangular and not plan.back and plan.photo is None and self._may_turn(box):
            self._turned_story(plan, region)
            return
        wide = region.rectangular and len(region.columns) >= 2
        if wide and box.height > 60 and rng.random() < 0.1:
            plan.side_head = True
        StorySetter(self.sheet, self.writer, rng).set(plan, region, self._name())

    def _may_turn(self, box: Box) -> bool:
        share = 0.12 if 0 < self.edition.style.vertical < 1 else 0.02
        return not self.sheet.vertical and box.height > 70 and self.rng.random() < share

    def _turned_story(self, plan: StoryPlan, region: Region) -> None:
        """A story set vertically on a horizontal page."""
        sheet = self.sheet.other(WritingMode.VERTICAL)
        box = sheet.to_frame(self.sheet.to_page(region.box))
        tiers = max(1, int(box.width / 45))
        turned = redivided(Region([box]), tiers, self.look.gutter)
        StorySetter(sheet, self.writer, self.rng).set(plan, turned, self._name())

    def _other_matter(self, region: Region) -> bool:
        """Fill the region with something else than a story, now and then."""
        rng, box = self.rng, region.box
        page = self.sheet.to_page(box)
        if not region.rectangular:
            return False
        draw = rng.random()
        pictures = self.edition.style.pictures
        if draw < 0.03:
            set_advert(self.sheet, page, self.writer, rng)
        elif draw < 0.03 + 0.2 * pictures and 0.4 < page.height / page.width < 1.5:
            article = TruthArticle(self._name())
            self.sheet.truth.articles.append(article)
            plan = photo_plan(self.sheet, self.writer, rng, ())
            set_picture_news(self.sheet, box, article, plan, self.writer, rng)
        elif draw > 0.91 and draw <= 0.94 and len(region.columns) <= 3:
            self._poem(region)
        elif draw > 0.94 and len(region.columns) <= 2 and box.height > 110:
            self._briefs(frame_region(self.sheet, region, rng))
        else:
            return False
        return True

    def _poem(self, region: Region) -> None:
        """A poem under its title, in a frame or open."""
        if self.rng.random() < 0.4:
            region = frame_region(self.sheet, region, self.rng)
        plan = self._story(region, 2)
        longest = max(6, int(region.columns[0].width / self.look.body.em) - 3)
        signed = plan.reporter if not plan.reporter.lead_in else Reporter()
        plan = replace(
            plan,
            reporter=signed,
            verses=self.writer.verses(longest),
            photo=None,
            subheads=0,
            rows=[],
            quote=False,
            note="",
        )
        StorySetter(self.sheet, self.writer, self.rng).set(plan, region, self._name())

    def _briefs(self, region: Region) -> None:
        """A box of several short stories under a common label."""
        rng, count = self.rng, self.rng.randint(2, 5)
        region = Region([region.box]) if region.box.width < 75 else region
        box, gap = region.box, self.look.leading
        tall = (box.height - (count - 1) * gap) / count
        for i in range(count):
            top = box.y0 + i * (tall + gap)
            part = Region([Box(c.x0, top, c.x1, top + tall) for c in region.columns])
            plan = self._story(part, 2)
            label = self.writer.brief_title() if i == 0 else ""
            head = HeadCopy(plan.head.headline, label=label, byline=plan.head.byline)
            plan = replace(plan, head=head, photo=None, subheads=0, rows=[], quote=False, note="")
            StorySetter(self.sheet, self.writer, rng).set(plan, part, self._name())

    def _send_on(self, plan: StoryPlan) -> None:
        edition = self.edition
        to = self.rng.randint(self.number + 1, edition.count)
        words = marker(self.writer, self.rng, to, edition.shown(to))
        plan.onward = Jump(edition.plain(to), words)
        edition.pending.append(Pending(plan, self.number, to))

    def _recolumned(self, region: Region) -> Region:
        count = len(region.columns) + self.rng.choice((-1, 1))
        ems = region.box.width / max(1, count) / self.look.body.em
        if count < 1 or not 12 <= ems <= 40:
            return region
        return redivided(region, count, self.look.gutter)

    def _readable(self, region: Region) -> Region:
        """The region in fewer columns where its own, inside a frame, are too narrow to set."""
        count, em = len(region.columns), self.look.body.em
        most = int((region.box.width + self.look.gutter) / (_NARROWEST * em + self.look.gutter))
        if not region.rectangular or count <= max(1, most):
            return region
        return redivided(region, max(1, most), self.look.gutter)

    def _arrival(self, rank: int) -> StoryPlan | None:
        """A story from an earlier page that is due on this one."""
        edition = self.edition
        due = next((p for p in edition.pending if p.to_page == self.number), None)
        if due is None:
            return None
        edition.pending.remove(due)
        words = back_marker(self.writer, self.rng, due.from_page, edition.shown(due.from_page))
        return StoryPlan(
            copy=due.plan.copy,
            rank=rank,
            head=HeadCopy(due.plan.head.headline),
            reporter=Reporter(),
            back=Jump(edition.plain(due.from_page), words),
            carried=due.plan.carried,
        )

    def _story(self, region: Region, rank: int) -> StoryPlan:
        rng, writer = self.rng, self.writer
        copy = writer.story(writer.beat())
        who = reporter(writer, rng)
        chance = (0.6, 0.35, 0.15)[rank]
        head = HeadCopy(
            headline=copy.headline,
            label=writer.label() if rng.random() < 0.13 else "",
            kicker=writer.kicker() if rng.random() < chance * 0.7 else "",
            deck=writer.deck() if rng.random() < chance * 0.8 else "",
            byline=who.byline,
        )
        long = region.area > 14000
        with_photo = rng.random() < self.edition.style.pictures
        photo = photo_plan(self.sheet, writer, rng, who.names) if with_photo else None
        if photo is not None and rank < 2 and rng.random() < self.edition.style.groups:
            photo = grouped(photo, writer, rng)
        second = photo is not None and long and rng.random() < self.edition.style.groups
        return StoryPlan(
            copy=copy,
            rank=rank,
            head=head,
            reporter=who,
            photo=photo,
            second=photo_plan(self.sheet, writer, rng, who.names) if second else None,
            subheads=rng.randint(1, 4) if long and rng.random() < 0.45 else 0,
            subhead_look=subhead_look(rng),
            quote=long and rng.random() < 0.2,
            note=writer.note(copy.beat) if long and rng.random() < 0.1 else "",
            note_wide=rng.random() < 0.4,
            rows=table_rows(writer, rng) if not with_photo and rng.random() < 0.05 else [],
        )
