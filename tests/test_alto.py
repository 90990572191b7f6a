"""ALTO: read back by a program of others, and by the rules of the standard."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from epaper.export.alto import page_to_alto
from epaper.export.options import ExportOptions, PictureFile
from epaper.export.validate import check_message
from epaper.export.xmlio import ALTO
from epaper.geometry import Box, Transform, hull
from epaper.model import (
    Article,
    Block,
    Caption,
    Frame,
    Headline,
    Line,
    Origin,
    Page,
    Paragraph,
    Picture,
    Role,
    Rule,
    Scan,
    SourceInfo,
    Step,
    WritingMode,
)
from tests.readers import SCHEMAS, lines_read, models, needs

OPTIONS = ExportOptions(authority="news.example")
NS = {"a": ALTO}


def line(text: str, x: float, y: float, em: float = 20.0, **more: object) -> Line:
    """A horizontal line with a box a character."""
    chars = tuple(Box(x + i * em, y, x + (i + 1) * em, y + em) for i in range(len(text)))
    return Line(text, hull(chars), em, chars=chars, **more)  # type: ignore[arg-type]


def down(text: str, x: float, y: float, em: float = 20.0) -> Line:
    chars = tuple(Box(x, y + i * em, x + em, y + (i + 1) * em) for i in range(len(text)))
    return Line(text, hull(chars), em, WritingMode.VERTICAL, chars=chars)


def block(name: str, role: Role, *lines: Line) -> Block:
    return Block(name, role, hull(x.box for x in lines), lines, lines[0].mode)


def page(*blocks: Block, **more: object) -> Page:
    lines = tuple(x for b in blocks for x in b.lines)
    source = SourceInfo("p1.jpg", sha256="0" * 64)
    return Page("p1", "i1", source, 1000, 1500, 144.0, lines=lines, blocks=blocks, **more)  # type: ignore[arg-type]


def alto(made: Page, options: ExportOptions = OPTIONS, **pictures: PictureFile) -> etree._Element:
    """The ALTO file of `made`, which no check finds fault with."""
    data = page_to_alto(made, options, pictures)
    assert [str(p) for p in check_message(data, "p1", SCHEMAS)] == []
    return etree.fromstring(data)


def found(root: etree._Element, path: str) -> list[etree._Element]:
    return root.findall(path, NS)


def one(root: etree._Element, path: str) -> etree._Element:
    (element,) = found(root, path)
    return element


def values(elements: list[etree._Element], name: str) -> list[str | None]:
    return [element.get(name) for element in elements]


STORY = page(
    block("b001", Role.FOLIO, line("02 要闻", 100, 20)),
    block("b002", Role.HEADLINE, line("河水清了", 100, 100, 40.0)),
    block("b003", Role.BODY, line("昨日河道清理", 100, 200), line("工作完成。", 100, 230)),
    block("b004", Role.CAPTION, line("清理现场", 100, 700)),
    articles=(
        Article(
            "a01",
            ("b002", "b003", "b004"),
            ("i01",),
            (Headline(Role.HEADLINE, "河水清了"),),
            (Paragraph("昨日河道清理工作完成。", blocks=("b003",)),),
            (Caption("清理现场", "i01", block="b004"),),
        ),
    ),
    pictures=(Picture("i01", Box(100, 400, 500, 680)),),
    rules=(Rule(Box(100, 60, 900, 62)),),
    frames=(Frame(Box(90, 90, 520, 730)),),
    steps=(Step("ocr", "4 lines"),),
)


class TestSamplePages:
    def test_a_reader_finds_every_line_with_its_text_unchanged(self, written: Path) -> None:
        for path, made in models(written):
            read = lines_read(path.with_suffix(".alto.xml"))
            assert read == {
                f"{b.id}-l{n}": " ".join(x.text.split(" "))
                for b in made.blocks
                for n, x in enumerate(b.lines, 1)
            }

    @needs("alto-4-4.xsd")
    def test_they_are_valid_by_the_official_schema(self, written: Path) -> None:
        for path, _ in models(written):
            data = path.with_suffix(".alto.xml").read_bytes()
            assert [str(p) for p in check_message(data, path.name, SCHEMAS)] == []

    def test_every_character_stands_in_its_line(self, written: Path) -> None:
        for path, made in models(written):
            root = etree.parse(path.with_suffix(".alto.xml")).getroot()
            for read in root.iter(f"{{{ALTO}}}TextLine"):
                x0, y0, x1, y1 = box_of(read)
                for glyph in read.iter(f"{{{ALTO}}}Glyph"):
                    gx0, gy0, gx1, gy1 = box_of(glyph)
                    assert x0 <= gx0 < gx1 <= x1 and y0 <= gy0 < gy1 <= y1
            said = "".join(str(g.get("CONTENT")) for g in root.iter(f"{{{ALTO}}}Glyph"))
            assert len(said) == sum(len(x.text.replace(" ", "")) for x in made.lines)


def box_of(element: etree._Element) -> tuple[int, int, int, int]:
    x, y, w, h = (int(str(element.get(k))) for k in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
    return x, y, x + w, y + h


class TestStory:
    def test_the_article_holds_its_blocks_and_its_picture_before_the_caption(self) -> None:
        root = alto(STORY, i01=PictureFile("p1/picture-01.jpg", 400, 280, 1000))
        article = one(root, ".//a:ComposedBlock[@ID='a01']")
        assert values(list(article), "ID") == ["b002", "b003", "i01", "b004"]
        assert article.get("TYPE") == "article"
        assert box_of(article) == (100, 100, 500, 720)
        picture = one(article, "a:Illustration")
        assert picture.get("FILEID") == "p1/picture-01.jpg"

    def test_tags_name_the_role_and_the_article_by_its_guid(self) -> None:
        root = alto(STORY)
        role, article = str(one(root, ".//a:TextBlock[@ID='b002']").get("TAGREFS")).split()
        assert one(root, f".//a:LayoutTag[@ID='{role}']").get("LABEL") == "headline"
        tag = one(root, f".//a:StructureTag[@ID='{article}']")
        assert tag.get("LABEL") == "河水清了"
        assert tag.get("URI") == "urn:newsml:news.example:00000000:i1:p1:a01"

    def test_a_running_title_stands_in_the_margin(self) -> None:
        root = alto(STORY)
        assert values(found(root, ".//a:TopMargin//a:TextBlock"), "ID") == ["b001"]
        assert values(found(root, ".//a:PrintSpace//a:TextBlock"), "ID") == ["b002", "b003", "b004"]
        assert box_of(one(root, ".//a:PrintSpace")) == (100, 100, 500, 720)

    def test_the_reading_order_has_a_group_an_article(self) -> None:
        groups = found(alto(STORY), "a:ReadingOrder/a:OrderedGroup/a:OrderedGroup")
        assert [values(list(g), "REF") for g in groups] == [
            ["b001"],
            ["b002", "b003", "i01", "b004"],
        ]

    def test_where_it_comes_from_and_what_was_done(self) -> None:
        root = alto(STORY)
        source = one(root, "a:Description/a:sourceImageInformation")
        assert [e.text for e in source] == [
            "p1.jpg",
            "0" * 64,
            "urn:newsml:news.example:00000000:i1:p1",
        ]
        step = one(root, "a:Description/a:Processing")
        assert [e.text for e in step][:3] == ["contentGeneration", "ocr", "4 lines"]

    def test_styles_are_in_points_and_shared(self) -> None:
        root = alto(STORY)
        head = str(one(root, ".//a:TextBlock[@ID='b002']").get("STYLEREFS")).split()[0]
        assert one(root, f".//a:TextStyle[@ID='{head}']").get("FONTSIZE") == "20"
        body, caption = (
            str(one(root, f".//a:TextBlock[@ID='{name}']").get("STYLEREFS")).split()[0]
            for name in ("b003", "b004")
        )
        assert body == caption

    def test_rules_and_frames_are_graphics(self) -> None:
        boxes = [box_of(e) for e in found(alto(STORY), ".//a:GraphicalElement")]
        assert sorted(boxes) == [(90, 90, 520, 730), (100, 60, 900, 62)]

    def test_the_same_page_gives_the_same_bytes(self) -> None:
        assert page_to_alto(STORY, OPTIONS, {}) == page_to_alto(STORY, OPTIONS, {})


class TestLines:
    def test_vertical_lines_run_down_along_their_middle(self) -> None:
        root = alto(
            page(block("b001", Role.BODY, down("直排文字", 500, 100), down("二行", 470, 100)))
        )
        assert one(root, ".//a:TextBlock").get("BASEDIRECTION") == "ttb"
        assert found(root, ".//a:TextLine")[0].get("BASELINE") == "510,100 510,180"

    def test_a_headline_set_from_right_to_left_is_said_to_be(self) -> None:
        turned = line("報晚川北", 100, 100)
        turned = replace(turned, text=turned.text[::-1], chars=turned.chars[::-1])
        read = one(alto(page(block("b001", Role.MASTHEAD, turned))), ".//a:TextLine")
        assert read.get("BASEDIRECTION") == "rtl"
        assert [g.get("CONTENT") for g in read.iter(f"{{{ALTO}}}Glyph")] == list("北川晚報")
        assert read.get("BASELINE") == "180,118 100,118"

    def test_latin_words_are_set_apart_by_spaces(self) -> None:
        read = one(
            alto(page(block("b001", Role.BODY, line("the old bridge", 100, 100)))), ".//a:TextLine"
        )
        tags = [etree.QName(e).localname for e in read]
        assert tags == ["String", "SP", "String", "SP", "String"]
        assert values(found(read, "a:String"), "CONTENT") == ["the", "old", "bridge"]
        assert box_of(found(read, "a:SP")[0]) == (160, 100, 180, 120)

    def test_a_full_width_space_stays_in_its_name(self) -> None:
        read = one(alto(page(block("b001", Role.BYLINE, line("刘　振", 100, 100)))), ".//a:String")
        assert read.get("CONTENT") == "刘　振"

    def test_a_word_parted_at_the_line_end_is_whole_in_both_halves(self) -> None:
        body = block(
            "b001", Role.BODY, line("the admin-", 100, 100), line("istration of", 100, 130)
        )
        article = Article("a01", ("b001",), paragraphs=(Paragraph("the administration of"),))
        root = alto(page(body, articles=(article,)))
        first, second = found(root, ".//a:String[@SUBS_TYPE]")
        assert (first.get("CONTENT"), second.get("CONTENT")) == ("admin", "istration")
        assert {first.get("SUBS_CONTENT"), second.get("SUBS_CONTENT")} == {"administration"}
        assert one(root, ".//a:HYP").get("CONTENT") == "-"
        assert box_of(one(root, ".//a:HYP")) == (280, 100, 300, 120)

    def test_a_hyphen_that_belongs_to_the_word_stays(self) -> None:
        body = block("b001", Role.BODY, line("a well-", 100, 100), line("known man", 100, 130))
        article = Article("a01", ("b001",), paragraphs=(Paragraph("a well-known man"),))
        root = alto(page(body, articles=(article,)))
        assert found(root, ".//a:HYP") == []
        assert "well-" in values(found(root, ".//a:String"), "CONTENT")

    def test_confidence_is_that_of_the_line(self) -> None:
        sure = line("清了", 100, 100, confidence=0.85, origin=Origin.OCR)
        read = one(alto(page(block("b001", Role.BODY, sure))), ".//a:String")
        assert (read.get("WC"), read.get("CC")) == ("0.85", "1 1")
        assert values(found(read, "a:Glyph"), "GC") == ["0.85", "0.85"]

    def test_words_without_known_characters_share_their_line(self) -> None:
        bare = replace(line("ab cd", 100, 100), chars=())
        first, second = found(alto(page(block("b001", Role.BODY, bare))), ".//a:String")
        assert (box_of(first), box_of(second)) == ((100, 100, 140, 120), (160, 100, 200, 120))
        assert list(first) == []

    def test_what_xml_cannot_carry_takes_its_box_with_it(self) -> None:
        read = one(
            alto(page(block("b001", Role.BODY, line("清\x0b\x01了", 100, 100)))), ".//a:TextLine"
        )
        assert values(found(read, ".//a:Glyph"), "CONTENT") == ["清", "了"]
        assert box_of(found(read, ".//a:Glyph")[1])[0] == 160


class TestPlaces:
    def test_a_page_turned_upright_is_told_on_its_scan(self) -> None:
        # The scan lies on its side: what is up on the page is left on the scan.
        quarter = Transform((0.0, 1.0, 0.0, -1.0, 0.0, 1000.0))
        made = replace(STORY, scan=Scan(1500, 1000, 144.0, quarter))
        root = alto(made)
        whole = one(root, ".//a:Page")
        assert (whole.get("WIDTH"), whole.get("HEIGHT")) == ("1500", "1000")
        head = one(root, ".//a:TextBlock[@ID='b002']/a:TextLine")
        assert box_of(head) == (100, 740, 140, 900)
        outline = one(head, "a:Shape/a:Polygon").get("POINTS")
        assert outline == "100,900 100,740 140,740 140,900"

    def test_beside_its_own_image_a_page_is_told_on_that(self) -> None:
        made = replace(STORY, scan=Scan(1500, 1000, 144.0, Transform((0, 1, 0, -1, 0, 1000))))
        root = etree.fromstring(page_to_alto(made, OPTIONS, {}, "p1-upright.jpg"))
        assert one(root, ".//a:Page").get("WIDTH") == "1000"
        assert box_of(one(root, ".//a:TextBlock[@ID='b002']")) == (100, 100, 260, 140)
        assert one(root, ".//a:fileName").text == "p1-upright.jpg"

    def test_a_box_beyond_the_page_is_cut_at_its_edge(self) -> None:
        wide = block(
            "b001", Role.BODY, line("超出版面的一行文字超出版面的一行文字超出版面", 700, 1490)
        )
        assert box_of(one(alto(page(wide)), ".//a:TextLine")) == (700, 1490, 1000, 1500)

    @pytest.mark.parametrize("made", [page(), page(Block("b001", Role.BODY, Box(0, 0, 9, 9), ()))])
    def test_a_page_without_text_is_an_empty_print_space(self, made: Page) -> None:
        assert list(one(alto(made), ".//a:PrintSpace")) == []
