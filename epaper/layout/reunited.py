"""Text left without a headline put under the headline it stands at.

Where a headline without text stands beside it, each by itself is a rarity and the two
together are one story: a headline in a column of its own, to the left or the right of its
text. Where a whole row of headlines stands behind the texts, the first text and the last
headline are left. Where it stands in the next column under a headline whose story has not
been closed, it reads on. Built in the reading frame; lengths in em of the text.
"""

from __future__ import annotations

from collections.abc import Sequence

from epaper.geometry import Box, hull
from epaper.layout.headings import Heading
from epaper.layout.nodes import End, Node
from epaper.layout.story import Story, is_advert
from epaper.model import Rule

# The text begins no higher above its headline's top, nor lower below its foot, than this.
_ABOVE, _BELOW = 3.0, 3.0
# It stands no farther off than this; a picture of the story may stand between.
_APART = 16.0
# Text of a story is longer than a stray line.
_SHORTEST = 12
# A headline stands over a column at least so well, whose gutter is no wider than this.
_ROOF, _GUTTER = 0.9, 4.0


def reunite(stories: Sequence[Story], rules: Sequence[Rule]) -> list[Story]:
    """The stories, bare text under the nearest headline at its side that has none.

    Text that goes from beside such a headline up to the column over it was read on too far.
    """
    heads = [s for s in stories if _is_head(s)]
    stories = [part for story in stories for part in _parts(story, heads)]
    bare = [s for s in stories if _is_bare(s)]
    pairs = [
        (distance, h, b)
        for h, head in enumerate(heads)
        for b, text in enumerate(bare)
        if (distance := _apart(head, text, stories, rules)) is not None
    ]
    gone: list[Story] = []
    taken: set[int] = set()
    for _, h, b in sorted(pairs):
        if h in taken or any(bare[b] is g for g in gone):
            continue
        taken.add(h)
        gone.append(bare[b])
        _put_under(heads[h], bare[b])
    return [s for s in stories if not any(s is g for g in gone)]


def _parts(story: Story, heads: Sequence[Story]) -> list[Story]:
    """A bare story, in two where its text goes on over a headline without text beside it."""
    if not _is_bare(story):
        return [story]
    for head in heads:
        cut = _over(story.nodes, head)
        if cut and head.frame == story.frame:
            rest = Story(None, story.nodes[cut:], story.links[cut:])
            story.nodes, story.links = story.nodes[:cut], story.links[:cut]
            return [story, rest]
    return [story]


def _over(nodes: Sequence[Node], head: Story) -> int:
    """The first of the nodes that stands over a headline beside which the ones before end; or 0."""
    box = head.boxes[0]
    for k in range(1, len(nodes)):
        em, before, after = nodes[k].em, nodes[:k], nodes[k].box
        beside = all(n.box.y0 > box.y0 - _ABOVE * em and n.box.x1 < box.x0 + em for n in before)
        last = before[-1]
        near = box.x0 - last.box.x1 < _GUTTER * em + last.right - last.left
        closed = last.end is End.CLOSED and nodes[k].starts
        over = after.overlap_x(box) > 0.5 * box.width and after.y1 < box.y0
        if beside and near and closed and over:
            return k
    return 0


def passed_back(stories: Sequence[Story]) -> list[Story]:
    """The stories, texts in a row put under the headlines at their right.

    A row that begins with bare text and ends with a headline without any has all its
    headlines behind their texts.
    """
    kept = list(stories)
    for bare in stories:
        row = _row_from(bare, stories) if _is_bare(bare) else []
        if not row:
            continue
        texts = [(s.nodes, s.links) for s in row]
        for story, (nodes, links) in zip(row[1:], texts, strict=False):
            story.nodes, story.links = nodes, links
        kept = [s for s in kept if s is not bare]
    return kept


