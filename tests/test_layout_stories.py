"""Layout: which headline text belongs to, quotes inside it, and rows of few long words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from typeset import EM, PITCH, columns, down, line, page_of, prose

from epaper.geometry import Box
from epaper.layout import lay_out, learned, links, placing
from epaper.layout.briefs import is_item, part_items
from epaper.layout.captions import type_habit
from epaper.layout.chunks import Chunk, make_chunks
from epaper.layout.frame import Item, sheet_of
from epaper.layout.grid import column_edges
from epaper.layout.headings import Heading
from epaper.layout.learned import load_model
from epaper.layout.nodes import End, Node, Scene
from epaper.layout.orphans import join_enclosed, join_orphans
from epaper.layout.rejoined import join_pieces
from epaper.layout.reunited import passed_back, reunite
from epaper.layout.seams import seam_odds
from epaper.layout.story import Story, promote
from epaper.model import Frame, Line, Origin, Page, Picture, Role, Rule, WritingMode
from epaper.news import understand


def bodies(page: Page) -> dict[str, str]:
    """Every article's text by its headline."""
    return {a.headline(): "".join(p.text for p in a.paragraphs) for a in page.articles}


def test_a_headline_in_a_column_right_of_its_text_heads_it():
    body = [prose(1, 14 * 12 * 3)]
    x = 400 + 3 * (14 * EM + 60)
    head = [line("八百三十七", x, 486, 90), line("家企业获奖", x, 600, 90)]
    page = lay_out(page_of([*columns(body, 400, 480, 13), *head]))
    assert bodies(page) == {"八百三十七家企业获奖": body[0]}


def test_the_last_lines_of_a_narrow_column_do_not_reach_over_the_next():
    long = columns([prose(1, 14 * 20)], 400, 1000, 40, measure=30)
    first, second = line(prose(11, 14), 400, 800), line(prose(21, 14), 400 + 14 * EM + 60, 800)
    sheet = sheet_of(page_of([*long, first, second]), WritingMode.HORIZONTAL)
    chunks = make_chunks(sheet.items, (), ())
    edges = dict(zip((c.text for c in chunks), column_edges(chunks), strict=True))
    assert edges[first.text][1] <= second.box.x0
    assert edges[second.text][0] >= first.box.x1


def test_words_in_quotation_marks_that_fill_a_column_are_no_headline():
    body = [prose(1, 14 * 44)]
    text = columns(body, 400, 480, 30)
    x, y = 400 + 14 * EM + 60, 480 + 16 * PITCH
    quote = ["“我们要把百姓的难", "事当成自己的家事，", "一件一件办妥当”"]
    rows = [line(part, x, y + 80 * k, 60) for k, part in enumerate(quote)]
    page = lay_out(page_of([line("春耕生产现场会召开", 400, 300, 110), *text, *rows]))
    assert bodies(page) == {"春耕生产现场会召开": body[0]}
    assert [b.text for b in page.blocks if b.role is Role.QUOTE] == ["\n".join(quote)]


def test_a_headline_in_quotation_marks_stays_one():
    body = [prose(1, 200)]
    head = line("“我们村里有了自己的医生”", 400, 300, 90)
    page = lay_out(page_of([head, *columns(body, 400, 480, 30)]))
    assert bodies(page) == {"“我们村里有了自己的医生”": body[0]}


def words(text: str, x: float, y: float, width: float) -> Line:
    """Latin words with a box for each letter, in `width` pixels."""
    step = width / len(text)
    chars = [Box(x + k * step, y, x + (k + 1) * step, y + EM) for k in range(len(text))]
    return Line(text, Box(x, y, x + width, y + EM), EM, chars=tuple(chars))


def test_words_far_apart_on_a_justified_line_are_one_line():
    full = [
        replace(words("x" * 14, 400, 480 + PITCH * k, 14 * EM), text=f"行{k}" + "字" * 12)
        for k in (0, 1, 2, 4, 5, 6)
    ]
    y = 480 + PITCH * 3
    row = [words("cooperation", 400, y, 280), words("on", 400 + 14 * EM - 40, y, 40)]
    joined = join_pieces([*full, *row])
    assert [x.text for x in joined if x.box.y0 == y] == ["cooperation on"]


