"""Families of newspaper design; some are held out, for measuring on designs never trained on.

Lengths are millimetres, type sizes points.
"""

from __future__ import annotations

from dataclasses import dataclass

from epaper.errors import InputError


@dataclass(frozen=True)
class Style:
    """One family. Ranges and tuples are choices a paper of the family makes once.

    One that stands `apart` is neither held out nor trained on unless named.
    """

    name: str
    held_out: bool = False
    size: tuple[float, float] = (390.0, 545.0)
    margin: float = 14.0
    columns: tuple[int, ...] = (5, 6)
    gutter: tuple[float, float] = (4.0, 5.5)
    column_rules: float = 0.0
    body: tuple[float, float] = (8.5, 9.5)
    leading: tuple[float, float] = (1.38, 1.5)
    body_kinds: tuple[str, ...] = ("song",)
    head_kinds: tuple[str, ...] = ("hei", "song")
    deck_kinds: tuple[str, ...] = ("kai", "song", "fang")
    caption_kinds: tuple[str, ...] = ("kai", "song", "hei")
    head_bold: float = 0.6
    separators: tuple[str, ...] = ("thin", "none")
    frames: float = 0.15
    tints: float = 0.12
    accent: tuple[float, float, float] = (0.0, 0.0, 0.0)
    masthead: tuple[str, ...] = ("left",)
    folio: tuple[str, ...] = ("band",)
    traditional: bool = False
    vertical: float = 0.0
    digits: tuple[str, ...] = ("ascii",)
    comma: tuple[str, ...] = ("，",)
    squeeze: tuple[str, ...] = ("end", "all")
    split_words: float = 0.5
    years: tuple[int, int] = (1998, 2025)
    center_heads: float = 0.6
    odd_shapes: float = 0.35
    pictures: float = 0.3
    groups: float = 0.15
    color: bool = True
    story_mm2: float = 15000.0
    section_letters: bool = False
    poured: bool = False
    frame_kinds: tuple[str, ...] = ()
    apart: bool = False


