"""Issues of newspapers: which stories go on which page, and over to which."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from epaper.geometry import Box
from epaper.model import WritingMode
from epaper.synth.canvas import Canvas
from epaper.synth.composition import Composition, Edition
from epaper.synth.fonts import FontBook
from epaper.synth.furniture import Folio, Masthead, Paper, lunar_date, old_folio
from epaper.synth.grammar import Writer
from epaper.synth.lexicon import words
from epaper.synth.poured import TierComposition
from epaper.synth.sheet import Sheet, make_look
from epaper.synth.styles import Style
from epaper.synth.truth import PageTruth


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
        self.look = make_look(rng, style, self.fonts, style.traditional)
        self.paper = self._paper(date)
        lettered = style.section_letters and rng.random() < 0.6
        letter = rng.choice("AB") if lettered else ""
        self.edition = Edition(rng, style, self.writer, self.look, letter, self.count)

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

    def page(self, number: int) -> tuple[Canvas, PageTruth]:
        """Compose page `number`, counted from 1."""
        width, height = self.style.size
        mode = WritingMode.VERTICAL if self.vertical else WritingMode.HORIZONTAL
        canvas, truth = Canvas(width, height), PageTruth(self._facts(number))
        sheet = Sheet(self.look, canvas, truth, mode)
        margin = self.style.margin
        if number == 1:
            parts = Masthead(sheet, self.paper, self.writer, self.rng, margin).set()
        else:
            top = self._folio(sheet, truth, number)
            parts = [Box(margin, top, width - margin, height - margin)]
        poured = self.style.poured and self.vertical
        composition = TierComposition if poured else Composition
        composition(self.edition, sheet, number).fill(parts)
        return canvas, truth

    def _folio(self, sheet: Sheet, truth: PageTruth, number: int) -> float:
        margin = self.style.margin
        if self.look.folio == "old":
            return old_folio(sheet, self.paper, truth.facts, self.writer, self.rng, margin)
        folio = Folio(sheet, self.paper, truth.facts, self.writer, self.rng)
        return folio.set(self.edition.shown(number), margin)

    def _facts(self, number: int) -> dict[str, Any]:
        paper, style = self.paper, self.writer.style
        facts: dict[str, Any] = {
            "width_mm": self.style.size[0],
            "height_mm": self.style.size[1],
            "paper": paper.name,
            "date": paper.date.isoformat(),
            "number": self.edition.plain(number),
            "weekday": style(paper.weekday),
        }
        if number == 1:
            facts |= {
                "pages": paper.pages,
                "issue": style(f"总第{paper.issue}期"),
                "lunar": style(paper.lunar),
            }
            modern = {
                "cn": style(paper.cn),
                "postal": style(paper.postal),
                "website": paper.website,
                "email": paper.email,
                "telephone": paper.telephone,
            }
            if not paper.old:
                facts |= {name: value for name, value in modern.items() if value}
        elif self.look.folio != "old":
            facts |= {"section": self.writer.section(), "editor": style(self.writer.person())}
        return facts


def page_name(name: str, number: int) -> str:
    return f"{name}-{number:02d}"


def write_page(out: Path, page_id: str, canvas: Canvas, truth: PageTruth) -> Path:
    """Write ``<page id>.pdf`` and ``.json``; returns the PDF's path."""
    path = out / f"{page_id}.pdf"
    canvas.save(path, page_id)
    truth.write(out / f"{page_id}.json")
    return path
