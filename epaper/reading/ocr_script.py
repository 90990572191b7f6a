"""Simplified or Traditional: what recognition leaves open, decided by the page.

Where two forms of one character look alike in the type at hand, the recogniser
halves its probability between them and may take the one that the page is not set in.
The rest of the page says which is likelier. Only forms that the recogniser itself
offered are taken, so a page that is Traditional, or mixed, keeps what is printed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import opencc

# Characters read with at least this score say what a page or a line is set in.
_SURE = 0.9
# The page makes its own script at most so many times likelier.
_MOST_ODDS = 30.0
# Stands between characters that are converted together, and is none of them.
_APART = "\0"


class Script(StrEnum):
    """Of Chinese, by the tags of ISO 15924."""

    SIMPLIFIED = "Hans"
    TRADITIONAL = "Hant"


# Classes of the recogniser that belong to one script alone: that script, and the classes
# of the other script's forms.
Forms = Mapping[int, tuple[Script, tuple[int, ...]]]


@dataclass(frozen=True, slots=True)
class Variant:
    """A character that belongs to one script alone, and its form in the other.

    `place` counts characters in the line; `score` and `chance` are the recogniser's
    probabilities, 0 to 1, of the form read and of the other form.
    """

    place: int
    script: Script
    score: float
    other: str
    chance: float


@lru_cache(maxsize=2)
def variants(characters: tuple[str, ...]) -> Forms:
    """Which of a recogniser's `characters` belong to one script alone.

    A form is of one script where the national character set of the other, GB 2312 or
    Big5, lacks it; 后, 里 and their like, at home in both, are left out.
    """
    simplified = _simplified(characters)
    places = {char: index for index, char in enumerate(characters)}
    found: dict[int, tuple[Script, tuple[int, ...]]] = {}
    traditional: defaultdict[int, list[int]] = defaultdict(list)
    for index, char in enumerate(characters):
        if len(char) != 1 or not "\u4e00" <= char <= "\u9fff":
            continue
        simple = simplified[index]
        if simple == char or simple not in places:
            continue
        traditional[places[simple]].append(index)
        if not _in_charset(char, "gb2312"):
            found[index] = (Script.TRADITIONAL, (places[simple],))
    for index, others in traditional.items():
        if not _in_charset(characters[index], "big5"):
            found[index] = (Script.SIMPLIFIED, tuple(others))
    return found


def _simplified(characters: Sequence[str]) -> list[str]:
    """Each of the characters in its simplified form; all at once, for each call takes its time."""
    together: str = opencc.OpenCC("t2s").convert(_APART.join(characters))
    return together.split(_APART)


def _in_charset(char: str, charset: str) -> bool:
    try:
        char.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def chosen(lines: Sequence[Sequence[Variant]]) -> list[list[Variant]]:
    """Of each line's characters, those to be given in their other form.

    Bayes' rule: the recogniser's probabilities, with odds that the page's sure
    characters give. A line that is sure to be in the page's lesser script is left.
    """
    page = _sure(v for line in lines for v in line)
    result = []
    for line in lines:
        own = _sure(line)
        changes = []
        for variant in line:
            other = _other(variant.script)
            odds = min(_MOST_ODDS, (page[other] + 1) / (page[variant.script] + 1))
            foreign = own[variant.script] > own[other]
            if not foreign and variant.chance * odds > variant.score:
                changes.append(variant)
        result.append(changes)
    return result


def _sure(line: Iterable[Variant]) -> Counter[Script]:
    return Counter(v.script for v in line if v.score >= _SURE and v.chance < (1 - _SURE) / 10)


def _other(script: Script) -> Script:
    return Script.SIMPLIFIED if script is Script.TRADITIONAL else Script.TRADITIONAL