def test_a_standing_title_of_four_characters_is_no_kicker():
    body = [prose(1, 300)]
    label = replace(line("文化长廊", 400, 240, 42), font="HeiTi")
    head = replace(line("一张欠条两家和好", 400, 300, 90), font="SongTi")
    text = [replace(x, font="SongTi") for x in columns(body, 400, 480, 12)]
    (article,) = lay_out(page_of([label, head, *text])).articles
    assert article.headline(Role.KICKER) == ""
    assert article.headline(Role.LABEL) == "文化长廊"


def place_row(**known: float) -> list[float]:
    """A row of a figure's features, those not named as where they do not apply."""
    return [known.get(name, -25.0) for name in placing.NAMES]


def test_a_figure_under_a_headline_is_news_of_its_own_only_where_that_is_much_likelier():
    under = {"under_head": 2.0, "head_share": 1.0, "same_frame": 1.0, "ruled_head": 0.0}
    alone = place_row(alone=1.0)
    chances = np.array([0.2, 0.8])
    table = np.array([place_row(**under), alone], dtype=np.float32)
    assert placing.chosen(chances, table) == 0
    parted = np.array([place_row(**(under | {"ruled_head": 1.0})), alone], dtype=np.float32)
    assert placing.chosen(chances, parted) == 1
    assert placing.chosen(np.array([0.02, 0.98]), table) == 1


@pytest.mark.parametrize(
    ("known", "place"),
    [
        ({"same_frame": 1.0}, 0),
        ({"same_frame": 0.0}, 2),
        ({"same_frame": 1.0, "ruled_head": 1.0}, 2),
    ],
)
def test_a_figure_beside_a_story_that_no_rule_parts_from_it_is_more_often_the_storys(
    known: dict[str, float], place: int
) -> None:
    table = np.array([place_row(**known), place_row(), place_row(alone=1.0)], dtype=np.float32)
    assert placing.chosen(np.array([0.3, 0.0, 0.7]), table) == place


@pytest.mark.parametrize(("below", "place"), [(0.0, 0), (1.0, 2)])
def test_a_figure_over_which_a_storys_text_is_read_on_is_the_storys(
    below: float, place: int
) -> None:
    """One rule may part a note from it; two make a field of its own."""
    amid = {"interrupts": 1.0, "same_frame": 1.0, "ruled_above": 1.0, "ruled_below": below}
    rows = [place_row(**amid), place_row(), place_row(alone=1.0)]
    table = np.array(rows, dtype=np.float32)
    assert placing.chosen(np.array([0.3, 0.1, 0.6]), table) == place


def test_a_figure_that_rules_part_from_all_but_one_story_is_that_storys_where_in_doubt():
    first, second, third = (
        Story(Heading({Role.HEADLINE: (Item(head, head.box, across=False),)}))
        for head in (
            line("城东图书馆开馆", 400, 300, 80),
            line("河水涨了", 1400, 300, 80),
            line("水", 1400, 600, 80),
        )
    )
    wall = Rule(Box(1200, 200, 1204, 2000))
    ground = placing.Ground([wall], EM, WritingMode.HORIZONTAL)
    figure = Box(500, 600, 900, 900)
    tall = Box(500, 390, 900, 900)
    assert placing.only_seen(figure, [first, second], ground) is None
    assert placing.only_seen(tall, [first, third], ground) == 0
    assert placing.only_seen(tall, [first, third], replace(ground, rules=[])) is None
    alone = place_row(alone=1.0)
    table = np.array([place_row(), place_row(), alone], dtype=np.float32)
    assert placing.chosen(np.array([0.3, 0.1, 0.6]), table, 0) == 0
    assert placing.chosen(np.array([0.1, 0.1, 0.8]), table, 0) == 2


