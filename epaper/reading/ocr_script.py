"""Simplified or Traditional, old cut or new: what recognition leaves open, decided by the page.

Where two forms of one character look alike in the type at hand, the recogniser
halves its probability between them and may take the one that the page is not set in.
The rest of the page says which is likelier. Only forms that the recogniser itself
offered are taken, so a page that is Traditional, or mixed, keeps what is printed.

Of some characters (爲 and 為, 温 and 溫) either form may be cut in the type of a page, of
whichever script: there the page's other instances of the same character say which it is.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from statistics import fmean

import opencc

# Characters read with at least this score say what a page or a line is set in.
_SURE = 0.9
# The page makes its own script at most so many times likelier.
_MOST_ODDS = 30.0
# A page's type has one form of a character: the first that is seen tells much (Jeffreys' prior).
_OF_TYPE = 0.5
# The few sure characters of a line say more than as many of the page.
_OF_LINE = 1.5
# A character may be Traditional if that has so much of the chance of both forms; a line is, if so
# many of its characters may be, and so large a share of them, and one is read so clearly.
_FAINT, _ENOUGH, _NEARLY_ALL, _CLEARLY = 0.02, 3, 0.7, 0.95
# A page is set in one script where so many characters surely are, and no more than this share of
# them in the other. The mean of log10 of the chances of the page's forms over those read, in lines
# read in the other script: -2.6 to -0.6 on lines led astray (typeset scans of Kai), below -2.6 on
# 0.95 of 850 lines that are printed in it.
_WHOLE, _STRAY, _NOT_RULED_OUT, _LEAST, _ASTRAY_ODDS = 100, 0.03, -2.6, 1e-7, 1e9
# Stands between characters that are converted together, and is none of them.
_APART = "\0"


class Script(StrEnum):
    """Of Chinese, by the tags of ISO 15924."""

    SIMPLIFIED = "Hans"
    TRADITIONAL = "Hant"


# Characters whose form depends on who cut the type and when, not on the script alone.
_CUTS = (
    "爲為 吿告 囘囬回 尙尚 淸清 靑青 强強 决決 温溫 衆眾 産產 説說 内內 敎教 敍敘 衞衛 旣既 "
    "卽即 黄黃 顔顏 録錄 緑綠 郞郎 鄕鄉 啓啟 戶户戸 別别 絕絶 呂吕 冊册 吳吴 峯峰 羣群 却卻 "
    "鷄雞 麪麵 愼慎 眞真 値值 晋晉 硏研 横橫 虛虚 爭争 淨净 靜静 稅税 悅悦 脫脱 銳鋭 閱閲 "
    "兌兑 毁毀 棱稜 勳勛 奥奧 朶朵 没沒 汚污 榆楡 遙遥 瑤瑶 謠謡 歷歴 廁厠 廚厨 廈厦 迴廻 "
    "凉涼 凄淒 况況 凑湊 减減 冲沖 查査 步歩 每毎 館舘 盗盜 鈎鉤 鎭鎮 塡填 顚顛 牀床 欵款"
)

# Forms that the models take for the commoner one beside them. Drawn in 20 fonts, blurred, they had
# 0.02 to 0.5 of the chance of both, on worn pages 0.2 to 0.5; where the other form is printed
# it is 0.00, or up to 0.1 in faces that draw both nearly alike. Their chances count so many times.
_SHY = {"爲": 7.0, "决": 8.0, "强": 3.0, "况": 5.0, "啓": 2.5, "衆": 2.0}

# On a page where one instance of the form has this chance, it is cut there: then even 0.007 of
# the chance says that it is printed (2 typeset scans with 為 have 0.0001, 6 with 爲 0.007 to 0.5).
_SHOWN_AT, _SHOWN = 0.25, {"爲": 40.0}

# Classes of the recogniser with other forms: the script that they alone belong to, None
# where it is a matter of type, and the classes of the other forms; for one as for both.
Forms = Mapping[int, tuple[tuple[Script | None, tuple[int, ...]], ...]]


@dataclass(frozen=True, slots=True)
class Variant:
    """A character that was `read`, and its `other` form.

    `place` counts characters in the line; `script` is the one that the form read belongs to
    alone, None where the form is a matter of type; `score` and `chance` are the recogniser's
    probabilities, 0 to 1, of the form read and of the other form.
    """

    place: int
    script: Script | None
    score: float
    other: str
    chance: float
    read: str = ""


@lru_cache(maxsize=2)
def variants(characters: tuple[str, ...]) -> Forms:
    """Which of a recogniser's `characters` have another form.

    A form is of one script where the national character set of the other, GB 2312 or
    Big5, lacks it; 后, 里 and their like, at home in both, are left out.
    """
    simplified = simplified_forms(characters)
    places = {char: index for index, char in enumerate(characters)}
    found: dict[int, tuple[tuple[Script | None, tuple[int, ...]], ...]] = {}
    traditional: defaultdict[int, list[int]] = defaultdict(list)
    for index, char in enumerate(characters):
        if len(char) != 1 or not "\u4e00" <= char <= "\u9fff":
            continue
        simple = simplified[index]
        if simple == char or simple not in places:
            continue
        traditional[places[simple]].append(index)
        if not _in_charset(char, "gb2312"):
            found[index] = ((Script.TRADITIONAL, (places[simple],)),)
    for index, others in traditional.items():
        if not _in_charset(characters[index], "big5"):
            found[index] = ((Script.SIMPLIFIED, tuple(others)),)
    for forms in _CUTS.split():
        known = [places[form] for form in forms if form in places]
        for index in known if len(known) > 1 else ():
            cut = (None, tuple(other for other in known if other != index))
            # The form of the other script may be none that the type leaves open: 說, of 説 and 说.
            of_script = [x for x in found.get(index, ()) if not set(x[1]) & set(known)]
            found[index] = (*of_script, cut)
    return found


@lru_cache(maxsize=2)
def simplified_forms(characters: tuple[str, ...]) -> list[str]:
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
    characters give, or those of the line, where they say more. A line that is sure to be
    in the page's lesser script is not turned into the other one.
    """
    every = [v for line in lines for v in line]
    scripts = _sure(every)
    due = _shown(every)
    usual = max(Script, key=lambda script: scripts[script])
    page = _Print(scripts, usual, due, _cut(every, due))
    return [_changes(line, page) for line in lines]


