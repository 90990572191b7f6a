"""The searchable PDF: what is read out of it, where, and what it looks like."""

from __future__ import annotations

import io
import shutil
import subprocess
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from epaper.errors import ExportError
from epaper.export.blankfont import STEPS, font_file
from epaper.export.newsml import reading_order
from epaper.export.options import ExportOptions, Sheet
from epaper.export.pdf import page_to_pdf
from epaper.export.pdfdrawing import blanked
from epaper.export.telling import placed
from epaper.export.write import write_page
from epaper.geometry import Box, hull
from epaper.model import (
    Article,
    Block,
    Facts,
    Headline,
    Line,
    Page,
    Paragraph,
    Role,
    SourceInfo,
    WritingMode,
)
from epaper.pipeline import Options, TextFrom, convert_page
from epaper.sources.pages import open_pages
from tests.conftest import STORY
from tests.typeset import columns, down, line, prose, tiers

OPTIONS = ExportOptions()
FACTS = Facts(paper="城东日报", date="2024-06-05", page_number="3", section="要闻")
FIRST, SECOND = prose(1, 200), prose(21, 160)


def squeezed(text: str) -> str:
    return "".join(text.split())


def block(name: str, role: Role, lines: list[Line]) -> Block:
    return Block(name, role, hull(x.box for x in lines), tuple(lines), lines[0].mode)


def told(name: str, headline: Line, lines: list[Line], text: str) -> tuple[Article, list[Block]]:
    blocks = [block(f"{name}h", Role.HEADLINE, [headline]), block(f"{name}b", Role.BODY, lines)]
    return (
        Article(
            name,
            tuple(b.id for b in blocks),
            headlines=(Headline(Role.HEADLINE, headline.text),),
            paragraphs=(Paragraph(text, blocks=(f"{name}b",)),),
        ),
        blocks,
    )


def page_of(*stories: tuple[Article, list[Block]], loose: tuple[Block, ...] = ()) -> Page:
    blocks = (*loose, *(b for _, own in stories for b in own))
    lines = tuple(x for b in blocks for x in b.lines)
    source = SourceInfo("p.pdf", kind="pdf")
    return Page(
        "p", "i", source, 2400, 3000, 300.0, lines=lines, blocks=blocks,
        articles=tuple(article for article, _ in stories), facts=FACTS,
    )  # fmt: skip


@pytest.fixture(scope="module")
def two() -> Page:
    """Two stories beside each other, the one on the right told first."""
    a = told("a01", line("右面的新闻", 1250, 300, 80), columns([FIRST], 1250, 420, 9), FIRST)
    b = told("a02", line("左面的新闻", 50, 300, 80), columns([SECOND], 50, 420, 8), SECOND)
    return page_of(a, b, loose=(block("m", Role.MASTHEAD, [line("城东日报", 50, 50, 150)]),))


@pytest.fixture(scope="module")
def vertical() -> Page:
    a = told("a01", down("右起竖排", 2200, 100, 80), tiers([FIRST], 2150, 100, 16), FIRST)
    b = told("a02", down("另一篇", 1000, 100, 80), tiers([SECOND], 950, 100, 14), SECOND)
    return page_of(a, b)


@pytest.fixture
def sheet() -> Sheet:
    return Sheet(image=np.full((300, 240, 3), 250, np.uint8))


def opened(data: bytes) -> Any:
    return pymupdf.open("pdf", data)


def by_mupdf(path: Path) -> str:
    with pymupdf.open(path) as document:
        return str(document[0].get_text())


def by_pdfium(path: Path) -> str:
    return str(pypdfium2.PdfDocument(path)[0].get_textpage().get_text_range())


def by_poppler(path: Path) -> str:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext is not installed (Debian: poppler-utils)")
    run = subprocess.run([program, "-raw", path, "-"], capture_output=True, check=True)
    return run.stdout.decode()


