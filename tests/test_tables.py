"""Tables whose cells are ruled: a row each, the lines of a cell together, in their story."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest
from typeset import EM, columns, line, page_of, prose

from epaper.geometry import Box
from epaper.layout import lay_out
from epaper.layout.entries import part_entries
from epaper.model import Article, Frame, Line, Origin, Paragraph, ParagraphKind, Rule
from epaper.pipeline import Options, TextFrom, convert_page
from epaper.sources.pages import open_pages

HEADLINE = "城东新校今秋招生计划公布"
TEXT = (
    "记者李明昨日上午从城东新建的小学了解到，学校今秋招生计划已经公布，共设六个年级，"
    "家长可以在网上报名，也可以到学校现场办理有关手续，咨询电话全天开通。"
)


def table_of(article: Article) -> Paragraph:
    (found,) = (p for p in article.paragraphs if p.kind is ParagraphKind.TABLE)
    return found


def ruled(xs: list[float], ys: list[float]) -> list[Rule]:
    flat = [Rule(Box(xs[0], y - 1, xs[-1], y + 1)) for y in ys]
    return flat + [Rule(Box(x - 1, ys[0], x + 1, ys[-1])) for x in xs]


def test_the_lines_of_a_ruled_cell_are_one_entry() -> None:
    xs, ys = [400.0, 700.0, 1100.0], [1200.0, 1270.0, 1400.0]
    rules = ruled(xs, ys)
    cells = [
        line("班级", 420, 1215),
        line("人数", 720, 1215),
        line("一年级", 420, 1285),
        line("一百二十名，", 720, 1285),
        line("住校三十名", 720, 1340),
    ]
    lines = [line(HEADLINE, 400, 300, 80), *columns([prose(1, 150)], 400, 460, 12), *cells]
    (article,) = lay_out(page_of(lines, rules)).articles
    assert article.headline() == HEADLINE
    assert table_of(article).rows == (("班级", "人数"), ("一年级", "一百二十名，住校三十名"))


def read_across(rows: list[str], worn: int = -1) -> tuple[list[Line], list[Rule]]:
    """Rows of three entries read as a line each, between rules; one rule lacks its beginning."""
    lines, rules = [], []
    for k, row in enumerate(rows):
        y = 1200.0 + 70 * k
        chars = tuple(Box(420 + n * EM, y, 420 + (n + 1) * EM, y + EM) for n in range(len(row)))
        lines.append(replace(line(row, 420, y), chars=chars, origin=Origin.OCR))
        rules.append(Rule(Box(480 if k == worn else 410, y - 16, 820, y - 14)))
    return lines, rules


def test_rows_read_as_one_line_each_are_cut_where_white_runs_down_through_all() -> None:
    rows, rules = read_across(
        ["品名 规格 价", "钢材 散装 七", "小麦 一级 三", "核桃 一级 十"], worn=2
    )
    lines = [line(HEADLINE, 400, 300, 80), *columns([prose(1, 150)], 400, 460, 12), *rows]
    (article,) = lay_out(page_of(lines, rules)).articles
    assert table_of(article).rows == tuple(tuple(x.text.split()) for x in rows)


def test_lines_of_text_between_rules_are_not_cut() -> None:
    rows, rules = read_across(["记者 李明昨日", "上午从城东新", "建 的小学了解"])
    assert part_entries(rows, rules) == tuple(rows)


def test_an_entry_in_larger_type_between_rules_is_of_the_table() -> None:
    """A scan's box may take in the rule under a letter."""
    names = ("名次", "一", "二", "三")
    cells = [line(n, 420, 1200 + 70 * k) for k, n in enumerate(names)]
    cells[2] = line("二", 420, 1200 + 140, 54)
    cells += [
        line(n, 620, 1200 + 70 * k) for k, n in enumerate(("队名", "海右队", "青年队", "岭南队"))
    ]
    rules = [Rule(Box(410, 1184 + 70 * k, 820, 1186 + 70 * k)) for k in range(4)]
    lines = [line(HEADLINE, 400, 300, 80), *columns([prose(1, 150)], 400, 460, 12), *cells]
    (article,) = lay_out(page_of(lines, rules)).articles
    assert table_of(article).rows[2] == ("二", "青年队")


