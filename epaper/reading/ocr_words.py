"""Of the characters that recognition offers for a doubtful one, that which the words around want.

In poor print a character may be read as one that looks like it (咋 for 昨), while the right one
is among the recogniser's next answers. How often characters follow each other then weighs in: in
Chinese, counted in a word list and a newspaper's text, and in what is read surely of the page
itself, whose names and turns of phrase come again. Nothing is given that the
recogniser did not offer, and forms of one character are left to `ocr_script`.

The likeliest path through the offers is Viterbi's (1967); what follows what is estimated by
absolute discounting, interpolated (Ney, Essen and Kneser 1994); the page's own text is mixed in as
a cache is (Kuhn and De Mori 1990).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from epaper.reading.ocr_chances import BLANK
from epaper.reading.ocr_sight import DOUBTED, Seen

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

WORDS = "words.npz"

# What the language says counts so much beside what the recogniser sees, and has to outweigh
# that by so much: names and rare words are no language of newspapers. At the ends of a line, where
# half of the words around is not known, by twice as much.
_WEIGHT, _MARGIN = 0.6, 0.5
# Offers of less chance are none.
_LEAST = 0.002
# Taken off every count for pairs that were not seen; times a character is taken to have been
# seen beyond what was counted.
_DISCOUNT, _MORE = 0.75, 0.5
# The share of the page in what may follow; a character of it that was followed so many times
# tells as much by that as all of the page does.
_OWN, _SEEN_ONCE = 0.15, 1.0
# Pairs are numbers of two characters, counted from the first ideograph.
_FIRST, _LAST, _BITS = 0x3400, 0x9FFF, 15
# Steps of the logarithm of a count, so that the greatest fits a byte.
_STEPS = 16.0


@dataclass(frozen=True, slots=True)
class Language:
    """How often simplified characters follow each other: chances as natural logarithms.

    `keys` are the pairs that were seen (see `pair`), sorted, `chances` those of their second
    characters. For others, the chance of the second character by itself (`single`) loses what
    `apart` has for the first; both are by ideograph, from the first one on.
    """

    keys: Integers
    chances: Floats
    single: Floats
    apart: Floats

    def follows(self, first: int, second: int) -> float:
        """The chance that ideograph `second` stands after `first`, by code points.

        `first` is 0 where no ideograph is.
        """
        alone = float(self.single[second - _FIRST])
        if not first:
            return alone
        wanted = pair(first, second)
        at = int(np.searchsorted(self.keys, wanted))
        if at < len(self.keys) and self.keys[at] == wanted:
            return float(self.chances[at])
        return alone + float(self.apart[first - _FIRST])


def pair(first: int, second: int) -> int:
    """Two code points of ideographs as one number."""
    return (first - _FIRST) << _BITS | (second - _FIRST)


def packed(counts: Floats) -> NDArray[np.uint8]:
    """Counts as bytes on a logarithmic scale."""
    return np.clip(np.log1p(counts) * _STEPS, 1, 255).round().astype(np.uint8)


@lru_cache(maxsize=1)
def language() -> Language:
    """The language that comes with the package."""
    with (files("epaper.reading") / WORDS).open("rb") as stream, np.load(stream) as stored:
        keys = np.cumsum(stored["steps"].astype(np.int64))
        counts, singles = (np.expm1(stored[n] / _STEPS) for n in ("counts", "single_counts"))
        return estimated(keys, counts, stored["singles"].astype(np.int64), singles)


def estimated(keys: Integers, counts: Floats, singles: Integers, single_counts: Floats) -> Language:
    """The language of pairs (`pair`, sorted) and code points that were counted so often."""
    met = np.full(_LAST - _FIRST + 1, _MORE)
    met[singles - _FIRST] += single_counts
    alone = met / met.sum()
    first, second = keys >> _BITS, keys & ((1 << _BITS) - 1)
    seen = np.bincount(first, counts, len(met))
    spare = np.minimum(_DISCOUNT * np.bincount(first, minlength=len(met)) / np.maximum(seen, 1), 1)
    spare[seen == 0] = 1.0
    chance = np.maximum(counts - _DISCOUNT, 0) / seen[first] + spare[first] * alone[second]
    return Language(keys, np.log(chance), np.log(alone), np.log(spare))


class Known(Protocol):
    """Tells the chance (natural logarithm) that an ideograph follows another, by code points."""

    def follows(self, first: int, second: int) -> float: ...


@dataclass(frozen=True, slots=True)
class PageLanguage:
    """A language with a page's own text mixed in: its pairs, and its characters by first of pair.

    `firsts` says how many pairs begin with a character.
    """

    known: Known
    pairs: Mapping[tuple[int, int], int]
    firsts: Mapping[int, int]
    singles: Mapping[int, int]
    total: int

    def follows(self, first: int, second: int) -> float:
        """The chance that ideograph `second` stands after `first`, 0 where no ideograph is."""
        alone = self.singles.get(second, 0) / self.total
        own = (self.pairs.get((first, second), 0) + _SEEN_ONCE * alone) / (
            self.firsts.get(first, 0) + _SEEN_ONCE
        )
        return math.log((1 - _OWN) * math.exp(self.known.follows(first, second)) + _OWN * own)


def of_page(known: Known, lines: Iterable[Sequence[Seen]], simplified: Sequence[str]) -> Known:
    """The language of a page, told by what is read surely of its lines."""
    pairs: Counter[tuple[int, int]] = Counter()
    singles: Counter[int] = Counter()
    for line in lines:
        codes = [_code(simplified[s.index]) if s.score >= DOUBTED else 0 for s in line]
        singles.update(filter(None, codes))
        pairs.update((a, b) for a, b in pairwise(codes) if a and b)
    firsts: Counter[int] = Counter()
    for (first, _), count in pairs.items():
        firsts[first] += count
    return PageLanguage(known, pairs, firsts, singles, singles.total()) if singles else known


def with_words(
    signs: Sequence[Seen],
    simplified: Sequence[str],
    known: Known,
    due: Mapping[int, float] | None = None,
) -> list[Seen]:
    """The signs of a line, doubtful ones as that of their offers which fits the others best.

    `simplified` are the recogniser's characters in their simplified form; the chance of a class
    counts by what is its `due`, where that is told. What is changed
    keeps its score, for it is as much in doubt as before.
    """
    codes = [_code(simplified[s.index]) for s in signs]
    if not any(code and s.score < DOUBTED for code, s in zip(codes, signs, strict=True)):
        return list(signs)
    offers = [
        _offers(sign, simplified, due or {}, 2 * _MARGIN if k in (0, len(signs) - 1) else _MARGIN)
        if code and sign.score < DOUBTED
        else [_Offer(sign.index, code, 0.0)]
        for k, (code, sign) in enumerate(zip(codes, signs, strict=True))
    ]
    chosen = _likeliest(offers, known)
    return [
        s if s.index == o.index else replace(s, index=o.index)
        for s, o in zip(signs, chosen, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Offer:
    """A class, its code point (0 if no ideograph) and the logarithm of its chance."""

    index: int
    code: int
    chance: float


def _offers(
    sign: Seen, simplified: Sequence[str], due: Mapping[int, float], margin: float
) -> list[_Offer]:
    """The sign as read, and as other characters that the recogniser thinks possible there.

    Forms of one character are one offer, whose chance is that of any of them.
    """
    sums: dict[str, float] = {}
    likeliest: dict[str, int] = {}
    for index, chance in sorted(sign.chances.items(), key=lambda told: -told[1]):
        char = simplified[index]
        sums[char] = sums.get(char, 0.0) + chance * due.get(index, 1.0)
        likeliest.setdefault(char, index)
    own = simplified[sign.index]
    found = [_Offer(sign.index, _code(own), math.log(sums.pop(own)))]
    for char, chance in sums.items():
        code = _code(char)
        if chance > _LEAST and code:
            found.append(_Offer(likeliest[char], code, math.log(chance) - margin))
    return found


def _likeliest(places: Sequence[Sequence[_Offer]], known: Known) -> list[_Offer]:
    """One of the offers at each place: the path of the highest chance."""
    before_all = _Offer(BLANK, 0, 0.0)
    sums = [offer.chance + _step(before_all, offer, known) for offer in places[0]]
    ways: list[list[int]] = []
    for before, here in pairwise(places):
        steps = [[_step(b, offer, known) for b in before] for offer in here]
        way = [max(range(len(before)), key=lambda k: sums[k] + step[k]) for step in steps]
        sums = [sums[k] + step[k] + o.chance for k, step, o in zip(way, steps, here, strict=True)]
        ways.append(way)
    path = [max(range(len(sums)), key=sums.__getitem__)]
    for way in reversed(ways):
        path.append(way[path[-1]])
    return [offers[k] for offers, k in zip(places, reversed(path), strict=True)]


def _step(before: _Offer, offer: _Offer, known: Known) -> float:
    return _WEIGHT * known.follows(before.code, offer.code) if offer.code else 0.0


def _code(char: str) -> int:
    """The code point of an ideograph, 0 for anything else."""
    return ord(char) if len(char) == 1 and _FIRST <= ord(char) <= _LAST else 0