@pytest.mark.parametrize("rule", ["ruled_head", "ruled_above", ""])
def test_a_figure_that_a_rule_parts_from_the_only_story_in_sight_is_by_itself_where_likelier(
    rule: str,
) -> None:
    seen = {"ruled_head": 0.0, "ruled_above": 0.0}
    rows = [place_row(**(seen | ({rule: 1.0} if rule else {}))), place_row(), place_row(alone=1.0)]
    table = np.array(rows, dtype=np.float32)
    assert placing.chosen(np.array([0.27, 0.04, 0.69]), table, 0) == (2 if rule else 0)


def test_two_rows_of_neighbouring_headlines_each_centred_over_its_column_are_two_headlines():
    left, right = [prose(1, 14 * 16)], [prose(12, 14 * 16)]
    second = 400 + 14 * EM + 60
    head = [
        line("肯尼亚南部发", 420, 300, 90),
        line("地震", 600, 410, 90),
        line("云州明起有多", second + 10, 300, 90),
        line("云气温", second + 145, 410, 90),
    ]
    text = [*columns(left, 400, 1200, 30), *columns(right, second, 1200, 30)]
    shown = [Picture(f"g{x:.0f}", Box(x, 540, x + 14 * EM, 1140)) for x in (400, second)]
    assert bodies(lay_out(page_of([*head, *text], pictures=shown))) == {
        "肯尼亚南部发地震": left[0],
        "云州明起有多云气温": right[0],
    }


def test_a_title_set_off_above_a_headline_of_its_type_is_no_row_of_it():
    body = [prose(1, 300)]
    lines = [line("集纳", 400, 200, 60), line("诠释传统文化的观点", 400, 302, 60)]
    (article,) = lay_out(page_of([*lines, *columns(body, 400, 480, 12)])).articles
    assert (article.headline(), article.headline(Role.LABEL)) == ("诠释传统文化的观点", "集纳")


def test_the_last_character_of_a_headline_set_downwards_is_its_row():
    body = [prose(1, 300)]
    head = [down("自行车走进校", 400, 480, 120), line("园", 250, 480, 120)]
    page = lay_out(page_of([*head, *columns(body, 600, 480, 30)]))
    assert bodies(page) == {"自行车走进校园": body[0]}


def jumps(page: Page) -> dict[str, list[str]]:
    """Continuation markers by the headline of their article."""
    return {a.headline(): [j.text for j in a.jumps] for a in understand(lay_out(page)).articles}


@pytest.mark.parametrize("marker", ["上接第02版", "上接二版", "紧接第二版"])
def test_a_marker_over_text_that_comes_from_another_page_is_no_end_of_the_story_beside_it(
    marker: str,
) -> None:
    left, right = prose(1, 14 * 14 - 2), prose(15, 14 * 10 - 2)
    x = 400 + 14 * EM + 60
    lines = [
        line("罗马股市小幅下跌", 420, 300, 60),
        *columns([left], 400, 400, 20),
        line("南非南部发生地震", x, 440, 60),
        line(f"（{marker}）", x + 3 * EM, 530),
        *columns([right], x, 530 + 1.6 * PITCH, 20),
    ]
    assert jumps(page_of(lines)) == {"罗马股市小幅下跌": [], "南非南部发生地震": [marker]}


def test_a_marker_on_a_short_last_line_is_its_storys_however_far_to_the_right() -> None:
    body, x = prose(1, 14 * 12 - 2), 400 + 14 * EM + 60
    picture = Picture("i01", Box(x, 420, x + 28 * EM, 900))
    rest = [line(prose(3, 18), x, 940), line(prose(5, 12), x, 940 + PITCH)]
    lines = [
        line("环城公路取得突破", 420 + 15 * EM, 300, 90),
        *columns([body], 400, 420, 20),
        *rest,
        line("(下转02版)", x + 22 * EM, 940 + PITCH),
        line("摄影集成出版", x, 1120, 60),
        *columns([prose(15, 14 * 10)], x, 1210, 20),
        *columns([prose(25, 14 * 10)], x + 14 * EM + 60, 1120, 20),
    ]
    found = jumps(page_of(lines, pictures=[picture]))
    assert found["环城公路取得突破"] == ["下转02版"]


