"""The looks of hard pages: sizes, faces, rules and frames, drawn once a page.

Lengths are CSS pixels; width, height and margin are millimetres.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

_SONG = ("AR PL SungtiL GB", "AR PL UMing CN")
_KAI = ("AR PL KaitiM GB", "LXGW WenKai", "AR PL UKai CN")
_HEI = ("WenQuanYi Zen Hei", "WenQuanYi Micro Hei")
_DISPLAY = ("LXGW WenKai", "AR PL KaitiM GB", "WenQuanYi Zen Hei")


@dataclass(frozen=True)
class Looks:
    """The manners of one page; width, height and margin are millimetres."""

    width: float
    height: float
    margin: float
    columns: int
    gap: float
    air: float
    points: float
    line: float
    body: str
    kai: str
    hei: str
    display: str
    heads: tuple[str, ...]
    align: str
    accent: str
    upright: str
    across: str
    inner: str
    subhead: str
    latin: bool

    def frame(self, rng: random.Random, x: float, y: float, w: float, h: float) -> str:
        style = rng.choice(
            (
                "border:1px solid #333",
                "border:3px double #333",
                "border:1px dotted #333",
                "background:#eee8d8",
                "background:#e4eef4;border:1px solid #888",
                "border:1.5px solid #900;border-radius:10px",
            )
        )
        return (
            f'<div style="position:absolute;left:{x}px;top:{y}px;width:{w}px;height:{h}px;'
            f'{style}"></div>'
        )

    def banner(self, rng: random.Random, text: str, x: float, y: float, w: float) -> str:
        """The common heading of a box."""
        style = rng.choice(
            (
                "background:#333;color:#fff;padding:3px 12px",
                "color:#a00;font-weight:bold",
                "border:1px solid;padding:2px 10px",
                "background:#a33;color:#fff;padding:3px 30px;border-radius:6px",
            )
        )
        return (
            f'<div style="position:absolute;left:{x + 10}px;top:{y + 8}px;width:{w - 20}px;'
            f"text-align:{rng.choice(('left', 'center'))};font:19px/1.3 '{self.hei}'\">"
            f'<span style="{style}">{text}</span></div>'
        )


def looks(rng: random.Random) -> Looks:
    tabloid = rng.random() < 0.35
    points = rng.choice((12, 12.5, 13, 13.5))
    return Looks(
        width=285 if tabloid else 390,
        height=400 if tabloid else rng.choice((545, 560)),
        margin=rng.choice((10, 14)),
        columns=rng.choice((4, 5)) if tabloid else rng.choice((5, 6, 7)),
        gap=rng.choice((14, 17, 20)),
        air=rng.choice((16, 22)),
        points=points,
        line=round(points * rng.choice((1.3, 1.4, 1.5)), 1),
        body=rng.choice(_SONG),
        kai=rng.choice(_KAI),
        hei=rng.choice(_HEI),
        display=rng.choice(_DISPLAY),
        heads=tuple(rng.sample((*_SONG, *_HEI, _KAI[0]), 2)),
        align=rng.choice(("center", "left", "mixed")),
        accent=rng.choice(("", "color:#c00", "color:#036")),
        upright=rng.choice(("", "", "1px solid #555", "1px dotted #333", "3px double #555")),
        across=rng.choice(("", "1px solid #333", "3px double #333", "2px dotted #333", "wavy")),
        inner=rng.choice(("", "", "1px solid #999")),
        subhead=rng.choice(
            (
                "font-family:'{hei}';text-align:center;margin:4px 0",
                "font-family:'{hei}';font-weight:bold;text-indent:2em",
                "font-weight:bold;text-align:center",
                "font-family:'{kai}';font-size:15px;text-align:center;margin:6px 0",
                "font-family:'{hei}';font-weight:bold;color:#a00;margin:5px 0 2px",
            )
        ),
        latin=rng.random() < 0.3,
    )


def rules_around(style: str, x: float, y: float, w: float) -> str:
    """A rule of some kind from `x` on, `w` long."""
    if style != "wavy":
        return (
            f'<div style="position:absolute;left:{x}px;top:{y}px;width:{w}px;'
            f'border-top:{style}"></div>'
        )
    wave = "".join(f"q 3 {-4 if k % 2 else 4} 6 0 " for k in range(int(w / 6)))
    return (
        f'<svg style="position:absolute;left:{x}px;top:{y - 4}px" width="{w}" height="8">'
        f'<path d="M 0 4 {wave}" fill="none" stroke="#333"/></svg>'
    )
