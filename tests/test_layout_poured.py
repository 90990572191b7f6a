"""Layout of old papers of many ruled tiers: what parts stories there, and what does not."""

from __future__ import annotations

from dataclasses import replace

from test_layout_tiers import TIER, chunk, linked, node, read, scene, tier
from typeset import EM, PITCH, WIDTH, down, line, page_of, prose

from epaper.geometry import Box, hull
from epaper.layout import lay_out
from epaper.layout.companions import adopt_labels
from epaper.layout.drawings import labelled, names_in, rules_beside, whole_drawings
from epaper.layout.frame import sheet_of
from epaper.layout.frames import sound_frames
from epaper.layout.headings import make_headings
from epaper.layout.inset import inset_subheads
from epaper.layout.links import solve
from epaper.layout.tiers import is_scrap, tier_gain
from epaper.layout.unread import without_unread
from epaper.layout.zones import find_head
from epaper.model import Frame, Line, Picture, Role, Rule, WritingMode

VERTICAL = WritingMode.VERTICAL
TOP = 400.0
SECOND = TOP + TIER + EM


def rule_after(k: float, top: float, bottom: float, thick: float = 4) -> Rule:
    """An upright rule to the left of line `k` of a tier."""
    x = 4000 - k * PITCH - (PITCH - EM) / 2
    return Rule(Box(x - thick / 2, top, x + thick / 2, bottom))


def headings_of(lines: list[Line], rules: list[Rule] | None = None):
    sheet = sheet_of(page_of(read(lines), rules=rules), VERTICAL)
    return make_headings(sheet.items, sheet.rules, [], VERTICAL)


def test_a_column_that_was_not_read_is_no_rule():
    text = tier(0, 0, 9)
    gone = text.pop(4)
    ink = Rule(gone.box.grown(-2, 6), "dotted")
    thin = Rule(Box(gone.box.cx - 5, TOP, gone.box.cx + 5, TOP + TIER))
    sheet = sheet_of(page_of(text, rules=[ink, thin]), VERTICAL)
    assert without_unread(sheet.rules, sheet.items, EM) == sheet.rules[1:]
    # Nor is what stands at the end of a tier, with text on one side only, a column.
    apart = sheet_of(page_of(text[:4], rules=[ink]), VERTICAL)
    assert without_unread(apart.rules, apart.items, EM) == apart.rules


def test_boxes_of_uneven_lines_that_reach_into_each_other_are_one_run():
    before = node([replace(x, box=x.box.grown(0.6 * EM, 0)) for x in tier(0, 0, 4)])
    slanted = node([replace(x, box=x.box.grown(0.6 * EM, 0)) for x in tier(0, 4, 2)])
    assert before.box.y1 - slanted.box.y0 > 0.8 * EM
    assert linked([before, slanted], scene()) == {(1, 0)}
    # One story's second column is not under its first where both stand level.
    assert linked([before, node(tier(0, 0, 4))], scene()) == set()


def test_what_is_left_of_a_worn_rule_parts_a_tier_and_one_beside_a_heading_does_not():
    nodes = [node(tier(0, 0, 5)), node(tier(0, 6, 5))]
    worn = rule_after(4.5, TOP, TOP + 0.45 * TIER)
    assert (1, 0) not in linked(nodes, scene([worn]))
    from_above = rule_after(4.5, TOP - TIER, TOP + 0.3 * TIER)
    assert (1, 0) not in linked(nodes, scene([from_above]))
    deck = node(read([down("每日操練", 4000 - 4 * PITCH, TOP + EM)]))
    beside = rule_after(4.5, TOP, TOP + 0.55 * TIER)
    assert (1, 0) in linked([deck, nodes[1]], scene([beside]))


def test_a_rule_goes_on_in_what_of_it_was_read_as_letters():
    nodes = [node(tier(0, 0, 5)), node(tier(0, 6, 5))]
    end = TOP + 0.2 * TIER
    short = rule_after(4.5, TOP - TIER, end)
    assert (1, 0) in linked(nodes, scene([short]))
    ink = Box(short.box.x0, end + 4, short.box.x1, end + 0.2 * TIER)
    wave = node(read([replace(down("S", 0, 0), box=ink)]))
    assert (1, 0) not in linked([*nodes, wave], scene([short]))


