"""Layout: rows of a headline read from ink, of which figures and signs tell no size."""

from __future__ import annotations

from dataclasses import replace

import pytest
from typeset import EM, PITCH, VERTICAL, WIDTH, columns, down, line, page_of, prose, tiers

from epaper.geometry import Box, hull
from epaper.layout import lay_out
from epaper.layout.chunks import make_chunks
from epaper.layout.frame import Item
from epaper.layout.headings import make_headings
from epaper.layout.headrows import main_rows
from epaper.layout.strays import join_strays
from epaper.model import Frame, Headline, Line, Origin, Role, Rule, WritingMode


def read(lines: list[Line]) -> list[Line]:
    return [replace(x, origin=Origin.OCR) for x in lines]


def parts(lines: list[Line]) -> list[Headline]:
    """The headlines of a page with one story."""
    (article,) = lay_out(page_of(read(lines))).articles
    return list(article.headlines)


def test_a_numeral_and_a_sign_in_the_last_row_make_it_no_row_of_other_type() -> None:
    """Few of its characters fill their squares, so that its size and weight are measured badly."""
    rows = [
        replace(line("蒼山玩具出口", 400, 240, 83), size=80.0, bold=True),
        replace(line("增長六.二%", 400, 340, 83), size=86.0),
    ]
    rows[1] = replace(rows[1], box=Box(400, 340, 400 + 4.5 * 83, 423))
    found = parts([*rows, *columns([prose(1, 300)], 400, 520, 12)])
    assert found == [Headline(Role.HEADLINE, "蒼山玩具出口增長六.二%")]


def test_figures_that_share_a_square_make_a_row_read_down_no_smaller() -> None:
    pitch, top = 104.0, 600.0

    def row(text: str, size: float, x: float, places: list[tuple[float, float]]) -> Line:
        """`places` are where each character begins, in squares, and its width of them."""
        boxes = tuple(
            Box(x + a * pitch, top + k * pitch, x + b * pitch, top + (k + 1) * pitch)
            for k, (a, b) in zip(squares(text), places, strict=True)
        )
        return Line(text, hull(boxes), size, VERTICAL, origin=Origin.OCR, chars=boxes)

    def squares(text: str) -> list[int]:
        """The square each character stands in; the second of two figures in that of the first."""
        found: list[int] = []
        for k, char in enumerate(text):
            beside = char.isdigit() and k > 0 and text[k - 1].isdigit()
            found.append(found[-1] + (not beside) if found else 0)
        return found

    whole, halves = (0.0, 0.9), [(0.0, 0.45), (0.45, 0.9)]
    rows = [
        row("东岭48万居", 87.8, 3990, [whole, whole, *halves, whole, whole]),
        row("民喝上放心水", 96.8, 3870, [whole] * 6),
    ]
    found = parts([*rows, *tiers([prose(1, 300)], 3780, 600, 9)])
    assert found == [Headline(Role.HEADLINE, "东岭48万居民喝上放心水")]


@pytest.mark.parametrize(("rest", "known"), [("强调", True), ("强调今年", False)])
def test_the_last_characters_of_a_kicker_measured_small_are_a_row_of_it(
    rest: str, known: bool
) -> None:
    """Between the first row and the headline, they kept the two apart."""
    head = [
        line("汪长江在望江县调研时", 460, 300, 52),
        line(rest, 720 - 19 * len(rest), 364, 38),
        line("寒风凛冽吸烟客", 440, 424, 90),
    ]
    text = columns([prose(1, 14 * 12)], 400, 560, 40)
    page = lay_out(page_of([replace(x, origin=Origin.OCR) for x in (*head, *text)]))
    article = page.articles[0]
    kickers = [h.text for h in article.headlines if h.role is Role.KICKER]
    assert ("汪长江在望江县调研时强调" in kickers) is known


@pytest.mark.parametrize(("beside", "own"), [("heiti", True), ("kaiti", False)])
def test_the_last_row_of_a_headline_is_no_end_of_the_row_in_another_face_beside_it(
    beside: str, own: bool
) -> None:
    """With one character it may stand as near to a row of the headline on its left."""
    row = replace(line("雨　气温降", 400, 1000, 60), font=beside)
    head = replace(line("把节能减排落到实", 725, 920, 66), font="kaiti")
    last = replace(line("处", 725, 995, 66), font="kaiti")
    found = join_strays([row, head, last], WritingMode.HORIZONTAL)
    assert (last in found) is own


