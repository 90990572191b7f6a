"""The table of characters that stand side by side in Chinese words.

Counted in the word list of jieba (MIT licence), in simplified and traditional script.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np

from epaper.layout.affinity import WordTable, pair_key

_PAIRS = 24000


def word_table() -> WordTable:
    """The commonest pairs; weights are 0 to 1 on a logarithmic scale."""
    import jieba
    import zhconv

    counts: Counter[int] = Counter()
    words = Path(jieba.__file__).with_name("dict.txt").read_text(encoding="utf-8")
    for row in words.splitlines():
        word, count = row.split(" ")[:2]
        forms = {word, zhconv.convert(word, "zh-hant")}
        for form in forms:
            for a, b in pairwise(form):
                counts[pair_key(a, b)] += int(count)
    counts.pop(-1, None)
    best = sorted(counts.most_common(_PAIRS))
    keys = np.array([key for key, _ in best], dtype=np.int64)
    weights = np.log10([1 + count for _, count in best])
    return WordTable(keys, weights / weights.max())
