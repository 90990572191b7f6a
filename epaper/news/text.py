"""Folding that keeps every index, and pieces cut out of a text without loss."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇○"
DASH = "-‐‑‒–—―一－ー~～"
OPEN = "(（[［【〔〈《「『<＜"
CLOSE = ")）]］】〕〉》」』>＞"
_BRACKETS = frozenset(OPEN + CLOSE)
ORNAMENTS = "□■◇◆○●◎☆★△▲▽▼▶►◀◄※＊*▌▍▎▏█❏❑・•"
SENTENCE_END = "。！？!?…”’」』）)】》.;；"

_PUNCTUATION = {
    "﹕": ":",
    "︰": ":",
    "﹔": ";",
    "﹐": ",",
    "‧": "·",
    "・": "·",
    "•": "·",
    "．": ".",
}


@lru_cache(maxsize=8192)
def _fold_char(char: str) -> str:
    if char in "\n\r":
        return "\n"
    if char.isspace() or char in "\u200b\ufeff":
        return " "
    if char in _PUNCTUATION:
        return _PUNCTUATION[char]
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 else char


class _Folds(dict[int, str]):
    """What each character folds to, by its code point; found when first asked for."""

    def __missing__(self, code: int) -> str:
        return self.setdefault(code, _fold_char(chr(code)))


_FOLDS = _Folds()


class _Squeezes(dict[int, str | None]):
    """Each character by its code point as it is, white space as nothing."""

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        return self.setdefault(code, None if _fold_char(char).isspace() else char)


_SQUEEZES = _Squeezes()


def fold(text: str) -> str:
    """`text` in half width with plain spaces, one character for each of its own.

    A span found in the folded text is the same span of the text as printed.
    """
    return text.translate(_FOLDS)


def squeeze(text: str) -> str:
    """`text` without any white space."""
    return text.translate(_SQUEEZES)


def flat(text: str) -> str:
    """Rows of a block on one row: no space between Chinese, one between other words."""
    rows = [row.strip() for row in re.split(r"[\n\r]+", text)]
    out = ""
    for row in filter(None, rows):
        if out and out[-1].isascii() and row[0].isascii():
            out += " "
        out += row
    return out


@dataclass(frozen=True, slots=True)
class Cut:
    """A text taken apart: `rest` with the pieces before and after it.

    ``before + rest + after`` is the whole text, white space included.
    """

    before: str
    rest: str
    after: str


def cut(text: str, start: int, end: int) -> Cut:
    """`text` with ``text[start:end]`` as the rest; white space goes to the pieces."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Cut(text[:start], text[start:end], text[end:])


def unwrapped(text: str) -> str:
    """`text` without white space around it and one pair of brackets that holds all of it."""
    text = text.strip()
    if len(text) > 2 and text[0] in OPEN and text[-1] in CLOSE:
        inner = text[1:-1]
        if _BRACKETS.isdisjoint(inner) or inner.count("(") + inner.count("（") == inner.count(
            ")"
        ) + inner.count("）"):
            return inner.strip()
    return text
