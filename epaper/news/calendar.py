"""Weekday and lunar date as printed, and whether they agree with the date of issue.

The lunar calendar is cnlunar's table of the Hong Kong Observatory, 1901 to 2100.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

import cnlunar

from epaper.model import Doubt, Facts
from epaper.news.numerals import number
from epaper.news.text import fold, squeeze

STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_FIRST, _LAST = date(1901, 2, 19), date(2100, 12, 31)
_LABEL = r"(?:农\s*历|農\s*曆|夏\s*历|夏\s*曆|旧\s*历|舊\s*曆|阴\s*历|陰\s*曆|岁次|歲次)"
_GANZHI = rf"[{STEMS}]\s*[{BRANCHES}]\s*年?"
_LUNAR_MONTH = r"[闰閏]?\s*(?:正|十\s*[一二]|[一二三四五六七八九十]|冬|腊|臘)\s*月\s*[大小]?"
_LUNAR_DAY = (
    r"(?:初\s*[一二三四五六七八九十]|(?:二十|廿|十)\s*[一二三四五六七八九]|二十|三十|十|廿|卅)"
)
_LUNAR = re.compile(
    rf"(?:{_LABEL}\s*:?\s*(?P<a>(?:{_GANZHI}\s*)?{_LUNAR_MONTH}\s*{_LUNAR_DAY}(?:\s*日)?)"
    rf"|(?P<b>{_GANZHI}\s*{_LUNAR_MONTH}\s*{_LUNAR_DAY}(?:\s*日)?)"
    rf"|(?<![年\d])(?P<c>{_LUNAR_MONTH}\s*(?:初\s*[一二三四五六七八九十]|廿\s*[一二三四五六七八九]))(?!\s*日))"
)
_PARTS = re.compile(
    rf"(?P<ganzhi>[{STEMS}][{BRANCHES}])?年?(?P<leap>[闰閏])?(?P<month>正|冬|腊|臘|十[一二]|.)月[大小]?"
    rf"(?P<day>{_LUNAR_DAY})日?"
)
_MONTH_NAMES = {"正": 1, "冬": 11, "腊": 12, "臘": 12}
_WEEKDAY = re.compile(
    r"(?:星\s*期|禮\s*拜|礼\s*拜|(?<!每)[周週])\s*(?P<day>[一二三四五六日天])|(?P<ja>[月火水木金土日])曜日?"
    r"|\b(?P<en>Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
    r"|\b(?P<pt>Segunda|Terça|Terca|Quarta|Quinta|Sexta)-feira\b|\b(?P<pt_end>Sábado|Sabado|Domingo)\b",
    re.IGNORECASE,
)
_WEEKDAYS = {
    **dict(zip("一二三四五六日", range(7), strict=True)), "天": 6,
    **dict(zip("月火水木金土", range(6), strict=True)),
    **dict(zip(("mon", "tues", "wednes", "thurs", "fri", "satur", "sun"), range(7), strict=True)),
    "segunda": 0, "terça": 1, "terca": 1, "quarta": 2, "quinta": 3, "sexta": 4,
    "sábado": 5, "sabado": 5, "domingo": 6,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LunarDate:
    """A lunar date; `ganzhi` is its sexagenary year, empty where none is printed."""

    ganzhi: str
    month: int
    day: int
    leap: bool = False


def find_weekday(text: str) -> re.Match[str] | None:
    """The weekday as printed: the match over the folded text."""
    return _WEEKDAY.search(fold(text))


def find_lunar(text: str) -> tuple[int, int] | None:
    """Span of the lunar date without its label, None where there is none."""
    match = _LUNAR.search(fold(text))
    if match is None:
        return None
    return match.span(next(name for name in "abc" if match[name]))


def weekday_number(printed: str) -> int | None:
    """0 for Monday to 6 for Sunday."""
    match = _WEEKDAY.search(fold(printed))
    if match is None:
        return None
    word = next(value for value in match.groups() if value)
    return _WEEKDAYS.get(word.lower())


def parse_lunar(printed: str) -> LunarDate | None:
    """The lunar date of a printed form such as 甲辰年四月廿九 or 闰二月初十."""
    match = _PARTS.search(squeeze(fold(printed)))
    if match is None:
        return None
    month = _MONTH_NAMES.get(match["month"]) or number(match["month"])
    day = number(match["day"].removeprefix("初"))
    if month is None or day is None or not (1 <= month <= 12 and 1 <= day <= 30):
        return None
    return LunarDate(match["ganzhi"] or "", month, day, bool(match["leap"]))


def lunar_of(day: date) -> LunarDate | None:
    """The lunar date of a western one, None outside the table (before 1901, after 2100)."""
    if not _FIRST <= day <= _LAST:
        return None
    lunar = cnlunar.Lunar(datetime(day.year, day.month, day.day, 12), godType="8char")
    year = int(lunar.lunarYear)
    ganzhi = STEMS[(year - 4) % 10] + BRANCHES[(year - 4) % 12]
    return LunarDate(ganzhi, lunar.lunarMonth, lunar.lunarDay, bool(lunar.isLunarLeapMonth))


def check(facts: Facts) -> tuple[Doubt, ...]:
    """Doubts where weekday or lunar date contradict the date; the fields stay as printed."""
    if not facts.date:
        return ()
    day = date.fromisoformat(facts.date)
    return tuple(doubt for doubt in (_weekday(facts, day), _lunar(facts, day)) if doubt)


def _weekday(facts: Facts, day: date) -> Doubt | None:
    printed = weekday_number(facts.weekday)
    if printed is None or printed == day.weekday():
        return None
    right = f"星期{'一二三四五六日'[day.weekday()]}"
    return Doubt(
        "date-weekday",
        f"The page says {facts.weekday}, but {facts.date} is a {day:%A} ({right}).",
        confidence=0.9,
    )


def _lunar(facts: Facts, day: date) -> Doubt | None:
    printed, right = parse_lunar(facts.lunar_date), lunar_of(day)
    if printed is None or right is None:
        return None
    same = (printed.month, printed.day, printed.leap) == (right.month, right.day, right.leap)
    if same and printed.ganzhi in ("", right.ganzhi):
        return None
    return Doubt(
        "date-lunar",
        f"The page says {facts.lunar_date}, but {facts.date} is {written(right)}.",
        confidence=0.9,
    )


def written(lunar: LunarDate) -> str:
    """The usual Chinese form: 甲辰年四月廿九."""
    months = ("正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊")
    ones = "十一二三四五六七八九"
    tens = {0: "初", 1: "十", 2: "廿", 3: "三"}
    day = {10: "初十", 20: "二十", 30: "三十"}.get(lunar.day)
    day = day or tens[lunar.day // 10] + ones[lunar.day % 10]
    return f"{lunar.ganzhi}年{'闰' if lunar.leap else ''}{months[lunar.month - 1]}月{day}"
