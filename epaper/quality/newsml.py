"""A NewsML-G2 page as plain values."""

from __future__ import annotations

from pathlib import Path

from epaper.export.read import ReadArticle, ReadCaption, ReadPage, read_newsml
from epaper.model import Facts, JumpKind, ParagraphKind, PersonRole, Role
from epaper.quality.pagetext import ArticleText, CaptionText, PageText


def read_pred(path: Path) -> PageText:
    """Reads a page's XML; InputError where it is none."""
    return page_text(path.stem, read_newsml(path))


def page_text(page_id: str, page: ReadPage) -> PageText:
    """What is scored of a page that was read: adverts and their pictures are left out."""
    taken = {guid for article in page.articles for guid in article.pictures}
    return PageText(
        id=page_id,
        facts=_facts(page.facts),
        articles=tuple(_article(a) for a in page.articles if not a.advert),
        loose_captions=tuple(
            _caption(c) for p in page.pictures if p.guid not in taken for c in p.captions
        ),
    )


def _article(article: ReadArticle) -> ArticleText:
    return ArticleText(
        id=article.id,
        headline=_headline(article, Role.HEADLINE),
        kicker=_headline(article, Role.KICKER),
        deck=_headline(article, Role.DECK),
        label=_headline(article, Role.LABEL),
        byline=article.byline,
        people=tuple(p.name for p in article.people if p.role is not PersonRole.PHOTOGRAPHER),
        paragraphs=tuple(p.text for p in article.paragraphs),
        subheads=tuple(p.text for p in article.paragraphs if p.kind is ParagraphKind.SUBHEAD),
        captions=tuple(map(_caption, article.captions)),
        continued_on=_jump(article, JumpKind.CONTINUED_ON),
        continued_from=_jump(article, JumpKind.CONTINUED_FROM),
    )


def _headline(article: ReadArticle, role: Role) -> str:
    """All parts of that role as one text, as the truth gives them."""
    return "".join(h.text for h in article.headlines if h.role is role)


def _caption(caption: ReadCaption) -> CaptionText:
    return CaptionText(caption.text, caption.credit, caption.photographers)


def _jump(article: ReadArticle, kind: JumpKind) -> str:
    return next((j.page for j in article.jumps if j.kind is kind and j.page), "")


def _facts(facts: Facts) -> dict[str, tuple[str, ...]]:
    """By the truth file's names."""
    values: dict[str, tuple[str, ...]] = {
        "paper": (facts.paper,),
        "date": (facts.date,),
        "number": (facts.page_number,),
        "pages": (facts.page_count,),
        "issue": (facts.issue_number,),
        "cn": (facts.cn_number,),
        "section": (facts.section,),
        "postal": (facts.postal_code,),
        "lunar": (facts.lunar_date,),
        "weekday": (facts.weekday,),
        "publisher": (facts.publisher,),
        "website": (facts.website,),
        "email": (facts.email,),
        "telephone": (facts.telephone,),
        "editor": facts.editors,
    }
    return {name: found for name, found in values.items() if any(found)}
