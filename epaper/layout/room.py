"""The layout room: lines and graphics in, blocks with roles and articles out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from epaper.collector import uncollected
from epaper.geometry import Box, hull
from epaper.layout.abreast import part_captions
from epaper.layout.announced import join_announcements, join_tags
from epaper.layout.briefs import part_items
from epaper.layout.capped import capped
from epaper.layout.captions import CaptionLink, find_captions, type_habit
from epaper.layout.chunks import Chunk, make_chunks
from epaper.layout.companions import adopt_chunks, adopt_labels, adopt_tags
from epaper.layout.crossing import adopt_crossing, small_titles
from epaper.layout.cues import is_byline, leads_in
from epaper.layout.drawings import labelled, names_in, rules_beside, whole_drawings
from epaper.layout.entries import part_entries
from epaper.layout.figures import Figure, find_figures
from epaper.layout.frame import Item, Sheet, dominant_mode, sheet_of
from epaper.layout.frames import put_together, sound_frames, with_inset
from epaper.layout.grid import column_edges, mark_flush
from epaper.layout.gutters import cut_at_gutters
from epaper.layout.headings import Heading, is_display, make_headings
from epaper.layout.headrows import with_last_rows
from epaper.layout.inset import inset_subheads, set_off_titles
from epaper.layout.learned import load_model
from epaper.layout.leftward import turn_leftward
from epaper.layout.legends import Surroundings, TypeHabit
from epaper.layout.links import solve
from epaper.layout.margins import slogans
from epaper.layout.nodes import Scene, make_nodes, territories
from epaper.layout.orphans import join_enclosed, join_orphans
from epaper.layout.output import Writer
from epaper.layout.overrun import without_overrun
from epaper.layout.parted import part_headlines
from epaper.layout.places import Ground
from epaper.layout.placing import place_pictures
from epaper.layout.quotes import find_quotes
from epaper.layout.rejoined import join_pieces
from epaper.layout.reunited import passed_back, read_on, reunite
from epaper.layout.scraps import without_scraps
from epaper.layout.sizes import body_size
from epaper.layout.specks import without_specks
from epaper.layout.story import Story, collect, merge_adverts, place_quotes, promote
from epaper.layout.strays import join_strays
from epaper.layout.subheads import part_subheads, without_torn
from epaper.layout.tables import find_tables, table_chunks, without_own
from epaper.layout.tables import lines_of as table_lines
from epaper.layout.tails import trim_tails
from epaper.layout.teasers import teaser_titles
from epaper.layout.textrows import walls_of
from epaper.layout.titles import (
    in_headline_type,
    like_subheads,
    over_bylines,
    take_display,
    without_text,
)
from epaper.layout.transposed import rows_at_pictures
from epaper.layout.unread import without_unread
from epaper.layout.verse import mark_verses
from epaper.layout.wordings import with_ends_apart
from epaper.layout.wrongway import put_right
from epaper.layout.zones import Head, find_head
from epaper.model import Line, Page, Picture, WritingMode

# Type up to this multiple of the body em may be that of subheads.
_SUBHEAD = 1.6
# Chance of a subhead that only its likeness to others tells, and of one alike to those inside text.
_ALIKE, _SURELY = 0.7, 0.97


@dataclass(frozen=True, slots=True)
class Plan:
    """What one pass over a sheet found, in its reading frame."""

    sheet: Sheet
    stories: list[Story]
    used: frozenset[int]


@uncollected()
def lay_out(page: Page) -> Page:
    """Fill `blocks`, `articles`, `mode` and `coverage` of a page from its lines.

    The page is laid out in its dominant writing mode; lines of the other mode that no
    story took (an advert, a box set the other way) are laid out in a second pass.
    """
    mode = dominant_mode(page.lines)
    page = replace(page, lines=without_specks(page.lines))
    if mode is WritingMode.VERTICAL:
        table = load_model().words
        page = replace(page, lines=turn_leftward(page.lines, table))
        page = replace(page, lines=rows_at_pictures(page.lines, page.pictures, table))
    page = replace(page, lines=put_right(page.lines, mode))
    walls = walls_of(page)
    cut = cut_at_gutters(page.lines, walls)
    page = replace(page, lines=join_pieces(join_strays(cut, mode), walls, page.lines))
    page = replace(page, lines=part_headlines(page, mode))
    page = replace(page, lines=part_captions(page.lines, page.pictures))
    page = replace(page, lines=part_entries(page.lines, page.rules))
    whole = sheet_of(page, mode)
    body = body_size([i for i in whole.items if not i.across] or whole.items)
    page = replace(page, pictures=without_overrun(page.pictures, page.lines, body))
    page, names = _with_drawings(_without_unread(page, whole, body), mode, body)
    whole = sheet_of(page, mode)
    kept = sound_frames(whole.frames, whole.items, body)
    page = replace(page, frames=put_together(page.frames, kept))
    items = with_inset(whole.frames, whole.items, body)
    sheet = replace(whole, items=items, frames=put_together(whole.frames, kept))
    size = Box(0.0, 0.0, float(page.width), float(page.height))
    head = find_head(page.lines, page.rules, page.frames, size, body)
    aside = {id(line) for line in (*slogans(page.lines, mode), *names)}
    sheet = replace(sheet, items=tuple(i for i in sheet.items if id(i.line) not in aside))
    writer = Writer(replace(page, mode=mode), head)
    said = replace(page, lines=tuple(x for x in page.lines if id(x) not in aside))
    words = _turned_captions(said, mode, head, body)
    first = _plan(sheet, head, body, frozenset(), words)
    writer.add(first.sheet, without_scraps(first.stories))
    taken = first.used | aside
    known = taken | {id(line) for line in head.lines}
    if any(id(i.line) not in known for i in sheet.items):
        other = WritingMode.VERTICAL if mode is WritingMode.HORIZONTAL else WritingMode.HORIZONTAL
        shown = {p for s in first.stories for p in s.pictures}
        free = sheet_of(page, other)
        pictures = tuple(p for k, p in enumerate(free.pictures) if k not in shown)
        second = _plan(replace(free, pictures=pictures), head, body, taken, [])
        writer.add(second.sheet, without_scraps(second.stories))
    return writer.finish()


def _without_unread(page: Page, whole: Sheet, body: float) -> Page:
    """The page without the rules that are columns of text."""
    sound = without_unread(whole.rules, whole.items, body)
    rules = [r for r, t in zip(page.rules, whole.rules, strict=True) if t in sound]
    return replace(page, rules=tuple(rules))


def _with_drawings(page: Page, mode: WritingMode, body: float) -> tuple[Page, list[Line]]:
    """The page with the pieces of each drawing made one picture, and the names in them."""
    pictures = whole_drawings(page.pictures, page.rules, page.lines, body)
    drawings = [p for p in pictures if p not in page.pictures]
    rules = rules_beside(drawings, page.rules)
    if mode is WritingMode.VERTICAL:
        drawings += labelled(pictures, page.lines)
    return replace(page, pictures=pictures, rules=rules), names_in(drawings, page.lines)


# A caption's chunks as lines, with its link; the link's own indices mean nothing.
Turned = tuple[tuple[tuple[Line, ...], ...], CaptionLink]


def _turned_captions(page: Page, mode: WritingMode, head: Head, body: float) -> list[Turned]:
    """Captions set in the other mode than the page, as under pictures of vertical pages."""
    other = WritingMode.VERTICAL if mode is WritingMode.HORIZONTAL else WritingMode.HORIZONTAL
    sheet = sheet_of(page, other)
    skip = {id(line) for line in head.lines}
    items = [
        i
        for i in sheet.items
        if not i.across and id(i.line) not in skip and not is_display(i, body)
    ]
    if not items or not sheet.pictures:
        return []
    chunks = with_ends_apart(make_chunks(items, sheet.rules, sheet.frames))
    heads = [i.box for i in sheet.items if is_display(i, body)]
    figures = find_figures(sheet.pictures, [i.box for i in items], sheet.frames, body)
    around = Surroundings(heads, sheet.rules, mode, other)
    links = find_captions(chunks, figures, type_habit(chunks, body), around)
    return [
        (tuple(tuple(i.line for i in chunks[k].items) for k in link.chunks), link) for link in links
    ]


def _plan(
    sheet: Sheet,
    head: Head,
    body: float,
    taken: frozenset[int],
    words: Sequence[Turned],
) -> Plan:
    """Lay out the lines of one sheet that are neither in the head nor taken.

    `words` are captions already known.
    """
    skip = {id(line) for line in head.lines} | taken
    skip |= {id(line) for parts, _ in words for lines in parts for line in lines}
    items = [i for i in sheet.items if id(i.line) not in skip]
    chunks, display, habit = _sorted_out(sheet, items, body)
    quotes = find_quotes(chunks, display, habit, sheet.rules, sheet.frames)
    quoted = {id(i) for q in quotes for i in q.chunk.items}
    display = [i for i in display if id(i) not in quoted]
    chunks = [c for c in chunks if id(c.items[0]) not in quoted]
    signs = [c.box for c in chunks if len(c.items) == 1 and is_byline(c.text)]
    columns = signs + [c.box for c in chunks if len(c.items) >= 3]
    begun = signs + [c.box for c in chunks if c.indented or leads_in(c.text)]
    headings = make_headings(display, sheet.rules, sheet.frames, sheet.mode, columns, begun)
    headings = adopt_labels(headings, sheet.frames, body)
    under = capped(headings, chunks, sheet.rules, body)
    headings = [h for h in headings if not any(h is u for u in under)]
    named = [c for u in under for i in u.items for c in _chunks_of(i, sheet)]
    chunks += [replace(c, subhead=_ALIKE) for c in named]
    adopt_crossing(headings, items)
    figures = find_figures(sheet.pictures, [i.box for i in items], sheet.frames, body)
    around = Surroundings([h.main for h in headings], sheet.rules, sheet.mode, sheet.mode)
    captions = find_captions(chunks, figures, habit, around)
    captions += _turned_back(words, sheet, chunks, figures)
    worded = {k for c in captions for k in c.chunks}
    body_chunks = trim_tails([c for k, c in enumerate(chunks) if k not in worded], sheet.rules)
    caption_boxes = [chunks[k].box for k in worded]
    body_chunks = adopt_tags(headings, body_chunks, sheet.frames)
    spans = _spans(sheet, headings, columns, items)
    body_chunks = adopt_chunks(headings, spans, body_chunks, habit)
    mark_flush(headings, body_chunks, body)
    scene = _scene(sheet, headings, body_chunks, caption_boxes, items)
    # The eye passes over a pull-quote as over a picture.
    stands = tuple(Picture("", q.chunk.box) for q in quotes)
    scene = replace(scene, pictures=(*scene.pictures, *stands))
    nodes = make_nodes(
        body_chunks, column_edges(body_chunks), scene, _obstacles(headings, body_chunks), habit
    )
    links = solve(nodes, scene)
    stories = passed_back(collect(nodes, links, headings))
    stories = read_on(reunite(stories, sheet.rules), headings)
    stories = join_announcements(stories)
    promote(stories, habit)
    stories = join_tags(stories, sheet.frames)
    place_quotes(stories, quotes)
    stories = _drop_foreign(stories, {c.figure.frame for c in captions})
    place_pictures(stories, figures, captions, chunks, Ground(sheet.rules, body, sheet.mode))
    stories = [s for s in stories if s.heading or s.nodes or s.captions]
    stories = join_orphans(stories, sheet.pictures, sheet.rules)
    stories = join_enclosed(stories, sheet.rules)
    stories = merge_adverts(stories)
    return Plan(sheet, stories, frozenset(id(line) for s in stories for line in s.lines))


def _sorted_out(
    sheet: Sheet, items: Sequence[Item], body: float
) -> tuple[list[Chunk], list[Item], TypeHabit]:
    """Running text and tables as chunks, subheads among them; display lines; the page's type."""
    large_type = with_last_rows([i for i in items if is_display(i, body)], items)
    large_type += small_titles(items, sheet.pictures, body)
    display = without_text(large_type, sheet.rules, sheet.frames)
    shown = {id(i) for i in display}
    plain = [i for i in items if not i.across and id(i) not in shown]
    small = [i for i in display if not i.across and i.size < _SUBHEAD * body]
    tables = find_tables(plain, sheet.rules, sheet.frames, [i.box for i in display], small)
    tabled = {id(item) for item in table_lines(tables)}
    display = [i for i in display if id(i) not in tabled]
    titles = teaser_titles([i for i in plain if id(i) not in tabled])
    tabled |= {id(i) for i in titles}
    chunks = make_chunks([i for i in plain if id(i) not in tabled], sheet.rules, sheet.frames)
    chunks = part_items(chunks) + table_chunks(tables, sheet.frames, items)
    habit = type_habit(chunks, body)
    large = [i.box for i in display]
    larger = [p.box for p in sheet.pictures] + large
    chunks = mark_verses(chunks, larger, _walls(sheet))
    small = [i for i in small if id(i) not in tabled]
    chunks = part_subheads(chunks + make_chunks(small, sheet.rules, sheet.frames), habit, large)
    shown = {id(i) for i in display}
    chunks = without_torn(chunks, display, habit)
    chunks, briefs = over_bylines(chunks, habit, larger)
    display += [i for i in briefs if id(i) not in shown]
    shown |= {id(i) for i in briefs}
    named = [c for c in chunks if c.subhead]
    texts = [c for c in chunks if not c.subhead and id(c.items[0]) not in shown]
    large_ones = [c for c in chunks if not c.subhead and id(c.items[0]) in shown]
    alike = like_subheads(large_ones, named, texts)
    named += [replace(c, subhead=_SURELY) for c in alike]
    chunks = [c for c in chunks if not any(c is a for a in alike)]
    shown -= {id(i) for c in named for i in c.items}
    plain_chunks = [c for c in chunks if not c.subhead and id(c.items[0]) not in shown]
    inset = inset_subheads(
        [i for i in display if id(i) in shown], plain_chunks, sheet.rules, habit.size
    )
    named += [replace(c, subhead=_ALIKE) for i in inset for c in _chunks_of(i, sheet)]
    shown -= {id(i) for i in inset}
    plain_chunks, more = take_display(plain_chunks, habit, named, sheet.rules, larger)
    set_off = set_off_titles([i for i in display if id(i) in shown], plain_chunks, habit.size)
    plain_chunks = [c for c in plain_chunks if not any(c is t for t in set_off)]
    more += [c.items[0] for c in set_off]
    display = [i for i in display if id(i) in shown]
    titled = in_headline_type(named, display + more, habit)
    named = [c for c in named if not any(c is t for t in titled)]
    more += [i for c in titled for i in c.items]
    return with_ends_apart(plain_chunks) + named, display + more + titles, habit


