"""para_f1 and subhead_acc: paragraphs whole and told apart."""

from __future__ import annotations

from collections.abc import Sequence

from epaper.quality.matching import count_matches
from epaper.quality.metrics.tally import Tally
from epaper.quality.pagetext import ArticleText
from epaper.quality.text import fold, is_right


def para_f1(truth: Sequence[ArticleText], pred: Sequence[ArticleText]) -> float:
    """F1 of the page's paragraphs and subheads within NED 0.10; 1 where there are none.

    Paragraphs are matched over the whole page, so a paragraph in the wrong article is
    still a whole paragraph here: `article_f1` and B-cubed have the articles.
    """
    wanted = [text for article in truth for text in article.folded_paragraphs]
    found = [text for article in pred for text in article.folded_paragraphs]
    total = len(wanted) + len(found)
    return 2 * count_matches(wanted, found, is_right) / total if total else 1.0


def subheads(truth: ArticleText, pred: ArticleText) -> Tally:
    """Right where the matched article has it, as a subhead, within NED 0.10."""
    wanted = [fold(text) for text in truth.subheads]
    found = [fold(text) for text in pred.subheads]
    right = count_matches(wanted, found, is_right)
    return Tally(right, len(wanted), max(0, len(found) - len(wanted)))
