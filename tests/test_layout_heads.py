"""Layout: headlines, what stands with them, and tables; what an archivist expects of each."""

from __future__ import annotations

from dataclasses import replace

import pytest
from typeset import EM, columns, line, page_of, prose

from epaper.geometry import Box, hull
from epaper.layout import lay_out
from epaper.layout.cues import is_folio, is_masthead
from epaper.layout.parted import part_headlines
from epaper.model import Frame, Line, Origin, ParagraphKind, Picture, Role, Rule, WritingMode
from epaper.news import understand


def spaced_line(pieces: tuple[str, str], at: tuple[float, float], y: float, em: float) -> Line:
    """Two pieces read as one line with a space between, a box for each character."""
    first = [Box(at[0] + k * em, y, at[0] + (k + 1) * em, y + em) for k in range(len(pieces[0]))]
    second = [Box(at[1] + k * em, y, at[1] + (k + 1) * em, y + em) for k in range(len(pieces[1]))]
    space = Box(first[-1].x1, y, second[0].x0, y + em)
    text = f"{pieces[0]} {pieces[1]}"
    box = Box(at[0], y, second[-1].x1, y + em)
    return Line(text, box, em, chars=(*first, space, *second))


def test_headlines_of_two_stories_read_as_one_line_are_two():
    left, right = [prose(1, 300)], [prose(12, 400)]
    second = 400 + 2 * 620
    head = spaced_line(("安远市召开对外开放现场会", "自行车走进校园"), (400, second), 300, 95)
    lines = [head, *columns(left, 400, 480, 12), *columns(right, second, 480, 12)]
    page = lay_out(page_of(lines))
    assert {a.headline(): "".join(p.text for p in a.paragraphs) for a in page.articles} == {
        "安远市召开对外开放现场会": left[0],
        "自行车走进校园": right[0],
    }


def test_a_headline_of_two_phrases_over_two_columns_stays_whole():
    body = [prose(1, 300)]
    head = spaced_line(("一张欠条", "两家和好"), (560, 560 + 4 * 95 + 70), 300, 95)
    page = lay_out(page_of([head, *columns(body, 400, 480, 12)]))
    assert [a.headline() for a in page.articles] == ["一张欠条 两家和好"]


def test_a_line_in_another_face_close_under_a_flush_headline_is_its_deck():
    body = [prose(1, 200)]
    deck = replace(line("六十五项措施年内落地", 400, 415), font="KaiTi")
    text = [replace(x, font="SongTi") for x in columns(body, 400, 500, 12)]
    page = lay_out(page_of([line("永定渠水位上涨", 400, 300, 90), deck, *text]))
    assert [a.headline(Role.DECK) for a in page.articles] == ["六十五项措施年内落地"]
    assert [p.text for p in page.articles[0].paragraphs] == body


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("全市共有六十五项防汛抗旱措施年内落地见效", "deck"),
        ("（记者毛伟）“队员们打出了气势”", "body"),
        ("队员们今天打出了气势。主教练说", "body"),
    ],
)
def test_a_reporter_in_brackets_and_a_whole_sentence_are_no_deck(text: str, role: str) -> None:
    """Whatever the type: it is the beginning of the story, over its first subhead."""
    body = [prose(1, 400)]
    first = line(text, 400, 415, 46)
    page = lay_out(
        page_of([line("永定渠水位上涨", 400, 300, 90), first, *columns(body, 400, 520, 12)])
    )
    (found,) = (b.role.value for b in page.blocks if text in b.text)
    assert found == role


def test_entries_between_rules_beside_a_narrow_column_are_a_table():
    body = [prose(1, 9 * 12)]
    cells = [
        ("品名", "规格", "最高价"),
        ("锂电池", "一级", "18.79"),
        ("汽车", "二级", "62.84"),
        ("玩具", "一级", "55.61"),
        ("甜菜", "一级", "18.69"),
    ]
    x, y = 400 + 9 * EM + 60, 480
    table = [
        line(cell, x + 20 + 160 * c, y + 80 * r, 38)
        for r, row in enumerate(cells)
        for c, cell in enumerate(row)
    ]
    rules = [Rule(Box(x, y + 80 * r - 22, x + 540, y + 80 * r - 19)) for r in range(len(cells))]
    text = columns(body, 400, 480, 30, measure=9)
    page = lay_out(page_of([line("锂电池走俏", 400, 300, 90), *text, *table], rules))
    (article,) = page.articles
    assert [p.rows for p in article.paragraphs if p.kind is ParagraphKind.TABLE] == [tuple(cells)]
    assert article.paragraphs[0].text == body[0]


