"""Subheads at the head and at the foot of a column, known by the others in their type."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from typeset import EM, PITCH, broken, columns, line, page_of, prose

from epaper.geometry import Box
from epaper.layout import lay_out
from epaper.layout.chunks import Chunk
from epaper.layout.frame import Item
from epaper.layout.legends import type_habit
from epaper.layout.subheads import part_subheads
from epaper.model import Article, Frame, Line, Origin, ParagraphKind

MEASURE, GUTTER, DEPTH = 14, 60.0, 12
LEFT, TOP = 400.0, 480.0
NAMED = ("难题怎样破解", "把好质量关", "一份满意的答卷", "路子越走越宽")


def rows() -> list[tuple[str, float, str]]:
    """Text of three columns as (face, indent in ems, text); each part after a subhead."""
    found: list[tuple[str, float, str]] = []
    lengths = (12 + 14 * 9 + 9, 12 + 14 * 3 + 5, 12 + 14 * 4 + 6, 12 + 14 * 5 + 3, 12 + 14 * 2 + 8)
    for k, length in enumerate(lengths):
        if k:
            text = NAMED[k - 1]
            found.append(("KaiTi", (MEASURE - len(text)) / 2, text))
        found += [("SongTi", indent, t) for indent, t in broken([prose(k + 1, length)], MEASURE)]
    return found


HEADLINE = "加拿大南部发生地震救援队赶赴灾区"


def story_lines(*opening: tuple[str, float, str]) -> list[Line]:
    """The story's lines with those of another paragraph before its text."""
    lines: list[Line] = []
    for k, (face, indent, text) in enumerate([*opening, *rows()]):
        column, row = divmod(k, DEPTH)
        x = LEFT + column * (MEASURE * EM + GUTTER) + indent * EM
        lines.append(line(text, x, TOP + row * PITCH, font=face))
    wide = 3 * MEASURE * EM + 2 * GUTTER
    return [line(HEADLINE, LEFT + wide / 2 - 16 * 45, TOP - 140, 90, font="HeiTi"), *lines]


def story(*opening: tuple[str, float, str]) -> Article:
    """The story as it is laid out."""
    page = lay_out(page_of(story_lines(*opening)))
    return next(a for a in page.articles if a.headline() == HEADLINE)


def subheads(article: Article) -> list[str]:
    return [p.text for p in article.paragraphs if p.kind is ParagraphKind.SUBHEAD]


def test_a_subhead_at_the_head_of_the_middle_column_is_no_deck():
    """It stands right under the headline and in its middle, but text begins before it."""
    article = story(("SongTi", 2.0, prose(9, 8)))
    assert subheads(article) == list(NAMED)
    assert [h.text for h in article.headlines] == ["加拿大南部发生地震救援队赶赴灾区"]


def test_a_subhead_at_the_foot_of_a_column_names_what_the_next_begins_with():
    article = story()
    assert subheads(article) == list(NAMED)


def test_a_line_over_a_byline_in_a_box_of_briefs_is_a_headline_however_small():
    """It is set in the size of the text, in another face, under white and another brief."""
    edge, measure = 400.0, 14 * EM
    rows = [
        line("冷空气来袭出行请添衣", edge, 500, 60, font="HeiTi"),
        line(prose(21, 12), edge + 2 * EM, 590, font="SongTi"),
        line("（贾川）", edge + 10 * EM, 590 + PITCH, font="SongTi"),
        line("七里镇小麦绿了荒山", edge + 2.5 * EM, 590 + 3 * PITCH, font="HeiTi"),
        line("本报记者 丁磊", edge + 3.5 * EM, 590 + 4 * PITCH, font="KaiTi"),
        line(prose(1, 12), edge + 2 * EM, 590 + 5.2 * PITCH, font="SongTi"),
        line(prose(11, 14), edge, 590 + 6.2 * PITCH, font="SongTi"),
    ]
    other = [replace(i, font="SongTi") for i in columns([prose(12, 800)], edge + 700, 500, 30)]
    frame = Frame(Box(edge - EM, 460, edge + measure + EM, 590 + 8 * PITCH))
    page = lay_out(replace(page_of([*rows, *other]), frames=(frame,)))
    found = {a.headline(): a for a in page.articles}
    assert set(found) >= {"冷空气来袭出行请添衣", "七里镇小麦绿了荒山"}
    assert not subheads(found["七里镇小麦绿了荒山"])


