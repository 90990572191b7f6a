"""Pages in printed order, and what their numbers, dates and names disagree about."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from epaper.model import Doubt, Page

_NUMBER = re.compile(r"(?P<section>[A-Z]{0,2})[\s-]*0*(?P<number>\d{1,3})")

_PARTS = re.compile(r"[0-9]+|[^0-9]+")
_COUNT_DIGITS = 3
# So many numbers that go with the files make an order.
_WITNESSES = 2
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


def places(pages: Sequence[Page]) -> dict[str, PageKey]:
    """Where pages stand in their issue, by page id: as printed, or as their files do.

    A page whose number was not read takes the one its file has among the others, if the
    numbers of its section go with the files without exception: there are two of them, and
    the neighbours on either side agree. So does one that prints a bare number, as fronts
    do, where the others have letters, if that is its number there; and one whose number
    the others contradict. Otherwise it stands where it says, or nowhere.
    """
    files = sorted(pages, key=_file_order)
    printed = {p.id: key for p in files if (key := page_key(p.facts.page_number)) is not None}
    bare = {id_: key.number for id_, key in printed.items() if not key.section}
    if len(bare) == len(printed):
        bare = {}
    keys = [printed.get(p.id) for p in files]
    contradicted = {
        files[rank].id
        for section in {key.section for key in printed.values()}
        for rank in _contradicted(section, keys)
    } - set(bare)
    known = {id_: key for id_, key in printed.items() if id_ not in contradicted}
    sure = [known.get(p.id) if p.id not in bare else None for p in files]
    found = dict(known)
    for rank, page in enumerate(files):
        if sure[rank] is None:
            key = _as_the_file_stands(rank, sure, bare.get(page.id))
            if key is not None and key not in known.values():
                found[page.id] = key
            elif page.id in contradicted:
                found[page.id] = printed[page.id]
    return found


def _contradicted(section: str, keys: Sequence[PageKey | None]) -> list[int]:
    """Files whose numbers were hardly read right, as those of their section go otherwise.

    Most of these go up with the files, page by page; a number stands out where one of
    them has it, too, or where it does not lie between its neighbours'.
    """
    numbers = {rank: key.number for rank, key in enumerate(keys) if key and key.section == section}
    shifts = Counter(number - rank for rank, number in numbers.items())
    if not shifts:
        return []
    ((usual, votes), *others) = shifts.most_common()
    if votes <= sum(count for _, count in others):
        return []
    regular = {rank: number for rank, number in numbers.items() if number - rank == usual}

    def stands_out(rank: int, number: int) -> bool:
        if number in regular.values():
            # The last file may be another copy of a page.
            return votes >= _WITNESSES and rank < max(regular)
        before = all(number > n for other, n in regular.items() if other < rank)
        after = all(number < n for other, n in regular.items() if other > rank)
        return votes > _WITNESSES and not (before and after)

    return [r for r, n in numbers.items() if r not in regular and stands_out(r, n)]


def _as_the_file_stands(
    rank: int, sure: Sequence[PageKey | None], number: int | None
) -> PageKey | None:
    """The place that file `rank` has among those with `sure` ones; `number` is a witness."""
    before = next((key.section for key in reversed(sure[:rank]) if key), None)
    after = next((key.section for key in sure[rank:] if key), None)
    sections = {section for section in (before, after) if section is not None}
    if len(sections) != 1:
        return None
    (section,) = sections
    shifts = [key.number - k for k, key in enumerate(sure) if key and key.section == section]
    place = rank + shifts[0]
    witnesses = len(shifts) + (number is not None)
    if len(set(shifts)) > 1 or witnesses < _WITNESSES or place < 1 or number not in (None, place):
        return None
    return PageKey(section, place)


def _file_order(page: Page) -> tuple[object, ...]:
    source = page.source
    return (_natural(page.id), source.name, source.index)


def in_order(pages: Sequence[Page]) -> tuple[Page, ...]:
    """Pages by their place, then as their files stand; those without one come last."""
    known = places(pages)

    def place(page: Page) -> tuple[object, ...]:
        key = known.get(page.id)
        at = key or PageKey("", 0)
        return (key is None, at.section, at.number, *_file_order(page))

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
    known = places(pages)
    for page in pages:
        key = known.get(page.id)
        doubts += _odd_number(page, key)
        if key is not None:
            keys[key].append(page.id)
    for key, ids in sorted(keys.items()):
        if len(ids) > 1:
            message = f"Page number {key} stands on {len(ids)} pages: {', '.join(ids)}."
            doubts.append(Doubt("page-doubled", message, ids[1]))
    missing = _missing(pages, set(keys))
    if missing:
        doubts.append(_not_here(missing, len(pages)))
    return tuple(doubts)


def _odd_number(page: Page, key: PageKey | None) -> Iterator[Doubt]:
    """A doubt where the page prints no number, or one that the other pages contradict."""
    printed = page_key(page.facts.page_number)
    taken = f" It is taken for page {key}, as its file stands." if key else ""
    if printed is None:
        message = f"Page {page.id} has no printed page number.{taken}"
        yield Doubt("page-unnumbered", message, page.id)
    elif key is not None and key.number != printed.number:
        message = f"Page {page.id} says it is page {printed}, which others contradict.{taken}"
        yield Doubt("page-misnumbered", message, page.id)


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
