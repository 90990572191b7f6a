"""Pictures with their words, subheads, verse and pull-quotes on a page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from typeset import EM, columns, down, line, page_of, prose, tiers

from epaper.geometry import Box, hull
from epaper.layout import lay_out
from epaper.layout.abreast import part_captions
from epaper.layout.alone import are_one, by_one
from epaper.layout.chunks import Chunk
from epaper.layout.cues import ends_in_credit, is_credit
from epaper.layout.figures import Figure, find_figures, units
from epaper.layout.frame import Item
from epaper.layout.legends import NAMES, Surroundings, TypeHabit, pairs
from epaper.layout.places import Shown
from epaper.layout.verse import mark_verses
from epaper.layout.wordings import texts_at, with_ends_apart
from epaper.model import Article, Caption, Line, Origin, Page, ParagraphKind, Picture, Role, Rule
from epaper.news import understand
from epaper.news.caption import split


def kai(text: str, x: float, y: float) -> Line:
    """A line of caption type: another face, a little smaller than the body."""
    return line(text, x, y, 36.0, font="KaiTi")


def song(lines: list[Line]) -> list[Line]:
    """The lines in the page's body face."""
    return [Line(x.text, x.box, x.size, x.mode, "SongTi") for x in lines]


def story(page: Page, headline: str) -> Article:
    return next(a for a in page.articles if a.headline() == headline)


def told(page: Page) -> list[tuple[str, str, str | None]]:
    """Captions of the page as text, credit and picture."""
    return [(c.text, c.credit, c.picture) for a in page.articles for c in a.captions]


def read(lines: list[Line], pictures: list[Picture], rules: list[Rule] | None = None) -> Page:
    return understand(lay_out(page_of(lines, pictures=pictures, rules=rules)))


def two_columns(top: float = 480.0) -> list[Line]:
    """A headed story of two columns, each 14 characters wide."""
    return [
        line("春耕生产现场会召开", 420, top - 180, 90, font="HeiTi"),
        *song(columns([prose(1, 260), prose(5, 240)], 400, top, 20)),
    ]


class TestOnePicture:
    """A picture 1180 pixels wide under a story of two columns of 560."""

    picture = Picture("i01", Box(400, 1600, 1580, 2300))

    def captions(self, *words: Line) -> list[tuple[str, str, str | None]]:
        return told(read([*two_columns(), *words], [self.picture]))

    def test_a_credit_at_the_right_end_of_a_line_of_its_own_is_no_second_caption(self) -> None:
        words = [
            kai("五月二十九日，农民在田间栽插水稻秧苗。", 400, 2320),
            kai("本报记者 陶明 摄", 1256, 2370),
        ]
        text = "五月二十九日，农民在田间栽插水稻秧苗。"
        assert self.captions(*words) == [(text, "本报记者 陶明 摄", "i01")]

    def test_a_credit_on_the_last_line_far_from_the_words_is_theirs(self) -> None:
        words = [kai("农民在田间栽插水稻秧苗。", 400, 2320), kai("陶明 摄", 1440, 2320)]
        assert self.captions(*words) == [("农民在田间栽插水稻秧苗。", "陶明 摄", "i01")]

    def test_words_without_a_full_stop_part_from_a_credit_on_the_next_line(self) -> None:
        words = [kai("农民在田间栽插水稻", 400, 2320), kai("陶明/摄", 400, 2370)]
        assert self.captions(*words) == [("农民在田间栽插水稻", "陶明/摄", "i01")]

    def test_a_picture_may_have_a_credit_and_no_words(self) -> None:
        assert self.captions(kai("新华社记者 陶明 摄", 1150, 2320)) == [
            ("", "新华社记者 陶明 摄", "i01")
        ]

    def test_words_over_the_picture_are_its_caption(self) -> None:
        words = [kai("农民在田间栽插水稻秧苗。", 440, 2230), kai("陶明 摄", 1400, 2230)]
        assert self.captions(*words) == [("农民在田间栽插水稻秧苗。", "陶明 摄", "i01")]

    def test_the_caption_belongs_to_the_story_over_the_picture(self) -> None:
        words = kai("农民在田间栽插水稻秧苗。　陶明 摄", 400, 2320)
        page = read([*two_columns(), words], [self.picture])
        assert story(page, "春耕生产现场会召开").pictures == ("i01",)

    def test_a_long_text_in_the_type_of_the_body_is_a_caption_if_a_photographer_ends_it(
        self,
    ) -> None:
        words = prose(13, 130) + "□本报记者 陶维明摄"
        rows = song(columns([words], 405, 2320, 9, measure=29))
        ((text, credit, picture),) = self.captions(*rows)
        assert (text, credit, picture) == (prose(13, 130), "□本报记者 陶维明摄", "i01")

    def test_chances_lie_between_nothing_and_certainty(self) -> None:
        words = kai("农民在田间栽插水稻秧苗。　陶明 摄", 400, 2320)
        page = read([*two_columns(), words], [self.picture])
        (caption,) = (c for a in page.articles for c in a.captions)
        assert 0.5 < caption.confidence <= 1.0
        block = page.block(caption.block or "")
        assert (block.role, block.confidence) == (Role.CAPTION, caption.confidence)