def test_a_pull_quote_that_two_stories_say_is_of_the_one_around_it() -> None:
    said, x = "日子会越过越红火，大家心里都踏实了！", 400 + 14 * EM + 60
    text = columns([prose(3, 14 * 6 - 2), said + prose(5, 14 * 6 - 20)], x, 400, 40)
    low = text[-1].box.y1 + 60
    lines = [
        line("博览会昨日闭幕", 420, 290, 60),
        *columns([said + prose(1, 14 * 18)], 400, 400, 40),
        line("河流水位今年上涨", x, 290, 60),
        *text,
        line(said[:8], x + 40, low, 52, font="HeiTi"),
        line(said[8:], x + 40, low + 72, 52, font="HeiTi"),
        *columns([prose(7, 14 * 8)], x, low + 200, 40),
    ]
    page = lay_out(page_of(lines))
    quotes = {b.id for b in page.blocks if b.role is Role.QUOTE}
    assert [a.headline() for a in page.articles if quotes & set(a.blocks)] == ["河流水位今年上涨"]


def test_a_pull_quote_of_the_two_lines_over_it_is_no_headline() -> None:
    said = "“社区实行报修、走访、转办三位一体“联动服务”，加快解决”"
    text = f"社区实行报修、走访、转办三位一体“联动服务”，加快解决了居民的难处。{prose(5, 60)}"
    rows = columns([text], 420, 400, 40)
    first, rest = rows[:2], rows[2:]
    low = first[-1].box.y1 + 60
    ragged = ((0, 10), (10, 18), (18, 29))
    quote = [line(said[a:b], 430, low + 70 * k, 52) for k, (a, b) in enumerate(ragged)]
    moved = [replace(x, box=x.box.moved(0, 260)) for x in rest]
    frame = Frame(Box(390, 260, 420 + 14 * EM + 30, moved[-1].box.y1 + 40))
    other = columns([prose(15, 14 * 18)], 1200, 400, 40)
    heads = [line("促服务抓转办", 440, 290, 70), line("河流水位今年上涨", 1220, 290, 60)]
    page = lay_out(page_of([*heads, *first, *quote, *moved, *other], frames=[frame]))
    quotes = [b for b in page.blocks if b.role is Role.QUOTE]
    assert ["".join(x.text for x in b.lines) for b in quotes] == [said]
    assert sorted(a.headline() for a in page.articles) == ["促服务抓转办", "河流水位今年上涨"]


def test_a_story_whose_lead_is_in_another_face_is_no_quote_of_one_that_says_the_same() -> None:
    said = prose(3, 14 * 5 - 2)
    first = [
        replace(x, font="KaiTi" if k < 2 else "SongTi")
        for k, x in enumerate(columns([said], 400, 400, 40))
    ]
    other = columns([prose(1, 14 * 8) + said], 400 + 14 * EM + 60, 400, 40)
    lines = [
        line("蒼山警方破獲非法集資案", 400, 290, 60),
        *first,
        line("河流水位今年上涨", 400 + 14 * EM + 60, 290, 60),
        *(replace(x, font="SongTi") for x in other),
    ]
    page = lay_out(page_of(lines))
    assert [b for b in page.blocks if b.role is Role.QUOTE] == []
    assert bodies(page)["蒼山警方破獲非法集資案"] == said


@pytest.mark.parametrize("text", ["○一场突如其来的大风", "◎市博物馆组织", "〇一九八一年以来全县"])
def test_text_begins_with_the_mark_of_an_item(text: str) -> None:
    assert is_item(text)


@pytest.mark.parametrize("text", ["〇三年全县", "○年全县", "○三年全县", "○二〇人", "〇三人"])
def test_the_rest_of_a_number_is_no_mark(text: str) -> None:
    assert not is_item(text)


@pytest.mark.parametrize(
    ("before", "parts"), [("已经全部修好完工。", 4), ("全县今年新修水库七", 1)]
)
def test_a_mark_before_a_numeral_begins_an_item_where_a_sentence_has_ended(
    before: str, parts: int
) -> None:
    rows = [before if k % 2 == 0 else "○八座水库动工兴建" for k in range(7)]
    lines = [line(text, 400, 480 + k * PITCH) for k, text in enumerate(rows)]
    chunk = Chunk(tuple(Item(x, x.box, across=False) for x in lines))
    assert len(part_items([chunk])) == parts


