"""Bylines and signatures that stand apart from the text they sign."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from epaper import reporters
from epaper.model import Person
from epaper.news import credits
from epaper.news.dateline import LeadIn, lead_in
from epaper.news.text import CLOSE, OPEN, ORNAMENTS, cut, fold, squeeze, unwrapped

_BRACKETED_END = re.compile(
    rf"[{re.escape(OPEN)}](?P<inner>[^{re.escape(OPEN + CLOSE)}]{{2,50}})[{re.escape(CLOSE)}]\s*$"
)
_MARKED_END = re.compile(
    rf"(?P<sign>[{re.escape(ORNAMENTS)}]+\s*[^{re.escape(ORNAMENTS)}。！？]{{2,50}})$"
)
_GAP_END = re.compile(r"(?<=[。！？!?…”』」）)])(?P<gap>\s*)(?P<sign>[^。！？!?…”』」；;]{2,50})$")
_ENDS = "。！？!?…”’」』）)》"
_WINDOW = 90


@dataclass(frozen=True, slots=True)
class Signed:
    """A byline found in a paragraph: the words before it, it as printed, those behind.

    ``before + printed + after`` is the paragraph but for white space and brackets.
    """

    before: str
    printed: str
    after: str
    people: tuple[Person, ...]


def whole(text: str, names_alone: bool = False) -> Signed | None:
    """A text that is nothing but a byline; bare names only where `names_alone`."""
    credit = None if reporters.are_told_of(squeeze(fold(text))) else credits.parse(text)
    if credit is None or not (credit.duties or (names_alone and credits.certain(credit))):
        return None
    return Signed("", unwrapped(text), "", credit.people)


def leading(text: str, lines: Iterable[str]) -> Signed | None:
    """A byline that was a line of its own and now heads the paragraph.

    `lines` are the lines of print the paragraph came from. A lead-in whose words
    happen to break after a name is no line of its own.
    """
    if lead_in(text) != LeadIn():
        return None
    for line in lines:
        # Few lines are what the paragraph begins with, and that is soon seen.
        end = _prefix_end(text, line)
        found = whole(line) if 0 < end < len(text) else None
        if found:
            pieces = cut(text, end, len(text))
            return Signed("", text[:end].strip(), pieces.rest, found.people)
    return None


def trailing(text: str, lines: Iterable[str] = ()) -> Signed | None:
    """The signature a paragraph ends with: （张三）, □本报记者 刘振, a name on its own line."""
    shift = max(0, len(text) - _WINDOW)
    folded = fold(text[shift:])
    own_lines = {squeeze(line) for line in lines}
    for pattern in (_BRACKETED_END, _MARKED_END, _GAP_END):
        match = pattern.search(folded)
        if match is None:
            continue
        start = match.start("sign") if "sign" in match.groupdict() else match.start()
        printed = text[shift + start :]
        credit = credits.parse(printed)
        before = text[: shift + start].rstrip()
        if credit is None or not credit.people or not before:
            continue
        apart = pattern is not _GAP_END or bool(match["gap"]) or squeeze(printed) in own_lines
        bare = credits.certain(credit) and before[-1] in _ENDS
        if (credit.duties or bare) and apart:
            return Signed(before, unwrapped(printed), "", credit.people)
    return None


def _prefix_end(text: str, line: str) -> int:
    """Where `line` ends in `text` that begins with it, white space aside; 0 if it does not."""
    first = text.lstrip()[:1]
    if first and not fold(first).isspace() and first not in line:
        return 0
    wanted = squeeze(line)
    seen = 0
    for index, char in enumerate(text):
        if fold(char).isspace():
            continue
        if seen == len(wanted) or char != wanted[seen]:
            break
        seen += 1
        if seen == len(wanted):
            return index + 1
    return 0
