"""The formats a page or an issue can be written in: one module each, joined here by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from epaper.errors import EpaperError, ExitCode
from epaper.export.files import CATALOGUE_FILE, FULLTEXT, IIIF_FILE, NITF_SUFFIX
from epaper.export.options import ExportOptions, PictureFile, Sheet, picture_name
from epaper.export.problems import Problem
from epaper.model import Article, Issue, Page

# Each format's writer is loaded when it first writes: a run wants one or two of them, and
# the process that plans it none.
if TYPE_CHECKING:
    from epaper.export.mets import PageFile
    from epaper.export.places import Bounds

ISSUE_FILE = "issue.xml"
# The format whose files of all issues are brought together when a run ends.
CATALOGUE = "catalogue"

# What METS calls the group of a format's files where that is not the format's own name.
_GROUPS = {"alto": FULLTEXT, "pdf": "DOWNLOAD", "jpg": "DEFAULT"}


class FormatError(EpaperError):
    """A format was asked for that cannot be written."""

    exit_code = ExitCode.USAGE


class Tells(IntEnum):
    """What the files of a page tell of its issue; each tells what those before it do, too."""

    NOTHING = 0
    JUMPS = 1
    """Where jumps lead, and which stories run over pages."""
    STORIES = 2
    """Which story every article is, or is a part of."""


@dataclass(frozen=True)
class Rendering:
    """What a format is given; `pictures` maps picture ids to files beside the output.

    `sheet` is what the page looks like, `formats` names all it is written in, `model` is
    the page in JSON where that is known.
    """

    page: Page
    options: ExportOptions
    pictures: Mapping[str, PictureFile]
    issue: Issue | None = None
    sheet: Sheet = field(default_factory=Sheet)
    formats: frozenset[str] = frozenset()
    model: bytes = b""

    @property
    def image(self) -> str:
        """Name of the page's image where one is written, too, else empty."""
        return f"{self.page.id}.jpg" if "jpg" in self.formats else ""

    @cached_property
    def bounds(self) -> Bounds:
        """The image on which boxes are told, for all formats of places alike."""
        from epaper.export.places import Bounds

        return Bounds(self.page, self.image)


@dataclass(frozen=True, slots=True)
class Format:
    """A format: the page becomes bytes, which `check` finds problems in before writing.

    `media` is the media type of the file. `story` gives a file of each story of the page,
    in the page's folder and with the same suffix; a format may have either or both.
    `tells` says what of the issue is in the files.
    """

    name: str
    suffix: str
    media: str
    render: Callable[[Rendering], bytes] | None
    check: Callable[[bytes, Rendering], list[Problem]] = lambda _data, _rendering: []
    story: Callable[[Rendering, Article], bytes] | None = None
    tells: Tells = Tells.NOTHING


@dataclass(frozen=True, slots=True)
class IssueRendering:
    """What an issue's format is given once every page of the issue is written.

    `folder` is the issue's, where the files of the pages lie in `formats`, those formats
    of the run that give a file a page.
    """

    issue: Issue
    options: ExportOptions
    folder: Path
    formats: tuple[Format, ...]


@dataclass(frozen=True, slots=True)
class IssueFormat:
    """A format of one file an issue, called `file`; `check` as for a page's.

    `needs` are page formats the file refers to: they are written with it.
    """

    name: str
    file: str
    render: Callable[[IssueRendering], bytes]
    check: Callable[[bytes, IssueRendering], list[Problem]] = lambda _data, _rendering: []
    needs: tuple[str, ...] = ()


def _newsml(given: Rendering) -> bytes:
    from epaper.export.newsml import page_to_newsml

    return page_to_newsml(given.page, given.options, given.pictures, given.issue)


def _alto(given: Rendering) -> bytes:
    from epaper.export.alto import page_to_alto

    return page_to_alto(given.page, given.options, given.pictures, bounds=given.bounds)


def _pagexml(given: Rendering) -> bytes:
    from epaper.export.pagexml import page_to_pagexml

    return page_to_pagexml(given.page, given.options, bounds=given.bounds)


def _nitf(given: Rendering, article: Article) -> bytes:
    from epaper.export.nitf import article_to_nitf

    return article_to_nitf(given.page, article, given.options, given.pictures, given.issue)


def _pdf(given: Rendering) -> bytes:
    from epaper.export.pdf import page_to_pdf

    return page_to_pdf(given.page, given.options, given.sheet)


def _jpeg(given: Rendering) -> bytes:
    from epaper.export.pageimage import page_to_jpeg

    return page_to_jpeg(given.page, given.sheet)


def _json(given: Rendering) -> bytes:
    from epaper.export.jsonfile import page_to_json

    return given.model or page_to_json(given.page)


def _text(given: Rendering) -> bytes:
    from epaper.export.text import page_to_text

    return page_to_text(given.page).encode()


def _story_text(_: Rendering, article: Article) -> bytes:
    from epaper.export.text import story_to_text

    return story_to_text(article).encode()


def _check_schema(data: bytes, given: Rendering) -> list[Problem]:
    """The schema alone, where there is one: the writer has checked the rest, at less cost."""
    return _check_xml(data, given) if given.options.schemas is not None else []