def test_text_set_around_a_title_is_read_after_it():
    title = node(read([down("恩德輪", 4000 - 6 * PITCH, TOP + EM)]))
    text = tier(0, 6, 5)
    text[0] = replace(text[0], box=Box(text[0].box.x0, TOP + 5 * EM, text[0].box.x1, TOP + TIER))
    nodes = [node(tier(0, 0, 5)), title, node(text)]
    assert linked(nodes, scene()) == {(1, 0), (2, 1)}


def test_an_ornament_and_a_letter_are_scraps_that_no_text_goes_on_from():
    assert is_scrap(node(read([down("（十十十十十", 0, 0)])))
    assert not is_scrap(node(read([down("十月十日國慶", 0, 0)])))
    nodes = [node(tier(0, 0, 5)), node(tier(0, 6, 5))]
    dirt = Box(4000 - 2 * PITCH, TOP + EM, 4000 - 2 * PITCH + 9, TOP + 1.3 * EM)
    nodes.append(node(read([replace(down("P", 0, 0), box=dirt)])))
    before = {link.after: link.before for link in solve(nodes, scene())}
    assert before[2] == 0 and before[1] in (0, 2)


def test_text_is_poured_back_to_the_beginning_of_a_tier_never_onward():
    nodes = [node(tier(0, 0, 5)), node(tier(1, 6, 5))]
    assert linked(nodes, scene()) == set()


def between_tiers(first: float, last: float) -> Rule:
    """A rule between the first two tiers, over their lines from `first` to `last`."""
    y = TOP + TIER + EM / 2
    return Rule(Box(4000 - last * PITCH, y - 2, 4040 - first * PITCH, y + 2))


def test_text_is_poured_from_what_has_not_ended_and_is_no_wider_than_two_tiers():
    first, last = tier(0, 0, 5), tier(0, 12, 5, seed=3)
    after, ruled = node(tier(1, 0, 5)), scene([between_tiers(0, 9)])
    assert linked([node(first), node(last), after], ruled) == {(2, 1)}
    said = replace(last[-1], text="重視云、")
    assert linked([node(first), node([*last[:-1], said]), after], ruled) == {(2, 0)}
    tall = [down(prose(3, 28), 4000 - k * PITCH, TOP - 20 * EM) for k in range(12, 17)]
    assert linked([node(first), node(read(tall)), after], ruled) == {(2, 0)}


def test_text_right_beside_the_next_tier_goes_on_there_where_no_rule_parts_the_tiers():
    nodes = [node(tier(0, 0, 5)), node(tier(0, 12, 5, seed=3)), node(tier(1, 0, 5))]
    assert linked(nodes, scene([between_tiers(12, 17)])) == {(2, 0)}
    assert linked(nodes, scene([between_tiers(0, 9)])) == {(2, 1)}


def test_a_headline_set_across_within_a_tier_begins_its_story_there():
    before = node(tier(0, 0, 5))
    title = read([line("一元還債運動", 4000 - 9 * PITCH, TOP, 1.3 * EM)])
    under = read([down(prose(7, 6), 4000 - k * PITCH, TOP + 2 * EM) for k in range(6, 11)])
    full = read([down(prose(9, 8), 4000 - 5 * PITCH, TOP)])
    nodes = [before, node([*full, *under])]
    heads = headings_of(title)
    assert heads[0].across
    gain = tier_gain(nodes, scene(heads=heads))
    assert gain[1, 0] > 0 and gain[1, 1] <= 0


def test_a_headline_set_across_far_into_a_box_does_not_begin_it():
    text = tier(0, 0, 16)
    below = Box(0, TOP + 3 * EM, 5000, 5000)
    head = line("戰血南晋", 4000 - 12 * PITCH, TOP + EM, 1.6 * EM)
    after = [replace(x, box=x.box.clipped(below)) for x in text[9:]]
    lines = read([*text[:9], head, *after])
    edge = hull(x.box for x in lines).grown(EM)
    sheet = sheet_of(page_of(lines, frames=[Frame(edge)]), VERTICAL)
    assert not sound_frames(sheet.frames, sheet.items, EM)


