"""Characters of captions that were read the other way than their rows run."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs
from test_scan_lines import read
from typeset import down, line, prose

from epaper.layout.wrongway import put_right
from epaper.model import Line, WritingMode

VERTICAL, HORIZONTAL = WritingMode.VERTICAL, WritingMode.HORIZONTAL


def across(found: tuple[Line, ...]) -> list[str]:
    return sorted(x.text for x in found if x.mode is HORIZONTAL)


def test_the_last_characters_of_two_rows_read_as_a_column_go_back_to_their_rows() -> None:
    rows = [line("西陵街头处处洋溢着节日", 400, 400), line("新华社记者田雅琴", 520, 448)]
    odd = down("气摄", 842, 402, 42)
    found = put_right([read(x) for x in (*rows, odd)], VERTICAL)
    assert across(found) == ["新华社记者田雅琴摄", "西陵街头处处洋溢着节日气"]


def test_the_first_character_comes_back_after_the_second() -> None:
    rows = [line("北斗导航研究所", 484, 400), line("配手机钟洋摄影", 484, 448)]
    odd = [down("为装", 442, 402, 42), down("图", 400, 402), down("在", 400, 448)]
    found = put_right([read(x) for x in (*rows, *odd)], VERTICAL)
    assert across(found) == ["图为北斗导航研究所", "在装配手机钟洋摄影"] and len(found) == 2


def test_a_column_of_characters_that_both_rows_have_is_no_line() -> None:
    rows = [line("清河街的护林员", 440, 400), line("萧学军和他的电影", 400, 448)]
    found = put_right([read(x) for x in (*rows, down("员影", 682, 402, 42))], VERTICAL)
    assert across(found) == ["清河街的护林员", "萧学军和他的电影"] and len(found) == 2


def test_characters_read_one_by_one_under_a_row_are_the_next_row() -> None:
    row = line("开春以来的白水河岸边", 400, 400)
    odd = [down(char, 480 + 42 * k, 450 + k % 2) for k, char in enumerate("生铺满山坡")]
    found = put_right([read(x) for x in (row, *odd)], VERTICAL)
    assert across(found) == ["开春以来的白水河岸边", "生铺满山坡"]


def test_a_credits_last_character_is_put_on_a_caption_set_down() -> None:
    caption = down("通讯员江丽娟", 400, 400)
    (found,) = put_right([read(caption), read(line("摄", 400, 664))], HORIZONTAL)
    assert found.text == "通讯员江丽娟 摄"


def test_the_end_of_a_column_beside_a_caption_stays_in_its_column() -> None:
    row = line("开春以来的白水河", 400, 400)
    column, end = down("全省春耕现场会召开", 760, 20), down("说。", 760, 400)
    beside = down("会议要求各地加强", 820, 400)
    for other in (column, beside):
        lines = [read(x) for x in (row, other, end)]
        assert put_right(lines, VERTICAL) == tuple(lines)
    assert put_right([read(row), read(end)], VERTICAL) == (read(row), read(end))


def test_a_mark_read_by_itself_beside_a_row_is_kept() -> None:
    found = put_right(
        [read(line("开春以来的白水河", 400, 400)), read(down("、", 560, 470))], VERTICAL
    )
    assert sorted(x.text for x in found) == ["、", "开春以来的白水河"]


@pytest.mark.parametrize(("em", "smaller"), [(32.0, True), (50.0, False)])
def test_the_last_characters_of_a_headline_over_smaller_columns_go_back_to_its_rows(
    em: float, smaller: bool
) -> None:
    """Columns of type like theirs would be what they begin."""
    rows = [line("东塘县法院", 400, 400, 60), line("一起制售假", 400, 466, 60)]
    odd = [down("审药", 702, 400, 63), down("结案", 768, 400, 63)]
    text = [down(prose(10 * k + 1, 12), x.box.cx - em / 2, 540, em) for k, x in enumerate(odd)]
    lines = [read(x) for x in (*rows, *odd, *text)]
    found = put_right(lines, VERTICAL)
    if smaller:
        assert across(found) == ["一起制售假药案", "东塘县法院审结"]
        assert [x for x in found if x.mode is VERTICAL] == lines[4:]
    else:
        assert found == tuple(lines)


@pytest.mark.parametrize("back", [True, False])
def test_characters_under_the_end_of_a_row_that_comes_back_are_the_next_row(back: bool) -> None:
    """Three characters of the first row were read as one; all others one by one or in columns.

    A row that is no longer than these three has no longer one under it.
    """
    row = line("东塘县", 400, 400, 60)
    ends = [
        down("法", 582, 400, 60),
        down("院假", 642, 400, 63),
        down("审药", 706, 400, 63),
        down("结案", 770, 400, 63),
    ]
    under = [line(char, 400 + 60 * k, 466, 60) for k, char in enumerate("一起制售")]
    lines = [read(x) for x in (row, *under, *(ends if back else ()))]
    found = put_right(lines, VERTICAL)
    if back:
        assert across(found) == ["一起制售假药案", "东塘县法院审结"] and len(found) == 2
    else:
        assert found == tuple(lines)


@pytest.mark.parametrize(
    ("column", "speck"),
    [("、审药", True), ("审药、", True), ("，审药", True), ("青江，", True), ("的审药", False)],
)
def test_a_speck_read_as_a_stop_keeps_no_characters_from_their_rows(
    column: str, speck: bool
) -> None:
    """A letter over the rows is of a text that goes on down the page."""
    rows = [line("东塘县法院", 400, 400, 60), line("一起制售假", 400, 463, 60)]
    first = column.strip("、，的")
    odd = down(column, 702, 400 - 63 * column.index(first), 63)
    lines = [read(x) for x in (*rows, odd)]
    found = put_right(lines, VERTICAL)
    if speck:
        assert across(found) == [f"一起制售假{first[1]}", f"东塘县法院{first[0]}"]
        assert len(found) == 2
    else:
        assert found == tuple(lines)


def test_a_character_that_the_box_of_its_row_cuts_in_two_is_the_rows() -> None:
    """Read with its column, too, it would stand between the row and what is before it."""
    row = read(line("电网升级一角", 526, 400))
    first = structs.replace(row.chars[0], x0=550)
    row = replace(row, box=structs.replace(row.box, x0=550), chars=(first, *row.chars[1:]))
    odd = [down("临记", 400, 402, 42), down("湖者", 442, 402, 42), down("县白", 484, 402, 42)]
    odd += [down("电森", 526, 402, 42), down("摄", 568, 444, 42)]
    found = put_right([row, *(read(x) for x in odd)], VERTICAL)
    assert [x.replace(" ", "") for x in across(found)] == ["临湖县电网升级一角", "记者白森摄"]
