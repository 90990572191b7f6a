"""What a PDF knows of its text besides the text: structure, bookmarks, who made it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from epaper import __version__
from epaper.export.newsml import page_title
from epaper.export.options import ExportOptions, version_created
from epaper.export.pdffile import Objects, text_string
from epaper.export.pdfsheet import Base
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
<pdf:Producer>{tool}</pdf:Producer>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def write_structure(objects: Objects, base: Base, marked: Sequence[Marked]) -> None:
    """The structure tree: an article a story, of headings, paragraphs and captions."""
    page = base.places.page
    top = objects.number()
    owners: list[int] = []
    stories: list[int] = []
    for story in (m for m in marked if m.passages):
        element = objects.number()
        kids = [
            objects.put(f"<</S/{kind}/P {element} 0 R/Pg {page} 0 R/K {number}>>")
            for kind, number in story.passages
        ]
        title = f"/T{_string(story.title)}" if story.title else ""
        kind = "Art" if story.title else "Sect"
        objects.put(f"<</S/{kind}/P {top} 0 R{title}/K[{_references(kids)}]>>", element)
        owners += kids
        stories.append(element)
    root = base.places.structure
    objects.put(f"<</S/Document/P {root} 0 R/K[{_references(stories)}]>>", top)
    parents = objects.put(f"<</Nums[0[{_references(owners)}]]>>")
    objects.put(
        f"<</Type/StructTreeRoot/K {top} 0 R/ParentTree {parents} 0 R/ParentTreeNextKey 1>>", root
    )


def _references(numbers: Sequence[int]) -> str:
    return " ".join(f"{number} 0 R" for number in numbers)


def _string(text: str) -> str:
    return text_string(clean(text))


def write_outline(objects: Objects, base: Base, stories: Sequence[Telling], scale: Scale) -> None:
    """A bookmark a story, to the top left of its first words."""
    root, page = base.places.outlines, base.places.page
    entries = []
    for story in stories:
        boxes = [box for p in story.passages for run in p.runs[:1] for box in run.boxes[:1]]
        if story.article is not None and boxes:
            x, y = boxes[0].x0 * scale.x, scale.height - boxes[0].y0 * scale.y
            title = _string(story.title or story.article.id)
            entries.append(f"/Title{title}/Dest[{page} 0 R/XYZ {x:.1f} {y:.1f} 0]")
    numbers = [objects.number() for _ in entries]
    for k, entry in enumerate(entries):
        before = f"/Prev {numbers[k - 1]} 0 R" if k else ""
        after = f"/Next {numbers[k + 1]} 0 R" if k + 1 < len(numbers) else ""
        objects.put(f"<<{entry}/Parent {root} 0 R{before}{after}>>", numbers[k])
    ends = f"/First {numbers[0]} 0 R/Last {numbers[-1]} 0 R" if numbers else ""
    objects.put(f"<</Type/Outlines{ends}/Count {len(numbers)}>>", root)


def write_metadata(objects: Objects, base: Base, page: Page, options: ExportOptions) -> None:
    """Title, date, paper and language, in the information dictionary and as XMP."""
    facts = page.facts
    title = clean(" ".join(filter(None, (facts.paper, facts.date, page_title(facts, page.id)))))
    created = version_created(options, facts.date)
    tool = f"epaper {__version__}"
    stamp = f"(D:{created[:19].translate({ord(c): None for c in '-:T'})}Z)"
    known = {
        "Title": _string(title),
        "Author": _string(facts.paper),
        "Subject": _string(facts.section),
        "Creator": _string(tool),
        "Producer": _string(tool),
        "CreationDate": stamp,
        "ModDate": stamp,
    }
    entries = "".join(f"/{key}{value}" for key, value in known.items())
    objects.put(f"<<{entries}>>", base.places.info)
    named = (
        ("prism:publicationName", facts.paper),
        ("prism:coverDate", facts.date),
        ("prism:number", facts.issue_number),
        ("prism:startingPage", facts.page_number),
        ("prism:section", facts.section),
    )
    xmp = _XMP.format(
        title=escape(title),
        language=escape(clean(options.language or page.language)),
        facts="".join(f"<{k}>{escape(clean(v))}</{k}>\n" for k, v in named if v),
        created=created,
        tool=tool,
    )
    # Metadata stay readable in the file itself, for tools that know no PDF.
    objects.stream(xmp.encode(), "/Type/Metadata/Subtype/XML", base.places.metadata, packed=False)
