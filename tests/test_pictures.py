"""Groups of pictures, picture stories, and which of a picture's texts are its caption."""

from __future__ import annotations

from dataclasses import replace

import pytest
from typeset import EM, columns, down, line, page_of, prose

from epaper.geometry import Box
from epaper.layout import lay_out
from epaper.layout.figures import find_figures, units
from epaper.layout.overrun import without_overrun
from epaper.model import Line, Origin, Page, Picture, Rule
from epaper.news import understand


def kai(text: str, x: float, y: float) -> Line:
    """A line of caption type: another face, a little smaller than the body."""
    return line(text, x, y, 36.0, font="KaiTi")


def song(lines: list[Line]) -> list[Line]:
    """The lines in the page's body face."""
    return [Line(x.text, x.box, x.size, x.mode, "SongTi") for x in lines]


def lower_story(top: float = 2800.0) -> list[Line]:
    """A headed story of two columns far below the pictures."""
    return [
        line("春耕生产现场会召开", 420, top - 180, 90, font="HeiTi"),
        *song(columns([prose(1, 260), prose(5, 240)], 400, top, 20)),
    ]


def read(lines: list[Line], boxes: list[Box], rules: list[Rule] | None = None) -> Page:
    pictures = [Picture(f"i{k + 1:02d}", box) for k, box in enumerate(boxes)]
    return understand(lay_out(page_of(lines, pictures=pictures, rules=rules)))


def shown(page: Page) -> list[tuple[tuple[str, ...], list[str]]]:
    """Stories with captions: their pictures and the captions' words."""
    return [(a.pictures, [c.text for c in a.captions]) for a in page.articles if a.captions]


class TestFigures:
    def test_small_pictures_piled_beside_a_large_one_are_one_group_with_it(self) -> None:
        boxes = [
            Box(400, 400, 1200, 1000),
            Box(1230, 400, 1600, 685),
            Box(1230, 715, 1600, 1000),
        ]
        figures = find_figures([Picture(f"i{k}", b) for k, b in enumerate(boxes)], [], [], EM)
        assert [f.pictures for f in figures] == [(0,), (1,), (2,), (1, 2), (0, 1, 2)]
        assert [f.pictures for f in units(figures)] == [(0, 1, 2)]

    def test_two_rows_of_unlike_pictures_are_one_group(self) -> None:
        upper = [Box(400, 400, 980, 800), Box(1020, 400, 1600, 800)]
        lower = [Box(x, 840, x + 373, 1200) for x in (400, 813, 1227)]
        boxes = [*upper, *lower]
        figures = find_figures([Picture(f"i{k}", b) for k, b in enumerate(boxes)], [], [], EM)
        assert [f.pictures for f in units(figures)] == [(0, 1, 2, 3, 4)]


class TestPictureStories:
    """Two rows of two pictures, each with words of its own under it."""

    words = ("工人检修农机具。", "农民栽插水稻秧苗。", "学生查看土壤墒情。", "游客参观老街。")
    rules = (Rule(Box(400, 2480, 1580, 2484)),)

    def boxes(self, gap: float = 40.0) -> list[Box]:
        at = [(400, 400), (970 + gap, 400), (400, 900), (970 + gap, 900)]
        return [Box(x, y, x + 570, y + 400) for x, y in at]

    def lines(self, boxes: list[Box]) -> list[Line]:
        return [
            kai(f"{text}　陶明 摄", box.x0, box.y1 + 20)
            for text, box in zip(self.words, boxes, strict=True)
        ]

    def test_pictures_in_rows_with_words_of_their_own_are_one_picture_story(self) -> None:
        boxes = self.boxes()
        page = read([*self.lines(boxes), *lower_story()], boxes, list(self.rules))
        assert shown(page) == [(("i01", "i02", "i03", "i04"), list(self.words))]

    def test_a_rule_between_rows_parts_them(self) -> None:
        boxes = self.boxes()
        rules = [*self.rules, Rule(Box(400, 875, 1580, 879))]
        page = read([*self.lines(boxes), *lower_story()], boxes, rules)
        assert [pictures for pictures, _ in shown(page)] == [("i01", "i02"), ("i03", "i04")]

    def test_two_pictures_that_each_tell_a_story_are_two(self) -> None:
        boxes = self.boxes(80)[:2]
        long = [f"{w * 3}{w}图为施工现场，众人正在加紧作业。" for w in self.words[:2]]
        lines = [
            kai(text[k : k + 14], box.x0, box.y1 + 20 + 50 * n)
            for text, box in zip(long, boxes, strict=True)
            for n, k in enumerate(range(0, len(text), 14))
        ]
        page = read([*lines, *lower_story()], boxes, list(self.rules))
        assert shown(page) == [(("i01",), [long[0]]), (("i02",), [long[1]])]

    def test_another_photographers_picture_of_another_height_is_not_of_their_story(self) -> None:
        boxes = [*self.boxes()[:2], Box(1620, 400, 2400, 1300)]
        lines = self.lines([*boxes, Box(0, 0, 1, 1)])[:3]
        lines[2] = kai(f"{self.words[2]}　周静 摄", boxes[2].x0, boxes[2].y1 + 20)
        page = read([*lines, *lower_story()], boxes, list(self.rules))
        assert [pictures for pictures, _ in shown(page)] == [("i01", "i02"), ("i03",)]


