"""Pages, blocks and articles made by hand for the news room's tests."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from epaper.geometry import Box, hull
from epaper.model import (
    Article,
    Block,
    Line,
    Page,
    Paragraph,
    Person,
    PersonRole,
    Role,
    SourceInfo,
    WritingMode,
)
from epaper.news import understand

SHARED = Path(os.environ.get("EPAPER_SHARED", Path(__file__).parent.parent / "../shared"))
SAMPLES = sorted((SHARED / "pages").glob("*.json"))
NO_SAMPLES = "the sample pages (EPAPER_SHARED) are not here"
Row = tuple[str, float, float, float]

_PIECES = """
本报讯|本报北京1月3日电|新华社|（中央社|記者|记者 |通讯员|张三|李四|刘　振|王大明|、| |
／台北|报道:|報導〕|〔|（|）|下转02版|上接第一版|↘见3版|詳刊P4|□|■|。|摄|　|图/|新华社发|
（资料图片）|会议召开|今天|第|版|02|2024年6月|5日|星期三|甲辰年四月廿九|今日8版|
总第12022期|责任编辑:|热线|CN |65—0010|出版|日报社
"""
printed = st.lists(st.sampled_from([*_PIECES.replace("\n", "").split("|"), "\n"]), max_size=12).map(
    "".join
)
scribble = st.text(
    st.one_of(
        st.sampled_from(
            "本报讯记者刘茜通员报道摄图文下转上接第一二版见02A□（）()【】〔／/·。，:： 　\n"
        ),
        st.characters(codec="utf-8", exclude_categories=("Cs",)),
    ),
    max_size=60,
)
newsprint = printed | scribble


def row(text: str, x: float, y: float, size: float = 40) -> Row:
    return text, x, y, size


def block(name: str, role: Role, *rows: Row) -> Block:
    """A block of horizontal rows: text, left, top and em in pixels."""
    lines = tuple(
        Line(text, Box(x, y, x + size * max(1, len(text)), y + size), size)
        for text, x, y, size in rows
    )
    return Block(name, role, hull(line.box for line in lines), lines)


def page(
    *blocks: Block,
    articles: Sequence[Article] = (),
    mode: WritingMode = WritingMode.HORIZONTAL,
) -> Page:
    return Page(
        "p01",
        "issue",
        SourceInfo("p01.pdf"),
        3900,
        5450,
        254.0,
        blocks=blocks,
        articles=tuple(articles),
        mode=mode,
    )


def article(*paragraphs: str, **kwargs: object) -> Article:
    texts = tuple(Paragraph(text, blocks=("b001",)) for text in paragraphs)
    return replace(Article("a01", ("b001",), paragraphs=texts), **kwargs)


def read(*paragraphs: str, lines: Sequence[str] = (), **kwargs: object) -> Article:
    rows = [row(text, 100, 100 + 50 * i) for i, text in enumerate(lines or paragraphs)]
    body = block("b001", Role.BODY, *rows)
    return understand(page(body, articles=[article(*paragraphs, **kwargs)])).articles[0]


def texts(found: Article) -> list[str]:
    return [paragraph.text for paragraph in found.paragraphs]


def names(people: Sequence[Person], role: PersonRole) -> list[str]:
    return [person.name for person in people if person.role is role]


def truth_of(path: Path) -> dict[str, Any]:
    """The truth file of a sample page."""
    return json.loads(path.read_text(encoding="utf-8"))
