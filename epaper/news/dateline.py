"""Datelines and the lead-in that opens a news text.

本报讯 记者刘茜报道: · 新华社拉萨2月3日电（记者 王黎） · 〔記者王大明／台北報導〕 ·
（重慶廿五日海通電）
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from epaper.model import Person, PersonRole
from epaper.news import credits
from epaper.news.numerals import CHINESE
from epaper.news.text import CJK, CLOSE, OPEN, ORNAMENTS, fold

_N = rf"(?:[0-9]{{1,2}}|[{CHINESE}]{{1,3}})"
_AGENCY = (
    r"(?:本\s*[报報刊台臺社网網]|新\s*[华華]\s*社|中新社|中新[网網]|中央社|中通社|人民[网網]|央[视視]|"
    r"[综綜]合|明[报報]|路透社?|美[联聯]社|法新社|合[众眾]社|塔斯社|共同社|俄新社|彭博社?)"
)
_WIRE = (
    r"(?:[专專外][电電讯訊]|[综綜]合[电電讯訊]|[讯訊]|消息"
    r"|[电電](?![视視话話影子力脑腦台臺器动動网網商信灯燈]))"
)
_DATED = (
    rf"(?:[据據]\s*)?{_AGENCY}\s*(?:(?![记記]者)[{CJK}·]){{0,14}}?\s*(?:{_N}\s*月\s*)?{_N}\s*日\s*"
    rf"(?:[{CJK}]{{0,4}}?{_WIRE})"
)
_UNDATED = rf"(?:[据據]\s*)?{_AGENCY}(?:[{CJK}]{{0,6}}?[讯訊]|[专專][讯訊电電]|{_WIRE})"
_FOREIGN = rf"[{CJK}·]{{2,10}}?\s*(?:{_N}\s*月\s*)?{_N}\s*日\s*[{CJK}]{{0,5}}?[电電]"
_DATELINE = re.compile(rf"(?:{_DATED}|{_UNDATED})")
_BRACKET_DATELINE = re.compile(rf"(?:{_DATED}|{_UNDATED}|{_FOREIGN}|又[讯訊])")
_BRACKET = re.compile(
    rf"[{re.escape(OPEN)}](?P<inner>[^{re.escape(OPEN + CLOSE)}]{{2,60}})[{re.escape(CLOSE)}]"
)
# What is left of a bracket of which the first half was not read.
_INNER = re.compile(
    rf"(?P<inner>[^。!?！？;；:\n{re.escape(OPEN + CLOSE)}]{{2,40}})[{re.escape(CLOSE)}]"
)
_DUTY_RUN = re.compile(
    r"(?P<run>[^。!?！？;；:\n]{2,70}?)(?P<end>(?:[摄攝]影|[综綜]合)?[报報][道導导]|(?=:))\s*[:：]?"
)
_SLASH_PLACE = re.compile(rf"/\s*(?P<place>[{CJK}]{{2,8}}?)(?:[综綜]合)?[报報][導道导]$")
_WIRE_TAIL = re.compile(rf"(?P<tail>(?:{_N}\s*月\s*)?{_N}\s*日\s*[专專]?[电電])$")
_NO_PLACE = ("综合", "綜合", "連線", "连线", "專題", "专题")
_SKIP = re.compile(rf"[\s,.:;·{re.escape(ORNAMENTS)}]*")
# The same behind a dateline, with what is left of a bracket that closes.
_SKIP_CLOSED = re.compile(rf"[{re.escape(CLOSE)}]*{_SKIP.pattern}")
_WINDOW = 240


@dataclass(frozen=True, slots=True)
class LeadIn:
    """What the opening of a text says; `byline` and `dateline` are as printed.

    `people` are of the byline, `others` of a second one behind it.
    """

    dateline: str = ""
    byline: str = ""
    people: tuple[Person, ...] = ()
    others: tuple[Person, ...] = ()


def lead_in(text: str) -> LeadIn:
    """Dateline and byline in print order from the start of `text`; empty where none is."""
    head = text[:_WINDOW]
    folded = fold(head)
    found = LeadIn()
    at = _skip(folded, 0)
    for _ in range(5):
        step = _dateline(head, folded, at) or _bracket(head, folded, at) or _run(head, folded, at)
        if step is None and found.dateline:
            step = _unopened(head, folded, at)
        if step is None:
            break
        piece, at = step
        found = _joined(found, piece)
        at = _skip(folded, at, _SKIP_CLOSED)
    return found


def _skip(folded: str, at: int, what: re.Pattern[str] = _SKIP) -> int:
    match = what.match(folded, at)
    return match.end() if match else at


def _joined(found: LeadIn, piece: LeadIn) -> LeadIn:
    if found.byline and piece.byline:
        others = [Person(person.name, PersonRole.OTHER) for person in piece.people]
        others = list(dict.fromkeys([*found.others, *others]))
        return LeadIn(found.dateline, found.byline, found.people, tuple(others))
    return LeadIn(
        found.dateline or piece.dateline,
        found.byline or piece.byline,
        found.people or piece.people,
        found.others,
    )


def _dateline(head: str, folded: str, at: int) -> tuple[LeadIn, int] | None:
    match = _DATELINE.match(folded, at)
    return (LeadIn(dateline=head[at : match.end()].strip()), match.end()) if match else None


def _bracket(head: str, folded: str, at: int) -> tuple[LeadIn, int] | None:
    """〔記者王大明／台北報導〕, （记者张伟）, （重慶廿五日海通電）, 【本報訊】"""
    match = _BRACKET.match(folded, at)
    if match is None:
        return None
    start, end = match.span("inner")
    inner, printed = folded[start:end], head[start:end]
    if _BRACKET_DATELINE.fullmatch(inner.strip()):
        return LeadIn(dateline=printed.strip()), match.end()
    place = _SLASH_PLACE.search(inner)
    wire = _WIRE_TAIL.search(inner)
    credit = credits.parse(inner[: wire.start()] if wire else inner)
    if credit is None or not credit.duties or not credit.people:
        return None
    dateline, byline = "", printed
    if place and place["place"] not in _NO_PLACE:
        dateline = printed[slice(*place.span("place"))]
    if wire:
        cut = _behind_last_name(printed, credit.people)
        byline, dateline = printed[:cut], printed[cut:]
    return LeadIn(dateline.strip(), byline.strip(), credit.people), match.end()


def _unopened(head: str, folded: str, at: int) -> tuple[LeadIn, int] | None:
    """電記者郭雅琴）: a bracket of reporters behind a dateline whose first half was not read."""
    match = _INNER.match(folded, at)
    if match is None or not credits.ROLE.match(folded, at):
        return None
    start, end = match.span("inner")
    credit = credits.parse(folded[start:end])
    if credit is None or not credit.people:
        return None
    return LeadIn(byline=head[start:end].strip(), people=credit.people), match.end()


def _behind_last_name(printed: str, people: tuple[Person, ...]) -> int:
    """Where the last name ends in `printed`; its end where the name has inner spaces."""
    name = people[-1].name
    where = fold(printed).rfind(name)
    return where + len(name) if where >= 0 else len(printed)


def _run(head: str, folded: str, at: int) -> tuple[LeadIn, int] | None:
    """记者刘茜、通讯员高金花报道: — a run of duties and names that ends in 报道."""
    match = _DUTY_RUN.match(folded, at)
    if match is None or not credits.ROLE.match(folded, at):
        return None
    if not match["end"] and folded[match.end() - 1 : match.end()] != ":":
        return None
    credit = credits.parse(match["run"])
    if credit is None or not credit.people:
        return None
    printed = head[slice(*match.span("run"))]
    name_end = _behind_last_name(printed, credit.people)
    place = printed[name_end:].strip()
    return LeadIn(place, printed[:name_end].strip(), credit.people), match.end()
