"""Layout: captions and credits of pictures, alone and in rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from typeset import EM, columns, down, line, page_of, prose, tiers

from epaper.geometry import Box, hull
from epaper.layout import lay_out, placing
from epaper.layout.abreast import part_captions
from epaper.layout.alone import are_one
from epaper.layout.captions import CaptionLink
from epaper.layout.chunks import Chunk
from epaper.layout.figures import Figure
from epaper.layout.frame import Item
from epaper.layout.headings import Heading
from epaper.layout.nodes import End, Node
from epaper.layout.places import Ground, Shown
from epaper.layout.story import Story
from epaper.model import Line, Origin, Page, Picture, Role, Rule, WritingMode
from epaper.news import understand


def set_line(text: str, x: float, y: float, em: float = EM) -> Line:
    """A line with a box for each character."""
    boxes = tuple(Box(x + k * em, y, x + (k + 1) * em, y + em) for k in range(len(text)))
    return replace(line(text, x, y, em), chars=boxes)


def scanned(lines: list[Line]) -> list[Line]:
    return [replace(x, origin=Origin.OCR) for x in lines]


def told(page: Page) -> list[tuple[str, str]]:
    """Captions of the page as text and credit."""
    return [(c.text, c.credit) for a in understand(page).articles for c in a.captions]


@pytest.mark.parametrize("headline", [True, False])
def test_text_under_a_headline_is_not_cut_at_the_white_between_pictures_over_it(
    headline: bool,
) -> None:
    """Without the headline it is their captions."""
    pictures = [Picture("i01", Box(400, 300, 1000, 800)), Picture("i02", Box(1034, 300, 1634, 800))]
    first, second = "市民参观摄影展览现场。", "社区医院一角工人正在施工"
    left = set_line(first, 1000 - len(first) * EM, 940)
    right = set_line(second, 1034, 940)
    whole = replace(
        left,
        text=first + second,
        box=left.box.union(right.box),
        chars=(*left.chars, *right.chars),
    )
    head = line("春耕生产现场会召开", 600, 820, 80)
    found = part_captions([whole, *([head] if headline else [])], pictures)
    assert (found[0] == whole) is headline


@pytest.mark.parametrize(("wide", "one"), [(380.0, True), (300.0, False)])
def test_pictures_of_one_width_level_with_their_captions_are_one_story(
    wide: float, one: bool
) -> None:
    """The longer caption leaves less room to its picture; between the pictures there is white."""
    boxes = Box(400, 1600, 780, 2000), Box(820, 1600, 820 + wide, 1950)
    shown = [
        Shown(Figure((k,), box), Box(box.x0, box.y0, box.x1, 2100), 20, 1)
        for k, box in enumerate(boxes)
    ]
    assert are_one(shown[0], shown[1], [], EM) is one


def test_three_pictures_in_a_row_whose_captions_differ_by_a_row_are_one_picture_story() -> None:
    rules = [Rule(Box(400, y, 1580, y + 4)) for y in (1540, 2160)]
    pictures, words = [], []
    said = (
        ("栽插水稻秧苗。", "陶明 摄"),
        ("检修农机具，", "为春耕做准备。", "李四 摄"),
        ("查看土壤墒情。", "张三 摄"),
    )
    for k, rows in enumerate(said):
        x, foot = 400 + k * 400, 2120 - 44 * len(rows)
        pictures.append(Picture(f"i0{k + 1}", Box(x, 1600, x + 380, foot)))
        words += [
            line(text, x, foot + 12 + 44 * n, 36, font="KaiTi") for n, text in enumerate(rows)
        ]
    story = [
        line("春耕生产现场会召开", 420, 300, 90, font="HeiTi"),
        *columns([prose(1, 260), prose(5, 240)], 400, 480, 18),
        line("西城老街修缮完工", 420, 2220, 90, font="HeiTi"),
        *columns([prose(11, 260), prose(15, 240)], 400, 2400, 20),
    ]
    page = lay_out(page_of([*story, *words], pictures=pictures, rules=rules))
    assert [a.pictures for a in page.articles if a.pictures] == [("i01", "i02", "i03")]


@pytest.mark.parametrize("left", [1140 - 3 * 36, 500])
def test_a_credit_that_its_line_breaks_inside_its_duty_is_whole(left: float) -> None:
    """Its rest stands at the right end of the next line, or near the middle."""
    words = [
        line("昨日在石嶺村快遞員向村民講解種植技", 400, 2320, 36),
        line("術。", 400, 2364, 36),
        line("記者 葉開元 攝", 400 + 6 * 36, 2364, 36),
        line("影報道", left, 2408, 36),
    ]
    story = [
        line("春耕生产现场会召开", 420, 300, 90),
        *columns([prose(1, 260), prose(5, 240)], 400, 480, 20),
    ]
    picture = Picture("i01", Box(400, 1600, 1140, 2300))
    page = lay_out(page_of(scanned([*story, *words]), pictures=[picture]))
    said = "昨日在石嶺村快遞員向村民講解種植技術。"
    assert told(page) == [(said, "記者 葉開元 攝影報道")]


def test_words_across_a_page_read_down_over_what_is_seen_of_a_drawing_are_its_caption() -> None:
    body = [prose(1, 250), prose(9, 270), prose(17, 220)]
    lines = [down("全市春耕現場會召開", 4000, 400, 100), *tiers(body, 3960, 400, 22)]
    words = [
        line("南屏市文化廣場建設現場，工人們正在加緊", 1400, 400, 36),
        line("施工。 陶明 攝", 1400, 444, 36),
    ]
    drawing = Picture("i01", Box(1605, 580, 2015, 1080))
    page = lay_out(page_of(scanned([*lines, *words]), pictures=[drawing]))
    assert told(page) == [("南屏市文化廣場建設現場，工人們正在加緊施工。", "陶明 攝")]


@pytest.mark.parametrize(
    ("names", "together"), [(("贾勇", "贾勇"), True), (("贾勇", "陶明"), False)]
)
def test_a_picture_beside_a_storys_by_the_same_photographer_is_of_the_story_where_in_doubt(
    names: tuple[str, str], together: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By itself it may seem news of its own."""
    items = [Item(x, x.box, across=False) for x in columns([prose(1, 14 * 8)], 400, 480, 40)]
    chunk = Chunk(tuple(items))
    text = Node(chunk, chunk.box, 400, 400 + 14 * EM, True, End.CLOSED, {}, False)
    head = line("东岭工厂投产", 400, 300, 80)
    story = Story(Heading({Role.HEADLINE: (Item(head, head.box, across=False),)}), [text])
    boxes = Box(1200, 480, 1700, 900), Box(1720, 560, 2320, 900)
    figures = [Figure((k,), box) for k, box in enumerate(boxes)]
    words = [
        line(f"工人在装配农机。 {name} 摄", box.x0, 910, 30)
        for name, box in zip(names, boxes, strict=True)
    ]
    chunks = [Chunk((Item(x, x.box, across=False),)) for x in words]
    links = [CaptionLink((k,), figure, 0.9) for k, figure in enumerate(figures)]
    # The chances of the story and of the figure by itself, as the model may give them.
    answers = iter([np.array([0.99, 0.01]), np.array([0.07, 0.93])])
    monkeypatch.setattr(placing, "chances", lambda _: next(answers))
    stories = [story]
    ground = Ground([], EM, WritingMode.HORIZONTAL)
    placing.place_pictures(stories, figures, links, chunks, ground)
    assert story.pictures == ([0, 1] if together else [0])