def _row_from(bare: Story, stories: Sequence[Story]) -> list[Story]:
    """Bare text and the stories right of it, each right after the one before, or nothing.

    The last has a headline alone; the others have one with text to its right only.
    """
    row = [bare]
    while row[-1].nodes:
        text = hull(n.box for n in row[-1].nodes)
        behind = [s for s in stories if s.heading and _stands_behind(s.heading, text, s)]
        if len(behind) != 1 or behind[0].frame != bare.frame or any(behind[0] is s for s in row):
            return []
        row.append(behind[0])
    return row if len(row) > 2 else []


def _stands_behind(heading: Heading, text: Box, story: Story) -> bool:
    """True for a headline right of a text, level with its top, all of its own text behind it."""
    box, em = heading.box, (story.nodes[0].em if story.nodes else heading.size / 3)
    level = abs(box.y0 - text.y0) < _ABOVE * em and box.overlap_y(text) > 0.5 * box.height
    near = -0.5 * em < box.x0 - text.x1 < _GUTTER * em
    return level and near and all(n.box.x0 > box.x1 - em for n in story.nodes)


def read_on(stories: Sequence[Story], headings: Sequence[Heading]) -> list[Story]:
    """The stories, bare text in the next column under an open story's headline put into it."""
    kept = list(stories)
    for bare in stories:
        if not _is_bare(bare) or bare.nodes[0].chunk.rows or bare.nodes[0].chunk.verse:
            continue
        over = {id(headings[k]) for k, cover in bare.nodes[0].roofs.items() if cover >= _ROOF}
        for story in kept:
            if story.heading and id(story.heading) in over and _goes_on(story, bare):
                story.nodes += bare.nodes
                story.links += bare.links
                kept = [s for s in kept if s is not bare]
                break
    return kept


def _goes_on(story: Story, bare: Story) -> bool:
    """True if a story ends in the column before the one where bare text begins."""
    if not story.nodes or story.nodes[-1].chunk.tail or story.frame != bare.frame:
        return False
    last, first = story.nodes[-1], bare.nodes[0]
    top = min(node.box.y0 for node in story.nodes)
    beside = -0.5 * first.em < first.left - last.right < _GUTTER * first.em
    return beside and first.box.y0 > top - first.em


def _is_head(story: Story) -> bool:
    heading = story.heading
    if heading is None or story.nodes or heading.across:
        return False
    # Bare display lines in a frame pass for an advert, but not beside text in it.
    return story.frame >= 0 or not is_advert(story)


def _is_bare(story: Story) -> bool:
    said = sum(node.chunk.characters for node in story.nodes)
    return story.heading is None and said >= _SHORTEST and not is_advert(story)


def _put_under(head: Story, text: Story) -> None:
    head.nodes, head.links = text.nodes, text.links
    head.pictures += [p for p in text.pictures if p not in head.pictures]
    head.captions += text.captions
    head.quotes += text.quotes


def _apart(
    head: Story, text: Story, stories: Sequence[Story], rules: Sequence[Rule]
) -> float | None:
    """White between a headline and text beside it; None where they cannot be one story."""
    if head.heading is None or head.frame != text.frame:
        return None
    if head.frame >= 0 and sum(s.frame == head.frame for s in stories) == 2:
        # A frame that holds nothing else holds one story, however far apart its pieces are.
        return 0.0
    box, first, em = head.heading.box, text.nodes[0].box, text.nodes[0].em
    body = hull(node.box for node in text.nodes)
    level = box.y0 - _ABOVE * em < first.y0 < box.y1 + _BELOW * em
    top = body.y0 > box.y0 - _ABOVE * em
    near = min((node.box for node in text.nodes), key=lambda b: -b.overlap_x(box))
    away = -near.overlap_x(box)
    if not (level and top and -0.5 * em < away < _APART * em):
        return None
    between = Box(min(box.x1, near.x1), box.y0, max(box.x0, near.x0), max(box.y1, near.y0 + em))
    others = [b for s in stories if s is not head and s is not text for b in s.boxes]
    if any(between.intersection(other) > 0 for other in others):
        return None
    upright = [r.box for r in rules if not r.horizontal]
    beside = [r for r in upright if r.overlap_y(between) > 0.5 * between.height]
    ruled = sum(between.x0 < r.cx < between.x1 for r in beside)
    return away + 2 * em * ruled
