"""How two texts are compared: what is folded away, and what distance is left."""

from __future__ import annotations

import re
import string
import unicodedata

from rapidfuzz.distance import Levenshtein

RIGHT_WITHIN = 0.10
"""The largest NED at which a text counts as right."""

# 《》 and 〈〉 are title marks, not quotes, and stay.
_QUOTES = dict.fromkeys(
    map(ord, "'`\u00ab\u00bb\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f"), '"'
)
_QUOTES |= dict.fromkeys(
    map(ord, "\u2032\u2033\u2035\u2036\u2039\u203a\u300c\u300d\u300e\u300f"), '"'
)
_QUOTES |= dict.fromkeys(map(ord, "\u301d\u301e\u301f"), '"')
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_IGNORED = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})

_JUMP_TEXT = (
    r"(?:下转|下轉|转|轉|紧接|緊接|上接|接)第?[A-Za-z]?[0-9〇一二三四五六七八九十]{1,3}[版页頁]"
)
_JUMP = re.compile(rf"^\({_JUMP_TEXT}\)|\({_JUMP_TEXT}\)$|^{_JUMP_TEXT}$")


def fold(text: str) -> str:
    """The text as it is compared: NFKC, without white space, every quote mark as ``"``.

    White space takes in what has no width (zero-width space, soft hyphen, byte order
    mark). Dashes, dots and letter case are left alone.
    """
    folded = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    return "".join(ch for ch in folded if unicodedata.category(ch) not in _IGNORED)


def fold_body(text: str) -> str:
    """`fold`, and without a continuation marker at either end.

    Truth files may leave a printed (上接01版) in the paragraph it is set in; it is scored
    by `continuation_acc` alone, so it is taken off on both sides.
    """
    return _JUMP.sub("", fold(text))


def ned(truth: str, pred: str) -> float:
    """Levenshtein distance over the longer length, 0 (equal, or both empty) to 1."""
    return float(Levenshtein.normalized_distance(truth, pred))


def is_right(truth: str, pred: str) -> bool:
    """Whether the two differ by a NED of at most `RIGHT_WITHIN`."""
    return float(Levenshtein.normalized_distance(truth, pred, score_cutoff=RIGHT_WITHIN)) <= (
        RIGHT_WITHIN
    )


def page_label(label: str) -> str:
    """A printed page number in one form: ``02``, ``2`` and ``二`` are ``2``; ``A03`` is ``A3``."""
    folded = fold(label).upper().removeprefix("第").removesuffix("版")
    number = folded.lstrip(string.ascii_uppercase)
    prefix = folded[: len(folded) - len(number)]
    tens, ten, ones = number.translate(_DIGITS).partition("十")
    digits = (tens or "1") + (ones or "0") if ten else tens
    return f"{prefix}{int(digits)}" if digits.isdecimal() else folded
