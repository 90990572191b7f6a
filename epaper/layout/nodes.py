"""Nodes of story assembly: chunks with what the links between them need to know.

All in the reading frame, pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from epaper.geometry import Box
from epaper.layout.briefs import is_marked
from epaper.layout.captions import TypeHabit
from epaper.layout.chunks import Chunk
from epaper.layout.cues import JUMP_START, ends_sentence, holds_sentences
from epaper.layout.headings import Heading
from epaper.layout.subheads import is_plain
from epaper.model import Origin, Picture, Rule

# Type larger than the body's by this much is no running text.
_LARGE = 1.1


class End(Enum):
    """How the text of a chunk stops."""

    OPEN = "open"
    CLOSED = "closed"
    MAYBE = "maybe"


@dataclass(frozen=True, slots=True)
class Node:
    """A chunk with what the links need to know of it.

    `left` and `right` are its column's edges, `starts` says that its first line begins
    a paragraph, `roofs` holds the headings that may stand over its column and how well they would,
    `head` tells a chunk that looks like a subhead.
    """

    chunk: Chunk
    box: Box
    left: float
    right: float
    starts: bool
    end: End
    roofs: dict[int, float]
    head: bool

    @property
    def em(self) -> float:
        return self.chunk.size


@dataclass(frozen=True, slots=True)
class Scene:
    """All that stands on the sheet besides the chunks' text."""

    headings: Sequence[Heading]
    pictures: Sequence[Picture]
    rules: Sequence[Rule]
    territories: Sequence[tuple[float, float]]


def text_end(chunk: Chunk, right: float, single: bool) -> End:
    """Open, closed, or maybe, from the last line's fill and last character."""
    last = chunk.items[-1]
    short = right - last.box.x1 > 1.2 * chunk.size
    if short and (not single or ends_sentence(last.text)):
        return End.CLOSED
    return End.MAYBE if ends_sentence(last.text) else End.OPEN


def make_nodes(
    chunks: Sequence[Chunk],
    edges: Sequence[tuple[float, float]],
    scene: Scene,
    obstacles: Sequence[Box],
    habit: TypeHabit,
) -> list[Node]:
    """Nodes for the chunks, with roofs found."""
    mains = [heading.main for heading in scene.headings]
    covers = [
        _roofs(chunk, (left, right), scene, mains, obstacles)
        for chunk, (left, right) in zip(chunks, edges, strict=True)
    ]
    _weigh_symmetry(covers, edges, scene, habit.size)
    for chunk, (left, right), roofs in zip(chunks, edges, covers, strict=True):
        _roof_beside(chunk, left, right, roofs, scene)
    nodes = []
    for chunk, (left, right), roofs in zip(chunks, edges, covers, strict=True):
        box = chunk.box
        near = max(left, chunk.edge_at(0)) if len(chunk.items) > 3 else left
        indent = chunk.items[0].box.x0 - near
        plain = chunk.verse or holds_sentences(chunk.text)
        head = chunk.subhead > 0 or (
            not plain and (is_plain(chunk, left, right) or _is_large(chunk, habit))
        )
        if chunk.rows:
            nodes.append(Node(chunk, box, left, right, True, End.CLOSED, roofs, False))
            continue
        whole = head or chunk.verse
        marked = bool(JUMP_START.match(chunk.text)) or is_marked(chunk.text)
        starts = indent > 0.85 * chunk.size or whole or marked
        nodes.append(
            Node(
                chunk,
                box,
                left,
                right,
                starts,
                End.CLOSED if whole else text_end(chunk, right, len(chunk.items) == 1),
                roofs,
                head,
            )
        )
    return nodes


def _is_large(chunk: Chunk, habit: TypeHabit) -> bool:
    """One or two lines larger than the text that say no sentence."""
    layer = chunk.items[0].line.origin is Origin.LAYER
    large = layer and chunk.size > _LARGE * habit.size and not chunk.rows
    short = len(chunk.items) <= 2 and 2 < chunk.characters <= 44
    return large and short and not ends_sentence(chunk.text) and not chunk.text.endswith("，")


def territories(
    headings: Sequence[Heading], boxes: Sequence[Box], page: Box
) -> list[tuple[float, float]]:
    """For each heading the free interval left and right of its headline.

    A headline is often narrower than its story; nothing else stands at its height
    between it and the story's edges.
    """
    spans = []
    for heading in headings:
        main = heading.main
        own = {id(i) for i in heading.items}
        inner = main.grown(0, -0.15 * main.height)
        x0, x1 = page.x0, page.x1
        top, foot, slack = inner.y0, inner.y1, 0.3 * heading.size
        for box in (b for b in boxes if b.y0 < foot and b.y1 > top):
            if box.overlap_y(inner) <= 0 or id(box) in own:
                continue
            if box.cx < main.x0 and box.x1 <= main.x0 + slack:
                x0 = max(x0, box.x1)
            elif box.cx > main.x1 and box.x0 >= main.x1 - slack:
                x1 = min(x1, box.x0)
        spans.append((x0, x1))
    return spans


