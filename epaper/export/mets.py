"""An issue as METS 1.12: its description, files, pages, and articles over pages.

Types of divisions, groups of files and links between the structures are those of the
profile that Kitodo and the DFG viewer read. The articles' areas name blocks in the ALTO
files of the pages.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from epaper import __version__
from epaper.errors import ExportError
from epaper.export.build import href
from epaper.export.files import FULLTEXT
from epaper.export.guids import issue_guid, page_guid
from epaper.export.mets_check import check_mets
from epaper.export.mets_logical import LogicalMap, page_id, sequence_id
from epaper.export.newsml import page_title
from epaper.export.options import ExportOptions, stamp
from epaper.export.problems import refuse
from epaper.export.stories import issue_facts
from epaper.export.xmlio import METS, METS_MAP, XLINK, XSI, append, mets, serialized
from epaper.model import Issue, SourceInfo

__all__ = ["FULLTEXT", "PageFile", "issue_to_mets"]

SCHEMA_LOCATION = "http://www.loc.gov/standards/mets/mets.xsd"

_HREF = f"{{{XLINK}}}href"


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file of a page: its group, its name relative to the METS file, its media type.

    `picture` is the id of the picture it shows, where it shows one.
    """

    page: str
    use: str
    name: str
    media: str
    picture: str | None = None


def issue_to_mets(
    issue: Issue, options: ExportOptions, folder: Path, files: Sequence[PageFile]
) -> bytes:
    """The METS file of an issue, UTF-8; its `files` lie in `folder`.

    Raises ExportError where a file is not there, a story has a part that is not, or the
    references would not hold.
    """
    return _Writer(issue, options, folder, files).document()