def test_a_standing_title_over_a_kicker_is_the_label():
    body = [prose(1, 200)]
    heads = [
        replace(line("基层一线", 400, 200, 48), font="HeiTi"),
        replace(line("市防汛抗旱指挥部提出", 400, 262, 50), font="KaiTi"),
        line("永定渠水位上涨", 400, 330, 90),
    ]
    page = lay_out(page_of([*heads, *columns(body, 400, 480, 12)]))
    (article,) = page.articles
    assert article.headline(Role.LABEL) == "基层一线"
    assert article.headline(Role.KICKER) == "市防汛抗旱指挥部提出"


def test_bare_names_in_a_face_of_their_own_beside_the_head_are_the_byline():
    body = [prose(1, 200)]
    names = replace(line("魏耀先 卢岩", 1400, 420), font="KaiTi")
    text = [replace(x, font="SongTi") for x in columns(body, 400, 500, 12)]
    page = lay_out(page_of([line("永定渠水位上涨", 400, 300, 90), names, *text]))
    assert [b.text for b in page.blocks if b.role is Role.BYLINE] == ["魏耀先 卢岩"]


def test_a_space_inside_brackets_begins_no_paragraph():
    text = "据新华社南屏四月八日电（记者熊芳"
    rest = "赵玉兰）六年来，梁梦瑶累计献血七十七次，" + prose(3, 60)
    first = line(text[:12], 400 + 2 * EM, 480), line(text[12:], 400, 534)
    second = line(rest[:12], 400 + EM, 588)
    tail = [line(rest[12 + 14 * k : 26 + 14 * k], 400, 642 + 54 * k) for k in range(5)]
    page = lay_out(page_of([line("「牧民妈妈」和孩子", 400, 300, 70), *first, second, *tail]))
    assert page.articles[0].paragraphs[0].text.startswith(text + "赵玉兰）六年来")


def test_a_headline_beside_the_kicker_of_the_next_story_is_not_one_line_with_it():
    second = 400 + 620
    head = spaced_line(("老艺人国画", "总投资六万元惠及群众"), (400, second), 300, 95)
    lines = [
        head,
        line("丰宁市召开工作会议", second, 440, 130),
        *columns([prose(1, 160)], 400, 480, 14),
        *columns([prose(12, 300)], second, 660, 12),
    ]
    page = lay_out(page_of(lines))
    assert sorted(a.headline() for a in page.articles) == ["丰宁市召开工作会议", "老艺人国画"]


def test_a_section_in_large_type_over_a_wide_rule_belongs_to_the_head():
    body = [prose(1, 160)]
    head = [
        line("本版编辑：赵广飞 电话：84395250", 3000, 100, 36),
        line("农产品质量标准", 1700, 120, 160),
        line("农民日报", 200, 130, 160),
        line("农业部农产品质量安全监管局指导", 1700, 300, 66),
    ]
    rules = [Rule(Box(200, 380, 4400, 384))]
    lines = [*head, line("明年蔬菜可实现溯源", 400, 470, 90), *columns(body, 400, 620, 12)]
    page = lay_out(page_of(lines, rules))
    assert [a.headline() for a in page.articles] == ["明年蔬菜可实现溯源"]
    assert {b.text for b in page.blocks if b.role is Role.FOLIO} == {x.text for x in head}


def test_headlines_of_several_lines_side_by_side_are_two_headlines():
    second = 400 + 620
    heads = [
        line(row, 400, 300 + 120 * k, 100)
        for k, row in enumerate(("一、解放", "做想为文章", "以存量"))
    ]
    heads += [
        line(row, second, 300 + 120 * k, 100)
        for k, row in enumerate(("讲不完的", "美好故事", "情结"))
    ]
    heads[1] = line("做想为文章", 400, 420, 108)
    lines = [
        *heads,
        *columns([prose(1, 160)], 400, 700, 20),
        *columns([prose(12, 160)], second, 700, 20),
    ]
    page = lay_out(page_of(lines))
    assert sorted(a.headline() for a in page.articles) == [
        "一、解放做想为文章以存量",
        "讲不完的美好故事情结",
    ]