@pytest.mark.parametrize(
    ("first", "one"), [("《桐湖剪纸集成》出", True), ("桐湖剪纸集成今日出", False)]
)
def test_the_last_character_of_a_headline_stands_under_the_white_before_a_title_mark(
    first: str, one: bool
) -> None:
    """The ink of 《 begins in the middle of its square; a row of letters so far in is set in."""
    row = line(first, 445, 300, 90)
    last = replace(line("版", 404, 410, 82), size=90.0)
    items = [Item(x, x.box, across=False) for x in read([row, last])]
    headings = make_headings(items, [], [], WritingMode.HORIZONTAL)
    found = ["".join(i.text for i in h.parts[Role.HEADLINE]) for h in headings]
    assert sorted(found) == ([first + "版"] if one else sorted([first, "版"]))


@pytest.mark.parametrize(
    ("framed", "third", "one"), [(True, False, True), (False, False, False), (True, True, False)]
)
def test_two_pieces_of_a_headline_alone_in_a_frame_are_one_however_they_were_measured(
    framed: bool, third: bool, one: bool
) -> None:
    """Few characters differ in size, with wide white between; others there may be headlines."""
    texts, em = ("春耕时节", "田间问计"), 80.0
    first = line(texts[0], 500, 300, em)
    second = replace(line(texts[1], first.box.x1 + 1.35 * em, 300, em), size=1.12 * em)
    rows = [first, second, *([line("供水管网见成效", 500, 900, em)] if third else [])]
    items = [Item(x, x.box, across=False) for x in read(rows)]
    frames = [Frame(Box(440, 260, 1700, 2000))] if framed else []
    headings = make_headings(items, [], frames, WritingMode.HORIZONTAL)
    found = [[i.text for i in h.items] for h in headings if h.main.y0 < 800]
    assert found == ([list(texts)] if one else [[text] for text in texts])


@pytest.mark.parametrize("ruled", [True, False])
def test_two_stories_side_by_side_in_a_frame_have_a_headline_each(ruled: bool) -> None:
    second = 480 + 11 * EM + 60
    heads = [line("春耕时节", 480, 300, 100), line("河水涨了", second, 300, 100)]
    text = columns([prose(1, 300)], 480, 430, 40, measure=11)
    text += columns([prose(11, 300)], second, 430, 40, measure=11)
    other = [line("永定渠水位上涨", 400, 2300, 90), *columns([prose(21, 900)], 400, 2480, 24)]
    rules = [Rule(Box(second - 32, 270, second - 28, 1950))] if ruled else []
    frame = Frame(Box(440, 260, second + 11 * EM + 40, 2000))
    page = lay_out(page_of(read([*heads, *text, *other]), rules, [frame]))
    assert [a.headline() for a in page.articles] == ["春耕时节", "河水涨了", "永定渠水位上涨"]


def test_a_deck_of_two_rows_in_larger_type_is_not_of_the_text_that_begins_under_it() -> None:
    """The few characters of its last row and of a narrow column's first pass for one type."""
    head = line("安远职业教育结硕果", 400, 300, 80)
    deck = [line("吴春梅出席并讲话", 400, 400, 47), line("邱凯主持", 400, 460, 47)]
    body = columns(["本报讯（记者黄志强）" + prose(1, 120)], 400, 520, 30, measure=9)
    found = parts([head, *deck, *body])
    assert [(h.role, h.text) for h in found] == [
        (Role.HEADLINE, "安远职业教育结硕果"),
        (Role.DECK, "吴春梅出席并讲话邱凯主持"),
    ]


@pytest.mark.parametrize(("rest", "one"), [("『定格』", True), ("春耕时节", False)])
def test_a_word_between_marks_at_the_end_of_a_headline_is_of_it_whatever_was_measured(
    rest: str, one: bool
) -> None:
    em, first = 118.0, "积极意义的短篇"
    head = line(first, 400, 300, em)
    last = replace(line(rest, head.box.x1 + 0.6 * em, 300, em), size=131.0)
    items = [Item(x, x.box, across=False) for x in read([head, last])]
    headings = make_headings(items, [], [], WritingMode.HORIZONTAL)
    assert len(headings) == (1 if one else 2)