def test_a_caption_set_beside_its_picture_is_no_column_of_the_story():
    picture = Picture("i01", Box(400, 1700, 1200, 2300))
    words = [
        kai(text, 1230, 1700 + k * 48)
        for k, text in enumerate(("◀图为农民在田", "间栽插水稻秧", "苗。", "陶明 摄"))
    ]
    page = read([*two_columns(), *words], [picture])
    assert told(page) == [("◀图为农民在田间栽插水稻秧苗。", "陶明 摄", "i01")]


def test_the_text_under_a_picture_at_the_head_of_its_column_is_no_caption():
    """The story's first line begins in bold, as lead-ins do."""
    picture = Picture("i01", Box(400, 480, 960, 900))
    first, second = prose(1, 200), prose(5, 220)
    lines = [
        line("春耕生产现场会召开", 420, 300, 90, font="HeiTi"),
        *song(columns([f"本报讯记者陶明报道{first}"], 400, 1010, 25)),
        *song(columns([second], 1020, 480, 30)),
        kai("农民在田间栽插水稻。　陶明 摄", 400, 920),
    ]
    lead = next(k for k, x in enumerate(lines) if x.text.startswith("本报讯"))
    lines[lead] = Line(
        lines[lead].text, lines[lead].box, EM, lines[lead].mode, font="HeiTi", bold=True
    )
    article = story(read(lines, [picture]), "春耕生产现场会召开")
    assert "".join(p.text for p in article.paragraphs) == f"本报讯记者陶明报道{first}{second}"
    assert [c.text for c in article.captions] == ["农民在田间栽插水稻。"]


class TestGroups:
    """Three pictures in a row, 20 pixels apart."""

    @property
    def row(self) -> list[Picture]:
        return [
            Picture(f"i0{k + 1}", Box(400 + k * 400, 1600, 780 + k * 400, 1900)) for k in range(3)
        ]

    def test_neighbours_with_level_sides_are_a_group(self) -> None:
        figures = find_figures(self.row, [], [], EM)
        assert [f.pictures for f in figures] == [(0,), (1,), (2,), (0, 1, 2)]
        assert [f.pictures for f in units(figures)] == [(0, 1, 2)]

    def test_pictures_with_text_between_them_or_of_unlike_height_are_none(self) -> None:
        apart = [self.row[0], Picture("i02", Box(800, 1600, 1180, 2000))]
        assert [f.pictures for f in find_figures(apart, [], [], EM)] == [(0,), (1,)]
        text = Box(782, 1700, 798, 1740)
        found = find_figures(self.row[:2], [text], [], EM)
        assert [f.pictures for f in found] == [(0,), (1,)]

    def test_one_caption_of_a_group_stands_once_and_all_pictures_go_with_it(self) -> None:
        words = kai("图为农民在田间栽插秧苗，今年早稻面积多了一成。　陶明 摄", 400, 1930)
        page = read([*two_columns(), words], self.row)
        assert told(page) == [("图为农民在田间栽插秧苗，今年早稻面积多了一成。", "陶明 摄", "i01")]
        assert story(page, "春耕生产现场会召开").pictures == ("i01", "i02", "i03")

    def test_pictures_of_a_group_keep_captions_of_their_own(self) -> None:
        words = [
            kai(text, 400 + k * 400, 1930)
            for k, text in enumerate(("栽插水稻秧苗。", "检修农机具。", "查看土壤墒情。"))
        ]
        credits = [
            kai(text, 640 + k * 400, 1980)
            for k, text in enumerate(("陶明 摄", "李四 摄", "张三 摄"))
        ]
        page = read([*two_columns(), *words, *credits], self.row)
        assert told(page) == [
            ("栽插水稻秧苗。", "陶明 摄", "i01"),
            ("检修农机具。", "李四 摄", "i02"),
            ("查看土壤墒情。", "张三 摄", "i03"),
        ]


def test_a_picture_between_rules_is_news_of_its_own():
    """Above and below a rule part it from the stories, as everywhere on the page."""
    picture = Picture("i01", Box(400, 1700, 1580, 2400))
    rules = [Rule(Box(400, y, 1580, y + 4)) for y in (1640, 2560)]
    words = kai("五月二十九日，农民在田间栽插水稻秧苗。　陶明 摄", 400, 2420)
    lower = [
        line("西城老街修缮完工", 420, 2620, 90, font="HeiTi"),
        *song(columns([prose(11, 260), prose(15, 240)], 400, 2800, 20)),
    ]
    page = read([*two_columns(), words, *lower], [picture], rules)
    owner = next(a for a in page.articles if a.captions)
    assert (owner.headline(), owner.pictures, owner.paragraphs) == ("", ("i01",), ())


def test_a_caption_in_level_lines_under_a_picture_of_a_vertical_page():
    body = [prose(1, 250), prose(9, 270), prose(17, 220)]
    lines = [down("全市春耕現場會召開", 4000, 400, 100), *tiers(body, 3960, 400, 22)]
    picture = Picture("i01", Box(1400, 400, 2400, 1100))
    page = read([*lines, kai("農民在田間栽插水稻秧苗。　陶明 攝", 1400, 1120)], [picture])
    assert told(page) == [("農民在田間栽插水稻秧苗。", "陶明 攝", "i01")]


