"""The page model: the one value that walks through every room.

All boxes and sizes are pixels of the restored page image (`Page.width` by
`Page.height` at `Page.dpi`); confidences run from 0 to 1. Values are frozen: a
room answers with ``dataclasses.replace(page, …)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from epaper.geometry import Box, Transform


class WritingMode(StrEnum):
    """Direction of setting, by its CSS name."""

    HORIZONTAL = "horizontal-tb"
    VERTICAL = "vertical-rl"


class Origin(StrEnum):
    """Where a line of text was read from."""

    LAYER = "layer"
    OCR = "ocr"


class Role(StrEnum):
    """What a block is on the page."""

    HEADLINE = "headline"
    KICKER = "kicker"
    DECK = "deck"
    LABEL = "label"
    BYLINE = "byline"
    LEAD = "lead"
    BODY = "body"
    SUBHEAD = "subhead"
    CAPTION = "caption"
    CREDIT = "credit"
    JUMP = "jump"
    QUOTE = "quote"
    TABLE = "table"
    MASTHEAD = "masthead"
    FOLIO = "folio"
    ADVERT = "advert"
    FURNITURE = "furniture"


class ParagraphKind(StrEnum):
    """Element a paragraph becomes in XHTML."""

    TEXT = "p"
    SUBHEAD = "h2"
    TABLE = "table"


class PersonRole(StrEnum):
    """What a named person did for an article."""

    REPORTER = "reporter"
    CORRESPONDENT = "correspondent"
    PHOTOGRAPHER = "photographer"
    OTHER = "other"


class JumpKind(StrEnum):
    """Direction of a continuation marker."""

    CONTINUED_ON = "continuedOn"
    CONTINUED_FROM = "continuedFrom"


@dataclass(frozen=True, slots=True)
class Line:
    """One run of characters on one line of one column.

    `size` is the em in pixels. `chars`, where known, holds one box a character of
    `text`. `color` is the ink as 0xRRGGBB; `reversed` says that the ink is lighter
    than its ground. In vertical-rl a line is one column of characters.
    """

    text: str
    box: Box
    size: float
    mode: WritingMode = WritingMode.HORIZONTAL
    font: str = ""
    bold: bool = False
    color: int = 0
    reversed: bool = False
    confidence: float = 1.0
    origin: Origin = Origin.LAYER
    chars: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight separator line; `box` is its ink, so one side is thin."""

    box: Box
    style: str = "solid"

    @property
    def horizontal(self) -> bool:
        # Asked for by every look at a rule, so that the box's own properties are too slow.
        box = self.box
        return box.x1 - box.x0 >= box.y1 - box.y0

    @property
    def thickness(self) -> float:
        return min(self.box.width, self.box.height)


@dataclass(frozen=True, slots=True)
class Frame:
    """A box drawn around content: stroked, filled with `fill` (0xRRGGBB), or both."""

    box: Box
    stroked: bool = True
    fill: int | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph or drawing. `id` is ``i01``, ``i02``… in reading order."""

    id: str
    box: Box
    kind: str = "photo"
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together and play one role. `id` is ``b001``…"""

    id: str
    role: Role
    box: Box
    lines: tuple[Line, ...]
    mode: WritingMode = WritingMode.HORIZONTAL
    confidence: float = 1.0

    @property
    def text(self) -> str:
        """The lines as printed, one a row."""
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline part: role HEADLINE, KICKER, DECK or LABEL."""

    role: Role
    text: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph whole over lines and columns; `blocks` are the ids it ran through.

    `rows` holds the cells of a table and is empty otherwise.
    """

    text: str
    kind: ParagraphKind = ParagraphKind.TEXT
    blocks: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def table_text(rows: Sequence[Sequence[str]]) -> str:
    """The cells of a table as one text: a line a row, tabs between its cells."""
    return "\n".join("\t".join(row) for row in rows)


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    role: PersonRole = PersonRole.REPORTER


