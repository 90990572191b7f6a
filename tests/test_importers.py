"""What others read out of a real issue: every story, with its text unchanged."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from lxml import etree

from epaper.export.newsml import reading_order
from epaper.export.options import ExportOptions, Sheet
from epaper.export.stories import whole_story
from epaper.export.write import write_issue, write_page
from epaper.export.xmlio import NITF
from epaper.issue import assemble
from epaper.model import Article, Issue, ParagraphKind
from epaper.pipeline import Options, TextFrom, convert_page
from epaper.sources.pages import open_pages

SOURCE = Path(__file__).resolve().parent.parent / "scans" / "provincial-daily" / "issue.pdf"
G2 = "{http://iptc.org/std/nar/2006-10-01/}"
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Issue, Path]:
    """The sample issue, whose one story goes on on page 2, in the formats of importers."""
    out = tmp_path_factory.mktemp("out")
    sources = open_pages(SOURCE)
    done = [convert_page(s, "20240605", Options(TextFrom.LAYER))[0] for s in sources]
    issue = assemble("20240605", [each.page for each in done])
    crops = {each.page.id: each.crops for each in done}
    sheets = {
        each.page.id: Sheet(pdf=s.path, index=s.index)
        for s, each in zip(sources, done, strict=True)
    }
    for page in issue.pages:
        formats = ["newsml", "nitf", "pdf"]
        write_page(
            page, out, ExportOptions(), crops[page.id], formats, issue=issue, sheet=sheets[page.id]
        )
    write_issue(issue, out, ExportOptions())
    return issue, out / "20240605"


def told(article: Article) -> list[str]:
    """The paragraphs and subheads of a story, without tables."""
    return [p.text for p in article.paragraphs if p.kind is not ParagraphKind.TABLE and p.text]


# The rules of Superdesk's ingest of NewsML-G2


def superdesk(data: bytes) -> list[dict[str, Any]]:
    """Items as a newsroom system takes them: each field where its ingest looks for it.

    A header with a priority; of an item guid, version, class, status and date; of a
    package groups with a role each and references; of a text the text that stands in the
    very children of html/body, which alone comes through.
    """
    root = etree.fromstring(data)
    assert root.tag == f"{G2}newsMessage"
    priority = int(root.find(f"{G2}header/{G2}priority").text)
    items = []
    for node in root.find(f"{G2}itemSet"):
        meta = node.find(f"{G2}itemMeta")
        item: dict[str, Any] = {
            "guid": node.attrib["guid"],
            "version": int(node.attrib["version"]),
            "priority": priority,
            "type": meta.find(f"{G2}itemClass").attrib["qcode"].split(":")[1],
            "pubstatus": meta.find(f"{G2}pubStatus").attrib["qcode"].split(":")[1],
            "created": datetime.fromisoformat(meta.find(f"{G2}versionCreated").text),
            "headline": getattr(node.find(f"{G2}contentMeta/{G2}headline"), "text", ""),
            "byline": getattr(node.find(f"{G2}contentMeta/{G2}by"), "text", ""),
        }
        if node.tag == f"{G2}packageItem":
            item["groups"] = [dict(_group(g)) for g in node.find(f"{G2}groupSet")]
        else:
            item["content"] = [_content(c) for c in node.find(f"{G2}contentSet")]
        items.append(item)
    return items


def _group(group: Any) -> Iterator[tuple[str, Any]]:
    yield "id", group.attrib["id"]
    yield "role", group.attrib["role"].split(":")[1]
    refs = []
    for ref in group:
        if "idref" in ref.attrib:
            refs.append({"idRef": ref.attrib["idref"]})
        else:
            kind = ref.find(f"{G2}itemClass").attrib["qcode"].split(":")[1]
            refs.append({"residRef": ref.attrib["residref"], "type": kind})
    yield "refs", refs


def _content(content: Any) -> Any:
    if content.tag == f"{G2}inlineXML":
        body = content.find(f"{XHTML}html/{XHTML}body")
        return [child.text for child in body if child.text and child.text.strip()]
    assert content.tag == f"{G2}remoteContent"
    return {"href": content.attrib["href"], "mimetype": content.attrib["contenttype"]}


def test_a_newsroom_system_takes_every_story_of_a_page(written: tuple[Issue, Path]) -> None:
    issue, folder = written
    for page in issue.pages:
        package, *items = superdesk((folder / f"{page.id}.xml").read_bytes())
        assert (package["type"], package["pubstatus"]) == ("composite", "usable")
        (group,) = package["groups"]
        assert group["role"] == "page"
        by_guid = {item["guid"]: item for item in items}
        texts = [r["residRef"] for r in group["refs"] if r["type"] == "text"]
        assert [by_guid[guid]["content"][0] for guid in texts] == [
            told(article) for article in reading_order(page)
        ]
        assert [by_guid[guid]["headline"] or "" for guid in texts] == [
            (article.headlines[0].text if article.headlines else "")
            for article in reading_order(page)
        ]
        assert all(item["version"] == 1 and item["priority"] == 4 for item in items)
        pictures = [item for item in items if item["type"] == "picture"]
        assert all((folder / item["content"][0]["href"]).is_file() for item in pictures)


def test_a_newsroom_system_takes_the_whole_stories_of_an_issue(
    written: tuple[Issue, Path],
) -> None:
    issue, folder = written
    package, *stories = superdesk((folder / "issue.xml").read_bytes())
    roles = [group["role"] for group in package["groups"]]
    assert roles == ["issue", "pages", "stories"]
    assert package["groups"][0]["refs"] == [{"idRef": "G1"}, {"idRef": "G2"}]
    assert [item["content"][0] for item in stories] == [
        told(whole_story(issue, story).article) for story in issue.stories
    ]
    assert any(len(story.parts) > 1 for story in issue.stories)


# IPTC's own library


def test_the_library_of_iptc_reads_every_story(written: tuple[Issue, Path]) -> None:
    newsmlg2 = pytest.importorskip("NewsMLG2", reason="IPTC'S LIBRARY IS MISSING: newsmlg2")
    issue, folder = written
    for page in issue.pages:
        root = etree.fromstring((folder / f"{page.id}.xml").read_bytes())
        package, *items = (
            newsmlg2.NewsMLG2Document(etree.tostring(node)).get_item()
            for node in root.find(f"{G2}itemSet")
        )
        by_guid = {item.guid: item for item in items}
        (group,) = package.groupset.group
        listed = [by_guid[r.residref] for r in group.itemref]
        texts = [i for i in listed if i.itemmeta.itemclass.qcode == "ninat:text"]
        assert len(texts) == len(page.articles)
        for item, article in zip(texts, reading_order(page), strict=True):
            content = etree.fromstring(item.contentset.inlinexml[0].to_xml_string())
            body = content.find(f"{XHTML}html/{XHTML}body")
            read = ["".join(e.itertext()) for e in body if e.tag != f"{XHTML}table"]
            assert read == told(article)
            named = [str(h) for h in item.contentmeta.headline or ()]
            assert named == [h.text for h in article.headlines]
            if article.byline:
                assert [str(by) for by in item.contentmeta.by] == [article.byline]


# The other formats of a story


def test_the_pdf_says_every_story_whole_and_in_order(written: tuple[Issue, Path]) -> None:
    issue, folder = written
    for page in issue.pages:
        with pymupdf.open(folder / f"{page.id}.pdf") as document:
            said = "".join(document[0].get_text().split())
        at = 0
        for article in reading_order(page):
            text = "".join("".join(p.text.split()) for p in article.paragraphs)
            at = said.index(text, at) + len(text)


def test_an_ocr_program_for_pdfs_finds_the_text_there_and_keeps_it(
    written: tuple[Issue, Path], tmp_path: Path
) -> None:
    if shutil.which("tesseract") is None:
        pytest.skip("ocrmypdf wants tesseract, which is not installed (Debian: tesseract-ocr)")
    issue, folder = written
    for page in issue.pages:
        given, taken = folder / f"{page.id}.pdf", tmp_path / f"{page.id}.pdf"
        # Without a mode it refuses any page but those it takes for text that OCR gave.
        command = [sys.executable, "-m", "ocrmypdf", "--output-type", "pdf", "-j", "1"]
        done = subprocess.run(
            [*command, "--mode", "skip", str(given), str(taken)],
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        assert "skipping all processing on this page" in done.stderr
        with pymupdf.open(given) as before, pymupdf.open(taken) as after:
            assert after[0].get_text() == before[0].get_text()
            assert after.get_toc() == before.get_toc()
            assert len(after.get_toc()) >= len(page.articles) - 1


def test_qpdf_finds_no_fault_in_the_pdf(written: tuple[Issue, Path]) -> None:
    pikepdf = pytest.importorskip("pikepdf", reason="QPDF IS MISSING: pikepdf")
    issue, folder = written
    for page in issue.pages:
        with pikepdf.open(folder / f"{page.id}.pdf") as document:
            assert document.check_pdf_syntax() == []


def test_nitf_says_every_story(written: tuple[Issue, Path]) -> None:
    issue, folder = written
    for page in issue.pages:
        for article in page.articles:
            file = folder / page.id / f"{article.id}.nitf.xml"
            content = etree.parse(file).find(f"{{{NITF}}}body/{{{NITF}}}body.content")
            tags = (f"{{{NITF}}}p", f"{{{NITF}}}hl2")
            assert [e.text for e in content if e.tag in tags] == told(article)
