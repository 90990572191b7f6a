"""byline_acc: who wrote it."""

from __future__ import annotations

import re

from epaper.quality.metrics.tally import Tally, single
from epaper.quality.pagetext import ArticleText
from epaper.quality.text import fold, is_right

_BETWEEN = re.compile(r"[、,，;；/]")


def byline(truth: ArticleText, pred: ArticleText) -> Tally:
    """Right where every name of the truth is among the article's people, whatever their part.

    The truth's byline holds the names alone (刘茜), the output has the line as printed
    beside the names, and truth may name a correspondent as it names a reporter. More people
    than the truth names do no harm: the printed line often has them. A truth that has the
    printed line instead is right where the output's line is within NED 0.10.
    """
    wanted = fold(truth.byline)
    found = fold(pred.byline) or "".join(map(fold, pred.people))
    people = set(map(fold, pred.people))
    names = set(filter(None, map(fold, _BETWEEN.split(truth.byline))))
    spaced = set(filter(None, map(fold, truth.byline.split())))
    named = names <= people or spaced <= people
    return single(wanted, found, named or is_right(wanted, fold(pred.byline)))
