"""Layout of vertical pages: what a reader of old papers knows of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from typeset import EM, PITCH, VERTICAL, WIDTH, down, line, page_of, prose, tiers

from epaper.geometry import Box, hull
from epaper.layout import lay_out
from epaper.layout.affinity import WordTable
from epaper.layout.cues import holds_sentences, is_jump
from epaper.layout.learned import load_model
from epaper.layout.leftward import turn_leftward
from epaper.layout.parted import part_headlines
from epaper.layout.rejoined import join_pieces
from epaper.layout.strays import join_strays
from epaper.layout.transposed import rows_at_pictures
from epaper.model import Article, Frame, Line, Origin, Page, Picture, Role, Rule, WritingMode

RIGHT = WIDTH - 400.0


def body_of(article: Article) -> str:
    return "".join(p.text for p in article.paragraphs)


def across(text: str, x: float, y: float, em: float = EM) -> Line:
    """A horizontal line with a box for each character."""
    boxes = tuple(Box(x + k * em, y, x + (k + 1) * em, y + em) for k in range(len(text)))
    return replace(line(text, x, y, em), chars=boxes)


def texts(lines: Sequence[Line]) -> list[str]:
    return [x.text for x in lines]


@pytest.fixture
def words() -> WordTable:
    return load_model().words


def test_a_headline_drawn_as_it_stands_is_read_from_the_right(words):
    rows = [across("結審院法縣", 400, 300, 80), across("案紛糾同合起一", 400, 400, 80)]
    found = turn_leftward([*rows, down(prose(1, 20), 4000, 600)], words)
    assert texts(found)[:2] == ["縣法院審結", "一起合同糾紛案"]


def test_a_headline_read_from_the_left_is_left_alone(words):
    rows = [across("政府召開會議討論經濟發展問題", 400, 300, 80)]
    assert texts(turn_leftward(rows, words)) == ["政府召開會議討論經濟發展問題"]


def test_a_weekday_is_left_alone_beside_lines_from_the_right(words):
    rows = [across("中國經濟增長"[::-1], 400, 300, 80), across("星期日", 4000, 300, 40)]
    assert texts(turn_leftward(rows, words)) == ["中國經濟增長", "星期日"]


def test_numerals_tell_nothing_of_a_lines_direction(words):
    rows = [across("證認APP獲業企家六十二百二", 400, 300, 80)]
    assert texts(turn_leftward(rows, words)) == ["二百二十六家企業獲APP認證"]


def test_figures_in_a_turned_line_keep_their_order(words):
    found = turn_leftward([across("57%長增濟經國中", 400, 300, 80)], words)
    assert texts(found) == ["中國經濟增長57%"]
    assert found[0].chars[0].cx > found[0].chars[-1].cx


def test_the_last_character_of_a_headline_belongs_to_it():
    lone = replace(line("漲", RIGHT - 200, 300, 80), mode=WritingMode.HORIZONTAL)
    lines = [
        down("龍川江", RIGHT, 300, 80),
        down("水位上", RIGHT - 100, 300, 80),
        lone,
        *tiers([prose(1, 200)], RIGHT - 260, 300, 16),
    ]
    page = lay_out(page_of(lines))
    assert [a.headline() for a in page.articles] == ["龍川江水位上漲"]


def test_lines_across_under_a_headline_across_go_with_it():
    x = RIGHT - 1200
    lines = [
        across("全年計劃八月完成", x, 170, 44),
        across("河東縣召開現場會議", x, 240, 110),
        across("本報記者 張偉", x, 380, EM),
        *tiers([prose(1, 500)], RIGHT, 470, 20),
        *tiers([prose(14, 900)], RIGHT, 1400, 40),
    ]
    (article,) = [a for a in lay_out(page_of(lines)).articles if a.headline()]
    roles = {h.role: h.text for h in article.headlines}
    assert roles[Role.HEADLINE] == "河東縣召開現場會議"
    assert roles[Role.KICKER] == "全年計劃八月完成"


def poured(count: int, measure: int) -> tuple[list[Line], list[str]]:
    """Stories with a headline of one line poured into tiers right to left, and their texts."""
    lines: list[Line] = []
    said: list[str] = []
    place, rows = 0, 44
    for n in range(count):
        text = prose(n * 13, measure * 30 - 5)
        said.append(text)
        cells: list[tuple[str, float, int]] = [(f"第{'一二三四五六七八'[n]}則新聞", 80.0, 3)]
        broken = [text[: measure - 2]]
        broken += [text[k : k + measure] for k in range(measure - 2, len(text), measure)]
        cells += [(row, EM, 1) for row in broken]
        for k, (row, em, width) in enumerate(cells):
            if place % rows + width > rows:
                place += rows - place % rows
            tier, column = divmod(place, rows)
            y = 300 + tier * (measure * EM + 60) + (2 * EM if k == 1 else 0)
            lines.append(down(row, RIGHT - column * PITCH - (em if width > 1 else 0), y, em))
            place += width
    return lines, said


def test_stories_run_on_from_tier_to_tier():
    lines, said = poured(6, 12)
    articles = lay_out(page_of(lines)).articles
    assert sorted(body_of(a) for a in articles) == sorted(said)


def test_items_told_by_a_mark_are_stories():
    items = ["○" + prose(n * 11, 90) for n in range(5)]
    lines: list[Line] = []
    column = 0
    for item in items:
        for k in range(0, len(item), 30):
            lines.append(down(item[k : k + 30], RIGHT - column * PITCH, 300))
            column += 1
    assert [body_of(a) for a in lay_out(page_of(lines)).articles] == items


def test_verse_of_lines_of_one_length_keeps_its_lines():
    verses = ["春風又到江南岸，", "小橋流水舊人家。", "一夜東風花滿樹，", "明月照我獨歸船。"]
    lines = [down(v, RIGHT - 300 - k * PITCH, 300) for k, v in enumerate(verses)]
    lines += [down("春日雜詠", RIGHT - 200, 300, 90)]
    lines += tiers([prose(14, 900)], RIGHT, 1000, 40)
    rules = [Rule(Box(400, 930, RIGHT + 100, 932))]
    page = lay_out(page_of(lines, rules))
    (poem,) = [a for a in page.articles if a.headline() == "春日雜詠"]
    assert [p.text for p in poem.paragraphs] == verses


def test_large_type_of_an_advert_is_no_nameplate_of_an_inner_page():
    head = [line("第三版", 1700, 150, 44), line("星期日", 2000, 150, 44)]
    head += [line("一九三六年十二月十三日", 2500, 150, 44)]
    lines = [*head, line("招生簡章", 500, 500, 230), *tiers([prose(1, 700)], RIGHT, 400, 40)]
    page = lay_out(page_of(lines, [Rule(Box(200, 230, 4400, 232))]))
    assert {b.text for b in page.blocks if b.role is Role.FOLIO} == {x.text for x in head}


def test_a_printed_space_does_not_part_a_headline_over_two_tiers():
    em = 80.0
    text = "冷空氣來襲 出行請添衣"
    y, boxes = 300.0, []
    for char in text:
        height = 0.5 * em if char == " " else em
        boxes.append(Box(RIGHT, y, RIGHT + em, y + height))
        y += height
    box = Box(RIGHT, 300, RIGHT + em, y)
    head = Line(text, box, em, mode=VERTICAL, chars=tuple(boxes))
    page: Page = lay_out(page_of([head, *tiers([prose(1, 300)], RIGHT - 60, 300, 14, 10)]))
    assert [a.headline() for a in page.articles] == [text]


def test_a_marker_with_a_sentence_behind_it_is_no_marker_alone():
    assert is_jump("（上接一版）") and is_jump("下轉第二版") and is_jump("1转A02版")
    assert is_jump("↘轉二版") and not is_jump("轉一個彎")
    assert not is_jump("（上接一版）詳情請留意後續報道。")


def boxed(found: Line) -> Line:
    """The vertical line with a box for each character."""
    x, y = found.box.x0, found.box.y0
    boxes = tuple(Box(x, y + k * EM, x + EM, y + (k + 1) * EM) for k in range(len(found.text)))
    return replace(found, chars=boxes)


def mark_at(text: str, x: float, y: float) -> Line:
    """A lone character read as a horizontal line, as upright figures and marks are."""
    return across(text, x, y)


def test_a_full_stop_pushed_to_the_side_ends_the_line_before_it():
    before, after = down("增长百分之七", 1000, 400), down("截至六月底全市", 1000, 680)
    stop = mark_at("。", 1012, 400 + 6 * EM - 0.4 * EM)
    assert texts(join_strays([before, after, stop], VERTICAL)) == [
        "增长百分之七。",
        "截至六月底全市",
    ]


def test_the_first_character_of_a_tier_stays_in_its_tier():
    above = [down(prose(k, 10), 1000 - k * PITCH, 400) for k in range(3)]
    first = down("向", 1000 - PITCH, 840)
    rest = down("，大力推进各项", 1000 - PITCH, 920)
    beside = [down(prose(11, 9), 1000, 840), down(prose(12, 9), 1000 - 2 * PITCH, 840)]
    found = texts(join_strays([*above, *beside, rest, first], VERTICAL))
    assert "向，大力推进各项" in found
    assert above[1].text in found


def test_upright_figures_in_a_spaced_line_stand_in_its_text():
    rows = [boxed(down(prose(k, 20), 1000 - k * PITCH, 400)) for k in (0, 1, 3, 4)]
    x = 1000 - 2 * PITCH
    before = boxed(down("同比上涨", x, 400))
    after = boxed(down("，环比下降其他各项合计", x, 760))
    figures = [mark_at(c, x, 600 + k * 28) for k, c in enumerate("2.3%")]
    found = join_pieces(join_strays([*rows, before, after, *figures], VERTICAL))
    assert "同比上涨2.3%，环比下降其他各项合计" in texts(found)


def test_a_piece_that_begins_with_a_comma_goes_on_behind_a_wide_space():
    rows = [boxed(down(prose(k, 20), 1000 - k * PITCH, 400)) for k in (0, 1, 3, 4)]
    x = 1000 - 2 * PITCH
    before, after = boxed(down("收於點", x, 400)), boxed(down("，跌幅為兩成其他合計", x, 600))
    assert before.text + after.text in texts(join_pieces([*rows, before, after]))
    apart = boxed(down("其他各項合計下降兩成", x, 600))
    assert before.text in texts(join_pieces([*rows, before, apart]))


@pytest.mark.parametrize("between", [55, 40])  # the second is just half an em, as spaces are
def test_two_headlines_of_nearly_one_size_in_one_line_are_parted(between: int) -> None:
    def squares(text: str, y: float, em: float) -> list[Box]:
        return [Box(4000, y + k * em, 4000 + em, y + (k + 1) * em) for k in range(len(text))]

    chars = [*squares("冷空氣來襲", 400, 85), *squares("小棉花撬動大市場", 825 + between, 80)]
    whole = replace(down("冷空氣來襲小棉花撬動大市場", 4000, 400, 80), chars=tuple(chars))
    page = page_of([whole, *tiers([prose(1, 14 * 30)], 3900, 400, 40)])
    found = part_headlines(page, VERTICAL)
    assert [x.text for x in found[:2]] == ["冷空氣來襲", "小棉花撬動大市場"]
    assert [x.size for x in found[:2]] == [85, 80]


def test_a_sentence_and_the_beginning_of_another_are_no_heading():
    assert holds_sentences("其中，中药材、药品、京剧三个门类最受关注。通过流")
    assert not holds_sentences("三个门类最受关注。")
    assert not holds_sentences("把好质量关")


@pytest.mark.parametrize("across", [True, False])
def test_a_narrow_caption_that_was_read_down_is_read_as_its_words_are(across: bool) -> None:
    """Four characters a row, as far apart as the rows: only the words tell the way."""
    rows = ["昨日，护", "林员丁树", "人在南岗", "村田间查", "看葡萄长"]
    square = [[Box(400 + 38 * x, 1210 + 40 * y, 434 + 38 * x, 1244 + 40 * y) for x in range(4)]
              for y in range(5)]  # fmt: skip
    read = []
    for x in range(4):
        # Text set down would have the words in its columns.
        text = "".join(row[x] for row in rows) if across else "".join(rows)[5 * (3 - x) :][:5]
        boxes = tuple(square[y][x] for y in range(5))
        read.append(
            Line(text, hull(boxes), 34.0, VERTICAL, origin=Origin.OCR, chars=boxes, confidence=0.9)
        )
    pictures = [Picture("i01", Box(395, 400, 555, 1200))]
    found = rows_at_pictures(read, pictures, load_model().words)
    assert [x.text for x in found] == (rows if across else [x.text for x in read])


def test_a_headline_whose_words_read_both_ways_follows_the_others_of_its_page() -> None:
    """景光 and 雞蛋 are words, but all headlines of the page are read from the right."""
    drawn = ["審院法縣渡古", "幕閉會覽博裝服界世", "景光好出養雞蛋"]
    rows = [line(text, 400, 300 + 1400 * k, 100) for k, text in enumerate(drawn)]
    text = tiers([prose(1, 900)], RIGHT, 300, 40)
    turned = turn_leftward([*rows, *text], load_model().words)
    assert [x.text for x in turned[:3]] == [x[::-1] for x in drawn]


def test_a_caption_read_in_rows_takes_back_what_of_it_was_read_down() -> None:
    """Columns are read with broad boxes, and characters both ways, not quite in their places."""

    def set_at(text: str, mode: WritingMode, *places: tuple[float, float]) -> Line:
        wide = 52 if mode is VERTICAL else 34
        boxes = tuple(
            Box(417 + 37 * x - wide / 2, 1210 + 45 * y, 417 + 37 * x + wide / 2, 1244 + 45 * y)
            for x, y in places
        )
        return Line(text, hull(boxes), 37.0, mode, origin=Origin.OCR, chars=boxes, confidence=0.9)

    across = WritingMode.HORIZONTAL
    read = [
        set_at("小龙在李家洼村", across, *((x, 0) for x in range(7))),
        set_at("田间查看马", across, *((0.85 * x, 1) for x in range(5))),
        set_at("马本", VERTICAL, (4, 1), (4, 2)),
        set_at("铃报", VERTICAL, (4.8, 1), (4.8, 2)),
        set_at("薯记", VERTICAL, (6, 1), (6, 2)),
        set_at("长势。", across, *((x, 2) for x in range(3))),
    ]
    # The text of the next tier begins right under the caption.
    text = [
        set_at(prose(1, 60)[10 * k :][:10], VERTICAL, *((6 - 1.3 * k, 3.7 + y) for y in range(10)))
        for k in range(5)
    ]
    pictures = [Picture("i01", Box(395, 400, 665, 1200))]
    found = rows_at_pictures([*read, *text], pictures, load_model().words)
    rows = [x.text for x in found if x.mode is across]
    assert rows == ["小龙在李家洼村", "田间查看马铃薯", "长势。 本报记"]
    assert len(found) == len(rows) + len(text)


def test_a_row_of_a_caption_keeps_its_size_whatever_one_character_of_the_next_was_measured() -> (
    None
):
    """The last character of the caption, alone in its row, was taken for a column of large type."""
    words, em = "参观者在展台前了解最新的农机具产品", 34.0
    row = line(words, 400, 1210, em)
    last = down("摄", 402, 1254, 64)
    chars = tuple(Box(400 + k * em, 1210, 434 + k * em, 1244) for k in range(len(words)))
    read = [
        replace(row, origin=Origin.OCR, chars=chars, confidence=0.9),
        replace(last, origin=Origin.OCR, chars=(Box(402, 1254, 436, 1288),), confidence=0.9),
    ]
    pictures = [Picture("i01", Box(395, 400, 1100, 1200))]
    found = rows_at_pictures(read, pictures, load_model().words)
    assert [(x.text, x.size) for x in found] == [(words, em), ("摄", em)]


@pytest.mark.parametrize("over", ["nothing", "a picture"])
def test_a_small_headline_across_over_columns_read_down_is_one(over: str) -> None:
    """Hardly larger than the text, and in a frame of its own; under a picture it is a caption."""
    box = Box(400, 1000, 1400, 2200)
    inside = tiers([prose(1, 14 * 17)], 1360, 1150, 20)
    title = line("俄罗斯南部发生地震", 440, 1060, 49)
    others = tiers([prose(11, 200)], RIGHT, 300, 30)
    head = [down("水位上涨全市动员", RIGHT - 30 * PITCH, 300, 80)]
    pictures = [Picture("i1", Box(440, 760, 1360, 1045))] if over == "a picture" else []
    lines = [title, *inside, *others, *head]
    page = lay_out(page_of(lines, frames=[Frame(box)], pictures=pictures))
    headed = {a.headline(): body_of(a) for a in page.articles}
    assert (title.text in headed) is (over == "nothing")
    if over == "nothing":
        assert headed[title.text] == prose(1, 14 * 17)


@pytest.mark.parametrize(("sign", "joined"), [("℃", True), ("晴", False)])
def test_a_sign_at_the_end_of_a_headline_set_the_other_way_is_of_it(
    sign: str, joined: bool
) -> None:
    """It comes from another face, and by itself has no direction; a letter may be anything."""
    head = boxed(replace(down("凤台明起有大雾气温降4", 400, 300), size=EM))
    lone = across(sign, head.box.x0, head.box.y1 + 2)
    found = texts(join_strays([head, lone], WritingMode.HORIZONTAL))
    assert found == ([head.text + sign] if joined else [head.text, sign])