class _Writer:
    """Puts the file of one issue together."""

    def __init__(
        self, issue: Issue, options: ExportOptions, folder: Path, files: Sequence[PageFile]
    ) -> None:
        self._issue, self._options, self._folder = issue, options, folder
        numbers = {page.id: number for number, page in enumerate(issue.pages, 1)}
        self._files = {_file_id(file, numbers): file for file in files if file.page in numbers}

    def document(self) -> bytes:
        guid = issue_guid(self._options.authority, self._issue.id)
        facts = issue_facts(self._issue)
        label = " ".join(filter(None, (facts.paper, facts.date))) or self._issue.id
        root = etree.Element(mets("mets"), nsmap=METS_MAP)
        root.set(f"{{{XSI}}}schemaLocation", f"{METS} {SCHEMA_LOCATION}")
        root.set("OBJID", guid)
        root.set("LABEL", label)
        root.set("TYPE", "newspaper")
        self._header(root, guid)
        logical = LogicalMap(self._issue, self._options, self._places())
        structure = logical.element(label)
        root.extend(logical.descriptions)
        self._file_section(root)
        root.append(structure)
        self._physical(root)
        self._links(root, logical.links)
        refuse(f"issue {self._issue.id}: METS", check_mets(root, None))
        return serialized(root)

    def _places(self) -> dict[tuple[str, str], str]:
        """File ids by page and picture, and by page and FULLTEXT for the text."""
        return {
            (file.page, file.picture or file.use): name
            for name, file in self._files.items()
            if file.picture or file.use == FULLTEXT
        }

    def _header(self, root: etree._Element, guid: str) -> None:
        given = {"CREATEDATE": stamp(self._options).isoformat()}
        header = append(root, mets("metsHdr"), None, given)
        tool = {"ROLE": "CREATOR", "TYPE": "OTHER", "OTHERTYPE": "SOFTWARE"}
        append(append(header, mets("agent"), None, tool), mets("name"), f"epaper {__version__}")
        provider = {"ROLE": "DISSEMINATOR", "TYPE": "ORGANIZATION"}
        agent = append(header, mets("agent"), None, provider)
        append(agent, mets("name"), self._options.provider)
        append(header, mets("metsDocumentID"), guid)

    def _file_section(self, root: etree._Element) -> None:
        section = append(root, mets("fileSec"))
        by_use: dict[str, list[tuple[str, PageFile]]] = defaultdict(list)
        for name, file in self._files.items():
            by_use[file.use].append((name, file))
        for use, files in by_use.items():
            group = append(section, mets("fileGrp"), None, {"USE": use})
            for name, file in files:
                self._file(group, name, file)
        sources = self._sources()
        if sources:
            group = append(section, mets("fileGrp"), None, {"USE": "SOURCE"})
            for source, name in sources.items():
                _source(group, name, source)
        if not len(section):
            root.remove(section)

    def _file(self, group: etree._Element, name: str, file: PageFile) -> None:
        path = self._folder / file.name
        try:
            data = path.read_bytes()
        except OSError as error:
            raise ExportError(f"{path}: cannot be read for mets.xml: {error.strerror}") from error
        given = {"ID": name, "MIMETYPE": file.media, "SIZE": str(len(data))}
        given |= {"CHECKSUM": hashlib.sha256(data).hexdigest(), "CHECKSUMTYPE": "SHA-256"}
        element = append(group, mets("file"), None, given)
        append(element, mets("FLocat"), None, {"LOCTYPE": "URL", _HREF: href(file.name)})

    def _sources(self) -> dict[tuple[str, str], str]:
        """Ids of the inputs the pages came from, by name and checksum, each once."""
        found: dict[tuple[str, str], str] = {}
        for page in self._issue.pages:
            if page.source.name:
                found.setdefault(_key(page.source), f"SOURCE_{len(found) + 1:04}")
        return found

    def _physical(self, root: etree._Element) -> None:
        sources = self._sources()
        structure = append(root, mets("structMap"), None, {"TYPE": "PHYSICAL"})
        given = {"ID": sequence_id(), "TYPE": "physSequence"}
        pages = append(structure, mets("div"), None, given)
        for number, page in enumerate(self._issue.pages, 1):
            given = {"ID": page_id(number), "ORDER": str(number)}
            if page.facts.page_number:
                given["ORDERLABEL"] = page.facts.page_number
            given |= {"LABEL": page_title(page.facts, page.id), "TYPE": "page"}
            given["CONTENTIDS"] = page_guid(self._options.authority, page.issue, page.id)
            division = append(pages, mets("div"), None, given)
            files = [name for name, file in self._files.items() if file.page == page.id]
            if page.source.name:
                files.append(sources[_key(page.source)])
            for name in files:
                append(division, mets("fptr"), None, {"FILEID": name})

    def _links(self, root: etree._Element, links: Sequence[tuple[str, str]]) -> None:
        if links:
            section = append(root, mets("structLink"))
            for start, end in links:
                given = {f"{{{XLINK}}}from": start, f"{{{XLINK}}}to": end}
                append(section, mets("smLink"), None, given)


def _file_id(file: PageFile, numbers: dict[str, int]) -> str:
    """A name from the page's place in the issue, the group and the picture."""
    parts = [f"FILE_{numbers[file.page]:04}", file.use]
    return "_".join([*parts, file.picture] if file.picture else parts)


def _key(source: SourceInfo) -> tuple[str, str]:
    return source.name, source.sha256


def _source(group: etree._Element, name: str, source: tuple[str, str]) -> None:
    """An input: where it lies is not known, what it was is."""
    title, digest = source
    media = mimetypes.guess_type(title)[0] or "application/octet-stream"
    given = {"ID": name, "MIMETYPE": media}
    if digest:
        given |= {"CHECKSUM": digest, "CHECKSUMTYPE": "SHA-256"}
    element = append(group, mets("file"), None, given)
    given = {"LOCTYPE": "OTHER", "OTHERLOCTYPE": "FILENAME", _HREF: href(title)}
    append(element, mets("FLocat"), None, given)