STYLES: tuple[Style, ...] = (
    Style(
        "provincial",
        columns=(5, 6),
        masthead=("left", "centre"),
        accent=(0.78, 0.05, 0.1),
        separators=("thin", "thin", "none"),
    ),
    Style(
        "party",
        columns=(5, 7),
        masthead=("centre", "left"),
        folio=("band", "split"),
        head_kinds=("hei", "song", "kai"),
        separators=("thin", "wavy", "thick"),
        frames=0.25,
        accent=(0.8, 0.0, 0.0),
        leading=(1.3, 1.4),
        body=(8.5, 9.0),
    ),
    Style(
        "white-space",
        columns=(4, 5),
        gutter=(5.0, 6.0),
        separators=("none",),
        head_kinds=("hei",),
        masthead=("left", "centre"),
        folio=("left", "split"),
        comma=("，", ","),
        center_heads=0.4,
    ),
    Style(
        "evening",
        size=(275.0, 395.0),
        margin=11.0,
        columns=(4, 5),
        gutter=(3.5, 5.0),
        head_kinds=("hei", "show", "round"),
        head_bold=0.8,
        separators=("thick", "thin", "dotted"),
        masthead=("left", "boxed"),
        folio=("reversed", "left"),
        accent=(0.05, 0.2, 0.55),
        pictures=0.45,
        section_letters=True,
        story_mm2=11000.0,
        center_heads=0.25,
    ),
    Style(
        "city",
        size=(285.0, 420.0),
        margin=12.0,
        columns=(4, 6),
        gutter=(3.5, 4.5),
        head_kinds=("hei",),
        tints=0.3,
        separators=("dotted", "thin", "none"),
        masthead=("boxed", "left"),
        folio=("split", "reversed"),
        accent=(0.85, 0.3, 0.0),
        pictures=0.45,
        section_letters=True,
        story_mm2=11000.0,
        leading=(1.4, 1.6),
    ),
    Style(
        "nineties",
        columns=(6, 7, 8),
        gutter=(3.5, 4.5),
        body=(8.0, 8.8),
        leading=(1.25, 1.36),
        head_kinds=("song", "hei", "kai"),
        separators=("thin", "wavy", "double", "dotted"),
        frames=0.3,
        tints=0.0,
        odd_shapes=0.6,
        column_rules=0.2,
        digits=("ascii", "han", "full"),
        years=(1980, 1999),
        masthead=("left", "vertical"),
        folio=("band", "left"),
        color=False,
        story_mm2=9500.0,
    ),
    Style(
        "rural",
        columns=(5, 6),
        gutter=(3.0, 4.5),
        column_rules=0.5,
        head_kinds=("song", "kai", "hei"),
        separators=("double", "thin", "thickthin"),
        frames=0.25,
        tints=0.2,
        odd_shapes=0.45,
        masthead=("left",),
        folio=("split", "band"),
        accent=(0.05, 0.4, 0.15),
        comma=("，", ","),
    ),
    Style(
        "literary",
        columns=(4, 5),
        body=(9.0, 10.0),
        leading=(1.5, 1.7),
        body_kinds=("song", "kai"),
        head_kinds=("kai", "song", "fang"),
        head_bold=0.3,
        separators=("none", "dotted"),
        masthead=("vertical", "centre"),
        folio=("left", "split"),
        vertical=0.12,
        tints=0.25,
    ),
    Style(
        "old-vertical",
        size=(390.0, 545.0),
        columns=(8, 9, 10, 12),
        gutter=(2.5, 4.0),
        body=(9.0, 10.5),
        leading=(1.28, 1.45),
        head_kinds=("song", "kai", "hei"),
        separators=("thin", "double", "wavy"),
        column_rules=0.7,
        traditional=True,
        vertical=1.0,
        digits=("han",),
        years=(1930, 1956),
        masthead=("vertical", "left"),
        folio=("old",),
        color=False,
        frames=0.3,
        tints=0.0,
        story_mm2=8000.0,
        pictures=0.12,
        split_words=0.0,
    ),
    Style(
        "overseas",
        columns=(5, 6),
        traditional=True,
        vertical=0.35,
        digits=("ascii", "han"),
        body=(8.5, 10.0),
        masthead=("centre", "left"),
        folio=("split", "left"),
        head_kinds=("hei", "song"),
        accent=(0.0, 0.3, 0.45),
        separators=("thin", "none"),
        section_letters=True,
        years=(1985, 2020),
    ),
    Style(
        "business",
        held_out=True,
        size=(350.0, 500.0),
        margin=13.0,
        columns=(6,),
        gutter=(4.0, 6.0),
        head_kinds=("song", "hei"),
        head_bold=0.4,
        separators=("thickthin", "thin"),
        masthead=("centre", "boxed"),
        folio=("reversed", "split"),
        tints=0.3,
        accent=(0.5, 0.35, 0.1),
        squeeze=("none", "all"),
        center_heads=0.2,
    ),
    Style(
        "county",
        held_out=True,
        size=(300.0, 430.0),
        margin=12.0,
        columns=(4, 5, 6),
        gutter=(2.8, 4.0),
        column_rules=0.4,
        head_kinds=("kai", "song", "round"),
        separators=("wavy", "dashed", "thin"),
        masthead=("vertical", "left"),
        folio=("left", "band"),
        frames=0.4,
        odd_shapes=0.6,
        accent=(0.6, 0.0, 0.3),
        body=(8.0, 9.5),
        story_mm2=10000.0,
    ),
    Style(
        "old-broadsheet",
        held_out=True,
        size=(400.0, 570.0),
        columns=(10, 14),
        gutter=(2.5, 3.5),
        body=(8.5, 10.0),
        leading=(1.25, 1.4),
        head_kinds=("hei", "song"),
        separators=("double", "thick", "thin"),
        column_rules=1.0,
        traditional=True,
        vertical=1.0,
        digits=("han",),
        years=(1925, 1949),
        masthead=("left", "vertical"),
        folio=("old",),
        color=False,
        frames=0.45,
        tints=0.0,
        story_mm2=7000.0,
        pictures=0.1,
        split_words=0.0,
    ),
    Style(
        "tabloid-1930s",
        apart=True,
        size=(262.0, 375.0),
        margin=11.0,
        columns=(10, 11, 12),
        gutter=(1.6, 2.6),
        body=(7.2, 8.2),
        leading=(1.22, 1.36),
        head_kinds=("song", "hei", "kai"),
        separators=("wavy", "thin", "double", "none"),
        column_rules=0.6,
        traditional=True,
        vertical=1.0,
        digits=("han",),
        years=(1919, 1949),
        masthead=("left", "centre"),
        folio=("old",),
        color=False,
        frames=0.35,
        frame_kinds=("plain", "wavy", "dotted", "thickthin"),
        tints=0.0,
        story_mm2=2600.0,
        pictures=0.1,
        split_words=0.0,
        poured=True,
    ),
)


def chosen(which: str) -> tuple[Style, ...]:
    """The families ``all``, ``train``, ``held-out``, or the one of that name.

    InputError where there is none.
    """
    found = tuple(
        s
        for s in STYLES
        if which == s.name
        or (not s.apart and which in ("all", "held-out" if s.held_out else "train"))
    )
    if not found:
        names = ", ".join(s.name for s in STYLES)
        raise InputError(f"no style is called {which!r}: use all, train, held-out, or {names}")
    return found
