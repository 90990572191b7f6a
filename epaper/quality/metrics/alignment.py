"""A page of truth and a page of output, aligned character by character over all articles."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise

from rapidfuzz.distance import Levenshtein

from epaper.quality.metrics.tiling import Tiling
from epaper.quality.pagetext import PageText, Pairs
from epaper.quality.text import fold


@dataclass(frozen=True)
class Alignment:
    """Editorial text of both sides, one range an article, and which characters meet.

    A loose picture's caption is a unit of the output like an article.
    """

    tiling: Tiling
    truth_ranges: tuple[range, ...]
    pred_ranges: tuple[range, ...]
    pairs: Pairs

    @property
    def plain_distance(self) -> int:
        """Edits with articles matched, their texts in the order they have.

        Articles without match are deleted, or inserted, whole.
        """
        edits = len(self.tiling.truth) + len(self.tiling.pred)
        for t, p in self.pairs:
            truth, pred = self.truth_ranges[t], self.pred_ranges[p]
            edits -= len(truth) + len(pred)
            edits += Levenshtein.distance(
                self.tiling.truth[truth.start : truth.stop],
                self.tiling.pred[pred.start : pred.stop],
            )
        return edits


def align(truth: PageText, pred: PageText, pairs: Pairs) -> Alignment:
    """Matched articles are aligned first, what is left over then with the whole page."""
    wanted = ["".join(article.blocks) for article in truth.articles]
    found = ["".join(article.blocks) for article in pred.articles]
    found += [fold(c.text) + fold(c.credit) for c in pred.loose_captions]
    alignment = Alignment(
        Tiling("".join(wanted), "".join(found)), _ranges(wanted), _ranges(found), pairs
    )
    for t, p in pairs:
        alignment.tiling.tile(alignment.truth_ranges[t], alignment.pred_ranges[p])
    alignment.tiling.tile()
    return alignment


def _ranges(texts: list[str]) -> tuple[range, ...]:
    bounds = accumulate(map(len, texts), initial=0)
    return tuple(range(start, stop) for start, stop in pairwise(bounds))