def _check_xml(data: bytes, given: Rendering) -> list[Problem]:
    from epaper.export.validate import check_message

    return check_message(data, f"page {given.page.id}", given.options.schemas)


def _issue_newsml(given: IssueRendering) -> bytes:
    from epaper.export.newsml import issue_to_newsml

    return issue_to_newsml(given.issue, given.options)


def _mets(given: IssueRendering) -> bytes:
    from epaper.export.mets import issue_to_mets

    return issue_to_mets(given.issue, given.options, given.folder, list(_files(given)))


def _files(given: IssueRendering) -> Iterator[PageFile]:
    """The files of all pages, group by group, and their pictures."""
    from epaper.export.mets import PageFile

    for form in given.formats:
        use = _GROUPS.get(form.name, form.name.upper())
        for page in given.issue.pages:
            yield PageFile(page.id, use, f"{page.id}{form.suffix}", form.media)
    for page in given.issue.pages:
        for picture in page.pictures:
            name = picture_name(page.id, picture.id)
            yield PageFile(page.id, "ILLUSTRATION", name, "image/jpeg", picture.id)


def _iiif(given: IssueRendering) -> bytes:
    from epaper.export.iiif import Companion, issue_to_iiif

    beside = [Companion(form.name, form.suffix, form.media) for form in given.formats]
    return issue_to_iiif(given.issue, given.options, beside)


def _catalogue(given: IssueRendering) -> bytes:
    from epaper.export.catalogue import issue_to_catalogue

    suffixes = {form.name: form.suffix for form in given.formats}
    suffix = suffixes.get("newsml") or next(iter(suffixes.values()), "")
    return issue_to_catalogue(given.issue, given.options, suffix)


def _check_issue_schema(data: bytes, given: IssueRendering) -> list[Problem]:
    """As `_check_schema`."""
    return _check_issue_xml(data, given) if given.options.schemas is not None else []


def _check_issue_xml(data: bytes, given: IssueRendering) -> list[Problem]:
    from epaper.export.validate import check_message

    return check_message(data, f"issue {given.issue.id}", given.options.schemas)


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        f.name: f
        for f in (
            Format(
                "newsml",
                ".xml",
                "application/vnd.iptc.g2.newsmessage+xml",
                _newsml,
                _check_xml,
                tells=Tells.STORIES,
            ),
            Format("alto", ".alto.xml", "text/xml", _alto, _check_schema),
            Format("page", ".page.xml", "text/xml", _pagexml, _check_schema),
            Format("json", ".json", "application/json", _json, tells=Tells.JUMPS),
            Format(
                "nitf",
                NITF_SUFFIX,
                "application/xml",
                None,
                _check_schema,
                _nitf,
                tells=Tells.JUMPS,
            ),
            Format("txt", ".txt", "text/plain", _text, story=_story_text),
            Format("pdf", ".pdf", "application/pdf", _pdf),
            Format("jpg", ".jpg", "image/jpeg", _jpeg),
        )
    }
)

# The package of the issue is written whatever was asked for.
ISSUE_PACKAGE = IssueFormat("issue", ISSUE_FILE, _issue_newsml, _check_issue_xml)

_ISSUE_FORMATS: tuple[IssueFormat, ...] = (
    IssueFormat("mets", "mets.xml", _mets, _check_issue_schema, needs=("alto",)),
    IssueFormat("iiif", IIIF_FILE, _iiif),
    IssueFormat(CATALOGUE, CATALOGUE_FILE, _catalogue),
)

ISSUE_FORMATS: Mapping[str, IssueFormat] = MappingProxyType({f.name: f for f in _ISSUE_FORMATS})

# All that can be asked for.
NAMES: tuple[str, ...] = (*FORMATS, *ISSUE_FORMATS)


def formats_named(names: Iterable[str]) -> list[Format]:
    """The page formats among these names and those the others need, in the order of FORMATS.

    Raises FormatError for a name there is not.
    """
    wanted = set(names)
    wanted |= {need for each in issue_formats_named(wanted) for need in each.needs}
    return [each for each in FORMATS.values() if each.name in wanted]


def issue_formats_named(names: Iterable[str]) -> list[IssueFormat]:
    """The issue formats among these names in the order of ISSUE_FORMATS; errors as above."""
    wanted = set(names)
    if unknown := sorted(wanted - set(NAMES)):
        raise FormatError(f"format {unknown[0]!r} cannot be written; there are {', '.join(NAMES)}")
    return [each for each in ISSUE_FORMATS.values() if each.name in wanted]


def issue_files(names: Iterable[str]) -> list[str]:
    """Names of the files an issue has when these formats are asked for."""
    return [ISSUE_FILE, *(each.file for each in issue_formats_named(names))]


def reserved(page_id: str) -> str | None:
    """The issue's own file that a page of this id would write over, None where none."""
    own = {each.file for each in (ISSUE_PACKAGE, *ISSUE_FORMATS.values())}
    return next(
        (f"{page_id}{f.suffix}" for f in FORMATS.values() if f"{page_id}{f.suffix}" in own), None
    )
