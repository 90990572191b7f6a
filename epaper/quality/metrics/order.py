"""order_ned: reading order inside articles."""

from __future__ import annotations

from collections.abc import Sequence

from epaper.quality.metrics.tiling import flex_distance
from epaper.quality.pagetext import ArticleText, Pairs
from epaper.quality.text import ned


def order_ned(
    truth: Sequence[ArticleText], pred: Sequence[ArticleText], pairs: Pairs
) -> float | None:
    """Mean over matched articles of the part of body NED that order alone explains.

    For one article it is the NED of the bodies as they stand less the NED that is left
    when their pieces may be put in any order: 0 in the right order, near 1 where the same
    columns come in another. Text that is missing, foreign or misread counts in both and
    cancels out. None where no matched pair has a body on both sides.
    """
    damages = [
        order_damage(truth[t].folded_body, pred[p].folded_body)
        for t, p in pairs
        if truth[t].folded_body and pred[p].folded_body
    ]
    return sum(damages) / len(damages) if damages else None


def order_damage(truth: str, pred: str) -> float:
    """NED less order-free NED of two texts, 0 to 1; 0 where either is empty."""
    if not truth or not pred:
        return 0.0
    free = flex_distance(truth, pred) / max(len(truth), len(pred))
    return max(0.0, ned(truth, pred) - free)