def test_the_date_in_a_frame_beside_the_words_of_the_masthead_is_the_pages():
    plate = read([line("晶报", 2000, 300, 330)])
    words = [line("今日兩全張 售國幣四厘", 2000, 780), line("第三千八百號", 2000, 700)]
    advert = [line("國泰藝術照相館攝影精良", 3400, 320 + 80 * k, 60) for k in range(4)]
    (date,) = read([line("日六廿月四年捌拾貳國民華中", 3400, 780)])
    lines = [*plate, *read([*words, *advert]), date]
    rules = [Rule(Box(3300, 300, 3306, 640)), Rule(Box(3360, 760, 3366, 840))]
    page = page_of([*lines, *tier(2, 0, 20)], rules=rules)
    head = find_head(page.lines, page.rules, [], Box(0, 0, WIDTH, page.height), EM)
    assert date in head.lines
    assert not [x.text for x in head.lines if "照相" in x.text]


def test_rules_along_both_sides_of_a_row_of_a_headline_are_its_ornament():
    rows = [down("浙東形勢緊張", 4000, 400, 100), down("炮聲隆隆", 3900, 560, 60)]
    sides = [Rule(Box(x, 560, x + 3, 800)) for x in (3970, 3888)]
    assert len(headings_of(rows, sides)) == 1
    assert len(headings_of(rows, sides[:1])) == 2


def test_a_name_at_the_end_of_a_title_signs_it():
    title, name = down("妹妹我愛你", 4000, 400, 80), down("卓呆", 4020, 850, 40)
    (heading,) = headings_of([title, name])
    assert [i.text for i in heading.parts[Role.BYLINE]] == ["卓呆"]
    assert [i.text for i in heading.parts[Role.HEADLINE]] == ["妹妹我愛你"]
    assert len(headings_of([title, replace(name, text="第二回上")])) == 1
    assert len(headings_of([title, down("後方通訊處", 4020, 850, 40)])) == 2


def test_display_type_before_dated_news_is_a_headline_and_no_subhead():
    texts = [chunk(tier(0, 0, 5)), chunk(tier(0, 7, 5))]
    x = 4000 - 6.1 * PITCH
    lines = read([down("國府命令", x, TOP + EM, 1.5 * EM), down("增強抗戰", 5000, 400, 3 * EM)])
    items = list(sheet_of(page_of(lines), VERTICAL).items)
    assert inset_subheads(items, texts, [], EM)
    dated = tier(0, 7, 5)
    dated[0] = replace(dated[0], text="（重慶廿五日電")
    assert not inset_subheads(items, [texts[0], chunk(dated)], [], EM)


def test_a_lid_over_a_headline_may_have_its_kicker_beside_it():
    lid = line("晉南血戰", 3960, 400, EM)
    rows = [down("日屍盈野", 3990, 520, 2 * EM), down("華軍陣地未動", 4080, 404, 1.1 * EM)]
    headings = adopt_labels(headings_of([lid, *rows]), [], EM)
    assert [[i.text for i in h.parts.get(Role.LABEL, ())] for h in headings] == [["晉南血戰"]]


def test_a_label_in_another_tier_announces_no_headline():
    head = down("發揮華僑抗戰力量", 4000, 400, 2 * EM)
    near = replace(down("副刊", 4010, 1100, 1.3 * EM), reversed=True)
    far = replace(near, box=Box(4010, 2200, 4062, 2300))
    for tag, count in ((near, 1), (far, 2)):
        assert len(adopt_labels(headings_of([head, tag]), [], EM)) == count


