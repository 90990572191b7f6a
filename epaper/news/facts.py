"""The page's facts from its masthead and folio."""

from __future__ import annotations

import re
from dataclasses import replace

from epaper.model import Doubt, Facts, Line, Page, Role
from epaper.news import calendar, folio, imprint, masthead
from epaper.news.dates import calendar_day, find_date, find_year_month
from epaper.news.rows import lines_of, rows_of, text_of
from epaper.news.text import fold

_DAY = re.compile(r"\s*(\d{1,2})\s*日?\s*")


def facts_of(page: Page) -> Facts:
    """Every field the masthead and folio blocks print; empty where they do not."""
    roles = (Role.MASTHEAD, Role.FOLIO)
    lines = lines_of(page, *roles)
    rows = "\n".join(row.text for row in rows_of(lines))
    text = text_of(page, *roles)
    both = f"{text}\n\n{rows}"
    facts = _labelled(text, both)
    day = _date(text, rows, lines)
    weekday = calendar.find_weekday(both)
    lunar = calendar.find_lunar(both)
    facts = replace(
        facts,
        date=day,
        weekday=both[slice(*weekday.span())] if weekday else "",
        lunar_date=both[slice(*lunar)] if lunar else "",
    )
    return _names_and_place(page, facts)


def facts_doubts(page: Page, facts: Facts) -> tuple[Doubt, ...]:
    """Contradictions inside the facts, and a date that should be there but is not."""
    doubts = calendar.check(facts)
    if not facts.date and lines_of(page, Role.MASTHEAD, Role.FOLIO):
        doubts += (Doubt("no-date", "No date of issue was found in the masthead or folio."),)
    return doubts


def _labelled(text: str, both: str) -> Facts:
    """Fields with labels: the order layout gave first, rows of print as the second try."""
    return Facts(
        page_count=imprint.page_count(both),
        issue_number=imprint.issue_number(both),
        cn_number=imprint.cn_number(both),
        postal_code=imprint.postal_code(both),
        publisher=imprint.publisher(text),
        website=imprint.website(both),
        email=imprint.email(both),
        telephone=imprint.telephone(both),
        editors=imprint.editors(text),
    )


def _names_and_place(page: Page, facts: Facts) -> Facts:
    plate = masthead.nameplate(page, facts.publisher)
    head = folio.read(page)
    number = head.page_number or folio.page_number_in(text_of(page, Role.MASTHEAD))
    if not number and plate and not lines_of(page, Role.FOLIO):
        number = "1"  # the page that carries the nameplate is the front page
    return replace(facts, paper=plate or head.paper, page_number=number, section=head.section)


def _date(text: str, rows: str, lines: list[Line]) -> str:
    found = find_date(text) or find_date(rows)
    if found:
        return found.day.isoformat()
    return _day_apart(lines)


def _day_apart(lines: list[Line]) -> str:
    """A date whose day is a large figure of its own beside 2024年6月."""
    for line in lines:
        split = find_year_month(line.text)
        if split is None:
            continue
        year, month, _ = split
        days = [
            (abs(other.box.cx - line.box.cx) + abs(other.box.cy - line.box.cy), int(match[1]))
            for other in lines
            if other is not line and (match := _DAY.fullmatch(fold(other.text)))
        ]
        for _, day in sorted(days):
            found = calendar_day(year, month, day)
            if found:
                return found.isoformat()
    return ""