def test_a_headline_in_two_pieces_whose_closing_quotation_mark_was_not_read_is_one() -> None:
    em, first = 92.0, "平湖县食用菌“金招牌"
    head = line(first, 400, 300, em)
    rest = line("越擦越亮", head.box.x1 + 1.6 * em, 300, em)
    items = [Item(x, x.box, across=False) for x in read([head, rest])]
    (heading,) = make_headings(items, [], [], WritingMode.HORIZONTAL)
    assert [i.text for i in heading.items] == [first, "越擦越亮"]
    plain = replace(head, text=first.replace("“", "好"))
    items = [Item(x, x.box, across=False) for x in read([plain, rest])]
    assert len(make_headings(items, [], [], WritingMode.HORIZONTAL)) == 2


def test_a_headline_whose_last_character_stands_under_a_title_mark_is_whole() -> None:
    row = line("《桐湖剪纸集成》出", 445, 300, 90)
    last = replace(line("版", 404, 410, 82), size=90.0)
    found = parts([row, last, *columns([prose(1, 300)], 400, 540, 12)])
    assert found == [Headline(Role.HEADLINE, "《桐湖剪纸集成》出版")]


def leftward(text: str, y: float, step: float, em: float) -> Line:
    """A row read from the right; marks of quotation at its ends have the inner half of a square."""
    right, boxes = WIDTH - 400.0, []
    for k, char in enumerate(text):
        end = k in (0, len(text) - 1) and char in "「」"
        wide = step / 2 if end else step
        boxes.append(Box(right - wide, y, right, y + em))
        right -= wide
    return Line(text, hull(boxes), em, origin=Origin.OCR, chars=tuple(boxes))


@pytest.mark.parametrize(("step", "second"), [(82.0, Role.HEADLINE), (96.0, Role.DECK)])
def test_rows_from_the_right_are_of_one_headline_by_the_steps_of_their_letters(
    step: float, second: Role
) -> None:
    """Measured a tenth larger, a row with quotation marks is of one type with the next one where
    its letters take up as much as that one's."""
    rows = [
        leftward("「護林員媽媽」", 300, step, 99),
        leftward("和她的三個孩子", 415, 86, 89.8),
    ]
    found = parts([*rows, *tiers([prose(1, 14 * 16)], WIDTH - 380, 560, 20)])
    told = {role: "".join(h.text for h in found if h.role is role) for role in Role}
    whole = rows[0].text + rows[1].text
    assert told[Role.HEADLINE] + told[Role.DECK] == whole
    assert (told[Role.DECK] == rows[1].text) is (second is Role.DECK)


@pytest.mark.parametrize(("aside", "whole"), [(0.0, True), (1.2, False)])
def test_the_last_characters_of_a_kicker_hardly_larger_than_the_text_are_a_row_of_it(
    aside: float, whole: bool
) -> None:
    """They are set in the middle; two characters anywhere else under it are none of its words."""
    first = line("汪长江在望江县调研时", 460, 300, 44)
    last = line("强调", first.box.cx - 39 + aside * 39, 354, 39)
    head = line("寒风凛冽吸烟客", first.box.cx - 3.5 * 90, 412, 90)
    text = columns([prose(1, 14 * 12)], 400, 560, 40, em=39)
    page = lay_out(page_of(read([first, last, head, *text])))
    (article,) = [a for a in page.articles if a.headline() == head.text]
    kickers = [h.text for h in article.headlines if h.role is Role.KICKER]
    assert ("汪长江在望江县调研时强调" in kickers) is whole


def test_the_last_characters_of_a_kicker_are_of_one_chunk_with_it() -> None:
    rows = read([line("汪长江在望江县调研时", 460, 300, 44), line("强调", 641, 354, 39)])
    chunks = make_chunks([Item(x, x.box, across=False) for x in rows], [], [])
    assert [c.text for c in chunks] == ["汪长江在望江县调研时强调"]


def test_two_characters_that_begin_with_their_column_are_of_the_text_over_them() -> None:
    text = columns([prose(1, 12 + 14 * 4 + 2)], 400, 480, 40)
    over = line("汪长江在望江县调研", 400 + 2.5 * EM, text[0].box.y0 - 3 * EM, 44)
    items = [Item(x, x.box, across=False) for x in read([over, *text])]
    whole = "".join(x.text for x in text)
    assert text[-1].text == whole[-2:]
    assert sorted(c.text for c in make_chunks(items, [], [])) == sorted([over.text, whole])


