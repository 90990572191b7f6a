"""A page as PAGE 2019-07-15: regions, lines, words and characters with their outlines.

Roles that PAGE has no type for, and the article, stand in the ``custom`` attribute in the
manner of Transkribus, ``structure {type:heading;} epaper {role:deck;article:a01;}``.
Lengths are pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count, pairwise

from lxml import etree

from epaper import __version__
from epaper.export.articles import article_title
from epaper.export.aside import Aside
from epaper.export.guids import page_guid, xml_id
from epaper.export.options import ExportOptions, stamp
from epaper.export.page_check import check_page
from epaper.export.page_names import language_name, script_name
from epaper.export.page_text import TextRegions, coords, custom
from epaper.export.places import (
    Bounds,
    Group,
    groups,
    member_box,
    member_id,
    part_id,
    print_space,
    widest,
)
from epaper.export.problems import refuse
from epaper.export.xmlio import PAGE, PAGE_MAP, XSI, append, pcgts
from epaper.model import Article, Block, JumpKind, Page, Picture, Role, WritingMode

SCHEMA_LOCATION = f"{PAGE}/pagecontent.xsd"


def page_to_pagexml(
    page: Page, options: ExportOptions, image: str = "", bounds: Bounds | None = None
) -> bytes:
    """The PAGE file of one page, UTF-8.

    `image` is the file beside it that shows the page image; without one outlines are told
    on the scan. `bounds`, where another format has them, are those of the same image.
    Raises ExportError where the file's references would not hold.
    """
    return _Writer(page, options, bounds or Bounds(page, image)).document()


class _Writer:
    """Puts the file of one page together."""

    def __init__(self, page: Page, options: ExportOptions, bounds: Bounds) -> None:
        self._page, self._options = page, options
        self._bounds = bounds
        self._groups = groups(page)
        members = [m for group in self._groups for m in group.members]
        self._order = {member_id(m): number for number, m in enumerate(members)}
        self._aside = Aside(PAGE)
        self._bounds.tell_all(page)
        self._text = TextRegions(page, self._bounds, self._order, self._aside)

    def document(self) -> bytes:
        root = etree.Element(pcgts("PcGts"), nsmap=PAGE_MAP)
        root.set(f"{{{XSI}}}schemaLocation", f"{PAGE} {SCHEMA_LOCATION}")
        self._metadata(root)
        page = append(root, pcgts("Page"), None, self._attributes())
        if self._groups:
            space = print_space(self._groups, self._bounds)
            coords(append(page, pcgts("PrintSpace")), space.corners)
            self._reading_order(page)
            self._relations(page)
        for group in self._groups:
            self._regions(page, group)
        self._graphics(page)
        refuse(f"page {self._page.id}: PAGE", check_page(root, None))
        return self._aside.serialized(root)

    def _metadata(self, root: etree._Element) -> None:
        page, now = self._page, stamp(self._options).isoformat()
        guid = page_guid(self._options.authority, page.issue, page.id)
        metadata = append(root, pcgts("Metadata"), None, {"externalRef": guid})
        append(metadata, pcgts("Creator"), f"epaper {__version__}")
        append(metadata, pcgts("Created"), now)
        append(metadata, pcgts("LastChange"), now)
        for step in page.steps:
            given = {"type": "processingStep", "name": step.name, "value": step.detail}
            append(metadata, pcgts("MetadataItem"), None, given)

    def _attributes(self) -> dict[str, str]:
        page, tag = self._page, self._options.language or self._page.language
        given = {
            "imageFilename": self._bounds.name,
            "imageWidth": str(self._bounds.width),
            "imageHeight": str(self._bounds.height),
            "imageXResolution": f"{self._bounds.dpi:g}",
            "imageYResolution": f"{self._bounds.dpi:g}",
            "imageResolutionUnit": "PPI",
            "custom": f"epaper {{page:{page.source.index + 1};}}",
            "type": "front-cover" if self._has_masthead() else "content",
        }
        given["primaryLanguage"] = language_name(tag)
        if name := script_name(tag):
            given["primaryScript"] = name
        down = page.mode is WritingMode.VERTICAL
        given["readingDirection"] = "top-to-bottom" if down else "left-to-right"
        given["textLineOrder"] = "right-to-left" if down else "top-to-bottom"
        return given

    def _has_masthead(self) -> bool:
        return any(block.role is Role.MASTHEAD for block in self._page.blocks)

    def _reading_order(self, page: etree._Element) -> None:
        """A group an article; indices run on, for readers that know of no groups."""
        whole = append(append(page, pcgts("ReadingOrder")), pcgts("OrderedGroup"))
        whole.set("id", "order")
        numbers = count()
        for number, group in enumerate(self._groups):
            given = {"id": f"order{number}", "index": str(number), "type": "other"}
            if group.article is not None:
                given |= _article_attributes(group.article)
                if group.article.advert:
                    given["regionRef"] = part_id(group.article)
            listed = append(whole, pcgts("OrderedGroupIndexed"), None, given)
            for member in group.members:
                given = {"index": str(next(numbers)), "regionRef": member_id(member)}
                append(listed, pcgts("RegionRefIndexed"), None, given)

    def _relations(self, page: etree._Element) -> None:
        """Pictures with their captions, and columns a paragraph runs over."""
        found: list[tuple[str, str, str]] = []
        known = self._order
        for article in self._page.articles:
            found += [
                ("link", c.picture, c.block) for c in article.captions if c.picture and c.block
            ]
            for paragraph in article.paragraphs:
                found += [("join", a, b) for a, b in pairwise(paragraph.blocks)]
        pairs = [(kind, xml_id(a), xml_id(b)) for kind, a, b in dict.fromkeys(found)]
        pairs = [(kind, a, b) for kind, a, b in pairs if a in known and b in known]
        if not pairs:
            return
        relations = append(page, pcgts("Relations"))
        for number, (kind, source, target) in enumerate(pairs, 1):
            what = "caption" if kind == "link" else "paragraph"
            given = {"id": f"relation{number}", "type": kind, "custom": f"epaper {{of:{what};}}"}
            relation = append(relations, pcgts("Relation"), None, given)
            append(relation, pcgts("SourceRegionRef"), None, {"regionRef": source})
            append(relation, pcgts("TargetRegionRef"), None, {"regionRef": target})

    def _regions(self, page: etree._Element, group: Group) -> None:
        """The regions of a group; those of an advert stand inside one region."""
        parent = page
        if group.article is not None and group.article.advert:
            given = {"id": part_id(group.article), "custom": custom(group.article)}
            parent = append(page, pcgts("AdvertRegion"), None, given)
            place = widest([self._bounds.place(m) for m in group.members])
            coords(parent, place.corners)
        for member in group.members:
            if isinstance(member, Picture):
                self._picture(parent, member, group.article)
            else:
                self._block(parent, member, group.article)

    def _block(self, parent: etree._Element, block: Block, article: Article | None) -> None:
        if block.role is Role.TABLE:
            given = {"id": f"{member_id(block)}-table", "custom": custom(article)}
            rows = self._rows(block, article)
            if rows:
                given |= {"rows": str(len(rows)), "columns": str(max(map(len, rows)))}
            parent = append(parent, pcgts("TableRegion"), None, given)
            coords(parent, self._bounds.outline(member_box(block)))
        self._text.add(parent, block, article)

    def _rows(self, block: Block, article: Article | None) -> Sequence[Sequence[str]]:
        paragraphs = article.paragraphs if article is not None else ()
        return next((p.rows for p in paragraphs if p.rows and block.id in p.blocks), ())

    def _picture(self, parent: etree._Element, picture: Picture, article: Article | None) -> None:
        name = member_id(picture)
        house = f"readingOrder {{index:{self._order[name]};}} {custom(article, kind=picture.kind)}"
        given = {"id": name, "custom": house}
        tag = "GraphicRegion" if picture.kind == "drawing" else "ImageRegion"
        if tag == "GraphicRegion":
            given["type"] = "other"
        region = append(parent, pcgts(tag), None, given)
        coords(region, self._bounds.outline(picture.box))

    def _graphics(self, page: etree._Element) -> None:
        for number, rule in enumerate(self._page.rules, 1):
            given = {"id": f"rule{number}", "custom": f"epaper {{style:{rule.style};}}"}
            region = append(page, pcgts("SeparatorRegion"), None, given)
            coords(region, self._bounds.outline(rule.box))
        frames = [frame for frame in self._page.frames if frame.stroked]
        for number, frame in enumerate(frames, 1):
            given = {"id": f"frame{number}", "type": "frame"}
            region = append(page, pcgts("GraphicRegion"), None, given)
            coords(region, self._bounds.outline(frame.box))


def _article_attributes(article: Article) -> dict[str, str]:
    """Caption, type and whether the article goes on from another page."""
    given = {"caption": article_title(article) or article.id, "type": "article"}
    given["custom"] = custom(article)
    if any(jump.kind is JumpKind.CONTINUED_FROM for jump in article.jumps):
        given["continuation"] = "true"
    return given