def _chunks_of(item: Item, sheet: Sheet) -> list[Chunk]:
    return make_chunks([item], sheet.rules, sheet.frames)


def _walls(sheet: Sheet) -> list[Box]:
    """Rules, and the sides of frames behind which a column may end."""
    sides = [Box(f.box.x1, f.box.y0, f.box.x1, f.box.y1) for f in sheet.frames]
    return [r.box for r in sheet.rules] + sides


def _turned_back(
    words: Sequence[Turned], sheet: Sheet, chunks: list[Chunk], figures: Sequence[Figure]
) -> list[CaptionLink]:
    """Captions of the other mode as links on this sheet; their chunks are added to `chunks`."""
    item_of = {id(i.line): i for i in sheet.items}
    figure_of = {f.pictures: f for f in figures}
    links = []
    for parts, link in words:
        first = len(chunks)
        chunks += [Chunk(tuple(item_of[id(line)] for line in lines)) for lines in parts]
        pictures = link.figure.pictures
        figure = figure_of.get(pictures) or figure_of[(pictures[0],)]
        links.append(replace(link, chunks=tuple(range(first, len(chunks))), figure=figure))
    return links


def _drop_foreign(stories: list[Story], captioned: Collection[int]) -> list[Story]:
    """Leave bare headings of the other mode to the second pass.

    One by itself in a frame with a picture and its words (`captioned`, the frames with such)
    is the headline of both.
    """
    held = Counter(s.frame for s in stories)
    return [
        s
        for s in stories
        if s.nodes
        or not (s.heading and s.heading.across)
        or (s.frame >= 0 and s.frame in captioned and held[s.frame] == 1)
    ]


def _scene(
    sheet: Sheet,
    headings: Sequence[Heading],
    chunks: Sequence[Chunk],
    captions: Sequence[Box],
    items: Sequence[Item],
) -> Scene:
    boxes = [c.box for c in chunks] + list(captions)
    rules = without_own([c for c in chunks if c.rows], sheet.rules)
    return Scene(headings, sheet.pictures, rules, _spans(sheet, headings, boxes, items))


def _spans(
    sheet: Sheet, headings: Sequence[Heading], texts: Sequence[Box], items: Sequence[Item]
) -> list[tuple[float, float]]:
    """The headings' territories between texts, pictures, vertical rules and each other."""
    boxes = [*texts, *(p.box for p in sheet.pictures), *(h.main for h in headings)]
    boxes += [r.box for r in sheet.rules if not r.horizontal]
    boxes += [f.box for f in sheet.frames]
    page = hull([i.box for i in items]) if items else sheet.box
    return territories(headings, boxes, page)


def _obstacles(headings: Sequence[Heading], chunks: Sequence[Chunk]) -> list[Box]:
    return [h.main for h in headings] + [c.box for c in chunks]
