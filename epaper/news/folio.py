"""The head or foot line of a page: its number, its section, the paper."""

from __future__ import annotations

import re
from dataclasses import dataclass

from epaper.model import Line, Page, Role
from epaper.news.calendar import find_lunar, find_weekday
from epaper.news.dates import find_date, find_year_month
from epaper.news.imprint import labelled_spans
from epaper.news.numerals import CHINESE, number
from epaper.news.rows import lines_of, rows_of
from epaper.news.text import CJK, fold, squeeze

_FIGURES = rf"[A-Z]{{0,2}}\s?[0-9O]{{1,3}}|[{CHINESE}]{{1,4}}"
_PAGE = re.compile(
    rf"第\s?\s?(?P<a>{_FIGURES})\s?\s?[版坂頁页面章]"
    rf"|(?<![0-9共期{CHINESE}])(?P<b>{_FIGURES})\s?[版坂](?![本式权權])"
    r"|\b(?:Page|Pág(?:ina)?\.?|Pagina|P\.)\s?(?P<c>[A-Z]?\s?\d{1,3})\b",
    re.IGNORECASE,
)
_ALONE = re.compile(r"[A-Z]{0,2}\s?-?\s?\d{1,3}")
_BESIDE = re.compile(
    rf"^(?P<front>[A-Z]{{1,2}}\d{{1,3}}|0\d|\d{{1,2}}(?=\s))\s*(?=[{CJK}A-Z])"
    rf"|(?<=[{CJK}\s])(?P<back>[A-Z]{{1,2}}\d{{1,3}}|0\d|(?<=\s)\d{{1,2}})$"
)
_PAPER = re.compile(
    rf"[{CJK}]{{1,12}}[报報]|(?:The )?[A-ZÀ-Þ][\w ]*(?:Times|Post|News|Daily|Herald|Tribune)"
)
_NOT_PAPERS = (
    "预报",
    "預報",
    "简报",
    "簡報",
    "海报",
    "海報",
    "快报",
    "快報",
    "喜报",
    "情报",
    "情報",
)
_SECTION = re.compile(rf"[{CJK}A-Za-zÀ-ÿ0-9·、&/ \-]{{2,30}}")
_EDGE = " \t\n:：|│·•-—–_/()（）[]【】"


@dataclass(frozen=True, slots=True)
class Folio:
    """What a folio says; empty where it does not."""

    page_number: str = ""
    section: str = ""
    paper: str = ""


@dataclass(frozen=True, slots=True)
class _Words:
    """A stretch of the folio that no labelled field takes."""

    text: str
    size: float


def read(page: Page) -> Folio:
    """Page number, section and paper of the page's folio blocks.

    The section is the largest stretch of words that is neither number, date, staff
    credit nor the paper's name.
    """
    lines = lines_of(page, Role.FOLIO)
    if not lines:
        return Folio()
    rows = "\n".join(row.text for row in rows_of(lines))
    printed = page_number_in(rows)
    alone, words = _stretches(lines)
    papers = [item for item in words if _is_paper(item.text)]
    sections = [item for item in words if item not in papers and _is_section(item.text)]
    largest = max((item.size for item in sections), default=0.0)
    return Folio(
        page_number=printed or _normal(alone),
        section=next((item.text for item in sections if item.size >= 0.9 * largest), ""),
        paper=papers[0].text if papers else "",
    )


def page_number_in(text: str) -> str:
    """A page number that says it is one (第7版, A13版, 第一版), without leading zeros."""
    folded = fold(text)
    for start, end in _other_fields(text):
        folded = folded[:start] + "\n" * (end - start) + folded[end:]
    for match in _PAGE.finditer(folded):
        value = _normal(next(filter(None, match.groups())))
        if value:
            return value
    return ""


def _normal(printed: str) -> str:
    match = re.fullmatch(rf"([A-Za-z]{{0,2}})[\s-]*([0-9O{CHINESE}]+)", fold(printed).strip())
    if match is None:
        return ""
    value = number(match[2])
    if match[1] == "O":
        return str(value) if value else ""
    return f"{match[1].upper()}{value}" if value else ""


def _other_fields(text: str) -> list[tuple[int, int]]:
    """Spans of dates, weekdays and labelled fields."""
    spans = labelled_spans(text)
    date = find_date(text)
    if date:
        spans.append((date.start, date.end))
    elif year_month := find_year_month(text):
        spans.append((0, year_month[2]))
    weekday, lunar = find_weekday(text), find_lunar(text)
    return spans + ([weekday.span()] if weekday else []) + ([lunar] if lunar else [])


def _stretches(lines: list[Line]) -> tuple[str, list[_Words]]:
    """The page number set without a word for it, and the words left over."""
    numbers: list[_Words] = []
    words: list[_Words] = []
    for line in lines:
        for segment in _segments(line.text):
            for item in _apart(_tidy(segment)):
                figure, rest = _figure(item)
                numbers += [_Words(figure, line.size)] if figure else []
                words += [_Words(rest, line.size)] if rest else []
    return (numbers[0].text if numbers else ""), words


def _figure(text: str) -> tuple[str, str]:
    """A page number that is all of `text` or stands at its edge, and what is left."""
    if _ALONE.fullmatch(fold(text)):
        return text, ""
    beside = _BESIDE.search(fold(text))
    if beside is None:
        return "", text
    rest = _tidy(text[: beside.start()] + text[beside.end() :])
    return next(filter(None, beside.groups())), rest


def _segments(text: str) -> list[str]:
    """Text outside all other fields, cut at wide gaps and bars."""
    kept = list(text)
    spans = _other_fields(text)
    spans += [match.span() for match in _PAGE.finditer(fold(text))]
    for start, end in spans:
        kept[start:end] = "\n" * (end - start)
    return [part for part in re.split(r"[\n\u3000|│]+|\s{2,}", "".join(kept)) if part.strip()]


def _apart(text: str) -> list[str]:
    """The paper's name set apart from the section beside it (体育 天山晚报)."""
    tokens = text.split()
    if any(_is_paper(token) for token in tokens):
        others = " ".join(token for token in tokens if not _is_paper(token))
        return [others, *(token for token in tokens if _is_paper(token))]
    if len(tokens) > 1 and all(len(token) == 1 for token in tokens):
        return ["".join(tokens)]
    return [text]


def _tidy(text: str) -> str:
    return text.strip(_EDGE)


def _is_paper(text: str) -> bool:
    bare = squeeze(text) if not text.isascii() else text
    return bool(_PAPER.fullmatch(bare)) and not bare.endswith(_NOT_PAPERS)


def _is_section(text: str) -> bool:
    return bool(_SECTION.fullmatch(fold(text))) and not re.fullmatch(r"[\d\s\-]+", fold(text))