@pytest.mark.parametrize(
    ("mark", "below", "parted"),
    [
        ("，", (), False),
        ("、", (), False),
        ("。", (), True),
        ("，", ("合影留念。", "摄影展。"), True),
    ],
)
def test_a_single_line_over_pictures_goes_on_behind_a_comma_over_their_white(
    mark: str, below: tuple[str, ...], parted: bool
) -> None:
    """No caption ends with one; the first row of a caption with another row under it may."""
    em, said = 34, (f"云州市养老服务中心建设现场{mark}", "工人们正在加紧施工。")
    wide = len(said[0]) * em
    lefts = (400.0, 400.0 + wide + 20, 400.0 + 2 * (wide + 20))
    pictures = [Picture(f"i{k}", Box(x, 460, x + wide, 900)) for k, x in enumerate(lefts)]
    pieces = [set_line(text, x, 316, em) for text, x in zip(said, lefts, strict=False)]
    chars = tuple(c for piece in pieces for c in piece.chars)
    whole = replace(pieces[0], text="".join(said), box=hull(chars), chars=chars)
    rows = [set_line(text, x, 360, em) for text, x in zip(below, lefts, strict=False)]
    found = [x.text for x in part_captions([whole, *rows], pictures)]
    assert found == [*(said if parted else ["".join(said)]), *below]


def pictures_in_story(
    boxes: tuple[Box, Box], likely: tuple[float, float], monkeypatch: pytest.MonkeyPatch
) -> list[int]:
    """Which of two pictures a story under a wide headline is given.

    `likely` is how many times likelier each is to be news of its own, as the model may say.
    """
    items = [Item(x, x.box, across=False) for x in columns([prose(1, 14 * 8)], 400, 480, 40)]
    chunk = Chunk(tuple(items))
    text = Node(chunk, chunk.box, 400, 400 + 14 * EM, True, End.CLOSED, {}, False)
    head = line("东岭工厂投产工人装配农机", 400, 300, 170)
    story = Story(Heading({Role.HEADLINE: (Item(head, head.box, across=False),)}), [text])
    figures = [Figure((k,), box) for k, box in enumerate(boxes)]
    words = [line("工人在装配农机。", box.x0, box.y1 + 10, 30) for box in boxes]
    chunks = [Chunk((Item(x, x.box, across=False),)) for x in words]
    links = [CaptionLink((k,), figure, 0.9) for k, figure in enumerate(figures)]
    answers = iter([np.array([1 / (1 + odds), odds / (1 + odds)]) for odds in likely])
    monkeypatch.setattr(placing, "chances", lambda _: next(answers))
    ground = Ground([], EM, WritingMode.HORIZONTAL)
    placing.place_pictures([story], figures, links, chunks, ground)
    return story.pictures


