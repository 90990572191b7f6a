"""What a PDF knows of its text besides the text: structure, bookmarks, who made it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from epaper import __version__
from epaper.export.newsml import page_title
from epaper.export.options import ExportOptions, version_created
from epaper.export.telling import Telling
from epaper.export.textlayer import Marked, Scale
from epaper.export.xmlio import clean
from epaper.model import Page

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
{facts}<xmp:CreateDate>{created}</xmp:CreateDate>
<xmp:CreatorTool>{tool}</xmp:CreatorTool>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def write_structure(document: Any, marked: Sequence[Marked], language: str) -> None:
    """The structure tree: an article a story, of headings, paragraphs and captions."""
    page = document[0].xref
    root, top, parents = (document.get_new_xref() for _ in range(3))
    owners: list[int] = []
    stories: list[int] = []
    for story in (m for m in marked if m.passages):
        element = document.get_new_xref()
        kids = []
        for kind, number in story.passages:
            kid = document.get_new_xref()
            document.update_object(kid, f"<</S/{kind}/P {element} 0 R/Pg {page} 0 R/K {number}>>")
            kids.append(kid)
        owners += kids
        title = f"/T{_string(story.title)}" if story.title else ""
        kind = "Art" if story.title else "Sect"
        document.update_object(element, f"<</S/{kind}/P {top} 0 R{title}/K[{_references(kids)}]>>")
        stories.append(element)
    document.update_object(top, f"<</S/Document/P {root} 0 R/K[{_references(stories)}]>>")
    document.update_object(parents, f"<</Nums[0[{_references(owners)}]]>>")
    document.update_object(
        root, f"<</Type/StructTreeRoot/K {top} 0 R/ParentTree {parents} 0 R/ParentTreeNextKey 1>>"
    )
    document.xref_set_key(page, "StructParents", "0")
    catalog = document.pdf_catalog()
    for key, value in (
        ("StructTreeRoot", f"{root} 0 R"),
        ("MarkInfo", "<</Marked true>>"),
        ("Lang", _string(language)),
        ("ViewerPreferences", "<</DisplayDocTitle true>>"),
    ):
        document.xref_set_key(catalog, key, value)


def _references(xrefs: Sequence[int]) -> str:
    return " ".join(f"{xref} 0 R" for xref in xrefs)


def _string(text: str) -> str:
    """A text string of PDF in UTF-16."""
    return f"<feff{clean(text).encode('utf-16-be').hex()}>"


def write_outline(library: Any, document: Any, stories: Sequence[Telling], scale: Scale) -> None:
    """A bookmark a story, to the top left of its first words."""
    rows = []
    for story in stories:
        boxes = [box for p in story.passages for run in p.runs[:1] for box in run.boxes[:1]]
        if story.article is not None and boxes:
            at = library.Point(boxes[0].x0 * scale.x, boxes[0].y0 * scale.y)
            title = clean(story.title) or story.article.id
            rows.append([1, title, 1, {"kind": library.LINK_GOTO, "page": 0, "to": at, "zoom": 0}])
    document.set_toc(rows)


def write_metadata(document: Any, page: Page, options: ExportOptions) -> None:
    """Title, date, paper and language, in the information dictionary and as XMP."""
    facts = page.facts
    title = clean(" ".join(filter(None, (facts.paper, facts.date, page_title(facts, page.id)))))
    created = version_created(options, facts.date)
    tool = f"epaper {__version__}"
    stamp = f"D:{created[:19].translate({ord(c): None for c in '-:T'})}Z"
    document.set_metadata(
        {
            "title": title,
            "author": clean(facts.paper),
            "subject": clean(facts.section),
            "creator": tool,
            "producer": tool,
            "creationDate": stamp,
            "modDate": stamp,
        }
    )
    named = (
        ("prism:publicationName", facts.paper),
        ("prism:coverDate", facts.date),
        ("prism:number", facts.issue_number),
        ("prism:startingPage", facts.page_number),
        ("prism:section", facts.section),
    )
    document.set_xml_metadata(
        _XMP.format(
            title=escape(title),
            language=escape(clean(options.language or page.language)),
            facts="".join(f"<{k}>{escape(clean(v))}</{k}>\n" for k, v in named if v),
            created=created,
            tool=tool,
        )
    )