def test_a_deck_over_a_picture_is_no_part_of_the_caption_under_it():
    """On a vertical page a headline and its deck may be set across, right over a picture."""
    body = [prose(1, 250), prose(9, 270)]
    lines = [
        line("醫生史思遠的一天", 1400, 280, 90, font="HeiTi"),
        kai("——臨湖縣落實職業教育紀實", 1400, 400),
        kai("圖為施工現場，工人們正在加緊作業。　陶明 攝", 1400, 1150),
    ]
    for k in range(22):
        lines.append(down(body[0][k * 11 : k * 11 + 11] or "完", 2300 - k * 54, 1300))
        lines.append(down(body[1][k * 11 : k * 11 + 11] or "完", 2300 - k * 54, 1800))
    page = read(lines, [Box(1400, 450, 2400, 1130)])
    assert [words for _, words in shown(page)] == [["圖為施工現場，工人們正在加緊作業。"]]


def test_pictures_that_touch_are_one_story_where_they_are_level_with_their_captions():
    """Under the first, whose words take two lines, the picture is so much shorter."""
    boxes = [Box(400, 400, 900, 900), Box(916, 400, 1416, 950)]
    words = [
        kai("图为近日农民在田间", 400, 914),
        kai("栽插秧苗。　陶明 摄", 400, 960),
        kai("工人检修农机　陶明 摄", 916, 964),
    ]
    page = read([*words, *lower_story()], boxes, [Rule(Box(400, 2480, 1580, 2484))])
    assert [pictures for pictures, _ in shown(page)] == [("i01", "i02")]


def test_the_last_of_a_row_of_like_pictures_goes_with_the_row():
    """The headline stands over the first two; the next story begins behind a rule."""
    boxes = [Box(400 + 437 * k, 700, 769 + 437 * k, 1323) for k in range(4)]
    said = ("图为近日农民", "工人检修农机", "学生查看土壤", "游客参观老街")
    words = [kai(f"{w}。", b.x0, 1345) for w, b in zip(said, boxes, strict=True)]
    words += [kai("陶明 摄", b.x1 - 144, 1395) for b in boxes]
    head = [line("图片新闻", 400, 520, 40), line("龋齿门诊为啥排长队", 400, 590, 64)]
    beside = [
        line("东岭持续启动优质服务", 2500, 540, 60),
        *song(columns([prose(3, 500)], 2150, 680, 20)),
    ]
    rules = [Rule(Box(400, 2480, 1580, 2484)), Rule(Box(2120, 500, 2124, 2400))]
    page = read([*head, *words, *beside, *lower_story()], boxes, rules)
    assert [pictures for pictures, _ in shown(page)] == [("i01", "i02", "i03", "i04")]


@pytest.mark.parametrize("crossed", [True, False])
def test_a_picture_of_a_scan_into_which_a_column_runs_is_two(crossed: bool) -> None:
    """Drawings of two columns were found as one; else the lines are words in a picture."""
    whole = Picture("i01", Box(400, 1000, 1700, 2000))
    text = columns([prose(1, 14 * 14)], 400, 600, 20)
    kept = [x for x in text if crossed or x.box.y0 > 1000]
    lines = [replace(x, origin=Origin.OCR) for x in kept]
    foot = max(x.box.y1 for x in lines)
    found = without_overrun([whole], lines, EM)
    if not crossed:
        assert found == (whole,)
        return
    left, right = (p.box for p in found)
    assert (left.x0, left.y0, left.y1) == (400, foot, 2000)
    assert right == Box(left.x1, 1000, 1700, 2000)
    assert [p.id for p in found] == ["i01", "i02"]