COLUMN = 400.0 + 14 * EM


def part(rows: list[Line], right: float = COLUMN, table: bool = False) -> Node:
    """A column of text from 400, or a table of as many rows."""
    grid = tuple((k,) for k in range(len(rows))) if table else ()
    chunk = Chunk(tuple(Item(x, x.box, across=False) for x in rows), rows=grid)
    return Node(chunk, chunk.box, chunk.box.x0, right, True, End.CLOSED, {}, False)


def headed(node: Node, x: float = 400, y: float = 300) -> Story:
    item = Item(line("东岭", x, y, 80), Box(x, y, x + 160, y + 80), False)
    return Story(Heading({Role.HEADLINE: (item,)}), [node])


def test_two_lines_under_a_picture_that_fills_their_column_read_on_from_the_text_over_it():
    """So few lines do not show where their column ends: the next one may seem to be theirs."""
    upper = part(columns([prose(1, 14 * 3 - 2)], 400, 480, 20))
    lower = part(columns([prose(11, 14 * 2 - 4)], 400, 1090, 20), 2 * COLUMN)
    picture = Picture("i01", Box(400, 660, COLUMN, 1070))
    story = headed(upper)
    story.pictures.append(0)
    (found,) = join_orphans([story, Story(None, [lower])], [picture], [])
    assert found.nodes == [upper, lower]


@pytest.mark.parametrize("between", ["nothing", "a rule", "another story"])
def test_text_alone_with_one_headed_story_in_a_field_is_that_storys(between: str) -> None:
    upper = part(columns([prose(1, 14 * 5)], 400, 480, 20))
    second = 400 + 14 * EM + 60
    bare = part(columns([prose(11, 14 * 9)], second, 300, 20), second + 14 * EM)
    rules = [Rule(Box(second - 32, 280, second - 28, 900))] if between == "a rule" else []
    stories = [headed(upper), Story(None, [bare])]
    if between == "another story":
        stories.append(headed(part(columns([prose(21, 14 * 3)], 400, 900, 20)), 400, 790))
        stories[0].nodes.append(part(columns([prose(31, 14 * 3)], 400, 1200, 20)))
    found = join_enclosed(stories, rules)
    assert len(found) == len(stories) - (between == "nothing")
    assert (bare in found[0].nodes) is (between == "nothing")


@pytest.mark.parametrize(("y", "inside"), [(830, True), (1100, False)])
def test_a_table_in_a_texts_column_is_likelier_the_texts(y: float, inside: bool) -> None:
    text = part(columns([prose(1, 14 * 5)], 400, 480, 20))
    aside = part(columns([prose(11, 14 * 5)], 400 + 2 * COLUMN, 480, 20), 400 + 2 * COLUMN + 560)
    table = part(columns(["名次队名" * 2] * 4, 440, y, 20), table=True)
    odds = seam_odds([text, aside, table], 0, load_model().words)
    assert bool(odds[2, 0] > odds[2, 1]) is inside


def test_a_headline_right_of_its_text_does_not_lose_it_to_the_column_over_it() -> None:
    step = 14 * EM + 60

    def column(k: int, y: float) -> Node:
        return part(columns([prose(k, 14 * 5 - 2)], 400 + step * k, y, 40), 960 + step * k)

    low = 400 + 8 * PITCH
    first, second, over = column(0, low), column(1, low), column(2, 400)
    title = headed(over, 400 + 2 * step + 3 * EM, low)
    title.nodes = []
    found = reunite([title, Story(None, [first, second, over])], [])
    assert [story.nodes for story in found] == [[first, second], [over]]
    assert found[0] is title