def test_a_lead_in_over_its_reporters_is_no_headline_however_it_is_set():
    rows = [
        line("本报讯 记者钱辉、", 440, 500, font="HeiTi", bold=True),
        line("通讯员邱浩报道：", 440, 500 + PITCH, font="HeiTi", bold=True),
        *[replace(i, font="SongTi") for i in columns([prose(1, 112)], 400, 500 + 2 * PITCH, 30)],
    ]
    other = [replace(i, font="SongTi") for i in columns([prose(12, 800)], 1200, 500, 30)]
    page = lay_out(page_of([*rows, *other]))
    assert not any("本报讯" in a.headline() for a in page.articles)


def test_a_line_over_a_deck_is_no_subhead_of_the_text_above_but_a_headline():
    above = columns([prose(1, 150)], LEFT, TOP, 20)
    foot = TOP + len(above) * PITCH
    below = columns([prose(11, 150)], LEFT, foot + 3 * PITCH, 20)
    lines = [line(x.text, x.box.x0, x.box.y0, font="SongTi") for x in above + below]
    head = line("今年我县小麦喜获丰收", LEFT, TOP - 100, 66, font="HeiTi")
    second = line("小家具做成大产业", LEFT, foot + PITCH / 2, 54, font="HeiTi")
    deck = line("八十四项措施年内落地", LEFT, foot + PITCH / 2 + 64, 46, font="SongTi")
    page = lay_out(page_of([head, *lines, second, deck]))
    (story,) = (a for a in page.articles if a.headline() == second.text)
    assert [h.text for h in story.headlines] == [second.text, deck.text]


def test_a_line_in_the_type_of_small_headlines_is_one_however_close_it_stands() -> None:
    """The story's own subheads are no larger than its text."""
    wide = 3 * MEASURE * EM + 2 * GUTTER
    x, y = LEFT + wide + 200, TOP
    title = "桃花溪清漂队进山"

    def text(seed: int, top: float) -> list[Line]:
        rows = [line(t, x + i * EM, 0, font="SongTi") for i, t in broken([prose(seed, 112)], 14)]
        return [replace(r, box=r.box.moved(0, top + k * PITCH)) for k, r in enumerate(rows)]

    first, second = text(21, y + 90), text(31, y + 90 + 11 * PITCH)
    lone = [
        *[line("旧楼加装电梯开工", x, y, 1.28 * EM, font="HeiTi"), *first],
        line(title, x, y + 70 + 10 * PITCH, 1.24 * EM, font="HeiTi"),
        *second,
    ]
    page = lay_out(page_of([*lone, *story_lines()]))
    bodies = {a.headline(): "".join(p.text for p in a.paragraphs) for a in page.articles}
    assert bodies.get(title) == prose(31, 112)


@pytest.mark.parametrize(
    ("over", "words", "headed"),
    [
        (2.6, "冷空气来袭出行请添衣", True),
        (1.0, "冷空气来袭出行请添衣", False),
        (2.6, "本报讯（记者夏莉）", False),
    ],
)
def test_a_bold_line_under_much_white_and_close_over_its_text_is_a_headline(
    over: float, words: str, headed: bool
) -> None:
    """It is no larger than the text; a subhead stands in the middle of its white."""
    head = line("今年我县小麦喜获丰收", LEFT, TOP - 100, 66)
    above = columns([prose(1, 150)], LEFT, TOP, 20)
    foot = max(x.box.y1 for x in above)
    title = line(words, LEFT, foot + over * EM, bold=True)
    below = columns([prose(11, 150)], LEFT, title.box.y1 + EM, 20)
    page = lay_out(page_of([head, *above, title, *below]))
    bodies = {a.headline(): "".join(p.text for p in a.paragraphs) for a in page.articles}
    assert (bodies.get(title.text) == prose(11, 150)) is headed


