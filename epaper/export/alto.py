"""A page as ALTO 4.4: blocks, lines, words and characters in their places.

Every block of text stands in a ComposedBlock, that of its article or of loose text, since
some readers look for text there alone once a page has any. Lengths are pixels.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from lxml import etree

from epaper import __version__
from epaper.export.alto_check import check_alto
from epaper.export.alto_styles import Styles, Tags
from epaper.export.alto_text import TextBlocks, extent
from epaper.export.aside import Aside
from epaper.export.guids import page_guid
from epaper.export.options import ExportOptions, PictureFile
from epaper.export.places import (
    Bounds,
    Group,
    Pixels,
    groups,
    may_be_aside,
    member_id,
    part_id,
    print_space,
    widest,
)
from epaper.export.problems import refuse
from epaper.export.xmlio import ALTO, ALTO_MAP, XSI, alto, append
from epaper.model import Block, Page, Picture

SCHEMA_LOCATION = "http://www.loc.gov/standards/alto/v4/alto-4-4.xsd"

# What a step of the processing did to the content; any other is "other".
_CATEGORIES = {
    "text layer": "contentGeneration",
    "ocr": "contentGeneration",
    "leftover ink": "contentGeneration",
    "borders": "preOperation",
    "deskew": "preOperation",
    "split": "preOperation",
}

_PRINT_SPACE = "PrintSpace"


def page_to_alto(
    page: Page,
    options: ExportOptions,
    pictures: Mapping[str, PictureFile],
    image: str = "",
    bounds: Bounds | None = None,
) -> bytes:
    """The ALTO file of one page, UTF-8; the same for the same page, whenever it is made.

    `image` is the file beside it that shows the page image; without one boxes are told on
    the scan. `bounds`, where another format has them, are those of the same image. Raises
    ExportError where the file's references would not hold.
    """
    return _Writer(page, options, pictures, bounds or Bounds(page, image)).document()


class _Writer:
    """Puts the file of one page together."""

    def __init__(
        self,
        page: Page,
        options: ExportOptions,
        pictures: Mapping[str, PictureFile],
        bounds: Bounds,
    ) -> None:
        self._page, self._options, self._pictures = page, options, pictures
        self._bounds = bounds
        self._groups = groups(page)
        self._styles, self._tags = Styles(page.dpi), Tags(page, options)
        self._aside = Aside(ALTO)
        self._bounds.tell_all(page)
        self._text = TextBlocks(page, self._bounds, self._styles, self._tags, self._aside)

    def document(self) -> bytes:
        root = etree.Element(alto("alto"), nsmap=ALTO_MAP)
        root.set(f"{{{XSI}}}schemaLocation", f"{ALTO} {SCHEMA_LOCATION}")
        root.set("SCHEMAVERSION", "4.4")
        steps = self._description(root)
        styles, tags = append(root, alto("Styles")), append(root, alto("Tags"))
        order = append(root, alto("ReadingOrder"))
        page = self._page_element(append(root, alto("Layout")), steps)
        self._layout(page)
        self._styles.write(styles)
        self._tags.write(tags)
        self._reading_order(order)
        for part in (styles, tags, order):
            if not len(part):
                root.remove(part)
        refuse(f"page {self._page.id}: ALTO", check_alto(root, None))
        return self._aside.serialized(root)

    def _description(self, root: etree._Element) -> list[str]:
        """Unit, source and processing; the ids of the processing steps."""
        page, description = self._page, append(root, alto("Description"))
        append(description, alto("MeasurementUnit"), "pixel")
        source = append(description, alto("sourceImageInformation"))
        append(source, alto("fileName"), self._bounds.name)
        if page.source.sha256:
            given = {"fileIdentifierLocation": f"SHA-256 of {page.source.name}"}
            append(source, alto("fileIdentifier"), page.source.sha256, given)
        guid = page_guid(self._options.authority, page.issue, page.id)
        append(source, alto("documentIdentifier"), guid)
        steps = [(s.name, s.detail) for s in page.steps] or [("conversion", "")]
        ids = []
        for number, (name, detail) in enumerate(steps, 1):
            ids.append(f"step{number}")
            step = append(description, alto("Processing"), None, {"ID": ids[-1]})
            append(step, alto("processingCategory"), _CATEGORIES.get(name, "other"))
            append(step, alto("processingStepDescription"), name)
            if detail:
                append(step, alto("processingStepSettings"), detail)
            software = append(step, alto("processingSoftware"))
            append(software, alto("softwareName"), "epaper")
            append(software, alto("softwareVersion"), __version__)
        return ids

    def _page_element(self, layout: etree._Element, steps: Sequence[str]) -> etree._Element:
        page = self._page
        given = {
            "ID": "page",
            "WIDTH": str(self._bounds.width),
            "HEIGHT": str(self._bounds.height),
            "PHYSICAL_IMG_NR": str(page.source.index + 1),
            "LANG": self._options.language or page.language,
            "PROCESSINGREFS": " ".join(steps),
        }
        if page.facts.page_number:
            given["PRINTED_IMG_NR"] = page.facts.page_number
        count = sum(len(line.text) for line in page.lines)
        if count:
            sure = sum(line.confidence * len(line.text) for line in page.lines) / count
            given["PC"] = f"{min(1.0, max(0.0, sure)):.4f}"
        return append(layout, alto("Page"), None, given)

    def _layout(self, page: etree._Element) -> None:
        """The print space with all but running titles outside it, which are in the margins."""
        whole = Pixels(0, 0, self._bounds.width, self._bounds.height)
        space = print_space(self._groups, self._bounds)
        held: dict[str, list[etree._Element]] = defaultdict(list)
        for number, group in enumerate(self._groups):
            parted: dict[str, list[Block | Picture]] = {}
            for member in group.members:
                aside = may_be_aside(member, group)
                zone = _zone(space, self._bounds.place(member)) if aside else _PRINT_SPACE
                parted.setdefault(zone, []).append(member)
            for zone, members in parted.items():
                held[zone] += self._members(members, group, f"{zone.lower()}{number}")
        for place, element in self._graphics():
            held[_zone(space, place)].append(element)
        for zone, place in _zones(space, whole).items():
            if zone in held or zone == _PRINT_SPACE:
                given = {"ID": zone.lower(), **extent(place)}
                append(page, alto(zone), None, given).extend(held[zone])

    def _members(
        self, members: Sequence[Block | Picture], group: Group, spare: str
    ) -> list[etree._Element]:
        """The members as one composed block; pictures without text as they are.

        The block has the id of its article, `spare` where it has none.
        """
        elements = [self._member(member, group) for member in members]
        if not any(isinstance(member, Block) for member in members):
            return elements
        article = group.article
        kind = "text" if article is None else "advertisement" if article.advert else "article"
        name = spare if article is None else part_id(article)
        place = widest([self._bounds.place(member) for member in members])
        given = {"ID": name, **extent(place), "TYPE": kind}
        if article is not None:
            given["TAGREFS"] = self._tags.article(article)
        composed = etree.Element(alto("ComposedBlock"), given)
        composed.extend(elements)
        return [composed]

    def _member(self, member: Block | Picture, group: Group) -> etree._Element:
        if isinstance(member, Block):
            return self._text.element(member, group.article)
        tags = [self._tags.layout("picture")]
        if group.article is not None:
            tags.append(self._tags.article(group.article))
        given = {"ID": member_id(member), **extent(self._bounds.place(member))}
        given |= {"TAGREFS": " ".join(tags), "TYPE": member.kind}
        if file := self._pictures.get(member.id):
            given["FILEID"] = file.name
        return etree.Element(alto("Illustration"), given)

    def _graphics(self) -> list[tuple[Pixels, etree._Element]]:
        """Rules and frames with their places."""
        boxes = [("rule", rule.box) for rule in self._page.rules]
        boxes += [("frame" if f.stroked else "tint", f.box) for f in self._page.frames]
        found = []
        for number, (kind, box) in enumerate(boxes, 1):
            place = self._bounds.pixels(box)
            given = {"ID": f"graphic{number}", **extent(place), "TAGREFS": self._tags.layout(kind)}
            found.append((place, etree.Element(alto("GraphicalElement"), given)))
        return found

    def _reading_order(self, order: etree._Element) -> None:
        if not self._groups:
            return
        whole = append(order, alto("OrderedGroup"), None, {"ID": "order"})
        for number, group in enumerate(self._groups):
            given = {"ID": f"order{number}"}
            if group.article is not None:
                given["TAGREFS"] = self._tags.article(group.article)
            listed = append(whole, alto("OrderedGroup"), None, given)
            for member in group.members:
                name = member_id(member)
                append(listed, alto("ElementRef"), None, {"ID": f"order-{name}", "REF": name})


def _zone(space: Pixels, place: Pixels) -> str:
    """The margin `place` lies in, or the print space `space` where it touches that."""
    if place.bottom <= space.y:
        return "TopMargin"
    if place.y >= space.bottom:
        return "BottomMargin"
    if place.right <= space.x:
        return "LeftMargin"
    return "RightMargin" if place.x >= space.right else _PRINT_SPACE


def _zones(space: Pixels, page: Pixels) -> dict[str, Pixels]:
    """Margins and print space, in the order of the standard."""
    return {
        "TopMargin": Pixels(0, 0, page.width, space.y),
        "LeftMargin": Pixels(0, space.y, space.x, space.height),
        "RightMargin": Pixels(space.right, space.y, page.width - space.right, space.height),
        "BottomMargin": Pixels(0, space.bottom, page.width, page.height - space.bottom),
        _PRINT_SPACE: space,
    }
