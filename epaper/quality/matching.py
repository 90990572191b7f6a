"""Which article of the output stands for which of the truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from epaper.quality.pagetext import ArticleText, Pairs
from epaper.quality.text import ned

T = TypeVar("T")
P = TypeVar("P")

# Small enough never to outweigh one character of a body.
_TIE = 1e-6


def match_articles(truth: Sequence[ArticleText], pred: Sequence[ArticleText]) -> Pairs:
    """The one-to-one assignment (Hungarian) with the least sum of body NED.

    Equal sums are settled by headline, then captions: picture stories have no body.
    """
    # Loaded where scores are wanted: figures of a page are taken in every run.
    from scipy.optimize import linear_sum_assignment

    if not truth or not pred:
        return ()
    cost = np.array([[_cost(t, p) for p in pred] for t in truth])
    rows, columns = linear_sum_assignment(cost)
    return tuple((int(t), int(p)) for t, p in zip(rows, columns, strict=True))


def _cost(truth: ArticleText, pred: ArticleText) -> float:
    body = ned(truth.folded_body, pred.folded_body)
    headline = ned(truth.folded_headline, pred.folded_headline)
    captions = ned(truth.folded_captions, pred.folded_captions)
    return body + _TIE * (headline + captions / 10)


def count_matches(truth: Sequence[T], pred: Sequence[P], same: Callable[[T, P], bool]) -> int:
    """The most pairs that are `same`, every item used once at most."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import maximum_bipartite_matching

    if not truth or not pred:
        return 0
    graph = csr_matrix([[same(t, p) for p in pred] for t in truth])
    return int((maximum_bipartite_matching(graph, perm_type="column") >= 0).sum())
