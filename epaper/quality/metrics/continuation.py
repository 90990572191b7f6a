"""continuation_acc: jumps to and from other pages."""

from __future__ import annotations

from epaper.quality.metrics.tally import Tally, single
from epaper.quality.pagetext import ArticleText
from epaper.quality.text import page_label


def continuation(truth: ArticleText, pred: ArticleText) -> Tally:
    """Each direction is an item, right where both name the same page (02 is 2 is 二)."""
    return _direction(truth.continued_on, pred.continued_on) + _direction(
        truth.continued_from, pred.continued_from
    )


def _direction(truth: str, pred: str) -> Tally:
    return single(truth, pred, page_label(truth) == page_label(pred))