READERS = [by_mupdf, by_pdfium, by_poppler]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("setting", ["two", "vertical"])
def test_readers_find_the_stories_whole_and_in_order(
    read: Callable[[Path], str],
    setting: str,
    sheet: Sheet,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    page: Page = request.getfixturevalue(setting)
    path = tmp_path / "p.pdf"
    path.write_bytes(page_to_pdf(page, OPTIONS, sheet))
    text = squeezed(read(path))
    expected = "".join(squeezed(x.text) for b in page.blocks for x in b.lines)
    assert text == expected
    for article in reading_order(page):
        assert article.headline() + article.paragraphs[0].text in text


@pytest.mark.parametrize("setting", ["two", "vertical"])
def test_each_character_lies_where_it_was_printed(
    setting: str, sheet: Sheet, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(setting)
    wanted = [(char, cell) for x in page.lines for char, cell in zip(x.text, cells(x), strict=True)]
    found = list(characters(opened(page_to_pdf(page, OPTIONS, sheet))[0], 300))
    assert [char for char, _ in found] == [char for char, _ in wanted]
    for (char, box), (_, cell) in zip(found, wanted, strict=True):
        slack = 0.1 * cell.width
        assert box.grown(slack).contains(cell) and cell.grown(slack).contains(box), char


def cells(x: Line) -> list[Box]:
    if x.mode is WritingMode.VERTICAL:
        tops = [x.box.y0 + k * x.size for k in range(len(x.text))]
        return [Box(x.box.x0, y, x.box.x1, y + x.size) for y in tops]
    lefts = [x.box.x0 + k * x.size for k in range(len(x.text))]
    return [Box(left, x.box.y0, left + x.size, x.box.y1) for left in lefts]


def characters(page: Any, dpi: float) -> Iterator[tuple[str, Box]]:
    """Characters of a PDF page with their boxes in pixels, in the order of the stream."""
    for part in page.get_text("rawdict", flags=0)["blocks"]:
        for row in part["lines"]:
            for span in row["spans"]:
                for char in span["chars"]:
                    yield char["c"], Box(*char["bbox"]).scaled(dpi / 72)


def test_letterspaced_words_stay_words(sheet: Sheet) -> None:
    spaced = Line(
        "通告书",
        Box(100, 100, 700, 180),
        80,
        chars=tuple(Box(x, 100, x + 80, 180) for x in (100, 360, 620)),
    )
    page = page_of(told("a01", spaced, columns([FIRST], 100, 420, 20), FIRST))
    assert "通告书" in opened(page_to_pdf(page, OPTIONS, sheet))[0].get_text()


def test_latin_words_keep_their_spaces(sheet: Sheet) -> None:
    text = "The quick brown fox"
    body = Line(text, Box(100, 500, 100 + 20 * len(text), 540), 40)
    page = page_of(told("a01", line("标题", 100, 100, 80), [body], text))
    assert text in opened(page_to_pdf(page, OPTIONS, sheet))[0].get_text()


def test_a_correction_is_what_the_pdf_says(two: Page, sheet: Sheet) -> None:
    lead = two.articles[0]
    text = lead.paragraphs[0].text
    mended = text.replace(text[20:23], "改正了的字", 1)
    lead = replace(lead, paragraphs=(Paragraph(mended, blocks=lead.paragraphs[0].blocks),))
    page = replace(two, articles=(lead, two.articles[1]))
    said = squeezed(opened(page_to_pdf(page, OPTIONS, sheet))[0].get_text())
    assert mended in said
    assert text not in said


def test_what_stands_in_a_field_of_its_own_follows_the_story(sheet: Sheet) -> None:
    lines = columns([FIRST], 100, 420, 20)
    marker = line("（下转第五版）", 100, 1600)
    article, blocks = told("a01", line("标题", 100, 100, 80), [*lines, marker], FIRST)
    said = squeezed(opened(page_to_pdf(page_of((article, blocks)), OPTIONS, sheet))[0].get_text())
    assert said == "标题" + FIRST + "（下转第五版）"


def test_bookmarks_lead_to_the_stories(two: Page, sheet: Sheet) -> None:
    rows = opened(page_to_pdf(two, OPTIONS, sheet)).get_toc(simple=False)
    assert [row[1] for row in rows] == ["右面的新闻", "左面的新闻"]
    assert rows[0][3]["to"].x > rows[1][3]["to"].x > 0


def test_the_document_knows_paper_date_and_language(two: Page, sheet: Sheet) -> None:
    document = opened(page_to_pdf(two, OPTIONS, sheet))
    assert document.metadata["title"] == "城东日报 2024-06-05 第3版 要闻"
    assert document.metadata["author"] == "城东日报"
    assert document.metadata["creationDate"].startswith("D:20240605")
    assert "<prism:coverDate>2024-06-05<" in document.get_xml_metadata()
    assert document.language == "zh-Hans"


def test_every_marked_content_has_its_place_in_the_structure(two: Page, sheet: Sheet) -> None:
    document = opened(page_to_pdf(two, OPTIONS, sheet))
    root = int(document.xref_get_key(document.pdf_catalog(), "StructTreeRoot")[1].split()[0])
    kinds: list[str] = []
    numbers: list[int] = []

    def walk(xref: int) -> None:
        kinds.append(document.xref_get_key(xref, "S")[1])
        kind, value = document.xref_get_key(xref, "K")
        if kind == "int":
            numbers.append(int(value))
        else:
            for kid in [int(k) for k in value.strip("[]").replace("0 R", "").split()]:
                walk(kid)

    walk(int(document.xref_get_key(root, "K")[1].split()[0]))
    assert kinds == ["/Document", "/Sect", "/P", "/Art", "/H1", "/P", "/Art", "/H1", "/P"]
    stream = document[0].read_contents()
    assert numbers == [k for k in range(5) if b"<</MCID %d>> BDC" % k in stream]


def test_the_same_page_gives_the_same_bytes(two: Page, sheet: Sheet) -> None:
    assert page_to_pdf(two, OPTIONS, sheet) == page_to_pdf(two, OPTIONS, sheet)


# What is seen


def converted(path: Path) -> Page:
    return convert_page(open_pages(path)[0], "i", Options(TextFrom.LAYER))[0].page


def pixels(page: Any) -> np.ndarray:
    pixmap = page.get_pixmap(dpi=50)
    return np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, -1)


@pytest.fixture
def printed(tmp_path: Path) -> Path:
    """A born-digital page with its font in the file."""
    path = tmp_path / "printed.pdf"
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=560)
        page.insert_font(fontname="F", fontbuffer=pymupdf.Font("cjk").buffer)
        page.insert_text((50, 80), "城东图书馆开馆", fontname="F", fontsize=28)
        for row in range(20):
            words = STORY[14 * row : 14 * row + 14]
            page.insert_text((50, 120 + row * 15), words, fontname="F", fontsize=10)
        document.subset_fonts()
        document.save(path, deflate=True)
    return path


