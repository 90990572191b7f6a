"""Pages in printed order, and what their numbers, dates and names disagree about."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from epaper.model import Doubt, Page

_NUMBER = re.compile(r"(?P<section>[A-Z]{0,2})[\s-]*0*(?P<number>\d{1,3})")

_PARTS = re.compile(r"[0-9]+|[^0-9]+")
_COUNT_DIGITS = 3
# Confidence in an input of one page of many: below every real doubt in a list of them.
_ALONE = 0.95


@dataclass(frozen=True, slots=True, order=True)
class PageKey:
    """A page's place: section letter first, then number (A13 → ``A``, 13)."""

    section: str
    number: int

    def __str__(self) -> str:
        return f"{self.section}{self.number}"


def page_key(printed: str) -> PageKey | None:
    """The place a printed page number names: 02, 2, A13, P4; None where it is no number.

    A single P is the word page, not a section.
    """
    folded = unicodedata.normalize("NFKC", printed).upper().replace(" ", "")
    match = _NUMBER.fullmatch(folded)
    if match is None or int(match["number"]) == 0:
        return None
    section = match["section"]
    return PageKey("" if section == "P" else section, int(match["number"]))


def in_order(pages: Iterable[Page]) -> tuple[Page, ...]:
    """Pages by printed number, then by id; those without a number come last."""

    def place(page: Page) -> tuple[bool, str, int, list[tuple[int, str]], str, int]:
        key = page_key(page.facts.page_number)
        known = key or PageKey("", 0)
        source = page.source
        name = (_natural(page.id), source.name, source.index)
        return (key is None, known.section, known.number, *name)

    return tuple(sorted(pages, key=place))


def _natural(text: str) -> list[tuple[int, str]]:
    """Sort key in which p2 comes before p10."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in _PARTS.findall(text)]


def page_doubts(pages: Sequence[Page]) -> tuple[Doubt, ...]:
    """Contradicting dates and names; doubled, missing and unread page numbers."""
    if not pages:
        return ()
    doubts = [
        *_disagreement(pages, "date", {page.id: page.facts.date for page in pages}),
        *_disagreement(pages, "paper", {page.id: page.facts.paper for page in pages}),
    ]
    keys: dict[PageKey, list[str]] = defaultdict(list)
    for page in pages:
        key = page_key(page.facts.page_number)
        if key is None:
            doubts.append(
                Doubt("page-unnumbered", f"Page {page.id} has no printed page number.", page.id)
            )
        else:
            keys[key].append(page.id)
    for key, ids in sorted(keys.items()):
        if len(ids) > 1:
            message = f"Page number {key} stands on {len(ids)} pages: {', '.join(ids)}."
            doubts.append(Doubt("page-doubled", message, ids[1]))
    missing = _missing(pages, set(keys))
    if missing:
        doubts.append(_not_here(missing, len(pages)))
    return tuple(doubts)


def _not_here(missing: Sequence[PageKey], given: int) -> Doubt:
    """The doubt about missing pages; a page alone was hardly meant to be the issue."""
    names = _ranges(missing)
    if given == 1:
        message = f"Only one page of this issue was given; not here: {names}."
        return Doubt("page-missing", message, confidence=_ALONE)
    return Doubt("page-missing", f"Pages of this issue are not here: {names}.")


def _ranges(keys: Sequence[PageKey]) -> str:
    """Sorted places as print names them, runs of neighbours in one: ``2–8, A3``."""
    runs: list[list[PageKey]] = []
    for key in keys:
        if runs and runs[-1][-1] == PageKey(key.section, key.number - 1):
            runs[-1].append(key)
        else:
            runs.append([key])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _disagreement(pages: Sequence[Page], field: str, printed: dict[str, str]) -> list[Doubt]:
    """One doubt for each page whose value is not the one most pages print."""
    counts = Counter(value for value in printed.values() if value)
    if len(counts) < 2:
        return []
    usual = min(counts, key=lambda value: (-counts[value], value))
    return [
        Doubt(
            f"issue-{field}",
            f"Page {page.id} says {printed[page.id]}, most pages of the issue say {usual}.",
            page.id,
        )
        for page in pages
        if printed[page.id] not in ("", usual)
    ]


def _missing(pages: Sequence[Page], keys: set[PageKey]) -> list[PageKey]:
    """Numbers inside the printed page count, and gaps below each section's last page."""
    counts = [
        int(page.facts.page_count)
        for page in pages
        if page.facts.page_count.isdecimal() and len(page.facts.page_count) <= _COUNT_DIGITS
    ]
    sections = {key.section for key in keys}
    missing: list[PageKey] = []
    for section in sorted(sections):
        last = max(key.number for key in keys if key.section == section)
        if sections == {""} and counts:
            last = max(last, *counts)
        wanted = (PageKey(section, number) for number in range(1, last + 1))
        missing.extend(key for key in wanted if key not in keys)
    return missing