@pytest.mark.parametrize(
    ("gap", "wide", "foot", "row"),
    [
        (20, 300, 900, True),
        (20, 620, 900, True),
        (80, 300, 900, True),
        # Farther off, or of another height, only one of the same size is.
        (20, 620, 860, False),
        (80, 620, 900, False),
    ],
)
def test_pictures_of_one_height_side_by_side_are_of_one_story(
    gap: float, wide: float, foot: float, row: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of them may be two of the row that were seen as one."""
    second = Box(1500 + gap, 560, 1500 + gap + wide, foot)
    boxes = Box(1200, 560, 1500, 900), second
    assert pictures_in_story(boxes, (0.01, 50), monkeypatch) == ([0, 1] if row else [0])


@pytest.mark.parametrize(
    ("likely", "own"),
    [
        ((0.59 / 0.41, 0.87 / 0.09), [0, 1]),
        ((1.1, 0.87 / 0.09), []),
        ((0.1, 11), []),
    ],
)
def test_a_row_of_pictures_is_news_of_its_own_where_all_of_them_say_so(
    likely: tuple[float, float], own: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under a headline that has to be more than twelve times likelier, for all together."""
    boxes = Box(1200, 560, 1500, 900), Box(1520, 560, 1820, 900)
    given = pictures_in_story(boxes, likely, monkeypatch)
    assert given == [k for k in (0, 1) if k not in own]


@pytest.mark.parametrize("gap", [20, 60])
def test_two_pictures_on_a_page_without_a_story_are_news(gap: int) -> None:
    boxes = [Box(400, 600, 1200, 1200), Box(1200 + gap, 600, 2000 + gap, 1200)]
    lines = [line("工人在装配农机。", box.x0, 1215, 36) for box in boxes]
    page = lay_out(page_of(lines, pictures=[Picture(f"i{k}", b) for k, b in enumerate(boxes)]))
    assert [a.pictures for a in page.articles] == [("i0", "i1")]


def test_a_row_of_pictures_amid_a_storys_text_is_the_storys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However likely all of them together are news of their own."""
    monkeypatch.setattr(placing, "_is_amid", lambda _: True)
    boxes = Box(1200, 560, 1500, 900), Box(1520, 560, 1820, 900)
    assert pictures_in_story(boxes, (9.0, 9.0), monkeypatch) == [0, 1]


def parted(feet: tuple[float, float], end: float, start: float, under: Line | None = None) -> bool:
    """True if captions under two pictures with white from 1000 to 1040 between them are parted.

    Read as one line, the first ends at `end` and the second begins at `start`.
    """
    pictures = [
        Picture("i01", Box(400, 300, 1000, feet[0])),
        Picture("i02", Box(1040, 300, 1640, feet[1])),
    ]
    first, second = "市民参观摄影展览李明摄", "社区医院一角工人正在施工"
    left = set_line(first, end - 34 * len(first), 820, 34)
    right = set_line(second, start, 820, 34)
    whole = replace(
        left,
        text=first + second,
        box=left.box.union(right.box),
        chars=(*left.chars, *right.chars),
    )
    found = part_captions([whole, *([under] if under else [])], pictures)
    texts = [x.text for x in found if x is not under]
    assert texts in ([first, second], [first + second])
    return len(texts) == 2


@pytest.mark.parametrize(("apart", "level"), [(0.0, True), (2.0, True), (3.0, False)])
def test_captions_read_as_one_line_are_two_though_one_picture_is_a_little_higher(
    apart: float, level: bool
) -> None:
    assert parted((800, 800 - apart * 34), 1000, 1040) is level
    assert parted((800 - apart * 34, 800), 1000, 1040) is level


@pytest.mark.parametrize(
    ("end", "start", "wanted"),
    [(1024, 1045, True), (980, 1020, True), (1042, 1058, False), (930, 990, False)],
)
def test_captions_need_not_leave_white_in_the_middle_between_their_pictures(
    end: float, start: float, wanted: bool
) -> None:
    """Somewhere between the pictures they do."""
    assert parted((800, 800), end, start) is wanted


@pytest.mark.parametrize(("start", "wanted"), [(1017, True), (976, False)])
def test_the_next_row_of_the_second_caption_does_not_make_one_of_two(
    start: float, wanted: bool
) -> None:
    """It begins where the first row does, before the middle between the pictures."""
    under = set_line("并将于年内投入使用", start, 866, 34)
    assert parted((800, 800), 990, 1022, under) is wanted
