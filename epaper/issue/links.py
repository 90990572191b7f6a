"""Which part goes on where: markers of both sides, headlines and subjects, as one assignment."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from epaper.issue.evidence import Subjects, headline_similarity
from epaper.issue.order import PageKey, page_key, places
from epaper.model import Article, Jump, JumpKind, Page

ACCEPT = 0.6
"""Least confidence of a link; below it a continuation stays unresolved."""

# Log odds. Measured on articles cut in halves: the halves of one have a similarity of
# 0.06 to 0.27, halves of different ones 0.05 at most on nearly every page.
_PRIOR = -3.0
_BOTH_MARKERS = 5.5
# Both, but the number of a page that one of them names was not read on any page.
_BOTH_IN_PART = 2.5
_HEADLINE = 7.0
_HEADLINE_CHANCE = 0.35
# The same long headline on the page that a marker names; two that have nothing in common.
_SAME_HEADLINE = 3.0
_SAME = 0.95
_OTHER_HEADLINE = -1.0
_OTHER = 0.2
_SUBJECT = 30.0
_SUBJECT_CHANCE = 0.05
_SUBJECT_MOST = 4.0
_NO_EDGE = -60.0


@dataclass(frozen=True, slots=True)
class Part:
    """One article on one page; `place` is where the page stands in the issue."""

    page: str
    place: PageKey | None
    article: Article
    rank: int

    @property
    def key(self) -> str:
        return f"{self.page}#{self.article.id}"


@dataclass(frozen=True, slots=True)
class Slot:
    """An end of a part that can be joined: by a marker, or unmarked."""

    part: Part
    jump: Jump | None


@dataclass(frozen=True, slots=True)
class Link:
    """`before` goes on in `after`, with the markers that say so on either side."""

    before: Slot
    after: Slot
    confidence: float


def parts_of(pages: Sequence[Page]) -> list[Part]:
    """All parts that may belong to a story, in page order; adverts only with markers."""
    known = places(pages)
    articles = [
        (page, article)
        for page in pages
        for article in page.articles
        if article.jumps or not article.advert
    ]
    return [
        Part(page.id, known.get(page.id), article, rank)
        for rank, (page, article) in enumerate(articles)
    ]


def find_links(parts: Sequence[Part]) -> list[Link]:
    """The accepted links, best assignment over the whole issue.

    Every edge is licensed by a marker on one side that names the other side's page and
    contradicted by none. Its log odds add up what speaks for it; the assignment with
    the highest sum wins (Jonker and Volgenant 1987), and a link's confidence is its
    share against all rivals of either side and against no link at all, so that two
    equally good partners leave both unresolved.
    """
    befores = [slot for part in parts for slot in _slots(part, JumpKind.CONTINUED_ON)]
    afters = [slot for part in parts for slot in _slots(part, JumpKind.CONTINUED_FROM)]
    present = frozenset(part.place for part in parts if part.place is not None)
    edges = [
        (i, j)
        for i, before in enumerate(befores)
        for j, after in enumerate(afters)
        if _licensed(before, after, present)
    ]
    if not edges:
        return []
    subjects = Subjects((part.key, part.article) for part in parts)
    odds = np.full((len(befores), len(afters)), _NO_EDGE)
    for i, j in edges:
        odds[i, j] = _log_odds(befores[i], afters[j], subjects)
    links = []
    for i, j in _assigned(odds):
        confidence = _confidence(odds, i, j)
        if confidence >= ACCEPT:
            links.append(Link(befores[i], afters[j], round(confidence, 3)))
    return _acyclic([link for link in links if _sole(link)])


def _sole(link: Link) -> bool:
    """False where an end has markers to several pages, and no headline says which is its own.

    Such an article is most often two stories that the layout took for one.
    """
    if not (_contested(link.before) or _contested(link.after)):
        return True
    return headline_similarity(link.before.part.article, link.after.part.article) >= _SAME


def _contested(slot: Slot) -> bool:
    """Whether another marker of the slot's article names another page the same way."""
    jump = slot.jump
    return jump is not None and any(
        other.kind is jump.kind
        and other.text != jump.text
        and page_key(other.page) != page_key(jump.page)
        for other in slot.part.article.jumps
    )


def _slots(part: Part, kind: JumpKind) -> Iterator[Slot]:
    marked = [Slot(part, jump) for jump in part.article.jumps if jump.kind is kind]
    yield from marked or [Slot(part, None)]


