"""How well links and stories come out, with different scorers of links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from scipy.optimize import linear_sum_assignment

from epaper.layout import lay_out
from epaper.model import Page, WritingMode
from epaper.news import understand
from epaper.quality.matching import match_articles
from epaper.quality.metrics.articles import article_right
from epaper.quality.pagetext import ArticleText
from epaper.quality.truth import Truth
from epaper.training.examples import UNKNOWN, Sample, Scorer, scoring_with


@dataclass(slots=True)
class Tally:
    """Links right of links known, articles right of articles in truth and output."""

    links: int = 0
    links_right: int = 0
    articles: int = 0
    articles_right: int = 0
    chances: list[tuple[float, bool]] = field(default_factory=list)

    @property
    def link_accuracy(self) -> float:
        return self.links_right / self.links if self.links else 1.0

    @property
    def article_f1(self) -> float:
        return 2 * self.articles_right / self.articles if self.articles else 1.0


def count_links(tally: Tally, samples: Iterable[Sample], scorer: Scorer) -> None:
    """Add the links chosen by `scorer` with the chances it gave them."""
    for sample in samples:
        matrix = scorer(sample.nodes, sample.scene)
        rows, columns = linear_sum_assignment(-matrix)
        for b, column in zip(rows.tolist(), columns.tolist(), strict=True):
            if sample.right[b] != UNKNOWN:
                right = bool(sample.right[b] == column)
                tally.links += 1
                tally.links_right += right
                tally.chances.append((float(np.exp(matrix[b, column])), right))


def count_articles(tally: Tally, page: Page, truth: Truth, scorer: Scorer) -> None:
    """Add the articles of a page laid out with `scorer`, judged as `epaper evaluate` does."""
    with scoring_with(scorer):
        done = understand(lay_out(page))
    found = [
        ArticleText(a.id, headline=a.headline(), paragraphs=tuple(p.text for p in a.paragraphs))
        for a in done.articles
        if not a.advert
    ]
    wanted = truth.page.articles
    pairs = match_articles(wanted, found)
    tally.articles += len(wanted) + len(found)
    tally.articles_right += sum(article_right(wanted[t], found[p]) for t, p in pairs)


def reliability(chances: Iterable[tuple[float, bool]]) -> list[tuple[float, int, float, float]]:
    """Rows of a reliability table: lower edge, links, mean chance, share right."""
    rows = []
    known = list(chances)
    edges = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.01)
    for low, high in pairwise(edges):
        inside = [(c, r) for c, r in known if low <= c < high]
        if inside:
            mean = sum(c for c, _ in inside) / len(inside)
            rows.append((low, len(inside), mean, sum(r for _, r in inside) / len(inside)))
    return rows


def kind_of(page: Page, worn: bool) -> str:
    """Setting and origin of a page, as the rows of the result are named."""
    down = sum(line.mode is WritingMode.VERTICAL for line in page.lines)
    mode = "vertical" if 2 * down > len(page.lines) else "horizontal"
    return f"{mode} {'ocr' if worn else 'pdf'}"


def table(tallies: Mapping[tuple[str, str], Tally]) -> str:
    """The result as text, one row a kind of page and scorer."""
    rows = [f"{'pages':16} {'scorer':8} {'links':>6} {'link acc':>9} {'article F1':>11}"]
    for (kind, name), t in sorted(tallies.items()):
        rows.append(f"{kind:16} {name:8} {t.links:6} {t.link_accuracy:9.4f} {t.article_f1:11.4f}")
    return "\n".join(rows)
