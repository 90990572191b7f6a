"""Layout of old papers read from ink: stories poured through short tiers, titles, heads."""

from __future__ import annotations

from dataclasses import replace

import pytest
from typeset import EM, PITCH, WIDTH, columns, down, line, page_of, prose, tiers

from epaper.geometry import Box, hull
from epaper.layout import lay_out
from epaper.layout.chunks import Chunk
from epaper.layout.frame import sheet_of
from epaper.layout.frames import sound_frames, with_inset
from epaper.layout.headings import Heading, is_display
from epaper.layout.inset import inset_subheads, set_off_titles
from epaper.layout.nodes import End, Node, Scene
from epaper.layout.tiers import is_unsure, tier_gain
from epaper.layout.zones import find_head
from epaper.model import Frame, Line, Origin, Role, Rule, WritingMode

VERTICAL = WritingMode.VERTICAL
TIER = 8 * EM


def read(lines: list[Line]) -> list[Line]:
    return [replace(x, origin=Origin.OCR) for x in lines]


def chunk(lines: list[Line]) -> Chunk:
    return Chunk(tuple(sheet_of(page_of(lines), VERTICAL).items))


def tier(number: int, first: int, count: int, seed: int = 1) -> list[Line]:
    """`count` lines of a tier's text, from its line `first`."""
    text = prose(seed, 8 * count)
    return read(
        [
            down(text[8 * k : 8 * k + 8], 4000 - (first + k) * PITCH, 400 + number * (TIER + EM))
            for k in range(count)
        ]
    )


def node(lines: list[Line], roofs: dict[int, float] | None = None) -> Node:
    c = chunk(lines)
    return Node(c, c.box, c.box.x0, c.box.x1, False, End.OPEN, roofs or {}, False)


def scene(rules: list[Rule] | None = None, heads: list[Heading] | None = None) -> Scene:
    turned = sheet_of(page_of([], rules=rules), VERTICAL).rules
    return Scene(heads or [], [], turned, [])


def linked(nodes: list[Node], around: Scene) -> set[tuple[int, int]]:
    """Pairs (after, before) of nodes that habit links."""
    heads = len(around.headings)
    gain = tier_gain(nodes, around)[:, heads : heads + len(nodes)]
    return {(b, a) for b in range(len(nodes)) for a in range(len(nodes)) if gain[b, a] > 0}


def test_text_goes_on_in_its_tier_and_from_its_end_in_the_next():
    nodes = [node(tier(0, 0, 6)), node(tier(0, 6, 6)), node(tier(1, 0, 6))]
    assert linked(nodes, scene()) == {(1, 0), (2, 1)}


def test_a_rule_over_both_tiers_parts_them_and_one_in_a_tier_parts_its_texts():
    x = 4000 - 5.7 * PITCH + EM
    nodes = [node(tier(0, 0, 5)), node(tier(0, 6, 5)), node(tier(1, 0, 5))]
    both = Rule(Box(x - 2, 400, x + 2, 400 + 2 * TIER + EM))
    assert linked(nodes, scene([both])) == {(2, 0)}
    assert linked(nodes, scene()) == {(1, 0), (2, 1)}


def test_a_headline_over_two_tiers_has_both_whatever_rule_runs_on_between_them() -> None:
    """Tiers have a rule between them all along; another story stands behind it in the first."""
    head = chunk(read([down("香港感受威脅日機在太平建機", 4100, 400, 1.2 * EM)]))
    x, level = 4000 - 4.5 * PITCH, 400 + TIER + EM / 2
    rules = [Rule(Box(2800, level - 2, 4000, level + 2)), Rule(Box(x, 400, x + 4, level))]
    text = [node(tier(0, 0, 5), {0: 1.0}), node(tier(0, 6, 5)), node(tier(1, 0, 5), {0: 1.0})]
    around = scene(rules, [Heading({Role.HEADLINE: head.items})])
    assert linked(text, around) == {(2, 0)}


def test_dirt_between_two_texts_of_a_tier_does_not_part_them():
    speck = read([down("一", 4000 - 5.6 * PITCH, 400 + TIER / 2, EM)])
    nodes = [node(tier(0, 0, 5)), node(speck), node(tier(0, 6, 5))]
    assert (2, 0) in linked(nodes, scene())


