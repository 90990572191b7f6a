"""body_ned and article_f1: whole stories, told apart."""

from __future__ import annotations

from collections.abc import Sequence

from epaper.quality.pagetext import ArticleText, Pairs
from epaper.quality.text import is_right, ned


def body_ned(truth: Sequence[ArticleText], pred: Sequence[ArticleText], pairs: Pairs) -> float:
    """Mean NED of matched bodies; an article left over on either side counts 1."""
    longest = max(len(truth), len(pred))
    if not longest:
        return 0.0
    matched = sum(ned(truth[t].folded_body, pred[p].folded_body) for t, p in pairs)
    return (matched + longest - len(pairs)) / longest


def article_right(truth: ArticleText, pred: ArticleText) -> bool:
    """Body NED and headline NED both at most 0.10; two empty texts are equal."""
    return is_right(truth.folded_body, pred.folded_body) and is_right(
        truth.folded_headline, pred.folded_headline
    )


def article_f1(truth: Sequence[ArticleText], pred: Sequence[ArticleText], pairs: Pairs) -> float:
    """F1 of articles that are right; 1 where neither side has any."""
    total = len(truth) + len(pred)
    if not total:
        return 1.0
    return 2 * sum(article_right(truth[t], pred[p]) for t, p in pairs) / total