@pytest.mark.parametrize(("left", "right", "parts"), [(2, -2, 2), (2, 2, 2), (0, -3, 1), (3, 0, 1)])
def test_lines_that_neither_begin_nor_end_where_those_over_them_do_are_another_column(
    left: int, right: int, parts: int
) -> None:
    """Beside a picture only one edge moves."""
    over = [line(prose(k, 20), 400, 400 + PITCH * k) for k in range(6)]
    more = 20 + right - left
    under = [line(prose(k, more), 400 + left * EM, 400 + PITCH * k) for k in range(6, 12)]
    items = [Item(x, x.box, False) for x in (*over, *under)]
    assert len(make_chunks(items, [], [])) == parts


def test_of_two_texts_the_one_that_stops_in_mid_sentence_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the scores can hardly tell what it goes on from."""
    rows = [columns([prose(k, 60)], 400 + 700 * k, 400, 40) for k in range(3)]
    ended, going, after = (part(r, 960 + 700 * k) for k, r in enumerate(rows))
    going = replace(going, end=End.OPEN)
    none, all_ = -99.0, 0.0
    # Columns: after each node, and each by itself.
    scores = np.full((3, 6), none)
    scores[0, 3] = scores[1, 4] = all_
    scores[2, 0], scores[2, 1], scores[2, 5] = np.log(0.5), np.log(0.3), np.log(0.2)
    monkeypatch.setattr(learned, "scores", lambda *_: scores.copy())
    monkeypatch.setattr(links, "seam_odds", lambda *_: np.zeros((3, 6)))
    found = links.solve([ended, going, after], Scene([], [], [], []))
    assert [(x.before, x.after) for x in found if x.before is not None] == [(1, 2)]


def test_a_row_of_headlines_behind_their_texts_takes_each_the_text_before_it() -> None:
    texts = [part(columns([prose(10 * k, 14 * 8)], 400 + 900 * k, 400, 40)) for k in range(2)]
    heads = [headed(texts[k], 400 + 14 * EM + 40 + 900 * k, 400) for k in range(2)]
    first, last = heads
    first.nodes, last.nodes = [texts[1]], []
    found = passed_back([Story(None, [texts[0]]), first, last])
    assert [(s.heading, s.nodes) for s in found] == [
        (first.heading, [texts[0]]),
        (last.heading, [texts[1]]),
    ]


def test_a_headline_without_text_far_from_the_row_leaves_it_as_it_is() -> None:
    texts = [part(columns([prose(10 * k, 14 * 8)], 400 + 900 * k, 400, 40)) for k in range(2)]
    first = headed(texts[1], 400 + 14 * EM + 40, 400)
    last = headed(texts[1], 400 + 14 * EM + 940, 1400)
    first.nodes, last.nodes = [texts[1]], []
    found = passed_back([Story(None, [texts[0]]), first, last])
    assert [s.nodes for s in found] == [[texts[0]], [texts[1]], []]


@pytest.mark.parametrize(
    ("opening", "news"),
    [("本报讯（记者文斌）", True), ("新华社安远7月20日电", True), ("据悉", False)],
)
def test_news_with_its_agency_hardly_goes_on_another_text(opening: str, news: bool) -> None:
    over = part(columns([prose(11, 14 * 6)], 400, 400, 40))
    text = part(columns([opening + prose(21, 14 * 5)], 400, over.box.y1 + EM, 40))
    odds = seam_odds([over, text], 0, load_model().words)
    # Columns: after each node, and each by itself.
    assert bool(odds[1, 0] < odds[1, 3]) is news


@pytest.mark.parametrize(
    ("white", "picture", "parted"), [(0.5, False, False), (2.8, False, True), (2.8, True, False)]
)
def test_a_paragraph_under_white_hardly_goes_on_the_text_over_it(
    white: float, picture: bool, parted: bool
) -> None:
    over = part(columns([prose(11, 14 * 6 - 9)], 400, 400, 40))
    text = part(columns([prose(21, 14 * 5 - 9)], 400, over.box.y1 + white * EM, 40))
    shown = [Box(400, over.box.y1 + 4, COLUMN, text.box.y0 - 4)] if picture else []
    odds = seam_odds([over, text], 0, load_model().words, (), shown)
    assert bool(odds[1, 0] < odds[1, 3]) is parted


@pytest.mark.parametrize("pictures", [0, 1, 2])
def test_a_note_over_pictures_is_followed_by_the_news_under_them(pictures: int) -> None:
    """Two of them may share its column."""
    note = part(columns(["开栏的话：" + prose(1, 20)], 400, 400, 20))
    foot, low = note.box.y1, note.box.y1 + 600
    text = part(columns(["本报讯（记者文斌）" + prose(21, 14 * 5)], 400, low + 4 * EM, 40))
    wide = (COLUMN - 400) / max(pictures, 1)
    shown = [Box(400 + k * wide, foot + 20, 390 + (k + 1) * wide, low) for k in range(pictures)]
    odds = seam_odds([note, text], 0, load_model().words, (), shown)
    assert bool(odds[1, 0] > odds[1, 3]) is bool(pictures)
    # It begins no story by itself, whereas news may.
    assert odds[0, 2] < odds[1, 3] == 0


@pytest.mark.parametrize(("em", "headed"), [(54, True), (42, False)])
def test_a_bare_story_that_begins_with_a_standing_title_has_its_headline_under_it(
    em: float, headed: bool
) -> None:
    title, head = line("国内短波", 400, 400, 40), line("海原居民喝上放心水", 400, 460, em)
    text = columns([prose(1, 14 * 8)], 400, 560, 20)
    story = Story(None, [part([title]), replace(part([head]), head=True), part(text)])
    story.links = [links.Link(k, k - 1, None, 1.0) for k in range(3)]
    habit = type_habit([node.chunk for node in story.nodes], EM)
    promote([story], habit)
    found = story.heading and {
        role: "".join(i.text for i in items) for role, items in story.heading.parts.items()
    }
    wanted = {Role.LABEL: "国内短波", Role.HEADLINE: "海原居民喝上放心水"} if headed else None
    assert found == wanted
    assert len(story.nodes) == len(story.links) == (1 if headed else 3)


def test_a_link_is_surer_where_its_rival_goes_to_another_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By itself the second text would go on the first or the third alike."""
    rows = [columns([prose(k, 60)], 400 + 700 * k, 400, 40) for k in range(4)]
    nodes = [part(r, 960 + 700 * k) for k, r in enumerate(rows)]
    # Columns: after each node, and each by itself.
    chances = np.full((4, 8), 1e-9)
    chances[0, 4], chances[2, 6] = 1.0, 1.0
    chances[1, 0], chances[1, 2] = 0.5, 0.5
    chances[3, 0], chances[3, 7] = 0.98, 0.02
    monkeypatch.setattr(learned, "scores", lambda *_: np.log(chances))
    monkeypatch.setattr(links, "seam_odds", lambda *_: np.zeros((4, 8)))
    found = {x.after: x for x in links.solve(nodes, Scene([], [], [], []))}
    assert (found[1].before, found[3].before) == (2, 0)
    assert found[1].confidence > 0.8
    assert found[0].confidence > 0.99