def test_only_scans_whose_links_are_doubtful_are_read_by_habit():
    nodes = [node(tier(0, 0, 6))]
    assert is_unsure([0.5, 0.6, 0.9], nodes)
    assert is_unsure([0.9, 0.91, 0.3], nodes)
    assert not is_unsure([0.98, 0.99, 0.3], nodes)
    plain = node([replace(x, origin=Origin.LAYER) for x in tier(0, 0, 6)])
    assert not is_unsure([0.5], [plain])


def test_display_type_in_the_run_of_a_tier_is_a_subhead_unless_a_rule_stands_before_it():
    before, after = chunk(tier(0, 0, 5)), chunk(tier(0, 7, 5))
    x = 4000 - 6.1 * PITCH
    lines = read([down("地方銀行", x, 400 + EM, 1.5 * EM), down("增強抗戰", 5000, 400, 3 * EM)])
    items = list(sheet_of(page_of(lines), VERTICAL).items)
    found = inset_subheads(items, [before, after], [], EM)
    assert [i.text for i in found] == ["地方銀行"]
    kicker = chunk([down("張秘書在白沙縣調研時強調", x + 1.7 * EM, 400, 1.14 * EM)])
    assert not inset_subheads(items, [kicker, after], [], EM)
    # So it is in the text's own type, where a frame begins with it.
    kicker = chunk([down("張秘書在白沙縣調研時強調", x + 1.7 * EM, 400)])
    inside = replace(kicker, frame=0), replace(after, frame=0)
    assert inset_subheads(items, [kicker, after], [], EM)
    assert not inset_subheads(items, inside, [], EM)
    assert inset_subheads(items, [replace(before, frame=0), *inside], [], EM)
    right = x + 1.7 * EM
    rule = sheet_of(page_of([], rules=[Rule(Box(right, 400, right + 3, 400 + TIER))]), VERTICAL)
    assert not inset_subheads(items, [before, after], rule.rules, EM)


def test_a_title_in_the_type_of_the_text_is_set_off_from_the_head_of_the_tier():
    tall = [down(prose(3, 40), 4000 - k * PITCH, 400) for k in range(1, 6)]
    text = chunk(read(tall))
    title = chunk(read([down("本館條例", 4000, 400 + 4 * EM)]))
    assert set_off_titles([], [title, text], EM) == [title]
    sentence = chunk(read([down("照此辦理。", 4000, 400 + 4 * EM)]))
    assert not set_off_titles([], [sentence, text], EM)


def test_a_line_of_the_bodys_pitch_is_no_display_line_however_wide_its_ink():
    wide = replace(down("航行之沿海各", 4000, 400), size=1.45 * EM, origin=Origin.OCR)
    large = replace(down("各地銀行皆受", 4000, 400, 1.45 * EM), origin=Origin.OCR)
    two = replace(down("阻撓中國駐軍", 4000, 400, 1.2 * EM), size=1.65 * EM, origin=Origin.OCR)
    found = [is_display(i, EM) for i in sheet_of(page_of([wide, two, large]), VERTICAL).items]
    assert found == [False, False, True]


def test_a_headline_down_the_side_of_a_horizontal_page_is_display_type():
    side = replace(down("两国签署贸易协定", 400, 400, 1.5 * EM), origin=Origin.OCR)
    text = [line(prose(1, 12), 500, 400 + k * PITCH) for k in range(12)]
    sheet = sheet_of(page_of([side, *text]), WritingMode.HORIZONTAL)
    assert is_display(sheet.items[0], EM)


def test_adverts_beside_the_nameplate_are_no_part_of_the_head():
    plate = replace(line("晶报", 2000, 300, 330), origin=Origin.OCR)
    marks = [line("第三千八百號", 2000, 700), line("今日兩全張 售國幣四厘", 2000, 780)]
    advert = [line("國泰藝術照相館攝影精良", 700, 400 + 90 * k, 60) for k in range(4)]
    rule = Rule(Box(1700, 280, 1706, 800))
    lines = read([plate, *marks, *advert])
    page = page_of([*lines, *tier(1, 0, 20)], rules=[rule])
    size = Box(0, 0, WIDTH, page.height)
    head = find_head(page.lines, page.rules, [], size, EM)
    assert head.front
    assert not [x.text for x in head.lines if "照相" in x.text]
    assert "第三千八百號" in [x.text for x in head.lines]