@pytest.mark.parametrize("read", READERS)
def test_a_born_digital_page_says_everything_once(
    read: Callable[[Path], str], printed: Path, tmp_path: Path
) -> None:
    page = converted(printed)
    path = tmp_path / "out.pdf"
    path.write_bytes(page_to_pdf(page, OPTIONS, Sheet(pdf=printed)))
    assert squeezed(read(path)) == squeezed("".join(x.text for x in page.lines))


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_born_digital_page_looks_as_before(rotation: int, printed: Path) -> None:
    with pymupdf.open(printed) as original:
        original[0].set_rotation(rotation)
        original.saveIncr()
        rect, before = original[0].rect, pixels(original[0])
    page = replace(page_of(), width=round(rect.width), height=round(rect.height), dpi=72.0)
    made = opened(page_to_pdf(page, OPTIONS, Sheet(pdf=printed)))
    assert np.array_equal(pixels(made[0]), before)
    assert made[0].get_text() == ""


def test_layers_that_were_hidden_stay_hidden(printed: Path) -> None:
    with pymupdf.open(printed) as original:
        before = pixels(original[0])
        hidden = original.add_ocg("other edition", on=False)
        original[0].draw_rect((100, 100, 300, 300), fill=(0, 0, 0), oc=hidden)
        original.saveIncr()
    made = opened(page_to_pdf(converted(printed), OPTIONS, Sheet(pdf=printed)))
    assert np.array_equal(pixels(made[0]), before)