def test_a_headline_with_a_date_below_the_head_is_no_masthead():
    head = [
        line("滨海时报", 200, 150, 220),
        line("2024年6月", 3900, 150),
        line("星期三", 3900, 210),
        line("总第12022期", 3900, 270),
    ]
    lines = [*head, line("1997年12月29日", 400, 500, 90), *columns([prose(1, 300)], 400, 650, 14)]
    page = lay_out(page_of(lines, [Rule(Box(200, 390, 4400, 394))]))
    assert [a.headline() for a in page.articles] == ["1997年12月29日"]


def test_text_at_the_top_of_columns_that_names_prices_is_no_masthead():
    head = [
        line("滨海时报", 200, 150, 220),
        line("2024年6月", 3900, 150),
        line("星期三", 3900, 210),
        line("总第12022期", 3900, 270),
    ]
    second = "政府定价是指由政府价格主管" + prose(3, 300)
    left, right = columns([prose(1, 190)], 400, 440, 14), columns([second], 1160, 440, 14)
    news = [*left, *right]
    page = lay_out(page_of([*head, *news], [Rule(Box(200, 390, 4400, 394))]))
    assert page.coverage == 1
    assert sum(b.role is Role.MASTHEAD for b in page.blocks) == len(head)


def test_centred_headlines_read_as_one_line_are_told_apart_by_their_other_rows():
    second = 400 + 2 * 620
    head = spaced_line(("凤台市召开扶贫助困新闻", "高血压门诊为啥"), (420, second), 300, 100)
    left, right = [prose(1, 500)], [prose(12, 400)]
    rest = line("发布会", 420 + 11 * 50 - 150, 420, 100)
    lines = [head, rest, *columns(left, 400, 600, 20), *columns(right, second, 600, 20)]
    page = lay_out(page_of(lines))
    assert sorted(a.headline() for a in page.articles) == [
        "凤台市召开扶贫助困新闻发布会",
        "高血压门诊为啥",
    ]


@pytest.mark.parametrize(("pitch", "parted"), [(75.0, True), (86.0, False), (90.0, False)])
def test_headlines_read_from_ink_as_one_line_are_told_by_how_far_their_letters_are_apart(
    pitch: float, parted: bool
) -> None:
    """Read as one they have the size of the larger; one of two phrases is spaced evenly."""
    texts, places = ("安远市召开对外开放现场会", "自行车走进各校园"), (420, 420 + 12 * 90 + 50)
    chars = [
        Box(x + k * step, 300, x + k * step + 0.95 * step, 390)
        for text, x, step in zip(texts, places, (90.0, pitch), strict=True)
        for k in range(len(text))
    ]
    space = Box(chars[11].x1, 300, chars[12].x0, 390)
    boxes = (*chars[:12], space, *chars[12:])
    head = Line(" ".join(texts), hull(boxes), 90, origin=Origin.OCR, chars=boxes)
    text = columns([prose(1, 500)], 400, 500, 20)
    found = part_headlines(page_of([head, *text]), WritingMode.HORIZONTAL)[: -len(text)]
    assert [x.text for x in found] == (list(texts) if parted else [head.text])
    assert [x.size for x in found] == pytest.approx([90, pitch] if parted else [90])


@pytest.mark.parametrize(
    ("origin", "behind", "parted"),
    [
        (Origin.OCR, 0.15, True),
        (Origin.OCR, 0.3, False),
        (Origin.LAYER, 0.15, False),
        (Origin.LAYER, 0.0, True),
    ],
)
def test_headlines_read_as_one_line_are_two_where_the_second_begins_with_a_column(
    origin: Origin, behind: float, parted: bool
) -> None:
    """Ink tells roughly where a character begins: so far behind it, em of the headline."""
    texts, em, second = ("安远市召开对外开放现场会", "自行车走进校园"), 95.0, 400 + 2 * 620
    head = spaced_line(texts, (400, second + behind * em), 300, em)
    text = [*columns([prose(1, 300)], 400, 480, 12), *columns([prose(12, 400)], second, 480, 12)]
    page = page_of([replace(x, origin=origin) for x in (head, *text)])
    found = part_headlines(page, WritingMode.HORIZONTAL)[: -len(text)]
    assert [x.text for x in found] == (list(texts) if parted else [head.text])


