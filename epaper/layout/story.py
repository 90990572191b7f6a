"""Stories: headings, chunks and pictures that belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from epaper.geometry import Box
from epaper.layout.chunks import Chunk
from epaper.layout.cues import ADVERT, ends_sentence, holds_sentences, is_byline, names_section
from epaper.layout.frame import Item
from epaper.layout.headings import Heading
from epaper.layout.legends import TypeHabit
from epaper.layout.links import Link
from epaper.layout.nodes import Node
from epaper.layout.quotes import Quote
from epaper.layout.subheads import stands_out
from epaper.model import Line, Role

# An advert has fewer characters of running text than this.
_ADVERT_TEXT = 160
# A headline under a standing title is larger than it, and than the text, by this.
_LARGE = 1.2


@dataclass(frozen=True, slots=True)
class Words:
    """A caption: its chunks in reading order, and the index of its picture."""

    chunks: tuple[Chunk, ...]
    picture: int
    confidence: float


@dataclass(slots=True)
class Story:
    """One story's pieces; `nodes` in reading order, `links` the joins between them."""

    heading: Heading | None
    nodes: list[Node] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    captions: list[Words] = field(default_factory=list)
    quotes: list[Chunk] = field(default_factory=list)

    @property
    def boxes(self) -> list[Box]:
        heads = [self.heading.box] if self.heading else []
        return heads + [n.box for n in self.nodes]

    @property
    def lines(self) -> list[Line]:
        """All its lines: headline, text, quotes, captions."""
        heads = list(self.heading.items) if self.heading else []
        chunks = [n.chunk for n in self.nodes] + self.quotes
        chunks += [c for words in self.captions for c in words.chunks]
        body = [i for c in chunks for i in (*c.items, *(t for _, t in c.tail))]
        return [i.line for i in (*heads, *body)]

    @property
    def frame(self) -> int:
        if self.heading:
            return self.heading.frame
        return self.nodes[0].chunk.frame if self.nodes else -1


def collect(
    nodes: Sequence[Node], links: Sequence[Link], headings: Sequence[Heading]
) -> list[Story]:
    """Follow the links from every heading and every bare start."""
    successor = {link.before: link for link in links if link.before is not None}
    stories = []
    first = {link.heading: link for link in links if link.heading is not None}
    for h, heading in enumerate(headings):
        story = Story(heading)
        _follow(story, first.get(h), nodes, successor)
        stories.append(story)
    for link in links:
        if link.before is None and link.heading is None:
            story = Story(None)
            _follow(story, link, nodes, successor)
            stories.append(story)
    return stories


def _follow(
    story: Story, link: Link | None, nodes: Sequence[Node], successor: dict[int, Link]
) -> None:
    while link is not None:
        story.nodes.append(nodes[link.after])
        story.links.append(link)
        link = successor.get(link.after)


def promote(stories: Sequence[Story], habit: TypeHabit) -> None:
    """A bare story that begins with a line unlike its text has it for its headline.

    A standing title of a word or two may stand over it.
    """
    for story in stories:
        if story.heading is not None:
            continue
        label = _label_of(story.nodes, habit)
        first = len(label)
        if len(story.nodes) > first + 1 and _is_title(story.nodes[first], habit):
            chunk = story.nodes[first].chunk
            parts = {Role.LABEL: label, Role.HEADLINE: chunk.items}
            story.heading = Heading({r: i for r, i in parts.items() if i}, chunk.frame)
            del story.nodes[: first + 1], story.links[: first + 1]


def _label_of(nodes: Sequence[Node], habit: TypeHabit) -> tuple[Item, ...]:
    """The line of a standing title that large type follows, which then is a headline."""
    if len(nodes) < 2:
        return ()
    first, second = nodes[0].chunk, nodes[1].chunk
    large = second.size > _LARGE * max(habit.size, first.size)
    named = len(first.items) == 1 and names_section(first.text)
    return first.items if large and named and first.frame == second.frame else ()


def _is_title(node: Node, habit: TypeHabit) -> bool:
    plain = not (node.chunk.rows or node.chunk.verse)
    if holds_sentences(node.chunk.text):
        return False
    return node.head or (plain and stands_out(node.chunk, node.left, node.right, habit))


