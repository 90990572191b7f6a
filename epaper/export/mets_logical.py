"""The logical structure of an issue in METS: articles, adverts and pictures, each in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from epaper.export.articles import article_title
from epaper.export.build import short
from epaper.export.files import FULLTEXT
from epaper.export.guids import item_guid, story_guid
from epaper.export.mods import mods_of_article, mods_of_issue
from epaper.export.newsml import reading_order
from epaper.export.options import ExportOptions, iso_date
from epaper.export.places import Group, groups, member_id
from epaper.export.stories import issue_facts, whole_story
from epaper.export.xmlio import append, mets
from epaper.model import Article, Block, Issue, Page, Picture, Story

# The group of the ALTO files, into which the areas point.


def sequence_id() -> str:
    """Id of the division of all pages."""
    return page_id(0)


def page_id(number: int) -> str:
    """Id of the division of the page of that number in the issue, from 1."""
    return f"PHYS_{number:04}"


@dataclass(frozen=True, slots=True)
class _Part:
    """What one page has of a story."""

    page: Page
    article: Article
    members: tuple[Block | Picture, ...]


@dataclass(frozen=True, slots=True)
class _Content:
    """A story or advert as a whole, with its parts in order."""

    article: Article
    guid: str
    parts: tuple[_Part, ...]


class LogicalMap:
    """Builds the logical structMap; `files` are file ids by page and what they hold.

    After `element` was asked for, `descriptions` has the dmdSec elements and `links`
    the pairs of divisions, logical and physical, that belong together.
    """

    def __init__(
        self, issue: Issue, options: ExportOptions, files: Mapping[tuple[str, str], str]
    ) -> None:
        self._issue, self._options, self._files = issue, options, files
        self._numbers = {page.id: number for number, page in enumerate(issue.pages, 1)}
        self._groups = {page.id: groups(page) for page in issue.pages}
        self._count = 0
        self.descriptions: list[etree._Element] = []
        self.links: list[tuple[str, str]] = []

    def element(self, label: str) -> etree._Element:
        """The structMap; `label` is what the issue is called."""
        facts = issue_facts(self._issue)
        structure = etree.Element(mets("structMap"), {"TYPE": "LOGICAL"})
        parent = self._division(structure, "newspaper", facts.paper or label)
        day = iso_date(facts.date)
        if len(day) == len("2024-06-05"):
            for kind, length in (("year", 4), ("month", 7), ("day", 10)):
                parent = self._division(parent, kind, day[:length], ORDERLABEL=day[:length])
        described = self._describe(mods_of_issue(self._issue, self._options))
        given = {"ORDERLABEL": facts.issue_number} if facts.issue_number else {}
        issue = self._division(parent, "issue", label, DMDID=described, **given)
        for number in self._numbers.values():
            self.links.append((str(issue.get("ID")), page_id(number)))
        for order, content in enumerate(self._contents(), 1):
            self._article(issue, content, order)
        for page, picture in self._loose_pictures():
            self._picture(issue, page, picture, ())
        return structure

    def _division(
        self, parent: etree._Element, kind: str, label: str, /, *pages: str, **given: str
    ) -> etree._Element:
        """A division with a link to each of `pages`, to their sequence where there is none."""
        name = f"LOG_{self._count:04}"
        self._count += 1
        if kind != "issue":
            places = [page_id(self._numbers[page]) for page in dict.fromkeys(pages)]
            self.links += [(name, place) for place in places or [sequence_id()]]
        attributes = {"ID": name, "TYPE": kind, **({"LABEL": label} if label else {}), **given}
        return append(parent, mets("div"), None, attributes)

    def _describe(self, mods: etree._Element) -> str:
        name = f"DMDLOG_{len(self.descriptions):04}"
        section = etree.Element(mets("dmdSec"), {"ID": name})
        wrap = append(section, mets("mdWrap"), None, {"MDTYPE": "MODS"})
        append(wrap, mets("xmlData")).append(mods)
        self.descriptions.append(section)
        return name

    def _contents(self) -> Iterator[_Content]:
        """Stories and adverts in the order of the pages they begin on."""
        authority = self._options.authority
        stories = {story.parts[0]: story for story in self._issue.stories if story.parts}
        inside = {part for story in self._issue.stories for part in story.parts}
        for page in self._issue.pages:
            for article in reading_order(page):
                key = (page.id, article.id)
                story = stories.get(key)
                if story is not None and len(story.parts) > 1:
                    whole = whole_story(self._issue, story)
                    guid = story_guid(authority, page.issue, story.id)
                    yield _Content(whole.article, guid, tuple(self._parts(story)))
                elif story is not None or key not in inside:
                    guid = item_guid(authority, page.issue, page.id, article.id)
                    yield _Content(article, guid, (self._part(page, article),))

    def _parts(self, story: Story) -> Iterator[_Part]:
        known = {(p.id, a.id): (p, a) for p in self._issue.pages for a in p.articles}
        return (self._part(*known[part]) for part in story.parts)

    def _part(self, page: Page, article: Article) -> _Part:
        found = (g.members for g in self._groups[page.id] if _is(g, article))
        return _Part(page, article, next(found, ()))

    def _article(self, parent: etree._Element, content: _Content, order: int) -> None:
        article, pages = content.article, [part.page for part in content.parts]
        language = self._options.language or pages[0].language
        numbers = [page.facts.page_number for page in pages]
        described = self._describe(mods_of_article(article, content.guid, numbers, language))
        division = self._division(
            parent,
            "advertisement" if article.advert else "article",
            article_title(article),
            *(page.id for page in pages),
            ORDER=str(order),
            DMDID=described,
            CONTENTIDS=content.guid,
        )
        areas: list[tuple[Page, Block | Picture]] = []
        for part in content.parts:
            areas += [(part.page, block) for block in _told(part)]
        self._areas(division, areas)
        for part in content.parts:
            for member in part.members:
                if isinstance(member, Picture):
                    self._picture(division, part.page, member, _said_of(part, member))

    def _loose_pictures(self) -> Iterator[tuple[Page, Picture]]:
        for page in self._issue.pages:
            for group in self._groups[page.id]:
                if group.article is None:
                    yield from ((page, m) for m in group.members if isinstance(m, Picture))

    def _picture(
        self, parent: etree._Element, page: Page, picture: Picture, captions: Sequence[Block]
    ) -> None:
        """A picture: its place with its caption, and the file that shows it alone."""
        title = short("".join(block.text for block in captions))
        division = self._division(parent, "illustration", title, page.id)
        members: list[Block | Picture] = [picture, *captions]
        self._areas(division, [(page, member) for member in members])
        if file := self._files.get((page.id, picture.id)):
            append(division, mets("fptr"), None, {"FILEID": file})

    def _areas(
        self, division: etree._Element, places: Sequence[tuple[Page, Block | Picture]]
    ) -> None:
        """One pointer to all of the places, one after the other, in the ALTO files."""
        known = [(self._files.get((page.id, FULLTEXT)), member) for page, member in places]
        areas = [(file, member) for file, member in known if file]
        if not areas:
            return
        parent = append(division, mets("fptr"))
        if len(areas) > 1:
            parent = append(parent, mets("seq"))
        for order, (file, member) in enumerate(areas, 1):
            label = member.role.value if isinstance(member, Block) else "picture"
            given = {"FILEID": file, "BETYPE": "IDREF", "BEGIN": member_id(member)}
            given |= {"ORDER": str(order), "LABEL": label}
            append(parent, mets("area"), None, given)


def _is(group: Group, article: Article) -> bool:
    return group.article is not None and group.article.id == article.id


def _pictured(part: _Part) -> dict[str, str]:
    """Picture ids by the ids of the caption blocks that stand beside them."""
    here = {member.id for member in part.members}
    captions = [c for c in part.article.captions if c.block in here and c.picture in here]
    return {c.block: c.picture for c in captions if c.block and c.picture}


def _told(part: _Part) -> list[Block]:
    """The blocks of a part that are no caption of one of its pictures."""
    captions = _pictured(part)
    return [m for m in part.members if isinstance(m, Block) and m.id not in captions]


def _said_of(part: _Part, picture: Picture) -> list[Block]:
    captions = _pictured(part)
    return [m for m in part.members if isinstance(m, Block) and captions.get(m.id) == picture.id]
