"""Layout: rows of a headline read from ink, of which figures and signs tell no size."""

from __future__ import annotations

from dataclasses import replace

import pytest
from typeset import VERTICAL, WIDTH, columns, line, page_of, prose, tiers

from epaper.geometry import Box, hull
from epaper.layout import lay_out
from epaper.layout.frame import Item
from epaper.layout.headings import make_headings
from epaper.layout.strays import join_strays
from epaper.model import Headline, Line, Origin, Role, WritingMode


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