def phrases(first: Line, second: Line, head: Line) -> tuple[str, list[str]]:
    """The kicker of a story with two rows over its headline, and its paragraphs."""
    body = columns([prose(1, 300)], 400, head.box.y1 + 60, 12)
    page = lay_out(page_of(read([first, second, head, *body])))
    (article,) = [a for a in page.articles if a.headline() == head.text]
    return article.headline(Role.KICKER), [p.text for p in article.paragraphs]


def test_two_rows_over_a_headline_of_which_the_first_is_set_wide_are_both_its_kicker() -> None:
    """They are no chunk, as they begin and end at other places."""
    head = line("冷空氣來襲出行請添衣", 400, 310, 70)
    first, second = "總投資四.六十八多萬元", "惠及五十四萬羣衆"
    wide = replace(
        line(first, 0, 190), box=Box(head.box.cx - 300, 190, head.box.cx + 300, 190 + EM)
    )
    over = line(second, head.box.cx - 4 * EM, 190 + PITCH)
    kicker, text = phrases(wide, over, head)
    assert "".join(kicker.split()) == first + second
    assert text == [prose(1, 300)]


@pytest.mark.parametrize(("mark", "known"), [("、", True), ("", True), ("，", False)])
def test_a_speck_in_one_of_two_rows_begun_with_their_headline_makes_no_text_of_them(
    mark: str, known: bool
) -> None:
    """Read as the stop that parts words; a comma is of a sentence."""
    first, second = f"總投資六十九.六十八億{mark}元", "惠及九十萬羣衆"
    head = line("冷空氣來襲出行請添衣", 400, 310, 70)
    kicker, _ = phrases(line(first, 400, 190), line(second, 400, 190 + PITCH), head)
    assert ("".join(kicker.split()) == first + second) is known


@pytest.mark.parametrize(
    ("rows", "main"),
    [
        ((("七裏鎮", True), ("千畝柑橘綠了荒山", False)), [0, 1]),
        ((("七裏鎮農業發展", True), ("千畝柑橘綠了荒山", False)), [0]),
        ((("营商环境看江源", False), ("罗马股市小幅下跌", True)), [1]),
    ],
)
def test_of_rows_of_one_size_the_weight_tells_the_headline_where_it_is_known(
    rows: tuple[tuple[str, bool], ...], main: list[int]
) -> None:
    """Few characters are easily measured bold; of many, the bold ones are the headline."""
    items = [
        replace(line(text, 400, 300 + 110 * k, 90), bold=bold)
        for k, (text, bold) in enumerate(rows)
    ]
    assert main_rows([[Item(x, x.box, across=False)] for x in read(items)]) == main


def test_figures_that_take_a_square_each_make_a_row_read_down_no_wider() -> None:
    """８０ is read as 80, which mostly shares one square; the letters beside tell the type."""
    rows = [
        down("远洋渔业公司年产", 3990, 600, 70),
        replace(down("值突破80亿元", 3900, 635, 70), size=72.0),
    ]
    chars = [
        tuple(Box(x.box.x0, x.box.y0 + 70 * k, x.box.x1, x.box.y0 + 70 * k + 66) for k in range(n))
        for x, n in zip(rows, (8, 7), strict=True)
    ]
    rows = [
        replace(x, chars=c, box=hull(c), mode=VERTICAL) for x, c in zip(rows, chars, strict=True)
    ]
    found = parts([*rows, *tiers([prose(1, 300)], 3780, 600, 9)])
    assert found == [Headline(Role.HEADLINE, "远洋渔业公司年产值突破80亿元")]


@pytest.mark.parametrize(("rest", "of_deck"), [("五点五亿元", True), ("王小明　李强", False)])
def test_the_last_row_of_a_deck_measured_small_is_of_the_deck(rest: str, of_deck: bool) -> None:
    """Bare names under a deck are those of the writers."""
    head = [
        line("梁坡村苹果铺就致富路", 400, 300, 90),
        line("全年计划总投资二十", 560, 420, 48),
        line(rest, 776 - 19 * len(rest), 478, 38),
    ]
    text = columns([prose(1, 14 * 12)], 400, 620, 40)
    page = lay_out(page_of(read([*head, *text])))
    decks = [h.text for h in page.articles[0].headlines if h.role is Role.DECK]
    assert decks == [f"全年计划总投资二十{rest}" if of_deck else "全年计划总投资二十"]