def test_words_that_a_line_breaks_end_in_no_credit() -> None:
    assert not ends_in_credit("近年来，平湖县扎 实部署绿色发")
    assert ends_in_credit("市民在图书馆阅读。新华社发（李明摄）")
    assert ends_in_credit("市民在图书馆阅读。　新华社 发")
    assert not ends_in_credit("其中，蘋果、罐頭、攝")
    assert ends_in_credit("農民在田間栽插水稻秧苗。李明攝")


@pytest.mark.parametrize(
    "text",
    [
        "本报记者 秦楠 摄",
        "图/记者 许承志",
        "摄影：康杰",
        "新华社发（叶楠 摄）",
        "（黄红 摄）",
        "□本报记者 陶维明摄",
        "新华社记者 李四摄",
        "邵海燕/摄",
        "本报记者 何平、李明 摄",
        "記者 胡巖 攝影報道",
    ],
)
def test_lines_that_are_all_credit(text: str) -> None:
    assert is_credit(text)


@pytest.mark.parametrize(
    "text",
    [
        "图为农民在田间栽插水稻",
        "铁路专用线一角 本报记者 何福生摄",
        "工人们正在加紧施工。 图/记者 许承志",
        "他在公园拍摄",
        "摄",
        "本报讯 记者秦楠报道",
    ],
)
def test_lines_that_say_more_than_a_credit_or_less(text: str) -> None:
    assert not is_credit(text)


class TestSubheads:
    def paragraphs(self, named: Line, after: float) -> list[tuple[ParagraphKind, str]]:
        upper = columns([self.first], 400, 480, 40)
        lines = [
            line("社区服务综述", 420, 300, 80, font="HeiTi"),
            *song(upper),
            named,
            *song(columns([self.second], 400, after, 40)),
        ]
        article = story(lay_out(page_of(lines)), "社区服务综述")
        return [(p.kind, p.text) for p in article.paragraphs]

    first, second = prose(1, 12 + 14 * 6 + 5), prose(8, 12 + 14 * 6 + 5)
    under = 480 + 8 * 54

    @pytest.mark.parametrize(
        "named",
        [
            line("走街串巷", 400 + 5 * EM, 480 + 8 * 54, font="SongTi", bold=True),
            line("走街串巷听民声", 400, 480 + 8 * 54, font="HeiTi"),
            line("■走街串巷听民声", 400, 480 + 8 * 54, font="HeiTi"),
            line("走街串巷听民声", 400 + 2 * EM, 480 + 8 * 54, font="KaiTi"),
        ],
        ids=["centred", "flush in another face", "marked", "indented in another face"],
    )
    def test_a_line_that_names_what_follows_is_a_subhead(self, named: Line) -> None:
        assert self.paragraphs(named, self.under + 54) == [
            (ParagraphKind.TEXT, self.first),
            (ParagraphKind.SUBHEAD, named.text),
            (ParagraphKind.TEXT, self.second),
        ]

    def test_the_short_last_line_of_a_paragraph_is_none(self) -> None:
        named = line("小区都通了公交车。", 400 + 2 * EM, self.under, font="SongTi")
        found = self.paragraphs(named, self.under + 54)
        assert [kind for kind, _ in found] == [ParagraphKind.TEXT] * 3

    def test_a_block_knows_how_sure_its_role_is(self) -> None:
        named = line("走街串巷听民声", 400, self.under, font="HeiTi")
        lines = [
            line("社区服务综述", 420, 300, 80, font="HeiTi"),
            *song(columns([self.first], 400, 480, 40)),
            named,
            *song(columns([self.second], 400, self.under + 54, 40)),
        ]
        blocks = [b for b in lay_out(page_of(lines)).blocks if b.role is Role.SUBHEAD]
        assert [b.text for b in blocks] == [named.text]
        assert 0.5 <= blocks[0].confidence <= 1.0


