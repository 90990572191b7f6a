"""The nameplate: the largest line of the masthead, checked against the publisher."""

from __future__ import annotations

import re

from epaper.model import Line, Page, Role, WritingMode
from epaper.news.dates import find_date, find_year_month
from epaper.news.imprint import labelled_spans
from epaper.news.text import CJK, flat, fold, squeeze

_PAPER_HOUSE = re.compile(rf"([{CJK}]{{2,10}}?[报報])(?=社)")
_WORDS = re.compile(rf"[{CJK}A-Za-zÀ-ÿ]")
# 日报, 晚报, 时报, 商报 from their end.
_TURNED = re.compile("[报報][日晚时時商]")
_SAME_SIZE = 0.72


def nameplate(page: Page, publisher: str = "") -> str:
    """The newspaper's name, or an empty string where the page has no masthead.

    A nameplate drawn by hand is often misread; where `publisher` names the paper
    (昌吉日报社) and the nameplate is much like it, the publisher's spelling is taken.
    """
    lines = [
        line
        for block in page.blocks
        if block.role is Role.MASTHEAD
        for line in block.lines
        if _may_be_name(line.text)
    ]
    house = _PAPER_HOUSE.search(squeeze(publisher))
    if not lines:
        return ""
    largest = max(line.size for line in lines)
    plate = [line for line in lines if line.size >= _SAME_SIZE * largest]
    name = _join(plate, page.mode)
    if house and name[-1:] not in ("报", "報"):
        shared = set(house[1]) & set(name)
        if 2 * len(shared) >= len(house[1]) or len(name) < 2:
            return house[1]
    return name


def _may_be_name(text: str) -> bool:
    if find_date(text) or find_year_month(text) or labelled_spans(text):
        return False
    return bool(_WORDS.search(text))


def _join(lines: list[Line], mode: WritingMode) -> str:
    """Lines of a nameplate as one name; in old papers a row may run from the right."""
    if all(line.mode is WritingMode.VERTICAL for line in lines):
        rows = sorted(lines, key=lambda line: -line.box.x0)
        return squeeze("".join(line.text for line in rows))
    papers = [line for line in lines if squeeze(fold(line.text))[-1:] in ("报", "報")]
    if papers and len(squeeze(papers[0].text)) > 1:
        lines = papers[:1]
    one_row = all(line.box.overlap_y(lines[0].box) > 0 for line in lines)
    ordered = sorted(lines, key=lambda line: line.box.x0 if one_row else line.box.y0)
    name = flat("\n".join(line.text for line in ordered))
    if re.search(f"[{CJK}]", name):
        name = squeeze(name)
    return name[::-1] if _is_from_right(name, mode) else name


def _is_from_right(name: str, mode: WritingMode) -> bool:
    """True for a name whose last character stands first; 报刊文摘 is none."""
    if name[:1] not in ("报", "報") or name[-1] in "报報":
        return False
    return mode is WritingMode.VERTICAL or bool(_TURNED.match(name))
