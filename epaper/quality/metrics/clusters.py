"""B-cubed, splits and merges: blocks put into the right articles."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from epaper.quality.metrics.alignment import Alignment
from epaper.quality.pagetext import PageText


@dataclass(frozen=True)
class Clusters:
    """B-cubed scores, 0 to 1, and how many cuts or seams are wrong."""

    precision: float
    recall: float
    splits: int
    merges: int

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


Cell = tuple[int, int]


def clusters(truth: PageText, alignment: Alignment) -> Clusters:
    """B-cubed (Bagga and Baldwin, 1998) over the truth's blocks weighted by characters.

    A block is a headline part, a paragraph or a caption of the truth. It lies in the output
    article that holds most of its characters; where less than half of them are found on
    the page it is lost: it counts against recall and is no part of precision. Text of the
    output that the truth does not have is not judged here. A split is an article of the
    truth in one more article of the output, a merge the reverse.
    """
    cells, lost = contingency(truth, alignment)
    found = sum(cells.values())
    if not found and not sum(lost.values()):
        return Clusters(1.0, 1.0, 0, 0)
    wanted, made = Counter(lost), Counter[int]()
    for (t, p), weight in cells.items():
        wanted[t] += weight
        made[p] += weight
    precision = sum(w * w / made[p] for (_, p), w in cells.items()) / found if found else 0.0
    recall = sum(w * w / wanted[t] for (t, _), w in cells.items()) / wanted.total()
    return Clusters(
        precision,
        recall,
        splits=len(cells) - len({t for t, _ in cells}),
        merges=len(cells) - len({p for _, p in cells}),
    )


def contingency(truth: PageText, alignment: Alignment) -> tuple[dict[Cell, int], Counter[int]]:
    """Characters by (truth article, output article), and those lost by truth article."""
    owner = {position: p for p, span in enumerate(alignment.pred_ranges) for position in span}
    partner = dict(alignment.pairs)
    cells: dict[Cell, int] = defaultdict(int)
    lost: Counter[int] = Counter()
    for t, article in enumerate(truth.articles):
        start = alignment.truth_ranges[t].start
        for block in article.blocks:
            links = alignment.tiling.in_pred[start : start + len(block)]
            start += len(block)
            votes = Counter(owner[link] for link in links if link >= 0)
            if 2 * votes.total() < len(block):
                lost[t] += len(block)
                continue
            best = max(votes, key=lambda p: (votes[p], p == partner.get(t), -p))
            cells[t, best] += len(block)
    return cells, lost