@pytest.mark.parametrize("behind", [0.0, 0.15])
def test_a_headline_of_two_phrases_stays_whole_where_text_only_goes_on_under_the_second(
    behind: float,
) -> None:
    head = spaced_line(
        ("临江俱乐爆冷", "临江俱乐部出局"), (400, 400 + 14 * EM + 60 + behind * 80), 300, 80
    )
    body = columns([prose(1, 194), prose(5, 200)], 400, 480, 12)
    page = lay_out(page_of([replace(x, origin=Origin.OCR) for x in (head, *body)]))
    assert [a.headline() for a in page.articles] == [head.text]


@pytest.mark.parametrize(
    ("rows", "parted"),
    [
        (
            (
                "农民要致富靠的是科技和市场两",
                "走路才能够走得 更远也更加稳当",
                "种地的人经常这样对记者说的话",
            ),
            False,
        ),
        (
            (
                "农民要致富靠的是科技和市场两",
                "种地的人经常这样对记者说的话",
                "走路才能够走得 更远也更加稳当",
            ),
            False,
        ),
        (("安远市召开对外 自行车走进了校", "开放工作现场会 园受到孩子欢迎"), True),
    ],
)
def test_a_row_with_a_space_over_a_column_is_two_headlines_if_no_other_row_prints_across(
    rows: tuple[str, ...], parted: bool
) -> None:
    """The rows of a quote of three do; two headlines of two rows were read as two lines."""
    second, em = 400 + 14 * EM + 60, 80.0
    heads = []
    for k, row in enumerate(rows):
        y, (first, _, last) = 300 + 100 * k, row.partition(" ")
        if last:
            heads.append(spaced_line((first, last), (400, second), y, em))
        else:
            squares = [Box(400 + n * em, y, 400 + (n + 1) * em, y + em) for n in range(len(row))]
            heads.append(replace(line(row, 400, y, em), chars=tuple(squares)))
    y = 320 + 100 * len(rows)
    text = [*columns([prose(1, 160)], 400, y, 12), *columns([prose(12, 160)], second, y, 12)]
    page = page_of([replace(x, origin=Origin.OCR) for x in (*heads, *text)])
    found = part_headlines(page, WritingMode.HORIZONTAL)[: -len(text)]
    assert [x.text for x in found] == ([p for r in rows for p in r.split()] if parted else [*rows])


@pytest.mark.parametrize(("first", "parted"), [("文/赵小红", True), ("田间查看", False)])
def test_a_headline_whose_column_begins_with_its_byline_is_not_its_neighbours(
    first: str, parted: bool
) -> None:
    """It stands flush with the column; words that do go on from the column before."""
    texts, second = ("临江俱乐部爆冷", "自行车走进校园"), 400 + 14 * EM + 60
    head = spaced_line(texts, (400, second), 300, 80)
    text = columns([prose(1, 160)], 400, 480, 12)
    text += [line(first, second, 480), *columns([prose(12, 150)], second, 534, 11)]
    found = part_headlines(page_of([head, *text]), WritingMode.HORIZONTAL)[: -len(text)]
    assert [x.text for x in found] == (list(texts) if parted else [head.text])


def latin(text: str, x: float, y: float, em: float = EM) -> Line:
    """A line of Latin letters, half an em wide each."""
    return Line(text, Box(x, y, x + len(text) * em / 2, y + em), em)


def test_a_masthead_in_latin_letters_makes_no_story():
    head = [
        latin("GAZETA DO LITORAL", 400, 200, 380),
        latin("Sexta-feira, 12 de abril de 2019", 400, 660),
        latin("Ano 41 - Edição 9.317", 1300, 660),
        latin("www.gazetadolitoral.example", 2800, 660),
    ]
    story = [latin("Porto recebe navio", 400, 900, 110)]
    story += [
        latin(f"O navio chegou ontem ao porto {k} e ficou", 400, 1080 + k * 54) for k in range(8)
    ]
    page = lay_out(page_of([*head, *story]))
    assert [a.headline() for a in page.articles] == ["Porto recebe navio"]
    assert sum(b.role is Role.MASTHEAD for b in page.blocks for _ in b.lines) == len(head)


def test_a_date_in_a_sentence_of_latin_text_is_no_masthead():
    body = [
        "The bridge was opened on 4 March 1962.",
        "It is to close in May for works that will",
        "take until 12 June 2024, said the council",
        "after a vote that nobody had expected now.",
    ]
    lines = [latin("Old bridge to close", 400, 200, 150)]
    lines += [latin(text, 400, 420 + k * 54) for k, text in enumerate(body * 3)]
    page = lay_out(page_of(lines))
    assert [a.headline() for a in page.articles] == ["Old bridge to close"]


