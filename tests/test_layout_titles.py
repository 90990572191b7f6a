"""Layout: small headlines under a rule, and first lines that are no decks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from typeset import EM, PITCH, columns, line, page_of, prose

from epaper.geometry import Box
from epaper.layout import lay_out
from epaper.layout.chunks import Chunk, make_chunks
from epaper.layout.frame import Item
from epaper.layout.legends import type_habit
from epaper.layout.titles import take_display
from epaper.model import Frame, Line, Origin, Page, Picture, Role, Rule
from epaper.news import understand


def bodies(page: Page) -> dict[str, str]:
    """Every article's text by its headline."""
    return {a.headline(): "".join(p.text for p in a.paragraphs) for a in page.articles}


def scanned(lines: list[Line]) -> list[Line]:
    return [replace(x, origin=Origin.OCR) for x in lines]


@pytest.mark.parametrize(("ink", "indent"), [(False, 0), (True, 0), (True, 2)])
def test_a_line_in_the_texts_size_right_under_a_rule_is_a_headline(ink: bool, indent: int) -> None:
    """It is bold; read from ink, where that is hardly seen, the text under it begins there."""
    first, second = prose(1, 14 * 12 - 4), prose(15, 14 * 10)
    upper = columns([first], 400, 480, 40)
    y = upper[-1].box.y1 + EM
    title = line("云岭县水稻喜获丰收", 400 + indent * EM, y + 24, bold=not ink)
    lines = [
        line("永定渠水位上涨", 400, 300, 90),
        *upper,
        title,
        *columns([second], 400, title.box.y1 + 46, 40),
    ]
    rules = [Rule(Box(395, y, 400 + 14 * EM, y + 3))]
    page = lay_out(page_of(scanned(lines) if ink else lines, rules))
    assert bodies(page) == {"永定渠水位上涨": first, title.text: second}


def test_the_first_line_of_a_paragraph_over_a_picture_that_it_goes_on_under_is_no_deck() -> None:
    body = prose(1, 14 * 24)
    first, *rest = columns([body], 400, 416, 12)
    picture = Picture("i01", Box(400, 471, 400 + 14 * EM, 891))
    # Only the first column has the picture in it.
    rest = [replace(x, box=x.box.moved(0, 440)) if x.box.x1 < 1000 else x for x in rest]
    head = line("永定渠水位上涨", 480, 300, 80)
    page = lay_out(page_of(scanned([head, first, *rest]), pictures=[picture]))
    (article,) = page.articles
    assert article.headline(Role.DECK) == ""
    assert "".join(p.text for p in article.paragraphs) == body


@pytest.mark.parametrize("white", [0.95, 0.3])
def test_lines_in_the_texts_type_at_the_head_of_a_frame_are_its_headline(white: float) -> None:
    """As briefs in frames have; with no white under them they are text."""
    rows = [
        line("五百六十家企業獲", 420, 440),
        line("新的認證", 420, 440 + 1.2 * EM),
    ]
    text = columns(
        ["本報訊　記者徐明報道：" + prose(1, 14 * 8)], 420, rows[1].box.y1 + white * EM, 40
    )
    frame = Frame(Box(380, 400, 440 + 14 * EM, text[-1].box.y1 + 30))
    story = [line("春耕生产现场会召开", 1500, 330, 90), *columns([prose(11, 400)], 1500, 480, 40)]
    page = lay_out(page_of([*rows, *text, *story], frames=[frame]))
    headed = [a.headline() for a in page.articles]
    assert ("五百六十家企業獲新的認證" in headed) is (white > 0.5)


def test_dirt_read_as_a_number_below_the_head_of_an_inner_page_takes_no_headline_into_it() -> None:
    head = [
        line("綜合", 660, 263, 55),
        line("1989年9月16日星期六", 3002, 277, 38),
        line("責任編輯：蕭洋", 3516, 277, 38),
        line("B02", 4355, 266, 55),
    ]
    news = [line("於浩然奪射擊冠軍", 1625, 401, 74), line("0", 454, 495, 26)]
    text = columns([prose(1, 14 * 40)], 420, 583, 12)
    lines = [replace(x, origin=Origin.OCR) for x in (*head, *news, *text)]
    page = lay_out(page_of(lines, rules=[Rule(Box(241, 335, 4461, 344))]))
    assert [a.headline() for a in page.articles if a.headline()] == ["於浩然奪射擊冠軍"]


def test_a_dashed_deck_longer_than_the_column_at_whose_head_it_stands_is_no_text() -> None:
    """It stands as near to the byline, and that to the text, as lines of the text do."""
    body = prose(1, 10 * 20)
    head = [
        line("護林青年", 410, 330, 95),
        line("——記清河創業青年尹雨桐", 360, 480),
        line("本報記者蘇玉蘭", 460, 480 + PITCH),
    ]
    text = columns([body], 400, 480 + 2 * PITCH, 40, measure=10)
    (article,) = understand(lay_out(page_of(scanned([*head, *text])))).articles
    assert article.headline() == "護林青年"
    assert article.headline(Role.DECK) == "——記清河創業青年尹雨桐"
    assert article.byline == "本報記者蘇玉蘭"
    assert [p.text for p in article.paragraphs] == [body]


