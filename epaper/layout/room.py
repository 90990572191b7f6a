"""The layout room: lines and graphics in, blocks with roles and articles out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from epaper.geometry import Box, hull
from epaper.layout.captions import CaptionLink, find_captions, type_habit
from epaper.layout.chunks import Chunk, body_size, make_chunks
from epaper.layout.companions import adopt_chunks, adopt_labels, adopt_tags
from epaper.layout.frame import Item, Sheet, dominant_mode, sheet_of
from epaper.layout.frames import sound_frames
from epaper.layout.grid import column_edges, mark_flush
from epaper.layout.gutters import cut_at_gutters, join_pieces
from epaper.layout.headings import Heading, is_display, make_headings, take_display
from epaper.layout.links import solve
from epaper.layout.nodes import Scene, make_nodes, territories
from epaper.layout.output import Writer
from epaper.layout.parted import part_headlines
from epaper.layout.story import Story, collect, merge_adverts, place_pictures, promote
from epaper.layout.strays import join_strays
from epaper.layout.subheads import rejoin_subheads
from epaper.layout.tables import find_tables, table_chunks
from epaper.layout.tails import trim_tails
from epaper.layout.zones import Head, find_head
from epaper.model import Line, Page, WritingMode


@dataclass(frozen=True, slots=True)
class Plan:
    """What one pass over a sheet found, in its reading frame."""

    sheet: Sheet
    stories: list[Story]
    used: frozenset[int]


def lay_out(page: Page) -> Page:
    """Fill `blocks`, `articles`, `mode` and `coverage` of a page from its lines.

    The page is laid out in its dominant writing mode; lines of the other mode that no
    story took (an advert, a box set the other way) are laid out in a second pass.
    """
    mode = dominant_mode(page.lines)
    page = replace(page, lines=join_pieces(join_strays(cut_at_gutters(page.lines), mode)))
    page = replace(page, lines=part_headlines(page, mode))
    whole = sheet_of(page, mode)
    kept = sound_frames(whole.frames, whole.items)
    page = replace(
        page, frames=tuple(f for f, t in zip(page.frames, whole.frames, strict=True) if t in kept)
    )
    sheet = sheet_of(page, mode)
    body = body_size([i for i in sheet.items if not i.across] or sheet.items)
    size = Box(0.0, 0.0, float(page.width), float(page.height))
    head = find_head(page.lines, page.rules, page.frames, size, body)
    writer = Writer(replace(page, mode=mode), head)
    words = _turned_captions(page, mode, head, body)
    first = _plan(sheet, head, body, frozenset(), words)
    writer.add(first.sheet, first.stories)
    rest = [i for i in sheet.items if id(i.line) not in first.used and i.line not in head.lines]
    if rest:
        other = WritingMode.VERTICAL if mode is WritingMode.HORIZONTAL else WritingMode.HORIZONTAL
        shown = {p for s in first.stories for p in s.pictures}
        free = sheet_of(page, other)
        pictures = tuple(p for k, p in enumerate(free.pictures) if k not in shown)
        second = _plan(replace(free, pictures=pictures), head, body, first.used, [])
        writer.add(second.sheet, second.stories)
    return writer.finish()


def _turned_captions(
    page: Page, mode: WritingMode, head: Head, body: float
) -> list[tuple[tuple[Line, ...], CaptionLink]]:
    """Captions set in the other mode than the page, as under pictures of vertical pages.

    Gives their lines with the link to their picture; `CaptionLink.chunk` means nothing.
    """
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
    chunks = make_chunks(items, sheet.rules, sheet.frames)
    links = find_captions(chunks, sheet.pictures, type_habit(chunks, body), other)
    return [(tuple(i.line for i in chunks[link.chunk].items), link) for link in links]


def _plan(
    sheet: Sheet,
    head: Head,
    body: float,
    taken: frozenset[int],
    words: Sequence[tuple[tuple[Line, ...], CaptionLink]],
) -> Plan:
    """Lay out the lines of one sheet that are neither in the head nor taken.

    `words` are captions already known.
    """
    item_of = {id(i.line): i for i in sheet.items}
    skip = {id(line) for line in head.lines} | taken
    skip |= {id(line) for lines, _ in words for line in lines}
    items = [i for i in sheet.items if id(i.line) not in skip]
    display = [i for i in items if is_display(i, body)]
    plain = [i for i in items if not i.across and not is_display(i, body)]
    tables = find_tables(plain, sheet.rules)
    tabled = {id(item) for table in tables for row in table for item in row}
    chunks = make_chunks([i for i in plain if id(i) not in tabled], sheet.rules, sheet.frames)
    chunks += table_chunks(tables, sheet.frames)
    habit = type_habit(chunks, body)
    chunks, more = take_display(chunks, habit)
    columns = [c.box for c in chunks if len(c.items) >= 3]
    headings = make_headings(display + more, sheet.rules, sheet.frames, sheet.mode, columns)
    headings = adopt_labels(headings, sheet.frames, body)
    captions = find_captions(chunks, sheet.pictures, habit, sheet.mode)
    for lines, link in words:
        captions.append(replace(link, chunk=len(chunks)))
        chunks.append(Chunk(tuple(item_of[id(line)] for line in lines)))
    worded = {c.chunk for c in captions}
    body_chunks = rejoin_subheads([c for k, c in enumerate(chunks) if k not in worded])
    body_chunks = trim_tails(body_chunks)
    caption_boxes = [chunks[k].box for k in worded]
    body_chunks = adopt_tags(headings, body_chunks, sheet.frames)
    spans = _spans(sheet, headings, columns, items)
    body_chunks = adopt_chunks(headings, spans, body_chunks, habit)
    mark_flush(headings, body_chunks, body)
    scene = _scene(sheet, headings, body_chunks, caption_boxes, items)
    nodes = make_nodes(
        body_chunks, column_edges(body_chunks), scene, _obstacles(headings, body_chunks), habit
    )
    links = solve(nodes, scene)
    stories = collect(nodes, links, headings)
    promote(stories)
    place_pictures(stories, sheet.pictures, captions, chunks, sheet.frames, sheet.rules, body)
    stories = [s for s in stories if s.heading or s.nodes or s.captions]
    stories = _drop_foreign(stories)
    stories = merge_adverts(stories)
    return Plan(sheet, stories, frozenset(id(line) for s in stories for line in lines_of(s)))


def _drop_foreign(stories: list[Story]) -> list[Story]:
    """Leave bare headings of the other mode to the second pass."""
    return [s for s in stories if s.nodes or not (s.heading and s.heading.across)]


def lines_of(story: Story) -> list[Line]:
    """All lines of a story."""
    heads: list[Item] = story.heading.items if story.heading else []
    chunks = [n.chunk for n in story.nodes] + [c for c, _, _ in story.captions]
    body = [i for c in chunks for i in (*c.items, *(t for _, t in c.tail))]
    return [i.line for i in (*heads, *body)]


def _scene(
    sheet: Sheet,
    headings: Sequence[Heading],
    chunks: Sequence[Chunk],
    captions: Sequence[Box],
    items: Sequence[Item],
) -> Scene:
    boxes = [c.box for c in chunks] + list(captions)
    return Scene(headings, sheet.pictures, sheet.rules, _spans(sheet, headings, boxes, items))


def _spans(
    sheet: Sheet, headings: Sequence[Heading], texts: Sequence[Box], items: Sequence[Item]
) -> list[tuple[float, float]]:
    """The headings' territories between texts, pictures, vertical rules and each other."""
    boxes = [*texts, *(p.box for p in sheet.pictures), *(h.main for h in headings)]
    boxes += [r.box for r in sheet.rules if not r.horizontal]
    page = hull([i.box for i in items]) if items else sheet.box
    return territories(headings, boxes, page)


def _obstacles(headings: Sequence[Heading], chunks: Sequence[Chunk]) -> list[Box]:
    return [h.main for h in headings] + [c.box for c in chunks]