@dataclass(frozen=True, slots=True)
class _Print:
    """A page's type: how many characters are surely of a script, which one most are of, what the
    chances of shy forms count for, and how often each form of a character stands there."""

    scripts: Counter[Script | None]
    usual: Script
    due: Mapping[str, float]
    cut: Mapping[str, float]


def _changes(line: Sequence[Variant], page: _Print) -> list[Variant]:
    """The characters of a line that are to be given in their other form."""
    own = _sure(line)
    astray = _is_astray(line, page.scripts, page.usual)
    lesser = own[_other(page.usual)] > own[page.usual]
    to_script = _other_script(own, page, astray, not astray and _is_traditional(line))
    changes: list[Variant] = []
    for variant in line:
        score, chance = _weights(variant, page.due)
        if variant.script is not None:
            odds = to_script[variant.script]
        elif astray or not lesser:
            odds = _odds_of_cut(variant, score, chance, page)
            odds = _ASTRAY_ODDS if astray and odds > 1.0 else odds
        else:
            odds = 0.0
        done = bool(changes) and changes[-1].place == variant.place
        if chance * odds > score and not done:
            changes.append(variant)
    return changes


def _other_script(
    own: Counter[Script | None], page: _Print, astray: bool, traditional: bool
) -> dict[Script, float]:
    """What speaks for the other script in a line, whose sure characters are `own`, by the script
    of a form that was read; 0 where the line is known to stand in that."""
    if astray:
        return {s: 0.0 if s is page.usual else _ASTRAY_ODDS for s in Script}
    if traditional:
        return {s: 0.0 if s is Script.TRADITIONAL else _MOST_ODDS / _FAINT for s in Script}
    return {
        s: 0.0
        if own[s] > own[_other(s)]
        else max(
            _odds(page.scripts[_other(s)], page.scripts[s]),
            _odds(own[_other(s)], own[s]) ** _OF_LINE,
        )
        for s in Script
    }


def _odds_of_cut(variant: Variant, score: float, chance: float, page: _Print) -> float:
    """What the other instances of a character on its page say for its other form."""
    there, here = page.cut[variant.other] - chance, page.cut[variant.read] - score
    odds = _odds(there, here, _OF_TYPE)
    of_page = page.scripts
    if there > here and _is_simple(variant.read) > _is_simple(variant.other):
        odds = max(odds, _odds(of_page[Script.TRADITIONAL], of_page[Script.SIMPLIFIED]))
    # Traditional pages may be set with 黄, but hardly a Simplified one with 黃.
    if there >= here and _is_simple(variant.other) > _is_simple(variant.read):
        odds = max(odds, _odds(of_page[Script.SIMPLIFIED], of_page[Script.TRADITIONAL]))
    return odds