@dataclass(frozen=True, slots=True)
class Caption:
    """The words under a picture. `picture` is its id, None where none was found.

    `credit` is the credit as printed (本报记者 李四摄), taken out of `text`.
    """

    text: str
    picture: str | None = None
    credit: str = ""
    people: tuple[Person, ...] = ()
    block: str | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Jump:
    """A continuation marker as printed; `page` is the other page as printed.

    `target` is the guid of the other part once the issue resolved it.
    """

    kind: JumpKind
    page: str
    text: str
    target: str | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Article:
    """One story's part on one page. `id` is ``a01``… in the page's reading order.

    `blocks` are block ids in reading order; headline main parts come first in
    `headlines`. `byline`, `people`, `dateline` and `jumps` are filled by the news
    room. `membership` and `order` say how sure the assembly is.
    """

    id: str
    blocks: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    headlines: tuple[Headline, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    captions: tuple[Caption, ...] = ()
    byline: str = ""
    people: tuple[Person, ...] = ()
    dateline: str = ""
    jumps: tuple[Jump, ...] = ()
    advert: bool = False
    mode: WritingMode = WritingMode.HORIZONTAL
    membership: float = 1.0
    order: float = 1.0

    def headline(self, role: Role = Role.HEADLINE) -> str:
        """The first headline part of `role`, or an empty string."""
        return next((h.text for h in self.headlines if h.role is role), "")


@dataclass(frozen=True, slots=True)
class Facts:
    """What masthead, folio and imprint say; as printed, empty where they do not.

    `date` is ISO 8601; `page_number` keeps no leading zero (``1``, ``A13``);
    `issue_number` and `page_count` are digits only.
    """

    paper: str = ""
    date: str = ""
    page_number: str = ""
    page_count: str = ""
    issue_number: str = ""
    section: str = ""
    weekday: str = ""
    lunar_date: str = ""
    cn_number: str = ""
    postal_code: str = ""
    publisher: str = ""
    website: str = ""
    email: str = ""
    telephone: str = ""
    editors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something a person should look at. `subject` is a block, article or picture id."""

    code: str
    message: str
    subject: str | None = None
    box: Box | None = None
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """The input a page came from. `index` counts from 0 inside a file of `count`."""

    name: str
    index: int = 0
    count: int = 1
    sha256: str = ""
    kind: str = "image"
    dpi_from: str = "file"


@dataclass(frozen=True, slots=True)
class Scan:
    """The image a page was made from: `width` by `height` pixels at `dpi`, as it is viewed.

    `transform` leads from the page image there; boxes of the page lie on either.
    """

    width: int
    height: int
    dpi: float
    transform: Transform = field(default_factory=Transform)


@dataclass(frozen=True, slots=True)
class Step:
    """One processing step, its evidence and what it did, for the page's provenance."""

    name: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One newspaper page. `id` names its files; `issue` is the folder they go to.

    `scan` is what the page image was restored from, None where its text came from a
    layer and the page image is the PDF page drawn at `dpi`. `lines`, `rules`, `frames`
    and `pictures` come from reading, `blocks` and `articles` from layout, `facts` from
    news. `coverage` is the share of the characters read that reached an article or a
    fact block, 0 to 1. `version` is 1 and one more with each correction by a person,
    `corrected` the time of the last, UTC as ``2024-06-07T09:12:00+00:00``.
    """

    id: str
    issue: str
    source: SourceInfo
    width: int
    height: int
    dpi: float
    language: str = "zh-Hans"
    mode: WritingMode = WritingMode.HORIZONTAL
    lines: tuple[Line, ...] = ()
    rules: tuple[Rule, ...] = ()
    frames: tuple[Frame, ...] = ()
    pictures: tuple[Picture, ...] = ()
    blocks: tuple[Block, ...] = ()
    articles: tuple[Article, ...] = ()
    facts: Facts = field(default_factory=Facts)
    doubts: tuple[Doubt, ...] = ()
    steps: tuple[Step, ...] = ()
    coverage: float = 0.0
    scan: Scan | None = None
    version: int = 1
    corrected: str = ""

    def block(self, block_id: str) -> Block:
        """The block of that id; KeyError where there is none."""
        for block in self.blocks:
            if block.id == block_id:
                return block
        raise KeyError(block_id)


@dataclass(frozen=True, slots=True)
class Story:
    """A whole story over its parts: (page id, article id) in order."""

    id: str
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """Pages of one issue in printed order, with their stories."""

    id: str
    pages: tuple[Page, ...]
    stories: tuple[Story, ...] = ()
    doubts: tuple[Doubt, ...] = ()