def test_scripts_attachments_and_links_stay_behind(printed: Path) -> None:
    with pymupdf.open(printed) as document:
        document.embfile_add("a.exe", b"MZ")
        script = document.get_new_xref()
        document.update_object(script, "<</S/JavaScript/JS(app.alert\\(1\\))>>")
        document.xref_set_key(document.pdf_catalog(), "OpenAction", f"{script} 0 R")
        document[0].insert_link(
            {
                "kind": pymupdf.LINK_URI,
                "from": pymupdf.Rect(0, 0, 99, 99),
                "uri": "http://example.org/",
            }
        )
        document.saveIncr()
    data = page_to_pdf(page_of(), OPTIONS, Sheet(pdf=printed))
    made = opened(data)
    assert made.embfile_count() == 0
    assert made[0].get_links() == []
    objects = [made.xref_object(x) for x in range(1, made.xref_length())]
    assert not any("JavaScript" in o or "OpenAction" in o for o in objects)


def test_what_a_page_says_of_its_glyphs_is_not_said_again(printed: Path) -> None:
    with pymupdf.open(printed) as document:
        xref = document[0].get_contents()[0]
        said = b"/Span <</ActualText <feff4e8b>>> BDC\n" + document.xref_stream(xref) + b"\nEMC"
        document.update_stream(xref, said)
        document.saveIncr()
    assert "事" in by_mupdf(printed)
    made = opened(page_to_pdf(page_of(), OPTIONS, Sheet(pdf=printed)))
    assert made[0].get_text() == ""


def test_a_scan_is_shown_as_it_was_restored(two: Page) -> None:
    image = np.full((3000, 2400, 3), 230, np.uint8)
    image[500:900, 300:800] = (40, 40, 40)
    made = opened(page_to_pdf(two, OPTIONS, Sheet(image=image)))
    assert tuple(made[0].rect) == pytest.approx((0, 0, 576, 720))
    shown = pixels(made[0]).astype(int)
    assert abs(shown - image[::6, ::6][: shown.shape[0], : shown.shape[1]]).mean() < 2
    assert colours(made) == 1


def test_colour_stays_colour(two: Page) -> None:
    image = np.full((3000, 2400, 3), 230, np.uint8)
    image[500:900, 300:800] = (200, 30, 30)
    assert colours(opened(page_to_pdf(two, OPTIONS, Sheet(image=image)))) == 3


def colours(document: Any) -> int:
    """How many colours the one picture of the page is made of."""
    (picture,) = document[0].get_images()
    return int(document.extract_image(picture[0])["colorspace"])


def test_a_page_written_again_takes_its_looks_from_the_pdf_there(
    two: Page, sheet: Sheet, tmp_path: Path
) -> None:
    (first, *_) = write_page(two, tmp_path, OPTIONS, {}, ["pdf"], sheet=sheet)
    before = pixels(opened(first.read_bytes())[0])
    fewer = replace(two, articles=two.articles[:1])
    (again, *_) = write_page(fewer, tmp_path, OPTIONS, {}, ["pdf"])
    document = opened(again.read_bytes())
    assert np.array_equal(pixels(document[0]), before)
    assert [row[1] for row in document.get_toc()] == ["右面的新闻"]
    assert squeezed(document[0].get_text()).count(FIRST) == 1
    assert again.stat().st_size < len(page_to_pdf(two, OPTIONS, sheet))