def map_parts() -> tuple[list[Picture], list[Rule], list[Line]]:
    hatched = [Picture("i01", Box(600, 600, 1100, 800)), Picture("i02", Box(800, 880, 1000, 1200))]
    coasts = [Rule(Box(620, 810 + 40 * k, 780, 814 + 40 * k)) for k in range(7)]
    frame = [Rule(Box(590, 1215, 1110, 1220)), Rule(Box(400, 1230, 3000, 1236))]
    names = read([line("波蘭", 1010, 830, 36), down("班牙", 640, 1000, 30)])
    return hatched, [*coasts, *frame], names


def test_a_map_found_in_pieces_is_one_picture_with_the_names_in_it():
    hatched, rules, names = map_parts()
    text = read([down(prose(1, 8), 560 - k * PITCH, 600) for k in range(4)])
    (whole,) = whole_drawings(hatched, rules, [*names, *text], EM)
    assert whole.id == "i01" and whole.box.x1 == 1110 and whole.box.y1 == 1220
    assert names_in([whole], [*names, *text]) == names
    assert rules_beside([whole], rules) == (rules[-1],)


def test_pictures_with_text_between_them_stay_two():
    hatched, rules, names = map_parts()
    told = read([line("金字塔香煙最好", 620, 830, 36)])
    assert whole_drawings(hatched, rules, [*names, *told], EM) == tuple(hatched)
    assert whole_drawings(hatched, rules[:3], names, EM) == tuple(hatched)


def test_a_single_line_as_long_as_several_tiers_is_not_read_on_in_one():
    long = node(read([down(prose(1, 24), 4000, TOP)]))
    nodes = [long, node(tier(0, 1, 4))]
    assert linked(nodes, scene()) == set()


def test_a_map_seen_whole_is_told_by_the_names_in_it():
    whole = Picture("i01", Box(600, 600, 1100, 1200))
    spots = [(640, 700), (900, 760), (700, 900), (950, 1100)]
    names = read([line("波蘭", x, y, 30) for x, y in spots])
    assert labelled([whole], names) == [whole]
    assert not labelled([whole], names[1:])
    row = read([line("摄影", 610 + 100 * k, 1150, 30) for k in range(5)])
    assert not labelled([whole], row)
    assert not labelled([whole], [*names, *read([line("金字塔香煙最好", 620, 830, 36)])])
    text = tier(0, 0, 12)
    page = lay_out(page_of([*names, *text], pictures=[whole]))
    told = {b for a in page.articles for b in a.blocks}
    assert not [x for b in told for x in page.block(b).lines if x.text == "波蘭"]


def test_dirt_far_from_a_text_does_not_stand_between_it_and_its_headline():
    head = headings_of([down("增強抗戰經濟力", 4060, TOP, 2 * EM)])
    far = node(read([down("捷", 4000 - 9 * PITCH, TOP + 2 * EM)]))
    links = solve([node(tier(0, 0, 6), {0: 1.0}), far], scene(heads=head))
    # Nor does it make a story by itself.
    assert [(link.after, link.heading) for link in links] == [(0, 0)]


def test_text_set_around_another_story_begins_under_its_headline_all_the_same():
    head = headings_of([down("各業均受影響", 4060, TOP, 2 * EM)])
    short = read([down(prose(k, 5), 4000 - k * PITCH, TOP - EM) for k in range(6)])
    assert head[0].main.height > 0
    gain = tier_gain([node(short)], scene(heads=head))
    assert gain[0, 0] > 0


def test_two_pieces_of_a_map_with_names_all_over_are_one_whatever_rules_were_found() -> None:
    """Where it is seen nearly whole its strokes are part of the pieces."""
    upper = Picture("i01", Box(600, 1200, 1060, 1390))
    lower = Picture("i02", Box(600, 1398, 1130, 1770))
    at = [(1000, 1360), (620, 1484), (760, 1700), (960, 1540)]
    names = read([line("波蘭", x, y) for x, y in at])
    (whole,) = whole_drawings([upper, lower], [], names, EM)
    assert whole.box == upper.box.union(lower.box)
    told = read([line("圖為市內河碼頭建設現場", 620, 1480)])
    assert whole_drawings([upper, lower], [], [*names, *told], EM) == (upper, lower)
