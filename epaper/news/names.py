"""Names of people in a run of Chinese text: separators, surnames, inner spaces."""

from __future__ import annotations

import re

from epaper.news.surnames import COMMON, COMPOUND, PLACES, SURNAMES
from epaper.news.text import CJK, fold, squeeze

_SEPARATORS = re.compile(r"[、,，/;；|&\n]|和(?=..)|与(?=..)|與(?=..)")
_DOTTED = re.compile(rf"^[{CJK}]{{1,8}}(?:·[{CJK}]{{1,8}})+$")
_LATIN = re.compile(r"^[A-ZÀ-Þ][\w'’.\-]*(?: (?:d[aeo]s?|von|van|[A-ZÀ-Þ][\w'’.\-]*)){1,4}$")
_NAME = re.compile(rf"^[{CJK}]{{2,4}}$")
_WHOLE_LENGTHS = (2, 3, 4)
_PLACE_ENDS = frozenset(place[-1] for place in PLACES)
# Words of the trade that stand where names stand, and are none.
_TRADE = re.compile(r"[记記]者|通[讯訊]|本[报報刊]|[报報][道導讯訊]|新[华華]社|[编編][辑輯]")


def names_in(text: str) -> tuple[str, ...]:
    """The names a list of names holds, in print order, inner spaces taken out.

    `text` is all names and separators (张三 李四、刘　振); an empty tuple says that it
    is not. A place set after the names (张三／台北) is dropped.
    """
    found: list[str] = []
    for part in _SEPARATORS.split(fold(text)):
        names = _names_in_part(part.strip())
        if names is None:
            return ()
        found.extend(names)
    return tuple(dict.fromkeys(found))


def is_name(text: str) -> bool:
    """Whether `text` reads as one Chinese name: a known surname with one or two characters."""
    text = squeeze(text)
    if not _NAME.match(text):
        return False
    if text[:2] in COMPOUND:
        return len(text) in (3, 4)
    return text[0] in SURNAMES and len(text) in (2, 3)


def _names_in_part(part: str) -> list[str] | None:
    if not part or part in PLACES:
        return []
    if _LATIN.match(part):
        return [part]
    names: list[str] = []
    pending = ""
    for token in part.split():
        if len(token) == 1:
            pending += token
            continue
        head, surname = _surname_before(pending, token)
        names.extend(_loose(head) if head else [])
        pending = ""
        if token in COMPOUND:
            pending = token
            continue
        split = [surname + token] if surname else _split(token)
        if split is None:
            return None
        names.extend(split)
    names.extend(_loose(pending) if pending else [])
    return names if all(_plausible(name) for name in names) else None


def _surname_before(pending: str, token: str) -> tuple[str, str]:
    """Spaced characters before a token of two, and the surname the token lacks (王 海涛)."""
    if len(token) == 2 and (pending in COMPOUND or len(pending) % 2 == 1):
        cut = 0 if pending in COMPOUND else len(pending) - 1
        return pending[:cut], pending[cut:]
    return pending, ""


def _loose(characters: str) -> list[str]:
    """Single spaced characters: one name (刘 振), or several (张 三 李 四)."""
    return (_segments(characters) if len(characters) > 3 else None) or [characters]


def _plausible(name: str) -> bool:
    if _TRADE.search(name):
        return False
    return bool(_NAME.match(name) or _DOTTED.match(name) or _LATIN.match(name))


def _split(token: str) -> list[str] | None:
    """A run without spaces as names: 严正孙勇军 → 严正, 孙勇军; None where it is none."""
    if token in PLACES:
        return []
    if _DOTTED.match(token) or is_name(token):
        return [token]
    for place in PLACES if token[-1:] in _PLACE_ENDS else ():
        if token.endswith(place) and len(token) - len(place) >= 2:
            inner = _split(token[: -len(place)])
            if inner:
                return inner
    segments = _segments(token)
    if segments and (len(token) != 4 or all(name[0] in COMMON for name in segments)):
        return segments
    return [token] if _NAME.match(token) and len(token) in _WHOLE_LENGTHS else None


def _segments(run: str) -> list[str] | None:
    """The best cut of `run` into names that all begin with a surname.

    Dynamic programming over the end positions; a name of three characters is the
    commonest and costs nothing, the other lengths a little, a rare surname more.
    """
    best: dict[int, tuple[int, list[str]]] = {0: (0, [])}
    for end in range(2, len(run) + 1):
        for length in _WHOLE_LENGTHS:
            name = run[end - length : end]
            if end - length in best and is_name(name):
                cost, names = best[end - length]
                rare = name[0] not in COMMON and name[:2] not in COMPOUND
                candidate = (cost + (length != 3) + 2 * rare, [*names, name])
                if end not in best or candidate[0] < best[end][0]:
                    best[end] = candidate
    return best[len(run)][1] if len(run) in best and run else None