class TestVerse:
    poem = (
        "金秋的青弋江",
        "我走过黑土村的清晨",
        "一盏灯照着归人",
        "没有人提起从前",
        "请把远方还给我",
    )

    def chunk(self, rows: tuple[str, ...]) -> Chunk:
        lines = [line(text, 400, 480 + k * 54) for k, text in enumerate(rows)]
        return Chunk(tuple(Item(x, x.box, across=False) for x in lines))

    def test_lines_that_end_where_they_like_are_kept(self) -> None:
        lines = [line("秋天的信", 420, 300, 80)]
        lines += [line(text, 400, 480 + k * 54) for k, text in enumerate(self.poem)]
        article = story(lay_out(page_of(lines)), "秋天的信")
        assert tuple(p.text for p in article.paragraphs) == self.poem

    def test_lines_on_one_middle_are_kept_and_centred_prose_is_not(self) -> None:
        rows = ("我走过黑土村的清晨里", "月光铺开一张旧地图", "南山的雨，落了一夜", "母亲站在村口")
        rows_of_prose = (
            "记者昨日在现场看到，",
            "市民有序进入新馆，先",
            "到者已借走三百册图书",
            "和画报。",
        )
        for texts, verse in ((rows, True), (rows_of_prose, False)):
            lines = [
                line(text, 700 - len(text) * EM / 2, 480 + k * 54) for k, text in enumerate(texts)
            ]
            chunk = Chunk(tuple(Item(x, x.box, across=False) for x in lines))
            assert mark_verses([chunk], [])[0].verse is verse

    def test_lines_that_are_a_sentence_each_are_kept(self) -> None:
        rows = (
            "第6中学昨日举行开放日活动。",
            "第9中学下周举行开放日活动。",
            "污水处理厂近日竣工投入使用。",
        )
        assert mark_verses([self.chunk(rows)], [])[0].verse
        assert not mark_verses([self.chunk((*rows[:2], "污水处理厂近日竣工，投入使"))], [])[0].verse

    def test_prose_is_no_verse(self) -> None:
        rows = columns([prose(1, 100), prose(5, 90)], 400, 480, 30)
        chunk = Chunk(tuple(Item(x, x.box, across=False) for x in rows))
        assert not mark_verses([chunk], [])[0].verse

    def test_an_item_with_its_mark_is_no_verse(self) -> None:
        assert mark_verses([self.chunk(self.poem)], [])[0].verse
        marked = ("○" + self.poem[0], *self.poem[1:])
        assert not mark_verses([self.chunk(marked)], [])[0].verse

    def test_text_that_runs_round_a_picture_is_no_verse(self) -> None:
        chunk = self.chunk(self.poem)
        beside = [Box(i.box.x1 + EM, i.box.y0, 900, i.box.y1) for i in chunk.items]
        assert mark_verses([chunk], [])[0].verse
        assert not mark_verses([chunk], beside)[0].verse


def test_a_photographer_at_the_end_of_a_caption_beside_its_picture_is_of_it() -> None:
    """He stands on the last line, far from the picture's own side."""
    shown = Picture("i1", Box(400, 600, 1600, 1400))
    rows = ["近日在古城镇王家村渔民郑俊杰向", "前来参观的村民讲解马铃薯种植技", "术。"]
    words = [song([line(t, 1620, 1268 + 44 * k, 33)])[0] for k, t in enumerate(rows)]
    words = [replace(x, font="KaiTi") for x in words]
    credit = replace(line("汪宁 摄", 1950, 1356, 33), font="KaiTi")
    other = song(columns([prose(1, 400)], 2400, 600, 30))
    head = line("春耕生产现场会召开", 2400, 480, 80, font="HeiTi")
    page = understand(lay_out(page_of([*words, credit, head, *other], pictures=[shown])))
    (told,) = (c for a in page.articles for c in a.captions)
    assert (told.text, told.credit) == ("".join(rows), "汪宁 摄")


def test_a_stop_at_the_end_of_a_caption_closes_no_white_to_the_next_one() -> None:
    """Its square reaches to the next picture's edge, its ink does not."""
    left, right = Box(400, 300, 1012, 800), Box(1034, 300, 1646, 800)
    text = "图为食品公司的工人在忙。日前邮递员在上塘村田间查看"
    cut = text.index("日")
    chars = [
        Box(1012 - (cut - k - 0.5) * 34, 820, 1012 - (cut - k - 1.5) * 34, 854) for k in range(cut)
    ]
    chars += [Box(1034 + k * 34, 820, 1068 + k * 34, 854) for k in range(len(text) - cut)]
    whole = replace(line(text, 400, 820, 34), box=hull(chars), chars=tuple(chars))
    pictures = [Picture("i1", left), Picture("i2", right)]
    assert [x.text for x in part_captions([whole], pictures)] == [text[:cut], text[cut:]]


@pytest.mark.parametrize(("start", "parted"), [(1040, True), (960, False)])
def test_captions_of_pictures_side_by_side_are_cut_where_the_second_begins(
    start: float, parted: bool
) -> None:
    left, right = Box(400, 300, 1000, 800), Box(1040, 300, 1640, 800)
    first, second = "市民参观摄影展（李明摄）", "社区医院一角（李明摄）"
    before = line(first, 1000 - len(first) * 34, 820, 34)
    after = line(second, start, 820, 34)
    chars = [
        Box(piece.box.x0 + k * 34, 820, piece.box.x0 + (k + 1) * 34, 854)
        for piece in (before, after)
        for k in range(len(piece.text))
    ]
    whole = replace(
        before, text=first + second, box=before.box.union(after.box), chars=tuple(chars)
    )
    found = part_captions([whole], [Picture("i01", left), Picture("i02", right)])
    assert [x.text for x in found] == ([first, second] if parted else [first + second])


def test_captions_of_three_rows_over_their_pictures_are_cut_in_the_first_row_too() -> None:
    left, right = Box(400, 460, 1000, 900), Box(1014, 460, 1614, 900)
    first, second = "十八日沙洲县村民正在村头采摘大豆和蔬菜", "临江俱乐部队员庆祝胜利"
    pieces = [line(first[:17], 400, 316, 34), line(second, 1014, 316, 34)]
    chars = [
        Box(x.box.x0 + k * 34, 316, x.box.x0 + (k + 1) * 34, 350)
        for x in pieces
        for k in range(len(x.text))
    ]
    box = pieces[0].box.union(pieces[1].box)
    whole = replace(pieces[0], text=first[:17] + second, box=box, chars=tuple(chars))
    found = part_captions([whole], [Picture("i01", left), Picture("i02", right)])
    assert [x.text for x in found] == [first[:17], second]


