"""Newspaper pages set in type, with the truth about them."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from pathlib import Path

from epaper.synth.fonts import FontBook, default_fonts
from epaper.synth.issue import IssueMaker, page_name, write_page
from epaper.synth.styles import STYLES, Style, chosen
from epaper.synth.wear import scan

__all__ = ["STYLES", "SynthOptions", "make_pages"]


@dataclass(frozen=True)
class SynthOptions:
    """What pages to make.

    `styles` is ``all``, ``train``, ``held-out`` or a family's name. `vertical_share`, where
    given, is the share of issues set vertically, instead of each family's own. `own_text`
    is the share of stories written by the grammar where a news corpus is installed. `pictures`,
    where given, is the share of stories with pictures, half of them several, instead of each
    family's own. `scans`
    lists levels of wear, 1 (nearly clean) to 4 (badly worn), each giving a scan at `dpi`.
    `issue_pages` are the least and the most pages of an issue.
    """

    styles: str = "all"
    vertical_share: float | None = None
    own_text: float = 0.5
    pictures: float | None = None
    scans: tuple[int, ...] = ()
    dpi: int = 300
    issue_pages: tuple[int, int] = (2, 4)


def make_pages(out: Path, pages: int, seed: int, options: SynthOptions | None = None) -> list[Path]:
    """Write `pages` pages, as issues, to `out`; returns the PDFs' paths.

    Each page is ``<page id>.pdf`` with ``<page id>.json`` and, where asked for,
    ``<page id>.scan<level>.jpg``. The same seed, options and fonts
    give the same pages.
    """
    options = options or SynthOptions()
    out.mkdir(parents=True, exist_ok=True)
    families, fonts = chosen(options.styles), default_fonts()
    rng = random.Random(seed)
    written: list[Path] = []
    number = 0
    while len(written) < pages:
        number += 1
        count = min(pages - len(written), rng.randint(*options.issue_pages))
        issue = _issue(rng, families, fonts, options, count, f"{seed}-{number}")
        for page in range(1, count + 1):
            canvas, truth = issue.page(page)
            path = write_page(out, page_name(issue.name, page), canvas, truth)
            written.append(path)
            for level in options.scans:
                worn = random.Random(f"{path.stem} {level}")
                scan(path, path.with_suffix(f".scan{level}.jpg"), level, worn, options.dpi)
    return written


def _issue(
    rng: random.Random,
    families: tuple[Style, ...],
    fonts: FontBook,
    options: SynthOptions,
    count: int,
    name: str,
) -> IssueMaker:
    style = rng.choice(families)
    if options.pictures is not None:
        style = replace(style, pictures=options.pictures, groups=0.5)
    share = style.vertical if options.vertical_share is None else options.vertical_share
    return IssueMaker(
        style=style,
        fonts=fonts,
        rng=random.Random(rng.getrandbits(64)),
        count=count,
        vertical=rng.random() < share,
        own_text=options.own_text,
        name=f"{style.name}-{name}",
    )
