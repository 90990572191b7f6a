"""Stories: headings, chunks and pictures that belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from epaper.geometry import Box, hull
from epaper.layout.captions import CaptionLink
from epaper.layout.chunks import Chunk
from epaper.layout.cues import ADVERT, ends_sentence
from epaper.layout.headings import Heading
from epaper.layout.links import Link
from epaper.layout.nodes import Node
from epaper.model import Frame, Picture, Role, Rule

# Evidence a picture needs to join a story.
_JOINS = 1.6
# Longest caption of a mere illustration, characters; longer ones tell the news.
_SHORT_CAPTION = 60
# An advert has fewer characters of running text than this.
_ADVERT_TEXT = 160


@dataclass(slots=True)
class Story:
    """One story's pieces; `nodes` in reading order, `links` the joins between them."""

    heading: Heading | None
    nodes: list[Node] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    captions: list[tuple[Chunk, int, float]] = field(default_factory=list)

    @property
    def boxes(self) -> list[Box]:
        heads = [self.heading.box] if self.heading else []
        return heads + [n.box for n in self.nodes]

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


def promote(stories: Sequence[Story]) -> None:
    """A bare story that begins with a subhead has it for its headline."""
    for story in stories:
        if story.heading is None and len(story.nodes) > 1 and story.nodes[0].head:
            first = story.nodes.pop(0)
            story.links.pop(0)
            story.heading = Heading({Role.HEADLINE: first.chunk.items}, first.chunk.frame)


def place_pictures(
    stories: list[Story],
    pictures: Sequence[Picture],
    captions: Sequence[CaptionLink],
    chunks: Sequence[Chunk],
    frames: Sequence[Frame],
    rules: Sequence[Rule],
    em: float,
) -> None:
    """Give every picture to the story it stands in, or to a picture story of its own."""
    for p, picture in enumerate(pictures):
        words = [c for c in captions if c.picture == p]
        inside = next(
            (
                k
                for k in sorted(range(len(frames)), key=lambda k: frames[k].box.area)
                if frames[k].box.contains(picture.box, slack=0.3 * em)
                and frames[k].box.area > 1.15 * picture.box.area
            ),
            -1,
        )
        foot = hull([picture.box, *(chunks[c.chunk].box for c in words)])
        said = sum(chunks[c.chunk].characters for c in words)
        plain = [_belongs(s, picture.box, foot, inside, rules, em) for s in stories]
        if max(plain, default=0.0) < _JOINS:
            plain = [x + _beside(s, foot, said, em) for x, s in zip(plain, stories, strict=True)]
        best, k = max(((x, k) for k, x in enumerate(plain)), default=(0.0, -1))
        if best < _JOINS:
            if not words:
                continue
            stories.append(Story(None))
            k = len(stories) - 1
        stories[k].pictures.append(p)
        stories[k].captions += [(chunks[c.chunk], p, c.confidence) for c in words]


def _belongs(
    story: Story, box: Box, foot: Box, inside: int, rules: Sequence[Rule], em: float
) -> float:
    """Evidence that a picture (with its caption `foot`) is part of a story."""
    if not story.boxes:
        return -9.0
    if story.frame != inside:
        return -9.0 if inside >= 0 or story.frame >= 0 else 0.0
    around = hull(story.boxes)
    score = 3.0 * foot.share_in(around)
    if inside >= 0:
        score += 1.5
    for before, after in zip(story.nodes, story.nodes[1:], strict=False):
        upper, lower = before.box, after.box
        if (
            upper.cy < box.cy < lower.cy
            and min(upper.overlap_x(box), lower.overlap_x(box)) > 2 * em
        ):
            score += 3.0
            break
    if story.heading is not None:
        head = story.heading.main
        under = foot.y0 - story.heading.box.y1
        over = head.y0 - foot.y1
        shared = head.overlap_x(foot) > 0.3 * min(head.width, foot.width)
        if shared and -em < under < 4 * em and not _ruled(head, foot, rules):
            score += 1.6
        if shared and -em < over < 4 * em and not _ruled(foot, head, rules):
            score += 1.0
    touching = [n.box for n in story.nodes if _touches(n.box, foot, em)]
    above = [b for b in touching if b.cy < foot.y0]
    below = [b for b in touching if b.cy > foot.y1]
    if above and not _ruled(above[0], foot, rules):
        score += 1.2
    if below and not _ruled(foot, below[0], rules):
        score += 1.2
    return score + (0.4 if touching else 0.0)


def _beside(story: Story, foot: Box, said: int, em: float) -> float:
    """Evidence from a picture that fills its story's height beside the text.

    A picture with more to say than a story's illustration is news of its own.
    """
    if story.heading is None or not story.nodes or story.heading.across:
        return 0.0
    around = hull(story.boxes)
    aside = -around.overlap_x(foot)
    level = around.overlap_y(foot) > 0.85 * foot.height and -em < aside < 3 * em
    return 1.4 if level and said <= _SHORT_CAPTION else 0.0


def _touches(a: Box, b: Box, em: float) -> bool:
    return (
        -a.overlap_x(b) < 2.5 * em
        and -a.overlap_y(b) < 2.0 * em
        and (a.overlap_x(b) > em or a.overlap_y(b) > em)
    )


def _ruled(upper: Box, lower: Box, rules: Sequence[Rule]) -> bool:
    return any(
        r.horizontal
        and upper.cy < r.box.cy < lower.cy
        and r.box.overlap_x(lower) > 0.5 * min(lower.width, upper.width)
        for r in rules
    )


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
    if other.heading is None:
        return
    if first.heading is None:
        first.heading = other.heading
        return
    large, small = sorted((first.heading, other.heading), key=lambda h: -h.size)
    large.parts[Role.DECK] = (*large.parts.get(Role.DECK, ()), *small.items)
    first.heading = large


def _running(story: Story) -> int:
    """Characters of running text: in several lines, or ended like a sentence."""
    return sum(
        n.chunk.characters
        for n in story.nodes
        if len(n.chunk.items) >= 3 or ends_sentence(n.chunk.text)
    )


def is_advert(story: Story) -> bool:
    """True for a box of display lines and addresses without running text."""
    text, running = _text(story), _running(story)
    cues = len(set(ADVERT.findall(text)))
    if running > _ADVERT_TEXT or not text:
        return False
    bare = not story.nodes and not story.pictures and story.frame >= 0
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