@pytest.mark.parametrize("turned", [False, True])
def test_pictures_that_touch_with_captions_level_over_them_are_one_story(turned: bool) -> None:
    """A caption of one row less makes its picture higher."""
    boxes = [(Box(400, 910, 800, 2000), 766), (Box(812, 865, 1212, 2000), 766)]
    shown = []
    for k, (box, top) in enumerate(boxes):
        both = box, Box(box.x0, top, box.x1, box.y1)
        at, foot = (b.transposed() for b in both) if turned else both
        shown.append(Shown(Figure((k,), at), foot, 17, 1))
    assert are_one(shown[0], shown[1], [], EM)


@pytest.mark.parametrize(
    ("above", "parted"), [("社区居民昨天参观摄影展和摄影家", False), ("", True)]
)
def test_a_caption_with_a_space_under_the_white_between_pictures_is_one(
    above: str, parted: bool
) -> None:
    """The line over it runs on across that white."""
    pictures = [Picture("i01", Box(400, 300, 610, 780)), Picture("i02", Box(640, 300, 944, 780))]
    text = "合影留念。　　李明摄影记者报道"
    chars = tuple(Box(400 + k * 34, 870, 434 + k * 34, 904) for k in range(len(text)))
    last = replace(line(text, 400, 870, 34), chars=chars)
    first = replace(
        line(above, 400, 820, 34),
        chars=tuple(Box(c.x0, 820, c.x1, 854) for c in chars[: len(above)]),
    )
    lines = [first, last] if above else [last]
    assert (len(part_captions(lines, pictures)) > len(lines)) == parted


@pytest.mark.parametrize(("face", "caption"), [("KaiTi", True), ("SongTi", False)])
def test_a_sentence_in_caption_type_level_with_a_picture_under_a_headline_is_its_caption(
    face: str, caption: bool
) -> None:
    picture = Picture("i01", Box(740, 480, 1800, 1200))
    rows = ("农民在田间栽插", "水稻秧苗，工人", "们正在加紧施工。")
    words = [line(t, 400, 480 + k * 54, EM, font=face) for k, t in enumerate(rows)]
    head = line("田间处处春耕忙", 400, 360, 80, font="HeiTi")
    page = read([head, *words, *(two_columns(1700))], [picture])
    assert bool(told(page)) == caption


def test_words_of_the_text_set_large_inside_it_are_a_quote_and_no_paragraph():
    body = [prose(1, 12 + 14 * 20 + 5), prose(8, 12 + 14 * 20 + 5)]
    rows = song(columns(body, 400, 480, 60))
    at = 18
    said = (rows[2].text + rows[3].text)[:15] + "。"
    text = "".join(x.text for x in rows[2:4])
    assert said[:-1] in text
    lower = [
        Line(x.text, Box(x.box.x0, x.box.y0 + 250, x.box.x1, x.box.y1 + 250), EM, x.mode, "SongTi")
        for x in rows[at:]
    ]
    quote = [
        line(said[:8], 400, rows[at].box.y0 + 40, 60, font="HeiTi"),
        line(said[8:], 400, rows[at].box.y0 + 125, 60, font="HeiTi"),
    ]
    lines = [line("社区服务综述", 420, 300, 80, font="HeiTi"), *rows[:at], *quote, *lower]
    page = lay_out(page_of(lines))
    article = story(page, "社区服务综述")
    assert [p.text for p in article.paragraphs] == body
    assert [b.text for b in page.blocks if b.role is Role.QUOTE] == [
        "\n".join(x.text for x in quote)
    ]
    assert page.coverage == 1.0


def test_a_credit_whose_bracket_was_not_read_to_its_end_is_one():
    for words, credit in (
        ("了解最新的农机具产品。", "记者杨伟摄"),
        ("孩子（左）在表演。", "张三 摄"),
    ):
        parts = split(f"{words}（{credit}")
        assert (parts.text, parts.credit, len(parts.people)) == (words, credit, 1)
    assert split("村民在修路（图左起第二人）").credit == ""


@pytest.mark.parametrize(
    ("words", "credit", "name"),
    [
        ("村民在修路。", "李建国拍摄", "李建国"),
        ("村民在修路。 ", "本报记者 王伟 拍摄", "王伟"),
        ("村民在修路（去年拍摄）", "", ""),
        ("昨日，游客在展馆内拍摄", "", ""),
        ("图为记者在现场拍摄", "", ""),
    ],
)
def test_who_took_a_picture_is_told_from_what_it_shows(words: str, credit: str, name: str) -> None:
    parts = split(words + credit)
    assert (parts.text, parts.credit) == (words.strip(), credit)
    assert [p.name for p in parts.people] == ([name] if name else [])


