"""The table of characters that stand side by side in Chinese words.

Counted in the word list of jieba (MIT licence), in simplified and traditional script.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

from epaper.layout.affinity import CharTable, WordTable, pair_key

_PAIRS = 40000
# Pairs of more weight than all but so many say that two characters make a word.
_COMMON = 24000
# Characters counted less often say nothing.
_RARE = 60


def word_table() -> WordTable:
    """The commonest pairs; weights are 0 to 1 on a logarithmic scale, 0 for rarer ones."""
    counts: Counter[int] = Counter()
    single: Counter[str] = Counter()
    first: Counter[str] = Counter()
    last: Counter[str] = Counter()
    for word, count in _words():
        for a, b in pairwise(word):
            counts[pair_key(a, b)] += count
        for char in word:
            single[char] += count
        first[word[0]] += count
        last[word[-1]] += count
    counts.pop(-1, None)
    common = counts.most_common(_PAIRS)
    least = common[min(_COMMON, len(common)) - 1][1]
    best = sorted(common)
    keys = np.array([key for key, _ in best], dtype=np.int64)
    seen = np.array([count for _, count in best], dtype=float)
    weights = np.log10(1 + seen) * (seen >= least)
    return WordTable(keys, weights / weights.max(), seen, _chars(single, first, last))


def _chars(single: Counter[str], first: Counter[str], last: Counter[str]) -> CharTable:
    known = sorted(c for c in single if pair_key(c, c) >= 0 and single[c] >= _RARE)
    seen = np.array([single[c] for c in known], dtype=float)
    return CharTable(
        np.array([ord(c) for c in known], dtype=np.int64),
        seen,
        np.array([(first[c] + 2) / (single[c] + 4) for c in known]),
        np.array([(last[c] + 2) / (single[c] + 4) for c in known]),
    )


def _words() -> Iterator[tuple[str, int]]:
    """Words of both scripts with how often each was counted."""
    import zhconv

    for word, count in listed_words():
        for form in {word, zhconv.convert(word, "zh-hant")}:
            yield form, count


def listed_words() -> Iterator[tuple[str, int]]:
    """The words of jieba's list, most of them simplified, with how often each was counted."""
    import jieba

    rows = Path(jieba.__file__).with_name("dict.txt").read_text(encoding="utf-8").splitlines()
    for row in rows:
        word, count = row.split(" ")[:2]
        yield word, int(count)
