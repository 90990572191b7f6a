"""Pages of one issue put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from epaper.issue.links import Link, Part, chains, find_links, parts_of
from epaper.issue.order import in_order, page_doubts, page_key, places
from epaper.model import Article, Doubt, Issue, Jump, JumpKind, Page, Story


def assemble(issue_id: str, pages: Sequence[Page]) -> Issue:
    """The issue with its pages in printed order, jumps resolved and stories whole.

    A resolved `Jump` gets ``target = "<page id>#<article id>"`` and its confidence, on
    each side that prints a marker; an unresolved one stays as it was and becomes a
    doubt. Adverts make no stories. The answer does not depend on the order of `pages`,
    and targets of an earlier run are looked for anew.
    """
    ordered = tuple(_unresolved(page) for page in in_order(pages))
    parts = parts_of(ordered)
    links = find_links(parts)
    resolved = _resolved(ordered, links)
    linked = {part.key for link in links for part in (link.before.part, link.after.part)}
    stories = [
        chain for chain in chains(parts, links) if chain[0].key in linked or not _advert(chain)
    ]
    return Issue(
        id=issue_id,
        pages=resolved,
        stories=tuple(
            Story(f"s{number:03}", tuple((part.page, part.article.id) for part in chain))
            for number, chain in enumerate(stories, 1)
        ),
        doubts=(*page_doubts(ordered), *_open_jumps(resolved)),
    )


def _advert(chain: Sequence[Part]) -> bool:
    return all(part.article.advert for part in chain)


def _unresolved(page: Page) -> Page:
    articles = tuple(
        replace(article, jumps=tuple(replace(jump, target=None) for jump in article.jumps))
        if any(jump.target for jump in article.jumps)
        else article
        for article in page.articles
    )
    return replace(page, articles=articles)


def _resolved(pages: Sequence[Page], links: Sequence[Link]) -> tuple[Page, ...]:
    """The pages with the targets of all links set on either side's marker."""
    targets: dict[tuple[str, str], dict[Jump, Jump]] = defaultdict(dict)
    for link in links:
        for slot, other in ((link.before, link.after), (link.after, link.before)):
            if slot.jump is not None:
                found = replace(slot.jump, target=other.part.key, confidence=link.confidence)
                targets[slot.part.page, slot.part.article.id][slot.jump] = found

    def with_targets(page: Page, article: Article) -> Article:
        found = targets.get((page.id, article.id))
        if not found:
            return article
        return replace(article, jumps=tuple(found.get(jump, jump) for jump in article.jumps))

    return tuple(
        replace(page, articles=tuple(with_targets(page, article) for article in page.articles))
        for page in pages
    )


def _open_jumps(pages: Sequence[Page]) -> list[Doubt]:
    """A doubt for every marker whose other part was not found, with the reason."""
    present = set(places(pages).values())
    doubts = []
    for page in pages:
        for article in page.articles:
            for jump in article.jumps:
                if jump.target is None:
                    key = page_key(jump.page)
                    here = key is not None and key in present
                    doubts.append(_open_jump(page, article, jump, here))
    return doubts


def _open_jump(page: Page, article: Article, jump: Jump, here: bool) -> Doubt:
    side = "goes on" if jump.kind is JumpKind.CONTINUED_ON else "comes from"
    reason = (
        f"no article of page {jump.page} fits it surely"
        if here
        else f"page {jump.page} is not in this issue's input"
    )
    title = article.headline() or article.id
    return Doubt(
        "jump-unresolved",
        f"“{title}” on page {page.id} {side} ({jump.text}), but {reason}.",
        subject=f"{page.id}#{article.id}",
    )
