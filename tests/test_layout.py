"""Layout: what an archivist expects of a page's stories, whatever their shape."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typeset import EM, HEIGHT, WIDTH, broken, columns, down, line, page_of, prose, tiers

from epaper.geometry import Box, hull
from epaper.layout import lay_out
from epaper.layout.joined import join_lines
from epaper.model import Article, Frame, Line, Page, ParagraphKind, Picture, Role, Rule, WritingMode


def story(page: Page, headline: str) -> Article:
    return next(a for a in page.articles if a.headline() == headline)


def texts(article: Article) -> list[str]:
    return [p.text for p in article.paragraphs]


def test_a_story_reads_over_its_columns_with_paragraphs_whole():
    body = [prose(1, 150), prose(9, 170), prose(17, 120)]
    page = lay_out(
        page_of([line("全市春耕现场会召开", 600, 300, 100), *columns(body, 400, 480, 12)])
    )
    assert texts(story(page, "全市春耕现场会召开")) == body


def test_stories_side_by_side_stay_apart():
    left, right = [prose(1, 150), prose(5, 160)], [prose(11, 140), prose(20, 150)]
    lines = [
        line("东城新建十座公园", 400, 300, 90),
        *columns(left, 400, 450, 12),
        line("西城老街修缮完工", 1700, 300, 90),
        *columns(right, 1640, 450, 12),
    ]
    page = lay_out(page_of(lines))
    assert texts(story(page, "东城新建十座公园")) == left
    assert texts(story(page, "西城老街修缮完工")) == right


def test_a_flush_headline_leaves_the_columns_before_it_to_its_neighbour():
    left, right = [prose(1, 300), prose(5, 350)], [prose(11, 200), prose(20, 130)]
    lines = [
        line("股市涨跌", 400, 300, 120),
        *columns(left, 400, 480, 12),
        line("故宫修缮", 400 + 4 * 620, 300, 120),
        *columns(right, 400 + 4 * 620, 480, 12),
    ]
    page = lay_out(page_of(lines))
    assert texts(story(page, "股市涨跌")) == left
    assert texts(story(page, "故宫修缮")) == right


def test_stories_under_each_other_in_one_column_stay_apart():
    upper, lower = [prose(1, 120)], [prose(12, 120)]
    lines = [
        line("上篇标题", 420, 300, 70),
        *columns(upper, 400, 400, 20),
        line("下篇标题", 420, 1100, 70),
        *columns(lower, 400, 1200, 20),
    ]
    page = lay_out(page_of(lines))
    assert texts(story(page, "上篇标题")) == upper
    assert texts(story(page, "下篇标题")) == lower


def test_kicker_headline_of_two_lines_and_deck_are_told_apart():
    lines = [
        line("我市推进乡村振兴综述", 700, 200, 60),
        line("青山绿水间的", 700, 290, 120),
        line("产业新篇章", 700, 430, 120),
        line("——来自山区五县的调查", 720, 570, 60),
        *columns([prose(1, 300)], 400, 700, 9),
    ]
    article = story(lay_out(page_of(lines)), "青山绿水间的产业新篇章")
    assert article.headline(Role.KICKER) == "我市推进乡村振兴综述"
    assert article.headline(Role.DECK) == "——来自山区五县的调查"


def test_a_kicker_nearly_as_large_as_its_headline_is_known_by_its_face():
    lines = [
        line("丰富农村文化生活", 700, 200, 62, font="Kai"),
        line("电影下乡进百村", 700, 280, 65, font="Hei"),
        *columns([prose(1, 300)], 400, 400, 9),
    ]
    article = story(lay_out(page_of(lines)), "电影下乡进百村")
    assert article.headline(Role.KICKER) == "丰富农村文化生活"


def test_a_label_in_a_tag_announces_its_story():
    tag = Frame(Box(390, 190, 730, 260), fill=0xCC0000)
    lines = [
        line("高质量发展", 420, 205, EM, reversed=True, color=0xFFFFFF),
        line("工业园区投产仪式举行", 500, 300, 100),
        *columns([prose(1, 300)], 400, 480, 9),
    ]
    article = story(lay_out(page_of(lines, frames=[tag])), "工业园区投产仪式举行")
    assert article.headline(Role.LABEL) == "高质量发展"


def test_a_byline_under_the_headline_is_no_paragraph():
    body = [prose(1, 150), prose(7, 160)]
    lines = [
        line("全市春耕现场会召开", 600, 300, 100),
        line("□本报记者 刘振", 950, 430),
        *columns(body, 400, 500, 9),
    ]
    page = lay_out(page_of(lines))
    article = story(page, "全市春耕现场会召开")
    assert texts(article) == body
    assert Role.BYLINE in {page.block(b).role for b in article.blocks}


def test_a_jump_marker_on_its_own_line_is_a_jump():
    body = [prose(1, 200)]
    lines = columns(body, 400, 480, 30)
    low = max(x.box.y1 for x in lines)
    lines += [line("服务进社区", 450, 300, 100), line("（下转02版）", 400 + 7 * EM, low + 14)]
    page = lay_out(page_of(lines))
    article = story(page, "服务进社区")
    assert texts(article) == body
    assert [page.block(b).text for b in article.blocks if page.block(b).role is Role.JUMP] == [
        "（下转02版）"
    ]


def test_a_signature_beside_the_last_line_is_a_byline():
    body = [prose(1, 12 + 14 * 9 + 5)]
    lines = columns(body, 400, 480, 30)
    last = lines[-1].box
    lines += [line("成都蔬菜可追溯", 420, 300, 80), line("程智安", 400 + 11 * EM, last.y0)]
    page = lay_out(page_of(lines))
    article = story(page, "成都蔬菜可追溯")
    assert texts(article) == body
    assert [page.block(b).text for b in article.blocks if page.block(b).role is Role.BYLINE] == [
        "程智安"
    ]


def test_text_runs_on_under_a_picture_and_the_caption_goes_with_it():
    body = [prose(1, 12 + 14 * 5 + 6), prose(9, 12 + 14 * 12 + 6)]
    above, below = columns(body, 400, 480, 8, gutter=-14 * EM), []
    # The second half of the column stands under the picture.
    for k, x in enumerate(above):
        y = 480 + 54 * k if k < 8 else 1500 + 54 * (k - 8)
        below.append(line(x.text, x.box.x0, y))
    lines = [
        line("水库春灌忙", 420, 300, 80),
        *below,
        line("农技人员查看墒情。", 480, 1330, 36, font="Kai"),
        line("本报记者 李四 摄", 480, 1380, 36, font="Kai"),
    ]
    picture = Picture("i01", Box(400, 930, 960, 1310))
    page = lay_out(page_of(lines, pictures=[picture]))
    article = story(page, "水库春灌忙")
    assert texts(article) == body
    assert [(c.text, c.credit, c.picture) for c in article.captions] == [
        ("农技人员查看墒情。", "本报记者 李四 摄", "i01")
    ]


def test_a_picture_with_words_and_no_headline_is_a_story():
    picture = Picture("i01", Box(2400, 3000, 3800, 4000))
    lines = [
        line("全市春耕现场会召开", 600, 300, 100),
        *columns([prose(1, 150), prose(7, 160)], 400, 500, 9),
        line("五月二十九日农民在田间栽插水稻秧苗。 □本报记者 陶明摄", 2420, 4030, 38),
    ]
    page = lay_out(page_of(lines, pictures=[picture]))
    bare = [a for a in page.articles if not a.headline()]
    assert [a.pictures for a in bare] == [("i01",)]
    assert bare[0].paragraphs == () and bare[0].captions[0].picture == "i01"


def test_a_framed_story_is_not_mixed_with_the_text_around_it():
    outer, inner = [prose(1, 900)], [prose(15, 260)]
    frame = Frame(Box(1700, 1000, 3050, 2000))
    lines = [
        line("大会圆满闭幕", 600, 200, 120),
        *columns(outer, 400, 400, 35),
        line("相关链接", 2200, 1060, 70),
        *columns(inner, 1740, 1200, 10),
    ]
    page = lay_out(page_of(lines, frames=[frame]))
    assert texts(story(page, "大会圆满闭幕")) == outer
    assert texts(story(page, "相关链接")) == inner


def test_a_stain_taken_for_a_frame_does_not_cut_the_text():
    body = [prose(1, 300), prose(9, 350)]
    lines = [line("春耕现场会", 500, 300, 90), *columns(body, 400, 480, 16)]
    stain = Frame(Box(380, 480 + 10 * 54 - 8, 1500, 1500), stroked=False, fill=0xCCCCAA)
    page = lay_out(page_of(lines, frames=[stain]))
    assert texts(story(page, "春耕现场会")) == body


def test_a_pale_tint_seen_in_part_does_not_cut_columns_at_their_indents():
    first, second = prose(1, 12 + 14 * 9), prose(9, 14 * 5)
    third, fourth = prose(4, 14 * 9 + 12), prose(16, 14 * 5)
    left, right = columns([first, second], 400, 480, 16), columns([third, fourth], 1020, 480, 16)
    lines = [line("春耕现场会", 800, 300, 90), *left, *right]
    tint = Frame(Box(380, 480 + 10 * 54 - 8, 1600, 1400), stroked=False, fill=0xCCCCAA)
    page = lay_out(page_of(lines, frames=[tint]))
    assert texts(story(page, "春耕现场会")) == [first, second, third, fourth]


@pytest.mark.parametrize("stroked", [False, True])
def test_short_lines_of_verse_are_not_cut_by_a_tint_that_shines_through(stroked: bool) -> None:
    verse = [
        "山坡开满野花",
        "柳林洒满银光",
        "淡紫的红薯轻轻地",
        "我走过江边",
        "没有人提起从前",
        "请把远方还给我",
    ]
    rows = [line(text, 400, 480 + 54 * k) for k, text in enumerate(verse)]
    tint = Frame(Box(380, 480 + 3 * 54 - 8, 1500, 900), stroked=stroked, fill=0xCCCCCC)
    page = lay_out(page_of([line("秋天的信", 420, 300, 80), *rows], frames=[tint]))
    assert (texts(story(page, "秋天的信")) == verse) is not stroked


def test_a_subhead_inside_the_text_is_a_subhead():
    first, second = prose(1, 12 + 14 * 6 + 5), prose(8, 12 + 14 * 6 + 5)
    upper = columns([first], 400, 480, 40)
    y = upper[-1].box.y1 + 40
    lines = [
        line("社区服务综述", 420, 300, 80),
        *upper,
        line("走街串巷", 400 + 5 * EM, y),
        *columns([second], 400, y + 80, 40),
    ]
    article = story(lay_out(page_of(lines)), "社区服务综述")
    assert [(p.kind, p.text) for p in article.paragraphs] == [
        (ParagraphKind.TEXT, first),
        (ParagraphKind.SUBHEAD, "走街串巷"),
        (ParagraphKind.TEXT, second),
    ]


def test_a_subhead_of_two_lines_is_one_though_its_first_fills_the_column():
    first, second = prose(1, 12 + 14 * 6 + 5), prose(8, 12 + 14 * 6 + 5)
    upper = columns([first], 400, 480, 40)
    y = upper[-1].box.y0 + 54
    lines = [
        line("社区服务综述", 420, 300, 80),
        *upper,
        line("凝聚服务力量独角戏变大合唱", 400 + 20, y),
        line("新篇", 400 + 6 * EM, y + 54),
        *columns([second], 400, y + 108, 40),
    ]
    article = story(lay_out(page_of(lines)), "社区服务综述")
    assert [(p.kind, p.text) for p in article.paragraphs] == [
        (ParagraphKind.TEXT, first),
        (ParagraphKind.SUBHEAD, "凝聚服务力量独角戏变大合唱新篇"),
        (ParagraphKind.TEXT, second),
    ]


def test_a_vertical_story_reads_over_its_tiers():
    body = [prose(1, 250), prose(9, 270), prose(17, 220)]
    lines = [down("全市春耕現場會召開", 4000, 400, 100), *tiers(body, 3960, 400, 22)]
    page = lay_out(page_of(lines))
    assert page.mode is WritingMode.VERTICAL
    assert texts(story(page, "全市春耕現場會召開")) == body


def test_a_paragraph_after_a_very_short_line_stays_in_its_column():
    body = [prose(1, 12 + 14 * 3 + 1), prose(9, 12 + 14 * 4)]
    lines = [line("短行之后", 420, 300, 80), *columns(body, 400, 480, 40)]
    page = lay_out(page_of(lines))
    article = story(page, "短行之后")
    assert texts(article) == body
    assert sum(page.block(b).role is Role.BODY for b in article.blocks) == 1


def test_a_quotation_mark_pushed_off_its_line_is_put_back():
    body = [prose(1, 250), "“" + prose(9, 150)]
    lines = tiers(body, 3960, 400, 22)
    mark = next(x for x in lines if x.text.startswith("“"))
    y = mark.box.y0
    parts = [
        Line("“", Box(mark.box.x0, y, mark.box.x0 + 14, y + EM), EM),
        down(mark.text[1:], mark.box.x0, y + EM + 2),
    ]
    lines = [x for x in lines if x is not mark] + parts
    page = lay_out(page_of([down("全市春耕現場會召開", 4000, 400, 100), *lines]))
    assert texts(story(page, "全市春耕現場會召開")) == body


def test_a_space_inside_a_line_is_no_gutter_but_one_shared_by_the_lines_around_is():
    # Lines run on over a gutter of less than an em, as some text layers give them.
    left, right = broken([prose(1, 150)], 12), broken([prose(15, 150)], 12)
    lines = [line("东城新建十座公园", 400, 300, 90)]
    for k, ((a, first), (b, second)) in enumerate(zip(left, right, strict=True)):
        y, x = 450 + 54 * k, 400 + 12 * EM + 30
        ends = [Box(400 + (a + n) * EM, y, 440 + (a + n) * EM, y + EM) for n in range(len(first))]
        ends += [
            Box(x + (b + n) * EM, y, x + EM + (b + n) * EM, y + EM) for n in range(len(second))
        ]
        lines.append(Line(first + second, hull(ends), EM, chars=tuple(ends)))
    spaced = "本报讯 记者孙芳通讯员林"
    chars = [Box(440 + n * EM, 396, 480 + n * EM, 436) for n in range(len(spaced))]
    lines.append(Line(spaced, hull(chars), EM, chars=tuple(chars)))
    done = lay_out(page_of(lines))
    columns_of = sorted({round(x.box.x0 / EM) for x in done.lines if x.size == EM})
    assert len(columns_of) >= 2 and all(x.box.width < 13 * EM for x in done.lines if x.size == EM)
    assert any(x.text == spaced for x in done.lines)


def test_entries_in_rows_and_columns_are_a_table():
    body = [prose(1, 12 + 14 * 6 + 5)]
    upper = columns(body, 400, 480, 40)
    y = upper[-1].box.y1 + 40
    cells = [
        ("城市", "天气", "气温"),
        ("西城", "多云", "29℃"),
        ("东城", "晴", "32℃"),
        ("北城", "小雨", "9℃"),
    ]
    table = [
        line(cell, 460 + 170 * c, y + 54 * r)
        for r, row in enumerate(cells)
        for c, cell in enumerate(row)
    ]
    page = lay_out(page_of([line("明日天气", 420, 300, 80), *upper, *table]))
    article = story(page, "明日天气")
    assert texts(article)[0] == body[0]
    assert [p.rows for p in article.paragraphs if p.kind is ParagraphKind.TABLE] == [tuple(cells)]


def masthead() -> list[Line]:
    return [
        line("天山晚报", 200, 150, 420),
        line("2025年1月", 2500, 160),
        line("9", 2560, 220, 100),
        line("星期四", 2520, 340),
        line("总第13975期", 2480, 400),
        line("今日8版", 2500, 460),
        line("国内统一刊号 CN 44—0033 邮发代号 57—161", 400, 640, 36),
    ]


def test_a_masthead_makes_no_story_and_a_publisher_in_the_news_no_masthead():
    body = [
        "由本省人民出版社出版的这部近百万字的著作昨日在城中书店首发。" + prose(3, 90),
        prose(5, 80),
    ]
    lines = [*masthead(), line("新书首发", 500, 800, 80), *columns(body, 400, 950, 30)]
    page = lay_out(page_of(lines, rules=[Rule(Box(160, 690, 4440, 694))]))
    assert [a.headline() for a in page.articles] == ["新书首发"]
    assert texts(page.articles[0]) == body
    assert sum(b.role is Role.MASTHEAD for b in page.blocks) == len(masthead())


def test_a_box_of_display_lines_and_addresses_is_an_advert():
    frame = Frame(Box(200, 5400, 4400, 6200), fill=0xDDEEFF)
    lines = [
        line("全市春耕现场会召开", 600, 300, 100),
        *columns([prose(1, 150), prose(7, 160)], 400, 500, 9),
        line("全民健身利国利民", 1600, 5600, 150),
        line("咨询电话 0994-2631578 地址 延安路159号", 1500, 5900, 60),
    ]
    page = lay_out(page_of(lines, frames=[frame]))
    assert [a.advert for a in page.articles] == [False, True]


def test_a_short_story_over_two_columns_is_no_advert():
    text = "新华社电（记者许舒）各国内政部长日前举行会议通过加强合作的声明并对会议成果表示满意。"
    lines = [
        line("部长会议声明呼吁加强合作", 420, 300, 80),
        *columns([text], 400, 450, 2),
    ]
    assert [a.advert for a in lay_out(page_of(lines)).articles] == [False]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["改革开", "放以来"], "改革开放以来"),
        (["the quick", "brown fox"], "the quick brown fox"),
        (["news-", "paper pages"], "newspaper pages"),
        (["我国第一条VC", "D生产线"], "我国第一条VCD生产线"),
        (["浓度PM2.", "5下降"], "浓度PM2.5下降"),
        (["", "正文"], "正文"),
    ],
)
def test_lines_join_as_printed(lines: list[str], text: str):
    assert join_lines(lines) == text


@st.composite
def scattered(draw: st.DrawFn) -> Page:
    count = draw(st.integers(0, 25))
    lines = []
    for _ in range(count):
        make = draw(st.sampled_from([line, down]))
        text = draw(st.text("天地玄黄宇宙洪荒。，A1 （", min_size=1, max_size=18))
        x, y = draw(st.integers(0, WIDTH - 900)), draw(st.integers(0, HEIGHT - 900))
        lines.append(make(text, x, y, draw(st.sampled_from([30.0, 40.0, 44.0, 90.0]))))
    boxes = [
        Box(x, y, x + w, y + h)
        for x, y, w, h in draw(
            st.lists(
                st.tuples(*[st.integers(0, 3000)] * 2, *[st.integers(2, 1500)] * 2), max_size=4
            )
        )
    ]
    kinds = draw(st.lists(st.sampled_from(["rule", "frame", "picture"]), min_size=4, max_size=4))
    pairs = list(zip(kinds, boxes, strict=False))
    return page_of(
        lines,
        [Rule(b) for k, b in pairs if k == "rule"],
        [Frame(b) for k, b in pairs if k == "frame"],
        [Picture(f"i{n}", b) for n, (k, b) in enumerate(pairs) if k == "picture"],
    )


@settings(max_examples=150, deadline=None)
@given(scattered())
def test_every_character_lands_in_exactly_one_block(page: Page):
    done = lay_out(page)
    placed = "".join(x.text for b in done.blocks for x in b.lines)
    assert sorted(placed) == sorted("".join(x.text for x in page.lines))
    assert sum(len(b.lines) for b in done.blocks) == len(done.lines)
    named = [b for a in done.articles for b in a.blocks]
    assert len(named) == len(set(named)) and set(named) <= {b.id for b in done.blocks}


@settings(max_examples=50, deadline=None)
@given(scattered())
def test_layout_is_the_same_each_time(page: Page):
    assert lay_out(page) == lay_out(page)


def test_large_words_in_a_frame_with_a_picture_of_which_nothing_is_said_are_an_advert():
    lines = [
        line("全市春耕现场会召开", 600, 300, 100),
        *columns([prose(1, 150), prose(7, 160)], 400, 500, 9),
        line("水稻种苗批发", 2000, 5600, 200),
    ]
    frame, picture = Frame(Box(200, 5400, 4400, 6200)), Picture("i01", Box(300, 5500, 1200, 6100))
    page = lay_out(page_of(lines, frames=[frame], pictures=[picture]))
    assert [(a.headline(), a.advert) for a in page.articles] == [
        ("全市春耕现场会召开", False),
        ("水稻种苗批发", True),
    ]