def test_credits_layout_found_apart_lose_their_brackets():
    caption = Caption("农民在田间栽插水稻。", "i01", credit="（陶明 摄）")
    page = page_of([], pictures=[Picture("i01", Box(400, 1700, 1580, 2400))])
    article = Article("a01", captions=(caption,), pictures=("i01",))
    found = understand(replace(page, articles=(article,))).articles[0].captions[0]
    assert (found.credit, [p.name for p in found.people]) == ("陶明 摄", ["陶明"])


def test_a_credit_broken_over_two_pieces_of_a_caption_stays_with_its_words():
    picture = Picture("i1", Box(400, 1000, 1114, 1400))
    said = line("安远五十岁的店主夏芳和他的电影作品。 新华", 400, 1410, 34)
    words = [said, line("社记者 苏文博 摄", 640, 1455, 34)]
    body = columns([prose(1, 14 * 40)], 1300, 480, 40)
    page = read([line("秦腔唱响两岸", 400, 300, 90), *words, *body], [picture])
    assert [(c.text, c.credit) for a in page.articles for c in a.captions] == [
        ("安远五十岁的店主夏芳和他的电影作品。", "新华社记者 苏文博 摄")
    ]


def test_two_captions_over_their_pictures_each_have_their_own() -> None:
    """The second stands right under the first picture, and nearer to it than to its own."""
    upper, lower = Box(400, 700, 1200, 1300), Box(400, 1362, 1200, 1962)
    first = [kai("农民在田间栽插水稻秧苗。", 400, 648), kai("陶明 摄", 1030, 648)]
    second = [kai("市民参观摄影展。", 400, 1310), kai("李静 摄", 1030, 1310)]
    pictures = [Picture("i01", upper), Picture("i02", lower)]
    page = read([*first, *second, *two_columns(2360)], pictures)
    assert sorted(told(page)) == [
        ("农民在田间栽插水稻秧苗。", "陶明 摄", "i01"),
        ("市民参观摄影展。", "李静 摄", "i02"),
    ]


def scanned(lines: list[Line]) -> list[Line]:
    """The lines as read from ink: no face is known."""
    return [replace(x, font="", origin=Origin.OCR) for x in lines]


def test_a_credit_that_its_line_breaks_in_the_first_word_stays_with_the_caption() -> None:
    words = [
        kai("农民在田间栽插水稻秧苗", 400, 2320),
        kai("□本", 400 + 12.2 * 36, 2320),
        kai("报记者 陶维明摄", 500, 2370),
    ]
    picture = Picture("i01", Box(400, 1600, 900, 2300))
    page = read(scanned([*two_columns(), *words]), [picture])
    assert told(page) == [("农民在田间栽插水稻秧苗", "□本报记者 陶维明摄", "i01")]


@pytest.mark.parametrize(("rows", "caption"), [(3, True), (9, False)])
def test_a_few_lines_of_a_scan_beside_a_picture_under_a_headline_are_its_caption(
    rows: int, caption: bool
) -> None:
    picture = Picture("i01", Box(740, 480, 1800, 1200))
    text = prose(11, 8 * rows)
    words = [line(text[8 * k : 8 * k + 8], 400, 480 + k * 54) for k in range(rows)]
    head = line("田间处处春耕忙", 400, 360, 80)
    page = read(scanned([head, *words, *two_columns(1700)]), [picture])
    assert bool(told(page)) == caption


def test_a_credit_at_the_end_of_a_caption_under_several_pictures_is_that_captions() -> None:
    # The middle one, a chart of bars, ends a little higher than the others.
    row = [Picture(f"i0{k}", Box(2600 + 308 * k, 1600, 2900 + 308 * k, 2100)) for k in range(3)]
    row[1] = Picture("i01", Box(2938, 1750, 3188, 2045))
    words = [
        kai("图为花鼓戏艺人侯勇在为孩子们表演近年来和顺县广", 2604, 2105),
        kai("泛探索受到群众欢迎。", 2604, 2150),
        kai("（董刚 摄）", 3230, 2150),
    ]
    body = [*tiers([prose(1, 14 * 36)], 4000, 400, 18), *tiers([prose(7, 14 * 36)], 2560, 400, 18)]
    lines = [down("把营商环境落到实处", 4060, 400, 100), *body, *words]
    page = read([replace(x, font="", origin=Origin.OCR) for x in lines], row)
    (caption,) = (c for a in page.articles for c in a.captions)
    assert caption.text.endswith("泛探索受到群众欢迎。")
    assert caption.credit == "董刚 摄"


def test_a_credit_that_its_line_breaks_after_the_house_is_whole() -> None:
    words = [
        line("图为江原纺织厂的工人在装配罐头。", 400, 2310, 38),
        line("本报记", 1055, 2310, 38),
        line("者陶维明摄", 400, 2361, 38),
    ]
    chunks = [Chunk((Item(x, x.box, across=False),)) for x in scanned(words)]
    (text,) = texts_at(chunks, [Figure((0,), Box(400, 1600, 1170, 2300))], 38)
    assert sorted(text) == [0, 1, 2]


