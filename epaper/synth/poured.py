"""Pages of old tabloids: many short tiers, stories that run on from one into the next.

The page is cut into blocks of tiers. Some hold one story; in the others stories follow one
another: each begins where the last one ended, under a headline one tier high, and goes on
at the head of the next tier. Slogans stand in the margins, borders are wavy.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from epaper.geometry import Box
from epaper.model import WritingMode
from epaper.synth.boxes import draw_border
from epaper.synth.composition import Composition
from epaper.synth.grid import Divider, Plan, Region
from epaper.synth.story import StorySetter, SubheadLook

_BLACK = (0.0, 0.0, 0.0)
_HEAD_ROLES = ("label", "kicker", "headline", "deck")
# Characters down a tier, at least. The least width of a story's beginning and of a rest of
# it, millimetres.
_DOWN = 8.0
_BEGINNING, _REST = 26.0, 8.0
_SLOGAN = 10.0


def poured(block: Region, length: Callable[[], float], heads: int, gap: float) -> list[Region]:
    """Stories of `length` millimetres of tier each, poured through the tiers of a block.

    The headline of the first one is `heads` tiers high; `gap` stands between two in a tier.
    """
    tiers = block.columns
    found: list[Region] = []
    tier, v = 0, block.columns[0].y0
    while tier < len(tiers):
        high = heads if not found else 1
        pieces: list[Box] = []
        left = max(length(), _BEGINNING)
        while tier < len(tiers) and (left > _REST or len(pieces) < high):
            column = tiers[tier]
            room = column.y1 - v
            wanted = max(left, _BEGINNING) if len(pieces) < high else left
            whole = len(pieces) < high - 1 or room - wanted < _BEGINNING + gap
            taken = room if whole else wanted
            pieces.append(Box(column.x0, v, column.x1, v + taken))
            left -= taken
            tier, v = (tier + 1, column.y0) if whole else (tier, v + taken + gap)
        found.append(Region(pieces, high, poured=True))
    return found


class TierComposition(Composition):
    """Fills one page of many short tiers."""

    def fill(self, parts: list[Box]) -> None:
        """As other pages, often between slogans, within a wavy border."""
        page = parts[-1]
        if len(parts) == 1 and self.rng.random() < 0.5:
            page = self._slogans(page)
        if self.rng.random() < 0.5:
            draw_border(self.sheet.canvas, page, "wavy")
            page = page.grown(-3.0)
        super().fill([*parts[:-1], page])

    def _slogans(self, page: Box) -> Box:
        """A slogan down either margin; gives the page between them."""
        sheet = self.sheet.other(WritingMode.VERTICAL)
        kind = self.look.type(self.look.deck, 13.0)
        for x in (page.x0, page.x1 - _SLOGAN):
            words = "".join(c for c in self.writer.sentence("society") if c.isalpha())
            strip = sheet.to_frame(Box(x, page.y0, x + kind.em, page.y1))
            words = words[: int(strip.width / kind.em)]
            pitch = strip.width / len(words)
            boxes = []
            for k, char in enumerate(words):
                line = sheet.composer.line(char, kind)
                boxes.append(sheet.line(line, kind, strip.x0 + k * pitch, strip.y0))
            sheet.mark("furniture", None, boxes[0].union(boxes[-1]), words)
        return page.grown(-_SLOGAN, 0.0)

    def _columns(self, area: Box) -> int:
        return min(self.look.columns, max(1, int(area.width / self._tier())))

    def _tier(self) -> float:
        """The least height of a tier with its gutter, millimetres."""
        return _DOWN * self.look.body.em + self.look.gutter

    def _stories(self, page: Box, gap: float, *, main: bool) -> None:
        rng = self.rng
        area = self.sheet.to_frame(page)
        plan = Plan(
            columns=self._columns(area),
            gutter=self.look.gutter,
            gap=gap * 0.6,
            story_area=area.area / rng.uniform(3.0, 7.0),
            odd_shapes=0.0,
            least_height=60.0,
            least_width=2 * self._tier(),
        )
        for block in Divider(area, plan, rng).divide():
            self._separate(block, area, plan.gap)
            if self.look.side_rule == "none":
                u = block.box.x0 - self.look.gutter / 2
                self.sheet.rule(u, block.box.y0, u, block.box.y1, "thin", _BLACK)
            if not main or len(block.columns) < 2 or rng.random() < 0.25:
                self._region(block, 1, goes_on=False)
            else:
                self._pour(block)

    def _pour(self, block: Region) -> None:
        rng, look = self.rng, self.look
        gap = look.leading * rng.uniform(0.6, 1.6)
        heads = min(len(block.columns), rng.choice((1, 1, 2, 2, 3)))
        usual = self.edition.style.story_mm2 / block.columns[0].width
        stories = poured(block, lambda: usual * rng.lognormvariate(-0.3, 0.6), heads, gap)
        between = rng.choice(("none", "none", "thin", "wavy"))
        names = []
        for story in stories:
            first = story.columns[0]
            if first.y0 > block.columns[0].y0 + 1:
                v = first.y0 - gap / 2
                self.sheet.rule(first.x0, v, first.x1, v, between, _BLACK)
            names.append(self._poured_story(story))
        if look.column_rules:
            self._tier_rules(block, stories[0], names[0])

    def _poured_story(self, region: Region) -> str:
        """Sets a story; returns its id."""
        rng, high = self.rng, region.heads
        plan = self._story(region, 1 if high > 1 else 2)
        long = region.area > 1.2 * self.edition.style.story_mm2
        plan = replace(
            plan,
            photo=None,
            quote=False,
            note="",
            rows=[],
            subheads=rng.randint(1, 3) if long and rng.random() < 0.5 else 0,
            subhead_look=_subhead_look(rng),
        )
        if high == 1 and region.columns[0].height > 45 and rng.random() < 0.2:
            plan.inset_head = True
        return StorySetter(self.sheet, self.writer, rng).set(plan, region, self._name()).id

    def _tier_rules(self, block: Region, first: Region, name: str) -> None:
        """Rules between the tiers, none through the headline of the first story, `name`."""
        boxes = [b for b in self.sheet.truth.boxes if b.article == name and b.role in _HEAD_ROLES]
        head = max((self.sheet.to_frame(b.box).y1 for b in boxes), default=block.box.y0) + 1.0
        for k, (left, right) in enumerate(pairwise(block.columns)):
            top = head if k < first.heads - 1 else left.y0
            u = (left.x1 + right.x0) / 2
            self.sheet.rule(u, top, u, left.y1, "thin", _BLACK)


def _subhead_look(rng: random.Random) -> SubheadLook:
    """Subheads as small headlines in the run of a tier."""
    return SubheadLook(
        face=rng.choice(("hei", "deck", "body")),
        scale=rng.choice((1.0, 1.15, 1.25, 1.4)),
        bold=rng.random() < 0.7,
        align="center",
        air=rng.random() < 0.3,
    )