def test_a_dashed_line_as_wide_as_its_column_begins_the_text() -> None:
    body = "——記清河創業青年尹雨桐" + prose(1, 10 * 20)
    rows = [body[k : k + 10] for k in range(0, len(body), 10)]
    text = [line(row, 400, 480 + PITCH * k) for k, row in enumerate(rows)]
    lines = scanned([line("護林青年", 410, 330, 95), *text])
    (article,) = lay_out(page_of(lines)).articles
    assert article.headline(Role.DECK) == ""
    assert "".join(p.text for p in article.paragraphs) == body


@pytest.mark.parametrize(("mark", "kicker"), [("、", True), ("，", False)])
def test_a_speck_behind_a_kicker_in_the_texts_type_makes_no_text_of_it(
    mark: str, kicker: bool
) -> None:
    """Read as the stop that parts words, at the end of a line that says no sentence."""
    body = prose(1, 300)
    over = line(f"全省專題學習會提出{mark}", 400, 240)
    head = line("永定渠水位上涨", 400, 300, 90)
    lines = scanned([over, head, *columns([body], 400, 480, 12)])
    found = [a for a in lay_out(page_of(lines)).articles if a.headline() == head.text]
    assert [p.text for a in found for p in a.paragraphs] == [body]
    assert [a.headline(Role.KICKER).rstrip("、") == over.text[:-1] for a in found] == [kicker]


@pytest.mark.parametrize(
    ("words", "headed"), [("新华社东岭9月18日电记者彭楠报", False), ("东岭县水稻喜获丰收", True)]
)
def test_a_lead_in_in_bold_type_measured_larger_than_the_text_is_no_headline(
    words: str, headed: bool
) -> None:
    """The text goes on under it in light type, and so in a chunk of its own."""
    first = replace(line(words, 400, 480, 1.11 * EM), bold=True)
    text = columns([prose(1, 14 * 8)], 400, 480 + PITCH, 40)
    bold, light = (
        Chunk(tuple(Item(x, x.box, across=False) for x in scanned(lines)))
        for lines in ([first], text)
    )
    rest, display = take_display([bold, light], type_habit([bold, light], EM))
    assert [i.text for i in display] == [words] * headed
    assert (bold in rest) is not headed


@pytest.mark.parametrize(
    ("rows", "measure"),
    [(("——記豐寧漁民", "馬樹人"), 8), (("——記豐寧漁民馬樹人",), 11)],
)
def test_a_dashed_deck_no_longer_than_the_column_under_it_is_no_text(
    rows: tuple[str, ...], measure: int
) -> None:
    """A paragraph begins under it; and the name in its last row is no byline."""
    body = prose(1, 12 * measure)
    middle = 400 + measure / 2 * EM
    head = line("馴服潮水", middle - 2 * 80, 330, 80)
    deck = [line(text, middle - len(text) / 2 * EM, 480 + PITCH * k) for k, text in enumerate(rows)]
    text = columns([body], 400, 480 + PITCH * len(rows), 40, measure=measure)
    (article,) = understand(lay_out(page_of(scanned([head, *deck, *text])))).articles
    assert article.headline(Role.DECK) == "".join(rows)
    assert not article.byline
    assert [p.text for p in article.paragraphs] == [body]


@pytest.mark.parametrize(
    ("rows", "indent", "apart"),
    [
        (("——記豐寧漁民", "馬樹人"), 2, 2),
        (("——記豐寧漁民丁",), 2, 1),
        (("——漁民馬樹人說",), 0, 0),
        (("——漁民馬樹說。",), 2, 0),
    ],
)
def test_the_rows_of_a_dashed_deck_are_a_chunk(
    rows: tuple[str, ...], indent: int, apart: int
) -> None:
    """Text may begin with a dash; it goes on at its column's edge, or has ended a sentence."""
    over = [
        line(text, 400 + (4 - len(text) / 2) * EM, 480 + PITCH * k) for k, text in enumerate(rows)
    ]
    words = prose(1, 8 * 7 - indent)
    cut = [words[: 8 - indent], *(words[k : k + 8] for k in range(8 - indent, len(words), 8))]
    text = [
        line(row, 400 + (0 if k else indent) * EM, 480 + PITCH * (len(rows) + k))
        for k, row in enumerate(cut)
    ]
    items = [Item(x, x.box, across=False) for x in scanned([*over, *text])]
    first = min(make_chunks(items, [], []), key=lambda c: c.box.y0)
    assert first.text == "".join(rows[:apart] or [x.text for x in (*over, *text)])