def test_a_rule_read_along_a_part_of_an_advert_parts_all_of_it_from_the_head():
    plate = replace(line("晶报", 2000, 300, 330), origin=Origin.OCR)
    marks = [line("第三千八百號", 2000, 700), line("今日兩全張 售國幣四厘", 2000, 780)]
    title = line("The Crystal Shanghai", 1900, 650, 30)
    advert = [line("國泰藝術照相館攝影精良", 700, 320 + 80 * k, 60) for k in range(4)]
    lines = read([plate, title, *marks, *advert])
    page = page_of([*lines, *tier(1, 0, 20)], rules=[Rule(Box(1700, 620, 1706, 800))])
    head = find_head(page.lines, page.rules, [], Box(0, 0, WIDTH, page.height), EM)
    assert not [x.text for x in head.lines if "照相" in x.text]
    assert {"The Crystal Shanghai", "第三千八百號"} <= {x.text for x in head.lines}


def test_the_publisher_behind_a_rule_beside_the_nameplate_stays_in_the_head():
    plate = replace(line("晶报", 2000, 300, 330), origin=Origin.OCR)
    marks = [line("第三千八百號", 2000, 700), line("今日兩全張 售國幣四厘", 2000, 780)]
    ours = [line("中共晶城市委员会主管主办", 700, 400), line("晶城日报社编辑部", 700, 480)]
    lines = read([plate, *marks, *ours])
    page = page_of([*lines, *tier(1, 0, 20)], rules=[Rule(Box(1700, 380, 1706, 520))])
    head = find_head(page.lines, page.rules, [], Box(0, 0, WIDTH, page.height), EM)
    assert {x.text for x in ours} <= {x.text for x in head.lines}


def test_an_old_nameplate_over_text_read_across_has_its_head():
    plate = line("報日山天", 300, 260, 640)
    said = (
        ("一九三四年六月", 220, 38), ("14", 290, 110), ("星期四", 402, 38),
        ("甲戌年五月初三", 451, 38), ("總第六千七百七十一期", 501, 38),
    )  # fmt: skip
    marks = [line(text, 2580, y, em) for text, y, em in said]
    ours = [line("社長 賀傳志", 3471, 233), line("天山日報社出版", 3471, 280)]
    foot = [line("天山中山路六十四號", 2100, 850), line("每份售人民券八分", 2700, 850)]
    text = columns([prose(1, 400)], 400, 1200, 12)
    page = page_of(read([plate, *marks, *ours, *foot, *text]))
    head = find_head(page.lines, [], [], Box(0, 0, WIDTH, page.height), EM)
    assert {x.text for x in (plate, *marks, *ours)} <= {x.text for x in head.lines}
    assert not {x.text for x in text} & {x.text for x in head.lines}


def test_a_story_through_two_tiers_keeps_its_headline():
    head = replace(down("增強抗戰經濟力", 4160, 400, 2.5 * EM), origin=Origin.OCR)
    page = lay_out(page_of([head, *tier(0, 0, 12), *tier(1, 0, 12, seed=1)]))
    bodies = [b for a in page.articles for b in a.blocks if page.block(b).role is Role.BODY]
    assert len(page.articles) == 1
    assert sum(len(x.text) for b in bodies for x in page.block(b).lines) == 2 * 8 * 12


def test_rules_around_text_that_goes_on_from_without_are_no_box():
    text = tier(0, 0, 16)
    head = replace(down("增強抗戰經濟力", 4000 - 11 * PITCH, 400, 1.6 * EM), origin=Origin.OCR)
    edge = hull(x.box for x in [*text, head]).grown(EM)
    inside = [*text[:9], head, *text[12:]]
    bare = sheet_of(page_of(inside, frames=[Frame(edge)]), VERTICAL)
    assert not sound_frames(bare.frames, bare.items, EM)
    boxed = sheet_of(page_of([head, *text[13:]], frames=[Frame(edge)]), VERTICAL)
    assert len(sound_frames(boxed.frames, boxed.items, EM)) == 1


def test_a_headline_in_a_frame_set_into_a_tier_has_the_text_under_it():
    label = [line("猶太難民", 3720, 420, 1.4 * EM), line("八千在滬", 3720, 490, 1.4 * EM)]
    frame = Frame(hull(x.box for x in label).grown(10))
    short = [down(prose(k, 5), 3920 - PITCH * k, 590) for k in range(4)]
    full = [down(prose(9 + k, 9), 3690 - PITCH * k, 400) for k in range(8)]
    page = page_of(read([*label, *short, *full]), frames=[frame])
    sheet = sheet_of(page, VERTICAL)
    assert not sound_frames(sheet.frames, sheet.items, EM)
    assert [i.inset for i in with_inset(sheet.frames, sheet.items, EM)][:3] == [True, True, False]
    advert = sheet_of(page_of(read(label), frames=[frame]), VERTICAL)
    assert sound_frames(advert.frames, advert.items, EM)