def sure_scripts(signs: Iterable[tuple[int, float]], known: Forms) -> Counter[Script]:
    """How many of some signs, classes with their scores, stand surely in either script."""
    sure = (known[index] for index, score in signs if score >= _SURE and index in known)
    return Counter(script for forms in sure for script, _ in forms if script)


def foreign(page: Counter[Script], known: Forms) -> Mapping[int, float]:
    """What the chances of classes of the script that the page is not set in count for.

    The more of its signs surely stand in one script, the less a form that only the other has.
    """
    usual = max(Script, key=lambda script: page[script])
    due = 1 / _odds(page[usual], page[_other(usual)])
    lesser = _other(usual)
    return {k: due for k, forms in known.items() if any(script is lesser for script, _ in forms)}


def _is_traditional(line: Sequence[Variant]) -> bool:
    """True for a line of which nearly every character may be Traditional, and one surely is.

    The models are the better at Simplified: of Traditional print, small or worn, they give
    some of a line's characters in Simplified, but not without a doubt.
    """
    both = [v for v in line if v.script is not None]
    shares = [
        (v.score if v.script is Script.TRADITIONAL else v.chance) / (v.score + v.chance)
        for v in both
    ]
    able = sum(share > _FAINT for share in shares)
    one = any(v.script is Script.TRADITIONAL and v.score > _CLEARLY for v in both)
    return one and able >= _ENOUGH and able >= _NEARLY_ALL * len(both)


def _is_astray(line: Sequence[Variant], page: Counter[Script | None], usual: Script) -> bool:
    """True for a line read in the script that the page is not set in, its own not ruled out.

    In faces after handwriting the models read a whole line of one script in the other, sure of it.
    Where a line is printed in the other script, the page's own is out of the question.
    """
    if page[usual] < _WHOLE or page[_other(usual)] > _STRAY * page[usual]:
        return False
    other = [v for v in line if v.script is _other(usual)]
    shares = [math.log10(max(v.chance, _LEAST) / v.score) for v in other]
    own = sum(v.script is usual for v in line)
    return len(other) > max(1, own) and fmean(shares) > _NOT_RULED_OUT


def _odds(there: float, here: float, unseen: float = 1.0) -> float:
    """How much likelier something is than another, so often seen; `unseen` counts for either."""
    return min(_MOST_ODDS, (there + unseen) / (here + unseen))


@lru_cache(maxsize=256)
def _is_simple(char: str) -> bool:
    """True for a form that is at home in Simplified alone, as 内 and 温 are."""
    return _in_charset(char, "gb2312") and not _in_charset(char, "big5")


def _shown(variants: Iterable[Variant]) -> Mapping[str, float]:
    """What the chances of shy forms count for on a page: more where one of them is seen clearly."""
    seen = {
        form
        for v in variants
        for form, chance in ((v.read, v.score), (v.other, v.chance))
        if chance > _SHOWN_AT
    }
    return _SHY | {form: due for form, due in _SHOWN.items() if form in seen}


def _cut(variants: Iterable[Variant], due: Mapping[str, float]) -> Mapping[str, float]:
    """How often each form stands on the page, by all that the recogniser says of it."""
    weights: defaultdict[str, float] = defaultdict(float)
    for variant in variants:
        if variant.script is None:
            score, chance = _weights(variant, due)
            weights[variant.read] += score
            weights[variant.other] += chance
    return weights


def _weights(variant: Variant, due: Mapping[str, float]) -> tuple[float, float]:
    """What is said for the form read and for the other one, shy forms being given their due."""
    read, other = due.get(variant.read, 1.0), due.get(variant.other, 1.0)
    return read * variant.score, other * variant.chance


def _sure(line: Iterable[Variant]) -> Counter[Script | None]:
    return Counter(v.script for v in line if v.score >= _SURE and v.chance < (1 - _SURE) / 10)


def _other(script: Script) -> Script:
    return Script.SIMPLIFIED if script is Script.TRADITIONAL else Script.TRADITIONAL
