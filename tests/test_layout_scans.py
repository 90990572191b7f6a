"""Layout of scans: lines without faces, lines in pieces, mastheads among the news."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from typeset import EM, PITCH, columns, down, line, page_of, prose, tiers

from epaper.geometry import Box, hull
from epaper.layout import lay_out
from epaper.layout.capped import capped
from epaper.layout.chunks import Chunk, make_chunks
from epaper.layout.frame import Item
from epaper.layout.headings import Heading
from epaper.model import Frame, Line, Origin, Picture, Role, Rule
from epaper.news import understand


def scanned(lines: list[Line]) -> list[Line]:
    return [replace(x, origin=Origin.OCR) for x in lines]


def test_a_lone_line_of_body_type_over_a_headline_is_its_kicker() -> None:
    body = [prose(1, 300)]
    head = [line("全省动员大会提出", 400, 240), line("永定渠水位上涨", 400, 300, 90)]
    page = lay_out(page_of(scanned([*head, *columns(body, 400, 480, 12)])))
    (article,) = page.articles
    assert article.headline(Role.KICKER) == "全省动员大会提出"
    assert [p.text for p in article.paragraphs] == body


def test_two_phrases_of_body_type_centred_over_a_headline_are_its_kicker() -> None:
    body = [prose(1, 300)]
    rows = ("總投資四十三億元", "惠及九十五萬羣衆")
    head = [line(text, 402, 190 + PITCH * k) for k, text in enumerate(rows)]
    head += [line("冷空氣來襲", 400, 310, 65), line("出行請添衣", 400, 390, 65)]
    page = lay_out(page_of(scanned([*head, *columns(body, 400, 500, 12)])))
    (article,) = page.articles
    assert "".join(article.headline(Role.KICKER).split()) == "".join(rows)
    assert [p.text for p in article.paragraphs] == body


def test_a_first_line_that_names_its_agency_is_no_deck() -> None:
    """The next line looks blacker than it is, and so parts it from its text."""
    head = line("企业获认证书", 400, 300, 90)
    first = line("据新华社内罗毕八", 400 + 2 * EM, 425)
    black, *rest = columns([prose(1, 300)], 400, 425 + PITCH, 12)
    box = black.box.moved(-2 * EM, 0)
    black = replace(black, bold=True, text="月二十一日电（记者陈风）", box=box)
    page = lay_out(page_of(scanned([head, first, black, *rest])))
    (article,) = page.articles
    assert article.headline(Role.DECK) == ""


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("【記者陳小紅臺北報導】省", "電力公司科長劉海燕說目前各"),
        ("記者王志強臺北報", "導】目前，各項工作正在深入"),
    ],
)
def test_a_lead_in_under_a_headline_is_text_whatever_brackets_were_read(
    first: str, second: str
) -> None:
    rest = columns([prose(1, 200)], 400, 425 + PITCH, 40)
    rest[0] = replace(rest[0], text=second, box=Box(400, 425 + PITCH, 400 + 13 * EM, 465 + PITCH))
    lines = [line("四百家企业获认证", 400, 300, 90), line(first, 400 + EM, 425), *rest]
    page = lay_out(page_of(scanned(lines)))
    (article,) = page.articles
    assert article.paragraphs[0].text.startswith(first + second)


def test_a_kicker_stands_between_its_label_and_the_headline() -> None:
    body = [prose(1, 300)]
    label = replace(line("本报评论员", 400, 170), reversed=True)
    head = [line("全省动员大会提出", 400, 240, 46), line("永定渠水位上涨", 400, 300, 90)]
    page = lay_out(page_of(scanned([label, *head, *columns(body, 400, 480, 12)])))
    (article,) = page.articles
    assert article.headline(Role.LABEL) == "本报评论员"
    assert article.headline(Role.KICKER) == "全省动员大会提出"


def test_a_lone_line_under_a_headline_is_its_deck_and_a_short_paragraph_is_not() -> None:
    body = [prose(1, 300)]
    for text, deck in (("强化民生改善纪实", True), ("会议昨日闭幕。", False)):
        head = line("四百家企业获认证", 400, 300, 90)
        under = line(text, 400 + 2 * EM, 415)
        page = lay_out(page_of(scanned([head, under, *columns(body, 400, 510, 12)])))
        (article,) = page.articles
        assert article.headline(Role.DECK) == (text if deck else "")
        assert [p.text for p in article.paragraphs] == (body if deck else [text, *body])


def test_pieces_of_three_justified_lines_are_one_column() -> None:
    body = [prose(1, 14 * 12)]
    lines = columns(body, 400, 480, 20)
    cut = []
    for k, x in enumerate(lines):
        chars = tuple(
            Box(x.box.x0 + n * EM, x.box.y0, x.box.x0 + (n + 1) * EM, x.box.y1)
            for n in range(len(x.text))
        )
        whole = replace(x, chars=chars)
        if k > 2:
            cut.append(whole)
            continue
        at = 9 if k else 7
        left, right = Box.union(chars[0], chars[at]), Box.union(chars[at + 1], chars[-1])
        gap = Box(left.x0, left.y0, left.x1 - 0.6 * EM, left.y1)
        cut.append(replace(whole, text=x.text[: at + 1], box=gap, chars=chars[: at + 1]))
        cut.append(replace(whole, text=x.text[at + 1 :], box=right, chars=chars[at + 1 :]))
    page = lay_out(page_of(scanned([line("永定渠水位上涨", 400, 300, 90), *cut])))
    (article,) = page.articles
    assert [p.text for p in article.paragraphs] == body


def test_a_headline_read_in_two_over_a_gutter_between_tiers_is_one() -> None:
    body = [prose(1, 14 * 16)]
    text = tiers(body, 3800, 600, 9)
    gutter = 600 + 14 * EM
    head = [down("老党员", 3880, gutter - 3 * 90 - 2, 90), down("的一天", 3880, gutter + 45, 90)]
    page = lay_out(page_of(scanned([*head, *text])))
    assert [a.headline().replace(" ", "") for a in page.articles] == ["老党员的一天"]


def test_rows_of_a_headline_whose_weights_were_read_differently_are_one() -> None:
    body = [prose(1, 14 * 16)]
    head = [replace(down("小花生撬", 3980, 600, 91), bold=True), down("動大市場", 3870, 600, 88)]
    page = lay_out(page_of(scanned([*head, *tiers(body, 3800, 600, 9)])))
    assert [a.headline() for a in page.articles] == ["小花生撬動大市場"]


def test_rows_of_a_headline_with_figures_take_up_as_much_and_are_one() -> None:
    body = [prose(1, 14 * 16)]
    rows = [down("青年队2比", 3990, 600, 83), down("1胜岭南队", 3880, 600, 93)]
    rows = [replace(row, box=Box(row.box.x0, 600, row.box.x0 + row.size, 972)) for row in rows]
    page = lay_out(page_of(scanned([*rows, *tiers(body, 3800, 600, 9)])))
    assert [a.headline() for a in page.articles] == ["青年队2比1胜岭南队"]


def headed(*rows: tuple[str, float, float]) -> list[tuple[Role, str]]:
    """The parts of a vertical heading; its rows as (text, em as measured, pitch)."""
    body = [prose(1, 14 * 16)]
    head = []
    for k, (text, em, pitch) in enumerate(rows):
        x = 3990 - 110 * k
        head.append(
            replace(down(text, x, 600, em), box=Box(x, 600, x + em, 600 + len(text) * pitch))
        )
    (article,) = lay_out(page_of(scanned([*head, *tiers(body, 3800, 600, 9)]))).articles
    return [(h.role, h.text) for h in article.headlines]


@pytest.mark.parametrize(
    ("first", "second", "em", "role"),
    [
        ("安远罐头出口增长", "18.5%", 84.0, Role.HEADLINE),
        ("贵阳：筹集慰", "问金千万元", 104.7, Role.HEADLINE),
        ("职业教育看丰宁", "关中省98个", 97.0, Role.KICKER),
    ],
)
def test_rows_across_are_of_one_headline_by_what_their_letters_take_up(
    first: str, second: str, em: float, role: Role
) -> None:
    """Figures are half as wide as letters, and lower; a colon is as wide as they."""
    large = role is Role.HEADLINE
    upper = line(first, 400, 260, 114 if first[2] == "：" else 94.7 if large else 87)
    step = 114 if first[2] == "：" else 104.4
    ends = [0.0]
    for char in second:
        ends.append(ends[-1] + (step / 2 if char.isascii() else step))
    chars = tuple(Box(400 + a, 380, 400 + b, 380 + em) for a, b in pairwise(ends))
    box = Box(400, 380, 400 + ends[-1], 380 + em)
    lower = replace(line(second, 400, 380, em), box=box, chars=chars, bold=large)
    page = lay_out(page_of(scanned([upper, lower, *columns([prose(1, 300)], 400, 540, 12)])))
    parts = [(h.role, h.text) for h in page.articles[0].headlines]
    if large:
        assert parts == [(Role.HEADLINE, first + second)]
    else:
        assert (Role.HEADLINE, second) in parts


def test_a_label_in_reverse_at_the_storys_head_is_of_the_headline_in_its_middle() -> None:
    """The story runs over several tiers; the headline stands half way down the page."""
    tier = 14 * EM + 60
    text = tiers([prose(1, 14 * 12 * 5)], 3800, 600, 12)
    label = replace(down("记者观察", 3920, 600, 50), reversed=True, color=0xFFFFFF)
    head = down("冷链仓库结硕果", 3820, 600 + 2 * tier, 90)
    (article,) = lay_out(page_of(scanned([label, head, *text]))).articles
    assert article.headline(Role.LABEL) == "记者观察"
    assert article.headline() == "冷链仓库结硕果"


def test_a_row_whose_characters_take_up_less_is_no_row_of_the_headline() -> None:
    """A narrow face makes the headline's ink no wider than the deck's."""
    parts = headed(("龙川江水位上涨", 86, 92), ("吴振出席并讲话赵长江主持", 86, 82))
    assert parts == [(Role.HEADLINE, "龙川江水位上涨"), (Role.DECK, "吴振出席并讲话赵长江主持")]


def test_figures_lying_in_a_row_make_it_no_row_of_other_type() -> None:
    head = []
    for k, (text, high) in enumerate((("清河玩具出口增", 494), ("长26.6%", 268))):
        x = 3990 - 95 * k
        row = replace(down(text, x, 600, 78), box=Box(x, 600, x + 67, 600 + high))
        head.append(row)
    text = tiers([prose(1, 300)], 3800, 600, 9)
    (article,) = lay_out(page_of(scanned([*head, *text]))).articles
    assert article.headline() == "清河玩具出口增长26.6%"


def test_a_last_row_that_asks_is_of_the_size_of_its_pitch() -> None:
    first = replace(down("罐头价格为何", 3990, 600, 102.9), box=Box(3990, 600, 4083, 1120))
    last = replace(down("居高不下？", 3880, 600, 87.3), box=Box(3880, 600, 3960, 1013))
    text = tiers([prose(1, 300)], 3800, 600, 9)
    (article,) = lay_out(page_of(scanned([first, last, *text]))).articles
    assert article.headline() == "罐头价格为何居高不下？"


@pytest.mark.parametrize("figures", ["20", "２０"])
def test_rows_with_figures_of_any_width_are_of_one_size_by_their_pitch(figures: str) -> None:
    body = [prose(1, 300)]
    rows = [line(f"白沙县{figures}万", 425, 240, 56), line("亩油菜喜获丰收", 400, 310, 60)]
    head = [replace(rows[0], size=52.4, box=Box(425, 240, 779, 296)), rows[1]]
    page = lay_out(page_of(scanned([*head, *columns(body, 400, 480, 12)])))
    assert page.articles[0].headline() == f"白沙县{figures}万亩油菜喜获丰收"


def test_white_inside_a_row_that_was_not_read_as_a_blank_sets_it_no_wider() -> None:
    body = [prose(1, 300)]
    head = []
    for k, (text, places) in enumerate(
        (
            ("沙井镇千亩马", (0, 80, 160, 290, 370, 450)),
            ("铃薯绿了荒山", (0, 80, 160, 240, 320, 400)),
        )
    ):
        x = 3990 - 95 * k
        chars = tuple(Box(x, 600 + y, x + 76, 676 + y) for y in places)
        box = Box(x, 600, x + 76, chars[-1].y1)
        head.append(replace(down(text, x, 600, 76), box=box, chars=chars))
    (article,) = lay_out(page_of(scanned([*head, *tiers(body, 3800, 600, 9)]))).articles
    assert article.headline() == "沙井镇千亩马铃薯绿了荒山"


@pytest.mark.parametrize(("em", "second"), [(79, Role.DECK), (86, Role.HEADLINE)])
def test_a_row_in_smaller_type_that_begins_with_a_dash_is_a_deck(em: float, second: Role) -> None:
    parts = headed(("肺炎门诊为啥排长队", 86, 86), ("——双河县部署对外开放", em, 86))
    assert {role for role, _ in parts} == {Role.HEADLINE, second}


def test_a_last_row_measured_much_smaller_is_one_of_the_headline_where_it_has_its_pitch() -> None:
    parts = headed(("湖东省", 80, 67), ("九十个项目", 80, 67), ("中开工", 54, 64))
    assert parts == [(Role.HEADLINE, "湖东省九十个项目中开工")]


def test_a_row_that_breaks_off_inside_a_quotation_goes_on_in_the_next() -> None:
    parts = headed(("天池县核桃“金", 80, 86), ("招牌”越擦越亮", 92, 86))
    assert parts == [(Role.HEADLINE, "天池县核桃“金招牌”越擦越亮")]


def test_a_last_row_of_a_letter_and_a_closing_quotation_mark_is_of_the_headline() -> None:
    parts = headed(("王启人新年“三", 79, 76), ("愿”", 83, 54))
    assert parts == [(Role.HEADLINE, "王启人新年“三愿”")]


@pytest.mark.parametrize("measured", [115, 150])
def test_a_degree_sign_alone_in_the_last_row_is_of_the_headline(measured: float) -> None:
    parts = headed(("鳳臺明", 78, 80), ("氣溫降七", 78, 80), ("℃", measured, 75))
    assert parts == [(Role.HEADLINE, "鳳臺明氣溫降七℃")]


def test_a_row_in_quotation_marks_down_the_page_is_as_long_as_its_letters() -> None:
    parts = headed(("「養殖戶媽媽」", 123, 96), ("和她的5個孩子", 122, 105))
    assert parts == [(Role.HEADLINE, "「養殖戶媽媽」和她的5個孩子")]


def test_rows_of_one_type_whose_places_were_read_in_coarse_steps_are_one_headline() -> None:
    rows = []
    for k, (text, steps) in enumerate(
        (("泰国与澳大利亚", (87, 87, 116, 87, 116, 87)), ("签署贸易协定", (100,) * 5))
    ):
        x, tops = 4155 - 123 * k, [523 + sum(steps[:n]) for n in range(len(text))]
        chars = tuple(Box(x, y, x + 81, y + 81) for y in tops)
        rows.append(replace(down(text, x, 523, 98), box=hull(chars), size=98, chars=chars))
    page = lay_out(page_of(scanned([*rows, *tiers([prose(1, 400)], 3800, 523, 20)])))
    (article,) = page.articles
    assert article.headline() == "泰国与澳大利亚签署贸易协定"


def test_headlines_side_by_side_in_two_inks_are_two() -> None:
    second = 400 + 14 * EM + 60
    rows = [
        line("愿《人民论坛》", 430, 300, 88),
        line("王启人新年“三", second, 300, 84, color=0xB51C1C),
        line("越办越好", 560, 410, 88),
        line("愿”", second, 410, 84, color=0xB51C1C),
    ]
    text = [*columns([prose(1, 300)], 400, 540, 20), *columns([prose(12, 300)], second, 540, 20)]
    page = lay_out(page_of(scanned([*rows, *text])))
    assert {a.headline() for a in page.articles} == {"愿《人民论坛》越办越好", "王启人新年“三愿”"}


def test_a_quote_whose_last_row_is_measured_smaller_is_no_headline() -> None:
    answer = "有人问：路怎么走？宋老师的回答是：靠自己，靠大家。"
    text = columns([answer + prose(3, 90)], 400, 400, 40)
    low = text[-1].box.y1 + 60
    quote = [line("宋老师的回答是：靠自己，", 430, low, 51), line("靠大家。", 430, low + 72, 47)]
    rest = columns([prose(5, 60)], 400, low + 240, 20)
    page = lay_out(page_of(scanned([line("春耕生产现场会", 420, 290, 70), *text, *quote, *rest])))
    assert [a.headline() for a in page.articles] == ["春耕生产现场会"]
    said = [b.text for b in page.blocks if b.role is Role.QUOTE]
    assert ["".join(x.split()) for x in said] == ["宋老师的回答是：靠自己，靠大家。"]


def test_larger_words_of_an_advert_in_its_box_are_no_nameplate() -> None:
    name = down("河东时报", 200, 200, 170)
    marks = ("2008年12月24日", "星期三", "总第23070期")
    head = [line(text, 160, 900 + 60 * k) for k, text in enumerate(marks)]
    advert = [line("招生简章", 900, 300, 260), line("咨询电话 596-3107211", 1100, 800)]
    frame = Frame(Box(800, 200, 2100, 900))
    text = tiers([prose(21, 14 * 60)], 4000, 300, 20)
    page = lay_out(page_of(scanned([name, *head, *advert, *text]), frames=[frame]))
    masthead = {b.text for b in page.blocks if b.role is Role.MASTHEAD}
    assert {"河东时报", "总第23070期"} <= masthead
    assert "招生简章" not in masthead


def test_a_masthead_in_a_corner_does_not_take_news_of_something_published_beside_it() -> None:
    news = [prose(1, 14 * 30)]
    name = down("河东时报", 600, 300, 200)
    head = [line("二〇〇一年九月十五日", 540, 1180), line("星期六", 600, 1180 + PITCH)]
    text = tiers(news, 1420, 1400, 6)
    text[4] = replace(text[4], text="资源整理出版了江源京剧一书")
    filler = tiers([prose(21, 14 * 40)], 3600, 300, 20)
    page = lay_out(page_of(scanned([name, *head, *text, *filler])))
    masthead = {b.text for b in page.blocks if b.role is Role.MASTHEAD}
    assert {"河东时报", head[0].text} <= masthead
    assert not masthead & {x.text for x in text}


@pytest.mark.parametrize("said", ["资源，整理出版了江源京", "整理出版了江源京剧一"])
def test_a_masthead_down_a_page_read_across_does_not_take_the_columns_beside_it(said: str) -> None:
    name = down("河东时报", 4000, 300, 240)
    head = [
        line("二〇〇一年九月十五日", 3900, 1330),
        line("星期六", 3980, 1330 + PITCH),
        line("第八千四百一十四期", 3900, 1330 + 2 * PITCH),
    ]
    # The last column of the text ends right beside the nameplate.
    text = columns([prose(1, 13 * 42)], 3850 - 3 * (14 * EM + 60), 300, 14)
    text[-4] = replace(text[-4], text=said)
    page = lay_out(page_of(scanned([name, *head, *text])))
    masthead = {b.text for b in page.blocks if b.role is Role.MASTHEAD}
    assert {"河东时报", head[0].text} <= masthead
    assert not [x.text for x in text if any(x.text in m for m in masthead)]


def test_a_masthead_in_a_corner_does_not_take_a_book_of_the_news_below() -> None:
    news = [prose(1, 14 * 30)]
    name = replace(down("河东时报", 4000, 300, 200))
    head = [
        line("一九三二年十二月六日星期二", 3900, 1180),
        line("第八千四百一十四期", 3900, 1180 + PITCH),
    ]
    book = down("《剪纸集成》出版", 4300, 1900, 90)
    text = tiers(news, 4240, 1900, 8)
    filler = tiers([prose(21, 14 * 40)], 3600, 300, 20)
    page = lay_out(page_of(scanned([name, *head, book, *text, *filler])))
    assert "《剪纸集成》出版" in [a.headline() for a in page.articles]
    masthead = {b.text for b in page.blocks if b.role is Role.MASTHEAD}
    assert {"河东时报", head[0].text, head[1].text} <= masthead


def test_rows_of_four_characters_measured_differently_are_one_headline() -> None:
    body = [prose(1, 14 * 16)]
    sizes = {"安遠市召": 82.0, "開文化惠": 72.0, "民推進會": 66.0}
    head = [
        replace(down(text, 4200 - 95 * k, 600, 75), size=size)
        for k, (text, size) in enumerate(sizes.items())
    ]
    page = lay_out(page_of(scanned([*head, *tiers(body, 3880, 600, 9)])))
    assert [a.headline() for a in page.articles] == ["".join(sizes)]


def test_a_kicker_with_the_pitch_of_its_headline_stays_one() -> None:
    body = [prose(1, 300)]
    kicker = replace(line("活跃农村文化生活满足农民文化需求", 400, 200, 61), size=57.0)
    head = replace(line("工作不断档发展不停步石家庄班子换届", 400, 290, 63), size=64.0, bold=True)
    page = lay_out(page_of(scanned([kicker, head, *columns(body, 400, 480, 12)])))
    (article,) = page.articles
    assert article.headline(Role.KICKER) == kicker.text


def test_a_notice_in_large_type_is_text_and_a_line_across_is_its_headlines_label() -> None:
    notice = [prose(1, 120)]
    filler = tiers([prose(21, 14 * 60)], 2400, 3000, 30)
    head = down("啓事二則", 4200, 760, 90)
    label = line("要聞", 4160, 700, 46)
    large = [
        down(notice[0][k : k + 12], 4060 - 78 * n, 700, 56) for n, k in enumerate(range(0, 120, 12))
    ]
    page = lay_out(page_of(scanned([head, label, *large, *filler])))
    story = next(a for a in page.articles if a.headline() == "啓事二則")
    assert [p.text for p in story.paragraphs] == notice
    assert story.headline(Role.LABEL) == "要聞"


def test_figures_and_marks_make_a_headline_read_down_no_smaller() -> None:
    body = [prose(1, 300)]
    head = down("“牧民妈妈”和她的9个孩子", 400, 480, 54)
    head = replace(head, box=Box(400, 480, 454, 480 + 11.5 * 54))
    lines = [
        head,
        *columns(body, 500, 480, 12),
        line("永定渠水位上涨", 400, 2300, 90),
        *columns([prose(21, 900)], 400, 2480, 24),
    ]
    page = lay_out(page_of(scanned(lines), frames=[Frame(Box(360, 440, 1900, 1300))]))
    (found,) = [a for a in page.articles if a.headline() == head.text]
    assert [p.text for p in found.paragraphs] == body


def test_a_caption_longer_than_the_column_under_it_is_parted_at_its_credit() -> None:
    body = [prose(1, 14 * 20)]
    words = line("市民在公园里赏花拍照，享受春日时光。李伟 摄", 400, 1320)
    head = line("淡水鱼养出好光景", 400, 300, 90)
    lines = [head, words, *columns(body, 400, 1320 + EM + 28, 11)]
    picture = Picture("i01", Box(400, 440, 1600, 1300))
    page = lay_out(page_of(scanned(lines), pictures=[picture]))
    (article,) = page.articles
    assert [p.text for p in article.paragraphs] == body


def captioned(words: list[Line]) -> str:
    """The caption of a picture over `words`, credit and all."""
    head = line("淡水鱼养出好光景", 400, 300, 90)
    text = columns([prose(1, 14 * 20)], 1500, 480, 24)
    picture = Picture("i01", Box(400, 440, 1040, 1300))
    page = understand(lay_out(page_of(scanned([head, *text, *words]), pictures=[picture])))
    (article,) = page.articles
    (caption,) = article.captions
    return f"{caption.text}|{caption.credit}"


def test_a_caption_goes_on_at_the_left_of_its_credit() -> None:
    words = [
        line("↑图为龙城机械集团工人在装配光", 400, 1320, 36),
        line("缆。", 391, 1370, 36),
        line("邓敏摄", 400 + 15 * 36 - 108, 1370, 36),
    ]
    assert captioned(words) == "↑图为龙城机械集团工人在装配光缆。|邓敏摄"


def test_a_caption_goes_on_where_its_ink_is_no_longer_as_black() -> None:
    """Nor do its last lines make a quote where the story says the same."""
    said = prose(1, 14 * 20)
    rows = ["图为龙城机械集团工人在装配光缆", "，" + said[:14], said[14:28] + "。"]
    words = [line(row, 400, 1320 + 50 * k, 36) for k, row in enumerate(rows)]
    words = [replace(x, bold=k < 2) for k, x in enumerate(words)]
    assert captioned(words) == "".join(rows) + "|"


def test_a_credit_begun_at_the_end_of_a_captions_row_goes_on_in_the_next() -> None:
    words = [
        line("工人在装配机床。", 400, 1320, 36),
        line("新华社发", 400 + 8 * 36 + 60, 1320, 36),
        line("（苏思远 摄）", 400, 1370, 36),
    ]
    assert captioned(words).replace(" ", "") == "工人在装配机床。|新华社发（苏思远摄）"


def test_large_words_on_a_photograph_that_end_in_a_credit_are_no_headline() -> None:
    head = line("淡水鱼养出好光景", 400, 300, 90)
    words = replace(line("东塘县文化广场一角。林晶摄", 1520, 1240, 50), bold=True)
    text = columns([prose(1, 14 * 20)], 400, 480, 24)
    picture = Picture("i01", Box(1500, 480, 2600, 1300))
    page = lay_out(page_of(scanned([head, *text, words]), pictures=[picture]))
    assert words.text not in {a.headline() for a in page.articles}


def test_a_blank_that_was_not_read_in_a_row_with_figures_sets_it_no_wider() -> None:
    head = []
    rows = (
        ("臨江明起有六級大", 95.1, (0, 90, 180, 270, 360, 450, 540, 630)),
        ("風氣温降4℃", 90.7, (46, 210, 300, 390, 480, 560)),
    )
    for k, (text, em, places) in enumerate(rows):
        x = 3990 - 115 * k
        chars = tuple(Box(x, 600 + y, x + 84, 684 + y) for y in places)
        box = Box(x, chars[0].y0, x + 84, chars[-1].y1)
        head.append(replace(down(text, x, 600, em), box=box, chars=chars))
    text = tiers([prose(1, 300)], 3800, 600, 9)
    (article,) = lay_out(page_of(scanned([*head, *text]))).articles
    assert article.headline() == "臨江明起有六級大風氣温降4℃"


def test_degrees_at_the_end_of_a_row_make_it_no_row_of_other_type() -> None:
    """Five characters of few strokes are weighed badly, and measured a little large."""
    head = [
        replace(line("清河明起有六级大风", 400, 260, 50.2, bold=True), box=Box(400, 260, 871, 311)),
        replace(line("气温降二℃", 400, 323, 55.4), box=Box(400, 323, 654, 374)),
    ]
    page = lay_out(page_of(scanned([*head, *columns([prose(1, 300)], 400, 480, 12, em=35)])))
    assert page.articles[0].headline() == "清河明起有六级大风气温降二℃"


def test_a_row_of_a_caption_that_looks_black_in_mid_sentence_is_no_other_text() -> None:
    rows = ["昨日技术员小龙", "龙在李家洼村的", "田间查看马铃薯", "长势和田间墒情。"]
    lines = [line(text, 400, 300 + 45 * k, 36, bold=k == 2) for k, text in enumerate(rows)]
    chunks = make_chunks([Item(x, x.box, across=False) for x in scanned(lines)], [], [])
    assert [[i.text for i in c.items] for c in chunks] == [rows]


def test_the_beginning_of_a_credit_does_not_come_before_the_end_of_the_words() -> None:
    rows = [("图为红星化工厂", 400, 300), ("的工人在装配水", 400, 344)]
    rows += [("本报记者", 506, 389), ("泥。", 398, 393), ("冯敏、金浩 摄", 410, 436)]
    lines = scanned([line(text, x, y, 36) for text, x, y in rows])
    chunks = make_chunks([Item(x, x.box, across=False) for x in lines], [], [])
    assert "图为红星化工厂的工人在装配水泥。" in [c.text for c in chunks]


@pytest.mark.parametrize(
    ("text", "em", "sure", "kept"),
    [
        ("1", 13, 0.99, False),  # a speck
        ("國", 700, 0.83, False),  # strokes of a drawing
        ("究風委", 120, 0.57, False),
        ("奠基了", 120, 0.99, True),
        ("w.ww.wwwwww.w", 22, 0.6, False),
    ],
)
def test_specks_and_strokes_read_as_letters_are_no_stories(
    text: str, em: float, sure: float, kept: bool
) -> None:
    body = [line("全市春耕现场会召开", 420, 300, 100), *columns([prose(1, 300)], 400, 480, 12)]
    scrap = replace(line(text, 3000, 4000, em), confidence=sure)
    page = lay_out(page_of(scanned([*body, scrap])))
    assert len(page.articles) == 1 + kept
    # Nothing is lost: what is in no story is still a block of the page.
    assert any(text in x.text for block in page.blocks for x in block.lines)


def test_a_single_letter_in_the_last_row_is_one_of_the_headline() -> None:
    head = [down("豐寧收", 3990, 600, 81.6), down("、官", 3880, 620, 62.6)]
    text = tiers([prose(1, 300)], 3800, 600, 9)
    (article,) = lay_out(page_of(scanned([*head, *text]))).articles
    assert [h.role for h in article.headlines] == [Role.HEADLINE]
    assert article.headline().endswith("官")


def test_a_briefs_headline_in_the_texts_type_is_told_by_the_white_over_it_and_its_byline() -> None:
    first, second = prose(1, 60), prose(12, 60)
    lines = [
        line("永定渠水位上涨", 400, 300, 60),
        *columns([first], 400, 400, 40),
        line("云岭县八十二万亩水稻喜获丰收", 400, 760),
        line("■记者 武娜", 750, 822),
        *columns([second], 400, 900, 40),
    ]
    page = lay_out(page_of(scanned(lines)))
    assert [a.headline() for a in page.articles] == [
        "永定渠水位上涨",
        "云岭县八十二万亩水稻喜获丰收",
    ]


def test_a_headline_that_ends_in_a_short_second_row_is_none_with_that_beside_it() -> None:
    """Few characters measure badly, and those beside wide white are placed but roughly."""
    second = 400 + 2 * 620
    head = [
        line("克林顿向美华人华侨贺春", 400, 300, 108),
        line("节", 405, 420, 90),
        line("北京送书下乡暖农家", second + 36, 300, 108),
    ]
    text = [*columns([prose(1, 130)], 400, 1330, 10), *columns([prose(12, 260)], second, 430, 12)]
    page = lay_out(page_of(scanned([*head, *text])))
    assert [a.headline() for a in page.articles] == [
        "克林顿向美华人华侨贺春节",
        "北京送书下乡暖农家",
    ]


@pytest.mark.parametrize("ruled", [False, True])
def test_large_lines_at_the_heads_of_columns_under_one_headline_are_its_subheads(
    ruled: bool,
) -> None:
    """Behind a rule that runs up beside the headline, another story begins."""
    step = 14 * EM + 60

    def heading(text: str, x: float, y: float, em: float) -> Heading:
        (own,) = scanned([line(text, x, y, em)])
        return Heading({Role.HEADLINE: (Item(own, own.box, False),)})

    head = heading("剪纸展在海原开幕", 860, 280, 110)
    small = [heading("停下脚步", 560 + step * k, 436, 53) for k in (1, 2)]
    texts = [columns([prose(k, 160)], 400 + step * k, 440 + 70 * (k > 0), 40) for k in range(3)]
    chunks = [Chunk(tuple(Item(x, x.box, False) for x in scanned(rows))) for rows in texts]
    rules = [Rule(Box(385 + step * k, 200, 387 + step * k, 1100)) for k in (1, 2) if ruled]
    assert capped([head, *small], chunks, rules, EM) == ([] if ruled else small)