@pytest.mark.parametrize(
    "text",
    [
        "一九九七年，我国改革开放和",
        "據統計，截至一九九七年",
        "舉行的星期五聚禮會上",
        "2024年3月，全县",
    ],
)
def test_dates_in_the_news_are_no_head(text: str):
    assert not is_folio(text)
    assert not is_masthead(text)


@pytest.mark.parametrize(
    "text",
    [
        "2024年6月5日星期三农历甲辰年四月廿九",
        "一九三〇年三月二十七日",
        "二○○八年",
        "星期四",
        "第七版　星期四",
        "中華民國二十八年四月廿六日　星期三",
    ],
)
def test_dates_of_a_head_are_known(text: str):
    assert is_folio(text)
    assert is_masthead(text)


def test_a_mail_address_is_of_a_head_though_its_first_letter_was_not_read():
    assert is_folio("mail: zgnmb666.@.126.com")


def test_a_headline_in_reverse_over_a_picture_is_no_label_of_its_neighbour():
    light = {"reversed": True, "color": 0xFFFFFF}
    body, other = [prose(1, 200)], [prose(9, 200)]
    lines = [
        line("三部门联手", 400, 200, 60, **light),
        line("老区换新颜", 400, 280, 130, **light),
        *columns(body, 400, 520, 12),
        line("春耕生产现场会召开", 1700, 280, 100),
        *columns(other, 1640, 520, 12),
    ]
    page = lay_out(page_of(lines))
    heads = {a.headline() for a in page.articles}
    assert {"老区换新颜", "春耕生产现场会召开"} <= heads


@pytest.mark.parametrize(
    ("words", "label"), [("金融观察", True), ("民生银行总资产逾二百亿元", False)]
)
def test_many_words_in_reverse_beside_a_headline_are_no_label_of_it(
    words: str, label: bool
) -> None:
    text = columns([prose(9, 200)], 1640, 520, 12)
    tag = line(words, 400, 290, 66, reversed=True, color=0xFFFFFF)
    page = lay_out(page_of([tag, line("春耕生产现场会召开", 1700, 280, 80), *text]))
    (story,) = (a for a in page.articles if a.headline() == "春耕生产现场会召开")
    assert (story.headline(Role.LABEL) == words) is label


def test_a_headline_in_reverse_is_no_label_of_a_smaller_one_in_a_frame_beside_it():
    light = {"reversed": True, "color": 0xFFFFFF}
    box = Frame(Box(350, 250, 1500, 1400))
    lines = [
        line("春耕生产现场会召开", 400, 300, 56),
        *columns([prose(9, 200)], 400, 400, 15),
        line("老区新貌摄影展", 1600, 250, 84, **light),
        *columns([prose(1, 200)], 1600, 800, 12),
    ]
    page = lay_out(page_of(lines, frames=[box]))
    heads = {a.headline() for a in page.articles}
    assert heads == {"老区新貌摄影展", "春耕生产现场会召开"}


def test_all_that_a_frame_holds_is_one_story_however_far_apart():
    box = Frame(Box(350, 250, 2600, 2600))
    photo = Picture("i01", Box(400, 300, 1640, 1000), "photo")
    lines = [
        line("老区换新颜", 1760, 300, 130),
        line("三月十二日，市民在广场上观看花展。李明摄", 400, 1030, 34),
        *columns([prose(9, 250)], 400, 1300, 20, measure=31),
        line("春耕生产现场会召开", 400, 2800, 100),
        *columns([prose(1, 400)], 400, 3000, 15),
    ]
    page = lay_out(page_of(lines, frames=[box], pictures=[photo]))
    said = {a.headline(): a.paragraphs[0].text for a in page.articles if a.paragraphs}
    assert said["老区换新颜"] == prose(9, 250)


@pytest.mark.parametrize("foot", [420, 700])
def test_a_headline_on_a_photograph_seen_as_a_tint_is_that_of_the_text_right_under_it(
    foot: float,
) -> None:
    """What stands farther down is another story."""
    light = {"reversed": True, "color": 0xFFFFFF}
    head = [
        line("记者观察", 760, 210, EM, **light),
        line("三港集团中标高等级公路", 480, 270, 110, **light),
    ]
    body = columns(["本报讯 记者方丹报道：" + prose(1, 300)], 400, foot + 30, 14)
    other = [line("永定渠水位上涨", 400, 2300, 90), *columns([prose(21, 900)], 400, 2480, 24)]
    tint = Frame(Box(390, 190, 1590, 420), stroked=False, fill=0x362F3B)
    read = [replace(x, origin=Origin.OCR) for x in (*head, *body, *other)]
    page = lay_out(page_of(read, frames=[tint]))
    found = {a.headline(): sum(len(p.text) for p in a.paragraphs) for a in page.articles}
    assert (found.get("三港集团中标高等级公路", 0) > 300) == (foot == 420)