def test_text_that_goes_on_on_another_page_does_not_go_on_in_the_next_column() -> None:
    text = part(columns([prose(1, 14 * 8 - 2)], 400, 400, 40))
    after = part(columns([prose(11, 14 * 8 - 2)], 400 + 1.2 * COLUMN, 400, 40), 2.2 * COLUMN)
    low = text.box.y1 + 14

    def odds(mark: str) -> float:
        """Of the second going on the first with `mark` under it; by itself it has none."""
        said = line(mark, 400 + 7 * EM, low)
        tail = ((Role.JUMP, Item(said, said.box, False)),)
        left = replace(text, chunk=replace(text.chunk, tail=tail))
        return float(seam_odds([left, after], 0, load_model().words)[1, 0])

    assert odds("（下转07版）") < odds("（上接01版）")


def test_text_behind_a_continuation_marker_is_the_story_of_the_headline_right_of_it() -> None:
    """The first story breaks off and goes on on page 7; the headline stands behind its own text."""
    step = 14 * EM + 60
    first, second = prose(1, 12 + 14 * 13)[:-1] + "的", prose(15, 14 * 17 * 3 - 2)
    text = columns([first], 400, 480, 40)
    x = 400 + step
    lines = [
        line("春耕生产现场会召开", 410, 330, 56),
        *text,
        line("（下转07版）", 400 + 7 * EM, text[-1].box.y1 + 14),
        *columns([second], x, 330, 17),
        line("储能设备", x + 3 * step, 350, 90),
        line("并网发电", x + 3 * step, 460, 90),
    ]
    assert bodies(lay_out(page_of(lines))) == {
        "春耕生产现场会召开": first,
        "储能设备并网发电": second,
    }