def place_quotes(stories: Sequence[Story], quotes: Sequence[Quote]) -> None:
    """Give every pull-quote to the story whose text says the same."""
    for quote in quotes:
        first = quote.said.items[0]
        for story in stories:
            if any(first in node.chunk.items for node in story.nodes):
                story.quotes.append(quote.chunk)
                break


def merge_adverts(stories: Sequence[Story]) -> list[Story]:
    """Make one story of all display lines in a frame that reads like an advert."""
    frames: dict[int, list[Story]] = {}
    for story in stories:
        frames.setdefault(story.frame, []).append(story)
    adverts = {
        frame
        for frame, inside in frames.items()
        if frame >= 0 and len(inside) > 1 and _one_advert(inside)
    }
    merged: list[Story] = []
    for story in stories:
        first = frames[story.frame][0]
        if story.frame not in adverts or story is first:
            merged.append(story)
        else:
            _absorb(first, story)
    return merged


def _one_advert(stories: Sequence[Story]) -> bool:
    text = "".join(_text(s) for s in stories)
    headed = sum(s.heading is not None and _running(s) > 0 for s in stories)
    return (
        sum(_running(s) for s in stories) <= _ADVERT_TEXT
        and headed <= 1
        and bool(ADVERT.search(text))
        and not any(s.captions for s in stories)
    )


def _text(story: Story) -> str:
    head = "".join(i.text for i in story.heading.items) if story.heading else ""
    return head + "".join(n.chunk.text for n in story.nodes)


def _absorb(first: Story, other: Story) -> None:
    first.nodes += other.nodes
    first.links += other.links
    first.pictures += other.pictures
    first.quotes += other.quotes
    if other.heading is None:
        return
    if first.heading is None:
        first.heading = other.heading
        return
    large, small = sorted((first.heading, other.heading), key=lambda h: -h.size)
    large.parts[Role.DECK] = (*large.parts.get(Role.DECK, ()), *small.items)
    first.heading = large


def _running(story: Story) -> int:
    """Characters of running text: in several lines, or read on to the end of a sentence.

    A short story over several columns has but a line or two in each.
    """
    said, going = 0, False
    for node in reversed(story.nodes):
        text = node.chunk.text
        going = ends_sentence(text) or (going and len(node.chunk.items) >= 2)
        if going or len(node.chunk.items) >= 3:
            said += node.chunk.characters
    return said


def is_advert(story: Story) -> bool:
    """True for a box of display lines and addresses without running text.

    Large words with a picture of which nothing is said are none but an advert's.
    """
    text, running = _text(story), _running(story)
    cues = len(set(ADVERT.findall(text)))
    if running > _ADVERT_TEXT or not text:
        return False
    signs = story.heading.parts.get(Role.BYLINE, ()) if story.heading else ()
    # A digest may name of each of its stories no more than who wrote it.
    signed = any(is_byline(item.text) for item in signs)
    bare = not story.nodes and not story.captions and story.frame >= 0 and not signed
    return cues >= 2 or (cues >= 1 and running < 40) or bare


def reading_order(boxes: Sequence[Box]) -> list[int]:
    """Order of boxes by recursive cuts: across the sheet first, then down it.

    The XY-cut of Nagy & Seth (1984); where no cut is clean, from top to bottom.
    """
    return _cut(list(range(len(boxes))), boxes)


def _cut(members: list[int], boxes: Sequence[Box]) -> list[int]:
    if len(members) < 2:
        return members
    for axis in ("y", "x"):
        groups = _gaps(members, boxes, axis)
        if len(groups) > 1:
            return [k for group in groups for k in _cut(group, boxes)]
    first = min(members, key=lambda k: (boxes[k].y0, boxes[k].x0))
    return [first, *_cut([k for k in members if k != first], boxes)]


def _gaps(members: Sequence[int], boxes: Sequence[Box], axis: str) -> list[list[int]]:
    def span(k: int) -> tuple[float, float]:
        b = boxes[k]
        return (b.y0, b.y1) if axis == "y" else (b.x0, b.x1)

    order = sorted(members, key=span)
    groups, end = [[order[0]]], span(order[0])[1]
    for k in order[1:]:
        start, stop = span(k)
        # Boxes may touch or overlap by a hair: wear and letterforms, not layout.
        if start >= end - 0.02 * (stop - start):
            groups.append([])
        groups[-1].append(k)
        end = max(end, stop)
    return groups