def test_a_short_headline_in_reverse_over_a_plain_deck_is_a_headline():
    body = [prose(1, 200)]
    lines = [
        line("桃花水母", 400, 200, 130, reversed=True, color=0xFFFFFF),
        line("永定渠出现三千只", 400, 360, 60),
        *columns(body, 400, 480, 12),
    ]
    (article,) = lay_out(page_of(lines)).articles
    assert article.headline() == "桃花水母"
    assert article.headline(Role.DECK) == "永定渠出现三千只"


def test_lines_that_name_a_year_make_no_masthead_of_a_headline():
    """A headline at the top of an inner page, over text that speaks of years."""
    said = [
        "早在1996年夏天他们检查一家彩印厂时",
        "发现步长公司自1997年起使用商标",
        "至1998年3月才停止",
    ]
    lines = [
        line("04 副刊", 400, 60, 60),
        line("小核桃撬动大市场", 400, 220, 150),
        *(line(text, 400, 480 + 56 * k) for k, text in enumerate(said)),
    ]
    page = lay_out(page_of([*lines, *columns([prose(3, 300)], 400, 700, 12)]))
    assert "小核桃撬动大市场" in {a.headline() for a in page.articles}


def test_a_signature_at_the_head_of_the_next_column_closes_its_story():
    body = [prose(1, 124)]
    lines = columns(body, 400, 480, 9)
    signed = [line("股市小幅下跌", 420, 300, 100), *lines, line("（邵承志）", 1060, 480)]
    page = lay_out(page_of(signed))
    (article,) = (a for a in page.articles if a.headline() == "股市小幅下跌")
    roles = {b.role for b in page.blocks if "邵承志" in b.text}
    assert roles == {Role.BYLINE}
    assert any(b.id in article.blocks for b in page.blocks if "邵承志" in b.text)


def test_short_stanzas_keep_their_lines():
    stanzas = [
        ("古城镇的钟声", "金秋的渭源河边"),
        ("一盏灯照着归人", "像花生"),
        ("轻轻地", "我走过清晨的村庄"),
    ]
    lines = [line("老艺人和他的书法", 400, 300, 90)]
    for s, stanza in enumerate(stanzas):
        lines += [line(v, 420, 480 + 170 * s + 56 * k) for k, v in enumerate(stanza)]
    page = lay_out(page_of(lines))
    found = next(a for a in page.articles if a.headline() == "老艺人和他的书法")
    assert [p.text for p in found.paragraphs] == [v for s in stanzas for v in s]


def test_titles_level_over_short_pieces_in_a_row_begin_stories_of_their_own():
    lines, names = [], ("专栏甲某某", "专栏乙某某", "专栏丙某某", "专栏丁某某")
    for k, name in enumerate(names):
        x = 400 + k * 700
        lines.append(line(name, x, 400, 41, font="Bold", color=0xAA0000))
        lines += [line(prose(3 * k + n, 14), x, 452 + 46 * n, font="Italic") for n in range(4)]
    news = [line("春耕现场会", 420, 1000, 90), *columns([prose(1, 900)], 400, 1150, 25)]
    frame = Frame(Box(360, 360, 3400, 680), fill=0xE0D8C8)
    page = lay_out(page_of([*lines, *news], frames=[frame]))
    assert sorted(a.headline() for a in page.articles) == sorted([*names, "春耕现场会"])


def test_a_line_at_a_columns_head_like_the_subheads_of_wide_columns_is_a_subhead():
    first = columns([prose(1, 150)], 400, 480, 40, measure=30)
    y = first[-1].box.y1 + 40
    under = columns([prose(8, 150)], 400, y + 80, 40, measure=30)
    second = columns([prose(15, 280)], 1700, 560, 40, measure=30)
    lines = [
        line("社区服务综述", 420, 300, 80),
        *first,
        line("走街串巷", 400 + 13 * EM, y, 44, font="Kai", bold=True),
        *under,
        line("家长里短", 1700 + 13 * EM, 490, 44, font="Kai", bold=True),
        *second,
    ]
    (article,) = lay_out(page_of(lines)).articles
    heads = [p.text for p in article.paragraphs if p.kind is ParagraphKind.SUBHEAD]
    assert heads == ["走街串巷", "家长里短"]


