"""Issues of newspapers: which stories go on which page, and over to which."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from epaper.geometry import Box
from epaper.model import WritingMode
from epaper.synth.bylines import back_marker, credit, marker, reporter
from epaper.synth.canvas import Canvas
from epaper.synth.fonts import FontBook
from epaper.synth.furniture import Masthead, Paper, lunar_date, old_folio, set_folio
from epaper.synth.grammar import Writer
from epaper.synth.grid import Divider, Plan, Region, contours, redivided
from epaper.synth.heads import HeadCopy
from epaper.synth.lexicon import words
from epaper.synth.photo import PhotoPlan
from epaper.synth.sheet import Look, Sheet, make_look
from epaper.synth.story import Jump, StoryPlan, StorySetter
from epaper.synth.styles import Style
from epaper.synth.truth import PageTruth


@dataclass
class Pending:
    """A story that left an earlier page."""

    plan: StoryPlan
    from_page: int


@dataclass
class IssueMaker:
    """Makes the pages of one issue, `count` of them, one after another."""

    style: Style
    fonts: FontBook
    rng: random.Random
    count: int
    vertical: bool
    own_text: float
    name: str
    pending: list[Pending] = field(default_factory=list)

    def __post_init__(self) -> None:
        rng, style = self.rng, self.style
        years = rng.randint(*style.years)
        date = dt.date(years, 1, 1) + dt.timedelta(days=rng.randrange(365))
        self.writer = Writer(
            rng,
            date,
            traditional=style.traditional,
            digits=rng.choice(style.digits),
            comma=rng.choice(style.comma),
            own=self.own_text,
        )
        self.look: Look = make_look(rng, style, self.fonts, style.traditional)
        self.paper = self._paper(date)
        self.letter = rng.choice("AB") if style.section_letters and rng.random() < 0.6 else ""

    def _paper(self, date: dt.date) -> Paper:
        rng, style = self.rng, self.writer.style
        head, tail = rng.choice(words("paperhead")), rng.choice(words("papertail"))
        site = rng.choice(("news", "daily", "paper", "press")) + str(rng.randint(10, 99))
        return Paper(
            name=style(head + tail),
            latin=rng.choice(("THE DAILY NEWS", "RIBAO", "WANBAO SHE", "EVENING POST")),
            date=date,
            pages=rng.choice((4, 8, 8, 12, 16, 24)),
            issue=rng.randint(300, 24000),
            cn=f"{rng.randint(11, 65)}{rng.choice('—-')}{rng.randint(1, 150):04d}",
            postal=f"{rng.randint(1, 80)}{rng.choice('—-')}{rng.randint(1, 299)}",
            organ=f"中共{head}市委",
            website=f"www.{site}.example.cn" if date.year > 1997 else "",
            email=f"{site}@example.cn" if date.year > 1999 and rng.random() < 0.6 else "",
            telephone=f"{rng.randint(2000000, 89999999)}" if rng.random() < 0.7 else "",
            lunar=lunar_date(date),
        )

    def printed(self, number: int) -> str:
        """The page's number as its folio prints it."""
        return f"{self.letter}{number:02d}"

    def page(self, number: int) -> tuple[Canvas, PageTruth]:
        """Compose page `number`, counted from 1."""
        width, height = self.style.size
        mode = WritingMode.VERTICAL if self.vertical else WritingMode.HORIZONTAL
        canvas, truth = Canvas(width, height), PageTruth(self._facts(number))
        sheet = Sheet(self.look, canvas, truth, mode)
        margin = self.style.margin
        if number == 1:
            top = Masthead(sheet, self.paper, self.writer, self.rng, margin).set()
        elif self.look.folio == "old":
            top = old_folio(sheet, self.paper, truth.facts, self.writer, self.rng, margin)
        else:
            shown = self.printed(number)
            top = set_folio(sheet, self.paper, truth.facts, shown, self.writer, self.rng, margin)
        area = Box(margin, top, width - margin, height - margin)
        Composition(self, sheet, number).fill(sheet.to_frame(area))
        return canvas, truth

    def _facts(self, number: int) -> dict[str, Any]:
        paper, style = self.paper, self.writer.style
        facts: dict[str, Any] = {
            "width_mm": self.style.size[0],
            "height_mm": self.style.size[1],
            "paper": paper.name,
            "date": paper.date.isoformat(),
            "number": f"{self.letter}{number}" if self.letter and number > 1 else number,
            "weekday": style(paper.weekday),
        }
        if number == 1:
            facts |= {
                "pages": paper.pages,
                "issue": style(f"总第{paper.issue}期"),
                "cn": style(paper.cn),
                "postal": style(paper.postal),
                "lunar": style(paper.lunar),
            }
            facts |= {
                k: v
                for k, v in (
                    ("website", paper.website),
                    ("email", paper.email),
                    ("telephone", paper.telephone),
                )
                if v
            }
        elif self.look.folio != "old":
            facts |= {"section": self.writer.section(), "editor": style(self.writer.person())}
        return facts


