"""char_f1: the right characters, wherever they stand."""

from __future__ import annotations

from collections import Counter

from epaper.quality.pagetext import PageText


def char_f1(truth: PageText, pred: PageText) -> float:
    """F1 of the two bags of characters over all editorial text; 1 where both are empty.

    Editorial text is what `ArticleText.blocks` lists: headline parts, bodies, captions
    and credits. Bylines on their own line and jump markers are left out on both sides.
    """
    wanted = Counter("".join(truth.blocks()))
    found = Counter("".join(pred.blocks()))
    total = wanted.total() + found.total()
    return 2 * (wanted & found).total() / total if total else 1.0
