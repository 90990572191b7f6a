"""What `read` finds in a message, in plain values.

Lengths are pixels of the page image, whose size and resolution `ReadPage` gives;
confidences run from 0 to 1 as in the model and are None where the XML has none.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from epaper.geometry import Box
from epaper.model import Facts, JumpKind, ParagraphKind, Person, Role, WritingMode


@dataclass(frozen=True, slots=True)
class ReadHeadline:
    """A headline part: role HEADLINE, KICKER, DECK or LABEL."""

    role: Role
    text: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class ReadParagraph:
    """A child of the body; `rows` holds a table's cells and is empty otherwise."""

    kind: ParagraphKind
    text: str
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class ReadCaption:
    """A caption; `picture` is the guid of its picture item, None where it has none."""

    text: str
    credit: str = ""
    photographers: tuple[str, ...] = ()
    picture: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class ReadJump:
    """A continuation; `target` is the guid of the other part where it is known."""

    kind: JumpKind
    page: str
    text: str = ""
    target: str | None = None


@dataclass(frozen=True, slots=True)
class ReadBlock:
    """The box of a block; `role` is the local name of the block role."""

    role: str
    box: Box
    article: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """A text item. `id` is the last segment of its guid, ``a01``."""

    guid: str
    id: str
    version: int = 1
    headlines: tuple[ReadHeadline, ...] = ()
    byline: str = ""
    people: tuple[Person, ...] = ()
    dateline: str = ""
    paragraphs: tuple[ReadParagraph, ...] = ()
    captions: tuple[ReadCaption, ...] = ()
    jumps: tuple[ReadJump, ...] = ()
    blocks: tuple[ReadBlock, ...] = ()
    pictures: tuple[str, ...] = ()
    advert: bool = False
    mode: WritingMode = WritingMode.HORIZONTAL
    membership: float | None = None
    order: float | None = None

    def headline(self, role: Role = Role.HEADLINE) -> str:
        """The first headline part of `role`, or an empty string."""
        return next((h.text for h in self.headlines if h.role is role), "")


@dataclass(frozen=True, slots=True)
class ReadPicture:
    """A picture item; `href` is relative to the XML file, its size in pixels."""

    guid: str
    href: str
    width: int = 0
    height: int = 0
    contenttype: str = ""
    size: int = 0
    articles: tuple[str, ...] = ()
    captions: tuple[ReadCaption, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadPage:
    """One message: the package's facts, the articles in its order, the pictures.

    For an issue package the articles are its whole stories and `pages` the guids of
    its pages in order; for a page `pages` is empty.
    """

    path: str
    guid: str
    version: int
    language: str
    title: str = ""
    facts: Facts = field(default_factory=Facts)
    source: str = ""
    width: int = 0
    height: int = 0
    dpi: float = 0.0
    coverage: float | None = None
    articles: tuple[ReadArticle, ...] = ()
    pictures: tuple[ReadPicture, ...] = ()
    pages: tuple[str, ...] = ()
