"""The date of issue in the many forms newspapers print it, as a calendar date.

Years may be western, of the Republic, of a Japanese or a late Qing era; numerals
Arabic or Chinese. Nothing is supplied that is not printed: a date without a year
is no date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from epaper.news.numerals import CHINESE, number
from epaper.news.text import fold

_ERAS = {
    "中華民國": 1911, "中华民国": 1911, "民國": 1911, "民国": 1911,
    "明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018,
}  # fmt: skip
_REIGNS = {"道光": 1820, "咸豐": 1850, "咸丰": 1850, "同治": 1861, "光緒": 1874, "光绪": 1874,
           "宣統": 1908, "宣统": 1908}  # fmt: skip
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_MONTHS = (
    ("january", "janeiro", "jan"), ("february", "fevereiro", "feb"), ("march", "março", "mar"),
    ("april", "abril", "apr"), ("may", "maio"), ("june", "junho", "jun"),
    ("july", "julho", "jul"), ("august", "agosto", "aug"), ("september", "setembro", "sep"),
    ("october", "outubro", "oct"), ("november", "novembro", "nov"),
    ("december", "dezembro", "dec"),
)  # fmt: skip
_MONTH_NUMBER = {name: index for index, names in enumerate(_MONTHS, 1) for name in names}
_MONTH_WORD = "|".join(sorted(_MONTH_NUMBER, key=len, reverse=True))

_N = rf"[0-9O{CHINESE}][0-9O{CHINESE}\s]{{0,5}}?"
_DAY_END = r"(?:\s*[日号號]|(?=\s*(?:$|\n|星期|周|週|禮拜|礼拜|[(（]|第|总|總|农历|農曆)))"
_MONTH_DAY = rf"(?P<m>{_N})\s*月\s*(?P<d>{_N}){_DAY_END}"
_YEAR = r"(?:[12][0-9O]\s?[0-9O]\s?[0-9O]|[一二][〇○零O一二三四五六七八九九]{3})"

_ERA_DATE = re.compile(rf"(?P<era>{'|'.join(_ERAS)})\s*(?P<y>{_N}|元)\s*年\s*{_MONTH_DAY}")
_WESTERN = re.compile(rf"(?P<y>{_YEAR})\s*年\s*{_MONTH_DAY}")
_NUMERIC = re.compile(
    r"(?<!\d)(?P<y>[12]\d{3})\s?[-./]\s?(?P<m>\d{1,2})\s?[-./]\s?(?P<d>\d{1,2})(?!\d)"
)
_DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|º)?\s+(?:de\s+|of\s+)?(?P<name>{_MONTH_WORD})\.?,?"
    r"\s+(?:de\s+)?(?P<y>[12]\d{3})",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"\b(?P<name>{_MONTH_WORD})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>[12]\d{{3}})",
    re.IGNORECASE,
)
_REIGN_YEAR = re.compile(
    rf"(?:{'|'.join(_REIGNS)})\s*(?:(?P<ganzhi>[{_STEMS}]\s*[{_BRANCHES}])|(?P<y>{_N}|元)\s*年)"
)
_WESTERN_DAY = re.compile(rf"(?:英|西曆|西历|西|公曆|公历|陽曆|阳历)\s*{_MONTH_DAY}")
_YEAR_ALONE = re.compile(rf"(?P<y>{_YEAR})\s*年")
_YEAR_MONTH = re.compile(rf"(?P<y>{_YEAR})\s*年\s*(?P<m>{_N})\s*月")
_MONTH_DAY_ALONE = re.compile(rf"(?<![年{CHINESE}0-9])\s*{_MONTH_DAY}")
_FOUNDED = re.compile(r"(?:創刊|创刊|創立|创立|創辦|创办|始刊|复刊|復刊)[^\n]{0,4}$")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date and where it stands: ``text[start:end]``."""

    day: date
    start: int
    end: int


def find_date(text: str) -> FoundDate | None:
    """The first date of issue in `text`; dates of the paper's founding are passed over."""
    folded = fold(text)
    found = [hit for hit in _all(folded) if not _FOUNDED.search(folded[: hit.start])]
    if found:
        return min(found, key=lambda hit: (hit.start, -hit.end))
    return _scattered(folded)


def find_year_month(text: str) -> tuple[int, int, int] | None:
    """Year, month and the index behind them, where the day is set apart (2024年6月 | 5)."""
    for match in _YEAR_MONTH.finditer(fold(text)):
        year, month = number(match["y"]), number(match["m"])
        if year is not None and month is not None and 1 <= month <= 12:
            return year, month, match.end()
    return None


def calendar_day(year: int | None, month: int | None, day: int | None) -> date | None:
    """A date of the newspaper age, None where the numbers make none."""
    if year is None or month is None or day is None or not 1600 <= year <= 2200:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _all(folded: str) -> Iterator[FoundDate]:
    for pattern, offsets in ((_ERA_DATE, _ERAS), (_WESTERN, {}), (_NUMERIC, {})):
        for match in pattern.finditer(folded):
            offset = offsets.get(match.groupdict().get("era") or "", 0)
            year = number(match["y"])
            day = calendar_day(
                None if year is None else year + offset, number(match["m"]), number(match["d"])
            )
            if day:
                yield FoundDate(day, match.start(), match.end())
    for pattern in (_DAY_FIRST, _MONTH_FIRST):
        for match in pattern.finditer(folded):
            month = _MONTH_NUMBER[match["name"].lower()]
            day = calendar_day(int(match["y"]), month, int(match["d"]))
            if day:
                yield FoundDate(day, match.start(), match.end())


def _scattered(folded: str) -> FoundDate | None:
    """A year and a western month and day that stand apart (同治壬申 … 英四月三十日)."""
    reign, western = _REIGN_YEAR.search(folded), _WESTERN_DAY.search(folded)
    year: int | None = None
    if reign and western:
        year, where = _reign_year(reign), western
    else:
        alone, month_day = _YEAR_ALONE.search(folded), _MONTH_DAY_ALONE.search(folded)
        if not (alone and month_day):
            return None
        year, where = number(alone["y"]), month_day
    day = calendar_day(year, number(where["m"]), number(where["d"]))
    return FoundDate(day, where.start(), where.end()) if day else None


def _reign_year(match: re.Match[str]) -> int | None:
    """Western year of 同治壬申 or 光緒三十年; the sexagenary year is looked up in the reign."""
    start = next(year for name, year in _REIGNS.items() if match.group().startswith(name))
    if match["ganzhi"] is None:
        count = number(match["y"])
        return None if count is None else start + count
    stem, branch = match["ganzhi"].strip()[0], match["ganzhi"].strip()[-1]
    for year in range(start + 1, start + 61):
        if _STEMS[(year - 4) % 10] == stem and _BRANCHES[(year - 4) % 12] == branch:
            return year
    return None