def _roofs(
    chunk: Chunk,
    column: tuple[float, float],
    scene: Scene,
    mains: Sequence[Box],
    obstacles: Sequence[Box],
) -> dict[int, float]:
    """The headings whose territory covers the column with nothing in between, 0 to 1.

    `mains` are the headings' headlines.
    """
    box, slack = chunk.box, 1.0 * chunk.size
    left, right = column
    found = {}
    for k, (heading, main) in enumerate(zip(scene.headings, mains, strict=True)):
        if heading.across or heading.frame != chunk.frame:
            continue
        x0, x1 = scene.territories[k]
        if left < x0 - slack or right > x1 + slack or main.cy > box.y0:
            continue
        reach = 3.0 * (main.width + heading.size)
        if left > main.x1 + reach or right < main.x0 - reach:
            continue
        if _clear(Box(left, main.y1, right, box.y0), obstacles, scene):
            found[k] = _cover((left, right), heading, (x0, x1), slack)
    return found


def _cover(
    column: tuple[float, float], heading: Heading, territory: tuple[float, float], em: float
) -> float:
    """How well a heading covers a column: 1 under its ink, less beside it.

    A headline set flush left begins where its story begins, so no column to its left is
    its own. Any other is centred: a story that reaches so far to one side would reach as
    far to the other, where something else may stand.
    """
    left, right = column
    main = heading.main
    if min(right, main.x1) - max(left, main.x0) > 0.25 * (right - left):
        return 1.0
    mirrored = (2 * main.cx - right, 2 * main.cx - left)
    feasible = mirrored[0] > territory[0] - 2 * em and mirrored[1] < territory[1] + 2 * em
    if right <= main.x0 + em:
        return 0.2 if heading.flush or not feasible else 0.9
    return 0.9 if heading.flush or feasible else 0.4


def _roof_beside(
    chunk: Chunk, left: float, right: float, roofs: dict[int, float], scene: Scene
) -> None:
    """Let a column that begins at the height of a headline to its right be its story's first.

    Only in a box, for a column that no headline stands over and that begins a paragraph.
    """
    indented = chunk.items[0].box.x0 - left > chunk.size
    if chunk.frame < 0 or not indented or any(cover > 0.5 for cover in roofs.values()):
        return
    top = chunk.box.y0
    for k, heading in enumerate(scene.headings):
        if heading.across or heading.frame != chunk.frame:
            continue
        main, em = heading.main, chunk.size
        level = main.y0 - 2 * em < top < main.y1 + em
        if level and right <= main.x0 + em and abs(right - scene.territories[k][0]) < 2.5 * em:
            roofs[k] = 0.55


def _weigh_symmetry(
    covers: Sequence[dict[int, float]],
    edges: Sequence[tuple[float, float]],
    scene: Scene,
    em: float,
) -> None:
    """Trust a centred headline over a column beside it as far as its story is symmetric.

    The columns left and right of the middle of a centred headline end at the same
    distance from it. Changes `covers` in place.
    """
    for k, heading in enumerate(scene.headings):
        if heading.across or heading.flush:
            continue
        middle, (x0, x1) = heading.main.cx, scene.territories[k]
        centred = abs(x0 + x1 - 2 * middle) < 2.4 * em
        under = [edges[n] for n, cover in enumerate(covers) if cover.get(k, 0.0) > 0.3]
        for n, cover in enumerate(covers):
            if not 0.3 < cover.get(k, 0.0) < 1.0:
                continue
            left, right = edges[n]
            if centred:
                exact = True
            elif right < middle:
                exact = any(abs(r - (2 * middle - left)) < 1.2 * em for _, r in under)
            else:
                exact = any(abs(x - (2 * middle - right)) < 1.2 * em for x, _ in under)
            cover[k] = 0.95 if exact else 0.5


def _clear(corridor: Box, obstacles: Sequence[Box], scene: Scene) -> bool:
    """No text of another story and no rule in the corridor between heading and chunk."""
    if corridor.height <= 0:
        return True
    core = Box(
        corridor.x0 + 0.1 * corridor.width,
        corridor.y0 + 2,
        corridor.x1 - 0.1 * corridor.width,
        corridor.y1 - 2,
    )
    x0, y0, x1, y1 = core.x0, core.y0, core.x1, core.y1
    near = [b for b in obstacles if b.y0 < y1 and b.y1 > y0 and b.x0 < x1 and b.x1 > x0]
    if any(b.overlap_x(core) > 0 and b.overlap_y(core) > 0 for b in near):
        return False
    return not any(
        r.horizontal and r.box.overlap_x(core) > 0.5 * core.width and r.box.overlap_y(core) > 0
        for r in scene.rules
        if r.box.y0 < y1 and r.box.y1 > y0
    )
