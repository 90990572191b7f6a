"""How much two parts look like one story: their headlines, and the words of their subject."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

from rapidfuzz.distance import LCSseq
from rapidfuzz.fuzz import partial_ratio

from epaper.model import Article, Role

_KEPT = re.compile(r"[^\W_]+")
_TITLE = re.compile(r"[《〈“\"「『]([^》〉”\"」』]{2,40})[》〉”\"」』]")
_SHORTEST = 3

Bigrams = Mapping[str, int]


def plain(text: str) -> str:
    """Letters and digits of `text` in half width and lower case."""
    return "".join(_KEPT.findall(unicodedata.normalize("NFKC", text))).lower()


def bigrams(article: Article) -> Counter[str]:
    """Counts of neighbouring character pairs in headlines, text and captions."""
    parts = [item.text for item in article.headlines]
    parts += [paragraph.text for paragraph in article.paragraphs]
    parts += [caption.text for caption in article.captions]
    found: Counter[str] = Counter()
    for part in parts:
        text = plain(part)
        found.update(text[i : i + 2] for i in range(len(text) - 1))
    return found


class Subjects:
    """Cosine of tf-idf weighted character pairs over the articles of one issue.

    Character pairs stand in for words, which Chinese does not set apart; log term
    frequency and smoothed inverse document frequency after Salton and Buckley (1988).
    """

    def __init__(self, articles: Iterable[tuple[str, Article]]) -> None:
        """`articles` are (id, article), each id once."""
        counts = {key: bigrams(article) for key, article in articles}
        documents = Counter(pair for found in counts.values() for pair in found)
        size = len(counts)
        self._vectors: dict[str, dict[str, float]] = {}
        for key, found in counts.items():
            weights = {
                pair: (1 + math.log(count)) * math.log((1 + size) / (1 + documents[pair]) + 1e-9)
                for pair, count in found.items()
            }
            norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
            self._vectors[key] = {pair: weight / norm for pair, weight in weights.items()}

    def similarity(self, one: str, other: str) -> float:
        """0 for nothing in common to 1 for the same words."""
        first, second = self._vectors[one], self._vectors[other]
        if len(second) < len(first):
            first, second = second, first
        return sum(weight * second.get(pair, 0.0) for pair, weight in first.items())


def headline_similarity(one: Article, other: Article) -> float:
    """0 to 1: how far the headline of one stands in the other's, whole or shortened.

    Also compares the title a marker names (上接第一版《……》).
    """
    pairs = ((a, b) for a in _titles(one) for b in _titles(other))
    return max((_alike(a, b) for a, b in pairs), default=0.0)


def _titles(article: Article) -> list[str]:
    roles = (Role.HEADLINE, Role.KICKER, Role.DECK)
    titles = [item.text for item in article.headlines if item.role in roles]
    for jump in article.jumps:
        titles += _TITLE.findall(jump.text)
    return [title for title in map(plain, titles) if len(title) >= _SHORTEST]


def _alike(one: str, other: str) -> float:
    """Share of the shorter headline that stands in the longer, in order."""
    if len(other) < len(one):
        one, other = other, one
    in_order = LCSseq.similarity(one, other) / len(one)
    together = partial_ratio(one, other) / 100
    length = min(1.0, len(one) / 6)
    return length * (in_order + together) / 2