def test_text_under_a_picture_that_fills_its_storys_column_is_the_storys():
    upper = columns([prose(1, 60)], 400, 480, 40, measure=40)
    foot = upper[-1].box.y1 + 30
    picture = Picture("i01", Box(400, foot, 400 + 40 * EM, foot + 1400))
    caption = line("图为志愿者在社区服务。记者王宁摄", 400, foot + 1420, 32, font="Kai")
    lower = columns([prose(15, 70)], 400, foot + 1500, 40, measure=40)
    lines = [line("社区服务综述", 420, 300, 80), *upper, caption, *lower]
    (article,) = lay_out(page_of(lines, pictures=[picture])).articles
    assert [p.text for p in article.paragraphs] == [prose(1, 60), prose(15, 70)]


def test_an_advert_at_the_top_of_an_inner_page_is_no_head():
    head = [line("04 副刊", 200, 150, 60), line("2024年6月5日 星期三 责任编辑：王宁", 900, 160, 34)]
    frame = Frame(Box(1500, 260, 4400, 900), fill=0xEEAAAA)
    advert = [line("招生简章", 2500, 360, 150), line("咨询电话：4668326 人民路235号", 2300, 580)]
    news = [line("管理者的追求", 400, 280, 100), *columns([prose(1, 200)], 400, 450, 30)]
    rule = Rule(Box(200, 240, 4400, 244))
    page = lay_out(page_of([*head, *news, *advert], [rule], [frame]))
    assert sum(b.role is Role.FOLIO for b in page.blocks) == len(head)
    assert "管理者的追求" in [a.headline() for a in page.articles]


def test_a_heading_over_several_stories_is_the_label_of_the_first():
    first, second = prose(1, 300), prose(15, 300)
    lines = [
        line("质量整治在行动", 460, 220, 50),
        line("海南监管瓜菜质量出新招", 400, 330, 60),
        *columns([first], 400, 420, 12),
        line("武汉保节日餐桌安全措施", 400, 1500, 60),
        *columns([second], 400, 1590, 12),
    ]
    page = lay_out(page_of(lines))
    heads = [(a.headline(Role.LABEL), a.headline()) for a in page.articles]
    assert heads == [
        ("质量整治在行动", "海南监管瓜菜质量出新招"),
        ("", "武汉保节日餐桌安全措施"),
    ]
    alone = lay_out(page_of([x for x in lines if x.box.y0 < 1450]))
    assert alone.articles[0].headline(Role.KICKER) == "质量整治在行动"


def test_a_label_in_a_box_of_stories_announces_none_outside_it():
    x = 400 + 2 * (14 * EM + 60)
    box = Frame(Box(x - 30, 280, x + 14 * EM + 30, 1500), True)
    tag = Frame(Box(x + 10, 300, x + 190, 352), True)
    lines = [
        line("小红薯撬动大市场", 420, 290, 90),
        *columns([prose(1, 400)], 400, 460, 15),
        line("苍山简讯", x + 20, 308, 36),
        line("供水管网见成效", x, 370, 46),
        *columns([prose(15, 14 * 12)], x, 430, 20),
    ]
    lines = [replace(i, font="KaiTi" if i.size > EM else "SongTi") for i in lines]
    page = lay_out(page_of(lines, frames=[box, tag]))
    labels = {a.headline(): a.headline(Role.LABEL) for a in page.articles}
    assert labels == {"小红薯撬动大市场": "", "供水管网见成效": "苍山简讯"}


@pytest.mark.parametrize("pieces", [False, True])
def test_a_headline_whose_second_phrase_begins_with_a_column_is_one_where_the_text_goes_on(
    pieces: bool,
) -> None:
    """The first phrase is as wide as its column; under the second the text begins no paragraph."""
    body = [prose(1, 300)]
    second = 400 + 14 * EM + 60
    head = spaced_line(("临江俱乐部爆冷", "临江俱乐部出局"), (400, second), 300, 80)
    parts = [head]
    if pieces:
        parts = [
            replace(line(text, x, 300, 80), origin=Origin.OCR)
            for text, x in (("临江俱乐部爆冷", 400), ("临江俱乐部出局", second))
        ]
    page = lay_out(page_of([*parts, *columns(body, 400, 480, 12)]))
    assert [a.headline() for a in page.articles] == ["临江俱乐部爆冷 临江俱乐部出局"]


