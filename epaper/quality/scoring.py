"""One page of output against its truth: every score, and what is not right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from epaper.quality.matching import match_articles
from epaper.quality.metrics.alignment import align
from epaper.quality.metrics.articles import article_f1, article_right, body_ned
from epaper.quality.metrics.bylines import byline
from epaper.quality.metrics.captions import captions
from epaper.quality.metrics.cer import cer, flex_cer
from epaper.quality.metrics.char_bag import char_f1
from epaper.quality.metrics.clusters import clusters
from epaper.quality.metrics.continuation import continuation
from epaper.quality.metrics.headlines import headline, kicker_deck
from epaper.quality.metrics.meta import fact_right, meta
from epaper.quality.metrics.order import order_ned
from epaper.quality.metrics.paragraphs import para_f1, subheads
from epaper.quality.metrics.tally import Tally, total
from epaper.quality.pagetext import ArticleText, PageText, Pairs
from epaper.quality.report import Miss, Scores
from epaper.quality.text import ned

_NOTHING = ArticleText("")
_SHOWN = 60


@dataclass(frozen=True)
class _Field:
    name: str
    tally: Callable[[ArticleText, ArticleText], Tally]
    show: Callable[[ArticleText], str]


def score_page(truth: PageText, pred: PageText) -> tuple[Scores, tuple[Miss, ...]]:
    """All scores of one page, without seconds and memory, and its misses."""
    wanted, found = truth.articles, pred.articles
    pairs = match_articles(wanted, found)
    couples = _couples(truth, pred, pairs)
    per_field = _fields(pred)
    tallies = {f.name: total(f.tally(t, p) for t, p in couples) for f in per_field}
    alignment = align(truth, pred, pairs)
    grouped = clusters(truth, alignment)
    plain, flex = cer(alignment), flex_cer(alignment)
    scores = Scores(
        char_f1=char_f1(truth, pred),
        body_ned=body_ned(wanted, found, pairs),
        article_f1=article_f1(wanted, found, pairs),
        meta_acc=meta(truth.facts, pred.facts).accuracy,
        para_f1=para_f1(wanted, found),
        order_ned=order_ned(wanted, found, pairs),
        bcubed_precision=grouped.precision,
        bcubed_recall=grouped.recall,
        bcubed_f1=grouped.f1,
        splits=grouped.splits,
        merges=grouped.merges,
        cer=plain,
        flex_cer=flex,
        order_cer=plain - flex,
        extra=sum(tally.extra for tally in tallies.values()),
        **{f"{name}_acc": tally.accuracy for name, tally in tallies.items()},
        **{f"{name}_extra": tally.extra for name, tally in tallies.items()},
    )
    return scores, tuple(_misses(truth, pred, couples, per_field))


def _fields(pred: PageText) -> tuple[_Field, ...]:
    return (
        _Field("headline", headline, lambda a: a.headline),
        _Field("kicker_deck", kicker_deck, lambda a: f"{a.kicker}|{a.deck}"),
        _Field("byline", byline, lambda a: f"{a.byline}|{'、'.join(a.people)}"),
        _Field("subhead", subheads, lambda a: "|".join(a.subheads)),
        _Field(
            "caption",
            lambda t, p: captions(t, p, pred.loose_captions),
            lambda a: "|".join(f"{c.text[-20:]} {c.credit}" for c in a.captions),
        ),
        _Field("continuation", continuation, lambda a: f"{a.continued_on}|{a.continued_from}"),
    )


def _couples(
    truth: PageText, pred: PageText, pairs: Pairs
) -> list[tuple[ArticleText, ArticleText]]:
    """Matched articles, then those left over on either side against an empty one."""
    seen_truth, seen_pred = {t for t, _ in pairs}, {p for _, p in pairs}
    couples = [(truth.articles[t], pred.articles[p]) for t, p in pairs]
    couples += [(a, _NOTHING) for n, a in enumerate(truth.articles) if n not in seen_truth]
    couples += [(_NOTHING, a) for n, a in enumerate(pred.articles) if n not in seen_pred]
    return couples


def _misses(
    truth: PageText,
    pred: PageText,
    couples: list[tuple[ArticleText, ArticleText]],
    per_field: tuple[_Field, ...],
) -> Iterator[Miss]:
    for name, values in truth.facts.items():
        if not fact_right(name, values, pred.facts.get(name, ())):
            yield Miss("", name, "、".join(values), "、".join(pred.facts.get(name, ())))
    for wanted, found in couples:
        name = wanted.id or f"+{found.id}"
        if wanted is _NOTHING or found is _NOTHING or not article_right(wanted, found):
            distance = ned(wanted.folded_body, found.folded_body)
            yield Miss(name, "article", _sketch(wanted), f"{_sketch(found)} (NED {distance:.2f})")
        for item in per_field:
            tally = item.tally(wanted, found)
            if tally.right < tally.wanted or tally.extra:
                yield Miss(name, item.name, item.show(wanted)[:_SHOWN], item.show(found)[:_SHOWN])


def _sketch(article: ArticleText) -> str:
    if article is _NOTHING:
        return "no article"
    return f"{article.headline[:30]}: {len(article.folded_body)} characters"
