"""The page's language, told by its characters; crude outside Chinese."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

_STOPWORDS = {
    "pt": " de que não uma para com os as do da em no na por mais foi ao dos das ",
    "en": " the of and to in for on with that is was by at from as it be are ",
    "es": " el la los las del que en una por con para su más fue al ",
    "fr": " le la les des et du une dans pour est que sur au aux par ",
}
_SCRIPTS = {"ko": (0xAC00, 0xD7A3), "bo": (0x0F00, 0x0FFF), "mn-Mong": (0x1800, 0x18AF),
            "ug": (0x0600, 0x06FF)}  # fmt: skip
_ENOUGH = 20


def language_of(text: str) -> str | None:
    """BCP 47 tag of the language most of `text` is in, None where it is not evident.

    Simplified and traditional characters are told apart by the national character
    sets: what GB 2312 has and Big5 has not is simplified, and the other way round.
    """
    letters = Counter(filter(str.isalpha, text))
    total = letters.total()
    if total < _ENOUGH:
        return None
    chinese = _count(letters, lambda char: "\u3400" <= char <= "\u9fff")
    kana = _count(letters, lambda char: "\u3040" <= char <= "\u30ff")
    if chinese + kana > 0.3 * total:
        return "ja" if kana > 0.08 * (chinese + kana) else _chinese(letters)
    for tag, (first, last) in _SCRIPTS.items():
        if sum(n for char, n in letters.items() if first <= ord(char) <= last) > 0.5 * total:
            return tag
    return _latin(text)


def _count(letters: Counter[str], wanted: Callable[[str], bool]) -> int:
    return sum(n for char, n in letters.items() if wanted(char))


def _chinese(letters: Counter[str]) -> str | None:
    simplified = _count(letters, lambda char: _only_in(char, "gb2312", "big5"))
    traditional = _count(letters, lambda char: _only_in(char, "big5", "gb2312"))
    if max(simplified, traditional) < 3:
        return None
    return "zh-Hans" if simplified > traditional else "zh-Hant"


@lru_cache(maxsize=8192)
def _only_in(char: str, charset: str, other: str) -> bool:
    return _has(char, charset) and not _has(char, other)


def _has(char: str, charset: str) -> bool:
    try:
        char.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _latin(text: str) -> str | None:
    words = re.findall(r"[a-zà-ÿ]+", text.lower())
    counts = {tag: sum(f" {word} " in stop for word in words) for tag, stop in _STOPWORDS.items()}
    tag, hits = max(counts.items(), key=lambda item: item[1])
    return tag if hits >= max(3, 0.05 * len(words)) else None