def test_the_white_of_a_mark_makes_no_gap_in_a_headline_read_from_ink() -> None:
    """Of a full-width exclamation mark only the stroke is seen."""
    first = replace(line("當心！", 400, 300, 100), box=Box(400, 300, 618, 394))
    second = replace(line("「高息理財」是陷阱", 758, 300, 100), box=Box(758, 300, 1575, 394))
    text = columns([prose(1, 300)], 400, 480, 12)
    page = lay_out(page_of([replace(x, origin=Origin.OCR) for x in (first, second, *text)]))
    assert [a.headline() for a in page.articles] == ["當心！ 「高息理財」是陷阱"]


def test_headlines_side_by_side_of_which_one_begins_with_a_quotation_are_two() -> None:
    """Of the opening mark only the strokes are seen, half an em in from the next row."""
    second = 400 + 2 * 620
    rows = [
        line("新民村：棉花铺就第一名", 400, 300, 102),
        line("致富路", 400, 412, 102),
        line("“护林员妈妈”和", second + 50, 300, 102),
        line("她的八个孩子", second, 412, 102),
    ]
    text = [*columns([prose(1, 300)], 400, 540, 12), *columns([prose(12, 300)], second, 540, 12)]
    page = lay_out(page_of([replace(x, origin=Origin.OCR) for x in (*rows, *text)]))
    assert [a.headline() for a in page.articles] == [
        "新民村：棉花铺就第一名致富路",
        "“护林员妈妈”和她的八个孩子",
    ]


def test_a_headline_with_but_a_byline_and_a_picture_under_it_is_not_its_neighbours() -> None:
    second = 400 + 18 * EM + 1.6 * EM
    rows = [line("教师冯敏的一天", 400, 300, 100), line("合唱唱响乌溪两岸", second, 300, 100)]
    text = columns([prose(1, 300)], 400, 460, 20, measure=18)
    byline = line("记者陈建国", second, 415, 34)
    picture = Picture("i01", Box(second, 460, second + 900, 1100))
    page = page_of([replace(x, origin=Origin.OCR) for x in (*rows, byline, *text)])
    found = lay_out(replace(page, pictures=(picture,)))
    assert {"教师冯敏的一天", "合唱唱响乌溪两岸"} <= {a.headline() for a in found.articles}


def test_a_day_with_its_page_is_of_a_head_however_badly_the_rest_was_read() -> None:
    assert is_folio("0年2月8日星期第版")
    assert not is_folio("据报道，2月8日第三版的消息")


def test_large_words_in_the_row_of_a_large_date_are_of_the_head() -> None:
    """The head band of an inner page holds its section and a small nameplate."""
    band = [
        line("农产品质量标准", 1600, 60, 160),
        line("农业部农产品质量安全监管局指导", 1650, 240, 66),
        line("农民日报", 200, 230, 120),
        line("0年2月8日星期第版", 3300, 200, 120),
    ]
    text = columns([prose(1, 300)], 400, 700, 12)
    page = lay_out(page_of([*band, line("春耕生产现场会召开", 420, 520, 100), *text]))
    assert [a.headline() for a in page.articles] == ["春耕生产现场会召开"]


def test_a_headline_down_the_page_alone_in_a_frame_with_a_picture_is_of_the_picture():
    frame = Frame(Box(400, 400, 1400, 1500))
    title = line("市民争看皮影戏", 440, 440, 90)
    down = replace(
        title,
        box=Box(440, 440, 530, 440 + 90 * len(title.text)),
        mode=WritingMode.VERTICAL,
        chars=(),
    )
    shown = Picture("i1", Box(600, 440, 1340, 1200))
    caption = line("皮影戏艺人在为孩子们表演。李明摄", 600, 1220, 34)
    others = [line("春耕生产现场会召开", 1700, 300, 80), *columns([prose(9, 400)], 1640, 520, 30)]
    page = lay_out(page_of([down, caption, *others], frames=[frame], pictures=[shown]))
    (story,) = (a for a in page.articles if a.headline() == title.text)
    assert story.pictures == ("i1",)
    (told,) = (a for a in understand(page).articles if a.id == story.id)
    assert [c.credit for c in told.captions] == ["李明摄"]
