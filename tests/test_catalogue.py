"""The catalogue of stories: what staff see in a spreadsheet, kept as issues come and go."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epaper.cli import main
from epaper.errors import ExportError
from epaper.export.catalogue import (
    COLUMNS,
    issue_to_catalogue,
    read_catalogue,
    update_catalogue,
)
from epaper.export.write import write_issue
from epaper.model import Article, Doubt, Facts, Headline, Issue, Paragraph, Role
from tests.sample import ISSUE, LEAD, OPTIONS, PAGE, SECOND

PAGES = (replace(PAGE, doubts=(Doubt("a", "x", "b003"), Doubt("b", "y", "elsewhere"))), SECOND)


def written(out: Path, issue: Issue) -> None:
    write_issue(issue, out, OPTIONS, ["catalogue"])


def other_issue(name: str, headline: str = "另一期", date: str = "2024-06-06") -> Issue:
    article = Article(
        "a01", headlines=(Headline(Role.HEADLINE, headline),), paragraphs=(Paragraph("正文。"),)
    )
    page = replace(SECOND, id=f"{name}-01", issue=name, articles=(article,), facts=Facts(date=date))
    return Issue(name, (page,))


def stories(out: Path, columns: str = "headline") -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(out / "catalogue.sqlite")) as database:
        return list(database.execute(f"SELECT {columns} FROM stories ORDER BY file, position"))


def sheet(path: Path) -> list[dict[str, str]]:
    """As a spreadsheet opens it: the mark tells the encoding, the first line the columns."""
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_a_line_is_a_story_with_its_fields() -> None:
    issue = replace(ISSUE, pages=PAGES)
    text = issue_to_catalogue(issue, OPTIONS, ".xml").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["guid"].rpartition("-")[2] for row in rows] == [
        "01:a01",
        "01:a03",
        "01:a02",
        "02:a01",
    ]
    wanted = {
        "date": "2024-06-05",
        "paper": "昌吉日报",
        "page": "1",
        "section": "要闻",
        "kind": "story",
        "label": "今日关注",
        "kicker": "贴近社会 贴近读者",
        "headline": "主题标题",
        "deck": "副题",
        "byline": "□本报记者 张三 通讯员 高翔",
        "authors": "张三、高翔、某",
        "dateline": "本报北京6月4日电",
        "pictures": "1",
        "jump": "（下转02版） 上接A13版",
        "doubts": "1",
        "file": "20240605/20240605-01.xml",
    }
    assert wanted.items() <= rows[0].items()
    assert int(rows[0]["words"]) > 10
    assert rows[2]["kind"] == "advertisement"
    assert rows[0]["story"] == rows[3]["story"] != ""


@pytest.mark.parametrize("start", ["=1+1", "+1", "-5℃", "@SUM(A1)", "\t=1", "＝1", "'=1", "''@x"])
def test_no_cell_is_a_formula_and_every_text_comes_back(start: str, tmp_path: Path) -> None:
    title = f"{start}，怎么办"
    lead = replace(LEAD, headlines=(Headline(Role.HEADLINE, title),))
    issue = replace(ISSUE, pages=(replace(PAGE, articles=(lead,)),), stories=())
    written(tmp_path, issue)
    path = tmp_path / "20240605" / "catalogue.csv"
    assert sheet(path)[0]["headline"][0] not in "=+-@\t\r＝＋－＠"
    (row,) = read_catalogue(path)
    assert row[COLUMNS.index("headline")] == " ".join(title.split())


@given(st.lists(st.text(max_size=12), min_size=4, max_size=4))
def test_any_text_makes_a_sheet_that_reads_back(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    lead = replace(
        LEAD, headlines=(Headline(Role.HEADLINE, texts[0]),), byline=texts[1], dateline=texts[2]
    )
    page = replace(PAGE, articles=(lead,), facts=replace(PAGE.facts, section=texts[3]))
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(issue_to_catalogue(Issue("20240605", (page,)), OPTIONS, ".xml"))
    (row,) = read_catalogue(path)
    assert len(row) == len(COLUMNS)
    assert all("\n" not in cell for cell in row)


def test_issues_come_together_and_leave_again(tmp_path: Path) -> None:
    written(tmp_path, ISSUE)
    written(tmp_path, other_issue("a/20240606"))
    assert update_catalogue(tmp_path, ["20240605", "a/20240606"])
    assert len(sheet(tmp_path / "catalogue.csv")) == len(stories(tmp_path)) == 5
    assert [r["date"] for r in sheet(tmp_path / "catalogue.csv")][-1] == "2024-06-06"
    (tmp_path / "20240605" / "catalogue.csv").unlink()
    assert update_catalogue(tmp_path, [])
    assert stories(tmp_path) == [("另一期",)]


def test_an_issue_written_again_replaces_its_lines(tmp_path: Path) -> None:
    written(tmp_path, other_issue("i", "旧标题"))
    update_catalogue(tmp_path, ["i"])
    written(tmp_path, other_issue("i", "新的标题"))
    assert update_catalogue(tmp_path, ["i"])
    assert stories(tmp_path) == [("新的标题",)]
    assert [row["headline"] for row in sheet(tmp_path / "catalogue.csv")] == ["新的标题"]


def test_nothing_is_done_where_nothing_changed(tmp_path: Path) -> None:
    written(tmp_path, ISSUE)
    assert update_catalogue(tmp_path, ["20240605"])
    before = (tmp_path / "catalogue.csv").stat().st_mtime_ns
    assert not update_catalogue(tmp_path, ["20240605"])
    assert (tmp_path / "catalogue.csv").stat().st_mtime_ns == before


def test_the_order_in_which_issues_come_does_not_matter(tmp_path: Path) -> None:
    issues = [other_issue(name, name, f"2024-06-{name}") for name in ("03", "01", "02")]
    for folder, order in (("a", issues), ("b", issues[::-1])):
        for issue in order:
            written(tmp_path / folder, issue)
            update_catalogue(tmp_path / folder, [issue.id])
    first, second = ((tmp_path / f / "catalogue.csv").read_bytes() for f in "ab")
    assert first == second
    assert stories(tmp_path / "a", "*") == stories(tmp_path / "b", "*")


def test_a_lost_database_is_made_again_from_the_issues(tmp_path: Path) -> None:
    written(tmp_path, other_issue("a/b"))
    written(tmp_path, other_issue("c"))
    update_catalogue(tmp_path, ["a/b", "c"])
    (tmp_path / "catalogue.sqlite").unlink()
    update_catalogue(tmp_path, ["c"])
    assert len(stories(tmp_path)) == 2


@pytest.mark.parametrize("data", [b"no,catalogue\n", b"\xff\xfe", b""])
def test_a_file_of_another_kind_is_one_sentence_and_changes_nothing(
    tmp_path: Path, data: bytes
) -> None:
    written(tmp_path, other_issue("i"))
    update_catalogue(tmp_path, ["i"])
    (tmp_path / "j").mkdir()
    (tmp_path / "j" / "catalogue.csv").write_bytes(data)
    with pytest.raises(ExportError, match=r"catalogue\.csv"):
        update_catalogue(tmp_path, ["i", "j"])
    assert stories(tmp_path) == [("另一期",)]


def test_a_database_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "catalogue.sqlite").write_bytes(b"no database" * 100)
    with pytest.raises(ExportError, match="cannot be kept"):
        update_catalogue(tmp_path, [])


def test_a_run_keeps_the_catalogue(set_page: Callable[..., Path], tmp_path: Path) -> None:
    set_page(tmp_path / "in" / "20240605" / "01.pdf")
    set_page(tmp_path / "in" / "20240606" / "01.pdf", headline="河西公园明日开放")
    out = tmp_path / "out"
    run = ["convert", str(tmp_path / "in"), "-o", str(out), "--text", "layer", "-j1"]
    assert main([*run, "--formats", "newsml,catalogue"]) == 0
    rows = sheet(out / "catalogue.csv")
    assert [row["headline"] for row in rows] == ["城东图书馆昨日开馆", "河西公园明日开放"]
    assert all((out / row["file"]).is_file() for row in rows)
