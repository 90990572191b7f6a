"""meta_acc: what masthead, folio and imprint say."""

from __future__ import annotations

import re
from collections.abc import Mapping

from epaper.news.numerals import CHINESE, number
from epaper.quality.metrics.tally import Tally
from epaper.quality.text import fold, page_label

_DASHES = re.compile(r"[\u002d\u2010-\u2015\u2212\u2500\u30fc]+")
_NUMERAL = re.compile(rf"[\d{CHINESE}]")
_DIGITS_ONLY = frozenset({"issue", "pages"})

Facts = Mapping[str, tuple[str, ...]]
"""Values by the truth file's names: paper, date, number, pages, issue, cn, section, …"""


def meta(truth: Facts, pred: Facts) -> Tally:
    """Every fact of the truth is an item; facts the truth does not list are not judged.

    Facts of several values (editors) are right where they are the same set.
    """
    right = sum(fact_right(name, values, pred.get(name, ())) for name, values in truth.items())
    return Tally(right, len(truth))


def fact_right(name: str, truth: tuple[str, ...], pred: tuple[str, ...]) -> bool:
    return _forms(name, truth) == _forms(name, pred)


def _forms(name: str, values: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_form(name, value) for value in values)


def _form(name: str, value: str) -> str:
    """The value with digits, dashes and set words in one form.

    总第12022期 is 12022, 今日8版 is 8, page 02 is 2, CN 65—0010 is 65-0010.
    """
    if name == "number":
        return page_label(value)
    folded = _DASHES.sub("-", fold(value)).lower()
    if name in _DIGITS_ONLY:
        count = number("".join(_NUMERAL.findall(folded)))
        return folded if count is None else str(count)
    return folded.removeprefix("cn") if name == "cn" else folded
