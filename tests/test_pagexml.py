"""PAGE: read back by a program of others, and as the viewers of scans expect it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from epaper.export.alto import page_to_alto
from epaper.export.options import ExportOptions
from epaper.export.pagexml import page_to_pagexml
from epaper.export.validate import check_message
from epaper.export.xmlio import PAGE, clean
from epaper.geometry import Box, Mesh, Transform
from epaper.model import (
    Article,
    Block,
    Caption,
    Frame,
    Headline,
    Jump,
    JumpKind,
    Line,
    Page,
    Paragraph,
    ParagraphKind,
    Picture,
    Role,
    Rule,
    Scan,
    SourceInfo,
    WritingMode,
)
from tests.readers import SCHEMAS, lines_read, models, needs
from tests.test_alto import block, down, line, page

OPTIONS = ExportOptions(sent=datetime(2024, 6, 6, tzinfo=UTC))
NS = {"p": PAGE}


def pagexml(made: Page, options: ExportOptions = OPTIONS) -> etree._Element:
    """The PAGE file of `made`, which no check finds fault with."""
    data = page_to_pagexml(made, options)
    assert [str(p) for p in check_message(data, "p1", SCHEMAS)] == []
    return etree.fromstring(data)


def found(root: etree._Element, path: str) -> list[etree._Element]:
    return root.findall(path, NS)


def one(root: etree._Element, path: str) -> etree._Element:
    (element,) = found(root, path)
    return element


def points(element: etree._Element) -> str:
    return str(one(element, "p:Coords").get("points"))


NEWS = page(
    block("b001", Role.MASTHEAD, line("城东日报", 100, 20)),
    block("b002", Role.HEADLINE, line("河水清了", 100, 100, 40.0, bold=True, color=0xC70D1A)),
    block("b003", Role.BODY, line("昨日河道清理工", 100, 200)),
    block("b004", Role.BODY, line("作完成。", 300, 200)),
    block("b005", Role.CAPTION, line("清理现场", 100, 700)),
    block("b006", Role.BODY, line("旺铺出租", 600, 1200)),
    block("b007", Role.TABLE, line("一 二", 600, 300), line("三 四", 600, 330)),
    articles=(
        Article("a01", ("b006",), paragraphs=(Paragraph("旺铺出租"),), advert=True),
        Article(
            "a02",
            ("b002", "b003", "b004", "b005"),
            headlines=(Headline(Role.HEADLINE, "河水清了"),),
            paragraphs=(Paragraph("昨日河道清理工作完成。", blocks=("b003", "b004")),),
            captions=(Caption("清理现场", "i01", block="b005"),),
            jumps=(Jump(JumpKind.CONTINUED_FROM, "1", "上接一版"),),
        ),
        Article(
            "a03",
            ("b007",),
            paragraphs=(
                Paragraph(
                    "一\t二\n三\t四", ParagraphKind.TABLE, ("b007",), (("一", "二"), ("三", "四"))
                ),
            ),
        ),
    ),
    pictures=(
        Picture("i01", Box(100, 400, 500, 680)),
        Picture("i02", Box(700, 900, 800, 990), "drawing"),
    ),
    rules=(Rule(Box(100, 60, 900, 62)),),
    frames=(Frame(Box(590, 1190, 720, 1230)), Frame(Box(0, 0, 9, 9), stroked=False, fill=0)),
)


class TestSamplePages:
    def test_a_reader_finds_every_line_with_its_text_unchanged(self, written: Path) -> None:
        # A page of either setting: the reader takes its time.
        for path, made in list(models(written))[::2]:
            read = lines_read(path.with_suffix(".page.xml"))
            lines = {f"{b.id}-l{n}": x.text for b in made.blocks for n, x in enumerate(b.lines, 1)}
            assert read == {name: " ".join(text.split(" ")) for name, text in lines.items()}

    @needs("page-2019-07-15.xsd")
    def test_they_are_valid_by_the_official_schema(self, written: Path) -> None:
        for path, _ in models(written):
            data = path.with_suffix(".page.xml").read_bytes()
            assert [str(p) for p in check_message(data, path.name, SCHEMAS)] == []

    def test_readers_without_groups_read_in_order_all_the_same(self, written: Path) -> None:
        for path, _ in models(written):
            root = etree.parse(path.with_suffix(".page.xml")).getroot()
            indices = [int(str(e.get("index"))) for e in root.iter(f"{{{PAGE}}}RegionRefIndexed")]
            assert indices == list(range(len(indices)))


class TestRegions:
    def test_types_and_roles(self) -> None:
        root = pagexml(NEWS)
        kinds = {e.get("id"): e.get("type") for e in found(root, ".//p:TextRegion")}
        assert kinds == {
            "b001": "header",
            "b002": "heading",
            "b003": "paragraph",
            "b004": "paragraph",
            "b005": "caption",
            "b006": "paragraph",
            "b007": "paragraph",
        }
        head = str(one(root, ".//p:TextRegion[@id='b002']").get("custom"))
        assert "structure {type:heading;}" in head
        assert "epaper {role:headline;article:a02;}" in head

    def test_an_advert_is_a_region_around_its_own(self) -> None:
        advert = one(pagexml(NEWS), "p:Page/p:AdvertRegion")
        assert [e.get("id") for e in found(advert, "p:TextRegion")] == ["b006"]
        assert points(advert) == "600,1200 680,1200 680,1220 600,1220"

    def test_a_table_says_its_rows_and_columns(self) -> None:
        table = one(pagexml(NEWS), "p:Page/p:TableRegion")
        assert (table.get("rows"), table.get("columns")) == ("2", "2")
        assert one(table, "p:TextRegion").get("id") == "b007"

    def test_pictures_rules_and_frames(self) -> None:
        root = pagexml(NEWS)
        assert points(one(root, ".//p:ImageRegion")) == "100,400 500,400 500,680 100,680"
        assert points(one(root, ".//p:SeparatorRegion")) == "100,60 900,60 900,62 100,62"
        graphics = {e.get("id"): e.get("type") for e in found(root, ".//p:GraphicRegion")}
        assert graphics == {"i02": "other", "frame1": "frame"}

    def test_the_groups_are_the_articles_adverts_last(self) -> None:
        groups = found(pagexml(NEWS), ".//p:OrderedGroupIndexed")
        refs = [[e.get("regionRef") for e in found(g, "p:RegionRefIndexed")] for g in groups]
        assert refs == [
            ["b001"],
            ["b002", "b003", "b004", "i01", "b005"],
            ["b007"],
            ["b006"],
            ["i02"],
        ]
        assert [g.get("type") for g in groups] == ["other", *["article"] * 3, "other"]
        assert groups[1].get("caption") == "河水清了"
        assert groups[1].get("continuation") == "true"
        assert groups[3].get("regionRef") == "a01"

    def test_relations_tie_pictures_to_captions_and_columns_to_columns(self) -> None:
        ties = {
            (r.get("type"), *(e.get("regionRef") for e in r))
            for r in found(pagexml(NEWS), ".//p:Relation")
        }
        assert ties == {("link", "i01", "b005"), ("join", "b003", "b004")}

    def test_a_block_in_which_a_paragraph_goes_on_is_a_continuation(self) -> None:
        root = pagexml(NEWS)
        going = [e.get("id") for e in found(root, ".//p:TextRegion[@continuation]")]
        assert going == ["b004"]

    def test_style_of_a_region(self) -> None:
        style = one(pagexml(NEWS), ".//p:TextRegion[@id='b002']/p:TextStyle")
        assert style.get("fontSize") == "20"
        assert style.get("bold") == "true"
        # Red is the lowest byte: 0xC7 + 256 * 0x0D + 65536 * 0x1A.
        assert style.get("textColourRgb") == "1707463"


class TestLines:
    def test_text_stands_on_region_line_word_and_character(self) -> None:
        region = one(pagexml(NEWS), ".//p:TextRegion[@id='b007']")
        assert one(region, "p:TextEquiv/p:Unicode").text == "一 二\n三 四"
        read = found(region, "p:TextLine")[0]
        assert one(read, "p:TextEquiv/p:Unicode").text == "一 二"
        assert [e.text for e in found(read, "p:Word/p:TextEquiv/p:Unicode")] == ["一", "二"]
        assert [e.text for e in found(read, "p:Word/p:Glyph/p:TextEquiv/p:Unicode")] == ["一", "二"]

    def test_vertical_setting(self) -> None:
        made = page(
            block("b001", Role.BODY, down("直排文字", 500, 100), down("二行", 470, 100)),
            mode=WritingMode.VERTICAL,
            language="zh-Hant",
        )
        root = pagexml(made)
        for element in (one(root, "p:Page"), one(root, ".//p:TextRegion")):
            assert element.get("readingDirection") == "top-to-bottom"
            assert element.get("textLineOrder") == "right-to-left"
        assert one(root, "p:Page").get("primaryScript") == "Hant - Han (Traditional variant)"
        assert found(root, ".//p:Baseline")[0].get("points") == "510,100 510,180"

    def test_a_line_from_right_to_left(self) -> None:
        turned = line("報晚川北", 100, 100)
        turned = replace(turned, text=turned.text[::-1], chars=turned.chars[::-1])
        read = one(pagexml(page(block("b001", Role.MASTHEAD, turned))), ".//p:TextLine")
        assert read.get("readingDirection") == "right-to-left"


class TestPlaces:
    def test_a_bent_page_is_outlined_on_its_scan(self) -> None:
        # A page that sags in the middle, by ten pixels half-way across.
        sag = Mesh(500.0, 3, (0.0,) * 12, (0.0, 10.0, 0.0) * 4)
        wide = block("b001", Role.BODY, line("横贯全版的一行文字", 0, 100, 1000 / 9))
        made = replace(page(wide), scan=Scan(1000, 1600, 144.0, Transform(mesh=sag)))
        read = one(pagexml(made), ".//p:TextLine")
        assert points(read) == "0,100 500,110 1000,100 1000,211 500,221 0,211"
        assert one(read, "p:Baseline").get("points") == "0,198 500,208 1000,198"

    def test_points_are_whole_and_on_the_image(self, written: Path) -> None:
        for path, made in models(written):
            root = etree.parse(path.with_suffix(".page.xml")).getroot()
            for element in root.iter(f"{{{PAGE}}}Coords", f"{{{PAGE}}}Baseline"):
                pairs = [pair.split(",") for pair in str(element.get("points")).split(" ")]
                assert all(
                    0 <= int(x) <= made.width and 0 <= int(y) <= made.height for x, y in pairs
                )

    def test_a_page_of_nothing_is_valid(self) -> None:
        assert found(pagexml(page()), ".//p:ReadingOrder") == []

    def test_the_time_stamp_is_the_only_thing_that_changes(self) -> None:
        later = replace(OPTIONS, sent=datetime(2025, 1, 1, tzinfo=UTC))
        first, second = page_to_pagexml(NEWS, OPTIONS), page_to_pagexml(NEWS, later)
        assert first != second
        assert first.replace(b"2024-06-06", b"2025-01-01") == second


words = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
numbers = st.floats(-200, 2000, allow_nan=False)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    x, y = draw(numbers), draw(numbers)
    return Box(x, y, x + abs(draw(numbers)), y + abs(draw(numbers)))


@st.composite
def any_lines(draw: st.DrawFn) -> Line:
    text = draw(words)
    chars = draw(st.just(()) | st.tuples(*[boxes() for _ in text]))
    mode = draw(st.sampled_from(WritingMode))
    sure = draw(st.floats(-1, 2))
    return Line(text, draw(boxes()), abs(draw(numbers)), mode, confidence=sure, chars=chars)


@st.composite
def any_pages(draw: st.DrawFn) -> Page:
    """Pages that no reading would give: boxes anywhere, references to nothing."""
    names = draw(st.lists(st.sampled_from(["b001", "b002", "b003", "块一", "b 4"]), unique=True))
    made = tuple(
        Block(
            name,
            draw(st.sampled_from(Role)),
            draw(boxes()),
            tuple(draw(st.lists(any_lines(), max_size=3))),
        )
        for name in names
    )
    some = st.sampled_from([*names, "b999"])
    articles = tuple(
        Article(
            f"a{n:02d}",
            tuple(draw(st.lists(some, max_size=4))),
            tuple(draw(st.lists(st.sampled_from(["i01", "i02"]), max_size=2))),
            (Headline(Role.HEADLINE, draw(words)),),
            (Paragraph(draw(words), blocks=tuple(draw(st.lists(some, max_size=3)))),),
            (Caption(draw(words), draw(st.sampled_from(["i01", "i09", None])), block=draw(some)),),
            advert=draw(st.booleans()),
        )
        for n in range(draw(st.integers(0, 3)))
    )
    turn = Transform((0.7, 0.7, 0.0, -0.7, 0.7, 300.0))
    scan = draw(st.none() | st.just(Scan(900, 1200, 96.0, turn)))
    return Page(
        draw(words) or "p",
        "issue",
        SourceInfo(draw(words)),
        draw(st.integers(0, 1500)),
        1500,
        144.0,
        blocks=made,
        articles=articles,
        pictures=(Picture("i01", draw(boxes())), Picture("i02", draw(boxes()))),
        rules=(Rule(draw(boxes())),),
        frames=(Frame(draw(boxes())),),
        scan=scan,
    )


@pytest.mark.parametrize("form", ["alto", "page"])
@settings(deadline=None, max_examples=60)
@given(made=any_pages())
def test_any_page_gives_a_valid_file_with_all_its_words(form: str, made: Page) -> None:
    data = page_to_alto(made, OPTIONS, {}) if form == "alto" else page_to_pagexml(made, OPTIONS)
    assert [str(p) for p in check_message(data, "p1", SCHEMAS)] == []
    root = etree.fromstring(data)
    if form == "alto":
        read = [str(e.get("CONTENT")) for e in root.iter("{*}String")]
    else:
        read = [str(e.text or "") for e in root.iterfind(".//{*}Word/{*}TextEquiv/{*}Unicode")]
    printed = [
        re.sub(r"[ \t\n\r\f\v\u00a0]", "", clean(x.text)) for b in made.blocks for x in b.lines
    ]
    assert sorted("".join(read)) == sorted("".join(p for p in printed if p.strip()))