@pytest.mark.parametrize("seen", ["scan", "born digital"])
def test_writing_the_same_again_gives_the_same_bytes(
    seen: str, two: Page, sheet: Sheet, printed: Path, tmp_path: Path
) -> None:
    shown = sheet if seen == "scan" else Sheet(pdf=printed)
    path = tmp_path / "first.pdf"
    path.write_bytes(page_to_pdf(two, OPTIONS, shown))
    assert page_to_pdf(two, OPTIONS, Sheet(written=path)) == path.read_bytes()


@pytest.mark.parametrize("seen", ["scan", "born digital"])
def test_the_file_is_sound_by_another_program(
    seen: str, two: Page, sheet: Sheet, printed: Path, tmp_path: Path
) -> None:
    program = shutil.which("qpdf")
    if program is None:
        pytest.skip("qpdf is not installed (Debian: qpdf)")
    path = tmp_path / "p.pdf"
    path.write_bytes(page_to_pdf(two, OPTIONS, sheet if seen == "scan" else Sheet(pdf=printed)))
    run = subprocess.run([program, "--check", path], capture_output=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_pdf_needs_something_to_show(two: Page, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no picture of the page"):
        write_page(two, tmp_path, OPTIONS, {}, ["pdf"])
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 broken"])
def test_a_pdf_that_cannot_be_read_is_one_sentence(two: Page, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "p.pdf"
    path.write_bytes(data)
    for sheet in (Sheet(pdf=path), Sheet(written=path)):
        with pytest.raises(ExportError):
            page_to_pdf(two, OPTIONS, sheet)


# Parts


def test_the_font_is_sound_truetype() -> None:
    with TTFont(io.BytesIO(font_file()), checkChecksums=2) as font:
        for tag in font.keys():  # noqa: SIM118  # the tables are read when they are asked for
            assert font[tag] is not None
        names = font.getGlyphOrder()
        assert font["hmtx"][names[STEPS]] == (1000, 0)
        assert font["glyf"][names[-1]].yMax == 0


def test_a_character_map_says_nothing_any_more() -> None:
    cmap = (
        b"1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        b"2 beginbfchar\n<0001> <4e00>\n<0002><d840dc00>\nendbfchar\n"
        b"2 beginbfrange\n<0010> <0012> <4e10>\n<0020> <0021> [<4e20> <4e21>]\nendbfrange"
    )
    assert b"4e" not in blanked(cmap)
    assert b"<0010> <0012> [<0020><0020><0020>]" in blanked(cmap)
    assert b"<0001> <0020>" in blanked(cmap)
    assert b"<0000> <ffff> endcodespacerange" in blanked(cmap)


words = st.text(st.characters(codec="utf-8", categories=("Lo", "Ll", "Po", "Zs")), max_size=12)


@settings(deadline=None)
@given(st.lists(words, max_size=4), st.lists(words, min_size=1, max_size=5))
def test_any_text_is_said_whole_on_any_lines(texts: list[str], printed: list[str]) -> None:
    lines = [line(text, 100, 100 * k) for k, text in enumerate(printed)]
    found, left = placed(texts, lines)
    ink = squeezed("".join(printed))
    for text, runs in zip(texts, found, strict=True):
        assert squeezed("".join(r.text for r in runs)) == (squeezed(text) if ink else "")
        assert all(len(r.text) == len(r.boxes) for r in runs)
    if ink and not squeezed("".join(texts)):
        assert squeezed("".join(r.text for r in left)) == ink


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_written(text: str) -> None:
    article, blocks = told("a01", line("标题", 100, 100, 80), [line("正文", 100, 300)], text)
    sheet = Sheet(image=np.full((30, 24, 3), 250, np.uint8))
    said = opened(page_to_pdf(page_of((article, blocks)), OPTIONS, sheet))[0].get_text()
    letters = {c for c in text if unicodedata.category(c) in ("Ll", "Lu", "Lo") and ord(c) < 0xFB00}
    assert letters <= set(said) | {c for d in text for c in unicodedata.normalize("NFKC", d)}
