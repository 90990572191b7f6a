"""What the words of two pieces of text say about each other.

Two measures: how much of their rarer vocabulary two pieces share, and how well the last
character of one and the first of the other make a word.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_HAN = "\u3400-\u9fff"
_RUN = re.compile(f"[{_HAN}]{{2,}}|[A-Za-z]{{3,}}|[0-9]{{2,}}")
_OPENING, _CLOSING = "“‘「『《〈（(【", "”’」』》〉）)】"
# Characters before a text's end in which a mark may have been left open.
_OPEN_REACH = 60


# Times a pair, and a character, is taken to have been seen beyond what was counted.
_PAIR_MORE, _CHAR_MORE = 0.2, 20.0
# Stands where one of two characters is no Chinese one.
NO_WORD = -1.0


@dataclass(frozen=True, slots=True)
class CharTable:
    """Characters of words: sorted code points `keys`, how often each was counted, and the
    shares of these in which words began and ended with it."""

    keys: IntArray
    counts: FloatArray
    first: FloatArray
    last: FloatArray

    def rows(self, chars: Sequence[str]) -> IntArray:
        """The row of each character, -1 where the table has none."""
        return _rows(self.keys, np.array([ord(c) for c in chars], dtype=np.int64))


@dataclass(frozen=True, slots=True)
class WordTable:
    """Characters that stand side by side in words: sorted `keys`, their `weights`, how often
    each pair was counted, and the characters by themselves."""

    keys: IntArray
    weights: FloatArray
    counts: FloatArray
    chars: CharTable


def pair_key(first: str, second: str) -> int:
    """Two characters as one number; -1 unless both are Chinese characters of the BMP."""
    a, b = ord(first), ord(second)
    if not (0x3400 <= a <= 0x9FFF and 0x3400 <= b <= 0x9FFF):
        return -1
    return a << 16 | b


def shared_words(texts: Sequence[str]) -> FloatArray:
    """Cosine of every two texts over their bigrams, rare ones weighing more; N by N.

    Weights are tf-idf with the given texts as the collection (Salton & Buckley 1988).
    """
    counts = [Counter(_terms(text)) for text in texts]
    number: dict[str, int] = {}
    terms = [number.setdefault(term, len(number)) for count in counts for term in count]
    column = np.array(terms, dtype=np.int64)
    row = np.repeat(np.arange(len(texts)), [len(count) for count in counts])
    times = np.array([n for count in counts for n in count.values()], dtype=float)
    spread = np.bincount(column, minlength=1)
    weights = (1 + np.log(times)) * np.log(len(texts) / spread[column])
    norms = np.maximum(np.sqrt(np.bincount(row, weights * weights, len(texts))), 1e-6)
    common = spread[column] > 1
    row, column = row[common], (np.cumsum(spread > 1) - 1)[column[common]]
    values = weights[common] / norms[row]
    matrix = csr_matrix((values, (row, column)), shape=(len(texts), max((spread > 1).sum(), 1)))
    return np.asarray((matrix @ matrix.T).todense(), dtype=float)


def _terms(text: str) -> list[str]:
    terms: list[str] = []
    for run in _RUN.findall(text):
        terms += [run] if run.isascii() else [run[k : k + 2] for k in range(len(run) - 1)]
    return terms


def _pair_keys(firsts: Sequence[str], seconds: Sequence[str]) -> IntArray:
    return np.array([pair_key(a, b) for a, b in zip(firsts, seconds, strict=True)], dtype=np.int64)


def _rows(keys: IntArray, wanted: IntArray) -> IntArray:
    """The row of each wanted key among the sorted `keys`, -1 where it is not there."""
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, at, -1)


def joins_word(
    ends: Sequence[str], starts: Sequence[str], keys: IntArray, weights: FloatArray
) -> FloatArray:
    """How often each pair of characters (``ends[i]``, ``starts[i]``) stands in one word.

    `keys` (sorted, see `pair_key`) and `weights` are the table of words; 0 for a pair it
    does not have, -1 where one of the two is no Chinese character.
    """
    wanted = _pair_keys(ends, starts)
    row = _rows(keys, wanted)
    return np.where(wanted < 0, -1.0, np.where(row < 0, 0.0, weights[row]))


def bonds(
    ends: Sequence[str], starts: Sequence[str], table: WordTable
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """How much oftener each pair stands in a word than chance would have it, as a logarithm
    (pointwise mutual information, Church & Hanks 1990), and how seldom words end with the first
    character and begin with the second; NO_WORD where a character is unknown."""
    chars = table.chars
    a, b = chars.rows(ends), chars.rows(starts)
    row = _rows(table.keys, _pair_keys(ends, starts))
    counted = np.where(row < 0, 0.0, table.counts[row])
    chance = (chars.counts[a] + _CHAR_MORE) * (chars.counts[b] + _CHAR_MORE)
    bond = np.log((counted + _PAIR_MORE) * chars.counts.sum() / chance)
    known = (a >= 0) & (b >= 0)
    return (
        np.where(known, bond, NO_WORD),
        np.where(a >= 0, 1 - chars.last[a], NO_WORD),
        np.where(b >= 0, 1 - chars.first[b], NO_WORD),
    )


def left_open(text: str) -> int:
    """Quotes and brackets that the end of a text leaves open; never below 0."""
    depth = 0
    for char in text[-_OPEN_REACH:]:
        if char in _OPENING:
            depth += 1
        elif char in _CLOSING and depth:
            depth -= 1
    return depth


def closes_first(text: str) -> bool:
    """True if the text closes a quote or bracket that it did not open."""
    for char in text[:_OPEN_REACH]:
        if char in _OPENING:
            return False
        if char in _CLOSING:
            return True
    return False