def test_the_last_line_of_a_caption_may_stand_in_the_middle() -> None:
    """Set across over a picture of a vertical page; the credit ends at its right side."""
    body = [prose(1, 250), prose(9, 270), prose(17, 220)]
    lines = [down("全市春耕現場會召開", 4000, 400, 100), *tiers(body, 3960, 400, 22)]
    words = [
        line("南屏市文化廣場建設現場，工人們正", 1400, 400, font="KaiTi"),
        line("在加緊施工。", 1600, 452, font="KaiTi"),
        line("陶明 攝", 1880, 504, font="KaiTi"),
    ]
    page = read([*lines, *words], [Picture("i01", Box(1400, 580, 2040, 1240))])
    assert told(page) == [("南屏市文化廣場建設現場，工人們正在加緊施工。", "陶明 攝", "i01")]


def test_few_lines_with_a_credit_right_under_piled_pictures_are_the_caption() -> None:
    body = [prose(1, 250), prose(9, 270), prose(17, 220)]
    lines = [down("全市春耕現場會召開", 4000, 400, 100), *tiers(body, 3960, 400, 22)]
    pile = [Picture(f"i0{k}", Box(1400, 400 + 112 * k, 2260, 498 + 112 * k)) for k in range(3)]
    words = [
        kai("臨江俱樂部隊員慶祝勝利", 1400, 745),
        kai("本報記者 呂志強、毛國慶 攝", 1400, 790),
    ]
    (caption,) = told(read([*lines, *words], pile))
    assert caption[:2] == ("臨江俱樂部隊員慶祝勝利", "本報記者 呂志強、毛國慶 攝")


def test_words_with_a_credit_behind_them_reach_beyond_what_is_seen_of_a_drawing() -> None:
    words = [
        line("市民在西陵木版年画馆参观", 330, 1320, 36),
        line("新华社发（谭玉兰摄）", 330 + 13 * 36, 1320, 36),
    ]
    chunks = [Chunk((Item(x, x.box, across=False),)) for x in words]
    drawing = Figure((0,), Box(400, 440, 1166, 1300))
    assert texts_at(chunks, [drawing], 36) == [(0, 1)]


def test_the_last_of_several_lines_of_a_caption_may_stand_in_the_middle() -> None:
    words = [
        kai("农民在田间栽插水稻秧苗，今年全乡水", 400, 2310),
        kai("稻种得比去年早，秧苗也长得比去年好", 400, 2360),
        kai("得多。", 652, 2410),
    ]
    items = [Item(x, x.box, across=False) for x in scanned(words)]
    chunks = [Chunk((items[0], items[1])), Chunk((items[2],))]
    for foot in (2300, 2240):  # of the second the last line is farther off than captions are
        figure = Figure((0,), Box(400, 1600, 1012, foot))
        assert texts_at(chunks, [figure], 38) == [(0, 1)]


def test_a_credit_under_the_last_line_of_a_long_caption_is_far_from_the_picture() -> None:
    words = [
        kai("农民在田间栽插水稻秧苗，今年全乡水", 400, 2310),
        kai("稻种得比去年早，秧苗也长得比去年好", 400, 2360),
        kai("村里的人说。", 598, 2410),
        kai("陶维明摄", 868, 2460),
    ]
    items = [Item(x, x.box, across=False) for x in scanned(words)]
    chunks = [Chunk((items[0], items[1])), Chunk((items[2],)), Chunk((items[3],))]
    figure = Figure((0,), Box(400, 1600, 1012, 2250))
    assert texts_at(chunks, [figure], 38) == [(0, 1, 2)]


@pytest.mark.parametrize("signed", [True, False])
def test_the_last_line_in_the_middle_of_a_caption_is_its_words_and_the_credit(signed: bool) -> None:
    words = [
        line("市民在剪纸馆参观。二月居民消费价格", 400, 1500, 36),
        line("同比上涨百分之二。", 460, 1550, 36),
        line("高承志摄", 808, 1550, 36),
    ]
    read = scanned(words if signed else words[:2])
    chunks = [Chunk((Item(x, x.box, across=False),)) for x in read]
    figure = Figure((0,), Box(400, 1610, 1012, 2100))
    assert texts_at(chunks, [figure], 36) == ([(0, 1, 2)] if signed else [(0,), (1,)])


def test_a_line_printed_on_two_pictures_that_touch_is_one_text() -> None:
    words = [
        line("日前，牧民邵俊（左二）", 400, 2250, 34),
        line("村民讲解。赵红/图", 812, 2250, 38),
    ]
    chunks = [Chunk((Item(x, x.box, across=False),)) for x in scanned(words)]
    boxes = [Box(380, 1600, 800, 2310), Box(806, 1600, 1300, 2310)]
    figures = [Figure((k,), box) for k, box in enumerate(boxes)]
    assert texts_at(chunks, figures, 38) == [(0, 1)]
    apart = [figures[0], Figure((1,), Box(850, 1600, 1300, 2310))]
    assert len(texts_at(chunks, apart, 38)) == 2