@pytest.mark.parametrize("number", ["02 理论 ", ""])
def test_a_large_headline_set_down_an_inner_page_is_no_nameplate(number: str) -> None:
    """Its date stands in the head line, whose number may be read with it or not at all."""
    top = [
        line(f"{number}2025年11月14日", 200, 200, 42),
        line("星期五", 900, 200, 42),
        line("责任编辑：司马新民", 1100, 200, 42),
        line("天山晨报", 1600, 200, 42),
    ]
    head = down("老艺人和他的木版年画", 4100, 420, 160)
    text = tiers([prose(1, 600)], 4000, 420, 20)
    rule = Rule(Box(200, 270, 4400, 280))
    page = lay_out(page_of([*top, head, *text], [rule]))
    assert [a.headline() for a in page.articles] == ["老艺人和他的木版年画"]
    folio = [x.text for b in page.blocks if b.role is Role.FOLIO for x in b.lines]
    assert "天山晨报" in folio


def test_two_boxes_of_one_frame_with_a_rule_between_its_tiers_are_one_frame() -> None:
    """The second begins in the middle of the story whose headline is in the first."""
    head = down("增強抗戰經濟力", 4060, 440, 2 * EM)
    text = tiers([prose(1, 14 * 20 - 2)], 4040, 420, 10)
    lines = [head, *text]
    boxes = [
        Frame(Box(3460, 380, 4160, 1000), stroked=True),
        Frame(Box(3460, 1004, 4160, 1640), stroked=True),
    ]
    others = [down("水位上漲全市動員", 3300, 400, 80), *tiers([prose(11, 14 * 60)], 3280, 400, 30)]
    page = lay_out(page_of(read([*lines, *others]), frames=boxes))
    assert [f.box for f in page.frames] == [Box(3460, 380, 4160, 1640)]
    told = {a.headline(): "".join(p.text for p in a.paragraphs) for a in page.articles}
    assert told[head.text] == prose(1, 14 * 20 - 2)


def test_a_tint_under_text_that_begins_without_a_headline_is_no_frame() -> None:
    head = down("增強抗戰經濟力", 4060, 440, 2 * EM)
    text = tiers([prose(1, 14 * 20 - 2)], 4040, 420, 10)
    tint = Frame(Box(3460, 1004, 4160, 1640), stroked=False, fill=0xDDDDDD)
    page = lay_out(page_of(read([head, *text]), frames=[tint]))
    assert page.frames == ()
    (article,) = page.articles
    assert "".join(p.text for p in article.paragraphs) == prose(1, 14 * 20 - 2)


@pytest.mark.parametrize("dark", [True, False])
def test_a_banner_behind_a_headline_in_a_storys_frame_is_no_frame_of_its_own(dark: bool) -> None:
    edge, banner = Box(380, 300, 2000, 1700), Box(400, 320, 1980, 620)
    head = replace(line("春耕生产现场会召开", 600, 420, 120), origin=Origin.OCR, reversed=dark)
    text = [replace(x, origin=Origin.OCR) for x in columns([prose(1, 400)], 420, 660, 18)]
    frames = [Frame(edge), Frame(banner, stroked=False, fill=0x3A3A3A)]
    sheet = sheet_of(page_of([head, *text], frames=frames), WritingMode.HORIZONTAL)
    assert sound_frames(sheet.frames, sheet.items, EM) == ([(0,)] if dark else [(0,), (1,)])


def test_strokes_along_the_edge_of_a_tint_are_no_frame_in_it() -> None:
    tint = Box(400, 320, 1980, 1620)
    head = replace(line("春耕生产现场会召开", 600, 420, 120), origin=Origin.OCR)
    text = [replace(x, origin=Origin.OCR) for x in columns([prose(1, 400)], 460, 660, 16)]
    frames = [Frame(tint, stroked=False, fill=0xE0E0E0), Frame(tint.grown(-15))]
    sheet = sheet_of(page_of([head, *text], frames=frames), WritingMode.HORIZONTAL)
    assert sound_frames(sheet.frames, sheet.items, EM) == [(0,)]