def _licensed(before: Slot, after: Slot, present: frozenset[PageKey]) -> bool:
    """A marker of one side names the other's page, and none names another."""
    if before.part.page == after.part.page:
        return False
    says = _names(before.jump, after.part, present), _names(after.jump, before.part, present)
    return True in says and False not in says


def _names(jump: Jump | None, other: Part, present: frozenset[PageKey]) -> bool | None:
    """Whether the marker names the other part's page.

    None where that cannot be told: there is no marker, or no page of that number, which
    the other's may be, since none was read on it.
    """
    if jump is None:
        return None
    named = page_key(jump.page)
    if other.place is None:
        return False if named is None or named in present else None
    return named == other.place


def _log_odds(before: Slot, after: Slot, subjects: Subjects) -> float:
    odds = _PRIOR
    if before.jump is not None and after.jump is not None:
        placed = before.part.place is not None and after.part.place is not None
        odds += _BOTH_MARKERS if placed else _BOTH_IN_PART
    headline = headline_similarity(before.part.article, after.part.article)
    odds += _HEADLINE * max(0.0, headline - _HEADLINE_CHANCE)
    if headline >= _SAME:
        odds += _SAME_HEADLINE
    elif headline < _OTHER and before.part.article.headlines and after.part.article.headlines:
        odds += _OTHER_HEADLINE
    subject = subjects.similarity(before.part.key, after.part.key)
    odds += min(_SUBJECT_MOST, _SUBJECT * max(0.0, subject - _SUBJECT_CHANCE))
    if not after.part.article.headlines and after.jump is None:
        odds -= 1.0  # an unmarked, untitled piece is more often a brief than a continuation
    return odds


def _assigned(odds: np.ndarray) -> list[tuple[int, int]]:
    """Pairs of the best assignment in which a slot may also stay alone (odds 0)."""
    # SciPy takes seconds to load, and most issues have no jump.
    from scipy.optimize import linear_sum_assignment

    rows, columns = odds.shape
    alone = np.zeros((rows, rows))
    found_rows, found_columns = linear_sum_assignment(np.hstack([odds, alone]), maximize=True)
    return [
        (int(i), int(j))
        for i, j in zip(found_rows, found_columns, strict=True)
        if j < columns and odds[i, j] > _NO_EDGE / 2
    ]


def _confidence(odds: np.ndarray, i: int, j: int) -> float:
    """Probability of the link among all rivals of its row and of its column."""
    return min(_share(odds[i, :], j), _share(odds[:, j], i))


def _share(odds: np.ndarray, index: int) -> float:
    weights = [math.exp(min(50.0, float(value))) for value in odds]
    return weights[index] / (sum(weights) + 1.0)


def _acyclic(links: Sequence[Link]) -> list[Link]:
    """Links, surest first, without those that would lead a story back into itself."""
    ranked = sorted(
        links, key=lambda link: (-link.confidence, link.before.part.rank, link.after.part.rank)
    )
    stories = _Stories()
    return [link for link in ranked if stories.join(link.before.part.key, link.after.part.key)]


class _Stories:
    """Parts grouped into stories: disjoint sets, each named by one of its parts."""

    def __init__(self) -> None:
        self._home: dict[str, str] = {}

    def of(self, key: str) -> str:
        while key in self._home:
            key = self._home[key]
        return key

    def join(self, one: str, other: str) -> bool:
        """False where the two were in one story before."""
        first, second = self.of(one), self.of(other)
        if first == second:
            return False
        self._home[second] = first
        return True


def chains(parts: Sequence[Part], links: Sequence[Link]) -> list[list[Part]]:
    """Parts joined into stories: each in reading order, all by their first part's page."""
    stories = _Stories()
    sources: dict[str, set[str]] = defaultdict(set)
    for link in links:
        stories.join(link.before.part.key, link.after.part.key)
        sources[link.after.part.key].add(link.before.part.key)
    waiting = list(parts)
    told: set[str] = set()
    found: dict[str, list[Part]] = {}
    while waiting:
        ready = next(part for part in waiting if sources[part.key] <= told)
        waiting.remove(ready)
        told.add(ready.key)
        found.setdefault(stories.of(ready.key), []).append(ready)
    return list(found.values())