def test_smaller_words_under_text_with_a_credit_at_their_end_are_no_text() -> None:
    words = [
        line("乡里今年种的水稻比去年多，", 400, 400, 40),
        line("长得也好。", 400, 452, 40),
        line("市民在剧院参观", 400, 504, 36),
        line("陶维明摄", 770, 504, 36),
    ]
    items = [Item(x, x.box, across=False) for x in scanned(words)]
    chunks = [Chunk(tuple(items[:3])), Chunk((items[3],))]
    assert [len(c.items) for c in with_ends_apart(chunks)] == [2, 1, 1]
    assert [len(c.items) for c in with_ends_apart(chunks[:1])] == [3]


def test_a_line_with_its_photographer_over_text_that_begins_under_it_is_no_text() -> None:
    words = [
        line("参观者在展台前。本报记者 黄建国摄", 400, 400, 38),
        line("据巴西媒体报道，近日发生在印度", 476, 450, 38),
        line("南部的地震已造成九十人受伤，救援", 400, 500, 38),
    ]
    items = [Item(x, x.box, across=False) for x in scanned(words)]
    assert [len(c.items) for c in with_ends_apart([Chunk(tuple(items))])] == [1, 2]
    flush = scanned([words[0], *(line(x.text, 400, x.box.y0, 38) for x in words[1:])])
    level = [Item(x, x.box, across=False) for x in flush]
    assert [len(c.items) for c in with_ends_apart([Chunk(tuple(level))])] == [3]


@pytest.mark.parametrize("whole", [True, False])
def test_a_sentence_over_a_picture_at_the_head_of_a_column_is_its_caption(whole: bool) -> None:
    """Text that goes on from the column before would hardly be a sentence there."""
    said = "桐湖市城市管网建设现场工人们正在加紧" + ("。" if whole else "开")
    words = [line(said[:14], 1000, 480, 39.4), line(said[14:], 1000, 530, 39.4)]
    text = columns([prose(1, 14 * 20)], 400, 480, 20)
    under = columns([prose(5, 14 * 8)], 1000, 1020, 8)
    page = read(
        [
            line("春耕生产现场会召开", 420, 300, 80),
            *(replace(x, font="", origin=Origin.OCR) for x in (*text, *words, *under)),
        ],
        [Picture("i01", Box(990, 600, 1560, 960))],
    )
    assert [c.text for a in page.articles for c in a.captions] == ([said] if whole else [])


def test_a_credit_that_its_line_breaks_in_a_name_behind_the_words_is_whole() -> None:
    words = [
        line("昨日在石嶺村快遞員向村民講解種", 400, 2310, 38),
        line("植技術。", 400, 2361, 38),
        line("本報記者 曾若曦、葉開", 400 + 5 * 38, 2361, 38),
        line("元攝", 400, 2412, 38),
    ]
    items = [Item(x, x.box, across=False) for x in scanned(words)]
    chunks = [Chunk((items[0], items[1], items[3])), Chunk((items[2],))]
    parted = with_ends_apart(chunks)
    assert [c.text for c in parted] == [words[0].text + "植技術。", "元攝", "本報記者 曾若曦、葉開"]
    (text,) = texts_at(parted, [Figure((0,), Box(400, 1600, 970, 2300))], 38)
    assert sorted(text) == [0, 1, 2]


@pytest.mark.parametrize("form", "为為爲")
def test_words_that_say_what_the_picture_is_point_to_it_in_each_form(form: str) -> None:
    words = line(f"圖{form}市民在青灣芭蕾舞館參觀。", 400, 2320, 40)
    chunk = Chunk((Item(words, words.box, across=False),))
    figure = Figure((0,), Box(400, 1600, 960, 2300))
    around = Surroundings([], [], words.mode, words.mode)
    found = pairs([chunk], [figure], TypeHabit(40, "", ()), around)
    said = dict(zip(NAMES, found.values[0].tolist(), strict=True))
    assert said["pointer"] == said["scene"] == 1


def test_a_speck_at_a_picture_is_no_caption() -> None:
    specks = [line("F", 600, 2310, 10), kai("农民在田间栽插水稻秧苗。", 400, 2320)]
    chunks = [Chunk((Item(x, x.box, across=False),)) for x in specks]
    assert texts_at(chunks, [Figure((0,), Box(400, 1600, 1012, 2300))], 38) == [(1,)]


@pytest.mark.parametrize(
    ("names", "apart", "ruled", "one"),
    [
        (("宋鹏", "宋鹏"), 60, False, True),
        (("宋鹏", "陶明"), 60, False, False),
        (("本报记者 宋鹏", "宋鹏"), 60, False, True),
        (("宋鹏", "宋鹏"), 300, False, False),
        (("宋鹏", "宋鹏"), 60, True, False),
    ],
)
def test_pictures_near_each_other_that_one_photographer_took_are_one_story(
    names: tuple[str, str], apart: int, ruled: bool, one: bool
) -> None:
    """They may be of any size, one over others."""
    boxes = Box(1000, 400, 2200, 760), Box(1000, 760 + apart, 1560, 1100 + apart)
    shown = [Shown(Figure((k,), box), box, 20, 1) for k, box in enumerate(boxes)]
    said = tuple(f"市社区医院建设现场。 {name} 摄" for name in names)
    rules = [Rule(Box(1000, 760 + apart / 2, 2200, 762 + apart / 2))] if ruled else []
    assert by_one(shown[0], shown[1], (said[0], said[1]), rules, 36) == one