def test_the_last_character_of_a_subhead_in_a_row_of_its_own_is_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By itself it looks like the end of a paragraph, and kept the row over it from being one."""
    title = ("“节能减排”有了新答", "案")
    wide = [
        line(text, LEFT + (MEASURE - 1.3 * len(text)) / 2 * EM, TOP, 1.3 * EM) for text in title
    ]
    rows = [
        *columns([prose(1, 14 * 4 - 2)], LEFT, TOP, 9),
        replace(wide[0], box=wide[0].box.moved(0, 4 * PITCH + 10), font="HeiTi"),
        replace(wide[1], box=wide[1].box.moved(0, 5 * PITCH + 20), font="HeiTi"),
        *columns([prose(5, 14 * 4 - 2)], LEFT, TOP + 6 * PITCH + 40, 9),
    ]
    chunk = Chunk(tuple(Item(x, x.box, across=False) for x in rows))
    habit = type_habit([chunk], EM)
    # The model knows the first row of it only.
    monkeypatch.setattr(
        "epaper.layout.subheads.chances",
        lambda found: np.where(found.line == 4, 0.84, 0.1),
    )
    parts = part_subheads([chunk], habit, [])
    assert [c.text for c in parts if c.subhead] == ["".join(title)]


@pytest.mark.parametrize(("white", "known"), [(14, True), (60, False)])
def test_a_large_line_on_a_scan_close_under_a_paragraph_that_ends_is_a_subhead(
    white: float, known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the model says; no headline stands so close under another story."""
    over = columns([prose(1, 14 * 4 - 8)], LEFT, TOP, 9)
    title = line("“节能减排”有新答", LEFT, over[-1].box.y1 + white, 1.3 * EM)
    under = columns([prose(5, 14 * 4 - 2)], LEFT, title.box.y1 + white, 9)
    items = [replace(x, origin=Origin.OCR) for x in (*over, title, *under)]
    chunks = [
        Chunk(tuple(Item(x, x.box, across=False) for x in part))
        for part in (items[: len(over)], items[len(over) : len(over) + 1], items[len(over) + 1 :])
    ]
    monkeypatch.setattr("epaper.layout.subheads.chances", lambda found: 0.04 * (found.line >= 0))
    parts = part_subheads(chunks, type_habit(chunks, EM), [])
    assert bool([c for c in parts if c.subhead]) is known


@pytest.mark.parametrize(("inside", "own"), [(True, False), (False, True)])
def test_a_line_in_the_type_of_the_subheads_at_the_head_of_a_column_begins_no_story(
    inside: bool, own: bool
) -> None:
    """The headline stands over the first column only; without subheads in it, it is another."""
    em, second = 1.4 * EM, LEFT + MEASURE * EM + GUTTER

    def named(text: str, x: float, y: float) -> Line:
        return line(text, x + (MEASURE * EM - len(text) * em) / 2, y, em)

    head = line(HEADLINE[:10], LEFT, TOP - 110, em)
    lines = [head, *columns([prose(1, 78)], LEFT, TOP, 40)]
    for k, title in enumerate(NAMED[:2]):
        foot = lines[-1].box.y1 + 24
        if inside:
            lines.append(named(title, LEFT, foot))
            foot = lines[-1].box.y1 + 24
        lines += columns([prose(2 + k, 76)], LEFT, foot, 40)
    last = named(NAMED[3], second, TOP)
    lines += [last, *columns([prose(4, 89)], second, last.box.y1 + 24, 40)]
    other = [line("春耕生产现场会召开", 2200, 330, 90), *columns([prose(21, 900)], 2200, TOP, 30)]
    page = lay_out(page_of([replace(x, origin=Origin.OCR) for x in (*lines, *other)]))
    assert (last.text in [a.headline() for a in page.articles]) is own
    if not own:
        (article,) = (a for a in page.articles if a.headline() == head.text)
        assert subheads(article) == [*NAMED[:2], last.text]
