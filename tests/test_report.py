"""The quality report: its figures, and the one file it is."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from lxml import html
from PIL import Image

from epaper.batch.outcome import Reason
from epaper.cli import main
from epaper.errors import ExitCode
from epaper.geometry import Box
from epaper.model import (
    Article,
    Block,
    Doubt,
    Facts,
    Headline,
    Line,
    Origin,
    Page,
    Paragraph,
    Role,
    SourceInfo,
)
from epaper.quality.html import Sight, render
from epaper.quality.measures import Measures, measure
from epaper.quality.survey import _REASONS, Break, IssueRecord, Layer, PageRecord, kind_of, survey

SetPage = Callable[..., Path]
BOX = Box(0, 0, 10, 10)


def record(name: str, **figures: object) -> PageRecord:
    """A page that is done, ``issue/page``, with these figures."""
    issue, page = name.split("/")
    return PageRecord(issue, page, f"{page}.pdf", "done", Measures(**figures))  # type: ignore[arg-type]


def test_a_page_in_figures() -> None:
    lines = (
        Line("一二三四五六七八九十", BOX, 10, confidence=0.5, origin=Origin.OCR),
        Line("一二三四五六七八九十" * 3, BOX, 10, confidence=0.999, origin=Origin.OCR),
        Line("版权所有", BOX, 10),
    )
    told = Article(
        "a01",
        headlines=(Headline(Role.HEADLINE, "大桥通车"),),
        paragraphs=(Paragraph("字" * 30),),
        membership=0.8,
    )
    bare = Article("a02", paragraphs=(Paragraph("字" * 10),), membership=0.4)
    page = Page(
        "p1", "day", SourceInfo("p1.pdf"), 100, 100, 72.0,
        lines=lines,
        blocks=(Block("b001", Role.FURNITURE, BOX, lines[2:]),),
        articles=(told, bare, Article("a03", advert=True)),
        facts=Facts(paper="山城日报", date="2024-06-05", page_number="1"),
        doubts=(Doubt("weak-text", ""), Doubt("weak-text", ""), Doubt("coverage", "")),
        coverage=0.9,
    )  # fmt: skip
    found = measure(page)
    assert (found.characters, found.ocr, found.weak) == (44, 40, 10)
    assert found.confidence == pytest.approx((10 * 0.5 + 30 * 0.999) / 40)
    assert (found.stories, found.headless, found.adverts, found.orphans) == (2, 1, 1, 1)
    assert found.membership == pytest.approx((30 * 0.8 + 10 * 0.4) / 40)
    assert found.doubts == {"weak-text": 2, "coverage": 1}
    # Few of the sure line's characters are wrong, many of the weak one's, none of the layer's.
    assert 0.2 * 10 < found.errors < 0.9 * 10
    assert found.trouble > 1 - 0.9 * found.membership


def test_nothing_read_is_the_worst_and_all_well_is_no_trouble() -> None:
    assert Measures().trouble == 1.0
    assert Measures(characters=100).trouble == 0.0


def test_the_worst_come_first_and_failed_pages_by_themselves() -> None:
    pages = [
        record("a/fine", characters=100),
        record("a/bad", characters=100, errors=20.0),
        record("a/loose", characters=100, coverage=0.7),
        PageRecord("a", "gone", "gone.pdf", "failed", error="gone.pdf is empty."),
    ]
    found = survey(pages, [], sample=2)
    assert [each.page for each in found.worst] == ["loose", "bad", "fine"]
    assert [each.page for each in found.bad] == ["gone"]
    assert found.totals.pages == 3
    assert found.totals.error_rate == pytest.approx(20 / 300)
    assert found.totals.coverage == pytest.approx(0.9)


def test_trends_run_over_years_or_over_the_months_of_one() -> None:
    years = [record(f"{y}/1", date=f"{y}-05-01", characters=10, errors=1.0) for y in (1999, 1985)]
    found = survey([*years, record("x/1")], [], 0)
    assert [when for when, _ in found.trend] == ["1985", "1999"]
    assert found.undated == 1
    months = [record(f"m/{m}", date=f"1999-{m:02d}-01", characters=10) for m in (3, 2, 3)]
    trend = survey(months, [], 0).trend
    assert [(when, sum_.pages) for when, sum_ in trend] == [("1999-02", 1), ("1999-03", 2)]


def test_the_sample_is_drawn_from_all_and_stays_the_same() -> None:
    pages = [record(f"d/{number:03d}", characters=9) for number in range(200)]
    first = [each.page for each in survey(pages, [], 20).sample]
    assert first == [each.page for each in survey(pages[::-1], [], 20).sample]
    assert len(set(first)) == 20
    assert min(first) < "050"
    assert max(first) > "150"
    assert len(survey(pages[:5], [], 20).sample) == 5


def test_a_page_without_a_name_belongs_to_the_paper_of_its_issue() -> None:
    pages = [
        record("mon/1", paper="山城日报", date="2001-01-01"),
        record("mon/2", date="2001-01-01"),
        record("tue/1", paper="江口晚报", date="2002-02-02"),
    ]
    papers = survey(pages, [], 0).papers
    assert [(p.name, p.issues, p.pages, p.first) for p in papers] == [
        ("山城日报", 1, 2, "2001-01-01"),
        ("江口晚报", 1, 1, "2002-02-02"),
    ]


def test_dates_without_an_issue_show_where_a_paper_has_a_rhythm() -> None:
    daily = [record(f"d{d}/1", paper="日报", date=f"1950-03-{d:02d}") for d in range(1, 32)]
    weekly = [record(f"w{d}/1", paper="周报", date=f"1950-03-{d:02d}") for d in range(1, 32, 7)]
    odd = [
        record(f"o{d}/1", paper="不定期", date=f"1950-{d:02d}-0{d % 9 + 1}") for d in range(1, 13)
    ]
    lost = [page for page in daily if page.measures.date not in ("1950-03-08", "1950-03-09")]
    assert survey([*daily, *weekly, *odd], [], 0).breaks == ()
    assert survey([*lost, *weekly, record("x/1", date="3月")], [], 0).breaks == (
        Break("日报", "1950-03-08", "1950-03-09", 2),
    )


def test_failures_are_told_in_chinese_too_and_confidence_where_pages_lie() -> None:
    bad = PageRecord("a", "1", "1.pdf", "aside", error="1.pdf: took too long.", reason="time")
    sure = [
        record(f"d/{n}", characters=9, ocr=9, confidence=c) for n, c in enumerate((0.2, 0.99, 1))
    ]
    found = survey([bad, *sure], [], 0)
    assert found.spread == (1, 0, 0, 0, 0, 0, 0, 0, 0, 2)
    assert "处理超时" in render(found, {r.name: Sight() for r in sure}, "out", datetime(2024, 6, 5))
    assert {str(reason) for reason in Reason} == set(_REASONS)


def test_doubts_are_sorted_into_the_three_layers() -> None:
    missing = Doubt("page-missing", "Pages of this issue are not here: 2–4.")
    pages = [
        record("d/1", doubts={"weak-text": 5, "unplaced": 1}),
        record("d/2", doubts={"weak-text": 1}),
    ]
    found = survey(pages, [IssueRecord("d", 2, (missing,))], 0)
    (weak,) = found.kinds_of("ocr")
    assert (weak.code, weak.count, weak.places) == ("weak-text", 6, 2)
    assert [kind.code for kind in found.kinds_of("layout")] == ["unplaced"]
    assert [kind.code for kind in found.kinds_of("newspaper")] == ["page-missing"]
    assert found.gaps == (("d", "缺版：2–4", missing.message),)
    assert found.over_pages == 2


def test_every_doubt_the_program_knows_has_its_layer_and_a_chinese_name() -> None:
    package = Path(__file__).parent.parent / "epaper"
    rooms = [package / "pipeline.py", *(package / "news").glob("*.py")]
    rooms += (package / "issue").glob("*.py")
    codes = set()
    for path in rooms:
        codes |= set(re.findall(r'Doubt\(\s*f?"([a-z-]+)', path.read_text(encoding="utf-8")))
    assert {"weak-text", "page-missing", "no-date"} <= codes
    assert [code for code in sorted(codes) if not kind_of(code.rstrip("-"))[1]] == []
    assert kind_of("something-new") == (Layer.LAYOUT, "")


def test_the_report_of_a_run_is_one_file_that_needs_nothing_else(
    tmp_path: Path, set_page: SetPage, capsys: pytest.CaptureFixture[str]
) -> None:
    scans, out = tmp_path / "in", tmp_path / "out"
    set_page(scans / "day" / "01.pdf", "大桥通车")
    set_page(scans / "day" / "02.pdf", "公园免费")
    (scans / "day" / "03.png").write_bytes(b"no picture")
    main(["convert", str(scans), "-o", str(out), "-j", "1"])
    (scans / "day" / "02.pdf").unlink()
    capsys.readouterr()
    assert main(["report", str(out)]) == ExitCode.DONE
    assert "2 pages of 1 issues" in capsys.readouterr().out

    text = (out / "report.html").read_text(encoding="utf-8")
    document = html.fromstring(text)
    words = document.text_content()
    for layer in ("报纸层", "版式层", "OCR层"):
        assert layer in words
    assert "Newspaper: are the issues whole and dated?" in words
    assert "人工抽查" in words
    assert "Sample to check by hand" in words
    assert "大桥通车" in words
    assert "03.png" in words
    assert "02.pdf does not exist" in words

    links = [value for _, name, value, _ in document.iterlinks() if name in ("src", "href")]
    assert links
    assert all(link.startswith("data:image/jpeg;base64,") for link in links)
    assert "http://" not in re.sub(r'"data:[^"]*"', "", text)
    with Image.open(io.BytesIO(base64.b64decode(links[0].split(",", 1)[1]))) as picture:
        assert picture.width == pytest.approx(300, abs=2)


def test_names_from_outside_stay_text() -> None:
    evil = '<script>alert("x")</script>'
    pages = [record(f"d/{evil[:8]}p", paper=evil, characters=5)]
    found = survey(pages, [], 1)
    sights = {pages[0].name: Sight(reason=evil, headlines=(evil,))}
    text = render(found, sights, evil, datetime(2024, 6, 5))
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_a_report_of_nothing_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(tmp_path)]) == ExitCode.USAGE
    assert capsys.readouterr().err.count("\n") == 1