class Composition:
    """Fills one page's area with stories."""

    def __init__(self, maker: IssueMaker, sheet: Sheet, number: int) -> None:
        self.maker = maker
        self.sheet = sheet
        self.number = number
        self.rng = maker.rng
        self.writer = maker.writer
        self.look = maker.look

    def fill(self, area: Box) -> None:
        style, look = self.maker.style, self.look
        columns = self._columns(area)
        plan = Plan(
            columns=columns,
            gutter=look.gutter,
            gap=self.rng.uniform(5.0, 8.0),
            story_area=style.story_mm2 * self.rng.uniform(0.8, 1.3),
            odd_shapes=style.odd_shapes,
        )
        regions = Divider(area, plan, self.rng).divide()
        biggest = max(range(len(regions)), key=lambda i: regions[i].area)
        onward = self._onward(regions, biggest)
        for i, region in enumerate(regions):
            self._separate(region, area, plan.gap)
            rank = 0 if i == biggest else (1 if region.area > plan.story_area else 2)
            if region.head_columns == 1 and rank == 0:
                rank = 1
            self._story(region, rank, f"a{i}", i in onward)

    def _columns(self, area: Box) -> int:
        if not self.sheet.vertical:
            return self.look.columns
        return min(self.look.columns, max(4, int(area.width / 42)))

    def _onward(self, regions: list[Region], biggest: int) -> set[int]:
        """Which stories go on to a later page of this issue."""
        if self.number >= self.maker.count:
            return set()
        found = {biggest} if self.rng.random() < 0.6 else set()
        if len(regions) > 4 and self.rng.random() < 0.3:
            found.add(self.rng.randrange(len(regions)))
        return found

    def _separate(self, region: Region, area: Box, gap: float) -> None:
        color = (0.0, 0.0, 0.0)
        for u0, u1, v in contours(region):
            if v > area.y0 + 1:
                self.sheet.rule(u0, v - gap / 2, u1, v - gap / 2, self.look.separator, color)

    def _story(self, region: Region, rank: int, name: str, goes_on: bool) -> None:
        maker, rng = self.maker, self.rng
        back = self._arrival(rank)
        plan = back or self._new_story(region, rank)
        if goes_on and plan.onward is None and plan.back is None:
            to = rng.randint(self.number + 1, maker.count)
            shown = maker.printed(to)
            printed = f"{maker.letter}{to}" if maker.letter else to
            plan.onward = Jump(printed, marker(self.writer, rng, to, shown))
            maker.pending.append(Pending(plan, self.number))
        if region.rectangular and rng.random() < 0.2:
            region = self._recolumned(region)
        StorySetter(self.sheet, self.writer, rng).set(plan, region, name)

    def _recolumned(self, region: Region) -> Region:
        count = len(region.columns) + self.rng.choice((-1, 1))
        width = region.box.width / max(1, count)
        if count < 1 or width < 12 * self.look.body.em or width > 40 * self.look.body.em:
            return region
        return redivided(region, count, self.look.gutter)

    def _arrival(self, rank: int) -> StoryPlan | None:
        """A story from an earlier page that is due on this one."""
        maker = self.maker
        for pending in maker.pending:
            plan = pending.plan
            page = plan.onward.page if plan.onward else None
            if page is None or str(page).lstrip("AB") != str(self.number):
                continue
            maker.pending.remove(pending)
            assert plan.head is not None
            origin = pending.from_page
            printed = f"{maker.letter}{origin}" if maker.letter and origin > 1 else origin
            words_back = back_marker(self.writer, self.rng, origin, maker.printed(origin))
            return StoryPlan(
                copy=plan.copy,
                rank=rank,
                head=HeadCopy(plan.head.headline),
                reporter=reporter_of(plan),
                back=Jump(printed, words_back),
                carried=plan.carried,
            )
        return None

    def _new_story(self, region: Region, rank: int) -> StoryPlan:
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
        photo = self._photo(region, who.names) if rng.random() < self.maker.style.pictures else None
        long = region.area > 16000
        return StoryPlan(
            copy=copy,
            rank=rank,
            head=head,
            reporter=who,
            photo=photo,
            subheads=rng.randint(1, 4) if long and rng.random() < 0.45 else 0,
        )

    def _photo(self, region: Region, names: tuple[str, ...]) -> PhotoPlan:
        rng = self.rng
        return PhotoPlan(
            caption=self.writer.caption() if rng.random() < 0.9 else "",
            credit=credit(self.writer, rng, names),
            span=rng.choice((1, 1, 2, 2, 3)),
            where=rng.choice(("top", "top", "middle", "bottom")),
            aspect=rng.choice((0.6, 0.66, 0.75, 1.0, 1.3)),
            caption_at=rng.choice(("below", "below", "below", "above", "beside")),
            credit_own_line=rng.random() < 0.4,
        )


def reporter_of(plan: StoryPlan) -> Any:
    """The reporters of a story that goes on, named no second time."""
    return type(plan.reporter)()


def page_name(name: str, number: int) -> str:
    return f"{name}-{number:02d}"


def write_page(out: Path, page_id: str, canvas: Canvas, truth: PageTruth) -> Path:
    """Write ``<page id>.pdf`` and ``.json``; returns the PDF's path."""
    path = out / f"{page_id}.pdf"
    canvas.save(path, page_id)
    truth.write(out / f"{page_id}.json")
    return path
