"""headline_acc and kicker_deck_acc: the headline and the lines around it."""

from __future__ import annotations

from epaper.quality.metrics.tally import Tally, single
from epaper.quality.pagetext import ArticleText
from epaper.quality.text import fold, is_right


def headline(truth: ArticleText, pred: ArticleText) -> Tally:
    """Right where the NED of the main headline is at most 0.10."""
    return _text(truth.headline, pred.headline)


def kicker_deck(truth: ArticleText, pred: ArticleText) -> Tally:
    """Kicker and deck, each an item, each in its own role. Labels are not counted."""
    return _text(truth.kicker, pred.kicker) + _text(truth.deck, pred.deck)


def _text(truth: str, pred: str) -> Tally:
    wanted, found = fold(truth), fold(pred)
    return single(wanted, found, is_right(wanted, found))