@pytest.mark.parametrize("bold", [True, False])
def test_a_pull_quote_is_one_whether_the_text_is_bold_or_not(bold: bool) -> None:
    said = "日子会越过越红火，大家心里都踏实了！"
    text = columns([prose(3, 14 * 6 - 2), said + prose(5, 14 * 14)], 400, 400, 40)
    at = 12
    low = text[at - 1].box.y1 + 50
    quote = [line(said[:8], 400, low, 60), line(said[8:], 400, low + 80, 60)]
    moved = [replace(x, box=x.box.moved(0, 290)) for x in text[at:]]
    plain = [line("河流水位今年上涨", 420, 290, 80), *text[:at], *quote, *moved]
    page = lay_out(page_of([replace(x, font="HeiTi", bold=bold) for x in plain]))
    assert [a.headline() for a in page.articles] == ["河流水位今年上涨"]
    assert ["".join(x.text for x in b.lines) for b in page.blocks if b.role is Role.QUOTE] == [said]


def test_text_that_is_signed_hardly_goes_on() -> None:
    text = part(columns([prose(1, 14 * 8 - 2)], 400, 400, 40))
    after = part(columns([prose(11, 14 * 8 - 2)], 400 + 1.2 * COLUMN, 400, 40), 2.2 * COLUMN)
    name = line("（程智安）", 400 + 8 * EM, text.box.y1 + 14)
    tail = ((Role.BYLINE, Item(name, name.box, False)),)
    signed = replace(text, chunk=replace(text.chunk, tail=tail))
    words = load_model().words
    plain, closed = (float(seam_odds([n, after], 0, words)[1, 0]) for n in (text, signed))
    assert closed < plain


@pytest.mark.parametrize(
    ("origin", "shift", "parted"),
    [
        (Origin.LAYER, 0.9, True),
        (Origin.LAYER, -0.9, True),
        (Origin.OCR, 0.9, False),
        (Origin.OCR, 1.3, True),
    ],
)
def test_columns_of_two_stories_close_over_each_other_are_told_by_both_their_edges(
    origin: Origin, shift: float, parted: bool
) -> None:
    """A text layer knows where its lines begin and end, ink roughly."""
    upper = columns([prose(1, 14 * 6 - 2)], 400, 400, 40)
    lower = columns([prose(12, 14 * 6 - 2)], 400 + shift * EM, 400 + 6 * PITCH, 40)
    items = [Item(x, x.box, False) for x in (replace(y, origin=origin) for y in (*upper, *lower))]
    found = [[i.text for i in chunk.items] for chunk in make_chunks(items, [], [])]
    texts = [x.text for x in upper], [x.text for x in lower]
    assert found == (list(texts) if parted else [[*texts[0], *texts[1]]])


@pytest.mark.parametrize("origin", [Origin.LAYER, Origin.OCR])
def test_the_end_of_a_paragraph_at_the_head_of_a_column_is_one_of_the_columns_lines(
    origin: Origin,
) -> None:
    """With the lines of another column over it, it does not look like a column by itself."""
    upper = columns([prose(1, 14 * 6 - 2)], 400, 400, 40)
    left, top = 400 + 1.3 * EM, 400 + 6 * PITCH
    lower = [
        line("仍在调试。", left, top),
        *columns([prose(12, 14 * 6 - 2)], left, top + PITCH, 40),
    ]
    items = [Item(x, x.box, False) for x in (replace(y, origin=origin) for y in (*upper, *lower))]
    found = [[i.text for i in chunk.items] for chunk in make_chunks(items, [], [])]
    assert found == [[x.text for x in upper], [x.text for x in lower]]