def test_a_headline_under_the_last_rule_of_a_table_is_none_of_its_rows() -> None:
    names = (("城市", "天气", "最高"), ("云州", "小雨", "28℃"), ("安远", "雷阵雨", "16℃"))
    cells = [
        line(n, 420 + 240 * c, 1200 + 70 * k)
        for k, row in enumerate(names)
        for c, n in enumerate(row)
    ]
    rules = [Rule(Box(410, 1184 + 70 * k, 1060, 1186 + 70 * k)) for k in range(4)]
    second = line("新丰县法院审结一起案", 440, 1404, 54)
    more = columns([prose(11, 150)], 420, 1560, 12)
    lines = [line(HEADLINE, 400, 300, 80), *columns([prose(1, 150)], 400, 460, 12), *cells]
    page = lay_out(page_of([*lines, second, *more], rules))
    assert {a.headline() for a in page.articles} == {HEADLINE, second.text}
    assert sum(len(t.rows) for t in map(table_of, page.articles[:1])) == 3


def test_columns_of_text_between_rules_are_no_table() -> None:
    body = columns([prose(1, 900)], 400, 460, 24)
    rules = ruled([380.0, 990.0, 1610.0, 2230.0], [440.0, 1760.0])
    rules += [Rule(Box(380, 1100, 2230, 1102))]
    page = lay_out(page_of([line(HEADLINE, 400, 300, 80), *body], rules))
    kinds = {p.kind for a in page.articles for p in a.paragraphs}
    assert kinds == {ParagraphKind.TEXT}


def test_boxes_of_short_stories_between_rules_are_no_table() -> None:
    rules = ruled([380.0, 1000.0, 1620.0], [280.0, 580.0, 880.0])
    places = [(420.0, 300.0), (1040.0, 300.0), (420.0, 600.0), (1040.0, 600.0)]
    heads = [f"{word}市水位上涨" for word in "甲乙丙丁"]
    lines = [line(text, x, y, 70) for text, (x, y) in zip(heads, places, strict=True)]
    lines += [line("详情请留意后续报道。", x, y + 120) for x, y in places]
    lines += columns([prose(1, 300)], 400, 1000, 12)
    page = lay_out(page_of(lines, rules))
    kinds = {p.kind for a in page.articles for p in a.paragraphs}
    assert kinds == {ParagraphKind.TEXT}
    assert set(heads) <= {a.headline() for a in page.articles}


def test_the_outline_of_a_table_is_no_frame_around_a_story_of_its_own() -> None:
    xs, ys = [400.0, 700.0, 1100.0], [1200.0, 1270.0, 1340.0]
    outline = Frame(Box(xs[0], ys[0], xs[-1], ys[-1]))
    rules = [Rule(Box(400, 1269, 1100, 1271)), Rule(Box(699, 1200, 701, 1340))]
    words = [("班级", 420, 1215), ("人数", 720, 1215), ("一年级", 420, 1285), ("九十名", 720, 1285)]
    lines = [line(HEADLINE, 400, 300, 80), *columns([prose(1, 150)], 400, 460, 12)]
    lines += [line(*word) for word in words]
    (article,) = lay_out(page_of(lines, rules, [outline])).articles
    assert table_of(article).rows == (("班级", "人数"), ("一年级", "九十名"))


@pytest.fixture
def spanned(tmp_path: Path) -> Path:
    """A PDF of a story with a table in which one cell runs over two rows."""
    path = tmp_path / "page.pdf"
    with pymupdf.open() as document:
        sheet = document.new_page(width=500, height=700)

        def put(x: float, y: float, text: str, size: float = 9) -> None:
            sheet.insert_text((x, y), text, fontname="china-s", fontsize=size)

        put(40, 60, HEADLINE, 24)
        for row in range(4):
            put(40, 90 + 14 * row, TEXT[row * 20 : row * 20 + 20])
        for y in (160, 180, 200, 220):
            sheet.draw_line((40, y), (190 if y == 200 else 270, y), width=0.5)
        for x in (40, 110, 190, 270):
            sheet.draw_line((x, 160), (x, 220), width=0.5)
        for x, y, text in (
            (45, 173, "班级"), (115, 173, "人数"), (195, 173, "报名"),
            (45, 193, "一年级"), (115, 193, "九十名"), (195, 206, "六月上旬"),
            (45, 213, "二年级"), (115, 213, "二十名"),
        ):  # fmt: skip
            put(x, y, text)
        document.save(path)
    return path


def test_a_cell_over_two_rows_of_a_pdf_stands_in_the_first(spanned: Path) -> None:
    (source,) = open_pages(spanned)
    (one,) = convert_page(source, "issue", Options(text=TextFrom.LAYER))
    (article,) = one.page.articles
    found = table_of(article)
    assert found.rows == (
        ("班级", "人数", "报名"),
        ("一年级", "九十名", "六月上旬"),
        ("二年级", "二十名", ""),
    )
    assert found.text.split("\n")[1] == "一年级\t九十名\t六月上旬"
    assert one.page.coverage == 1.0
